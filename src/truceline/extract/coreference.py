"""Who a phrase means: names through the knowledge base, pronouns and descriptions through the report.

A pronoun or description is resolved to something named before it (or, for a description, anywhere in the
report). When two fit equally well, nothing is decided and the phrase keeps its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from truceline.extract import Reading, phrase
from truceline.nlp.sentence import Sentence, Word
from truceline.records import Entity, Mention

PERSON_PRONOUNS: Final = frozenset({"he", "him", "his", "himself", "she", "her", "hers", "herself"})
THING_PRONOUNS: Final = frozenset({"it", "its", "itself"})
PLURAL_PRONOUNS: Final = frozenset({"they", "them", "their", "themselves"})
FIRST_PRONOUNS: Final = frozenset({"i", "me", "my", "we", "us", "our", "ours"})
SECOND_PRONOUNS: Final = frozenset({"you", "your", "yours"})
PRONOUNS: Final = PERSON_PRONOUNS | THING_PRONOUNS | PLURAL_PRONOUNS | FIRST_PRONOUNS | SECOND_PRONOUNS
BOTH_SIDES: Final = re.compile(
    r"^(both|the two|two|all|warring|the warring|opposing|the opposing)\s+"
    r"(sides|parties|countries|nations|neighbou?rs|governments|armies|belligerents|states)$|^the warring parties$",
    re.I,
)
LEADER_NOUNS: Final = frozenset(
    "leader president premier minister chief official ruler commander general spokesman".split()
)
GROUP_NOUNS: Final = frozenset(
    {"group", "organisation", "organization", "movement", "militia", "rebels", "force", "forces", "army", "country",
     "government", "ministry", "agency", "alliance", "bloc", "party", "nation", "kingdom", "republic", "city"}
)  # fmt: skip
# How many sentences back a pronoun looks.
REACH: Final = 3


@dataclass(frozen=True, slots=True)
class Resolved:
    """An entity and the rule that found it."""

    entity: Entity
    rule: str


@dataclass(frozen=True, slots=True)
class Referent:
    """Something the report named: where, as what, and how prominent."""

    sentence: int
    word: int
    entity: Entity
    person: bool
    subject: bool


class Discourse:
    """What a report has named, and what its phrases mean. Built once a report; asking changes nothing said."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._referents: list[Referent] = []
        self._known: dict[tuple[int, int], Resolved] = {}
        self._countries: dict[int, str | None] = {}
        for sentence in reading.sentences:
            self._referents += self._named(sentence)
        for sentence in reading.sentences:
            for word in sentence.words:
                pronoun = word.upos == "PRON" and word.text.lower() in PERSON_PRONOUNS
                if pronoun or (word.upos == "NOUN" and word.lemma.lower() in LEADER_NOUNS):
                    self._follow(sentence, word, person=pronoun)

    def resolve(self, sentence: Sentence, head: int) -> Resolved:
        """What the noun phrase headed by a word means; its own words when nothing is known."""
        key = (sentence.index, head)
        if key not in self._known:
            self._known[key] = self._resolve(sentence, sentence.words[head])
        return self._known[key]

    def belligerents(self) -> tuple[Entity, ...]:
        """The two countries that the report names most, first named first; empty unless two stand out."""
        counts: dict[str, list[Referent]] = {}
        for referent in self._referents:
            if referent.entity.country and self._reading.kb.has(f"country:{referent.entity.country}"):
                counts.setdefault(referent.entity.country, []).append(referent)
        ranked = sorted(counts.values(), key=lambda found: -len(found))
        if len(ranked) < 2 or (len(ranked) > 2 and len(ranked[2]) == len(ranked[1])):
            return ()
        pair = sorted(ranked[:2], key=lambda found: (found[0].sentence, found[0].word))
        return tuple(self._as_country(found) for found in pair)

    def _as_country(self, found: list[Referent]) -> Entity:
        """The country of these referents, with the words of the first of them as where it was taken from."""
        first = found[0].entity
        country = self._reading.kb.actor(f"country:{first.country}")
        return replace(first, name=country.name, id=country.id, sectors=(), implied=True)

    def _named(self, sentence: Sentence) -> Iterator[Referent]:
        """Referents: the heads of noun phrases in which the knowledge base or the network sees a name."""
        for word in sentence.words:
            if word.upos not in ("PROPN", "NOUN", "ADJ") or not self._is_head(sentence, word):
                continue
            start, end = phrase(sentence, word.index)
            resolved = self._compose(sentence, word, start, end)
            entity = resolved.entity
            person = self._is_person(sentence, word, entity)
            named = any(n.first <= word.index <= n.last for n in sentence.names)
            if entity.id or entity.country or person or named:
                yield Referent(sentence.index, word.index, entity, person, is_subject(sentence, word.index))

    @staticmethod
    def _is_head(sentence: Sentence, word: Word) -> bool:
        return word.deprel not in ("compound", "flat", "amod", "nmod:desc", "fixed", "goeswith")

    def _is_person(self, sentence: Sentence, word: Word, entity: Entity) -> bool:
        if (entity.id or "").startswith("person:"):
            return True
        names = (n for n in sentence.names if n.first <= word.index <= n.last and n.kind == "PER")
        return next(names, None) is not None

    def _compose(self, sentence: Sentence, word: Word, start: int, end: int) -> Resolved:
        reading = self._reading
        near = (m for m in reading.mentions_in(sentence) if m.end >= start - 1 and m.start <= end + 1)
        mentions = [m for m in near if not self._is_somebodys_name(sentence, m)]
        entity = reading.kb.compose(reading.text, start, end, (word.start, word.end), mentions, day=reading.day)
        if entity.id is None and not entity.country:
            whole = self._fuller_name(sentence, word)
            if whole:
                return Resolved(replace(whole, text=entity.text, start=start, end=end), "coreference:same-name")
        rule = "kb:name" if entity.id else "kb:phrase" if entity.country or entity.sectors else "words"
        return Resolved(entity, rule)

    @staticmethod
    def _is_somebodys_name(sentence: Sentence, mention: Mention) -> bool:
        """A place name inside what the network reads as a person: "Alejandro", "Washington" of a person's name."""
        if mention.kind not in ("place", "region"):
            return False
        return any(
            n.kind == "PER"
            and n.last > n.first
            and sentence.words[n.first].start < mention.end
            and sentence.words[n.last].end > mention.start
            for n in sentence.names
        )

    def _only_country(self, sentence: Sentence) -> str | None:
        """The one country that a sentence names, by itself, its people, capital or places; None for several."""
        if sentence.index in self._countries:
            return self._countries[sentence.index]
        found: set[str] = set()
        for mention in self._reading.mentions_in(sentence):
            country = self._reading.kb.country_of(mention) if mention.kind not in ("person", "role") else None
            if country and not self._is_somebodys_name(sentence, mention):
                found.add(country)
        self._countries[sentence.index] = found.pop() if len(found) == 1 else None
        return self._countries[sentence.index]

    def _fuller_name(self, sentence: Sentence, word: Word) -> Entity | None:
        """An earlier person whose longer name or office holds this one ("Governor Ana Ruiz" for "Ruiz")."""
        if word.upos != "PROPN":
            return None
        fits = [
            r.entity for r in self._referents
            if r.person and word.text in r.entity.name.split() and (r.entity.country or r.entity.sectors)
        ]  # fmt: skip
        return fits[0] if fits and len({e.name for e in fits}) == 1 else None

    def _resolve(self, sentence: Sentence, word: Word) -> Resolved:
        lower = word.text.lower()
        start, end = phrase(sentence, word.index)
        if lower in PRONOUNS:
            return self._pronoun(sentence, word) or Resolved(self._plain(start, end), "words")
        found = self._named_beside(sentence, word, self._compose(sentence, word, start, end))
        described = self._description(sentence, word, found.entity)
        if described:
            return Resolved(replace(described, text=self._reading.text[start:end], start=start, end=end),
                            "coreference:description")  # fmt: skip
        if not found.entity.country:
            owner = self._owner(sentence, word)
            if owner and owner.country:
                return Resolved(replace(found.entity, country=owner.country), "coreference:owner")
        if found.entity.sectors and not found.entity.country:
            only = self._only_country(sentence)
            if only:
                return Resolved(replace(found.entity, country=only), "coreference:only-country")
        return found

    def _named_beside(self, sentence: Sentence, word: Word, found: Resolved) -> Resolved:
        """ "Calvane's foreign minister, Tamsin Whitlow,": the office has the name that stands beside it."""
        if word.upos != "NOUN" or not found.entity.sectors:
            return found
        for beside in sentence.children(word.index, "appos"):
            if beside.upos != "PROPN":
                continue
            start, end = phrase(sentence, beside.index)
            person = self._compose(sentence, beside, start, end).entity
            country, sectors = person.country or found.entity.country, person.sectors or found.entity.sectors
            named = replace(found.entity, name=person.name, id=person.id, country=country, sectors=sectors)
            return Resolved(named, "coreference:apposition")
        return found

    def _plain(self, start: int, end: int) -> Entity:
        words = self._reading.text[start:end]
        return Entity(words, start, end, words, None, None)

    def _owner(self, sentence: Sentence, word: Word) -> Entity | None:
        """Whose: "its forces", "their leader"."""
        for child in sentence.children(word.index, "nmod:poss"):
            if child.text.lower() in PRONOUNS:
                return self.resolve(sentence, child.index).entity
        return None

    def _follow(self, sentence: Sentence, word: Word, *, person: bool) -> None:
        """A resolved pronoun or description keeps its referent in mind for the next ones."""
        resolved = self.resolve(sentence, word.index)
        described = resolved.rule == "coreference:description"
        if not described and not (person and resolved.rule == "coreference:pronoun"):
            return
        self._referents = [r for r in self._referents if (r.sentence, r.word) != (sentence.index, word.index)]
        subject = is_subject(sentence, word.index) or word.deprel == "nmod:poss"
        self._referents.append(Referent(sentence.index, word.index, resolved.entity, True, subject))
        self._referents.sort(key=lambda r: (r.sentence, r.word))

    def _pronoun(self, sentence: Sentence, word: Word) -> Resolved | None:
        lower = word.text.lower()
        if lower in FIRST_PRONOUNS | SECOND_PRONOUNS:
            return None
        fits = [r for r in self._before(sentence, word) if self._agrees(r, lower)]
        fits = [r for r in fits if not self._same_clause_subject(sentence, word, r)]
        if lower in PERSON_PRONOUNS:
            # One name alone may be anything; somebody with a known name, a full one or an office is a person.
            fits = [r for r in fits if self._surely_person(r)] or fits
        if not fits:
            return None
        best = max(fits, key=lambda r: self._link(r, sentence, word))
        taken = replace(best.entity, text=word.text, start=word.start, end=word.end)
        return Resolved(taken, "coreference:pronoun")

    @staticmethod
    def _surely_person(referent: Referent) -> bool:
        entity = referent.entity
        known = (entity.id or "").startswith("person:") or bool(entity.sectors)
        return known or (len(entity.name.split()) > 1 and entity.name[:1].isupper())

    def _before(self, sentence: Sentence, word: Word) -> list[Referent]:
        here = (sentence.index, word.index)
        return [r for r in self._referents if sentence.index - r.sentence <= REACH and (r.sentence, r.word) < here]

    @staticmethod
    def _agrees(referent: Referent, pronoun: str) -> bool:
        entity = referent.entity
        if pronoun in PERSON_PRONOUNS:
            return referent.person or (bool(set(entity.sectors) & {"GOV", "LEG", "JUD", "ELI"}) and _one_person(entity))
        plural = entity.text.lower().endswith("s") and not entity.id
        if pronoun in PLURAL_PRONOUNS:
            return not referent.person
        return not referent.person and not plural

    @staticmethod
    def _same_clause_subject(sentence: Sentence, word: Word, referent: Referent) -> bool:
        """ "X accused him": him is not X."""
        if referent.sentence != sentence.index or word.deprel == "nmod:poss":
            return False
        head = sentence.words[word.index].head
        return sentence.words[referent.word].head == head or referent.word == head

    def _link(self, referent: Referent, sentence: Sentence, word: Word) -> tuple[float, int]:
        """How likely the network links them; without one, how near and prominent the referent is."""
        there = self._reading.sentences[referent.sentence].links
        if sentence.links is None or there is None:
            return self._salience(referent, sentence, word)
        apart = sentence.index - referent.sentence
        return sentence.links.score(word.index, there, referent.word, apart=apart), referent.word

    @staticmethod
    def _salience(referent: Referent, sentence: Sentence, word: Word) -> tuple[float, int]:
        distance = sentence.index - referent.sentence
        score = 3.0 - distance + (1.5 if referent.subject else 0.0)
        if distance == 0 and not referent.subject:
            score -= 0.25
        return score, referent.word

    def _description(self, sentence: Sentence, word: Word, entity: Entity) -> Entity | None:
        """ "the Ukrainian leader", "the president", "the group": the one person or body it fits, if just one."""
        if word.upos != "NOUN" or not any(c.text.lower() == "the" for c in sentence.children(word.index, "det")):
            return None
        lemma = word.lemma.lower()
        if lemma in LEADER_NOUNS:
            fits = [r for r in self._referents if r.person and (r.sentence, r.word) < (sentence.index, word.index)]
            fits = [r for r in fits if "GOV" in r.entity.sectors or not r.entity.sectors]
            if entity.country:
                fits = [r for r in fits if r.entity.country == entity.country]
        elif lemma in GROUP_NOUNS and not entity.country:
            fits = [r for r in self._before(sentence, word) if not r.person and self._is_kind(r, lemma)]
            fits = fits[-1:]
        else:
            return None
        return fits[-1].entity if len({r.entity.name for r in fits}) == 1 else None

    @staticmethod
    def _is_kind(referent: Referent, lemma: str) -> bool:
        country_like = lemma in ("country", "nation", "kingdom", "republic", "government")
        kind = (referent.entity.id or "").partition(":")[0]
        return kind == "country" if country_like else kind in ("group", "organisation")


def _one_person(entity: Entity) -> bool:
    return entity.name[:1].isupper() and not entity.text.lower().endswith("s")


def is_subject(sentence: Sentence, index: int) -> bool:
    """The word is the subject of its clause, or owns it ("His visit ...")."""
    word = sentence.words[index]
    if word.deprel.startswith(("nsubj", "csubj")):
        return True
    head = sentence.head_of(index)
    return word.deprel == "nmod:poss" and head is not None and head.deprel.startswith("nsubj")

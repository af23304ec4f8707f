"""Who did it and to whom: the network points at words, the tree confirms, completes and names the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from truceline.extract import CALENDAR, Reading, evidence, phrase
from truceline.extract.coreference import BOTH_SIDES, Discourse, Resolved
from truceline.extract.triggers import Trigger
from truceline.nlp.sentence import ROOT, Sentence, Word
from truceline.records import Entity, Evidence

# From this chance on the network's word is taken for a role.
POINTED: Final = 0.3
# A second word is taken as one more party from this chance on.
SECOND: Final = 0.3
# Where the tree has the word in the role too, this is enough.
SUPPORTED: Final = 0.20
# "Nobody named" from this chance on keeps the tree from filling a role by a weak relation.
NOBODY: Final = 0.80
RECIPIENT_PREPOSITIONS: Final = tuple("against on at toward towards with from to for upon into".split())
NOUN_RECIPIENT_PREPOSITIONS: Final = tuple("on against of to at with toward towards for in from".split())
OBJECT_CONTROL: Final = frozenset(
    {"tell", "ask", "urge", "order", "force", "press", "call", "demand", "warn", "request", "pressure", "invite",
     "allow", "permit", "want", "compel", "beg", "implore", "push", "persuade", "instruct", "command", "oblige"}
)  # fmt: skip
OWNER_PREPOSITIONS: Final = ("of", "by", "in", "from", "against", "on", "to", "with", "between", "for")


@dataclass(frozen=True, slots=True)
class Pointed:
    """A word in a role and the rule that put it there."""

    word: int
    rule: str


@dataclass(frozen=True, slots=True)
class Arguments:
    """The sides of an event; a symmetric event has all its parties as actors."""

    actor: tuple[Entity, ...]
    recipient: tuple[Entity, ...]
    evidence: tuple[Evidence, ...]


def arguments(reading: Reading, discourse: Discourse, sentence: Sentence, trigger: Trigger) -> Arguments:
    """The actor and recipient of a trigger."""
    by_tree = from_tree(reading, sentence, trigger)
    demanded = trigger.construction in ("imperative", "obligation")
    sides = list(by_tree) if demanded else [_choose(sentence, trigger, side, by_tree[side]) for side in (0, 1)]
    struck = {p.word for p in by_tree[1] if p.rule in ("args:on", "args:against", "args:patient")}
    sides[0] = _except(sides[0], struck) or _except(by_tree[0], struck)
    taken = {p.word for p in sides[0]}
    sides[1] = _except(sides[1], taken) or _except(by_tree[1], taken)
    if trigger.event_type == "ASSAULT":
        sides[1] = _without_weapons(reading, sentence, trigger, sides[1])
    entities: list[tuple[Entity, ...]] = []
    said: list[Evidence] = []
    for side, pointed in zip(("actor", "recipient"), sides, strict=True):
        found, why = _resolve_side(discourse, sentence, side, pointed)
        entities.append(found)
        said += why
    actor, recipient = entities
    if _symmetric(trigger, actor, recipient):
        actor = (*actor, *(r for r in recipient if not _known_already(r, actor)))
        recipient = ()
    recipient = tuple(r for r in recipient if not _same(r, actor))
    return Arguments(actor, recipient, tuple(said))


def _except(pointed: Sequence[Pointed], words: set[int]) -> list[Pointed]:
    return [p for p in pointed if p.word not in words]


def _without_weapons(reading: Reading, sentence: Sentence, trigger: Trigger, pointed: list[Pointed]) -> list[Pointed]:
    """What is launched is not whom it is launched at: "fired rockets at the town"."""
    kept = [p for p in pointed if not reading.lexicon.weapon(sentence.words[p.word].lemma.lower())]
    if kept or not pointed:
        return kept
    return _prepositional(sentence, sentence.words[trigger.word], RECIPIENT_PREPOSITIONS[:5])[:1]


def _symmetric(trigger: Trigger, actor: Sequence[Entity], recipient: Sequence[Entity]) -> bool:
    return trigger.entry is not None and trigger.entry.symmetric and bool(actor) and bool(recipient)


def _same(entity: Entity, others: Sequence[Entity]) -> bool:
    return any((entity.start, entity.end) == (o.start, o.end) for o in others)


def _choose(sentence: Sentence, trigger: Trigger, side: int, by_tree: list[Pointed]) -> list[Pointed]:
    """The network's words where it is sure of them, else the tree's; "its" of "its army" stands for the army."""
    said = ((trigger.reading.actor, trigger.reading.recipient)[side]) if trigger.reading else ()
    owners = {o.index: p.word for p in by_tree for o in sentence.children(p.word, "nmod:poss") if o.upos == "PRON"}
    words = [(owners.get(w, w), p) for w, p in said if w not in (ROOT, trigger.word)]
    nobody = dict(said).get(ROOT, 0.0)
    rules = {p.word: p.rule for p in by_tree}
    role = ("actor", "recipient")[side]
    if words and (words[0][1] >= POINTED or (words[0][0] in rules and words[0][1] >= SUPPORTED)):
        sure = [words[0], *((w, p) for w, p in words[1:] if p >= SECOND or (w in rules and p >= SUPPORTED))]
        return [Pointed(w, rules.get(w, f"network:{role}")) for w, _ in sure]
    if nobody >= NOBODY:
        return [p for p in by_tree if p.rule in ("args:subject", "args:agent", "args:object")]
    return by_tree


def _resolve_side(
    discourse: Discourse, sentence: Sentence, side: str, pointed: Sequence[Pointed]
) -> tuple[tuple[Entity, ...], list[Evidence]]:
    entities: list[Entity] = []
    said: list[Evidence] = []
    for p in pointed:
        members = (p.word, *(c.index for c in conjuncts(sentence, p.word)))
        for word in (m for m in members if sentence.words[m].text not in CALENDAR):
            for resolved in meant(discourse, sentence, word):
                if _known_already(resolved.entity, entities):
                    continue
                entities.append(resolved.entity)
                at = sentence.words[word]
                said += [evidence(p.rule, at), Evidence(f"{resolved.rule}:{side}", at.start, at.end)]
    return tuple(entities), said


def _known_already(entity: Entity, others: Sequence[Entity]) -> bool:
    """The same person, body or country once more, or the same words, unless they mean several ("both sides")."""
    same_id = entity.id is not None and any(entity.id == o.id for o in others)
    same_name = any((entity.name, entity.country) == (o.name, o.country) for o in others)
    return same_id or same_name or (not entity.implied and _same(entity, others))


def conjuncts(sentence: Sentence, word: int) -> tuple[Word, ...]:
    """The other members of a coordination that a word begins; only nominal ones."""
    return tuple(
        c for c in sentence.children(word, "conj") if c.upos in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "X")
    )  # fmt: skip


def meant(discourse: Discourse, sentence: Sentence, word: int) -> tuple[Resolved, ...]:
    """Who a word means: "both sides" are two; an act or thing means whose it is ("Serbia's decision")."""
    word = _head_of_name(sentence, word)
    antecedent = _antecedent(sentence, word)
    if antecedent is not None:
        return meant(discourse, sentence, antecedent)
    start, end = phrase(sentence, word)
    words = sentence.text[start - sentence.start : end - sentence.start]
    if BOTH_SIDES.match(words):
        sides = discourse.belligerents()
        if sides:
            return tuple(
                Resolved(replace(e, text=words, start=start, end=end), "coreference:both-sides") for e in sides
            )  # fmt: skip
    resolved = discourse.resolve(sentence, word)
    if resolved.entity.country or resolved.entity.id:
        return (resolved,)
    owner = _owner(discourse, sentence, word, depth=2)
    if owner and not resolved.entity.sectors:
        return (owner,)
    if owner:
        entity = replace(resolved.entity, country=owner.entity.country)
        return (Resolved(entity, "args:owner-country"),)
    return (resolved,)


def _head_of_name(sentence: Sentence, word: int) -> int:
    """The head of the name that a word is inside: the network may point at "Saudi" of "Saudi Arabia"."""
    while True:
        head = sentence.head_of(word)
        inside = sentence.words[word].deprel in ("flat", "compound", "nmod:desc")
        if head is None or not inside or {head.upos, sentence.words[word].upos} != {"PROPN"}:
            return word
        word = head.index


def _antecedent(sentence: Sentence, word: int) -> int | None:
    """The noun that "who", "which" or "that" stands for."""
    if sentence.words[word].xpos not in ("WP", "WDT"):
        return None
    for above in sentence.ancestors(word):
        if above.deprel == "acl:relcl":
            return above.head
    return None


def _owner(discourse: Discourse, sentence: Sentence, word: int, *, depth: int) -> Resolved | None:
    owners = [
        *sentence.children(word, "nmod:poss"),
        *sentence.children(word, "amod", "compound", "nmod:desc"),
        *(n for n in sentence.children(word, "nmod") if preposition(sentence, n.index) in OWNER_PREPOSITIONS),
        *sentence.children(word, "appos"),
    ]
    for owner in owners:
        resolved = discourse.resolve(sentence, owner.index)
        if resolved.entity.country or resolved.entity.id:
            return Resolved(resolved.entity, "args:owner")
        deeper = _owner(discourse, sentence, owner.index, depth=depth - 1) if depth else None
        if deeper:
            return deeper
    return None


def preposition(sentence: Sentence, word: int) -> str:
    """The preposition of a noun phrase, lower case; several words joined by blanks; empty when none."""
    cases = sentence.children(word, "case")
    if not cases:
        return ""
    fixed = [c.text for c in sentence.children(cases[0].index, "fixed")]
    return " ".join([cases[0].text, *fixed]).lower()


def from_tree(reading: Reading, sentence: Sentence, trigger: Trigger) -> tuple[list[Pointed], list[Pointed]]:
    """The actor's and recipient's words by the relations of the tree."""
    word = sentence.words[trigger.word]
    if trigger.construction in ("imperative", "obligation"):
        return _demanded(reading, sentence, word)
    if word.upos in ("VERB", "AUX") or word.deprel == "root":
        actor, recipient = _verb_sides(sentence, word)
    else:
        actor, recipient = _noun_sides(reading, sentence, word)
    entry = trigger.entry
    if entry and entry.recipient == "none":
        recipient = []
    elif entry and entry.recipient == "prep" and entry.prep:
        by_preposition = _prepositional(sentence, word, entry.prep)
        recipient = by_preposition or [p for p in recipient if p.rule != "args:object"]
    elif entry and entry.recipient == "subject":
        actor, recipient = [], actor
    return actor, _suffering(sentence, word) or recipient


def _suffering(sentence: Sentence, word: Word) -> list[Pointed]:
    """Whom a passive above the act says it befell: "three people were killed in a bombing"."""
    head = sentence.head_of(word.index)
    if word.upos == "VERB" or head is None or not word.deprel.startswith("obl") or not is_passive(sentence, head):
        return []
    suffered = [w for w in sentence.children(head.index, "nsubj") if w.deprel == "nsubj:pass"]
    return [Pointed(w.index, "args:patient") for w in suffered]


def _demanded(reading: Reading, sentence: Sentence, word: Word) -> tuple[list[Pointed], list[Pointed]]:
    """Who says it must be done, and who must do it: "A said B must withdraw", "“Do not fire,” A told B"."""
    own = subject_of(sentence, word, depth=0)
    for above in sentence.ancestors(word.index):
        if above.upos == "VERB" and reading.lexicon.speech(above.lemma.lower()):
            speaker = subject_of(sentence, above)
            told = [*sentence.children(above.index, "iobj", "obj")] if own is None else []
            recipient = [own] if own else [Pointed(w.index, "args:addressee") for w in told[:1]]
            return ([Pointed(speaker.word, "args:speaker")] if speaker else []), recipient
    return [], [own] if own else []


def _verb_sides(sentence: Sentence, word: Word) -> tuple[list[Pointed], list[Pointed]]:
    if is_passive(sentence, word):
        agents = [w for w in sentence.children(word.index, "obl") if _is_agent(sentence, w)]
        patients = sentence.children(word.index, "nsubj:pass") or _modified(sentence, word)
        return [Pointed(w.index, "args:agent") for w in agents], [Pointed(w.index, "args:patient") for w in patients]
    subject = subject_of(sentence, word)
    objects = [Pointed(w.index, "args:object") for w in sentence.children(word.index, "iobj", "obj")]
    recipients = objects or _prepositional(sentence, word, RECIPIENT_PREPOSITIONS)
    return [subject] if subject else [], recipients[:1]


def _is_agent(sentence: Sentence, word: Word) -> bool:
    return word.deprel == "obl:agent" or preposition(sentence, word.index) == "by"


def is_passive(sentence: Sentence, word: Word) -> bool:
    """A passive clause, or a participle after its noun ("the village shelled on Monday")."""
    if sentence.children(word.index, "nsubj:pass", "aux:pass"):
        return any(c.deprel in ("nsubj:pass", "aux:pass") for c in sentence.children(word.index))
    return word.xpos == "VBN" and word.deprel in ("acl", "advcl") and not sentence.children(word.index, "obj", "aux")


def _modified(sentence: Sentence, word: Word) -> tuple[Word, ...]:
    head = sentence.head_of(word.index)
    return (head,) if head is not None and word.deprel.startswith("acl") else ()


def subject_of(sentence: Sentence, word: Word, *, depth: int = 5) -> Pointed | None:
    """The subject of a verb, its own or the one it takes from the clause that governs it."""
    own = [w for w in sentence.children(word.index, "nsubj") if w.deprel in ("nsubj", "nsubj:outer")]
    if own:
        if own[0].xpos in ("WP", "WDT") and word.deprel == "acl:relcl":
            return Pointed(word.head, "args:relative")
        return Pointed(own[0].index, "args:subject")
    head = sentence.head_of(word.index)
    if head is None or depth == 0:
        return None
    if word.deprel in ("acl", "acl:relcl"):
        return Pointed(head.index, "args:modified") if word.xpos == "VBG" else _holder(sentence, head)
    if word.deprel == "xcomp" and head.lemma.lower() in OBJECT_CONTROL:
        controlled = sentence.children(head.index, "obj", "iobj") or sentence.children(head.index, "nsubj:pass")
        if controlled:
            return Pointed(controlled[0].index, "args:control")
    if word.deprel.partition(":")[0] in ("xcomp", "conj", "advcl", "parataxis", "ccomp"):
        if is_passive(sentence, head):
            passive = sentence.children(head.index, "nsubj:pass")
            return Pointed(passive[0].index, "args:control") if passive and word.deprel == "xcomp" else None
        found = subject_of(sentence, head, depth=depth - 1)
        return Pointed(found.word, "args:control") if found else None
    return None


def _holder(sentence: Sentence, noun: Word) -> Pointed | None:
    """Whose decision, plan or threat it is to do what the clause says."""
    owners = sentence.children(noun.index, "nmod:poss") or sentence.children(noun.index, "amod")[:1]
    if owners:
        return Pointed(owners[0].index, "args:possessor")
    head = sentence.head_of(noun.index)
    if head is not None and noun.deprel == "obj":
        subject = subject_of(sentence, head, depth=1)
        return Pointed(subject.word, "args:light-verb") if subject else None
    return None


def _prepositional(sentence: Sentence, word: Word, prepositions: Sequence[str]) -> list[Pointed]:
    """Phrases of a trigger with one of these prepositions, in the order of the prepositions."""
    governed = [*sentence.children(word.index, "obl", "nmod")]
    governed += [w for o in sentence.children(word.index, "obj") for w in sentence.children(o.index, "nmod")]
    by_case = {w.index: preposition(sentence, w.index).split(" ")[0] for w in governed}
    return [Pointed(w, f"args:{p}") for p in prepositions for w, case in by_case.items() if case == p]


def _noun_sides(reading: Reading, sentence: Sentence, word: Word) -> tuple[list[Pointed], list[Pointed]]:
    """ "Russian strikes on Ukraine", "the arrest of protesters by police", "talks between A and B"."""
    owners = [Pointed(w.index, "args:possessor") for w in sentence.children(word.index, "nmod:poss")]
    modifiers = [
        Pointed(w.index, "args:modifier")
        for w in sentence.children(word.index, "amod", "compound")
        if _names_somebody(reading, sentence, w)
    ]
    governed = sentence.children(word.index, "nmod")
    agents = [Pointed(w.index, "args:agent") for w in governed if preposition(sentence, w.index) == "by"]
    between = [Pointed(w.index, "args:between") for w in governed if preposition(sentence, w.index) == "between"]
    light = _light_subject(reading, sentence, word)
    actor = between or owners or agents or light or modifiers
    recipient = _prepositional(sentence, word, NOUN_RECIPIENT_PREPOSITIONS)
    head = sentence.head_of(word.index)
    if head is not None and light and not recipient:
        recipient = _prepositional(sentence, head, RECIPIENT_PREPOSITIONS)
    return actor[:1], recipient[:1]


def _names_somebody(reading: Reading, sentence: Sentence, word: Word) -> bool:
    """A modifier that is a people, country or body we know, or is written as a name ("Taldoran fire")."""
    mention = reading.mention_at(sentence, word)
    if mention is not None:
        return mention.kind not in ("role", "place")
    return word.text[0].isupper() and word.index > 0 and word.upos in ("PROPN", "ADJ")


def _light_subject(reading: Reading, sentence: Sentence, word: Word) -> list[Pointed]:
    """The subject of the light verb that the noun completes ("carried out an attack")."""
    head = sentence.head_of(word.index)
    if head is None or not reading.is_light(sentence, head):
        return []
    if word.deprel == "nsubj:pass":
        return [Pointed(w.index, "args:agent") for w in sentence.children(head.index, "obl") if _is_agent(sentence, w)]
    if word.deprel not in ("obj", "obl"):
        return []
    subject = subject_of(sentence, head)
    return [Pointed(subject.word, "args:light-verb")] if subject else []

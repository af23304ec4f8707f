"""Where it happened: the place that the words tie to the act, as precise as they are and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from truceline.extract import Reading
from truceline.extract.arguments import preposition
from truceline.nlp.sentence import NameSpan, Sentence, Word
from truceline.records import Entity, Evidence, Location, Mention

# Where somebody says something: "called on Kestria" is not in Kestria.
WHERE_SAID: Final = frozenset({"in", "at", "near", "outside", "inside"})
PLACE_KINDS: Final = ("place", "region", "country", "capital", "seat")
WHERE: Final = frozenset(
    {"in", "at", "near", "on", "outside", "around", "inside", "over", "across", "off", "into", "to"}
)


def location(
    reading: Reading, sentence: Sentence, trigger: int, recipients: Sequence[Entity], *, material: bool = True
) -> tuple[Location, Evidence] | None:
    """The place of the event that a word triggers, with its evidence; None when the sentence ties none to it.

    First a place that the trigger's own phrases name ("in Goma", "on Kharkiv"), then one that a word above it
    has, then a recipient that is itself a place; last, a place whose name is all that is known.
    """
    where = WHERE if material else WHERE_SAID
    for rule, words in _layers(sentence, trigger, where):
        near = [r.country for r in recipients if r.country]
        for word in words:
            found = _at(reading, sentence, word, near)
            if found:
                return found, Evidence(rule, found.start, found.end)
    if not material:
        # A demand is made of somebody, not in the place that they are.
        return None
    return _where_the_recipient_is(reading, sentence, recipients) or _unlisted(sentence, trigger, recipients)


def _where_the_recipient_is(
    reading: Reading, sentence: Sentence, recipients: Sequence[Entity]
) -> tuple[Location, Evidence] | None:
    for recipient in recipients:
        for mention in reading.mentions_in(sentence):
            inside = recipient.start <= mention.start and mention.end <= recipient.end
            if inside and mention.kind in ("place", "region", "country") and not recipient.implied:
                found = _of(reading, mention, [recipient.country] if recipient.country else [])
                if found:
                    return found, Evidence("place:recipient", found.start, found.end)
    return None


def _unlisted(sentence: Sentence, trigger: int, recipients: Sequence[Entity]) -> tuple[Location, Evidence] | None:
    """A place that no gazetteer of ours has: its name, and nothing more.

    It stands in the trigger's own phrases or in the recipient's, and the network reads it as a place.
    """
    inside = {w.index for w in _where(sentence, trigger, WHERE)}
    for recipient in recipients:
        inside |= {w.index for w in sentence.words if recipient.start <= w.start < recipient.end}
    for name in sentence.names:
        if name.kind == "LOC" and _stands_as_place(sentence, name) and inside & set(range(name.first, name.last + 1)):
            first, last = sentence.words[name.first], sentence.words[name.last]
            words = sentence.text[first.start - sentence.start : last.end - sentence.start]
            where = Location(words, None, None, None, None, None, "unknown", words, first.start, last.end)
            return where, Evidence("place:unlisted", first.start, last.end)
    return None


def _stands_as_place(sentence: Sentence, name: NameSpan) -> bool:
    """ "in Halvet", "the market of Halvet": not "Halvet troops" or "Halvet's mayor"."""
    words = sentence.words[name.first : name.last + 1]
    head = next((w for w in words if not name.first <= w.head <= name.last), words[0])
    return head.deprel == "obj" or preposition(sentence, head.index).split(" ")[0] in WHERE | {"of", "along"}


def _layers(sentence: Sentence, trigger: int, where: frozenset[str]) -> list[tuple[str, list[Word]]]:
    """Words that may say where, nearest to the trigger first."""
    layers = [("place:phrase", _where(sentence, trigger, where))]
    for above in sentence.ancestors(trigger):
        if above.upos not in ("VERB", "NOUN", "AUX"):
            break
        layers.append(("place:clause", _where(sentence, above.index, where)))
        if above.deprel in ("ccomp", "root", "acl:relcl", "parataxis"):
            break
    return layers


def _where(sentence: Sentence, index: int, where: frozenset[str]) -> list[Word]:
    governed = sentence.children(index, "obl", "nmod", "compound", "obj")
    direct = [w for w in governed if preposition(sentence, w.index).split(" ")[0] in where]
    named = [w for w in governed if w not in direct and w.deprel in ("compound", "obl:unmarked", "nmod:unmarked")]
    return [*direct, *(n for w in direct for n in _deeper(sentence, w)), *named]


def _deeper(sentence: Sentence, word: Word) -> list[Word]:
    """Names inside a place phrase: "a village near Goma", "the city of Kharkiv", "Kharkiv's airport"."""
    inner = sentence.children(word.index, "nmod", "compound", "flat", "appos", "nmod:poss", "nmod:desc", "conj")
    return [
        *inner,
        *(d for w in inner for d in sentence.children(w.index, "nmod", "compound", "flat", "appos")),
    ]


def _at(reading: Reading, sentence: Sentence, word: Word, near: Sequence[str]) -> Location | None:
    mention = reading.mention_at(sentence, word)
    if mention is None or mention.kind not in PLACE_KINDS:
        return None
    return _of(reading, mention, near)


def _of(reading: Reading, mention: Mention, near: Sequence[str]) -> Location | None:
    known = [m for m in near if m and len(m) == 3]
    place = reading.kb.place(mention.text, near=known)
    if place is None:
        return None
    return Location(
        name=place.name,
        country=place.country,
        admin1=place.admin1,
        lat=place.lat,
        lon=place.lon,
        geonames=place.geonames,
        precision=place.precision,
        text=mention.text,
        start=mention.start,
        end=mention.end,
    )

"""Offices that a report gives to people it names, checked against the record of offices on the report's day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from truceline.extract import Reading
from truceline.nlp.sentence import Sentence
from truceline.records import Evidence, Mention, RoleClaim

FORMER: Final = frozenset({"former", "ex", "ex-", "onetime", "ousted", "deposed", "late", "outgoing"})
# "then-President X" speaks of another day than the report's.
THEN: Final = frozenset({"then", "then-"})
# Between a role and the name it belongs to, or its country, at most this many characters stand.
GAP: Final = 2


def role_claims(reading: Reading) -> tuple[RoleClaim, ...]:
    """The claims of a report, in order, each role and person of one sentence once."""
    found: dict[tuple[int, str, str], RoleClaim] = {}
    for sentence in reading.sentences:
        for claim in _claims(reading, sentence):
            found.setdefault((claim.sentence, claim.person, claim.role), claim)
    return tuple(found.values())


def _claims(reading: Reading, sentence: Sentence) -> Iterator[RoleClaim]:
    mentions = reading.mentions_in(sentence)
    for i, mention in enumerate(mentions):
        if mention.kind != "person":
            continue
        role = _role_before(reading, mentions[:i], mention) or _role_after(sentence, mentions[i + 1 :], mention)
        if role:
            claim = _check(reading, sentence, mentions, role, mention)
            if claim:
                yield claim


def _role_before(reading: Reading, before: tuple[Mention, ...], person: Mention) -> Mention | None:
    """ "President Ana Ruiz", "former U.S. President Ana Ruiz"."""
    if not before or before[-1].kind != "role":
        return None
    gap = reading.text[before[-1].end : person.start]
    return before[-1] if len(gap) <= GAP and not gap.strip() else None


def _role_after(sentence: Sentence, after: tuple[Mention, ...], person: Mention) -> Mention | None:
    """ "Ana Ruiz, the Velmark foreign minister,": an apposition right after the name."""
    head = next((w for w in sentence.words if person.start <= w.start < person.end), None)
    if head is None:
        return None
    named = [w for w in sentence.words if person.start <= w.start < person.end]
    for word in named:
        for apposition in sentence.children(word.index, "appos"):
            for role in after:
                if role.kind == "role" and role.start <= apposition.start < role.end:
                    return role
    return None


def _check(
    reading: Reading, sentence: Sentence, mentions: tuple[Mention, ...], role: Mention, person: Mention
) -> RoleClaim | None:
    start, words = _modifiers(sentence, role)
    if words & THEN:
        return None
    country = _country(reading, mentions, role, start)
    former = bool(words & FORMER)
    first, last = min(start, person.start), max(role.end, person.end)
    candidates = [reading.kb.actor(c) for c in person.candidates]
    if not candidates:
        return None
    known = candidates[0]
    if reading.day is None:
        agrees, record = None, "the report has no date, so its roles cannot be checked"
    else:
        agrees, record = reading.kb.check_role(
            known.id, role.text, country=country, former=former, day=reading.day
        )  # fmt: skip
    said = "former " if former else ""
    return RoleClaim(
        sentence=sentence.index,
        person=known.name,
        role=f"{said}{role.text}",
        text=reading.text[first:last],
        agrees=agrees,
        on_record=record,
        evidence=(Evidence("roles:title", first, last),),
    )


def _modifiers(sentence: Sentence, role: Mention) -> tuple[int, frozenset[str]]:
    """Where the words that belong to the role begin ("former U.S." before "President"), and those words."""
    start, words = role.start, set()
    for word in reversed([w for w in sentence.words if w.end <= role.start]):
        if word.upos not in ("ADJ", "PROPN", "NOUN", "PUNCT") and word.text.lower() not in FORMER | THEN:
            break
        if word.upos == "PUNCT" and word.text not in ("-", "."):
            break
        if word.upos == "NOUN" and word.text.lower() not in FORMER | THEN:
            break
        start = word.start
        words.add(word.text.lower())
    return start, frozenset(words)


def _country(reading: Reading, mentions: tuple[Mention, ...], role: Mention, start: int) -> str | None:
    for mention in mentions:
        if start <= mention.start < role.start and mention.candidates and mention.kind in ("country", "demonym"):
            return reading.kb.actor(mention.candidates[0]).country
    return None

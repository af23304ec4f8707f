"""Truces proposed: by whom, between whom, how long, where, on which conditions - and what each party answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from truceline.extract import Reading, evidence
from truceline.extract.arguments import Arguments, preposition, subject_of
from truceline.extract.coreference import Discourse
from truceline.extract.place import location
from truceline.extract.quantities import FoundQuantity
from truceline.extract.triggers import Trigger
from truceline.nlp.sentence import Sentence, Word
from truceline.records import Answer, Entity, Event, Evidence, Response, TruceProposal, content_id

TRUCE: Final = frozenset({"truce", "ceasefire", "armistice", "cease-fire", "moratorium"})
# These are truces only of fighting: "an end to hostilities", "a pause in the shelling".
STOP: Final = frozenset({"end", "halt", "pause", "cessation", "stop", "suspension"})
FIGHTING: Final = frozenset(
    {"hostility", "hostilities", "fighting", "war", "conflict", "violence", "fire", "bloodshed", "combat"}
)
PROPOSE: Final = frozenset(
    {"propose", "suggest", "offer", "call", "urge", "appeal", "plead", "ask", "demand", "request", "recommend",
     "push", "press", "seek", "float", "proposal", "suggestion", "plea", "plan", "initiative",
     "table", "put", "invite", "exhort", "implore"}
)  # fmt: skip
SCOPES: Final = frozenset(
    {"partial", "full", "complete", "total", "general", "limited", "local", "comprehensive", "unconditional",
     "immediate", "temporary", "permanent", "humanitarian", "maritime", "aerial", "nationwide", "bilateral"}
)  # fmt: skip
UNITS: Final = {"hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M", "year": "P{}Y"}
CONDITIONS: Final = frozenset({"if", "provided", "providing", "unless", "once", "condition"})
SUBJECT_MATTER: Final = TRUCE | frozenset(
    {
        "proposal",
        "suggestion",
        "plan",
        "offer",
        "initiative",
        "idea",
        "call",
        "appeal",
        "deal",
        "terms",
        "term",
    }
)
ANSWERS: Final[dict[str, Answer]] = {
    "accept": "accepted", "agree": "accepted", "endorse": "accepted", "approve": "accepted", "consent": "accepted",
    "reject": "rejected", "refuse": "rejected", "dismiss": "rejected", "decline": "rejected", "spurn": "rejected",
    "rule": "rejected", "rebuff": "rejected", "welcome": "ambiguous", "consider": "ambiguous", "study": "ambiguous",
    "counter": "counter-proposal", "counterpropose": "counter-proposal",
}  # fmt: skip
SILENCE: Final = frozenset({"respond", "reply", "answer", "react", "comment"})


def truce_proposals(
    reading: Reading, discourse: Discourse, events: Sequence[Event], counted: Sequence[Sequence[FoundQuantity]]
) -> tuple[TruceProposal, ...]:
    """The proposals of a report; a later mention of the same one by the same proposer is not a second proposal.

    ``counted`` has the quantities of each sentence: a truce's duration is one of them.
    """
    found: list[TruceProposal] = []
    for sentence in reading.sentences:
        for noun in sentence.words:
            act = _proposing(sentence, noun) if _is_truce(sentence, noun) else None
            if act is None:
                continue
            proposal = _proposal(reading, discourse, sentence, noun, act, events, counted[sentence.index])
            if not any(_again(proposal, earlier) for earlier in found):
                found.append(proposal)
    return tuple(found)


def weighed(reading: Reading, discourse: Discourse, sentence: Sentence, trigger: Trigger, sides: Arguments) -> Trigger:
    """A proposal of a truce by its type: of a third party a REQUEST to yield, of a party to the conflict an AGREE."""
    if trigger.event_type not in ("AGREE", "REQUEST"):
        return trigger
    act = sentence.words[trigger.word]
    nouns = [w for w in sentence.words if _is_truce(sentence, w) and _proposing(sentence, w) == act]
    if not nouns or not sides.actor or act.lemma.lower() not in PROPOSE - {"plan", "initiative"}:
        return trigger
    parties = _between(discourse, sentence, nouns[0]) or sides.recipient
    named = {p.country or p.name for p in (parties if len(parties) > 1 else _belligerents(discourse, parties))}
    if not named:
        return trigger
    own = bool(named & {a.country or a.name for a in sides.actor})
    event_type, mode, cameo = ("AGREE", None, "0356") if own else ("REQUEST", "yield", "1056")
    if trigger.event_type == event_type:
        return trigger
    said = (evidence(f"truce:{'own' if own else 'third-party'}-proposal", act), *trigger.evidence)
    return replace(trigger, event_type=event_type, mode=mode, cameo=cameo, evidence=said)


def _again(proposal: TruceProposal, earlier: TruceProposal) -> bool:
    if proposal.proposer is None or earlier.proposer is None:
        return proposal.sentence == earlier.sentence
    return proposal.proposer.name == earlier.proposer.name


def _is_truce(sentence: Sentence, word: Word) -> bool:
    lemma = word.lemma.lower()
    if lemma in TRUCE or (lemma == "fire" and _hyphened(sentence, word)):
        return True
    if lemma not in STOP or word.upos != "NOUN":
        return False
    return any(w.lemma.lower() in FIGHTING for w in sentence.children(word.index, "nmod"))


def _hyphened(sentence: Sentence, word: Word) -> bool:
    before = " ".join(w.text.lower() for w in sentence.words[max(0, word.index - 2) : word.index])
    return before in ("cease -", "cease")


def _proposing(sentence: Sentence, noun: Word) -> Word | None:
    """The word that proposes, above the truce in its own clause: "proposed a truce", "a proposal for a truce"."""
    for above in sentence.ancestors(noun.index):
        if above.lemma.lower() in PROPOSE and above.upos in ("VERB", "NOUN"):
            return above
        if above.deprel.partition(":")[0] in ("ccomp", "acl", "advcl", "parataxis"):
            return None
        if above.upos not in ("NOUN", "VERB", "ADJ"):
            return None
    return None


def _proposal(
    reading: Reading,
    discourse: Discourse,
    sentence: Sentence,
    noun: Word,
    act: Word,
    events: Sequence[Event],
    counted: Sequence[FoundQuantity],
) -> TruceProposal:
    event = next((e for e in events if e.sentence == sentence.index and e.trigger.start == act.start), None)
    proposer = event.actor[0] if event and event.actor else _proposer(discourse, sentence, act)
    named = _between(discourse, sentence, noun) or tuple(event.recipient if event else ())
    parties = named if len(named) > 1 else _belligerents(discourse, named)
    said = [evidence("truce:proposal", *sorted((act, noun), key=lambda w: w.index))]
    scope = _scope(sentence, noun, said)
    duration = _duration(sentence, noun, counted, said)
    area = _area(reading, sentence, noun, said)
    conditions = tuple(_conditions(reading, sentence, act, said))
    return TruceProposal(
        id=content_id("truce", reading.text, noun.start, act.start),
        sentence=sentence.index,
        proposer=proposer,
        parties=parties,
        scope=scope,
        duration=duration,
        start=_start(event),
        area=area,
        conditions=conditions,
        responses=tuple(_responses(reading, discourse, sentence, parties, proposer)),
        evidence=tuple(said),
    )


def _proposer(discourse: Discourse, sentence: Sentence, act: Word) -> Entity | None:
    if act.upos == "VERB":
        subject = subject_of(sentence, act)
        return discourse.resolve(sentence, subject.word).entity if subject else None
    owners = sentence.children(act.index, "nmod:poss", "amod", "compound")
    return discourse.resolve(sentence, owners[0].index).entity if owners else None


def _start(event: Event | None) -> str | None:
    """A day in the future that the proposal's own sentence gives."""
    return event.date.start if event and event.date.basis == "stated" and event.status == "planned" else None


def _between(discourse: Discourse, sentence: Sentence, noun: Word) -> tuple[Entity, ...]:
    for child in sentence.children(noun.index, "nmod"):
        if preposition(sentence, child.index) in ("between", "with"):
            members = [child, *sentence.children(child.index, "conj")]
            return tuple(discourse.resolve(sentence, m.index).entity for m in members)
    return ()


def _belligerents(discourse: Discourse, named: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """The sides of the war that the report is about, when the proposal names no two; marked as implied."""
    sides = discourse.belligerents()
    if named and named[0].country not in {s.country for s in sides}:
        return named
    return sides or named


def _scope(sentence: Sentence, noun: Word, said: list[Evidence]) -> str | None:
    for child in sentence.children(noun.index, "amod", "compound"):
        if child.lemma.lower() in SCOPES:
            said.append(evidence("truce:scope", child))
            return child.lemma.lower()
    return None


def _duration(sentence: Sentence, noun: Word, counted: Sequence[FoundQuantity], said: list[Evidence]) -> str | None:
    """ "one-month", "30-day", "for three days", "month-long": ISO 8601."""
    head = sentence.head_of(noun.index)
    lasting = sentence.children(head.index, "obl") if head else ()
    inside = {w.index for w in sentence.subtree(noun.index, without=("acl", "ccomp", "advcl", "parataxis"))}
    inside |= {w.index for w in lasting if preposition(sentence, w.index) == "for"}
    for found in counted:
        quantity = found.quantity
        if quantity.kind == "duration" and quantity.best and quantity.unit in UNITS and found.head in inside:
            said.append(Evidence("truce:duration", quantity.start, quantity.end))
            return UNITS[quantity.unit].format(f"{quantity.best:g}")
    for word in (sentence.words[i] for i in sorted(inside)):
        after = [w.text.lower() for w in sentence.words[word.index + 1 : word.index + 3]]
        if word.lemma.lower() in UNITS and after == ["-", "long"]:
            said.append(evidence("truce:duration", word))
            return UNITS[word.lemma.lower()].format(1)
    return None


def _area(reading: Reading, sentence: Sentence, noun: Word, said: list[Evidence]) -> str | None:
    found = location(reading, sentence, noun.index, ())
    if found is None:
        return None
    said.append(Evidence("truce:area", found[0].start, found[0].end))
    return found[0].name


def _conditions(reading: Reading, sentence: Sentence, act: Word, said: list[Evidence]) -> Iterator[str]:
    """Clauses that the proposal hangs on: "if ...", "provided that ...", "on condition that ..."."""
    for words in _hangs_on(sentence, act):
        said.append(evidence("truce:condition", *words))
        yield reading.text[words[0].start : words[-1].end].strip(" ,.")


def _hangs_on(sentence: Sentence, act: Word) -> Iterator[tuple[Word, ...]]:
    """The words of the condition on an act, wherever the parse hangs the clause, from its condition word on."""
    for child in sentence.subtree(act.index):
        if child.deprel.partition(":")[0] not in ("advcl", "obl", "acl"):
            continue
        words = sentence.subtree(child.index)
        first = next((w for w in words if w.text.lower() in CONDITIONS), None)
        if first and first.index - words[0].index <= 1:
            yield tuple(w for w in words if w.index >= first.index)
            return


def _responses(
    reading: Reading,
    discourse: Discourse,
    proposed: Sentence,
    parties: Sequence[Entity],
    proposer: Entity | None,
) -> Iterator[Response]:
    answered: set[str] = set()
    for sentence in reading.sentences[proposed.index :]:
        for word in sentence.words:
            answer = _answer(sentence, word)
            subject = subject_of(sentence, word) if answer else None
            if not answer or subject is None:
                continue
            party = discourse.resolve(sentence, subject.word).entity
            own = proposer is not None and party.name == proposer.name
            key = party.country or party.name
            if own or key in answered or (parties and key not in {p.country or p.name for p in parties}):
                continue
            answered.add(key)
            start, end = _clause(sentence, word)
            as_of = reading.day.isoformat() if reading.day and answer == "none as of" else None
            yield Response(party, answer, as_of, reading.text[start:end], start, end)


def _answer(sentence: Sentence, word: Word) -> Answer | None:
    lemma = word.lemma.lower()
    if word.upos != "VERB" or lemma not in ANSWERS.keys() | SILENCE:
        return None
    negated = any(c.lemma.lower() in ("not", "n't", "never", "yet") for c in sentence.children(word.index, "advmod"))
    about = {w.lemma.lower() for w in sentence.subtree(word.index, without=("conj", "parataxis"))}
    if not about & SUBJECT_MATTER:
        return None
    if lemma in SILENCE:
        return "none as of" if negated else None
    answer = ANSWERS[lemma]
    if answer == "accepted" and negated:
        return "rejected"
    return "conditional" if answer == "accepted" and any(_hangs_on(sentence, word)) else answer


def _clause(sentence: Sentence, word: Word) -> tuple[int, int]:
    words = sentence.subtree(word.index, without=("conj", "parataxis", "cc", "punct"))
    return words[0].start, words[-1].end

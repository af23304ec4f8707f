"""The coder: a report in, its record out. No clock, no network, no randomness: the same in gives the same out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final

from truceline import nlp
from truceline.extract import Reading, span_of
from truceline.extract.arguments import Arguments, arguments
from truceline.extract.attribution import FoundStatement, attributions, statements
from truceline.extract.coreference import FIRST_PRONOUNS, PRONOUNS, SECOND_PRONOUNS, Discourse
from truceline.extract.factuality import status
from truceline.extract.place import location
from truceline.extract.quantities import CountedItems, FoundQuantity, quantities
from truceline.extract.roles import role_claims
from truceline.extract.time import FoundTime, times
from truceline.extract.triggers import Trigger, triggers
from truceline.extract.truces import truce_proposals, weighed
from truceline.kb import KnowledgeBase
from truceline.nlp.sentence import Sentence
from truceline.ontology import Lexicon, Ontology
from truceline.records import (
    CodedDocument,
    DateRange,
    Document,
    Entity,
    Event,
    Evidence,
    Location,
    Rejection,
    SentenceSpan,
    Statement,
    Versions,
    content_id,
)

__all__ = ["Coder"]


# "Nine people were killed when rockets hit the market": harm told beside the act is the act's, if it is the only one.
HARM: Final = ("dead", "injured", "missing")
# The network alone must be this sure of an event that nobody with a name or a role takes part in.
SURE_ALONE: Final = 0.6
# Sectors of people who live where they are hurt or march, unless something else is said of them.
LOCALS: Final = frozenset({"CVL", "LAB", "EDU", "AGR", "JRN", "MED", "REL", "SOC", "OPP"})
# "closed until Thursday" says when it ends, not when it was done.
OPEN_BEFORE: Final = ("until", "before")


@dataclass(frozen=True, slots=True)
class _Draft:
    """An event before the report as a whole has had its say."""

    sentence: Sentence
    trigger: Trigger
    sides: Arguments


@dataclass(frozen=True, slots=True)
class _Report:
    """One report with what is found once for all its events."""

    document: Document
    reading: Reading
    discourse: Discourse
    said: tuple[FoundStatement, ...]
    times: tuple[tuple[FoundTime, ...], ...]
    counted: tuple[tuple[FoundQuantity, ...], ...]


class Coder:
    """Codes reports. Loading takes about a second; one coder serves any number of reports."""

    def __init__(
        self, reader: nlp.Reader, kb: KnowledgeBase, ontology: Ontology, lexicon: Lexicon, items: CountedItems
    ) -> None:
        self._reader = reader
        self._kb = kb
        self._ontology = ontology
        self._lexicon = lexicon
        self._items = items
        self.versions = Versions(
            truceline=version("truceline"),
            model=reader.version,
            ontology=ontology.version,
            lexicon=f"{lexicon.version}+{items.version}",
            kb=kb.version,
        )

    @classmethod
    def load(cls, *, threads: int = 1) -> Coder:
        """The coder with the network, ontology, lexicon and knowledge base that come with the package.

        Raises:
            DataError: one of them is missing or breaks its schema.
        """
        ontology = Ontology.load()
        return cls(
            nlp.load(threads=threads), KnowledgeBase.load(), ontology, Lexicon.load(ontology), CountedItems.load()
        )  # fmt: skip

    def pipe(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
        """Code documents one after the other, in order, as they come."""
        for document in documents:
            yield self.code(document)

    def read(self, document: Document) -> Reading:
        """The report as the network and the knowledge base read it, before anything is decided."""
        return Reading(
            text=document.text,
            day=document.day,
            sentences=self._reader.read(document.text),
            mentions=self._kb.mentions(document.text),
            ontology=self._ontology,
            lexicon=self._lexicon,
            kb=self._kb,
        )

    def code(self, document: Document) -> CodedDocument:
        """The record of one report."""
        reading = self.read(document)
        discourse = Discourse(reading)
        said = statements(reading, discourse)
        drafts, rejected = self._drafts(reading, discourse, said)
        when = tuple(times(s, published=document.published) for s in reading.sentences)
        counted = tuple(
            quantities(s, self._items, dates=dates) for s, dates in zip(reading.sentences, when, strict=True)
        )
        report = _Report(document, reading, discourse, said, when, counted)
        events = _with_implied([self._event(report, draft, drafts) for draft in drafts])
        events, repeated = _first_mentions(reading, events)
        rejections = sorted([*rejected, *repeated], key=lambda r: (r.start, r.end, r.reason))
        return CodedDocument(
            document=document,
            sentences=tuple(SentenceSpan(s.index, s.start, s.end) for s in reading.sentences),
            events=tuple(events),
            statements=tuple(_statement(document, s) for s in said),
            truce_proposals=truce_proposals(reading, discourse, events, counted),
            role_claims=role_claims(reading),
            rejections=tuple(rejections),
            versions=self.versions,
        )

    def _drafts(
        self, reading: Reading, discourse: Discourse, said: Sequence[FoundStatement]
    ) -> tuple[list[_Draft], list[Rejection]]:
        drafts: list[_Draft] = []
        rejected: list[Rejection] = []
        for sentence in reading.sentences:
            found, refused = triggers(reading, sentence)
            rejected += refused
            every = [_spoken(_draft(reading, discourse, sentence, t), said) for t in found]
            public = [d for d in every if not _private(d)]
            rejected += [_rejected(d, "nobody whom a record could name takes part") for d in every if _private(d)]
            for draft in public:
                if _in_other_words(draft, public):
                    rejected.append(_rejected(draft, f"the same {draft.trigger.event_type} in other words"))
                else:
                    drafts.append(draft)
        return drafts, rejected

    def _material(self, trigger: Trigger) -> bool:
        return self._ontology.quad_class(trigger.event_type).startswith("material")

    def _event(self, report: _Report, draft: _Draft, drafts: Sequence[_Draft]) -> Event:
        document, reading, said = report.document, report.reading, report.said
        sentence, trigger, sides = draft.sentence, draft.trigger, draft.sides
        word = sentence.words[trigger.word]
        others = {d.trigger.word for d in drafts if d.sentence is sentence}
        violent = [d for d in drafts if d.sentence is sentence and d.trigger.event_type == "ASSAULT"]
        assaults = {d.trigger.word for d in violent}
        when, when_said = _date(report, sentence, trigger.word, others)
        state, state_said = status(reading, sentence, trigger, historical=bool(when and when.historical))
        held = attributions(reading, sentence, trigger, said)
        if any(a.polarity == "-" and a.certainty == "certain" for a in held) and state == "asserted":
            state = "negated"
        where = location(reading, sentence, trigger.word, sides.recipient, material=self._material(trigger))
        counted = [q for q in report.counted[sentence.index] if _belongs(sentence, q, trigger.word, others, assaults)]
        sides = _of_the_place(sides, where[0] if where else None)
        cameo = self._ontology.cameo(trigger.cameo)
        return Event(
            id=content_id("event", document.sha256, word.start, word.end, trigger.event_type),
            sentence=sentence.index,
            event_type=trigger.event_type,
            event_mode=trigger.mode,
            cameo=trigger.cameo,
            quad_class=self._ontology.quad_class(trigger.event_type),
            score=self._ontology.score(trigger.event_type, trigger.mode),
            contexts=cameo.contexts,
            trigger=span_of(document.text, word.start, word.end),
            actor=sides.actor,
            recipient=sides.recipient,
            date=when.date if when else _undated(document, state),
            location=where[0] if where else None,
            quantities=tuple(q.quantity for q in counted),
            status=state,
            attribution=held,
            evidence=(
                *trigger.evidence, *sides.evidence, *state_said, *when_said, *([where[1]] if where else ()),
                *(Evidence(q.rule, q.quantity.start, q.quantity.end) for q in counted),
                *(Evidence(s.rule, s.cue.start, s.cue.end) for s in said if s.covers(sentence, word.start)),
            ),
        )  # fmt: skip


def _draft(reading: Reading, discourse: Discourse, sentence: Sentence, trigger: Trigger) -> _Draft:
    sides = arguments(reading, discourse, sentence, trigger)
    return _Draft(sentence, weighed(reading, discourse, sentence, trigger, sides), sides)


def _spoken(draft: _Draft, said: Sequence[FoundStatement]) -> _Draft:
    """In what somebody says, "I" and "we" are the speaker, and "you" whom it is said to."""
    at = draft.sentence.words[draft.trigger.word].start
    statement = next((s for s in said if s.direct and s.covers(draft.sentence, at)), None)
    if statement is None:
        return draft
    actor, recipient = (
        tuple(_meant(e, statement) for e in side) for side in (draft.sides.actor, draft.sides.recipient)
    )
    changed = [e for e in (*actor, *recipient) if e not in (*draft.sides.actor, *draft.sides.recipient)]
    said_so = tuple(Evidence("coreference:speaker", e.start, e.end) for e in changed)
    return replace(draft, sides=Arguments(actor, recipient, (*draft.sides.evidence, *said_so)))


def _meant(entity: Entity, statement: FoundStatement) -> Entity:
    pronoun = entity.name.lower()
    spoken = statement.speaker if pronoun in FIRST_PRONOUNS else None
    spoken = statement.addressee if pronoun in SECOND_PRONOUNS else spoken
    if spoken is None or spoken.name.lower() in PRONOUNS:
        return entity
    return replace(entity, name=spoken.name, id=spoken.id, country=spoken.country, sectors=spoken.sectors)


def _in_other_words(draft: _Draft, drafts: Sequence[_Draft]) -> bool:
    """Another word of the sentence says the same: same type and parties, no mode of its own, and surer."""
    for other in drafts:
        if other is draft or other.trigger.event_type != draft.trigger.event_type:
            continue
        same_mode = draft.trigger.mode in (None, other.trigger.mode) or draft.trigger.entry is None
        mine, theirs = draft.trigger, other.trigger
        if same_mode and _sureness(theirs) > _sureness(mine) and _parties(draft) <= _parties(other):
            return True
    return False


def _sureness(trigger: Trigger) -> tuple[bool, float, int]:
    return trigger.entry is not None, trigger.score, -trigger.word


def _parties(draft: _Draft) -> set[str]:
    return {e.id or e.name for e in (*draft.sides.actor, *draft.sides.recipient)}


def _private(draft: _Draft) -> bool:
    """Only "I", "you" and the like take part, or, where no entry supports the network, nobody with a name or a role."""
    parties = [*draft.sides.actor, *draft.sides.recipient]
    if not parties:
        return False
    if all(e.name.lower() in FIRST_PRONOUNS | SECOND_PRONOUNS for e in parties):
        return True
    unsure = draft.trigger.entry is None and draft.trigger.score < SURE_ALONE
    return unsure and not any(_somebody(e) for e in parties)


def _somebody(entity: Entity) -> bool:
    named = entity.name[:1].isupper() and entity.name.lower() not in PRONOUNS
    return named or bool(entity.id or entity.country or entity.sectors)


def _rejected(draft: _Draft, reason: str) -> Rejection:
    word = draft.sentence.words[draft.trigger.word]
    return Rejection(reason, word.start, word.end)


def _of_the_place(sides: Arguments, where: Location | None) -> Arguments:
    """Civilians of whom nothing else is said are of the country that it happened in: "people marched in Hong Kong"."""
    if where is None or where.country is None:
        return sides
    local = [e for e in (*sides.actor, *sides.recipient) if e.country is None and _lives_there(e)]
    placed = {id(e): replace(e, country=where.country) for e in local}
    said = tuple(Evidence("place:country-of-party", where.start, where.end) for _ in local[:1])
    return Arguments(
        tuple(placed.get(id(e), e) for e in sides.actor),
        tuple(placed.get(id(e), e) for e in sides.recipient),
        (*sides.evidence, *said),
    )


def _lives_there(entity: Entity) -> bool:
    nobody_known = entity.id is None and not entity.sectors and not entity.name[:1].isupper()
    return bool(set(entity.sectors) & LOCALS) or nobody_known


def _statement(document: Document, found: FoundStatement) -> Statement:
    return Statement(
        id=content_id("statement", document.sha256, found.cue.start, found.cue.end),
        sentence=found.sentence,
        speaker=found.speaker,
        cue=found.cue.text,
        addressee=found.addressee,
        content=found.content,
        direct=found.direct,
        evidence=(Evidence(found.rule, found.cue.start, found.cue.end),),
    )


def _undated(document: Document, state: str) -> DateRange:
    """Without words that say when: the day of publication for what has happened, nothing for the rest."""
    if document.day is None or state in ("planned", "hypothetical", "historical"):
        return DateRange(None, None, "", "unknown", "unknown")
    day = document.day.isoformat()
    return DateRange(day, day, "", "day", "document")


def _date(
    report: _Report, sentence: Sentence, trigger: int, others: set[int]
) -> tuple[FoundTime | None, tuple[Evidence, ...]]:
    """The time that the words tie to the trigger: its own, else its clause's, but never that of "said"."""
    reading, found = report.reading, report.times[sentence.index]
    anchored = [
        (t, _anchor(reading, sentence, t.head, others)) for t in found if t.date.start or t.relation not in OPEN_BEFORE
    ]
    own = [t for t, anchor in anchored if anchor == trigger]
    if not own:
        above = {w.index for w in _clause_above(reading, sentence, trigger, others)}
        own = [t for t, anchor in anchored if anchor in above]
    if not own:
        return None, ()
    best = min(own, key=lambda t: (t.date.start is None, abs(t.start - sentence.words[trigger].start)))
    return best, (Evidence(best.rule, best.start, best.end),)


def _clause_above(reading: Reading, sentence: Sentence, trigger: int, others: set[int]) -> Iterator[nlp.sentence.Word]:
    for word in sentence.ancestors(trigger):
        if word.index in others or reading.lexicon.speech(word.lemma.lower()):
            return
        yield word


def _anchor(reading: Reading, sentence: Sentence, word: int, others: set[int]) -> int | None:
    """The trigger, speech verb or root above a time expression: the first of them on the way up."""
    last = word
    for above in (sentence.words[word], *sentence.ancestors(word)):
        last = above.index
        verb = above.upos == "VERB"
        if above.index in others or verb:
            return above.index
    return last


def _belongs(sentence: Sentence, found: FoundQuantity, trigger: int, others: set[int], assaults: set[int]) -> bool:
    """The quantity is the trigger's: no other trigger stands between the counted word and it."""
    for word in (sentence.words[found.head], *sentence.ancestors(found.head)):
        if word.index in others:
            return word.index == trigger
        if word.deprel in ("acl:relcl", "parataxis"):
            # Another clause with a verb of its own: its figures are not those of the clause above.
            break
    return found.quantity.kind in HARM and assaults == {trigger}


def _with_implied(events: Sequence[Event]) -> list[Event]:
    """Sides of an assault that its sentence leaves out, where the rest of the report has one answer only."""
    dyads = [
        (a, r)
        for e in events
        if e.event_type == "ASSAULT" and e.status != "negated"
        for a in e.actor
        for r in e.recipient
        if a.country and r.country and a.country != r.country
    ]
    return [_imply(event, dyads) if event.event_type == "ASSAULT" else event for event in events]


def _imply(event: Event, dyads: Sequence[tuple[Entity, Entity]]) -> Event:
    hurt = {r.country for r in event.recipient if r.country} or (
        {event.location.country} if event.location and event.location.country and not event.actor else set()
    )
    doers = {a.country for a in event.actor if a.country}
    actor, recipient = event.actor, event.recipient
    if not actor and hurt:
        actor = _only(a for a, r in dyads if r.country in hurt)
    if not recipient and doers:
        recipient = _only(r for a, r in dyads if a.country in doers)
    if actor == event.actor and recipient == event.recipient:
        return event
    added = (*(() if event.actor else actor), *(() if event.recipient else recipient))
    said = tuple(Evidence("args:implied", e.start, e.end) for e in added)
    return replace(event, actor=actor, recipient=recipient, evidence=(*event.evidence, *said))


def _only(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """The one country that these are of, as an implied entity; nothing when they are of several."""
    found = list(entities)
    if len({e.country for e in found}) != 1:
        return ()
    return (replace(found[0], implied=True),)


def _first_mentions(reading: Reading, events: Sequence[Event]) -> tuple[list[Event], list[Rejection]]:
    """Leave out nouns that take up an event already told ("Ruiz's call for ..." after "Ruiz called for ...")."""
    kept: list[Event] = []
    rejected: list[Rejection] = []
    for event in events:
        earlier = next((e for e in kept if _takes_up(reading, event, e)), None)
        if earlier:
            reason = f"a later mention of the {event.event_type} in sentence {earlier.sentence}"
            rejected.append(Rejection(reason, event.trigger.start, event.trigger.end))
        else:
            kept.append(event)
    return kept, rejected


def _takes_up(reading: Reading, event: Event, earlier: Event) -> bool:
    if event.event_type != earlier.event_type or event.sentence <= earlier.sentence or not event.actor:
        return False
    sentence = reading.sentences[event.sentence]
    word = next(w for w in sentence.words if w.start == event.trigger.start)
    definite = any(
        c.deprel == "nmod:poss" or c.text.lower() in ("the", "this", "that", "these", "those")
        for c in sentence.children(word.index, "nmod:poss", "det")
    )
    same = {a.name for a in event.actor} <= {a.name for a in earlier.actor}
    return word.upos == "NOUN" and definite and same and not event.quantities and event.event_type != "ASSAULT"

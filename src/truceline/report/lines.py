"""A record in plain lines for the terminal: its words with the trigger marked, each field with its rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from truceline.ledger import Shown, Stored
from truceline.records import CodedDocument, Entity, Event, Location, Quantity, Statement, TruceProposal
from truceline.report import phrases

_INDENT = 12
Line = tuple[str, str]
_FAMILIES = {
    "lexicon": "type",
    "types": "type",
    "time": "when",
    "place": "where",
    "quantities": "figure",
    "quantity": "figure",
    "factuality": "status",
    "status": "status",
    "attribution": "claim",
    "context": "contexts",
}
"""Which field the rules of a family decide; a rule is named FAMILY:RULE, or FAMILY:RULE:FIELD."""
_Evidenced = Event | Statement | TruceProposal


def lines(shown: Shown[CodedDocument | Event | Statement | TruceProposal]) -> str:
    """Any record that the ledger finds by id, in plain lines, each ending in a line break."""
    record, stored = shown.record, shown.stored
    if isinstance(record, Event):
        return event_lines(Shown("event", record, stored))
    if isinstance(record, Statement):
        said = Shown("statement", record, stored)
        return _laid_out(f"statement {record.id}", said.words, _statement(record), said)
    if isinstance(record, TruceProposal):
        proposed = Shown("proposal", record, stored)
        return _laid_out(f"proposal {record.id}", proposed.words, _proposal(record), proposed)
    return _document_lines(stored)


def event_lines(shown: Shown[Event]) -> str:
    """An event in plain lines: [[trigger]] in its sentence, then each field with its <rules>."""
    event = shown.record
    words = "".join(f"[[{piece.text}]]" if piece.role == "trigger" else piece.text for piece in phrases.marked(shown))
    fields = [("type", _type(event)), *_who(event), *_what(event)]
    return _laid_out(f"event {event.id}", words, fields, shown)


def _type(event: Event) -> str:
    cameo = f"CAMEO {event.cameo}" if event.cameo else "no CAMEO code"
    codes = f"{phrases.event_code(event)}, {cameo}, {event.quad_class}, intensity {event.score:g}"
    return _with_rules(codes, event, "type")


def _who(event: Event) -> Iterator[Line]:
    for role, entities in (("actor", event.actor), ("recipient", event.recipient)):
        named = [_with_rules(_named(entity), event, role, entity) for entity in entities]
        yield from ((role, line) for line in named or ["not named"])


def _what(event: Event) -> Iterator[Line]:
    when = f"{phrases.when(event.date)}; {phrases.when_basis(event.date)}"
    yield "when", _with_rules(when, event, "when")
    if event.location:
        where = f"{phrases.place(event.location)}; {phrases.place_precision(event.location)}"
        yield "where", _with_rules(where, event, "where", event.location)
    for quantity in event.quantities:
        words = f"{phrases.measure(quantity)} {phrases.bounds(quantity)}  “{quantity.text}”"
        words += f", part of “{quantity.part_of}”" if quantity.part_of else ""
        yield "figure", _with_rules(words, event, "figure", quantity)
    yield "status", _with_rules(event.status, event, "status")
    for said, held in zip(phrases.holders(event), event.attribution, strict=True):
        yield "claim", _with_rules(said, event, "claim", held.holder)
    if event.contexts:
        yield "contexts", _with_rules(", ".join(event.contexts), event, "contexts")


def _with_rules(words: str, event: Event, field: str, part: Entity | Location | Quantity | None = None) -> str:
    """Add the rules that decided a field, or that read exactly the words of this part of it."""
    rules = [
        evidence.rule
        for evidence in event.evidence
        if _decides(evidence.rule, field)
        or (part and not _decided(evidence.rule) and (evidence.start, evidence.end) == (part.start, part.end))
    ]
    return f"{words}  <{', '.join(dict.fromkeys(rules))}>" if rules else words


def _decides(rule: str, field: str) -> bool:
    """Whether a rule is of a step that decides this field: its family, or its side in a family of many."""
    family, *rest = rule.split(":")
    if family in _FAMILIES:
        return _FAMILIES[family] == field
    return bool(rest) and _FAMILIES.get(rest[-1], rest[-1]) == field


def _decided(rule: str) -> bool:
    return any(_decides(rule, field) for field in (*_FAMILIES.values(), "actor", "recipient"))


def _named(entity: Entity) -> str:
    known = f", {entity.id}" if entity.id else ""
    return f"{phrases.party(entity)}{known}  “{entity.text}”"


def _statement(statement: Statement) -> Iterator[Line]:
    yield "speaker", _named(statement.speaker)
    yield "cue", statement.cue
    if statement.addressee:
        yield "addressee", _named(statement.addressee)
    if statement.content:
        yield "content", f"“{statement.content.text}”" + (" (quoted)" if statement.direct else "")


def _proposal(proposal: TruceProposal) -> Iterator[Line]:
    yield from phrases.proposal_terms(proposal)
    for response in proposal.responses:
        yield "response", f"{phrases.party(response.party)}: {phrases.answer(response)}  “{response.text}”"


def _laid_out(head: str, words: str, fields: Iterable[Line], shown: Shown[_Evidenced]) -> str:
    text = shown.stored.coded.document.text
    rules = [("rule", f"{one.rule}  “{text[one.start : one.end]}”") for one in shown.record.evidence]
    body = [*fields, *rules, ("report", _report(shown.stored)), ("made by", _versions(shown.stored))]
    return _safe([head, "  " + " ".join(words.split()), *(_line(*field) for field in body)])


def _document_lines(stored: Stored) -> str:
    coded = stored.coded
    counts = [
        ("event", len(coded.events)),
        ("statement", len(coded.statements)),
        ("proposal", len(coded.truce_proposals)),
        ("rejection", len(coded.rejections)),
    ]
    fields = [("seen at", " · ".join(filter(None, (s.source, s.published, s.url)))) for s in stored.sources]
    fields += [("holds", ", ".join(phrases.counted(count, name) for name, count in counts))]
    fields += [("made by", _versions(stored))]
    events = [
        f"  {event.id}  {phrases.event_code(event)}  {phrases.parties(event.actor)} -> "
        f"{phrases.parties(event.recipient)}  “{event.trigger.text}”"
        for event in coded.events
    ]
    title = f"  {coded.document.title}" if coded.document.title else ""
    return _safe([f"document {coded.document.id}{title}", *(_line(*field) for field in fields), *events])


def _line(name: str, words: str) -> str:
    return f"  {name:<{_INDENT}}{words}"


def _report(stored: Stored) -> str:
    document = stored.coded.document
    day = phrases.one_day(document.published) if document.published else "no day of publication"
    return ", ".join(filter(None, (document.source, document.title, day, document.id)))


def _versions(stored: Stored) -> str:
    versions = stored.coded.versions
    parts = (f"model {versions.model}", f"ontology {versions.ontology}")
    return ", ".join((f"truceline {versions.truceline}", *parts, f"lexicon {versions.lexicon}", f"kb {versions.kb}"))


def _safe(found: Iterable[str]) -> str:
    # One line a field: a line break inside a name or words must not look like another field.
    return "".join(phrases.printable(" ⏎ ".join(line.splitlines())) + "\n" for line in found)

"""The example reports against the records that a reader expects of them (``examples/expected``)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from truceline import readers
from truceline.coder import Coder
from truceline.records import Attribution, CodedDocument, Document, Entity, Event, Quantity, Statement, TruceProposal

EXAMPLES = Path(__file__).parents[1] / "examples"
EXPECTED = EXAMPLES / "expected"
REPORTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".txt", ".jsonl"})
KINDS = ("events", "statements", "truce_proposals", "responses", "not_events")

Gold = dict[str, Any]
Key = tuple[str, str | None]
Coded = dict[Key, CodedDocument]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the record of one report must hold or, in ``not_events``, must not.

    ``key`` is the stem of the report's file and, for a line of a ``.jsonl`` file, the report's id.
    """

    key: Key
    kind: str
    number: int
    gold: Gold

    def __str__(self) -> str:
        """The item's name in the list of tests: "01/events-2", "15-finland-2023/events-1"."""
        file, report = self.key
        label = self.gold.get("trigger") or self.gold.get("words") or self.gold.get("party") or ""
        words = label if isinstance(label, str) else label[0]
        parts = (file[:2] + (f"-{report}" if report else ""), f"{self.kind}-{self.number}", words)
        return "/".join(part for part in parts if part)


def items_of(key: Key, gold: Gold) -> Iterator[Item]:
    for kind in KINDS:
        for number, one in enumerate(gold.get(kind, ())):
            yield Item(key, kind, number, one)
            if kind == "truce_proposals":
                yield from answers_of(key, one)


def answers_of(key: Key, proposal: Gold) -> Iterator[Item]:
    """Each party's answer is an item of its own: the terms may be read while an answer is missed."""
    gaps = proposal.get("response_gaps", {})
    for number, (party, answer) in enumerate(proposal["responses"].items()):
        gold = {"sentence": proposal["sentence"], "proposer": proposal["proposer"], "party": party, "answer": answer}
        yield Item(key, "responses", number, gold | ({"gap": gaps[party]} if party in gaps else {}))


def all_items() -> Iterator[Item]:
    for report in REPORTS:
        gold = json.loads((EXPECTED / f"{report.stem}.json").read_text("utf-8"))
        if report.suffix == ".txt":
            yield from items_of((report.stem, None), gold)
        else:
            for name, one in gold.items():
                yield from items_of((report.stem, name), one)


ITEMS = tuple(all_items())


@pytest.fixture(scope="module")
def coded() -> Coded:
    coder = Coder.load()
    found: Coded = {}
    for report in REPORTS:
        for document in readers.read([str(report)]):
            assert isinstance(document, Document), document
            name = None if report.suffix == ".txt" else document.id
            found[report.stem, name] = coder.code(document)
    return found


def one_of(given: str | Sequence[str]) -> Sequence[str]:
    return (given,) if isinstance(given, str) else given


def names(entity: Entity, words: str) -> bool:
    """Whether the words, or one of several between bars, occur in the entity's name or text."""
    known = f"{entity.name}\n{entity.text}".casefold()
    return any(word.casefold() in known for word in words.split("|"))


def named(entities: Sequence[Entity], wanted: Sequence[str]) -> bool:
    """Whether each of the wanted occurs in some entity; none wanted means that there is none."""
    return all(any(names(one, words) for one in entities) for words in wanted) if wanted else not entities


def measures(quantity: Quantity, wanted: Gold) -> bool:
    if wanted["text"].casefold() not in quantity.text.casefold():
        return False
    return all(getattr(quantity, bound) == wanted[bound] for bound in ("low", "high", "part_of") if bound in wanted)


def held(attributions: Sequence[Attribution], holder: str) -> bool:
    return any(names(one.holder, holder) for one in attributions)


def faults(event: Event, gold: Gold) -> list[str]:
    """Where an event of the same sentence and type falls short of the expected one."""
    trigger = event.trigger.text.casefold().split()
    checks = {
        "event_type": event.event_type in one_of(gold["event_type"]),
        "trigger": not gold.get("trigger") or any(word.casefold() in trigger for word in one_of(gold["trigger"])),
        "event_mode": "event_mode" not in gold or event.event_mode in one_of(gold["event_mode"]),
        "actor": "actor" not in gold or named(event.actor, gold["actor"]),
        "recipient": "recipient" not in gold or named(event.recipient, gold["recipient"]),
        "status": "status" not in gold or event.status in one_of(gold["status"]),
        "quantities": all(any(measures(one, q) for one in event.quantities) for q in gold.get("quantities", ())),
        "holder": "holder" not in gold or held(event.attribution, gold["holder"]),
    }
    return [name for name, holds in checks.items() if not holds]


def is_said(statement: Statement, gold: Gold) -> bool:
    return names(statement.speaker, gold["speaker"]) and gold.get("direct", statement.direct) == statement.direct


def is_proposed(proposal: TruceProposal, gold: Gold) -> bool:
    if proposal.proposer is None or not names(proposal.proposer, gold["proposer"]):
        return False
    stated = all(getattr(proposal, name) == gold[name] for name in ("scope", "duration", "start") if name in gold)
    conditions = " ".join(proposal.conditions)
    return (
        stated
        and gold.get("area", "") in (proposal.area or "")
        and all(words in conditions for words in gold.get("conditions", ()))
        and ("parties" not in gold or named(proposal.parties, gold["parties"]))
    )


def is_answered(proposal: TruceProposal, gold: Gold) -> bool:
    last = [one.answer for one in proposal.responses if names(one.party, gold["party"])][-1:]
    return last == [gold["answer"]]


def is_coded(event: Event, gold: Gold) -> bool:
    """Whether an event is on the words that hold none, or none of the status given."""
    trigger = event.trigger.text.casefold().split()
    return gold["words"].casefold() in trigger and gold.get("status", event.status) == event.status


def is_met(record: CodedDocument, item: Item) -> bool:
    gold = item.gold
    events = [one for one in record.events if one.sentence == gold["sentence"]]
    said = [one for one in record.statements if one.sentence == gold["sentence"]]
    proposed = [one for one in record.truce_proposals if one.sentence == gold["sentence"]]
    return {
        "events": lambda: any(not faults(one, gold) for one in events),
        "statements": lambda: any(is_said(one, gold) for one in said),
        "truce_proposals": lambda: any(is_proposed(one, gold) for one in proposed),
        "responses": lambda: any(is_answered(one, gold) for one in proposed),
        "not_events": lambda: not any(is_coded(one, gold) for one in events),
    }[item.kind]()


def shown(event: Event, gold: Gold) -> str:
    """An event in a line, for the message of a test that fails."""
    parties = " -> ".join(", ".join(one.name for one in side) or "-" for side in (event.actor, event.recipient))
    amounts = ", ".join(f"{one.text} [{one.low}..{one.high}]" for one in event.quantities) or "-"
    holders = ", ".join(one.holder.name for one in event.attribution) or "-"
    kind = f"{event.event_type}/{event.event_mode}"
    short = f"; not as expected: {', '.join(faults(event, gold))}" if "event_type" in gold else ""
    return f"{event.trigger.text}: {kind} {event.status}, {parties}; {amounts}; held by {holders}{short}"


def sentence_of(record: CodedDocument, index: int) -> str:
    span = record.sentences[index]
    return record.document.text[span.start : span.end]


def message(record: CodedDocument, item: Item) -> str:
    """The sentence, what was expected of it and what was coded in it."""
    index = item.gold["sentence"]
    lines = [f"{item}: {sentence_of(record, index)}", f"expected: {json.dumps(item.gold)}"]
    lines += [f"event: {shown(one, item.gold)}" for one in record.events if one.sentence == index]
    lines += [f"said by: {one.speaker.name}" for one in record.statements if one.sentence == index]
    lines += [f"proposal: {one}" for one in record.truce_proposals if one.sentence == index]
    return "\n".join(lines)


@pytest.mark.parametrize("item", [one for one in ITEMS if "gap" not in one.gold], ids=str)
def test_what_a_reader_expects_is_in_the_record(coded: Coded, item: Item) -> None:
    record = coded[item.key]
    met = is_met(record, item)
    assert met, message(record, item)


@pytest.mark.parametrize("item", [one for one in ITEMS if "gap" in one.gold], ids=str)
def test_a_gap_is_still_a_gap(coded: Coded, item: Item) -> None:
    met = is_met(coded[item.key], item)
    assert not met, f"{item} is met now: take its mark away; count it in examples/expected/summary.json and the README"


def test_no_fewer_are_met_than_the_summary_says(coded: Coded) -> None:
    summary = json.loads((EXPECTED / "summary.json").read_text("utf-8"))
    met = Counter(one.kind for one in ITEMS if is_met(coded[one.key], one))
    assert sum(met.values()) * summary["all"] >= summary["met"] * len(ITEMS)
    assert all(met[kind] >= count["met"] for kind, count in summary["kinds"].items())


def test_the_summary_and_the_readme_count_what_is_there() -> None:
    summary = json.loads((EXPECTED / "summary.json").read_text("utf-8"))
    kinds = Counter(one.kind for one in ITEMS)
    unmarked = Counter(one.kind for one in ITEMS if "gap" not in one.gold)
    assert summary["kinds"] == {kind: {"all": kinds[kind], "met": unmarked[kind]} for kind in KINDS}
    assert (summary["all"], summary["met"]) == (len(ITEMS), sum(unmarked.values()))
    assert f"{summary['met']} of the {summary['all']} items" in (EXAMPLES / "README.md").read_text("utf-8")


@pytest.mark.parametrize("item", ITEMS, ids=str)
def test_expectations_speak_of_their_sentence(coded: Coded, item: Item) -> None:
    words = sentence_of(coded[item.key], item.gold["sentence"]).casefold()
    quoted = [one["text"] for one in item.gold.get("quantities", ())] + [item.gold.get("words", "")]
    quoted += one_of(item.gold.get("trigger", ""))
    assert all(one.casefold() in words for one in quoted)


def test_every_report_has_its_expectations(coded: Coded) -> None:
    assert {one.key for one in ITEMS} == set(coded)


def dead_in(record: CodedDocument, place: str) -> list[Quantity]:
    events = [one for one in record.events if one.event_type == "ASSAULT" and one.status == "asserted"]
    here = [one for one in events if place in sentence_of(record, one.sentence)]
    return [amount for one in here for amount in one.quantities if amount.kind == "dead"]


def test_two_reports_of_one_strike_give_figures_that_do_not_meet(coded: Coded) -> None:
    wire = dead_in(coded["01-wire-strike-on-halvet", None], "Halvet")
    local = dead_in(coded["02-local-paper-halvet-market", None], "Halvet")
    assert [(one.low, one.high) for one in wire] == [(14, None)]
    assert [(one.low, one.high) for one in local] == [(9, 9)]


def test_the_denied_strike_is_in_the_record_and_only_negated(coded: Coded) -> None:
    denials = [
        ("03-communique-quessia-denies-strike", 1),
        ("05-briefing-porvath", 3),
    ]
    for stem, sentence in denials:
        assaults = [one for one in coded[stem, None].events if one.sentence == sentence and one.event_type == "ASSAULT"]
        assert {one.status for one in assaults} == {"negated"}


def test_the_proposal_and_its_answers_are_told_report_by_report(coded: Coded) -> None:
    told = {}
    for (stem, _), record in coded.items():
        for proposal in record.truce_proposals:
            if proposal.proposer and "Calvane" in proposal.proposer.name:
                answers = {one.party.name.split()[0]: one.answer for one in proposal.responses}
                told[stem[:2]] = (proposal.duration, answers)
    assert told == {
        "07": ("P30D", {"Taldora": "ambiguous", "Quessia": "none as of"}),
        "08": ("P30D", {"Taldora": "conditional"}),
        "09": ("P30D", {"Taldora": "conditional", "Quessia": "none as of"}),
    }

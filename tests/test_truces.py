"""Truces proposed: by whom, between whom, how long, under which conditions, and what was answered."""

from __future__ import annotations

import pytest

import steps
from truceline.extract.coreference import Discourse
from truceline.extract.quantities import CountedItems, quantities
from truceline.extract.truces import truce_proposals
from truceline.records import TruceProposal

BETWEEN = "Calvane proposed a 30-day ceasefire between Taldora and Quessia."


def proposals(*texts: str) -> tuple[TruceProposal, ...]:
    read = steps.reading(*texts)
    items = CountedItems.load()
    return truce_proposals(read, Discourse(read), [], [quantities(s, items) for s in read.sentences])


@pytest.mark.parametrize(
    ("text", "proposer", "parties", "scope", "duration", "conditions"),
    [
        (BETWEEN, "Calvane", ["Taldora", "Quessia"], None, "P30D", []),
        ("Calvane called for a one-month humanitarian truce.", "Calvane", [], "humanitarian", "P1M", []),
        ("Calvane proposed a truce for three days.", "Calvane", [], None, "P3D", []),
        ("Calvane's proposal for a truce failed.", "Calvane", [], None, None, []),
        ("Calvane proposed an end to hostilities.", "Calvane", [], None, None, []),
        ("Calvane proposed a truce if Quessia releases prisoners.", "Calvane", [], None, None,
         ["if Quessia releases prisoners"]),
    ],
)  # fmt: skip
def test_terms(
    text: str, proposer: str, parties: list[str], scope: str | None, duration: str | None, conditions: list[str]
) -> None:
    (found,) = proposals(text)
    assert found.proposer is not None
    assert (found.proposer.name, [p.name for p in found.parties]) == (proposer, parties)
    assert (found.scope, found.duration, list(found.conditions)) == (scope, duration, conditions)
    assert all(e.rule.startswith("truce:") and text[e.start : e.end].strip() for e in found.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "Calvane proposed an end to the tariffs.",  # an end, but not of fighting
        "Quessia rejected the truce.",  # a truce, but nobody proposes it here
        "Analysts remain skeptical about the truce.",
    ],
)
def test_no_proposal(text: str) -> None:
    assert proposals(text) == ()


@pytest.mark.parametrize(
    ("texts", "answers"),
    [
        ((), []),
        (("Taldora accepted the proposal.",), [("Taldora", "accepted", None)]),
        (("Quessia rejected the truce.",), [("Quessia", "rejected", None)]),
        (("Quessia did not accept the proposal.",), [("Quessia", "rejected", None)]),
        (("Quessia agreed to the truce if Taldora withdraws.",), [("Quessia", "conditional", None)]),
        (("Quessia welcomed the proposal.",), [("Quessia", "ambiguous", None)]),
        (("Quessia has not responded to the proposal.",), [("Quessia", "none as of", "2016-03-25")]),
        (("Taldora accepted the proposal.", "Quessia rejected the truce."),
         [("Taldora", "accepted", None), ("Quessia", "rejected", None)]),
        (("Taldora shelled Adessa.",), []),
    ],
    ids=lambda value: value[0] if value and isinstance(value[0], str) else None,
)  # fmt: skip
def test_responses(texts: tuple[str, ...], answers: list[tuple[str, str, str | None]]) -> None:
    (found,) = proposals(BETWEEN, *texts)
    assert [(r.party.name, r.answer, r.as_of) for r in found.responses] == answers
    whole = " ".join([BETWEEN, *texts])
    assert all(whole[r.start : r.end] == r.text for r in found.responses)


def test_silence_has_no_day_when_the_report_has_none() -> None:
    read = steps.reading(BETWEEN, "Quessia has not responded to the proposal.", day=None)
    (found,) = truce_proposals(read, Discourse(read), [], [()] * 2)
    assert [(r.answer, r.as_of) for r in found.responses] == [("none as of", None)]


def test_the_same_proposal_told_again_is_one() -> None:
    (found,) = proposals(BETWEEN, "Calvane's proposal for a truce failed.")
    assert found.sentence == 0


def test_ids_are_of_the_content() -> None:
    ids = [proposals(*texts)[0].id for texts in [(BETWEEN,), (BETWEEN,), (BETWEEN, "Taldora shelled Adessa.")]]
    assert ids[0] == ids[1] != ids[2]

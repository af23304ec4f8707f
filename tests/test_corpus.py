"""The annotated reports: every file is as its guidelines say, and the parts do not share texts."""

from __future__ import annotations

import json
import sys
from collections import Counter
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from truceline.ontology import Ontology

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "evaluation"))
import annotated  # noqa: E402 - a script's folder, no package
import coding  # noqa: E402

CORPUS = ROOT / "corpus"
FILES = sorted(CORPUS.glob("*.jsonl"))
# A second annotation of reports of the test part; not a part of its own.
SECOND = CORPUS / "second.jsonl"
PARTS = [path for path in FILES if path != SECOND]
LAYERS = ("events", "names", "quantities", "attributions")

GOOD: dict[str, Any] = {
    "id": "x-1", "manner": "wire", "region": "nowhere", "published": "2020-05-01",
    "sentences": [
        {
            "text": "The army shelled Oster, and Oster burned, its mayor said.",
            "events": [
                {"trigger": "shelled", "type": "ASSAULT", "mode": "heavy-weapons", "status": "asserted",
                 "actor": ["The army"], "recipient": ["Oster"]}
            ],
            "names": [["Oster", "GPE"]],
            "quantities": [],
            "attributions": [{"holder": "its mayor", "cue": "said", "content": "The army shelled Oster"}],
        },
        {
            "text": "\"At least 14 houses are gone.\"",
            "events": [], "names": [],
            "quantities": [
                {"text": "At least 14 houses", "low": 14, "high": None, "kind": "other", "counts": "houses"}
            ],
            "attributions": [
                {"holder": [0, "its mayor"], "cue": [0, "said"], "content": "At least 14 houses are gone."}
            ],
        },
    ],
    "chains": [[[0, "Oster"], [0, "Oster#2"], [0, "its"]]],
}  # fmt: skip


@cache
def ontology() -> Ontology:
    return Ontology.load()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_wrong(path: Path) -> None:
    assert [(r["id"], what) for r in lines(path) for what in annotated.problems(r, ontology())] == []
    assert len(list(annotated.read(path))) == len(lines(path))


def test_no_report_and_no_sentence_comes_twice() -> None:
    every = [report for path in PARTS for report in lines(path)]
    ids = Counter(report["id"] for report in every)
    texts = Counter(s["text"] for report in every for s in report["sentences"] if len(s["text"].split()) > 6)
    assert [twice for twice, n in (ids + texts).items() if n > 1] == []


def test_the_second_annotation_is_of_reports_of_the_test_part() -> None:
    test = {r["id"]: [s["text"] for s in r["sentences"]] for r in lines(CORPUS / "test.jsonl")}
    again = {r["id"]: [s["text"] for s in r["sentences"]] for r in lines(SECOND)}
    assert again.items() <= test.items()
    assert sum(map(len, again.values())) >= 150


def test_it_is_as_large_and_as_mixed_as_it_says() -> None:
    reports = [report for path in PARTS for report in lines(path)]
    sentences = [s for report in reports for s in report["sentences"]]
    types = Counter(e["type"] for s in sentences for e in s["events"])
    assert len(reports) >= 350
    assert len(sentences) >= 2500
    assert set(types) == set(ontology().types)
    assert min(types.values()) >= 60
    assert sum(not s["events"] for s in sentences) / len(sentences) >= 0.25


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_guidelines_have_the_counts_of_today(path: Path) -> None:
    reports = lines(path)
    sentences = [s for report in reports for s in report["sentences"]]
    counts = [len(reports), len(sentences), *(sum(len(s[k]) for s in sentences) for k in LAYERS)]
    counts += [sum(len(r["chains"]) for r in reports), sum(len(s["text"].split()) for s in sentences)]
    row = " | ".join([f"`{path.name}`", *(f"{count:,}" for count in counts)])
    assert f"| {row} |" in (CORPUS / "README.md").read_text("utf-8")


def test_a_good_report_passes_and_is_read() -> None:
    assert list(annotated.problems(GOOD, ontology())) == []
    report = annotated.report(GOOD)
    first, second = report.sentences
    assert first.events[0].trigger == (9, 16)
    assert [span for span, _ in first.names] == [(17, 22), (28, 33)]
    assert second.attributions[0].holder == (0, (42, 51))
    assert second.quantities[0].low == 14
    assert [span for _, span in report.chains[0]] == [(17, 22), (28, 33), (42, 45)]


def wrong(path: list[str | int], value: object) -> list[str]:
    """What is said of the good report with one value changed."""
    data = deepcopy(GOOD)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return list(annotated.problems(data, ontology()))


EVENT: list[str | int] = ["sentences", 0, "events", 0]
QUANTITY: list[str | int] = ["sentences", 1, "quantities", 0]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["manner"], "song", "manner 'song'"),
        (["published"], "May 2020", "published 'May 2020'"),
        (["chains"], [[[0, "Oster"]]], "chain [[0, 'Oster']] has one mention"),
        (["chains"], [[[0, "Oster"], [2, "it"]]], "chain [[0, 'Oster'], [2, 'it']]: no sentence 2"),
        (["chains"], [[[0, "Oster"], [0, "Oster"]]], "chains: 'Oster' of sentence 0 twice"),
        ([*EVENT, "trigger"], "shell", "sentence 0: 'shell' is not in the sentence"),
        ([*EVENT, "trigger"], "The army", "sentence 0: trigger 'The army' is not one word"),
        ([*EVENT, "trigger"], "shelled#2", "sentence 0: 'shelled#2' is not in the sentence"),
        ([*EVENT, "recipient"], ["Ost"], "sentence 0: 'Ost' is not in the sentence"),
        ([*EVENT, "place"], "", "sentence 0: '' is not in the sentence"),
        ([*EVENT, "type"], "ATTACK", "sentence 0: type 'ATTACK'"),
        ([*EVENT, "mode"], "withdraw", "sentence 0: mode 'withdraw' of ASSAULT"),
        ([*EVENT, "status"], "likely", "sentence 0: status 'likely'"),
        (["sentences", 0, "names"], [["Oster#3", "GPE"]], "sentence 0: 'Oster#3' is not in the sentence"),
        (["sentences", 0, "names"], [["Oster", "CITY"]], "sentence 0: kind 'CITY' of a name"),
        ([*QUANTITY, "kind"], "houses", "sentence 1: kind 'houses' of a quantity"),
        ([*QUANTITY, "high"], 3, "sentence 1: low 14 above high 3"),
        ([*QUANTITY, "low"], "14", "sentence 1: bounds '14' and None of 'At least 14 houses'"),
        (["sentences", 0, "attributions"], [{"holder": "its mayor"}], "sentence 0: attribution keys ['holder']"),
        (["sentences", 1, "attributions", 0, "holder"], [0, "Dora"], "sentence 1: 'Dora' is not in the sentence 0"),
        (["sentences", 1, "attributions", 0, "cue"], [7, "said"], "sentence 1: cue [7, 'said']"),
    ],
)
def test_what_is_wrong_is_said(path: list[str | int], value: object, said: str) -> None:
    assert said in wrong(path, value)


def test_an_annotation_agrees_with_itself() -> None:
    same = coding.measure_agreement([annotated.report(GOOD)], [annotated.report(GOOD)])
    assert {k: v for k, v in same.items() if v != 100} == {}


@pytest.mark.parametrize(
    ("path", "value", "figure", "percent"),
    [
        ([*EVENT, "type"], "COERCE", "triggers", 0),
        ([*EVENT, "type"], "COERCE", "trigger_words", 100),
        ([*EVENT, "recipient"], [], "arguments", 66.7),
        ([*EVENT, "actor"], ["its mayor"], "arguments_given", 50),
        ([*EVENT, "status"], "negated", "status", 0),
        (["sentences", 0, "attributions", 0, "holder"], "The army", "holders", 50),
        (["sentences", 0, "attributions", 0, "content"], "Oster burned", "content", 50),
        ([*QUANTITY, "low"], 15, "bounds", 0),
        (["sentences", 0, "names"], [], "names", 0),
        (["chains"], [[[0, "Oster"], [0, "Oster#2"]]], "coreference_links", 50),
    ],
)
def test_what_differs_is_counted(path: list[str | int], value: object, figure: str, percent: float) -> None:
    data = deepcopy(GOOD)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert coding.measure_agreement([annotated.report(GOOD)], [annotated.report(data)])[figure] == percent

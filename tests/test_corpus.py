"""The annotated sentences: lines are JSON, strings stand in their sentence, codes are in the codebook."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from truceline.ontology import Ontology
from truceline.records import Status

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = sorted(CORPUS.glob("*.jsonl"))
MANNERS = {"wire", "paper", "communique", "telegram", "monitor", "briefing", "ngo", "headline", "local"}
NAME_KINDS = {"PER", "ORG", "GPE", "LOC", "NORP"}
REPORT_KEYS = {"id", "manner", "region", "published", "sentences"}
SENTENCE_KEYS = {"text", "events", "names", "attributions"}
EVENT_KEYS = {"trigger", "type", "mode", "status", "actor", "recipient"}
OPTIONAL_EVENT_KEYS = {"place", "time"}

GOOD_EVENT = {
    "trigger": "shelled",
    "type": "ASSAULT",
    "mode": "heavy-weapons",
    "status": "asserted",
    "actor": ["The army"],
    "recipient": ["Oster"],
}
GOOD = {
    "text": "The army shelled Oster, and Oster burned.",
    "events": [GOOD_EVENT],
    "names": [["Oster#2", "GPE"]],
}


@cache
def ontology() -> Ontology:
    return Ontology.load()


def reports(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def stands_in(text: str, wanted: str) -> bool:
    """Whether a string, or its second place for "name#2", stands in a text without cutting a word."""
    base, mark, nth = wanted.rpartition("#")
    words, place = (base, int(nth)) if mark and nth.isdecimal() else (wanted, 1)
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    return bool(words.strip()) and len(re.findall(before + re.escape(words) + after, text)) >= place


def strings(sentence: dict[str, Any]) -> Iterator[str]:
    for event in sentence["events"]:
        yield event["trigger"]
        yield from (*event["actor"], *event["recipient"])
        yield from (event[key] for key in OPTIONAL_EVENT_KEYS if key in event)
    yield from (name for name, _ in sentence.get("names", []))
    for attribution in sentence.get("attributions", []):
        yield from attribution.values()


def wrong_event(event: dict[str, Any]) -> Iterator[str]:
    if not EVENT_KEYS <= set(event) <= EVENT_KEYS | OPTIONAL_EVENT_KEYS:
        yield f"keys {sorted(event)}"
    if len(event["trigger"].split()) != 1:
        yield f"trigger {event['trigger']!r} is not one word"
    if event["status"] not in get_args(Status):
        yield f"status {event['status']!r}"
    kind = ontology().types.get(event["type"])
    if kind is None:
        yield f"type {event['type']!r}"
    elif event["mode"] not in {None, *(mode.name for mode in kind.modes)}:
        yield f"mode {event['mode']!r} of {event['type']}"


def wrong(sentence: dict[str, Any]) -> Iterator[str]:
    if not {"text", "events"} <= set(sentence) <= SENTENCE_KEYS:
        yield f"keys {sorted(sentence)}"
    yield from (f"{s!r} is not in the sentence" for s in strings(sentence) if not stands_in(sentence["text"], s))
    for event in sentence["events"]:
        yield from wrong_event(event)
    triggers = Counter((event["trigger"], event["type"]) for event in sentence["events"])
    yield from (f"{trigger!r} is {kind} twice" for (trigger, kind), n in triggers.items() if n > 1)
    yield from (f"kind {kind!r} of a name" for _, kind in sentence.get("names", []) if kind not in NAME_KINDS)
    for attribution in sentence.get("attributions", []):
        if "cue" not in attribution or not set(attribution) <= {"holder", "cue", "content"}:
            yield f"attribution {sorted(attribution)}"


def test_there_is_a_corpus() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sentences(path: Path) -> None:
    found = [(report["id"], what) for report in reports(path) for s in report["sentences"] for what in wrong(s)]
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reports(path: Path) -> None:
    for report in reports(path):
        assert set(report) == REPORT_KEYS, report["id"]
        assert report["manner"] in MANNERS, report["id"]
        assert date.fromisoformat(report["published"]), report["id"]
        assert report["sentences"], report["id"]


def test_no_report_and_no_sentence_comes_twice() -> None:
    every = [report for path in FILES for report in reports(path)]
    ids = Counter(report["id"] for report in every)
    texts = Counter(sentence["text"] for report in every for sentence in report["sentences"])
    assert [twice for twice, n in (ids + texts).items() if n > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_guidelines_have_the_counts_of_today(path: Path) -> None:
    sentences = [s for report in reports(path) for s in report["sentences"]]
    lists = [[item for s in sentences for item in s.get(k, [])] for k in ("events", "names", "attributions")]
    words = sum(len(s["text"].split()) for s in sentences)
    counts = [len(reports(path)), len(sentences), *map(len, lists), words]
    row = " | ".join([f"`{path.name}`", *(f"{count:,}" for count in counts)])
    assert f"| {row} |" in (CORPUS / "README.md").read_text("utf-8")


def test_a_good_sentence_passes() -> None:
    assert list(wrong(GOOD)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"trigger": "shell"}, "'shell' is not in the sentence"),
        ({"trigger": "The army"}, "trigger 'The army' is not one word"),
        ({"trigger": "shelled#2"}, "'shelled#2' is not in the sentence"),
        ({"recipient": ["Ost"]}, "'Ost' is not in the sentence"),
        ({"place": ""}, "'' is not in the sentence"),
        ({"type": "ATTACK"}, "type 'ATTACK'"),
        ({"mode": "withdraw"}, "mode 'withdraw' of ASSAULT"),
        ({"status": "likely"}, "status 'likely'"),
        ({"weapon": "guns"}, "keys ['actor', 'mode', 'recipient', 'status', 'trigger', 'type', 'weapon']"),
    ],
)
def test_a_wrong_event_is_found(change: dict[str, Any], said: str) -> None:
    assert said in list(wrong(GOOD | {"events": [GOOD_EVENT | change]}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": [["Oster#3", "GPE"]]}, "'Oster#3' is not in the sentence"),
        ({"names": [["Oster", "CITY"]]}, "kind 'CITY' of a name"),
        ({"attributions": [{"holder": "The army"}]}, "attribution ['holder']"),
        ({"events": [GOOD_EVENT, GOOD_EVENT]}, "'shelled' is ASSAULT twice"),
    ],
)
def test_a_wrong_sentence_is_found(change: dict[str, Any], said: str) -> None:
    assert said in list(wrong(GOOD | change))

"""Our annotated corpus, read into records with offsets; ``corpus/README.md`` says what its fields mean.

python evaluation/annotated.py corpus/train-a.jsonl ...     says what is wrong with a file, one line each
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from truceline.ontology import Ontology
from truceline.records import QuantityKind, Status

MANNERS: Final = frozenset(
    {"wire", "paper", "communique", "telegram", "monitor", "briefing", "ngo", "headline", "local"}
)
NAME_KINDS: Final = frozenset({"PER", "ORG", "GPE", "LOC", "NORP"})
REPORT_KEYS: Final = frozenset({"id", "manner", "region", "published", "sentences", "chains"})
SENTENCE_KEYS: Final = frozenset({"text", "events", "names", "quantities", "attributions"})
EVENT_KEYS: Final = frozenset({"trigger", "type", "mode", "status", "actor", "recipient"})
QUANTITY_KEYS: Final = frozenset({"text", "low", "high", "kind", "counts"})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Event:
    """A coded act; spans are offsets into the sentence."""

    trigger: Span
    type: str
    mode: str | None
    status: str
    actor: tuple[Span, ...]
    recipient: tuple[Span, ...]
    place: Span | None
    time: Span | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the noun it stands with; a bound that the words do not give is None."""

    span: Span
    low: float | None
    high: float | None
    kind: str
    counts: Span | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what. Holder and cue are (sentence, span), for they may stand in a sentence before."""

    holder: tuple[int, Span] | None
    cue: tuple[int, Span]
    content: Span | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with all that is marked in it."""

    text: str
    events: tuple[Event, ...]
    names: tuple[tuple[Span, str], ...]
    quantities: tuple[Quantity, ...]
    attributions: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report; each chain holds the mentions, (sentence, span), of one person, organisation, country or place."""

    id: str
    manner: str
    published: str
    sentences: tuple[Sentence, ...]
    chains: tuple[tuple[tuple[int, Span], ...], ...]


def occurrences(text: str, wanted: str) -> tuple[list[Span], int]:
    """All places of a string as whole words, and which of them is meant, from 1: "he#2" is the second "he"."""
    base, mark, nth = wanted.rpartition("#")
    words, place = (base, int(nth)) if mark and nth.isdecimal() else (wanted, 1)
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    places = [m.span() for m in re.finditer(before + re.escape(words) + after, text)] if words.strip() else []
    return places, place


def locate(text: str, wanted: str) -> Span:
    """Where a string stands.

    Raises:
        ValueError: it does not, as whole words.
    """
    places, place = occurrences(text, wanted)
    if len(places) < place:
        raise ValueError(f"{wanted!r} is not in the sentence")
    return places[place - 1]


def read(path: Path) -> Iterator[Report]:
    """The reports of a file.

    Raises:
        ValueError: something in it is wrong; ``problems`` says all that is.
    """
    for line in path.read_text("utf-8").splitlines():
        yield report(json.loads(line))


def report(data: dict[str, Any]) -> Report:
    """A report from its JSON."""
    texts = [s["text"] for s in data["sentences"]]
    sentences = tuple(_sentence(s, i, texts) for i, s in enumerate(data["sentences"]))
    chains = tuple(tuple((i, locate(texts[i], m)) for i, m in chain) for chain in data["chains"])
    return Report(data["id"], data["manner"], data["published"], sentences, chains)


def _sentence(data: dict[str, Any], index: int, texts: list[str]) -> Sentence:
    text = data["text"]

    def spans(wanted: list[str]) -> tuple[Span, ...]:
        return tuple(locate(text, w) for w in wanted)

    def maybe(wanted: str | None) -> Span | None:
        return None if wanted is None else locate(text, wanted)

    events = tuple(
        Event(
            locate(text, e["trigger"]), e["type"], e["mode"], e["status"], spans(e["actor"]), spans(e["recipient"]),
            maybe(e.get("place")), maybe(e.get("time")),
        )
        for e in data["events"]
    )  # fmt: skip
    names = tuple((span, kind) for name, kind in data["names"] for span in _meant(text, name))
    quantities = tuple(
        Quantity(locate(text, q["text"]), q["low"], q["high"], q["kind"], maybe(q["counts"]))
        for q in data["quantities"]
    )
    attributions = tuple(
        Attribution(
            _elsewhere(a["holder"], index, texts) if "holder" in a else None,
            _elsewhere(a["cue"], index, texts),
            maybe(a.get("content")),
        )
        for a in data["attributions"]
    )
    return Sentence(text, events, names, quantities, attributions)


def _elsewhere(wanted: str | list[Any], index: int, texts: list[str]) -> tuple[int, Span]:
    if isinstance(wanted, str):
        return index, locate(texts[index], wanted)
    at, words = wanted
    return at, locate(texts[at], words)


def _meant(text: str, name: str) -> list[Span]:
    """A name is listed once for all its places, unless one of them is picked out."""
    places, place = occurrences(text, name)
    return [places[place - 1]] if "#" in name else places


def problems(data: dict[str, Any], ontology: Ontology) -> Iterator[str]:
    """All that is wrong with a report, in words; nothing for a good one."""
    if set(data) != REPORT_KEYS:
        yield f"keys {sorted(data)}, not {sorted(REPORT_KEYS)}"
        return
    if data["manner"] not in MANNERS:
        yield f"manner {data['manner']!r}"
    try:
        date.fromisoformat(data["published"])
    except ValueError:
        yield f"published {data['published']!r}"
    if not data["sentences"]:
        yield "no sentences"
    texts = [s.get("text", "") for s in data["sentences"]]
    for i, sentence in enumerate(data["sentences"]):
        yield from (f"sentence {i}: {what}" for what in _sentence_problems(sentence, i, texts, ontology))
    yield from _chain_problems(data["chains"], texts)


def _sentence_problems(s: dict[str, Any], index: int, texts: list[str], ontology: Ontology) -> Iterator[str]:
    if set(s) != SENTENCE_KEYS:
        yield f"keys {sorted(s)}, not {sorted(SENTENCE_KEYS)}"
        return
    text = s["text"]
    for event in s["events"]:
        yield from _event_problems(event, text, ontology)
    triggers = Counter((e.get("trigger"), e.get("type")) for e in s["events"])
    yield from (f"{trigger!r} is {kind} twice" for (trigger, kind), n in triggers.items() if n > 1)
    for name, kind in s["names"]:
        yield from _missing(text, name)
        if kind not in NAME_KINDS:
            yield f"kind {kind!r} of a name"
    for quantity in s["quantities"]:
        yield from _quantity_problems(quantity, text)
    for attribution in s["attributions"]:
        yield from _attribution_problems(attribution, index, texts)


def _missing(text: str, *wanted: str) -> Iterator[str]:
    for words in wanted:
        places, place = occurrences(text, words)
        if len(places) < place:
            yield f"{words!r} is not in the sentence"


def _event_problems(event: dict[str, Any], text: str, ontology: Ontology) -> Iterator[str]:
    if set(event) - {"place", "time"} != EVENT_KEYS:
        yield f"event keys {sorted(event)}"
        return
    yield from _missing(text, event["trigger"], *event["actor"], *event["recipient"])
    yield from _missing(text, *(event[k] for k in ("place", "time") if k in event))
    if len(event["trigger"].split()) != 1:
        yield f"trigger {event['trigger']!r} is not one word"
    if event["status"] not in get_args(Status):
        yield f"status {event['status']!r}"
    kind = ontology.types.get(event["type"])
    if kind is None:
        yield f"type {event['type']!r}"
    elif event["mode"] not in {None, *(mode.name for mode in kind.modes)}:
        yield f"mode {event['mode']!r} of {event['type']}"


def _quantity_problems(quantity: dict[str, Any], text: str) -> Iterator[str]:
    if set(quantity) != QUANTITY_KEYS:
        yield f"quantity keys {sorted(quantity)}"
        return
    yield from _missing(text, quantity["text"])
    if quantity["counts"] is not None:
        yield from _missing(text, quantity["counts"])
    if quantity["kind"] not in get_args(QuantityKind):
        yield f"kind {quantity['kind']!r} of a quantity"
    low, high = quantity["low"], quantity["high"]
    if any(not isinstance(bound, int | float | None) for bound in (low, high)):
        yield f"bounds {low!r} and {high!r} of {quantity['text']!r}"
    elif low is not None and high is not None and low > high:
        yield f"low {low} above high {high}"


def _attribution_problems(a: dict[str, Any], index: int, texts: list[str]) -> Iterator[str]:
    if "cue" not in a or not set(a) <= {"holder", "cue", "content"}:
        yield f"attribution keys {sorted(a)}"
        return
    for key, wanted in a.items():
        if isinstance(wanted, str):
            yield from _missing(texts[index], wanted)
        elif key == "content" or len(wanted) != 2 or not 0 <= wanted[0] < len(texts):
            yield f"{key} {wanted!r}"
        else:
            yield from (f"{what} {wanted[0]}" for what in _missing(texts[wanted[0]], wanted[1]))


def _chain_problems(chains: list[list[Any]], texts: list[str]) -> Iterator[str]:
    seen: Counter[tuple[int, Span]] = Counter()
    for chain in chains:
        if len(chain) < 2:
            yield f"chain {chain} has one mention"
        for i, words in chain:
            if not 0 <= i < len(texts):
                yield f"chain {chain}: no sentence {i}"
                continue
            missing = list(_missing(texts[i], words))
            yield from (f"chain: {what} {i}" for what in missing)
            if not missing:
                seen[i, locate(texts[i], words)] += 1
    yield from (f"chains: {texts[i][a:b]!r} of sentence {i} twice" for (i, (a, b)), n in seen.items() if n > 1)


def main(paths: list[str]) -> int:
    """Print all problems; the exit status is 1 when there are any."""
    ontology, wrong = Ontology.load(), 0
    for path in paths:
        for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
            try:
                data = json.loads(line)
                found = [f"{data.get('id')}: {what}" for what in problems(data, ontology)]
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                found = [f"not a report: {type(error).__name__} {error}"]
            for what in found:
                print(f"{path}:{number}: {what}")
            wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)

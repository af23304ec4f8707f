"""The coder on our annotated corpus: triggers, types, status, actors and recipients.

  python evaluation/events.py corpus/train-a.jsonl ...

A trigger is found when its word is; a side is right when the coder names as many parties as the corpus and each of
them overlaps one. The corpus is what the network was trained on: these figures are for watching, not for claims.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from truceline.coder import Coder
from truceline.records import Document, Entity, Event

Span = tuple[int, int]


def occurrence(text: str, wanted: str) -> Span:
    """Where a string of the corpus stands: whole words; "he#2" is the second place."""
    base, mark, nth = wanted.rpartition("#")
    base, number = (base, int(nth)) if mark and nth.isdecimal() else (wanted, 1)
    places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(base)}(?!\w)", text)]
    return places[number - 1]


def reports(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each report's text (its sentences joined by a blank) and its events with offsets into it."""
    for line in path.read_text("utf-8").splitlines():
        text, events = "", []
        for sentence in json.loads(line)["sentences"]:
            at = len(text)
            for event in sentence.get("events", []):
                spans = {k: [_moved(occurrence(sentence["text"], p), at) for p in event.get(k) or []] for k in SIDES}
                trigger = _moved(occurrence(sentence["text"], event["trigger"]), at)
                events.append({**event, **spans, "trigger": trigger})
            text += sentence["text"] + " "
        yield text, events


SIDES = ("actor", "recipient")


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _side_right(found: tuple[Entity, ...], wanted: list[Span]) -> bool:
    named = [e for e in found if not e.implied]
    overlap = [any(e.start < end and e.end > start for start, end in wanted) for e in named]
    return len(named) == len(wanted) and all(overlap)


def compare(events: tuple[Event, ...], wanted: list[dict[str, Any]], counts: Counter[str]) -> None:
    """Count what is right, per event of the corpus whose trigger the coder has."""
    counts["guessed"] += len(events)
    counts["wanted"] += len(wanted)
    for gold in wanted:
        found = next((e for e in events if (e.trigger.start, e.trigger.end) == gold["trigger"]), None)
        if found is None:
            counts[f"missed {gold['type']}"] += 1
            continue
        counts["found"] += 1
        counts["type"] += found.event_type == gold["type"]
        counts["status"] += found.status == gold.get("status", "asserted")
        for side in SIDES:
            counts[side] += _side_right(getattr(found, side), gold[side])


def main(paths: list[str]) -> None:
    """Print the figures as JSON."""
    coder, counts = Coder.load(threads=2), Counter[str]()
    for path in paths:
        for text, wanted in reports(Path(path)):
            compare(coder.code(Document.of(text, published="2020-01-01")).events, wanted, counts)
    found = max(1, counts["found"])
    print(
        json.dumps(
            {
                "events": counts["wanted"],
                "coded": counts["guessed"],
                "trigger_precision": round(100 * counts["found"] / max(1, counts["guessed"]), 1),
                "trigger_recall": round(100 * counts["found"] / max(1, counts["wanted"]), 1),
                **{k: round(100 * counts[k] / found, 1) for k in ("type", "status", "actor", "recipient")},
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)

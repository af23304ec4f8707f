"""The coder on our annotated corpus, and two annotations of it against each other.

  python evaluation/coding.py corpus/test.jsonl                              the coder against the corpus
  python evaluation/coding.py corpus/test.jsonl corpus/second.jsonl          a second annotation against the first

A trigger is right when its word and type are. A side's party is right when it overlaps one of the corpus's that no
other party of that event has; ``arguments`` counts those of all events, ``arguments_given`` only of those whose trigger
is right. Status, mode and place are of right triggers. A holder is right when cue and holder overlap the corpus's. A
link is a pair of mentions of one chain. The coder marks no names and no chains as the corpus does, and is not measured
on them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import annotated
from annotated import Span
from truceline.coder import Coder
from truceline.records import CodedDocument, Document, Entity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """An event with offsets into the report's text."""

    trigger: Span
    type: str
    mode: str | None
    status: str
    sides: tuple[tuple[Span, ...], tuple[Span, ...]]
    place: Span | None


@dataclass(frozen=True, slots=True)
class Said:
    """An attribution with offsets into the report's text."""

    holder: Span | None
    cue: Span
    content: Span | None


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity with offsets into the report's text."""

    span: Span
    low: float | None
    high: float | None
    kind: str


@dataclass(frozen=True, slots=True)
class Marks:
    """All that somebody, or the coder, marks in a report."""

    acts: tuple[Act, ...]
    said: tuple[Said, ...]
    counts: tuple[Count, ...]
    names: tuple[tuple[Span, str], ...] = ()
    links: frozenset[tuple[Span, Span]] = frozenset()


def text_of(report: annotated.Report) -> str:
    """A report's text: its sentences joined by a blank."""
    return " ".join(s.text for s in report.sentences)


def marks(report: annotated.Report) -> Marks:
    """What the corpus marks in a report."""
    starts = [sum(len(s.text) + 1 for s in report.sentences[:i]) for i in range(len(report.sentences))]
    acts, said, counts, names = [], [], [], []
    for at, s in zip(starts, report.sentences, strict=True):
        acts += [_act(e, at) for e in s.events]
        counts += [Count(_moved(q.span, at), q.low, q.high, q.kind) for q in s.quantities]
        names += [(_moved(span, at), kind) for span, kind in s.names]
        said += [
            Said(
                _moved(a.holder[1], starts[a.holder[0]]) if a.holder else None,
                _moved(a.cue[1], starts[a.cue[0]]),
                _moved(a.content, at) if a.content else None,
            )
            for a in s.attributions
        ]
    links = {
        (_moved(a, starts[i]), _moved(b, starts[j]))
        for chain in report.chains
        for (i, a), (j, b) in combinations(sorted(chain), 2)
    }
    return Marks(tuple(acts), tuple(said), tuple(counts), tuple(names), frozenset(links))


def _act(e: annotated.Event, at: int) -> Act:
    sides = (tuple(_moved(s, at) for s in e.actor), tuple(_moved(s, at) for s in e.recipient))
    place = _moved(e.place, at) if e.place else None
    return Act(_moved(e.trigger, at), e.type, e.mode, e.status, sides, place)


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def coded_marks(coded: CodedDocument) -> Marks:
    """What the coder says of a report; parties that are implied stand nowhere and are left out."""
    acts = tuple(
        Act(
            (e.trigger.start, e.trigger.end), e.event_type, e.event_mode, e.status,
            (_spans(e.actor), _spans(e.recipient)),
            (e.location.start, e.location.end) if e.location else None,
        )
        for e in coded.events
    )  # fmt: skip
    said = []
    for s in coded.statements:
        cue = s.evidence[0]
        content = (s.content.start, s.content.end) if s.content else None
        said.append(Said((s.speaker.start, s.speaker.end), (cue.start, cue.end), content))
    counts = {Count((q.start, q.end), q.low, q.high, q.kind) for e in coded.events for q in e.quantities}
    return Marks(acts, tuple(said), tuple(sorted(counts, key=lambda c: c.span)))


def _spans(entities: Sequence[Entity]) -> tuple[Span, ...]:
    return tuple((e.start, e.end) for e in entities if not e.implied)


def overlap(one: Span, other: Span) -> bool:
    """They share a character."""
    return one[0] < other[1] and other[0] < one[1]


class Tally:
    """Counts of right, found and wanted things, and of things that agree."""

    def __init__(self) -> None:
        self.found: dict[str, Counter[str]] = {}
        self.shares: dict[str, Counter[bool]] = {}

    def add(self, name: str, *, right: int, found: int, wanted: int) -> None:
        """Add to an F1."""
        self.found.setdefault(name, Counter()).update(right=right, found=found, wanted=wanted)

    def agree(self, name: str, same: bool) -> None:
        """Add to a share."""
        self.shares.setdefault(name, Counter())[same] += 1

    def figures(self) -> dict[str, float]:
        """F1 and shares in percent; precision and recall of triggers besides."""
        out = {}
        for name, c in self.found.items():
            out[name] = _percent(2 * c["right"], c["found"] + c["wanted"])
            if name == "triggers":
                out["trigger_precision"] = _percent(c["right"], c["found"])
                out["trigger_recall"] = _percent(c["right"], c["wanted"])
        out.update({name: _percent(c[True], c.total()) for name, c in self.shares.items()})
        return out


def _percent(part: float, whole: float) -> float:
    return round(100 * part / max(1, whole), 1)


def compare(gold: Marks, other: Marks, tally: Tally) -> None:
    """Count what another annotation, or the coder, has as the corpus has it."""
    _compare_acts(gold, other, tally)
    _compare_said(gold, other, tally)
    _compare_counts(gold, other, tally)
    if other.names or other.links:
        same = Counter(gold.names) & Counter(other.names)
        tally.add("names", right=same.total(), found=len(other.names), wanted=len(gold.names))
        both = len(gold.links & other.links)
        tally.add("coreference_links", right=both, found=len(other.links), wanted=len(gold.links))


def _compare_acts(gold: Marks, other: Marks, tally: Tally) -> None:
    paired = list(_paired(gold.acts, other.acts, lambda a, b: overlap(a.trigger, b.trigger)))
    tally.add("trigger_words", right=len(paired), found=len(other.acts), wanted=len(gold.acts))
    right = [(a, b) for a, b in paired if a.type == b.type]
    tally.add("triggers", right=len(right), found=len(other.acts), wanted=len(gold.acts))
    hits = 0
    for a, b in right:
        for ours, theirs in zip(a.sides, b.sides, strict=True):
            same = len(list(_paired(ours, theirs, overlap)))
            hits += same
            tally.add("arguments_given", right=same, found=len(theirs), wanted=len(ours))
        tally.agree("status", a.status == b.status)
        tally.agree("mode", a.mode == b.mode)
        if a.place:
            tally.agree("place", bool(b.place and overlap(a.place, b.place)))
    sizes = [sum(len(side) for act in m.acts for side in act.sides) for m in (other, gold)]
    tally.add("arguments", right=hits, found=sizes[0], wanted=sizes[1])


def _compare_said(gold: Marks, other: Marks, tally: Tally) -> None:
    ours, theirs = ([s for s in m.said if s.holder] for m in (gold, other))
    paired = list(_paired(ours, theirs, _same_saying))
    tally.add("holders", right=len(paired), found=len(theirs), wanted=len(ours))
    for a, b in paired:
        if a.content:
            tally.agree("content", bool(b.content and _mostly(a.content, b.content)))


def _same_saying(a: Said, b: Said) -> bool:
    return bool(a.holder and b.holder and overlap(a.holder, b.holder) and overlap(a.cue, b.cue))


def _mostly(one: Span, other: Span) -> bool:
    """The overlap is at least four fifths of both together."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= 0.8 * (max(one[1], other[1]) - min(one[0], other[0]))


def _compare_counts(gold: Marks, other: Marks, tally: Tally) -> None:
    paired = list(_paired(gold.counts, other.counts, lambda a, b: overlap(a.span, b.span)))
    tally.add("quantities", right=len(paired), found=len(other.counts), wanted=len(gold.counts))
    for a, b in paired:
        tally.agree("bounds", (a.low, a.high) == (b.low, b.high))
        tally.agree("counted_kind", a.kind == b.kind)


def _paired(ours: Sequence[T], theirs: Sequence[T], same: Callable[[T, T], bool]) -> Iterator[tuple[T, T]]:
    """Pairs that are the same, each thing in one pair at most."""
    left = list(theirs)
    for one in ours:
        found = next((t for t in left if same(one, t)), None)
        if found is not None:
            left.remove(found)
            yield one, found


def measure_coder(reports: Iterable[annotated.Report], coder: Coder) -> dict[str, float]:
    """The coder's figures on reports."""
    tally = Tally()
    for report in reports:
        coded = coder.code(Document.of(text_of(report), published=report.published))
        compare(marks(report), coded_marks(coded), tally)
    return tally.figures()


def measure_agreement(first: Iterable[annotated.Report], second: Iterable[annotated.Report]) -> dict[str, float]:
    """The figures of a second annotation, on the reports that both have."""
    again, tally = {r.id: r for r in second}, Tally()
    for report in first:
        if report.id in again:
            compare(marks(report), marks(again[report.id]), tally)
    return tally.figures()


def main(paths: list[str]) -> None:
    """Print the figures as JSON."""
    first = list(annotated.read(Path(paths[0])))
    if len(paths) > 1:
        print(json.dumps(measure_agreement(first, annotated.read(Path(paths[1])))))
    else:
        print(json.dumps({"reports": len(first), **measure_coder(first, Coder.load(threads=2))}))


if __name__ == "__main__":
    main(sys.argv[1:]) if len(sys.argv) in (2, 3) else sys.exit(__doc__)

"""Where the marks of a chart go: plain numbers, which the template draws as SVG.

Lengths are in the units of the drawing, ``WIDTH`` by ``HEIGHT``, with the origin at the top left.
"""

from __future__ import annotations

from dataclasses import dataclass

from truceline.report.figures import QUAD_CLASSES, Bar, Chart

WIDTH, HEIGHT = 720, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 40
_LABELS = 5
_LINES = 4
_WIDEST_BAR = 56.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of a bar: its quad class and the words that say what it counts."""

    x: float
    y: float
    width: float
    height: float
    quad: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis and where it stands on that axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A stacked bar chart: parts of bars, labels along the time axis, and labelled lines across."""

    rects: tuple[Rect, ...]
    times: tuple[Tick, ...]
    lines: tuple[Tick, ...]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    floor: float = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def bars(chart: Chart) -> Plot:
    """Lay out a chart: one stacked bar for each step of time, cooperation below and conflict above."""
    step = _step(max((bar.total for bar in chart.bars), default=0))
    top = max(step, max((-(-bar.total // step) * step for bar in chart.bars), default=step))
    unit = (HEIGHT - _TOP - _BOTTOM) / top
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(chart.bars), 1)
    rects = [rect for place, bar in enumerate(chart.bars) for rect in _stack(bar, place, slot, unit)]
    every = -(-len(chart.bars) // _LABELS) or 1
    times = [
        Tick(round(_LEFT + slot * (place + 0.5), 1), _short(bar.label))
        for place, bar in enumerate(chart.bars)
        if place % every == 0
    ]
    lines = [Tick(round(HEIGHT - _BOTTOM - value * unit, 1), f"{value:,}") for value in range(0, top + 1, step)]
    return Plot(tuple(rects), tuple(times), tuple(lines))


def _stack(bar: Bar, place: int, slot: float, unit: float) -> list[Rect]:
    width = min(slot * 0.8, _WIDEST_BAR)
    left, floor, rects = _LEFT + slot * (place + 0.5) - width / 2, float(HEIGHT - _BOTTOM), []
    for quad, count in zip(QUAD_CLASSES, bar.counts, strict=True):
        if count:
            floor -= count * unit
            words = f"{bar.label}: {count} {quad}"
            rects.append(Rect(round(left, 1), round(floor, 1), round(width, 1), round(count * unit, 1), quad, words))
    return rects


def _step(most: int) -> int:
    """The distance of the lines across: 1, 2 or 5 times a power of ten, so that few are enough."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * _LINES >= most:
                return step
        power *= 10


def _short(label: str) -> str:
    """A label without its year or its "week of", which the table and the titles have."""
    words = label.removeprefix("week of ").split()
    return " ".join(words[:2]) if len(words) == 3 else label

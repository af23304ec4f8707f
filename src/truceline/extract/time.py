"""When: the time expressions of a sentence as intervals of days, by a grammar of English.

Each rule is a pattern over the sentence's text and a function that turns its match into an interval,
anchored to the day of publication. What the words leave open stays open: a relative expression in a report
without a day of publication is found, with neither start nor end and precision "unknown".

Intervals are ISO days, both ends inclusive; clock times are ISO minutes (precision "hour") without a zone
unless the words say UTC or GMT. Conventions:

- A weekday, or a day or month without its year, is the latest one that is not after publication; where the
  words before it speak of the future ("will meet on Friday") it is the first that is not before
  publication.
- A day without its year after "until" or "by" is the one nearest to publication.
- "last Monday" lies before the day of publication, "next Monday" after it.
- Parts of a day ("late on Thursday night", "the early hours of Friday") are that day. "Overnight" and "last
  night" run from the eve to the day.
- "The past week" is the seven days that end on the eve of publication, and so for days, months and years;
  hours reach up to the day of publication itself. "Last week", "last month", "this year" are calendar
  periods, weeks from Monday to Sunday. "Two weeks ago" is the calendar week that holds that day, and so for
  months and years.
- "Early", "mid" and "late" take the first, middle or last third of a period: ten days of a month, four
  months of a year. Seasons are the northern ones.
- The relation shapes the interval: "since X" starts with X and has no end, "until X" and "by X" end with X
  and have no start, "before X" ends the day before X, "after X" starts the day after it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from truceline.nlp.sentence import Sentence
from truceline.records import DateRange, TimePrecision

Relation = Literal["on", "since", "until", "before", "after", "during"]

ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_PRECISIONS: dict[str, TimePrecision] = {
    "minute": "hour", "hour": "day", "day": "day", "night": "day", "weekend": "day", "week": "week",
    "fortnight": "week", "month": "month", "quarter": "month", "year": "year", "decade": "year",
}  # fmt: skip
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time expression: ``date`` is its interval, ``start`` and ``end`` its words, the preposition outside.

    ``head`` is the index of its governing word in the sentence. ``rule`` names the pattern. ``historical`` is
    True when the interval ends more than a year before publication (or the words say "years ago"), ``future``
    when it begins after publication; both are False when that cannot be told.
    """

    date: DateRange
    start: int
    end: int
    head: int
    rule: str
    relation: Relation
    historical: bool
    future: bool


class _Span(NamedTuple):
    """What a rule makes of its match; days are None where the words leave them open.

    ``yearless`` is the month and day where the words give no year, so that a neighbour can.
    """

    first: date | None
    last: date | None
    precision: TimePrecision
    clock: tuple[str, str] | None = None
    long_ago: bool = False
    yearless: tuple[int, int] | None = None


_UNKNOWN = _Span(None, None, "unknown")


class _Scene(NamedTuple):
    """What surrounds a match: the day of publication, the day last spoken of, and the words on its left.

    ``future`` is True when the words around the match speak of what is to come.
    """

    day: date | None
    anchor: date | None
    left: str
    future: bool


@dataclass(frozen=True, slots=True)
class _Raw:
    """A match that a rule accepted, before neighbours are joined; offsets into the sentence's text."""

    start: int
    end: int
    rule: str
    span: _Span

    @property
    def is_clock(self) -> bool:
        return self.rule == "clock"

    @property
    def is_day(self) -> bool:
        return self.span.clock is None and self.span.precision == "day" and self.span.first == self.span.last


class _Rule(NamedTuple):
    """A row of the grammar. A sentence without any of the ``cues`` (lower case) cannot match."""

    name: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], _Scene], _Span | None]


# ---------------------------------------------------------------------------------------------- calendar


def _single(day: date) -> _Span:
    return _Span(day, day, "day")


def _shift(day: date, unit: str, count: float) -> date:
    """The day that many units later; a month or year later is the same day of the month, or its last."""
    days = {"week": 7, "fortnight": 14, "day": 1, "night": 1}.get(unit)
    if days is not None:
        return day + timedelta(days=round(days * count))
    months = round({"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit] * count)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _period(unit: str, day: date) -> tuple[date, date]:
    """The first and last day of the calendar period that holds the day."""
    if unit == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if unit == "weekend":
        saturday = day - timedelta(days=day.weekday()) + timedelta(days=5)
        return saturday, saturday + _DAY
    if unit in ("month", "quarter", "year", "decade", "century"):
        first = {
            "month": day.replace(day=1),
            "quarter": date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
            "year": date(day.year, 1, 1),
            "decade": date(day.year // 10 * 10, 1, 1),
            "century": date((day.year - 1) // 100 * 100 + 1, 1, 1),
        }[unit]
        return first, _shift(first, unit, 1) - _DAY
    return day, day


def _third(unit: str, first: date, last: date, part: str) -> tuple[date, date]:
    """The early, mid or late part of a period."""
    if unit == "month":
        marks = (first, first.replace(day=11), first.replace(day=21))
    elif unit == "year":
        marks = (first, date(first.year, 5, 1), date(first.year, 9, 1))
    elif unit == "decade":
        marks = (first, date(first.year + 4, 1, 1), date(first.year + 7, 1, 1))
    else:
        third = timedelta(days=((last - first).days + 1) // 3)
        marks = (first, first + third, first + 2 * third)
    index = {"e": 0, "b": 0, "s": 0, "m": 1, "l": 2}[part[0]]
    if part == "end":
        index = 2
    return marks[index], last if index == 2 else marks[index + 1] - _DAY


def _whole(unit: str, day: date, part: str | None = None) -> _Span:
    """The period of the unit that holds the day, or a part of it, as a span."""
    first, last = _period(unit, day)
    if part:
        first, last = _third(unit, first, last, part.lower())
    return _Span(first, last, _PRECISIONS.get(unit, "year"))


def _month_number(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month[:3].lower() == name[:3].lower())


def _dated(scene: _Scene, month: int, day: int) -> date | None:
    """The day and month in the nearest year that the scene allows; None without a day of publication."""
    if scene.day is None:
        return None
    for step in range(9):
        year = scene.day.year + (step if scene.future else -step)
        if day > monthrange(year, month)[1]:
            continue  # 29 February waits for a leap year
        found = date(year, month, day)
        if found >= scene.day if scene.future else found <= scene.day:
            return found
    return None


def _weekday(scene: _Scene, number: int, relation: str) -> date | None:
    """The weekday (0 is Monday) that the words mean; None when nothing anchors it."""
    if relation in ("the following", "the previous"):
        base, ahead = scene.anchor, relation == "the following"
        strict = True
    else:
        base = scene.day
        # "until Thursday" looks ahead whatever the tense of its verb: "closed all schools until Thursday".
        to_come = scene.future or re.search(r"\b(?:until|till)\s*$", scene.left, re.I) is not None
        ahead = relation in ("next", "this coming", "coming") or (relation in ("", "this") and to_come)
        strict = relation in ("last", "next", "this past")
    if base is None:
        return None
    if relation == "this" and not scene.future:
        return base - timedelta(days=base.weekday() - number)
    gap = (number - base.weekday()) % 7 if ahead else -((base.weekday() - number) % 7)
    if strict and gap == 0:
        gap = 7 if ahead else -7
    return base + timedelta(days=gap)


def _count(words: str | None) -> float | None:
    """The number that the words say; None for "few", "several" and the like."""
    if not words:
        return 1
    low = re.sub(r"\s+", " ", words.lower().replace("-", " "))
    if low[0].isdigit():
        return float(low.replace(",", ""))
    if low in ("a", "an"):
        return 1
    if low.endswith("couple of"):
        return 2
    if low == "half a":
        return 0.5
    tens, _, rest = low.partition(" ")
    if tens in TENS:
        return TENS[tens] + ONES.get(rest, 0)
    return ONES.get(low)


# ------------------------------------------------------------------------------------------------- rules


def _iso_day(match: re.Match[str], scene: _Scene) -> _Span:
    day = date(int(match["y"]), int(match["mo"]), int(match["d"]))
    clock = match["clock"]
    return _Span(day, day, "hour", (clock, clock)) if clock else _single(day)


def _numeric_day(match: re.Match[str], scene: _Scene) -> _Span:
    """Dots mean day first; with slashes the order must be plain from the numbers."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if match["sep"] == "." or first > 12 or first == second:
        return _single(date(year, second, first))
    return _single(date(year, first, second)) if second > 12 else _UNKNOWN


def _year_of(match: re.Match[str], scene: _Scene) -> int | None:
    """The year that the words give, as a number or as "last year"."""
    groups = match.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    if groups.get("yr") and scene.day:
        return scene.day.year + {"last": -1, "this": 0, "next": 1}[groups["yr"].lower()]
    return None


def _month_day(match: re.Match[str], scene: _Scene) -> _Span | None:
    month, day = _month_number(match["m"]), int(match["d"])
    year = _year_of(match, scene)
    if year:
        return _single(date(year, month, day))
    if _counts_instead(match, scene):
        return None
    found = _dated(scene, month, day)
    if found and _DEADLINE.search(scene.left):
        found = _nearest(scene, month, day)
    span = _single(found) if found else _UNKNOWN
    return span._replace(yearless=(month, day))


_DEADLINE = re.compile(r"\b(?:until|till|by|through)\s+$", re.IGNORECASE)


def _nearest(scene: _Scene, month: int, day: int) -> date | None:
    """The day and month nearest to publication, before or after it."""
    near = [found for future in (False, True) if (found := _dated(scene._replace(future=future), month, day))]
    base = scene.day
    return min(near, key=lambda found: abs(found - base)) if base and near else None


def _counts_instead(match: re.Match[str], scene: _Scene) -> bool:
    """Whether the number counts what follows: "in February 12 people were freed" is no twelfth."""
    month_first = not match[0][:1].isdigit()
    if not (month_first and re.search(r"\bin\s+$", scene.left, re.IGNORECASE)):
        return False
    return re.match(r"\s+[a-z]", match.string[match.end() :]) is not None


def _month_days(match: re.Match[str], scene: _Scene) -> _Span:
    """Two days of one month, as the range between them."""
    month, first, last = _month_number(match["m"]), int(match["d"]), int(match["d2"])
    year = _year_of(match, scene)
    end = date(year, month, last) if year else _dated(scene, month, last)
    return _Span(end.replace(day=first), end, "day") if end and first <= last else _UNKNOWN


_MONTH_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|during|from|before|after|of|throughout|through|to|between|and|around|for))"
    r"\s+$",
    re.IGNORECASE,
)


def _month(match: re.Match[str], scene: _Scene) -> _Span | None:
    """A month; alone it counts only after a preposition, since names of people are months too."""
    part, relation = match["part"], (match["rel"] or "").lower()
    year = _year_of(match, scene)
    if not (part or relation or year or _MONTH_LEAD.search(scene.left)):
        return None
    if relation == "this" and re.match(r"\s+\d", match.string[match.end() :]):
        return None
    number = _month_number(match["m"])
    if year:
        return _whole("month", date(year, number, 1), part)
    if scene.day is None:
        return _UNKNOWN
    ahead = relation == "next" or (scene.future and not relation)
    base = scene.day.replace(day=1)
    year = base.year + (number < base.month if ahead else -(number > base.month))
    if number == base.month and relation in ("last", "next"):
        year += 1 if ahead else -1
    return _whole("month", date(year, number, 1), part)


_YEAR_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|during|from|before|after|of|throughout|through|to|between|and|the|early|late"
    r"|mid|year|around|summer|spring|autumn|winter|its|their|his|her|a|for)[\s-]+|['’]s\s+|\()$",
    re.IGNORECASE,
)
_NOT_A_YEAR = re.compile(
    r"\s+(?:people|soldiers|troops|men|women|civilians|children|drones|missiles|bombs|shells|tanks|dead|wounded|"
    r"hours|days|years|miles|km|kilometers|kilometres|metres|meters|dollars|euros|rounds|vehicles|fighters|"
    r"prisoners|refugees|families|homes|houses)\b|[%,]\d|\.\d|%"
)


def _year(match: re.Match[str], scene: _Scene) -> _Span | None:
    if not _YEAR_LEAD.search(scene.left) or _NOT_A_YEAR.match(match.string, match.end()):
        return None
    return _whole("year", date(int(match["y"]), 1, 1), match["part"])


def _years(match: re.Match[str], scene: _Scene) -> _Span | None:
    first, tail = int(match["y"]), match["y2"]
    last = int(tail) if len(tail) == 4 else first // 100 * 100 + int(tail)
    return _Span(date(first, 1, 1), date(last, 12, 31), "year") if first < last else None


def _decade(match: re.Match[str], scene: _Scene) -> _Span:
    digits = match["y"]
    year = int(digits) if len(digits) == 4 else 1900 + int(digits) if int(digits) > 30 else 2000 + int(digits)
    return _whole("decade", date(year, 1, 1), match["part"])


def _century(match: re.Match[str], scene: _Scene) -> _Span:
    return _whole("century", date(int(match["n"]) * 100 - 50, 1, 1))


_SEASON_LEAD = re.compile(r"\b(?:in|since|during|over|until|by)\s+$", re.IGNORECASE)


def _season(match: re.Match[str], scene: _Scene) -> _Span | None:
    word, relation = match["season"].lower(), (match["rel"] or "").lower()
    year = _year_of(match, scene)
    if not (year or relation or (match["det"] and _SEASON_LEAD.search(scene.left))):
        return None
    if word == "fall" and not relation and not (year and " of " in match[0]):
        return None  # a verb, or the fall of a city
    month = _SEASONS[word]
    year = year or _season_year(month, relation, scene)
    if year is None:
        return _UNKNOWN
    first = date(year, month, 1)
    return _Span(first, _shift(first, "month", 3) - _DAY, "month")


def _season_year(month: int, relation: str, scene: _Scene) -> int | None:
    """The year in which the season that is meant begins; "last" is one that has ended."""
    if scene.day is None:
        return None
    year = scene.day.year
    started = date(year, month, 1) <= scene.day
    if relation == "next" or (scene.future and relation != "last"):
        return year + (started and relation == "next")
    if relation == "last":
        return year - (_shift(date(year, month, 1), "month", 3) > scene.day)
    return year if started else year - 1


def _fraction(match: re.Match[str], scene: _Scene) -> _Span:
    """A half or quarter of a year."""
    year = _year_of(match, scene)
    if year is None:
        return _UNKNOWN
    months = 6 if match["share"].lower() == "half" else 3
    order = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": 12 // months - 1}[match["nth"].lower()]
    first = _shift(date(year, 1, 1), "month", months * order)
    return _Span(first, _shift(first, "month", months) - _DAY, "month")


def _named_weekday(match: re.Match[str], scene: _Scene) -> _Span:
    number = next(i for i, name in enumerate(_WEEKDAYS) if name[:3].lower() == match["w"][:3].lower())
    relation = re.sub(r"\s+", " ", (match["rel"] or "").lower())
    day = _weekday(scene, number, relation)
    if day is None:
        return _UNKNOWN
    lead = (match["lead"] or "").lower()
    if re.search(r"overnight\s+(?:to|into)|night\s+(?:to|into)", lead):
        return _Span(day - _DAY, day, "day")
    if "overnight" in lead or (match["part"] or "").lower() == "overnight":
        return _Span(day - _DAY, day, "day") if day == scene.day else _Span(day, day + _DAY, "day")
    return _single(day)


_NEAR_DAYS = {
    "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "day before yesterday": -2,
    "day after tomorrow": 2, "this morning": 0, "this afternoon": 0, "this evening": 0,
}  # fmt: skip


def _near_day(match: re.Match[str], scene: _Scene) -> _Span:
    if scene.day is None:
        return _UNKNOWN
    words = re.sub(r"\s+", " ", match["w"].lower()).removeprefix("the ")
    return _single(scene.day + timedelta(days=_NEAR_DAYS[words]))


def _overnight(match: re.Match[str], scene: _Scene) -> _Span:
    return _Span(scene.day - _DAY, scene.day, "day") if scene.day else _UNKNOWN


def _unit(match: re.Match[str]) -> str:
    """The unit of time in the group ``u``, in the singular."""
    word = match["u"].lower()
    return "century" if word == "centuries" else word.removesuffix("s")


def _past_window(match: re.Match[str], scene: _Scene) -> _Span | None:
    if not (match["det"] or match["n"] or match["mod"].lower() == "past"):
        return None  # "last week" is a calendar week
    unit, count, day = _unit(match), _count(match["n"]), scene.day
    if day is None:
        return _UNKNOWN
    if count is None or (match["n"] is None and match["u"].lower().endswith("s")):
        return _Span(None, day, "unknown")
    if unit in ("second", "minute", "hour"):
        hours = count if unit == "hour" else 1
        return _Span(day - timedelta(days=-(-hours // 24)), day, "day")
    if unit == "night":
        return _Span(day - timedelta(days=round(count)), day, "day")
    return _Span(_shift(day, unit, -count), day - _DAY, _PRECISIONS.get(unit, "year"))


def _next_window(match: re.Match[str], scene: _Scene) -> _Span:
    unit, count, day = _unit(match), _count(match["n"]), scene.day
    if day is None:
        return _UNKNOWN
    if count is None or (match["n"] is None and match["u"].lower().endswith("s")):
        return _Span(day + _DAY, None, "unknown")
    if unit in ("second", "minute", "hour"):
        return _Span(day, day + timedelta(days=-(-count // 24)), "day")
    return _Span(day + _DAY, _shift(day, unit, count), _PRECISIONS.get(unit, "year"))


def _calendar(match: re.Match[str], scene: _Scene) -> _Span:
    """This, last, next week, month, year ...; "earlier" stops at publication and "later" starts there."""
    unit, relation = _unit(match), match["rel"].lower().split()[-1]
    base = scene.anchor if relation in ("previous", "following", "that", "same") else scene.day
    if base is None:
        return _UNKNOWN
    step = {"last": -1, "previous": -1, "past": -1, "next": 1, "following": 1, "coming": 1}.get(relation, 0)
    if unit == "weekend":
        # The weekend just gone, unless the day lies in one or the words look ahead.
        step = step if step else 0 if scene.future or base.weekday() >= 5 else -1
        day = _shift(base, "week", step)
    else:
        day = _shift(base, unit, step)
    part = (match["part"] or "").lower()
    if step:
        part = {"earlier": "early", "later": "late", "so far": ""}.get(part, part)
    if part in ("earlier", "so far"):
        return _Span(_period(unit, day)[0], base, _PRECISIONS.get(unit, "year"))
    if part == "later":
        return _Span(base, _period(unit, day)[1], _PRECISIONS.get(unit, "year"))
    return _whole(unit, day, part or None)


def _edge(match: re.Match[str], scene: _Scene) -> _Span:
    """The start, middle or end of a period ("the end of the year", "the beginning of March 2022")."""
    part = "mid" if match["part"].lower() == "middle" else match["part"].lower()
    if match["m"]:
        year, number = _year_of(match, scene), _month_number(match["m"])
        found = date(year, number, 1) if year else _dated(scene, number, 1)
        return _whole("month", found, part) if found else _UNKNOWN
    if match["y"]:
        return _year_edge(int(match["y"]), part)
    if scene.day is None:
        return _UNKNOWN
    step = {"last": -1, "next": 1}.get((match["rel"] or "").lower(), 0)
    unit = match["u"].lower()
    if unit == "year":
        return _year_edge(scene.day.year + step, part)
    return _whole(unit, _shift(scene.day, unit, step), part)


def _year_edge(year: int, part: str) -> _Span:
    """The first or last month of a year, or June and July for its middle."""
    first, last = {"start": (1, 1), "beginning": (1, 1), "mid": (6, 7), "end": (12, 12)}[part]
    return _Span(date(year, first, 1), _period("month", date(year, last, 1))[1], "month")


def _ago(match: re.Match[str], scene: _Scene) -> _Span:
    unit, count, day = _unit(match), _count(match["n"]), scene.day
    far = unit in ("year", "decade", "century")
    if match["n"] is None or count is None:
        end = _shift(day, unit, -2) if day and far else day
        return _Span(None, end, "unknown", long_ago=far)
    if day is None:
        return _UNKNOWN._replace(long_ago=far and (count > 1 or unit != "year"))
    if unit in ("second", "minute", "hour"):
        return _single(day - timedelta(days=int(count // 24)))
    then = _shift(day, unit, -count)
    if match["cmp"] and match["cmp"].lower() in ("more than", "over"):
        return _Span(None, then, _PRECISIONS.get(unit, "year"))
    if unit in ("day", "night"):
        return _single(then)
    return _whole("week" if unit == "fortnight" else unit, then)._replace(precision=_PRECISIONS.get(unit, "year"))


def _ahead(match: re.Match[str], scene: _Scene) -> _Span | None:
    """A distance ("in two weeks") is a time only where the words before it speak of the future."""
    unit, count = _unit(match), _count(match["n"])
    if not scene.future or count is None:
        return None
    if scene.day is None:
        return _UNKNOWN
    if unit in ("second", "minute", "hour"):
        return _Span(scene.day, scene.day + timedelta(days=-(-count // 24)), "day")
    then = _shift(scene.day, unit, count)
    return _single(then) if unit == "day" else _whole(unit, then)


def _offset(match: re.Match[str], scene: _Scene) -> _Span:
    """A day before or after the one last spoken of; unknown when none was."""
    unit, count = _unit(match), _count(match["n"])
    if scene.anchor is None or count is None or unit in ("second", "minute", "hour"):
        return _UNKNOWN
    if match["way"].lower() in ("before", "after") and re.match(r"\s+[\w']", match.string[match.end() :]):
        return _UNKNOWN
    sign = -1 if match["way"].lower() in ("earlier", "before", "previously") else 1
    then = _shift(scene.anchor, unit, sign * count)
    return _single(then) if unit in ("day", "night") else _whole(unit, then)


def _same_day(match: re.Match[str], scene: _Scene) -> _Span:
    if scene.anchor is None:
        return _UNKNOWN
    words = match[0].lower()
    step = -1 if "previous" in words or "before" in words else 1 if re.search(r"next|following|after", words) else 0
    return _single(scene.anchor + timedelta(days=step))


def _recent(match: re.Match[str], scene: _Scene) -> _Span:
    return _Span(None, scene.day, "unknown")


def _nth(match: re.Match[str], scene: _Scene) -> _Span:
    """The Nth of the current month, or of the one before when that day has not come yet."""
    if scene.day is None:
        return _UNKNOWN
    number, base = int(match["d"]), scene.day
    if match["of"] and match["of"].lower().startswith(("last", "next")):
        base = _shift(base.replace(day=1), "month", -1 if match["of"].lower().startswith("last") else 1)
    elif not match["of"] and number > base.day and not scene.future:
        base = _shift(base.replace(day=1), "month", -1)
    return _single(base.replace(day=number))


_ZONE = re.compile(r"\b(?:GMT|UTC|Z)\b")


def _minutes(hour: str, minute: str | None, half: str | None) -> str:
    """An ISO clock time; ``half`` is am or pm, in any spelling.

    Raises:
        ValueError: there is no such time.
    """
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError(hour)
        number = number % 12 + (12 if half.lower().startswith("p") else 0)
    if number > 24 or int(minute or 0) > 59:
        raise ValueError(hour)
    return f"{number % 24:02d}:{minute or '00'}"


def _clock(match: re.Match[str], scene: _Scene) -> _Span:
    groups = match.groupdict()
    word = (groups.get("word") or "").lower()
    if word:
        first = last = "00:00" if word == "midnight" else "12:00"
    else:
        first = _minutes(groups["h"], groups.get("mi"), groups.get("half"))
        last = _minutes(groups["h2"], groups["mi2"], groups.get("half")) if groups.get("h2") else first
    zone = "+00:00" if _ZONE.search(match[0]) else ""
    day = scene.anchor or scene.day
    return _Span(day, day, "hour", (first + zone, last + zone))


_HOLIDAYS = {"christmas eve": (12, 24), "christmas": (12, 25), "new year's eve": (12, 31), "new year's": (1, 1)}


def _holiday(match: re.Match[str], scene: _Scene) -> _Span:
    words = re.sub(r"\s+", " ", match[0].lower().replace("’", "'")).removesuffix(" day")
    found = _dated(scene, *_HOLIDAYS[words])
    return _single(found) if found else _UNKNOWN


_NUMBER = (
    r"(?:\d[\d,]*|(?:{tens})(?:(?: |-)(?:{ones}))?|{ones}|a couple of|couple of|a few|few|several|many|some"
    r"|half a|an?)"
).format(tens="|".join(TENS), ones="|".join(sorted(ONES, key=len, reverse=True)))
_UNIT = r"(?P<u>(?:second|minute|hour|day|night|week|fortnight|month|year|decade)s?|century|centuries)"
_MONTH = (
    r"(?P<m>January|February|(?-i:March|MARCH|May|MAY|August|AUGUST)|April|June|July|September|October|November"
    r"|December|(?-i:(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?))"
)
_WEEKDAY = (
    r"(?P<w>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday(?! Times\b)"
    r"|(?-i:(?:Mon|Tues?|Wed|Thurs?|Fri)\.(?!\w)))"
)
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d|[,.]\d)"
_OF_YEAR = rf"(?:(?:,? (?:of )?|,){_YEAR}|,? (?:of )?(?P<yr>last|this|next) year)?"
_D = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\w|[,.:/]\d|%)"
_D2 = _D.replace("<d>", "<d2>")
_TO = r"(?: ?[-–—] ?| (?:to|and|until|through|or|into) )"
_PART = r"(?:(?P<part>early|mid|late)(?: |-)(?:in )?)?"
_DAYPART = r"(?:(?:early |late )?(?:morning|afternoon|evening|night|midday|noon|lunchtime|dawn)|overnight)"
_LEAD = (
    r"(?:(?P<lead>(?:the )?(?:early|late|small|pre-dawn|predawn) (?:hours|morning|afternoon|evening|night)"
    r" (?:of|on)(?: the morning of)?|(?:early|late|earlier|later)(?: on)?|(?:the )?night (?:of|on|to|into)"
    r"|this(?= [A-Z][a-z]+\.? \d)|overnight(?: (?:on|into|to|from))?|(?:the )?(?:morning|afternoon|evening) of) )?"
)
_MONTH_CUES = tuple(name[:3].lower() for name in _MONTHS)
_WEEKDAY_CUES = tuple(name[:3].lower() for name in _WEEKDAYS)
_HALF = r"(?P<half>[ap](?:\.m\b\.?|m\b))"
_ZONES = r"(?: ?(?:GMT|UTC|EST|EDT|ET|CET|CEST|EET|(?-i:Z)|local time|(?-i:[A-Z])\w+ time|hours))?"


def _rule(
    name: str, cues: tuple[str, ...], pattern: str, resolve: Callable[[re.Match[str], _Scene], _Span | None]
) -> _Rule:
    """A row of the grammar; a space in the pattern stands for any white space."""
    spaced = pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
    return _Rule(name, cues, re.compile(rf"(?<![\w-])(?:{spaced})(?!\w)", re.IGNORECASE), resolve)


_RULES = (
    _rule(
        "iso-date", ("-",),
        r"(?P<y>(?:19|20)\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)"
        r"(?:T(?P<clock>\d\d:\d\d)(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?!-)",
        _iso_day,
    ),
    _rule(
        "numeric-date", (".", "/"),
        r"(?P<a>\d\d?)(?P<sep>[./])(?P<b>\d\d?)(?P=sep)(?P<y>(?:19|20)\d\d)", _numeric_day,
    ),
    _rule("month-days", _MONTH_CUES, rf"{_D}{_TO}{_D2}(?: of)? {_MONTH}{_OF_YEAR}", _month_days),
    _rule("month-days", _MONTH_CUES,
          rf"{_MONTH} {_D}{_TO}{_D2}(?! {_MONTH.replace('<m>', '<m2>')}){_OF_YEAR}", _month_days),
    _rule("month-day", _MONTH_CUES, rf"{_LEAD}(?:the )?{_D}(?: of)? {_MONTH}{_OF_YEAR}", _month_day),
    _rule("month-day", _MONTH_CUES, rf"{_LEAD}{_MONTH} (?:the )?{_D}{_OF_YEAR}", _month_day),
    _rule(
        "month", _MONTH_CUES,
        rf"{_PART}(?:(?P<rel>last|this|next)(?: past)? )?{_MONTH}{_OF_YEAR}", _month,
    ),
    _rule(
        "edge", ("end", "start", "begin", "middle"),
        rf"the (?:very )?(?P<part>end|start|beginning|middle) of (?:{_MONTH}{_OF_YEAR.replace('<y>', '<y1>')}"
        rf"|{_YEAR}|(?:the|(?P<rel>this|last|next)) (?P<u>week|month|year|decade))",
        _edge,
    ),
    _rule("years", ("19", "20"), r"(?P<y>(?:19|20)\d\d)[-–](?P<y2>(?:19|20)\d\d|\d\d)(?!-)", _years),
    _rule("year", ("19", "20"), rf"{_PART}{_YEAR}", _year),
    _rule("decade", ("0s",), rf"(?:the )?{_PART}(?P<y>(?:19|20)\d0|(?<=[’'])\d0)s", _decade),
    _rule("century", ("century",), r"(?:the )?(?P<n>1\d|20|21)(?:st|th)(?: |-)century", _century),
    _rule(
        "season", tuple(_SEASONS),
        rf"(?:(?P<det>the)(?: past)? |(?P<rel>last|this|next) )?(?P<season>spring|summer|autumn|fall|winter)"
        rf"{_OF_YEAR.replace('(?:of )', '(?:of |in )')}",
        _season,
    ),
    _rule(
        "year-share", ("half", "quarter"),
        rf"the (?P<nth>first|second|third|fourth|last) (?P<share>half|quarter) of"
        rf"(?: {_YEAR}| (?P<yr>last|this|next) year)",
        _fraction,
    ),
    _rule(
        "weekday", _WEEKDAY_CUES,
        rf"{_LEAD}(?:(?P<rel>last|next|this past|this coming|this|coming|the following|the previous) )?"
        rf"{_WEEKDAY}(?:['’]s)?(?: (?P<part>{_DAYPART}))?",
        _named_weekday,
    ),
    _rule(
        "near-day", ("today", "yesterday", "tomorrow", "tonight", "this "),
        rf"(?:(?:earlier|later|early|late) )?(?P<w>today|tonight|(?:the )?day before yesterday"
        rf"|(?:the )?day after tomorrow|yesterday|tomorrow|this morning|this afternoon|this evening)"
        rf"(?: {_DAYPART})?",
        _near_day,
    ),
    _rule("overnight", ("night", "evening"),
          r"overnight|last night|last evening|the past night|during the night", _overnight),
    _rule(
        "past-window", ("last", "past", "preceding", "previous"),
        rf"(?:(?P<det>the|these) )?(?P<mod>last|past|preceding|previous) (?:(?P<n>{_NUMBER}) )?{_UNIT}(?: or so)?",
        _past_window,
    ),
    _rule("next-window", ("next", "coming"),
          rf"(?:the )?(?:next|coming) (?P<n>{_NUMBER}) {_UNIT}", _next_window),
    _rule("next-window", ("coming", "the next"),
          rf"the (?:next|coming) (?P<n>(?!))?(?!day\b|night\b){_UNIT}", _next_window),
    _rule(
        "calendar", ("week", "month", "year", "decade", "quarter", "century"),
        r"(?:(?P<part>earlier|later|early|mid|late|so far)(?: |-)(?:in )?)?"
        r"(?P<rel>this past|this coming|this|last|next|the previous|the following|that|the same"
        r"|the(?= weekend)) (?P<u>weekend|week|month|quarter|year|decade|century)",
        _calendar,
    ),
    _rule(
        "calendar", ("earlier", "later"),
        r"(?P<part>earlier|later) (?:in )?(?P<rel>the) (?P<u>week|month|year|decade)", _calendar,
    ),
    _rule(
        "ago", ("ago",),
        rf"(?:(?P<cmp>more than|over|nearly|almost|about|around|some|just|at least|less than) )?"
        rf"(?:(?P<n>{_NUMBER}) )?{_UNIT} ago",
        _ago,
    ),
    _rule("ahead", ("in ",), rf"(?<=in\s)(?P<n>{_NUMBER}) {_UNIT}(?:['’]s? time)?", _ahead),
    _rule(
        "offset", ("earlier", "later", "before", "after", "previously"),
        rf"(?:(?P<n>{_NUMBER}) )?{_UNIT} (?P<way>earlier|later|before|after|previously)", _offset,
    ),
    _rule(
        "same-day", ("day", "night"),
        r"(?:the same|that(?: very)?|the next|the following|the previous)"
        r" (?:day|night|evening|morning|afternoon)|the (?:day|night|evening) before(?= ?(?:[.,;]|$))"
        r"|the day after(?= ?(?:[.,;]|$))",
        _same_day,
    ),
    _rule(
        "recent", ("recent",), r"recent (?P<u>hours|days|nights|weeks|months|years|decades)", _recent,
    ),
    _rule(
        "day-of-month", ("the ",),
        r"(?<=on\s)the (?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)(?: of (?P<of>(?:this|last|next|the) month))?"
        r"(?= ?(?:[.,;:)]|$)| (?:and|at|by|when|after|before|near|around|to|with|they|he|she|we|it)\b)",
        _nth,
    ),
    _rule(
        "clock", (":", ".", "m"),
        rf"(?P<h>\d\d?)(?:[:.](?P<mi>[0-5]\d))? ?{_HALF}{_ZONES}", _clock,
    ),
    _rule(
        "clock", ("a.m", "p.m", "am", "pm"),
        rf"(?P<h>\d\d?)(?::(?P<mi>[0-5]\d))?{_TO}(?P<h2>\d\d?)(?::(?P<mi2>[0-5]\d))? ?{_HALF}{_ZONES}",
        _clock,
    ),
    _rule("clock", (":",), rf"(?P<h>[01]?\d|2[0-4]):(?P<mi>[0-5]\d)(?::[0-5]\d)?(?![:\d]){_ZONES}", _clock),
    _rule("clock", (":",),
          rf"(?P<h>[01]?\d|2[0-4]):(?P<mi>[0-5]\d) ?[-–—] ?(?P<h2>[01]?\d|2[0-4]):(?P<mi2>[0-5]\d){_ZONES}", _clock),
    _rule("clock", ("gmt", "utc", "hours", "local"),
          r"(?P<h>[01]\d|2[0-3])[.:]?(?P<mi>[0-5]\d) ?(?:GMT|UTC|hours|hrs|local time)", _clock),
    _rule("clock", ("o'clock", "o’clock"), r"(?P<h>\d\d?) o['’]clock", _clock),
    _rule("clock", ("midnight", "noon", "midday"), r"(?P<word>midnight|noon|midday)", _clock),
    _rule("holiday", ("christmas", "new year"),
          r"Christmas(?: Day| Eve)?|New Year['’]s(?: Day| Eve)?", _holiday),
)  # fmt: skip

# ----------------------------------------------------------------------------------------------- reading

_CUE = re.compile(
    r"\d|day|\b(?:mon|tues?|wed|thurs?|fri)\.|night|morning|evening|week|month|year|decade|hour|minute|century|\bago\b|noon|summer|winter|spring"
    r"|autumn|\bfall\b|christmas|new year|recent|janu|febr|march|april|\bmay\b|june|july|augu|septem|octob"
    r"|novem|decem"
)
_AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|would|(?:is|are|was|were) to|due|scheduled|slated|set (?:to|for)|expires?|begins|starts"
    r"|opens|ends|expected|planned|to be|going to|plans? to|planning to|intends? to|ahead of|upcoming|forthcoming)\b"
    r"|['’]ll\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|reported|added|stated|declared|wrote|confirmed|warned"
    r"|according to [^,]*)\b",
    re.IGNORECASE,
)
_PREPOSITIONS: tuple[tuple[Relation, str], ...] = (
    ("since", r"since|starting|beginning|from|dating\s+back\s+to|effective"),
    ("until", r"until|till|til|through|up\s+to|by|no\s+later\s+than"),
    ("before", r"before|prior\s+to|ahead\s+of"),
    ("after", r"after|following"),
    ("during", r"during|in|over|throughout|within|across|for"),
    ("on", r"on|at|as\s+of|around|about|of"),
)
_RELATIONS = tuple(
    (relation, re.compile(rf"(?<!\w)(?:{words})\s+(?:on\s+|in\s+|at\s+|about\s+|around\s+)?$", re.IGNORECASE))
    for relation, words in _PREPOSITIONS
)


def _is_ahead(text: str, previous_end: int, start: int, end: int) -> bool:
    """Whether the words around a time, back to the last time or reporting verb, speak of the future."""
    left = text[previous_end:start]
    for match in _REPORTED.finditer(left):
        left = text[previous_end + match.end() : start]
    if _AHEAD.search(left):
        return True
    if text[:start].strip(" \t\n\"'“”‘’-–—").lower() not in ("", "on", "in", "at", "by", "from"):
        return False
    right = re.split(r"[.;:]\s|\bsaid\b", text[end : end + 120], maxsplit=1)[0]
    return bool(re.search(r"\b(?:will|shall|(?:is|are) (?:to|due|set|expected|scheduled))\b", right))


def _candidates(text: str) -> list[tuple[int, int, int, re.Match[str]]]:
    """Every match of every rule, in reading order, longer first: (start, -length, rule number, match)."""
    low = text.lower()
    if not _CUE.search(low):
        return []
    found = [
        (match.start(), match.start() - match.end(), number, match)
        for number, rule in enumerate(_RULES)
        if any(cue in low for cue in rule.cues)
        for match in rule.pattern.finditer(text)
        if match.end() > match.start()
    ]
    return sorted(found, key=lambda row: row[:3])


def _resolved(rule: _Rule, match: re.Match[str], scene: _Scene) -> _Span | None:
    """The rule's interval; unknown where the words name a day that no calendar has."""
    try:
        return rule.resolve(match, scene)
    except (ValueError, OverflowError):
        return _UNKNOWN


def _read(text: str, day: date | None, anchor: date | None) -> list[_Raw]:
    """The expressions that rules accept, from left to right, without overlap."""
    found: list[_Raw] = []
    end = 0
    for start, _, number, match in _candidates(text):
        if start < end:
            continue
        rule = _RULES[number]
        ahead = _is_ahead(text, end, start, match.end())
        span = _resolved(rule, match, _Scene(day, anchor, text[end:start], ahead))
        if span is None:
            continue
        end = match.end()
        found.append(_Raw(start, end, rule.name, span))
        if span.first is not None and span.first == span.last:
            anchor = span.first
    return found


_NAMED_DAYS = ("weekday", "near-day")
_EXACT_DAYS = ("month-day", "iso-date", "numeric-date")


def _joined(text: str, left: _Raw, right: _Raw) -> _Raw | None:
    """Two neighbours as the one expression that they make, or None."""
    gap = text[left.end : right.start].lower().strip()
    together = replace(left, end=right.end)
    if left.is_clock != right.is_clock:
        clock, day = (left, right) if left.is_clock else (right, left)
        if gap in ("", ",", "on", "at", "of", "at about", "at around", "around", ", at") and day.is_day:
            span = day.span._replace(precision="hour", clock=clock.span.clock)
            return replace(together, rule="clock-on-day", span=span)
        return None
    if gap in ("", ",", "(", ", on") and (left.rule in _NAMED_DAYS) != (right.rule in _NAMED_DAYS):
        named, exact = (left, right) if left.rule in _NAMED_DAYS else (right, left)
        agreed = _agreed(named.span, exact.span) if exact.rule in _EXACT_DAYS else None
        closing = gap == "(" and text[right.end : right.end + 1] == ")"
        return replace(together, end=right.end + closing, span=agreed, rule=exact.rule) if agreed else None
    opened = re.search(r"\b(from|between)\s+$", text[: left.start].lower())
    closers: tuple[str, ...] = ("to", "through", "-", "–", "—", "into", "and into", "thru")
    if opened:
        closers = ("and",) if opened[1] == "between" else (*closers, "until", "till", "up to")
    alike = left.rule == right.rule or left.is_day == right.is_day
    if gap not in closers or not alike:
        return None
    borrowed = _with_year(left.span, right.span)
    return replace(together, rule="range", span=_range(borrowed, right.span, weekly=right.rule == "weekday"))


def _agreed(named: _Span, exact: _Span) -> _Span | None:
    """The exact day that a weekday goes with; without a year it is the nearest one on that weekday, or None."""
    if not named.first or not exact.first or named.first.weekday() == exact.first.weekday():
        return exact
    years = (named.first.year + step for step in (0, 1, -1)) if exact.yearless else ()
    days = (_in_year(exact, year) for year in years)
    return next((_single(day) for day in days if day and day.weekday() == named.first.weekday()), None)


def _in_year(span: _Span, year: int) -> date | None:
    """The yearless day of a span in a year; None where that year has no such day."""
    if span.yearless is None:
        return None
    month, day = span.yearless
    return date(year, month, day) if day <= monthrange(year, month)[1] else None


def _with_year(left: _Span, right: _Span) -> _Span:
    """The start of a range with the year that only its end says ("from March 3 to April 5, 2022")."""
    if left.yearless is None or right.yearless is not None or right.last is None:
        return left
    first = _in_year(left, right.last.year)
    if first and first > right.last:
        first = _in_year(left, right.last.year - 1)
    return _single(first) if first else left


def _range(left: _Span, right: _Span, *, weekly: bool) -> _Span:
    """From the start of one to the end of the other.

    Where the end would come before the start, weekdays begin a week earlier, and dates end a year later.
    """
    clock = (left.clock[0], right.clock[1]) if left.clock and right.clock else None
    first, last = left.first, right.last
    if first and last and last < first and weekly:
        first -= timedelta(days=7)
    elif first and last and last < first:
        try:
            last = last.replace(year=last.year + 1)
        except ValueError:
            last = None
    if first is None or last is None or last < first:
        return _UNKNOWN._replace(clock=clock)
    return _Span(first, last, left.precision, clock)


def _together(text: str, found: Sequence[_Raw]) -> list[_Raw]:
    """Neighbours joined, from left to right, until none can be."""
    done: list[_Raw] = []
    for item in found:
        current = item
        while done and (both := _joined(text, done[-1], current)) is not None:
            current = both
            done.pop()
        done.append(current)
    return done


_ONWARD = re.compile(r"\s+(?:on|onwards?)\b", re.IGNORECASE)


def _relation(text: str, raw: _Raw) -> Relation:
    """What the words before it say; a possessive ("after Monday's attack") only dates its noun."""
    left = text[max(0, raw.start - 30) : raw.start]
    plain: Relation = "on" if raw.span.first == raw.span.last else "during"
    ranged = raw.span.first != raw.span.last or (raw.span.clock and raw.span.clock[0] != raw.span.clock[1])
    if raw.rule in ("range", "month-days", "clock") and ranged:
        return "during"
    relation = next((name for name, pattern in _RELATIONS if pattern.search(left)), plain)
    if raw.span.precision == "year" and re.search(r"\bfrom\s+$", left) and not _ONWARD.match(text, raw.end):
        return plain  # "the fort is from the 18th century"
    owned = re.match(r"['’]s?\s", text[raw.end :]) or re.search(r"['’]s$", text[raw.start : raw.end])
    if (owned and relation in ("before", "after")) or relation in ("on", "during"):
        return plain
    return relation


def _bounded(span: _Span, relation: Relation) -> tuple[date | None, date | None]:
    """The days of the interval once the relation has opened or moved its ends."""
    step = timedelta(0) if span.clock else _DAY
    if relation == "since":
        return span.first, None
    if relation == "until":
        return None, span.last
    if relation == "before":
        return None, span.first - step if span.first else None
    if relation == "after":
        return span.last + step if span.last else None, None
    return span.first, span.last


def _iso(day: date | None, clock: str | None) -> str | None:
    if day is None:
        return None
    return f"{day.isoformat()}T{clock}" if clock else day.isoformat()


def word_at(sentence: Sentence, start: int, end: int) -> int:
    """The index of the word that governs those between two offsets, else of the last that has a letter.

    Raises:
        ValueError: there is no word there.
    """
    inside = [word for word in sentence.words if word.start < end and word.end > start]
    if not inside:
        raise ValueError(f"no word between {start} and {end}")
    indexes = {word.index for word in inside}
    tops = [word for word in inside if word.head not in indexes and word.upos not in ("", "PUNCT", "ADP", "DET")]
    spelled = [word for word in inside if word.text[:1].isalnum()]
    return (tops[0] if len(tops) == 1 else (spelled or inside)[-1]).index


def _found(sentence: Sentence, raw: _Raw, day: date | None) -> FoundTime:
    text = sentence.text
    relation = _relation(text, raw)
    first, last = _bounded(raw.span, relation)
    clock = raw.span.clock or (None, None)
    precision = raw.span.precision if first or last else "unknown"
    old = raw.span.long_ago
    if day and last:
        old = last < day and (day - last).days > 365
    start, end = sentence.start + raw.start, sentence.start + raw.end
    return FoundTime(
        date=DateRange(_iso(first, clock[0]), _iso(last, clock[1]), text[raw.start : raw.end], precision, "stated"),
        start=start,
        end=end,
        head=word_at(sentence, start, end),
        rule=f"time:{raw.rule}",
        relation=relation,
        historical=old,
        future=bool(day and first and first > day),
    )


def times(sentence: Sentence, *, published: str | None, anchor: str | None = None) -> tuple[FoundTime, ...]:
    """The time expressions of a sentence, in reading order, without overlap.

    Args:
        sentence: the sentence; only its text and, for ``head``, its words are read.
        published: the ISO day or time of publication, or None.
        anchor: the ISO day that the sentences before spoke of last, for "a day earlier" and "the same day";
            None when there is none. Times in the sentence itself move it on.

    Raises:
        ValueError: ``published`` or ``anchor`` does not begin with an ISO day.
    """
    day = date.fromisoformat(published[:10]) if published else None
    last_spoken = date.fromisoformat(anchor[:10]) if anchor else None
    found = _together(sentence.text, _read(sentence.text, day, last_spoken))
    return tuple(_found(sentence, raw, day) for raw in found)


def time_spans(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The half-open offsets of the time expressions of a sentence, whatever the day of publication."""
    text = sentence.text
    for raw in _together(text, _read(text, None, None)):
        yield sentence.start + raw.start, sentence.start + raw.end

"""The situation report: one HTML file that needs no network, and single records in plain lines.

A report is made from records only, and reads no clock: the same ledger and options give the same bytes.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from truceline.ledger import Ledger, Shown, Stats, Stored
from truceline.ledger.queries import iso_day
from truceline.records import Entity, Event, Rejection, RoleClaim, Statement, TruceProposal, Versions
from truceline.report import figures, phrases, plots
from truceline.report.lines import event_lines, lines

__all__ = ["event_lines", "lines", "render", "write"]

_TITLE = "Situation report"
_Day = str | date | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What one report shows, read from a ledger; events in order of their days, the undated last."""

    title: str
    since: str | None
    until: str | None
    stats: Stats
    reports: tuple[Stored, ...]
    events: tuple[Shown[Event], ...]
    statements: tuple[Shown[Statement], ...]
    proposals: tuple[Shown[TruceProposal], ...]
    role_claims: tuple[Shown[RoleClaim], ...]
    rejections: tuple[Shown[Rejection], ...]

    @property
    def period(self) -> str:
        """The period asked for, or the days of publication of what was read."""
        if self.since or self.until:
            return phrases.period(self.since, self.until)
        days = sorted(one.coded.document.published[:10] for one in self.reports if one.coded.document.published)
        return f"reports published {phrases.period(days[0], days[-1])}" if days else "reports without a day"

    @property
    def as_of(self) -> str:
        """The last day of publication of what was read; "what was read" when none is known."""
        days = [seen.published[:10] for one in self.reports for seen in one.sources if seen.published]
        return phrases.one_day(max(days)) if days else "what was read"

    @property
    def sources(self) -> list[tuple[str, int]]:
        """Each source with the number of its reports, most first."""
        names = Counter(name for one in self.reports for name in {seen.source or "not named" for seen in one.sources})
        return sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def versions(self) -> list[Versions]:
        """Every version of the coder that made a record here."""
        return sorted({one.coded.versions for one in self.reports}, key=str)

    @property
    def happened(self) -> int:
        """How many events are reported as having happened."""
        return sum(figures.happened(one.record) for one in self.events)

    @property
    def uncounted(self) -> list[tuple[str, int]]:
        """Why events are listed and not counted, with how many."""
        reasons = Counter(
            "denied" if one.record.status == "asserted" else one.record.status
            for one in self.events
            if not figures.happened(one.record)
        )
        return sorted(reasons.items())

    @property
    def by_day(self) -> list[tuple[str, list[Shown[Event]]]]:
        """The event list under its headings."""
        days: dict[str, list[Shown[Event]]] = {}
        for one in self.events:
            days.setdefault(phrases.when(one.record.date), []).append(one)
        return list(days.items())


def write(ledger: Ledger, path: Path, *, since: _Day = None, until: _Day = None, title: str | None = None) -> None:
    """Write the report of a period, both days included, to one HTML file.

    Raises:
        InputError: a day is not an ISO day.
        OSError: the file cannot be written.
    """
    html = render(ledger, since=since, until=until, title=title)
    path.write_text(html, encoding="utf-8", newline="\n")


def render(ledger: Ledger, *, since: _Day = None, until: _Day = None, title: str | None = None) -> str:
    """The report of a period, both days included, as HTML.

    Events belong to a period by their own days; statements, proposals, offices and rejections by the day of
    their report.

    Raises:
        InputError: a day is not an ISO day.
    """
    contents = _read(ledger, iso_day(since, "since"), iso_day(until, "until"), title or _TITLE)
    chart = figures.chart(contents.events)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            contents=contents,
            chart=chart,
            plot=plots.bars(chart),
            side_by_side=figures.side_by_side(contents.events),
            denials=figures.denials(contents.events),
            disagreeing=[one for one in contents.role_claims if one.record.agrees is False],
            unchecked=sum(one.record.agrees is None for one in contents.role_claims),
            reasons=Counter(one.record.reason for one in contents.rejections).most_common(),
        )
    )


def _read(ledger: Ledger, since: str | None, until: str | None, title: str) -> Contents:
    events = sorted(ledger.events(since=since, until=until), key=_event_order)
    statements = tuple(ledger.statements(since=since, until=until))
    reports = [one.stored for one in ledger.documents(since=since, until=until)]
    return Contents(
        title=title,
        since=since,
        until=until,
        stats=ledger.stats(),
        reports=_once([*reports, *(one.stored for one in events)]),
        events=tuple(events),
        statements=statements,
        proposals=tuple(ledger.truce_proposals(since=since, until=until)),
        role_claims=tuple(ledger.role_claims(since=since, until=until)),
        rejections=tuple(ledger.rejections(since=since, until=until)),
    )


def _event_order(shown: Shown[Event]) -> tuple[bool, tuple[str, str]]:
    days = figures.days_of(shown.record)
    return days is None, days or ("", "")


def _once(found: Iterable[Stored]) -> tuple[Stored, ...]:
    by_hash = {one.coded.document.sha256: one for one in found}
    return tuple(sorted(by_hash.values(), key=lambda one: (one.coded.document.published or "", _anchor(one))))


def _anchor(stored: Stored) -> str:
    return f"report-{stored.coded.document.sha256[:16]}"


def _web_address(url: str | None) -> str | None:
    """The address when it is one of the web: a link of any other scheme could run a script."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _silent(proposal: TruceProposal) -> list[Entity]:
    """The parties of a proposal whose answer no report read so far states."""
    answered = {figures.party_key(response.party) for response in proposal.responses}
    return [party for party in proposal.parties if figures.party_key(party) not in answered]


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("truceline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: phrases.printable(value) if type(value) is str else value,
    )
    environment.globals |= {
        "phrases": phrases,
        "figures": figures,
        "anchor": _anchor,
        "web_address": _web_address,
        "counted": phrases.counted,
        "silent": _silent,
    }
    return environment

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coded import NOT_STATED, Desk, courier, day, herald
from truceline import report
from truceline.errors import InputError
from truceline.ledger import Ledger, Shown, Source, Stored
from truceline.records import CodedDocument, DateRange, Event, Location, Quantity
from truceline.report import figures, phrases, plots

AT = "2031-05-06T08:00:00+00:00"
VOID = {"meta", "link", "br"}
INLINE = {"bdi", "mark", "q", "small", "strong", "b", "a", "span"}
Bounds = tuple[float | None, float | None, float | None]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as opened:
        yield opened


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    for desk in (courier(), herald()):
        ledger.add(desk.coded(), at=AT)
    return ledger


class Reader(HTMLParser):
    """Reads a page: the text a person sees, every tag with its attributes, tags closed out of order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self.feed(page)
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._words.append(" ")
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._words).split())

    def all(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute))]


def shown(desk: Desk) -> list[Shown[Event]]:
    """The events of a desk as the ledger shows them."""
    coded = desk.coded()
    document = coded.document
    seen = Source(document.id, document.source, document.url, document.title, document.published, AT)
    return [Shown("event", event, Stored(coded, (seen,), AT)) for event in coded.events]


@pytest.mark.parametrize(
    ("numbers", "approximate", "unit", "words"),
    [
        ((1051, None, None), False, None, "at least 1,051"),
        ((None, 1300, 1299), True, None, "at most 1,299 (about 1,300)"),
        ((20, 20, 20), False, None, "20"),
        ((40, 40, 40), True, None, "about 40"),
        ((10, None, 15), False, None, "10 to 15"),
        ((10, 12, 15), False, None, "10 to 15 (about 12)"),
        ((None, 300, None), True, None, "about 300"),
        ((None, None, 40), False, None, "at most 40"),
        ((2.5, 2.5, 2.5), False, "USD", "2.5 USD"),
        ((None, None, None), False, None, "an unstated number"),
    ],
)
def test_bounds(numbers: Bounds, approximate: bool, unit: str | None, words: str) -> None:
    assert phrases.bounds(Quantity("other", "x", *numbers, approximate, unit, "", 0, 0)) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2031-05-04", "2031-05-04", "4 May 2031"),
        ("2031-05-03", "2031-05-09", "3–9 May 2031"),
        ("2031-04-27", "2031-05-03", "27 Apr – 3 May 2031"),
        ("2030-12-30", "2031-01-02", "30 Dec 2030 – 2 Jan 2031"),
        (
            "2031-05-04T18:00+02:00",
            "2031-05-05T06:00+02:00",
            "4 May 2031 18:00+02:00 – 5 May 2031 06:00+02:00",
        ),
        (None, "2031-05-04", "until 4 May 2031"),
        ("2031-05-04", None, "from 4 May 2031"),
        (None, None, "not known"),
    ],
)
def test_periods(start: str | None, end: str | None, words: str) -> None:
    assert phrases.period(start, end) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("P1M", "1 month"), ("P30D", "30 days"), ("PT72H", "72 hours"), ("P1Y6M", "1 year 6 months"),
     ("PT30M", "30 minutes"), ("P", "P"), ("a while", "a while")],
)  # fmt: skip
def test_durations(value: str, words: str) -> None:
    assert phrases.duration(value) == words


def test_the_words_of_an_event_are_marked_and_whole() -> None:
    first = shown(courier())[0]
    pieces = phrases.marked(first)
    assert "".join(piece.text for piece in pieces) == first.words
    assert [(piece.role, piece.text) for piece in pieces if piece.role] == [
        ("recipient", "Velland"), ("actor", "Norvia"), ("trigger", "fired"),
        ("quantity", "more than 1,050 drones"),
        ("place", "Aldery"), ("evidence", "in the past week"), ("quantity", "at least 14 people"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"status": "negated"}, False),
        ({"status": "hypothetical"}, False),
        ({"status": "planned"}, False),
        ({"status": "historical"}, False),
        ({"attribution": "-"}, False),
        ({"attribution": "+"}, True),
    ],
)
def test_only_what_is_asserted_and_not_denied_counts(fields: dict[str, Any], counts: bool) -> None:
    desk = Desk("Velland spoke: Norvia attacked.")
    if "attribution" in fields:
        fields = {"attribution": (desk.held("Velland", "spoke", polarity=fields["attribution"]),)}
    assert figures.happened(desk.event("attacked", **fields)) is counts


@pytest.mark.parametrize(
    ("days", "step", "labels"),
    [
        (["2031-05-04", "2031-05-06"], "day", ["4 May 2031", "5 May 2031", "6 May 2031"]),
        (["2031-01-31", "2031-04-15"], "week", ["week of 27 Jan 2031", "week of 3 Feb 2031"]),
        (["2031-01-31", "2033-04-15"], "month", ["Jan 2031", "Feb 2031", "Mar 2031"]),
        (["1991-01-31", "2031-04-15"], "year", ["1991", "1992", "1993"]),
    ],
)
def test_a_chart_has_no_gap_and_few_bars(days: list[str], step: str, labels: list[str]) -> None:
    desk = Desk("Norvia attacked.")
    for one in days:
        desk.event("attacked", date=day(one))
    chart = figures.chart(shown(desk))
    assert (chart.step, [bar.label for bar in chart.bars][: len(labels)]) == (step, labels)
    assert sum(bar.total for bar in chart.bars) == len(days)
    assert len(plots.bars(chart).rects) == len(days)


def test_long_and_undated_events_stand_beside_the_chart() -> None:
    desk = Desk("Norvia attacked.")
    desk.event("attacked", date=day("2031-05-01", "2031-05-03"))
    desk.event("attacked", date=NOT_STATED)
    desk.event("attacked", status="negated")
    chart = figures.chart(shown(desk))
    assert (chart.bars, [(bar.label, bar.total) for bar in chart.beside]) == (
        (),
        [("over several days", 1), ("no day", 1)],
    )


def test_figures_of_two_holders_stand_side_by_side() -> None:
    dead, drones = figures.side_by_side([*shown(courier()), *shown(herald())])
    assert [(claim.holder, phrases.bounds(claim.quantity)) for claim in dead.claims] == [
        ("Velland", "at least 14"),
        ("Norvia", "9"),
    ]
    assert (dead.measure, dead.meet, drones.measure) == ("dead: people", False, "munition: drone")
    assert [name for name, _ in dead.shared] == ["type", "days", "place", "actor"]


def _another_day(event: Event) -> Event:
    return replace(event, date=day("2031-04-20"))


def _no_day(event: Event) -> Event:
    return replace(event, date=NOT_STATED)


def _another_place(event: Event) -> Event:
    return replace(event, location=Location("Lowtown", "XVE", None, None, None, None, "exact", "", 0, 0))


def _another_type(event: Event) -> Event:
    return replace(event, event_type="COERCE")


def _another_actor(event: Event) -> Event:
    return replace(event, actor=event.recipient)


def _another_holder_same(event: Event) -> Event:
    return replace(event, attribution=shown(courier())[0].record.attribution)


def _another_item(event: Event) -> Event:
    return replace(event, quantities=tuple(replace(q, item="bomb") for q in event.quantities))


def _part_of_a_whole(event: Event) -> Event:
    return replace(event, quantities=tuple(replace(q, part_of="more") for q in event.quantities))


def _negated(event: Event) -> Event:
    return replace(event, status="negated")


def _no_actor(event: Event) -> Event:
    return replace(event, actor=())


@pytest.mark.parametrize(
    ("change", "groups"),
    [
        (_another_day, 0), (_no_day, 0), (_another_place, 0), (_another_type, 0), (_another_actor, 0),
        (_another_holder_same, 0), (_another_item, 0), (_part_of_a_whole, 0), (_negated, 0), (_no_actor, 2),
    ],
)  # fmt: skip
def test_what_is_not_shared_is_not_compared(change: Callable[[Event], Event], groups: int) -> None:
    first, second = shown(courier())[0], shown(herald())[0]
    other = Shown("event", change(second.record), second.stored)
    assert len(figures.side_by_side([first, other])) == groups


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((14, None, None), (None, None, 9), False),
        ((14, None, None), (20, 20, 20), True),
        ((14, None, None), (16, None, None), True),
        ((None, 12, None), (12, 12, 12), True),
        ((None, 12, None), (13, 13, 13), False),
    ],
)
def test_figures_meet_where_a_number_is_in_all(one: Bounds, other: Bounds, meet: bool) -> None:
    quantities = [Quantity("dead", "people", *bounds, False, None, "", 0, 0) for bounds in (one, other)]
    assert figures.meet(quantities) is meet


def test_a_denial_stands_beside_what_it_denies() -> None:
    (pair,) = figures.denials([*shown(courier()), *shown(herald())])
    assert pair.denied.words == "The Norvian army denied that it attacked Velland."
    assert [one.record.trigger.text for one in pair.affirmed] == ["fired", "fired"]


@pytest.mark.parametrize(
    ("changes", "pairs"),
    [
        ({"date": day("2031-05-01")}, 1),
        ({"date": day("2031-05-09")}, 0),
        ({"event_type": "ACCUSE"}, 0),
        ({"actor": ()}, 0),
        ({"recipient": ()}, 1),
        ({"status": "negated", "attribution": ()}, 1),
        ({"status": "hypothetical"}, 0),
    ],
)
def test_denials_need_the_same_act(changes: dict[str, Any], pairs: int) -> None:
    denied = shown(herald())[1]
    denied = Shown("event", replace(denied.record, **changes), denied.stored)
    assert len(figures.denials([shown(courier())[0], denied])) == pairs


def test_a_party_is_its_country_for_the_state_only() -> None:
    desk = Desk("Norvia Norvian protesters Hill Union")
    state = desk.entity("Norvia", sectors=("GOV",))
    army = desk.entity("Norvian", sectors=("MIL",))
    crowd = desk.entity("Norvian protesters", sectors=("CVL",))
    union = desk.entity("Hill Union", country="IGO", id="hill-union")
    keys = [figures.party_key(one) for one in (state, army, crowd, union)]
    assert keys == ["XNO", "XNO", "XNO/CVL", "hill-union"]


@pytest.mark.parametrize(
    "words",
    [
        "Reports published 4–5 May 2031",
        "2 reports from Estmark Herald (1), Hill Courier (1)",
        "2 listed and not counted: 1 denied, 1 hypothetical",
        "Shown side by side because they share type (ASSAULT), days (27 Apr – 3 May 2031), "
        "place (Aldery, Vale, XVE) and actor (Norvia (XNO)).",
        "No number fits all of them.",
        "Velland at least 14 at least 14 people",
        "none as of 4 May 2031",
        "Velland XVE not stated in the report",
        "Duration 1 month Area the Aune river",
        "Odd Hale: in office since 2030-01-01",
        "ASSAULT-drone",
        "27 Apr – 3 May 2031 · to the week, stated: “in the past week”",
        "Aldery, Vale, XVE · the place itself",
        "munition: drone: at least 1,051 “more than 1,050 drones”",
        "said by Velland (XVE): “said”, certain",
        "hypothetical: not counted",
        "lexicon:strike, args:subject, kb:name:actor, time:past-period",
        "no recipient 1",
        "They are never counted as having happened.",
        "they say nothing about disputed borders",
    ],
)
def test_the_report_says(filled: Ledger, words: str) -> None:
    assert words in Reader(report.render(filled)).text


def test_the_page_is_well_made_and_asks_the_network_for_nothing(filled: Ledger) -> None:
    page = Reader(report.render(filled))
    assert page.faults == []
    assert not {"script", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert page.all("src") == []
    links = [attributes["href"] for tag, attributes in page.tags if tag == "link"]
    assert links == ["data:,"]
    assert "url(" not in report.render(filled)
    assert "@import" not in report.render(filled)


def test_every_link_inside_the_page_has_its_end_and_ids_are_single(filled: Ledger) -> None:
    page = Reader(report.render(filled))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.all("href") if link.startswith("#")} <= set(ids)


def test_tables_have_captions_and_headings_step_by_one(filled: Ledger) -> None:
    tags = [tag for tag, _ in Reader(report.render(filled)).tags]
    assert tags.count("table") == tags.count("caption") > 4
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_ledger_gives_the_same_bytes(filled: Ledger, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        report.write(filled, tmp_path / name, since="2031-05-01", title="Week")
    first = (tmp_path / "a.html").read_bytes()
    assert first == (tmp_path / "b.html").read_bytes()
    assert b"<title>Week, from 1 May 2031</title>" in first


def test_a_period_takes_events_by_their_days(filled: Ledger) -> None:
    page = Reader(report.render(filled, since="2031-05-05", until="2031-05-05")).text
    assert "attacked" in page
    assert "Stop the drones" not in page


def test_an_empty_ledger_has_a_report_too(ledger: Ledger) -> None:
    page = Reader(report.render(ledger))
    assert page.faults == []
    assert "No event in this period" in page.text


def test_a_bad_day_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InputError, match="until is 'soon'"):
        report.render(ledger, until="soon")


def test_no_party_is_said_to_have_broken_a_truce(filled: Ledger) -> None:
    assert not re.search("violat", report.render(filled), re.IGNORECASE)


def hostile() -> CodedDocument:
    """A report whose every string is an attack."""
    desk = Desk(
        f"{HOSTILE} attacked Velland, {HOSTILE[:8]} said.\n\u202e\x1b[31mThe end\x07",
        source=HOSTILE,
        title=HOSTILE,
        url="javascript:alert(1)//" + HOSTILE,
        id=HOSTILE,
    )
    entity = desk.entity(HOSTILE, country=HOSTILE, sectors=(HOSTILE,), id=HOSTILE)
    event = desk.event(
        "attacked",
        event_mode=HOSTILE,
        actor=[entity],
        recipient=[entity],
        quantities=(desk.quantity(HOSTILE, "dead", HOSTILE, best=1),),
        location=desk.place(HOSTILE, country=HOSTILE),
        attribution=(desk.held(HOSTILE, HOSTILE),),
        contexts=(HOSTILE,),
        date=DateRange("2031-05-04", "2031-05-04", HOSTILE, "day", "stated"),
    )
    desk.events[0] = replace(event, id=HOSTILE, evidence=(replace(event.evidence[0], rule=HOSTILE),))
    desk.statement(HOSTILE, "said", HOSTILE)
    desk.proposal(HOSTILE, HOSTILE, (HOSTILE,), scope=HOSTILE, area=HOSTILE, conditions=(HOSTILE,))
    desk.role(HOSTILE, person=HOSTILE, role=HOSTILE, agrees=False, on_record=HOSTILE)
    desk.reject("\x1b[31mThe end", HOSTILE)
    return desk.coded()


def test_words_of_reports_never_become_markup(ledger: Ledger) -> None:
    ledger.add(hostile(), at=AT)
    page = Reader(report.render(ledger, title=HOSTILE))
    assert page.faults == []
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [link for link in page.all("href") if not link.startswith(("#", "data:,"))]
    assert HOSTILE in page.text


def test_a_web_address_is_a_link(ledger: Ledger) -> None:
    ledger.add(courier().coded(), at=AT)
    assert "https://courier.example/1" in Reader(report.render(ledger)).all("href")


def test_an_event_in_lines() -> None:
    event = shown(courier())[0]
    assert report.event_lines(event).splitlines() == [
        f"event {event.record.id}",
        "  Velland said Norvia [[fired]] more than 1,050 drones at Aldery in the past week, "
        "killing at least 14 people.",
        "  type        ASSAULT-drone, CAMEO 195, material conflict, intensity -9.5  <lexicon:strike>",
        "  actor       Norvia (XNO)  “Norvia”  <args:subject, kb:name:actor>",
        "  recipient   Velland (XVE)  “Velland”",
        "  when        27 Apr – 3 May 2031; to the week, stated: “in the past week”  <time:past-period>",
        "  where       Aldery, Vale, XVE; the place itself",
        "  figure      munition: drone at least 1,051  “more than 1,050 drones”",
        "  figure      dead: people at least 14  “at least 14 people”",
        "  status      asserted",
        "  claim       said by Velland (XVE): “said”, certain",
        "  rule        lexicon:strike  “fired”",
        "  rule        args:subject  “Norvia”",
        "  rule        kb:name:actor  “Norvia”",
        "  rule        time:past-period  “in the past week”",
        f"  report      Hill Courier, Drones over Aldery, 4 May 2031, {event.stored.coded.document.id}",
        "  made by     truceline 0.1.0, model m1, ontology o1, lexicon l1, kb k1",
    ]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (
            "sta-",
            "content     ““Stop the drones,”” (quoted)",
        ),
        ("tru-", "response    Norvia (XNO): none as of 4 May 2031  “Norvia has not answered”"),
        ("doc-", "holds       3 events, 1 statement, 1 proposal, 1 rejection"),
    ],
)
def test_other_records_in_lines(ledger: Ledger, start: str, words: str) -> None:
    ledger.add(courier().coded(), at=AT)
    assert words in report.lines(ledger.find(start))


def test_lines_cannot_drive_the_terminal_or_forge_a_field(ledger: Ledger) -> None:
    ledger.add(hostile(), at=AT)
    found = report.lines(ledger.find(hostile().document.sha256))
    desk = Desk("One\x1b[2J attacked\u202e.")
    desk.event("attacked", actor=[desk.entity("One\x1b[2J", name="One\n  status      asserted")])
    found += report.event_lines(shown(desk)[0])
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", found)
    assert "One ⏎   status" in found


def test_the_wheel_carries_templates_and_migrations() -> None:
    project = tomllib.loads(Path(__file__).parent.with_name("pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/truceline"]
    for name in ("report.html.j2", "parts.html.j2", "report.css"):
        assert (Path(report.__file__).parent / "templates" / name).is_file()

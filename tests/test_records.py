"""The records: documents made of texts, the documented JSON, ids that stay, nothing that changes."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coded import courier
from truceline.errors import InputError
from truceline.records import Document, Span, as_json, content_id, iso_time

ACTOR = "text start end name id country sectors implied"
# The record as it is documented: each object's keys, in order.
KEYS = {
    "": "document sentences events statements truce_proposals role_claims rejections versions",
    "document": "id source url title published language sha256",
    "sentences": "index start end",
    "events": "id sentence event_type event_mode cameo quad_class score contexts trigger actor recipient date "
    "location quantities status attribution evidence",
    "events.trigger": "start end text",
    "events.actor": ACTOR,
    "events.recipient": ACTOR,
    "events.date": "start end text precision basis",
    "events.location": "name country admin1 lat lon geonames precision text start end",
    "events.quantities": "kind item low best high approximate unit text start end part_of",
    "events.attribution": "holder cue certainty polarity",
    "events.attribution.holder": ACTOR,
    "events.evidence": "rule start end",
    "statements": "id sentence speaker cue addressee content direct evidence",
    "statements.speaker": ACTOR,
    "statements.content": "start end text",
    "truce_proposals": "id sentence proposer parties scope duration start area conditions responses evidence",
    "truce_proposals.proposer": ACTOR,
    "truce_proposals.parties": ACTOR,
    "truce_proposals.responses": "party answer as_of text start end",
    "role_claims": "sentence person role text agrees on_record evidence",
    "rejections": "reason start end",
    "versions": "truceline model ontology lexicon kb",
}
EAST = timezone(timedelta(hours=2))
TIMES: list[tuple[Any, str | None, str]] = [
    (None, None, "unknown"),
    ("", None, "nothing said"),
    ("2031-05-04", "2031-05-04", "a day"),
    (" 2031-05-04\n", "2031-05-04", "blanks around"),
    ("20310504", "2031-05-04", "a day in its short form"),
    ("2031-W18-7", "2031-05-04", "a day of a week"),
    ("2031W18T10", "2031-04-28T10:00:00+00:00", "a time as long as a day"),
    ("2031-05-04T06:30", "2031-05-04T06:30:00+00:00", "a time without a zone is UTC"),
    ("2031-05-04 06:30", "2031-05-04T06:30:00+00:00", "a blank for the T"),
    ("2031-05-04T06:30Z", "2031-05-04T06:30:00+00:00", "Z"),
    ("2031-05-04T06:30+02:00", "2031-05-04T06:30:00+02:00", "a zone stays"),
    (date(2031, 5, 4), "2031-05-04", "a date"),
    (datetime(2031, 5, 4, 6, 30, tzinfo=UTC).replace(tzinfo=None), "2031-05-04T06:30:00+00:00", "a naive datetime"),
    (datetime(2031, 5, 4, 23, 30, tzinfo=EAST), "2031-05-04T23:30:00+02:00", "a datetime with its zone"),
]


def reached(record: Any, path: str) -> Any:  # noqa: ANN401 - a value of a JSON record
    """The first object at a path, going into the first item that has one."""
    found = [record]
    for key in filter(None, path.split(".")):
        values = [one[key] for one in found]
        found = [v for value in values for v in (value if isinstance(value, list) else [value]) if v is not None]
    return found[0]


@pytest.mark.parametrize("path", KEYS, ids=lambda path: path or "record")
def test_the_record_has_the_documented_keys_in_order(path: str) -> None:
    assert list(reached(courier().coded().to_json(), path)) == KEYS[path].split()


def test_the_record_is_json_and_leaves_the_text_out() -> None:
    coded = courier().coded()
    record = coded.to_json()
    assert json.loads(json.dumps(record)) == record
    assert coded.document.text not in json.dumps(record, ensure_ascii=False)
    assert coded.document.text not in repr(coded)


def test_as_json_of_values_and_mappings() -> None:
    spans = [Span(0, 6, "Norvia")]
    assert as_json({"a": (1, None, spans)}) == {"a": [1, None, [{"start": 0, "end": 6, "text": "Norvia"}]]}


@pytest.mark.parametrize(("value", "expected", "about"), TIMES, ids=[about for *_, about in TIMES])
def test_times(value: Any, expected: str | None, about: str) -> None:  # noqa: ANN401
    document = Document.of("Text.", published=value)
    assert document.published == iso_time(value) == expected
    assert iso_time(expected) == expected
    assert document.day == (date.fromisoformat(expected[:10]) if expected else None)


@pytest.mark.parametrize("value", ["yesterday", "2031-02-30", "04/05/2031", "2031-05", "1", "2031-05-04T25:00", " "])
def test_what_is_no_time_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="give an ISO day or time") as raised:
        Document.of("Text.", published=value)
    assert raised.value.subject == value


def test_a_document_of_a_text_alone() -> None:
    document = Document.of("Norvia shelled Aldery.")
    digest = "85d8b7b6469c2c7962426d91949ea6db8bb8973d5560f16f22e44a5329d7643d"
    assert (document.id, document.sha256) == (f"doc-{digest[:16]}", digest)
    assert (document.language, document.source, document.published) == ("en", None, None)
    assert Document.of("Norvia shelled Aldery.", id="a-1", source="Courier").id == "a-1"


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\u00a0\u2003"])
def test_a_blank_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty") as raised:
        Document.of(text, id="a-1")
    assert raised.value.subject == "a-1"


def test_a_lone_surrogate_has_a_hash() -> None:
    assert Document.of("\ud800 at Aldery").sha256 != Document.of("\ud801 at Aldery").sha256


def test_content_ids_stay() -> None:
    assert content_id("evt", "Aldery", 3, None) == "evt-5ac443031aca61e5"


@given(st.lists(st.text(max_size=3), max_size=3), st.lists(st.text(max_size=3), max_size=3))
def test_content_ids_differ_where_the_parts_do(left: list[str], right: list[str]) -> None:
    assert (content_id("x", *left) == content_id("x", *right)) == (left == right)


def test_records_are_frozen_and_hashable() -> None:
    coded = courier().coded()
    for record in (coded, coded.document, coded.events[0], coded.truce_proposals[0], coded.versions):
        field = dataclasses.fields(record)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, field, None)
        assert hash(record) == hash(dataclasses.replace(record))

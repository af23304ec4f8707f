from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from coded import LATER, NOT_STATED, Desk, courier, herald
from truceline.errors import InputError, LedgerError
from truceline.ledger import Ledger
from truceline.ledger.tables import METADATA, VERSION_TABLE

AT = "2031-05-06T08:00:00+00:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path, create=True) as opened:
        yield opened


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    for desk in (courier(), herald()):
        ledger.add(desk.coded(), at=AT)
    return ledger


def content(ledger: Ledger) -> list[str]:
    """The whole ledger as it would be exported, without the order or the time of adding."""
    return [json.dumps(shown.record.to_json()) for shown in ledger.documents()]


def sql(path: Path, *lines: str) -> None:
    """Change a ledger behind its back, its triggers gone."""
    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for line in lines:
            raw.execute(line)
    raw.close()


def test_what_is_added_comes_back_as_it_was(filled: Ledger) -> None:
    assert [shown.record for shown in filled.documents()] == [courier().coded(), herald().coded()]


def test_stats_count_what_is_there(filled: Ledger) -> None:
    stats = filled.stats()
    assert (stats.documents, stats.sources, stats.codings, stats.changes) == (2, 2, 2, 6)
    assert (stats.events, stats.statements, stats.truce_proposals) == (5, 1, 1)
    assert (stats.role_claims, stats.rejections, stats.undated) == (1, 1, 0)


def test_the_same_again_changes_nothing(filled: Ledger) -> None:
    before = filled.stats()
    assert not filled.add(courier().coded(), at="2031-06-01T00:00Z").new
    assert filled.stats() == before


def test_one_text_from_two_sources_is_one_document(filled: Ledger) -> None:
    copy = courier(source="Aune Daily", url="https://daily.example/4", published="2031-05-06")
    added = filled.add(copy.coded(), at=AT)
    assert (added.text, added.source, added.coding) == (False, True, False)
    shown = next(filled.documents())
    assert [seen.source for seen in shown.stored.sources] == ["Hill Courier", "Aune Daily"]
    assert filled.stats().documents == 2


def test_an_earlier_day_of_publication_becomes_current(filled: Ledger) -> None:
    first = courier(source="Vale Wire", published="2031-05-03").coded()
    assert filled.add(first, at=AT).coding
    assert filled.find(first.document.id).record == first


def test_another_version_becomes_current_and_the_earlier_stays(filled: Ledger, path: Path) -> None:
    desk = courier(versions=LATER)
    gone = desk.events.pop()
    assert filled.add(desk.coded(), at=AT).coding
    assert filled.find(desk.coded().document.id).record == desk.coded()
    assert gone.id not in {shown.record.id for shown in filled.events()}
    assert filled.find(gone.id).record == gone
    assert not filled.add(courier().coded(), at=AT).new
    assert (filled.stats().codings, filled.stats().events) == (3, 4)
    assert filled.verify() == []


def test_one_id_for_two_texts_is_two_documents(ledger: Ledger) -> None:
    for words in ("Norvia waited.", "Norvia waited again."):
        assert ledger.add(Desk(words, id="7").coded(), at=AT).text
    with pytest.raises(LedgerError, match=r"document 7 with the hash .*document 7 with the hash"):
        ledger.find("7")
    sha = Desk("Norvia waited.").coded().document.sha256
    assert ledger.find(sha[:12]).words == "Norvia waited."


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"since": "2031-05-04"}, ["struck", "Stop", "attacked"]),
        ({"until": "2031-05-03"}, ["fired", "fired"]),
        ({"since": "2031-05-02", "until": "2031-05-03"}, ["fired", "fired"]),
        ({"event_type": "REQUEST"}, ["Stop"]),
        ({"status": "hypothetical"}, ["struck"]),
        ({"country": "XNO", "event_type": "ASSAULT"}, ["fired", "fired", "attacked"]),
        ({"country": "XES"}, []),
    ],
)
def test_events_are_filtered(filled: Ledger, wanted: dict[str, str], words: list[str]) -> None:
    found = [shown.record.trigger.text for shown in filled.events(**wanted)]
    assert sorted(found) == sorted(words)


def test_an_event_that_nothing_dates_is_counted_but_in_no_period(ledger: Ledger) -> None:
    desk = Desk("Norvia attacked.", published=None)
    desk.event("attacked", date=NOT_STATED)
    ledger.add(desk.coded(), at=AT)
    assert ledger.stats().undated == 1
    assert (len(list(ledger.events())), list(ledger.events(since="1900-01-01"))) == (1, [])


def test_parts_come_with_their_sentence(filled: Ledger) -> None:
    (said,) = filled.statements()
    (proposal,) = filled.truce_proposals()
    (role,) = filled.role_claims(until="2031-05-04")
    (rejected,) = filled.rejections()
    assert said.words == "“Stop the drones,” President Ina Roake of Velland said."
    assert proposal.words.startswith("Estmark proposed")
    assert (role.record.person, rejected.words) == ("Odd Hale", "warned")
    assert list(filled.statements(since="2031-05-05")) == []


def test_a_bad_day_is_named(filled: Ledger) -> None:
    with pytest.raises(InputError, match="since is 'May'"):
        list(filled.events(since="May"))


@pytest.mark.parametrize("kind", ["event", "statement", "proposal", "document"])
def test_find_by_id_and_by_its_start(filled: Ledger, kind: str) -> None:
    coded = courier().coded()
    records: dict[str, Any] = {
        "event": coded.events[0],
        "statement": coded.statements[0],
        "proposal": coded.truce_proposals[0],
        "document": coded,
    }
    whole = coded.document.id if kind == "document" else records[kind].id
    for wanted in (whole, whole[:9]):
        shown = filled.find(wanted)
        assert (shown.kind, shown.record) == (kind, records[kind])


def test_what_is_shown_is_json_with_its_words_and_sources(filled: Ledger) -> None:
    shown = json.loads(json.dumps(filled.find(courier().coded().events[0].id).to_json()))
    assert (shown["kind"], shown["record"]["trigger"]["text"]) == ("event", "fired")
    assert shown["words"].startswith("Velland said Norvia fired")
    assert [seen["url"] for seen in shown["sources"]] == ["https://courier.example/1"]
    assert shown["versions"]["model"] == "m1"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [("evt-", "several: event evt-.*event evt-"), ("evt-%", "nothing in the ledger"), ("", "nothing in")],
)
def test_find_says_why_not(filled: Ledger, wanted: str, message: str) -> None:
    with pytest.raises(LedgerError, match=message):
        filled.find(wanted)


def test_a_record_whose_words_are_not_in_its_text_is_refused(ledger: Ledger) -> None:
    coded = courier().coded()
    moved = replace(coded, document=replace(coded.document, text=" " + coded.document.text))
    with pytest.raises(LedgerError, match=r"is not added: the span \d+-\d+ reads"):
        ledger.add(moved, at=AT)
    assert ledger.stats().changes == 0


def test_half_characters_are_refused_in_one_line(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="lone surrogates"):
        ledger.add(Desk("Norvia \ud800 waited.").coded(), at=AT)
    assert ledger.stats().documents == 0


@pytest.mark.parametrize("change", ["UPDATE {} SET rowid = rowid", "DELETE FROM {}"])
@pytest.mark.parametrize("table", [table.name for table in METADATA.sorted_tables])
def test_nothing_is_changed_or_deleted(filled: Ledger, path: Path, table: str, change: str) -> None:
    raw = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(change.format(table))
    raw.close()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "UPDATE documents SET text = replace(text, 'Velland', 'Norvia ') WHERE key = 1",
            "document 1: it is not",
        ),
        (
            "UPDATE codings SET record = replace(record, '1051', '9999') WHERE key = 1",
            "coding 1: it is not what",
        ),
        ("UPDATE quantities SET low = 9999 WHERE coding = 1", "its rows in quantities are not"),
        ("DELETE FROM events WHERE coding = 2", "its rows in events are not"),
        ("UPDATE sources SET url = 'https://other.example' WHERE key = 2", "source 2: it is not what"),
        ("UPDATE history SET at = '2031-01-01' WHERE seq = 2", "history 2: the chain is broken"),
        ("DELETE FROM history WHERE seq = 3", "history 4: the line before it should be 3 and is 2"),
        ("DELETE FROM sources WHERE key = 2", "it was added, and it is not there"),
        ("INSERT INTO sources VALUES (9, 1, 'x', 'x', 'x', 'x', 'x', 'x')", "source 9: no line of history"),
    ],
)
def test_verify_sees_every_change(filled: Ledger, path: Path, change: str, problem: str) -> None:
    assert filled.verify() == []
    sql(path, change)
    assert any(problem in str(found) for found in filled.verify())


def test_verify_reads_every_span_against_its_text(filled: Ledger, path: Path) -> None:
    # Someone who recomputes the hashes too is still caught by the words.
    sql(path, "UPDATE documents SET text = replace(text, 'more than 1,050', 'more than 9,050') WHERE key = 1")
    assert any("reads 'more than 9,050 drones' in the text" in str(found) for found in filled.verify())


def test_a_tail_cut_off_shows_in_the_head(filled: Ledger, path: Path) -> None:
    before = filled.stats().head
    tables = [table.name for table in METADATA.sorted_tables if "coding" in table.columns]
    cuts = [f"DELETE FROM {name} WHERE coding = 2" for name in tables]  # noqa: S608
    cuts += [f"DELETE FROM {name} WHERE key = 2" for name in ("codings", "sources", "documents")]  # noqa: S608
    sql(path, "DELETE FROM history WHERE seq > 3", *cuts)
    assert filled.verify() == []
    assert filled.stats().head != before


def test_the_migrations_make_the_tables_that_the_code_expects(filled: Ledger, path: Path) -> None:
    with create_engine(f"sqlite:///{path}").connect() as conn:
        context = MigrationContext.configure(conn, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, METADATA) == []


def _a_folder(path: Path) -> None:
    path.mkdir()


def _not_a_database(path: Path) -> None:
    path.write_text("Norvia said " * 200)


def _another_database(path: Path) -> None:
    sql(path, "CREATE TABLE shopping (item)")


def _a_newer_ledger(path: Path) -> None:
    Ledger.open(path, create=True).close()
    sql(path, f"UPDATE {VERSION_TABLE} SET version_num = '9001'")  # noqa: S608


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_a_folder, "is a folder"),
        (_not_a_database, "is not a ledger that can be read: file is not a database"),
        (_another_database, "is a database, but not a ledger"),
        (_a_newer_ledger, "newer version of Truceline .*9001"),
    ],
)
def test_what_is_not_our_ledger_is_left_alone(
    path: Path, make: Callable[[Path], None], message: str, create: bool
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LedgerError, match=message) as error:
        Ledger.open(path, create=create)
    assert "\n" not in str(error.value)
    assert before is None or path.read_bytes() == before


@pytest.mark.parametrize("where", ["ledger.sqlite", "folder/ledger.sqlite"])
def test_a_missing_ledger_is_not_made_unasked(tmp_path: Path, where: str) -> None:
    with pytest.raises(LedgerError, match="truceline run"):
        Ledger.open(tmp_path / where)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"folder of .* does not exist"):
        Ledger.open(tmp_path / "none" / "ledger.sqlite", create=True)


def test_a_database_url_never_shows_its_password(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as error:
        Ledger.open("postgresql+pg8000://me:secret@localhost/news")
    assert "secret" not in str(error.value)


def test_a_file_url_is_the_same_ledger(filled: Ledger, path: Path) -> None:
    with Ledger.open(f"sqlite:///{path}") as again:
        assert content(again) == content(filled)


WRITER = """
import sys
sys.path.insert(0, {tests!r})
from coded import Desk
from truceline.ledger import Ledger

def reports(name, count):
    for number in range(count):
        desk = Desk(f"Norvia attacked Velland on day {{number}} ({{name}}). One said {{number}} drones came.")
        drones = desk.quantity(f"{{number}} drones", "munition", "drone", best=number)
        desk.event("attacked", actor=["Norvia"], recipient=["Velland"], quantities=(drones,))
        yield desk.coded()

with Ledger.open({path!r}, create=True) as ledger:
    for name in sys.argv[2:]:
        for coded in reports(name, int(sys.argv[1])):
            ledger.add(coded, at="2031-05-06T08:00:00+00:00")
            print("added", flush=True)
"""


def start(path: Path, count: int, *names: str) -> subprocess.Popen[str]:
    code = WRITER.format(tests=str(Path(__file__).parent), path=str(path))
    return subprocess.Popen([sys.executable, "-c", code, str(count), *names], stdout=subprocess.PIPE, text=True)


def test_a_kill_leaves_whole_documents_and_a_rerun_completes_them(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    for lines in (0, 1, 7, 12):
        with start(killed, 40, "a") as writer:
            assert writer.stdout
            for _ in range(lines):
                writer.stdout.readline()
            os.kill(writer.pid, signal.SIGKILL)
        if lines:
            with Ledger.open(killed) as ledger:
                assert ledger.verify() == []
                stats = ledger.stats()
                assert stats.documents == stats.codings == stats.events >= lines
                assert stats.changes == 3 * stats.documents
    for path in (killed, whole):
        with start(path, 40, "a") as writer:
            assert len((writer.communicate()[0]).split()) == 40
    with Ledger.open(killed) as first, Ledger.open(whole) as second:
        assert content(first) == content(second)
        assert first.stats() == second.stats()


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    path, alone = tmp_path / "two.sqlite", tmp_path / "one.sqlite"
    writers = [start(path, 25, *names) for names in (["both", "a"], ["both", "b"])]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    with start(alone, 25, "both", "a", "b") as single:
        single.communicate()
    with Ledger.open(path) as ledger, Ledger.open(alone) as expected:
        assert ledger.verify() == []
        assert content(ledger) == content(expected)
        assert (ledger.stats().documents, ledger.stats().changes) == (75, 225)

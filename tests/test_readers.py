"""Readers: what people have becomes documents; what cannot be read is refused with its reason, the rest goes on."""

from __future__ import annotations

import io
import json
import os
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import pytest

from truceline import readers
from truceline.readers import Refused
from truceline.records import Document

TEXT = "Norvia shelled Aldery.\nTwo people died.\n"
HEADER = "Title: Shells at Aldery\nSource: Hill Courier\npublished: 2031-05-04\nURL: https://a.example/1\nId: a-1\n\n"
Write = Callable[[str, str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def read(*inputs: str, published: str | None = None, stdin: TextIO | None = None) -> list[Document | Refused]:
    return list(readers.read(inputs, published=published, stdin=stdin))


def document(name: str, *, published: str | None = None) -> Document:
    (found,) = read(name, published=published)
    assert isinstance(found, Document), found
    return found


def refused(name: str, *, stdin: TextIO | None = None) -> Refused:
    (found,) = read(name, stdin=stdin)
    assert isinstance(found, Refused)
    assert "\n" not in found.reason
    return found


def lines(*records: object) -> str:
    return "".join(f"{r if isinstance(r, str) else json.dumps(r)}\n" for r in records)


def kinds(found: list[Document | Refused]) -> list[str]:
    return [one.text if isinstance(one, Document) else "refused" for one in found]


# ---- Text ----

PLAIN = {"title": None, "source": None, "url": None, "published": None}
FILES: list[tuple[str, str | bytes, dict[str, Any]]] = [
    ("no header", TEXT, {"text": TEXT, **PLAIN}),
    (
        "header",
        HEADER + TEXT,
        {
            "text": TEXT,
            "id": "a-1",
            "title": "Shells at Aldery",
            "source": "Hill Courier",
            "url": "https://a.example/1",
            "published": "2031-05-04",
        },
    ),
    ("header with CRLF", (HEADER + TEXT).replace("\n", "\r\n"), {"text": TEXT, "title": "Shells at Aldery"}),
    ("header with an empty field", "Title:\nSource: A\n\n" + TEXT, {"title": None, "source": "A", "text": TEXT}),
    ("header without its blank line", "Title: A\n" + TEXT, {"text": "Title: A\n" + TEXT, **PLAIN}),
    ("first line with a colon", "Aldery: two dead\n\n" + TEXT, {"text": "Aldery: two dead\n\n" + TEXT, **PLAIN}),
    ("byte order mark", BOM_UTF8 + (HEADER + TEXT).encode(), {"text": TEXT, "id": "a-1"}),
    ("CRLF", "Norvia.\r\nAldery.\r\n", {"text": "Norvia.\r\nAldery.\r\n"}),
    ("tabs, form feeds and escapes", "A\tb.\f\x1b", {"text": "A\tb.\f\x1b"}),
]


@pytest.mark.parametrize(("about", "content", "expected"), FILES, ids=[about for about, *_ in FILES])
def test_text_files(about: str, content: str | bytes, expected: dict[str, Any], write: Write) -> None:
    found = document(write("a.txt", content))
    assert {name: getattr(found, name) for name in expected} == expected, about


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (BOM_UTF8, "empty"),
        (HEADER.encode(), "empty"),
        (b"\x89PNG\r\n\x1a\n\x00", r"not UTF-8 text \(byte 0\)"),
        ("Pâques à Aldery".encode("latin-1"), r"not UTF-8 text \(byte 1\)"),
        ("Aldery".encode("utf-16"), "not UTF-8 text"),
        ("Aldery".encode("utf-16-le"), "control characters"),
        (b"Norvia\x00shelled", "control characters"),
        (b"Published: 4 May\n\nText.", "published is '4 May'"),
    ],
    ids=ascii,
)
def test_files_that_are_no_reports(content: bytes, reason: str, write: Write) -> None:
    where = write("a.txt", content)
    found = refused(where)
    assert (found.where, found.raw) == (where, None)
    assert re.search(reason, found.reason)


def test_a_giant_line_is_read_and_a_larger_one_is_not(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_CHARACTERS", 200_000)
    giant = "word " * 40_000
    assert document(write("a.txt", giant)).text == giant
    assert "longer than 200,000 characters" in refused(write("b.txt", giant + ".")).reason
    assert kinds(read(write("c.jsonl", lines({"text": giant + "."}, {"text": TEXT})))) == ["refused", TEXT]


# ---- Paths ----


@pytest.mark.parametrize("name", ["nowhere.txt", "", "x" * 5000, "a\0b", "nowhere/"], ids=lambda name: ascii(name[:9]))
def test_paths_that_are_not_there(name: str, write: Write) -> None:
    good = write("a.txt", TEXT)
    first, second = read(name, good)
    assert isinstance(first, Refused)
    assert (first.where, first.reason) == (name, "there is no such file or folder; check the path")
    assert isinstance(second, Document)


def test_a_folder_in_the_order_of_names(write: Write, tmp_path: Path) -> None:
    for name in ("b.txt", "sub/a.TXT", "a.md", "z.text", "not-a-report.pdf", ".hidden/x.txt"):
        write(name, name)
    write("c.jsonl", lines({"text": "c1"}, {"text": "c2"}))
    expected = [".hidden/x.txt", "a.md", "b.txt", "c1", "c2", "sub/a.TXT", "z.text"]
    assert kinds(read(str(tmp_path))) == expected


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    found = refused(str(tmp_path))
    assert found.where == str(tmp_path)
    assert ".txt" in found.reason


def test_a_file_that_may_not_be_read(write: Write) -> None:
    path = Path(write("a.txt", TEXT))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    assert "cannot be read" in refused(str(path)).reason


# ---- JSON lines ----


def test_a_line_has_the_documents_facts(write: Write) -> None:
    facts = {"id": "a-1", "title": "T", "source": "S", "url": "u", "published": "2031-05-04", "language": "fr"}
    found = document(write("a.jsonl", lines({**facts, "text": TEXT, "other": [1], "rank": 3})))
    assert {name: getattr(found, name) for name in facts} == facts
    assert found.text == TEXT


BAD_LINES: list[tuple[str, str]] = [
    ('{"text": "cut off', "not JSON"),
    ("Norvia shelled Aldery.", "not JSON"),
    ('{"text": "a\0b"}', "not JSON"),
    ("[" * 100_000, "not JSON"),
    ('{"text": "a", "rank": ' + "1" * 5000 + "}", "not JSON"),
    ('["text"]', 'no "text" here'),
    ('"text"', 'no "text" here'),
    ("null", 'no "text" here'),
    ('{"title": "T"}', 'no "text" here'),
    ('{"text": null}', 'no "text" here'),
    ('{"text": ["a"]}', '"text" is a list; it must be a string'),
    ('{"text": "a", "id": 7}', '"id" is a int; it must be a string'),
    ('{"text": "a", "published": 20310504}', '"published" is a int'),
    ('{"text": "a", "published": "4 May"}', "published is '4 May'"),
    ('{"text": " "}', "the report is empty"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[ascii(line[:25]) for line, _ in BAD_LINES])
def test_a_bad_line_is_kept_and_the_others_go_on(line: str, reason: str, write: Write) -> None:
    where = write("a.ndjson", lines({"text": "first"}, line, {"text": "last"}))
    first, bad, last = read(where)
    assert kinds([first, last]) == ["first", "last"]
    assert isinstance(bad, Refused)
    assert (bad.where, bad.raw) == (f"{where}, line 2", line)
    assert reason in bad.reason


def test_blank_lines_and_a_byte_order_mark_and_crlf(write: Write) -> None:
    content = BOM_UTF8 + lines({"text": "a"}, "", {"text": "b"}).replace("\n", "\r\n").encode()
    assert kinds(read(write("a.jsonl", content))) == ["a", "b"]


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_no_lines_at_all(content: str, write: Write) -> None:
    assert refused(write("a.jsonl", content)).reason == "the file is empty"


def test_what_no_file_can_hold_is_replaced_in_its_place(write: Write) -> None:
    line = r'{"text": "A\ud800 \u0000 \ud83d\ude00", "title": "\udfff"}'
    found = document(write("a.jsonl", lines(line)))
    assert (found.text, found.title) == ("A\ufffd \ufffd 😀", "\ufffd")


def test_a_separator_of_lines_inside_a_string_is_none(write: Write) -> None:
    content = json.dumps({"text": "a\u2028b\x85c"}, ensure_ascii=False)
    assert document(write("a.jsonl", content)).text == "a\u2028b\x85c"


# ---- The day that is given ----

OWN_DAY: list[tuple[str, str, str]] = [
    ("a.txt", TEXT, "2030-01-01"),
    ("a.txt", "Published: 2031-05-04\n\n" + TEXT, "2031-05-04"),
    ("a.txt", "Published:\n\n" + TEXT, "2030-01-01"),
    ("a.jsonl", lines({"text": "a", "published": "2031-05-04"}), "2031-05-04"),
    ("a.jsonl", lines({"text": "a", "published": ""}), "2030-01-01"),
    ("a.jsonl", lines({"text": "a", "published": None}), "2030-01-01"),
    ("a.jsonl", lines({"text": "a"}), "2030-01-01"),
]


@pytest.mark.parametrize(("name", "content", "expected"), OWN_DAY)
def test_the_reports_own_day_goes_first(name: str, content: str, expected: str, write: Write) -> None:
    assert document(write(name, content), published="2030-01-01").published == expected


# ---- Standard input ----

TYPED: list[tuple[str, list[str]]] = [
    (TEXT, [TEXT]),
    (HEADER + TEXT, [TEXT]),
    ("\ufeff" + TEXT, [TEXT]),
    (lines({"text": "a"}, {"text": "b"}), ["a", "b"]),
    ("\ufeff" + lines({"text": "a"}), ["a"]),
    ("\n\n" + lines({"text": "a"}, "oops"), ["a", "refused"]),
    ("{curly} words open this report.", ["{curly} words open this report."]),
    ("[" * 100_000, ["[" * 100_000]),
    ("{" + '"a":[' * 100_000, ["{" + '"a":[' * 100_000]),
    ("", ["refused"]),
    ("\udcff", ["refused"]),
]


@pytest.mark.parametrize(("typed", "expected"), TYPED, ids=[ascii(typed[:20]) for typed, _ in TYPED])
def test_standard_input(typed: str, expected: list[str]) -> None:
    found = read("-", stdin=io.StringIO(typed))
    assert kinds(found) == expected
    assert all(one.where.startswith("standard input") for one in found if isinstance(one, Refused))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_standard_input_is_utf8_whatever_the_terminal_is(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Zürich – “ja”".encode()), encoding=encoding))
    assert document("-").text == "Zürich – “ja”"


def test_standard_input_that_is_not_utf8() -> None:
    stdin = io.TextIOWrapper(io.BytesIO("Pâques".encode("latin-1")))
    assert refused("-", stdin=stdin).reason.startswith("not UTF-8 text (byte 1)")


@pytest.mark.parametrize("name", ["page.html", "data.json", "paper.PDF", "table.csv"])
def test_files_of_another_kind_are_refused_and_not_coded_as_text(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<p>Guns shelled the town.</p>", "utf-8")
    (found,) = readers.read([str(tmp_path / name)])
    assert isinstance(found, readers.Refused)
    assert "not read yet" in found.reason

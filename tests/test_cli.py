"""The command line: what it prints where, its exit status, and what it leaves on disk."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from truceline import __version__, cli
from truceline.coder import Coder
from truceline.records import CodedDocument, Document

REPORT = "Russian forces shelled Kharkiv on Monday.\n"
OTHER = "Police arrested dozens of protesters in Minsk.\n"
COMMANDS = ("code", "run", "show", "report", "parse", "explain")


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    said: list[str]


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder.load()


@pytest.fixture
def run(coder: Coder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in an empty folder, with the coder loaded once for all tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRUCELINE_LEDGER", raising=False)
    monkeypatch.setattr(Coder, "load", lambda **_: coder)

    def command(*arguments: str) -> Ran:
        status = 0
        try:
            cli.main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err.splitlines())

    return command


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(OTHER, encoding="utf-8")
    return tmp_path


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class TestCode:
    def test_text(self, run: Run, reports: Path) -> None:
        ran = run("code", "a.txt")
        assert (ran.status, ran.said) == (0, [])
        assert "ASSAULT" in ran.out
        assert "1 event," in ran.out

    def test_json_is_a_line_a_report(self, run: Run, reports: Path, coder: Coder) -> None:
        ran = run("code", "a.txt", "b.txt", "--json", "--published", "2024-05-08")
        documents = [Document.of(text, published="2024-05-08") for text in (REPORT, OTHER)]
        assert [json.loads(line) for line in ran.out.splitlines()] == [
            coder.code(d).to_json() | {"document": json.loads(line)["document"]}
            for d, line in zip(documents, ran.out.splitlines(), strict=True)
        ]

    def test_a_folder(self, run: Run, reports: Path) -> None:
        assert len(run("code", ".", "--json").out.splitlines()) == 2

    @pytest.mark.parametrize("as_lines", [False, True], ids=["text", "JSON lines"])
    def test_standard_input(self, run: Run, monkeypatch: pytest.MonkeyPatch, as_lines: bool) -> None:
        given = json.dumps({"id": "r1", "text": REPORT}) if as_lines else REPORT
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        (line,) = run("code", "-", "--json").out.splitlines()
        found = json.loads(line)
        assert [event["event_type"] for event in found["events"]] == ["ASSAULT"]
        assert (found["document"]["id"] == "r1") == as_lines

    def test_output(self, run: Run, reports: Path) -> None:
        ran = run("code", "a.txt", "b.txt", "-o", "out.jsonl")
        assert (ran.status, ran.out, ran.said) == (0, "", ["2 coded, in out.jsonl"])
        assert len(lines(reports / "out.jsonl")) == 2
        assert sorted(p.name for p in reports.iterdir()) == ["a.txt", "b.txt", "out.jsonl"]

    def test_output_is_whole_or_not_there(
        self, run: Run, reports: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = coder.code(Document.of(REPORT))

        def failing(_: object) -> Iterator[CodedDocument]:
            yield first
            raise RuntimeError("cut short")

        monkeypatch.setattr(coder, "pipe", failing)
        with pytest.raises(RuntimeError, match="cut short"):
            run("code", "a.txt", "b.txt", "-o", "out.jsonl")
        assert sorted(p.name for p in reports.iterdir()) == ["a.txt", "b.txt"]

    def test_what_was_there_stays_when_coding_fails(
        self, run: Run, reports: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (reports / "out.jsonl").write_text("earlier\n", encoding="utf-8")

        def failing(_: object) -> Iterator[CodedDocument]:
            raise RuntimeError("cut short")

        monkeypatch.setattr(coder, "pipe", failing)
        with pytest.raises(RuntimeError, match="cut short"):
            run("code", "a.txt", "-o", "out.jsonl")
        assert (reports / "out.jsonl").read_text(encoding="utf-8") == "earlier\n"

    @pytest.mark.parametrize("output", ["no/such/folder/out.jsonl", "."])
    def test_output_that_cannot_be_written(self, run: Run, reports: Path, output: str) -> None:
        ran = run("code", "a.txt", "-o", output)
        assert (ran.status, len(ran.said)) == (2, 1)
        assert ran.said[0].startswith("truceline: ")
        assert sorted(p.name for p in reports.iterdir()) == ["a.txt", "b.txt"]


BAD = {
    "missing.txt": (None, "no such file"),
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\n", "empty"),
    "binary.txt": (b"\xff\xfe\x00\x01", "UTF-8"),
    "nul.txt": (b"Police\x00arrested protesters.", "not a text file"),
    "broken.jsonl": (b"not json\n", "not JSON"),
    "textless.jsonl": (b'{"id": "x"}\n', '"text"'),
    "undated.jsonl": (b'{"text": "Police arrested protesters.", "published": "Monday"}\n', "ISO"),
    "nothing-here/": (None, "no reports in this folder"),
}


@pytest.fixture
def bad(tmp_path: Path) -> list[str]:
    for name, (data, _) in BAD.items():
        if name.endswith("/"):
            (tmp_path / name).mkdir()
        elif data is not None:
            (tmp_path / name).write_bytes(data)
    return list(BAD)


class TestKeptAside:
    @pytest.mark.parametrize(("name", "why"), [(name, why) for name, (_, why) in BAD.items()], ids=BAD)
    def test_one_clear_line(self, run: Run, bad: list[str], name: str, why: str) -> None:
        ran = run("code", name)
        assert (ran.status, ran.out, len(ran.said)) == (1, "", 1)
        assert ran.said[0].startswith("kept aside: ")
        assert name.rstrip("/") in ran.said[0]
        assert why in ran.said[0]

    def test_the_rest_goes_on(self, run: Run, reports: Path, bad: list[str]) -> None:
        ran = run("code", *bad[:4], "a.txt", *bad[4:], "b.txt", "-o", "out.jsonl")
        assert ran.status == 1
        assert len(lines(reports / "out.jsonl")) == 2
        kept = lines(reports / "out.jsonl.rejected.jsonl")
        assert len(kept) == len(BAD)
        assert all(item["where"] and item["reason"] for item in kept)
        assert "not json" in [item["raw"] for item in kept]

    def test_no_file_of_the_rejected_when_none_was(self, run: Run, reports: Path) -> None:
        run("run", "a.txt", "--ledger", "l.sqlite")
        assert not list(reports.glob("*.rejected.jsonl"))

    def test_the_ledger_keeps_them_beside_it(self, run: Run, reports: Path, bad: list[str]) -> None:
        ran = run("run", "a.txt", "broken.jsonl", "--ledger", "l.sqlite")
        assert ran.status == 1
        assert [item["raw"] for item in lines(reports / "l.sqlite.rejected.jsonl")] == ["not json"]


class TestLedger:
    def test_the_same_report_again_changes_nothing(self, run: Run, reports: Path) -> None:
        first = json.loads(run("run", "a.txt", "b.txt", "--ledger", "l.sqlite", "--json").out)
        again = json.loads(run("run", "a.txt", "b.txt", "--ledger", "l.sqlite", "--json").out)
        assert (first["read"], first["new"], first["kept_aside"]) == (2, 2, 0)
        assert first["events"] > 0
        assert (again["read"], again["new"], again["events"]) == (2, 0, 0)

    def test_text(self, run: Run, reports: Path) -> None:
        assert "1 new report with" in run("run", "a.txt", "--ledger", "l.sqlite").out
        assert "1 known already" in run("run", "a.txt", "--ledger", "l.sqlite").out

    def test_the_ledger_of_the_environment(self, run: Run, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRUCELINE_LEDGER", "here.sqlite")
        run("run", "a.txt")
        assert (reports / "here.sqlite").exists()

    def test_show(self, run: Run, reports: Path, coder: Coder) -> None:
        run("run", "a.txt", "--ledger", "l.sqlite")
        event = coder.code(Document.of(REPORT)).events[0]
        for id in (event.id, event.id[:-2]):
            shown = run("show", id, "--ledger", "l.sqlite")
            assert (shown.status, shown.said) == (0, [])
            assert event.trigger.text in shown.out
        found = json.loads(run("show", event.id, "--ledger", "l.sqlite", "--json").out)
        assert event.id in json.dumps(found)

    def test_report(self, run: Run, reports: Path) -> None:
        run("run", "a.txt", "--ledger", "l.sqlite")
        ran = run("report", "--ledger", "l.sqlite", "-o", "r.html")
        assert (ran.status, "r.html" in ran.out, ran.said) == (0, True, [])
        assert "Kharkiv" in (reports / "r.html").read_text(encoding="utf-8")
        ran = run("report", "--ledger", "l.sqlite", "-o", "r.html", "--json")
        assert json.loads(ran.out) == {"report": "r.html"}

    @pytest.mark.parametrize(
        "arguments",
        [
            ("show", "nope", "--ledger", "l.sqlite"),
            ("show", "event-1", "--ledger", "none.sqlite"),
            ("show", "event-1", "--ledger", "a.txt"),
            ("run", "a.txt", "--ledger", "a.txt"),
            ("run", "a.txt", "--ledger", "no/such/folder/l.sqlite"),
            ("run", "a.txt", "--ledger", "nonsense://x"),
            ("report", "--ledger", "none.sqlite"),
            ("report", "--ledger", "l.sqlite", "--since", "Monday"),
            ("report", "--ledger", "l.sqlite", "-o", "no/such/folder/r.html"),
            ("report", "--ledger", "l.sqlite", "-o", "."),
            ("code", "a.txt", "--published", "Monday"),
            ("explain", "NOPE"),
        ],
        ids=" ".join,
    )
    def test_what_cannot_be_done_is_one_line_and_status_2(
        self, run: Run, reports: Path, arguments: tuple[str, ...]
    ) -> None:
        run("run", "a.txt", "--ledger", "l.sqlite")
        ran = run(*arguments)
        assert (ran.status, ran.out, len(ran.said)) == (2, "", 1)
        assert ran.said[0].startswith("truceline: ")
        assert (reports / "a.txt").read_text(encoding="utf-8") == REPORT
        assert not [*reports.rglob("*.part"), *reports.rglob("none.sqlite"), *reports.rglob("r*.html")]


class TestParseAndExplain:
    def test_parse(self, run: Run, reports: Path) -> None:
        rows = [row for row in run("parse", "a.txt").out.splitlines() if row and not row.startswith("#")]
        assert [row.split("\t")[1] for row in rows] == ["Russian", "forces", "shelled", "Kharkiv", "on", "Monday", "."]
        assert {len(row.split("\t")) for row in rows} == {10}

    def test_parse_json(self, run: Run, reports: Path) -> None:
        (line,) = run("parse", "a.txt", "--json").out.splitlines()
        assert json.loads(line)["text"] == REPORT.strip()

    @pytest.mark.parametrize(("arguments", "count"), [((), 2), (("--sentences",), 1)])
    def test_a_line_is_a_sentence_when_it_is_said_so(
        self, run: Run, tmp_path: Path, arguments: tuple[str, ...], count: int
    ) -> None:
        (tmp_path / "c.txt").write_text("Police came. Protesters left.", encoding="utf-8")
        assert run("parse", "c.txt", *arguments).out.count("# sent_id") == count

    @pytest.mark.parametrize("code", ["ASSAULT", "assault", "ASSAULT-drone", "190", "GOV", "military"])
    def test_explain(self, run: Run, code: str) -> None:
        ran = run("explain", code)
        assert (ran.status, ran.said) == (0, [])
        assert ran.out.splitlines()[0].lower().startswith(code.lower())
        assert json.loads(run("explain", code, "--json").out)["code"].lower() == code.lower()


class TestTheRest:
    def test_version(self, run: Run) -> None:
        ran = run("--version")
        assert (ran.status, ran.out) == (0, f"truceline {__version__}\n")

    def test_help_names_every_command(self, run: Run) -> None:
        ran = run("--help")
        assert ran.status == 0
        assert [name for name in COMMANDS if name not in ran.out] == []

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_help_and_json(self, run: Run, command: str) -> None:
        ran = run(command, "--help")
        assert ran.status == 0
        assert "--json" in ran.out

    @pytest.mark.parametrize("arguments", [(), ("code",), ("frobnicate",), ("code", "a.txt", "--frobnicate")])
    def test_unusable_arguments(self, run: Run, reports: Path, arguments: tuple[str, ...]) -> None:
        assert run(*arguments).status == 2


def truceline(*arguments: str, cwd: Path, then: str = "") -> subprocess.CompletedProcess[bytes]:
    """The command as it is installed; ``then`` is what its output is piped to."""
    command = Path(sys.executable).with_name("truceline")
    line = f'"$0" "$@" {then}' if then else '"$0" "$@"'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line, str(command), *arguments], cwd=cwd, capture_output=True, check=False
    )


def test_no_escape_codes_and_no_bar_when_it_is_not_a_terminal(reports: Path) -> None:
    ran = truceline("code", "a.txt", "b.txt", cwd=reports)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"\x1b" not in ran.stdout


def test_a_reader_that_goes_away_is_no_error(reports: Path) -> None:
    many = [json.dumps({"text": f"{n}. {REPORT}"}) for n in range(60)]
    (reports / "many.jsonl").write_text("\n".join(many), encoding="utf-8")
    ran = truceline("code", "many.jsonl", "--json", cwd=reports, then="| head -1")
    assert ran.stderr == b""
    assert ran.stdout.count(b"\n") == 1


def test_output_is_utf_8_whatever_the_locale(reports: Path) -> None:
    (reports / "c.txt").write_text("Protesters demonstrated in Bogotá.", encoding="utf-8")
    ran = subprocess.run(
        [Path(sys.executable).with_name("truceline"), "code", "c.txt", "--json"],
        cwd=reports,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "Bogotá" in json.loads(ran.stdout.decode("utf-8"))["events"][0]["location"]["name"]

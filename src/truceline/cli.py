"""The command line: thin commands over the rooms.

Exit status: 0 done, 1 something was kept aside (said in a line), 2 unusable arguments.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from truceline import __version__, readers, settings
from truceline.errors import SettingsError, TrucelineError
from truceline.readers import Refused
from truceline.records import CodedDocument, Document, Event, iso_time
from truceline.records import as_json as as_values

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Inputs = Annotated[list[str], typer.Argument(help="files, folders, or - for standard input", show_default=False)]
Published = Annotated[str | None, typer.Option(help="ISO day or time of reports that do not give their own")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]
LedgerAt = Annotated[str | None, typer.Option(help="ledger file or database URL [default: truceline.sqlite]")]
DONE: Final = 0
KEPT_ASIDE: Final = 1
UNUSABLE: Final = 2


def _say(line: str) -> None:
    """A line for the person at the terminal; results go to standard output, this does not."""
    print(line, file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


@contextlib.contextmanager
def _written_whole(path: Path) -> Iterator[Callable[[str], None]]:
    """A file that is there whole or not at all.

    Raises:
        SettingsError: it cannot be written there.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise SettingsError(f"{path} cannot be written: give a file in a folder that exists", subject=str(path))
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            yield lambda line: print(line, file=file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sorted_out(inputs: Sequence[str], published: str | None) -> tuple[list[Document], list[Refused]]:
    documents: list[Document] = []
    refused: list[Refused] = []
    day = iso_time(published)
    for found in readers.read(inputs, published=day):
        if isinstance(found, Refused):
            refused.append(found)
        else:
            documents.append(found)
    return documents, refused


def _keep_aside(refused: Sequence[Refused], beside: Path | None, *, add: bool = False) -> int:
    """Say each refused report in a line; keep them, with the reason, in a file next to the result."""
    for item in refused:
        _say(f"kept aside: {item.where}: {item.reason}")
    if beside:
        _write_aside(refused, beside.with_name(f"{beside.name}.rejected.jsonl"), keep=add)
    return KEPT_ASIDE if refused else DONE


def _write_aside(refused: Sequence[Refused], aside: Path, *, keep: bool) -> None:
    """The refused reports of this run, after those of earlier ones if these are kept; no file when there are none."""
    earlier = aside.read_text("utf-8").splitlines() if keep and aside.exists() else []
    new = [json.dumps({"where": r.where, "reason": r.reason, "raw": r.raw}, ensure_ascii=False) for r in refused]
    lines = list(dict.fromkeys([*earlier, *new]))
    if lines:
        with _written_whole(aside) as write:
            for line in lines:
                write(line)
    else:
        aside.unlink(missing_ok=True)
    if refused:
        _say(f"kept aside: {len(refused)}, with reasons, in {aside}")


def _with_progress(documents: Sequence[Document], coded: Iterable[CodedDocument]) -> Iterator[CodedDocument]:
    """A bar with rate and time left on standard error; nothing when that is not a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from coded
        return
    columns = (
        TextColumn("coding"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("coding", total=len(documents), rate="")
        for item in coded:
            yield item
            speed = progress.tasks[0].speed
            progress.update(task, advance=1, rate=f"{speed:.1f} reports/s" if speed else "")


def _coder() -> Any:  # noqa: ANN401 - the coder's package is loaded only when something is coded
    from truceline.coder import Coder  # noqa: PLC0415 - loading the network is slow; other commands need none

    return Coder.load(threads=settings.get_int("threads"))


@app.command()
def code(
    inputs: Inputs,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="write JSON lines to this file")] = None,
    published: Published = None,
    as_json: AsJson = False,
) -> None:
    """Code reports: who did what to whom, when, where, how many, and who says so."""
    documents, refused = _sorted_out(inputs, published)
    coded = _with_progress(documents, _coder().pipe(documents)) if documents else iter(())
    if output:
        with _written_whole(output) as write:
            count = 0
            for item in coded:
                write(json.dumps(item.to_json(), ensure_ascii=False))
                count += 1
        _say(f"{count} coded, in {output}")
    else:
        for item in coded:
            if as_json:
                _print_json(item.to_json())
            else:
                print("\n".join(_summary(item)))
    raise typer.Exit(_keep_aside(refused, output))


def _summary(coded: CodedDocument) -> Iterator[str]:
    """A coded report for reading at the terminal: a line an event, then the rest in short."""
    document = coded.document
    yield f"{document.id}  {document.title or ''}  {document.published or 'no date'}".rstrip()
    for event in coded.events:
        yield f"  {_event_line(event)}"
    for proposal in coded.truce_proposals:
        who = proposal.proposer.name if proposal.proposer else "somebody"
        answers = ", ".join(f"{r.party.name}: {r.answer}{f' {r.as_of}' if r.as_of else ''}" for r in proposal.responses)
        yield f"  truce proposed by {who}{f' ({answers})' if answers else ''}"
    for claim in coded.role_claims:
        if claim.agrees is False:
            yield f"  role: {claim.text!r}, but {claim.on_record}"
    said = f"{_counted(len(coded.statements), 'statement')}, {_counted(len(coded.rejections), 'word')} looked at"
    yield f"  {_counted(len(coded.events), 'event')}, {said} and rejected"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _event_line(event: Event) -> str:
    actors = ", ".join(a.name for a in event.actor) or "?"
    recipients = ", ".join(r.name for r in event.recipient)
    kind = f"{event.event_type}{f'-{event.event_mode}' if event.event_mode else ''}"
    holder = f"  says {event.attribution[0].holder.name}" if event.attribution else ""
    figures = "; ".join(q.text for q in event.quantities)
    status = f"  [{event.status}]" if event.status != "asserted" else ""
    return (
        f"{event.id}  {kind}  {actors}{f' -> {recipients}' if recipients else ''}"
        + (f"  {figures}" if figures else "")
        + status
        + holder
    )


@app.command()
def run(
    inputs: Inputs,
    ledger: LedgerAt = None,
    published: Published = None,
    as_json: AsJson = False,
) -> None:
    """Code reports and add them to the ledger; the same report again changes nothing."""
    from truceline.ledger import Ledger  # noqa: PLC0415 - see _coder

    where = ledger or settings.get("ledger")
    documents, refused = _sorted_out(inputs, published)
    new = events = 0
    with Ledger.open(where, create=True) as book:
        coded = _with_progress(documents, _coder().pipe(documents)) if documents else iter(())
        for item in coded:
            added = book.add(item, at=datetime.now(UTC).isoformat(timespec="seconds"))
            new += added.new
            events += len(item.events) if added.new else 0
    result = {
        "ledger": where,
        "read": len(documents),
        "new": new,
        "events": events,
        "kept_aside": len(refused),
    }
    if as_json:
        _print_json(result)
    else:
        known = len(documents) - new
        print(
            f"{_counted(new, 'new report')} with {_counted(events, 'event')} in {where}"
            + (f"; {known} known already" if known else "")
        )
    beside = Path(where) if "://" not in where else None
    raise typer.Exit(_keep_aside(refused, beside, add=True))


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="an id, or the beginning of one")],
    ledger: LedgerAt = None,
    as_json: AsJson = False,
) -> None:
    """Show an event, statement, proposal or document of the ledger with the words it rests on."""
    from truceline import report as reports  # noqa: PLC0415 - see _coder
    from truceline.ledger import Ledger  # noqa: PLC0415

    with Ledger.open(ledger or settings.get("ledger")) as book:
        found = book.find(id)
    if as_json:
        _print_json(found.to_json())
    else:
        print(reports.lines(found), end="")


@app.command()
def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="the HTML file to write")] = Path("sitrep.html"),
    ledger: LedgerAt = None,
    since: Annotated[str | None, typer.Option(help="first day, ISO")] = None,
    until: Annotated[str | None, typer.Option(help="last day, ISO")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the situation report: one HTML file that opens offline."""
    from truceline import report as reports  # noqa: PLC0415 - see _coder
    from truceline.ledger import Ledger  # noqa: PLC0415

    with Ledger.open(ledger or settings.get("ledger")) as book:
        reports.write(book, output, since=since, until=until)
    if as_json:
        _print_json({"report": str(output)})
    else:
        print(f"the situation report is in {output}")


@app.command()
def parse(
    inputs: Inputs,
    sentences: Annotated[bool, typer.Option("--sentences", help="each line of the input is one sentence")] = False,
    as_json: AsJson = False,
) -> None:
    """Print words, tags and the parse as CoNLL-U."""
    from truceline import nlp  # noqa: PLC0415 - see _coder
    from truceline.nlp import conllu, tokens  # noqa: PLC0415

    documents, refused = _sorted_out(inputs, None)
    reader = nlp.load(threads=settings.get_int("threads"))
    for document in documents:
        cut = tokens.lines(document.text) if sentences else tokens.segment(document.text)
        found = reader.read_segments(document.text, cut)
        if as_json:
            for sentence in found:
                _print_json({"document": document.id, "text": sentence.text, "words": as_values(sentence.words)})
        else:
            sys.stdout.writelines(conllu.write(found, document=document.id))
    raise typer.Exit(_keep_aside(refused, None))


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="a PLOVER type, TYPE-mode, CAMEO code, context or sector")],
    as_json: AsJson = False,
) -> None:
    """Say what a code means."""
    from truceline.ontology import Ontology  # noqa: PLC0415 - see _coder

    found = Ontology.load().explain(code)
    if as_json:
        _print_json(as_values(found))
    else:
        print(f"{found.code}  {found.title}\n{found.meaning}")
        for name, value in found.details:
            print(f"  {name}: {value}")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"truceline {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="the version")] = False,
) -> None:
    """Truceline reads reporting on war and diplomacy and keeps the record."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; an error of ours, or a file that cannot be written, is one line and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Records hold any script; what the terminal cannot show is replaced there and never an error.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(args=list(arguments) if arguments is not None else None)
    except TrucelineError as error:
        _say(f"truceline: {error}")
        raise SystemExit(UNUSABLE) from None
    except OSError as error:
        _say(f"truceline: {error.filename or 'output'}: {error.strerror}")
        raise SystemExit(UNUSABLE) from None

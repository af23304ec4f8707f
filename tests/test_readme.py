"""The README's commands do what it prints, and its Python runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", README)
PYTHON = re.findall(r"```python\n((?:.*\n)*?)```", README)


def run(command: str) -> str:
    """Standard output of a command of the README, run in the checkout with this environment's command."""
    here = command.replace(".venv/bin/truceline", f"{Path(sys.executable).parent}/truceline")
    # As a person would run it: a make inside `make test` would also say which folder it is in.
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(here, shell=True, cwd=ROOT, capture_output=True, text=True, check=False, env=plain)  # noqa: S602
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def demo() -> str:
    """`make demo`, as the first command of the README; the later ones use its ledger."""
    return run("make demo")


def test_it_has_commands() -> None:
    assert CONSOLE[0][0] == "make demo"
    assert len(CONSOLE) >= 5
    assert "`make test`" in README


def test_the_demo(demo: str) -> None:
    assert demo.endswith(CONSOLE[0][1])
    page = (ROOT / "demo" / "sitrep.html").read_text("utf-8")
    assert "Claims side by side" in page
    assert not re.search(r"<(?:script|img|iframe)\b|(?:src|href)=\"(?!#|https?://\w+\.example|data:,)", page)


@pytest.mark.parametrize(("command", "printed"), CONSOLE[1:], ids=[c for c, _ in CONSOLE[1:]])
def test_command(command: str, printed: str) -> None:
    assert run(command) == printed


@pytest.mark.parametrize("code", PYTHON)
def test_python(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ASSAULT heavy-weapons 2024-10-07 [('dead', 14")


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)

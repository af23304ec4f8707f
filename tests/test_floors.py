"""What the coder must reach: on our test part, and on public gold where that lies beside the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from truceline import nlp
from truceline.coder import Coder
from truceline.records import Document

ROOT = Path(__file__).parent.parent
GOLD = ROOT.parent / "shared"
SCORER = GOLD / "eval" / "score.py"
FLOORS: dict[str, dict[str, dict[str, float]]] = json.loads((ROOT / "evaluation" / "floors.json").read_text("utf-8"))
sys.path.insert(0, str(ROOT / "evaluation"))
import annotated  # noqa: E402 - a script's folder, no package
import coding  # noqa: E402
import parsing  # noqa: E402

public = pytest.mark.skipif(not SCORER.exists(), reason="the public gold does not lie beside this checkout")


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load()


def scored(coder: Coder, kind: str, gold: Path, folder: Path) -> dict[str, Any]:
    """The scorer's figures for the coder on a kind of gold."""
    given = subprocess.run([sys.executable, SCORER, "input", kind, gold], capture_output=True, text=True, check=True)
    coded = folder / "coded.jsonl"
    with coded.open("w", encoding="utf-8") as file:
        for line in given.stdout.splitlines():
            row = json.loads(line)
            document = Document.of(row["text"], id=row["id"], published=row["published"])
            print(json.dumps(coder.code(document).to_json()), file=file)
    run = [sys.executable, str(SCORER), "score", kind, str(gold), str(coded)]
    figures: dict[str, Any] = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    return figures


def below(figures: dict[str, Any], floors: dict[str, float]) -> Iterator[str]:
    for name, floor in floors.items():
        figure = figures[name]
        value = float(figure.split("/")[0]) if isinstance(figure, str) else float(figure)
        if value < floor:
            yield f"{name} is {figure}, its floor {floor}"


@public
def test_public_gold_records(coder: Coder, tmp_path: Path) -> None:
    figures = scored(coder, "gsr", GOLD / "data" / "plover" / "gsr_dev.json", tmp_path)
    assert not list(below(figures, FLOORS["gsr_dev"]["floor"])), figures


@public
def test_the_seed_report(coder: Coder, tmp_path: Path) -> None:
    figures = scored(coder, "seed", GOLD / "seed" / "article.gold.json", tmp_path)
    assert not list(below(figures, FLOORS["seed"]["floor"])), figures
    assert figures["coded_events"] <= FLOORS["seed"]["ceiling"]["coded_events"]


def test_the_test_part_of_our_corpus(coder: Coder) -> None:
    figures = coding.measure_coder(annotated.read(ROOT / "corpus" / "test.jsonl"), coder)
    assert not list(below(figures, FLOORS["corpus_test"]["floor"])), figures


@public
def test_parsing_of_unseen_news() -> None:
    figures = parsing.measure(GOLD / "data" / "treebanks" / "en_pud-eval.conllu.xz", nlp.load(threads=2))
    assert not list(below(figures, FLOORS["en_pud-eval"]["floor"])), figures

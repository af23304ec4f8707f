"""The shipped network beside its form before rounding to int8, task by task.

  python evaluation/graphs.py NETWORK.FP32.ONNX DATA

Exporting (training/export.py) leaves the unrounded graph in its run folder; DATA is the folder of training/README.md.
Prints a Markdown table: percentages of each graph on the same input.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import annotated
import coding
import names
import parsing
from truceline import nlp
from truceline.coder import Coder
from truceline.extract.quantities import CountedItems
from truceline.kb import KnowledgeBase
from truceline.nlp.network import Network
from truceline.ontology import Lexicon, Ontology

CORPUS = Path(__file__).parent.parent / "corpus"
TREEBANKS = (("EWT dev", "en_ewt-dev"), ("PUD", "en_pud-eval"))
OF_PARSING = ("upos", "xpos", "lemma", "uas", "las")
OF_CODING = ("triggers", "arguments", "arguments_given", "status", "mode", "holders")


def figures(reader: nlp.Reader, data: Path) -> Iterator[tuple[str, float]]:
    """(what, percentage) of one reader."""
    for name, file in TREEBANKS:
        found = parsing.measure(data / "treebanks" / f"{file}.conllu.xz", reader)
        yield from ((f"{name}, gold words: {k}", found[k]) for k in OF_PARSING)
    for kind, value in names.measure(data / "treebanks" / "en_gum_ccby-dev.conllu.xz", reader).items():
        yield f"GUM dev: names, {kind}, F1", value
    ontology = Ontology.load()
    coder = Coder(reader, KnowledgeBase.load(), ontology, Lexicon.load(ontology), CountedItems.load())
    coded = coding.measure_coder(annotated.read(CORPUS / "test.jsonl"), coder)
    yield from ((f"corpus test, coder: {k}", coded[k]) for k in OF_CODING)


def main(graph: str, data: str) -> None:
    """Print the table."""
    whole = nlp.Reader(Network.load(threads=2, graph=Path(graph).read_bytes()))
    small = nlp.load(threads=2)
    print("| task | fp32 | int8 | difference |\n|---|---|---|---|")
    rows = zip(figures(whole, Path(data)), figures(small, Path(data)), strict=True)
    for (what, before), (_, after) in rows:
        print(f"| {what} | {before} | {after} | {after - before:+.1f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 3 else sys.exit(__doc__)

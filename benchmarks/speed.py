"""How long coding takes against the bare network on the same sentences, in one run on one thread.

  python benchmarks/speed.py [corpus/train-a.jsonl ...]

Prints sentences a second for the network alone, for reading (words, network, tree) and for coding whole reports, and
each as a multiple of the network's time. Only the multiples compare between machines and runs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from truceline.coder import Coder
from truceline.nlp import Reader, load
from truceline.nlp.network import Network
from truceline.nlp.tokens import segment
from truceline.records import Document


def texts(paths: list[str]) -> list[str]:
    """The reports of the corpus files, as running text."""
    lines = [json.loads(line) for path in paths for line in Path(path).read_text("utf-8").splitlines()]
    return [" ".join(s["text"] for s in report["sentences"]) for report in lines]


def timed(run: Callable[[], object]) -> float:
    """The shortest of three runs, in seconds."""
    found = []
    for _ in range(3):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return min(found)


def main(paths: list[str]) -> None:
    """Print the figures as JSON."""
    reports = texts(paths)
    network, reader, coder = Network.load(), load(), Coder.load()
    words = [[text[a:b] for a, b in part.words] for text in reports for part in segment(text)]
    documents = [Document.of(text, published="2024-01-01") for text in reports]
    seconds = {
        "network": timed(lambda: network.score(words)),
        "reading": timed(lambda: _read(reader, reports)),
        "coding": timed(lambda: [coder.code(d) for d in documents]),
    }
    rates = {f"{k}_sentences_per_second": round(len(words) / v) for k, v in seconds.items()}
    ratios = {f"{k}_over_network": round(v / seconds["network"], 2) for k, v in seconds.items()}
    print(json.dumps({"sentences": len(words), "words": sum(map(len, words)), **rates, **ratios}))


def _read(reader: Reader, reports: list[str]) -> None:
    for text in reports:
        reader.read(text)


if __name__ == "__main__":
    main(sys.argv[1:] or ["corpus/train-a.jsonl"])

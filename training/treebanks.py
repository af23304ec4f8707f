"""Treebanks for training: words, tags, heads, lemma scripts and the names of GUM."""

from __future__ import annotations

import lzma
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAME_KINDS = {"person": "PER", "organization": "ORG", "place": "LOC", "event": "MISC", "object": "MISC"}
MARK = re.compile(r"\((\d+)-([a-z]+)|(\d+)\)")


@dataclass
class Tree:
    """A sentence of a treebank; heads count from 0, -1 is the root; names are BIO tags or None (not annotated)."""

    words: list[str]
    upos: list[str]
    xpos: list[str]
    lemma: list[str]
    heads: list[int]
    deprel: list[str]
    names: list[str] | None = None
    entities: list[tuple[int, int, str]] = field(default_factory=list)


def read(path: Path) -> Iterator[Tree]:
    """The sentences of a CoNLL-U file (plain or .xz); ranges and empty nodes are left out."""
    opener = lzma.open if path.suffix == ".xz" else open
    rows: list[list[str]] = []
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                columns = line.rstrip("\n").split("\t")
                if columns[0].isdecimal():
                    rows.append(columns)
            elif not line.strip() and rows:
                yield _tree(rows)
                rows = []
    if rows:
        yield _tree(rows)


def _tree(rows: list[list[str]]) -> Tree:
    return Tree(
        words=[r[1] for r in rows],
        upos=[r[3] for r in rows],
        xpos=[r[4] for r in rows],
        lemma=[r[2] for r in rows],
        heads=[int(r[6]) - 1 for r in rows],
        deprel=[r[7] for r in rows],
        entities=_entities([r[9] for r in rows]),
    )


def _entities(misc: list[str]) -> list[tuple[int, int, str]]:
    """GUM's bracketed entities as (first word, last word, kind), both ends inclusive."""
    found, still_open = [], {}
    for i, cell in enumerate(misc):
        marks = next((part[7:] for part in cell.split("|") if part.startswith("Entity=")), "")
        for start, kind, end in MARK.findall(re.sub(r"\[[^]]*\]", "", marks)):
            if start:
                still_open.setdefault(start, []).append((i, kind))
            elif still_open.get(end):
                first, kind = still_open[end].pop()
                found.append((first, i, kind))
        for start, kind in re.findall(r"\((\d+)-([a-z]+)[^()]*\)", marks):
            if still_open.get(start):
                first, kind = still_open[start].pop()
                found.append((first, i, kind))
    return found


def add_names(tree: Tree) -> None:
    """Names are entities headed by a proper noun, without their determiners; the longest of nested ones, to 7 words."""
    tags = ["O"] * len(tree.words)
    spans = sorted(tree.entities, key=lambda s: s[0] - s[1])
    for first, last, kind in spans:
        while first < last and tree.upos[first] in ("DET", "PUNCT", "ADP"):
            first += 1
        if kind not in NAME_KINDS or last - first > 6:
            continue
        heads = [i for i in range(first, last + 1) if not first <= tree.heads[i] <= last]
        if not heads or tree.upos[heads[0]] != "PROPN" or any(t != "O" for t in tags[first : last + 1]):
            continue
        if any(tree.upos[i] in ("VERB", "AUX") for i in range(first, last + 1)):
            continue
        tags[first] = f"B-{NAME_KINDS[kind]}"
        tags[first + 1 : last + 1] = [f"I-{NAME_KINDS[kind]}"] * (last - first)
    tree.names = tags


def lemma_script(word: str, lemma: str) -> str:
    """How the lemma is made of the word, both lower case: characters cut from the end, then what is added."""
    word, lemma = word.lower(), lemma.lower()
    same = 0
    while same < min(len(word), len(lemma)) and word[same] == lemma[same]:
        same += 1
    return f"{len(word) - same}|{lemma[same:]}"


def load(folder: Path, part: str) -> list[Tree]:
    """EWT and GUM of a part (train or dev); names only where GUM has them."""
    trees = list(read(folder / f"en_ewt-{part}.conllu.xz"))
    gum = list(read(folder / f"en_gum_ccby-{part}.conllu.xz"))
    for tree in gum:
        add_names(tree)
    return [t for t in trees + gum if len(t.words) <= 120]


def label_sets(trees: list[Tree]) -> dict[str, list[str]]:
    """Labels in a fixed order; rare lemma scripts are left to the unchanged form."""
    scripts = Counter(lemma_script(w, m) for t in trees for w, m in zip(t.words, t.lemma, strict=True))
    return {
        "upos": sorted({u for t in trees for u in t.upos}),
        "xpos": sorted({x for t in trees for x in t.xpos}),
        "lemma": ["0|", *sorted(s for s, n in scripts.items() if n >= 4 and s != "0|")],
        "deprel": sorted({r for t in trees for r in t.deprel}),
        "names": ["O", *(f"{p}-{k}" for k in ("PER", "ORG", "LOC", "MISC") for p in "BI")],
    }

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
    """A sentence of a treebank; heads count from 0, -1 is the root; names are BIO tags or None (not annotated).

    Entities are (first word, last word, kind, who it is); the last is the same for all mentions in a document.
    """

    words: list[str]
    upos: list[str]
    xpos: list[str]
    lemma: list[str]
    heads: list[int]
    deprel: list[str]
    names: list[str] | None = None
    entities: list[tuple[int, int, str, str]] = field(default_factory=list)
    document: int = 0


def read(path: Path) -> Iterator[Tree]:
    """The sentences of a CoNLL-U file (plain or .xz); ranges and empty nodes are left out."""
    opener = lzma.open if path.suffix == ".xz" else open
    rows: list[list[str]] = []
    document = 0
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            document += line.startswith("# newdoc")
            if line.strip() and not line.startswith("#"):
                columns = line.rstrip("\n").split("\t")
                if columns[0].isdecimal():
                    rows.append(columns)
            elif not line.strip() and rows:
                yield _tree(rows, document)
                rows = []
    if rows:
        yield _tree(rows, document)


def _tree(rows: list[list[str]], document: int) -> Tree:
    return Tree(
        words=[r[1] for r in rows],
        upos=[r[3] for r in rows],
        xpos=[r[4] for r in rows],
        lemma=[r[2] for r in rows],
        heads=[int(r[6]) - 1 for r in rows],
        deprel=[r[7] for r in rows],
        entities=_entities([r[9] for r in rows]),
        document=document,
    )


def _entities(misc: list[str]) -> list[tuple[int, int, str, str]]:
    """GUM's bracketed entities as (first word, last word, kind, number), both ends inclusive."""
    found, still_open = [], {}
    for i, cell in enumerate(misc):
        marks = next((part[7:] for part in cell.split("|") if part.startswith("Entity=")), "")
        for start, kind, end in MARK.findall(re.sub(r"\[[^]]*\]", "", marks)):
            if start:
                still_open.setdefault(start, []).append((i, kind))
            elif still_open.get(end):
                first, kind = still_open[end].pop()
                found.append((first, i, kind, end))
        for start, kind in re.findall(r"\((\d+)-([a-z]+)[^()]*\)", marks):
            if still_open.get(start):
                first, kind = still_open[start].pop()
                found.append((first, i, kind, start))
    return found


# What belongs to a name besides its head, and what may besides where it is a name itself.
WITHIN = ("flat", "compound", "goeswith")
CAPITALISED = ("amod", "nmod:poss", "nummod", "nmod:unmarked")
TITLES = frozenset(
    "emperor king queen prince princess president sir lord lady mr mrs ms dr professor pope general".split()
)


def add_names(tree: Tree) -> None:
    """Names are entities headed by a proper noun: the head with what is compounded with it, not titles before it.

    Nationalities are no persons. Appositions, clauses and most phrases after the head are left out; "of" and a proper
    noun stay with organisations and places ("Bay of Bengal"). Of names one within the other the longest counts.
    """
    found = set()
    for first, last, kind, _ in tree.entities:
        heads = [i for i in range(first, last + 1) if not first <= tree.heads[i] <= last]
        people = kind == "person" and heads and tree.xpos[heads[0]] == "NNPS"
        if kind in NAME_KINDS and heads and tree.upos[heads[0]] == "PROPN" and not people:
            span = _name(tree, heads[0], first, last, kind)
            if span and span[1] - span[0] <= 6:
                found.add((*span, NAME_KINDS[kind]))
    tags = ["O"] * len(tree.words)
    for first, last, kind in sorted(found, key=lambda s: (s[0] - s[1], s)):
        if all(t == "O" for t in tags[first : last + 1]):
            tags[first] = f"B-{kind}"
            tags[first + 1 : last + 1] = [f"I-{kind}"] * (last - first)
    tree.names = tags


def _name(tree: Tree, head: int, first: int, last: int, kind: str) -> tuple[int, int] | None:
    words = {head}
    queue = [head]
    while queue:
        at = queue.pop()
        for i in range(first, last + 1):
            if tree.heads[i] == at and i not in words and _belongs(tree, i, kind):
                words.add(i)
                queue.append(i)
    start = end = head
    while start - 1 in words:
        start -= 1
    while end + 1 in words:
        end += 1
    edge = lambda i: tree.upos[i] in ("PUNCT", "ADP", "PART", "CCONJ", "DET")  # noqa: E731
    while start < head and (edge(start) or (kind == "person" and tree.words[start].lower().rstrip(".") in TITLES)):
        start += 1
    while end > head and edge(end):
        end -= 1
    alone = start == end and kind == "person" and tree.words[start].lower() in TITLES
    return None if alone else (start, end)


def _belongs(tree: Tree, i: int, kind: str) -> bool:
    relation, form = tree.deprel[i], tree.words[i]
    plain = relation.partition(":")[0]
    if plain in WITHIN:
        return True
    if relation in CAPITALISED:
        return form[:1].isupper() and tree.upos[i] != "DET"
    if relation == "nmod" and kind != "person" and tree.upos[i] == "PROPN":
        return any(h == i and w.lower() in ("of", "for", "de") for w, h in zip(tree.words, tree.heads, strict=True))
    above = tree.heads[i]
    if plain in ("case", "det"):
        return tree.upos[above] == "PROPN" and form.lower() in ("of", "for", "de", "the", "'s", "’s")
    return plain == "punct" and form in ("-", "–", ".")


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

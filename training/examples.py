"""Sentences with events: our corpus and the public sets, each as far as its set marks it."""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from truceline.nlp.tokens import words as split_words

sys.path.insert(0, str(Path(__file__).parent.parent / "evaluation"))
import annotated

Span = tuple[int, int]
ROOTS = {"YIELD": ("CONCEDE", "RETREAT")}
QUADS = {
    1: ("AGREE", "CONSULT", "SUPPORT"), 2: ("AID", "COOPERATE", "CONCEDE", "RETREAT"),
    3: ("ACCUSE", "REJECT", "REQUEST", "THREATEN", "SANCTION"), 4: ("ASSAULT", "COERCE", "MOBILIZE", "PROTEST"),
}  # fmt: skip
CONTENT = ("VERB", "NOUN", "ADJ", "PROPN")


@dataclass
class Trigger:
    """An act by its word; sides are head words, empty where nobody is named."""

    word: int
    type: str
    mode: str | None
    status: str
    actor: list[int]
    recipient: list[int]


@dataclass
class Saying:
    """Who says what: head words, -1 for a holder that stands elsewhere or is not named, or no content here."""

    cue: list[int]
    holder: int
    first: int
    last: int


@dataclass
class Example:
    """A sentence and what its set says of it; which fields are filled says which set it is from.

    Trees (upos, heads, lemmas) are the first step's reading. ``ends`` are the head words of source and target.
    """

    kind: str  # corpus, plv, ner or class
    text: str
    words: list[str]
    offsets: list[Span]
    spans: dict[str, list[Span]] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    quad: int = -1
    marked: annotated.Sentence | None = None
    index: int = 0
    upos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    bonus: list[float] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    ends: Span = (-1, -1)


def example(kind: str, text: str, **more: object) -> Example:
    """A sentence cut into words by the package's own tokeniser."""
    offsets = list(split_words(text))
    return Example(kind, text, [text[a:b] for a, b in offsets], offsets, **more)  # type: ignore[arg-type]


def corpus_examples(files: Sequence[Path], swaps: Swaps | None, rng: random.Random) -> list[Example]:
    """The sentences of files of our corpus."""
    found = []
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            data = json.loads(line)
            report = annotated.report(swaps.apply(data, rng) if swaps else data)
            found += [example("corpus", s.text, marked=s, index=i) for i, s in enumerate(report.sentences)]
    return found


class Swaps:
    """Puts countries of the world in the place of made-up ones, in memory only, so that both are read alike."""

    def __init__(self, path: Path) -> None:
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line]
        self.pairs = [(a, b) for a, b in rows]

    def apply(self, report: dict, rng: random.Random) -> dict:
        names = {(n, k) for s in report["sentences"] for n, k in s["names"] if k in ("GPE", "NORP")}
        if rng.random() < 0.25 or not names:
            return report
        table = {}
        for name, kind in sorted(names):
            country, demonym = rng.choice(self.pairs)
            if " " not in name and "#" not in name and not name.endswith("s"):
                table[name] = country if kind == "GPE" else demonym
        # Two names of a report must not become one, or "the second Mali" would be another.
        if not table or len(set(table.values())) < len(table):
            return report
        text = json.dumps(report, ensure_ascii=False)
        if any(re.search(rf"\b{re.escape(new)}\b", text) for new in table.values()):
            return report
        pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + r")\b")
        return json.loads(pattern.sub(lambda m: table[m[1]], text))


def plv_examples(path: Path) -> list[Example]:
    """Sentences with a marked source and target, and the type of what passes between them."""
    found = []
    for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t"):
        marked = row["marked_sentence"]
        spans, text, at, opened = {}, "", 0, 0
        for m in re.finditer(r"</?([st])>", marked):
            text += marked[at : m.start()]
            at = m.end()
            if m[0][1] == "/":
                spans[m[1]] = [(opened, len(text))]
            else:
                opened = len(text)
        text += marked[at:]
        if len(spans) == 2:
            root = row["gold_root"]
            types = ROOTS.get(root, (root,))
            quad = next(q for q, kinds in QUADS.items() if types[0] in kinds)
            found.append(example("plv", text, spans=spans, types=types, quad=quad))
    return found


def ner_examples(path: Path) -> list[Example]:
    """Sentences with source, target and reciprocal phrases."""
    found = []
    for block in path.read_text("utf-8").replace("\r", "").strip().split("\n\n"):
        text, spans = "", {"S": [], "T": [], "R": []}
        for line in block.splitlines():
            token, _, tag = line.rpartition(" ")
            if not token:
                continue
            start = len(text) + bool(text)
            text += " " * bool(text) + token
            if tag[0] == "B" or (tag[0] == "I" and not any(spans.values())):
                spans[tag[-1]].append((start, len(text)))
            elif tag[0] == "I" and spans[tag[-1]]:
                spans[tag[-1]][-1] = (spans[tag[-1]][-1][0], len(text))
        if any(spans.values()):
            found.append(example("ner", text, spans=spans))
    return found


def class_examples(path: Path) -> list[Example]:
    """Sentences with a quad class, 0 for statements."""
    rows = (line.rstrip("\r\n").rsplit("\t", 1) for line in path.open(encoding="utf-8"))
    return [example("class", text, quad=int(quad)) for text, quad in rows]


def public_examples(data: Path) -> list[Example]:
    """All sentences of the public sets that have 2 to 120 words."""
    every = (
        plv_examples(data / "plover" / "plv_train.tsv")
        + ner_examples(data / "cameo" / "ner_train.txt")
        + class_examples(data / "cameo" / "class_train.tsv")
    )
    return usable(every)


def usable(examples: list[Example]) -> list[Example]:
    """Those of 2 to 120 words."""
    return [e for e in examples if 2 <= len(e.words) <= 120]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Its runs of three words."""
    found = re.findall(r"\w+", text.lower())
    return {tuple(found[i : i + 3]) for i in range(len(found) - 2)}


def near(one: set, other: set) -> float:
    """The share of the shorter one's runs of three words that the other has."""
    return len(one & other) / max(1, min(len(one), len(other)))


def inside(e: Example, span: Span) -> list[int]:
    """The words of a span of characters."""
    return [i for i, (a, b) in enumerate(e.offsets) if a < span[1] and b > span[0]]


def head_word(e: Example, span: Span) -> int:
    """The word of a phrase whose head lies outside it; the first such noun-like one if several."""
    words = inside(e, span)
    tops = [i for i in words if e.heads[i] not in words]
    nominal = [i for i in tops if e.upos[i] in ("NOUN", "PROPN", "PRON", "NUM", "ADJ")]
    return (nominal or tops or words or [-1])[0]


def path_between(e: Example, one: int, other: int) -> list[int]:
    """Words from one word up to the common ancestor and down to the other, both ends left out."""
    up = lambda i: [i, *up(e.heads[i])] if i >= 0 else []  # noqa: E731
    left, right = up(one), up(other)
    common = next((i for i in left if i in right), -1)
    whole = left[: left.index(common) + 1] + right[: right.index(common)] if common >= 0 else left + right
    return [i for i in whole if i not in (one, other)]


def candidates(e: Example, ends: Span) -> list[int]:
    """Content words between the two sides, and the nouns and verbs right below those words."""
    between = [i for i in path_between(e, *ends) if e.upos[i] in CONTENT]
    below = [
        i for i, h in enumerate(e.heads)
        if (h in between or h in ends) and e.upos[i] in ("VERB", "NOUN") and i not in ends
    ]  # fmt: skip
    return sorted({*between, *below}) or [i for i in range(len(e.words)) if e.upos[i] == "VERB"]


def resolve(e: Example) -> bool:
    """Turn spans of characters into words; False when nothing usable is left."""
    if e.kind == "corpus":
        _resolve_marked(e)
        return True
    if e.kind == "class":
        e.candidates = [i for i, u in enumerate(e.upos) if u in CONTENT]
        return bool(e.candidates)
    left = e.spans.get("s") or e.spans.get("S") or e.spans.get("R") or []
    right = e.spans.get("t") or e.spans.get("T") or (e.spans.get("R") or [])[1:]
    e.ends = (head_word(e, left[0]) if left else -1, head_word(e, right[0]) if right else -1)
    if e.ends[0] == e.ends[1]:
        return False
    both = -1 not in e.ends
    e.candidates = candidates(e, e.ends) if both else [i for i, u in enumerate(e.upos) if u == "VERB"]
    return bool(e.candidates)


def _resolve_marked(e: Example) -> None:
    assert e.marked is not None
    for event in e.marked.events:
        sides = [[head_word(e, span) for span in side] for side in (event.actor, event.recipient)]
        e.triggers.append(Trigger(inside(e, event.trigger)[0], event.type, event.mode, event.status, *sides))
    for a in e.marked.attributions:
        if a.cue[0] != e.index:
            continue
        here = a.holder is not None and a.holder[0] == e.index
        content = inside(e, a.content) if a.content else []
        first, last = (content[0], content[-1]) if content else (-1, -1)
        e.sayings.append(Saying(inside(e, a.cue[1]), head_word(e, a.holder[1]) if here else -1, first, last))

"""The second step: event triggers, their type, actor, recipient and status.

Our corpus marks all of it. The public sets mark less, and what they leave open is summed over:

  plv    a source, a target and a type, but not the trigger: any content word between the two may be it
  ner    source and target phrases, neither type nor trigger
  class  the quad class of a sentence, or that it has nothing but statements
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from model import Net
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from train import (
    STATUS,
    TYPES,
    TreeTask,
    dev_scores,
    grouped,
    optimiser,
    recased,
    save,
    set_rate,
    step,
    tensors,
)
from treebanks import load

from truceline.nlp import decode
from truceline.nlp.network import Pieces, make_batch
from truceline.nlp.tokens import words as split_words
from truceline.ontology import Lexicon, Ontology

QUADS = {
    1: ("AGREE", "CONSULT", "SUPPORT"), 2: ("AID", "COOPERATE", "CONCEDE", "RETREAT"),
    3: ("ACCUSE", "REJECT", "REQUEST", "THREATEN", "SANCTION"), 4: ("ASSAULT", "COERCE", "MOBILIZE", "PROTEST"),
}  # fmt: skip
CONTENT = ("VERB", "NOUN", "ADJ", "PROPN")


@dataclass
class Trigger:
    word: int
    type: str
    status: str
    actor: list[int]
    recipient: list[int]


@dataclass
class Example:
    """A sentence and what its set says of it; which fields are filled says which set it is from."""

    kind: str  # corpus, plv, ner or class
    text: str
    words: list[str]
    offsets: list[tuple[int, int]]
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    quad: int = -1
    events: list[dict] = field(default_factory=list)
    names: list[tuple[int, int, str]] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    bonus: list[float] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    ends: tuple[int, int] = (-1, -1)


def shingles(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.lower())
    return {tuple(found[i : i + 3]) for i in range(len(found) - 2)}


def near(one: set, other: set) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def example(kind: str, text: str, **more: object) -> Example:
    offsets = list(split_words(text))
    return Example(kind, text, [text[a:b] for a, b in offsets], offsets, **more)  # type: ignore[arg-type]


def occurrence(text: str, wanted: str) -> tuple[int, int]:
    """Where a string stands; "name#2" is its second place."""
    base, _, nth = wanted.rpartition("#")
    base, n = (base, int(nth)) if nth.isdecimal() and base else (wanted, 1)
    whole = rf"(?<!\w){re.escape(base)}(?!\w)"
    places = [m.start() for m in re.finditer(whole, text)] or [m.start() for m in re.finditer(re.escape(base), text)]
    if len(places) < n:
        raise ValueError(f"{wanted!r} is not in {text!r}")
    return places[n - 1], places[n - 1] + len(base)


def corpus_examples(folder: Path, swaps: Swaps | None, rng: random.Random) -> list[Example]:
    found = []
    for path in sorted(folder.glob("train-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            report = json.loads(line)
            if swaps:
                report = swaps.apply(report, rng)
            for s in report["sentences"]:
                e = example("corpus", s["text"], events=s.get("events", []))
                e.names = [(*place, k) for n, k in s.get("names", []) for place in everywhere(s["text"], n)]
                found.append(e)
    return found


def everywhere(text: str, name: str) -> list[tuple[int, int]]:
    """All places of a name; the corpus lists it once a sentence."""
    base = name.rpartition("#")[0] or name
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(base)}(?!\w)", text)]


class Swaps:
    """Puts countries of the world in the place of made-up ones, in memory only, so that both are read alike."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def apply(self, report: dict, rng: random.Random) -> dict:
        names = {(n, k) for s in report["sentences"] for n, k in s.get("names", []) if k in ("GPE", "NORP")}
        if rng.random() < 0.4 or not names:
            return report
        table = {}
        for name, kind in sorted(names):
            country, demonym = rng.choice(self.pairs)
            if " " not in name and "#" not in name and not name.endswith("s"):
                table[name] = country if kind == "GPE" else demonym
        if not table:
            return report
        pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + r")\b")
        swapped = json.dumps(report, ensure_ascii=False)
        return json.loads(pattern.sub(lambda m: table[m[1]], swapped))


def plv_examples(path: Path) -> list[Example]:
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
            types = ("CONCEDE", "RETREAT") if root == "YIELD" else (root,)
            found.append(example("plv", text, spans=spans, types=types))
    return found


def ner_examples(path: Path) -> list[Example]:
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
        if spans["S"] or spans["R"]:
            found.append(example("ner", text, spans=spans))
    return found


def class_examples(path: Path) -> list[Example]:
    rows = (line.rstrip("\r\n").rsplit("\t", 1) for line in path.open(encoding="utf-8"))
    return [example("class", text, quad=int(quad)) for text, quad in rows]


@torch.no_grad()
def parse(net: Net, examples: Sequence[Example], labels: dict[str, list[str]], pieces: Pieces) -> None:
    """Tags and heads by the first step's network."""
    net.eval()
    for group in grouped([e for e in examples if e.words], 1500, random.Random(0)):
        batch = make_batch([e.words for e in group], pieces)
        x = net.words(**tensors(batch))
        upos, arcs = net.upos(x).argmax(-1).numpy(), net.arcs(x)[:, 0].numpy()
        lemmas = net.lemma(x).argmax(-1).numpy()
        for r, e in enumerate(group):
            n = len(e.words)
            e.upos = [labels["upos"][u] for u in upos[r, :n]]
            e.heads = [h - 1 for h in decode.tree(arcs[r, :n, : n + 1])]
            scripts = (labels["lemma"][k] for k in lemmas[r, :n])
            e.lemmas = [decode.apply_script(w, k, proper=False) for w, k in zip(e.words, scripts, strict=True)]
    net.train()


def head_word(e: Example, span: tuple[int, int]) -> int:
    """The word of a phrase whose head lies outside it; the last such noun-like one if several."""
    inside = [i for i, (a, b) in enumerate(e.offsets) if a < span[1] and b > span[0]]
    tops = [i for i in inside if e.heads[i] not in inside]
    nominal = [i for i in tops if e.upos[i] in ("NOUN", "PROPN", "PRON", "NUM", "ADJ")]
    return (nominal or tops or inside or [-1])[0]


def path_between(e: Example, one: int, other: int) -> list[int]:
    """Words from one word up to the common ancestor and down to the other, both ends left out."""
    up = lambda i: [i, *up(e.heads[i])] if i >= 0 else []  # noqa: E731
    left, right = up(one), up(other)
    common = next((i for i in left if i in right), -1)
    whole = left[: left.index(common) + 1] + right[: right.index(common)] if common >= 0 else left + right
    return [i for i in whole if i not in (one, other)]


def candidates(e: Example, ends: tuple[int, int]) -> list[int]:
    """Content words between the two sides, and the nouns and verbs right below those words."""
    between = [i for i in path_between(e, *ends) if e.upos[i] in CONTENT]
    below = [
        i for i, h in enumerate(e.heads)
        if (h in between or h in ends) and e.upos[i] in ("VERB", "NOUN") and i not in ends
    ]  # fmt: skip
    return sorted({*between, *below}) or [i for i in range(len(e.words)) if e.upos[i] == "VERB"]


# What a lexicon entry of the right type adds to a word's score (a log chance) when a trigger is not marked.
ENTRY_BONUS = 1.5


def lexicon_bonus(e: Example, lexicon: Lexicon) -> list[float]:
    """For each candidate, whether the lexicon has its lemma with one of the sentence's types."""
    found = []
    for i in e.candidates:
        pos = "verb" if e.upos[i] == "VERB" else "adj" if e.upos[i] == "ADJ" else "noun"
        fits = any(entry.event_type in e.types for entry in lexicon.triggers(e.lemmas[i].lower(), pos))
        found.append(ENTRY_BONUS if fits else 0.0)
    return found


def resolve(e: Example) -> bool:
    """Turn spans of characters into words; False when nothing usable is left."""
    if e.kind == "corpus":
        for event in e.events:
            word = head_word(e, occurrence(e.text, event["trigger"]))
            sides = [[head_word(e, occurrence(e.text, p)) for p in event.get(k) or []] for k in ("actor", "recipient")]
            e.triggers.append(Trigger(word, event["type"], event.get("status", "asserted"), *sides))
        return True
    if e.kind == "class":
        e.candidates = [i for i, u in enumerate(e.upos) if u in CONTENT]
        return bool(e.candidates)
    left = e.spans.get("s") or e.spans.get("S") or e.spans.get("R") or []
    right = e.spans.get("t") or e.spans.get("T") or (e.spans.get("R") or [])[1:]
    e.ends = (head_word(e, left[0]), head_word(e, right[0]) if right else -1)
    if e.ends[0] == e.ends[1]:
        return False
    e.candidates = candidates(e, e.ends) if e.ends[1] >= 0 else [i for i, u in enumerate(e.upos) if u == "VERB"]
    return bool(e.candidates)


class EventTask:
    """Losses of the event heads."""

    def __init__(self, pieces: Pieces, names: list[str]) -> None:
        self.pieces = pieces
        self.types = {t: i for i, t in enumerate(TYPES)}
        self.status = {s: i for i, s in enumerate(STATUS)}
        self.names = {n: i for i, n in enumerate(names)}

    def loss(self, net: Net, group: list[Example], rng: random.Random) -> Tensor:
        batch = make_batch([recased(e.words, rng) for e in group], self.pieces)
        x = net.words(**tensors(batch))
        types = F.log_softmax(net.types(x), -1)
        status = F.log_softmax(net.status(x), -1)
        beyond = torch.arange(x.shape[1] + 1)[None] > torch.tensor(batch.lengths)[:, None]
        roles = F.log_softmax(net.roles(x).masked_fill(beyond[:, None, None], -1e4), -1)
        names = net.names(x)
        total = x.new_zeros(())
        for r, e in enumerate(group):
            n = len(e.words)
            scores = types[r, :n], status[r, :n], roles[r, :, :n]
            total = total + getattr(self, e.kind)(e, *scores)
            if e.names:
                total = total + 0.5 * F.cross_entropy(names[r, :n], self.name_tags(e))
        return total / len(group)

    def name_tags(self, e: Example) -> Tensor:
        tags = [self.names["O"]] * len(e.words)
        for start, end, kind in e.names:
            kind = {"GPE": "LOC", "NORP": ""}.get(kind, kind)
            if f"B-{kind}" in self.names:
                inside = [i for i, (a, b) in enumerate(e.offsets) if a < end and b > start]
                for k, i in enumerate(inside):
                    tags[i] = self.names[f"{'I' if k else 'B'}-{kind}"]
        return torch.tensor(tags)

    def corpus(self, e: Example, types: Tensor, status: Tensor, roles: Tensor) -> Tensor:
        want = torch.zeros(len(e.words), dtype=torch.long)
        loss = types.new_zeros(())
        for t in e.triggers:
            want[t.word] = self.types[t.type]
            loss = loss - 0.4 * status[t.word, self.status[t.status]]
            for side, people in enumerate((t.actor, t.recipient)):
                columns = [p + 1 for p in people if p >= 0] or [0]
                loss = loss - roles[side, t.word, columns].mean()
        return loss + F.nll_loss(types, want, reduction="sum")

    def nothing(self, e: Example, types: Tensor) -> Tensor:
        """Words that cannot be triggers are none."""
        never = [i for i, u in enumerate(e.upos) if u not in CONTENT]
        return -types[never, 0].sum() * 0.2 if never else types.new_zeros(())

    def plv(self, e: Example, types: Tensor, _status: Tensor, roles: Tensor) -> Tensor:
        c = e.candidates
        kind = types[c][:, [self.types[t] for t in e.types]].logsumexp(-1)
        sides = roles[0, c, e.ends[0] + 1] + roles[1, c, e.ends[1] + 1]
        scores = kind + sides + torch.tensor(e.bonus)
        # One word is the trigger: the likeliest is pulled up, the others, lightly, down.
        chosen = torch.zeros(len(c), dtype=torch.bool)
        chosen[int(scores.argmax())] = True
        rest = types[c, 0][~chosen]
        quiet = -0.15 * rest.sum() if len(rest) else 0.0
        return -scores.logsumexp(0) - 0.5 * kind[chosen].sum() + quiet + self.nothing(e, types)

    def ner(self, e: Example, types: Tensor, _status: Tensor, roles: Tensor) -> Tensor:
        c = e.candidates
        kind = types[c][:, 1:].logsumexp(-1)
        first = roles[0, c, e.ends[0] + 1]
        if e.spans.get("R"):
            second = roles[0, c, e.ends[1] + 1] if e.ends[1] >= 0 else 0.0
            sides = (first + second) / 2
        else:
            sides = first + (roles[1, c, e.ends[1] + 1] if e.ends[1] >= 0 else 0.0)
        return 0.5 * (-(kind + sides).logsumexp(0) + self.nothing(e, types))

    def class_(self, e: Example, types: Tensor) -> Tensor:
        if e.quad == 0:
            # A statement, or an appeal: CAMEO 02 is nothing here where PLOVER has a REQUEST.
            quiet = types[:, [0, self.types["REQUEST"]]].logsumexp(-1)
            return -quiet.sum() * 0.5
        labels = [self.types[t] for t in QUADS[e.quad]]
        return -types[e.candidates][:, labels].logsumexp(-1).max() * 0.7 + self.nothing(e, types)

    def __getattr__(self, name: str):
        if name == "class":
            return lambda e, types, _status, _roles: self.class_(e, types)
        raise AttributeError(name)


@torch.no_grad()
def event_scores(net: Net, task: EventTask, held: list[Example]) -> dict[str, float]:
    """On held-out examples: triggers of the corpus (found, right type), type and sides of plv's dyads."""
    net.eval()
    hit = {
        "corpus_f1": [0, 0, 0],
        "corpus_actor": [0, 0],
        "corpus_recipient": [0, 0],
        "plv_type": [0, 0],
        "plv_dyad": [0, 0],
    }
    for e in held:
        x = net.words(**tensors(make_batch([e.words], task.pieces)))
        types, roles = net.types(x)[0].softmax(-1), net.roles(x)[0].softmax(-1)
        best = types.argmax(-1)
        if e.kind == "corpus":
            gold = {t.word: t for t in e.triggers}
            guess = {i for i in range(len(e.words)) if best[i]}
            right = [i for i in guess & set(gold) if TYPES[best[i]] == gold[i].type]
            for k, v in enumerate((len(right), len(guess), len(gold))):
                hit["corpus_f1"][k] += v
            for i in right:
                for side, name in enumerate(("actor", "recipient")):
                    want = getattr(gold[i], name) or [-1]
                    hit[f"corpus_{name}"][0] += int(roles[side, i].argmax()) - 1 in want
                    hit[f"corpus_{name}"][1] += 1
        elif e.kind == "plv":
            c = e.candidates
            w = c[int((1 - types[c, 0]).argmax())]
            hit["plv_type"][0] += TYPES[int(types[w, 1:].argmax()) + 1] in e.types
            hit["plv_dyad"][0] += (
                int(roles[0, w].argmax()) - 1 == e.ends[0] and int(roles[1, w].argmax()) - 1 == e.ends[1]
            )
            hit["plv_type"][1] += 1
            hit["plv_dyad"][1] += 1
    net.train()
    out = {k: round(100 * a / max(b, 1), 1) for k, (a, b) in ((k, v) for k, v in hit.items() if len(v) == 2)}
    tp, guessed, wanted = hit["corpus_f1"]
    return {"corpus_f1": round(200 * tp / max(1, guessed + wanted), 1), **out}


def gather(args: argparse.Namespace, rng: random.Random) -> list[Example]:
    """All examples but those close to what the figures are measured on."""
    plover, cameo = args.data / "plover", args.data / "cameo"
    public = (
        plv_examples(plover / "plv_train.tsv")
        + ner_examples(cameo / "ner_train.txt")
        + class_examples(cameo / "class_train.tsv")
    )
    measured = [shingles(r["text"]) for r in json.loads((plover / "gsr_dev.json").read_text("utf-8"))]
    kept = [e for e in public if max(near(shingles(e.text), m) for m in measured) < 0.3]
    print(f"{len(public) - len(kept)} public sentences left out: near copies of gsr_dev", flush=True)
    return [e for e in kept + corpus_examples(args.corpus, None, rng) if 2 <= len(e.words) <= 120]


def split(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """Hold out a tenth of plv and corpus; what is a near copy of it in any set goes too."""
    held = [e for i, e in enumerate(x for x in examples if x.kind in ("plv", "corpus")) if i % 12 == 0]
    marks = [shingles(e.text) for e in held]
    names = {id(e) for e in held}
    rest = [
        e for e in examples
        if id(e) not in names and max(near(shingles(e.text), m) for m in marks) < 0.4
    ]  # fmt: skip
    return rest, held


def load_swaps(path: Path | None) -> Swaps | None:
    if not path:
        return None
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line]
    return Swaps([(a, b) for a, b in rows])


def train_events(args: argparse.Namespace) -> None:
    rng = random.Random(args.seed)
    kept = torch.load(args.out / "reading.pt", weights_only=True)
    labels = kept["labels"]
    pieces = Pieces(Tokenizer.from_file(str(args.minilm / "tokenizer.json")))
    pieces._tokenizer.no_padding()
    pieces._tokenizer.no_truncation()
    net = Net({k: len(v) for k, v in labels.items()})
    net.load_state_dict(kept["net"])
    every = gather(args, rng)
    parse(net, every, labels, pieces)
    every = [e for e in every if resolve(e)]
    lexicon = Lexicon.load(Ontology.load())
    for e in every:
        e.bonus = lexicon_bonus(e, lexicon)
    rest, held = split(every)
    counts = {k: sum(e.kind == k for e in rest) for k in ("corpus", "plv", "ner", "class")}
    print(json.dumps({"held": len(held), **counts}), flush=True)
    trees = load(args.data / "treebanks", "train")
    dev = load(args.data / "treebanks", "dev")
    tree_task, task = TreeTask(labels, pieces), EventTask(pieces, labels["names"])
    swaps, held_texts = load_swaps(args.swaps), {e.text for e in held}
    opt = optimiser(net, encoder=7e-5, heads=1e-3)
    began, rounds = time.time(), args.epochs
    net.train()
    for turn in range(rounds):
        jobs = turn_jobs(args, rest, trees, swaps, held_texts, rng, (net, labels, pieces), turn)
        for k, (which, group) in enumerate(jobs):
            set_rate(opt, (turn + k / len(jobs)) / rounds)
            loss = (tree_task if which == "tree" else task).loss(net, group, rng)
            step(net, opt, loss)
        left = (time.time() - began) / (turn + 1) * (rounds - turn - 1) / 60
        scores = {**event_scores(net, task, held), **dev_scores(net, tree_task, dev, 6000)}
        print(json.dumps({"round": turn, "minutes_left": round(left, 1), **scores}), flush=True)
        save(net, labels, args.out / "events.pt")


def turn_jobs(args, rest, trees, swaps, held_texts, rng, reading, turn):
    """One round: the corpus twice (once with other names), plv, half of the others, a share of the treebanks."""
    net, labels, pieces = reading
    fresh = [e for e in rest if e.kind in ("corpus", "plv") or rng.random() < 0.5]
    if swaps and turn:
        swapped = [e for e in corpus_examples(args.corpus, swaps, rng) if 2 <= len(e.words) <= 120]
        whole = corpus_examples(args.corpus, None, rng)
        originals = [e.text for e in whole if 2 <= len(e.words) <= 120]
        swapped = [e for e, text in zip(swapped, originals, strict=False) if text not in held_texts]
        parse(net, swapped, labels, pieces)
        fresh += [e for e in swapped if resolve(e)]
    some = rng.sample(trees, len(trees) // 12)
    jobs = [("event", g) for g in grouped(fresh, 600, rng)] + [("tree", g) for g in grouped(some, 700, rng)]
    rng.shuffle(jobs)
    return jobs

"""The second step: event triggers with type, mode and status, their sides, and who says what.

Our corpus marks all of it. The public sets mark less, and what they leave open is summed over:

  plv    a source, a target and a type, but not the trigger: any content word between the two may be it
  ner    source and target phrases, neither type nor trigger
  class  the quad class of a sentence, or that it has nothing but statements

Meanwhile networks of the first step keep the parse: what they say of each sentence is learned again.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from examples import (
    CONTENT,
    QUADS,
    Example,
    Swaps,
    corpus_examples,
    inside,
    near,
    public_examples,
    resolve,
    shingles,
    usable,
)
from model import Net
from train import (
    EVENT_LABELS,
    IGNORE,
    TreeTask,
    dev_scores,
    grouped,
    half,
    load_pieces,
    optimiser,
    padded,
    recased,
    save,
    set_rate,
    step,
    tensors,
)
from treebanks import load
from truceline.nlp import decode
from truceline.nlp.network import Pieces
from truceline.ontology import Lexicon, Ontology

# What a lexicon entry of the right type adds to a word's score (a log chance) when a trigger is not marked.
ENTRY_BONUS = 1.5


@torch.no_grad()
def parse(net: Net, examples: Sequence[Example], labels: dict[str, list[str]], pieces: Pieces) -> None:
    """Tags and heads by the first step's network."""
    net.eval()
    for group in grouped([e for e in examples if e.words], 2000, random.Random(0), pieces):
        batch = padded([e.words for e in group], pieces)
        with half():
            x = net.words(**tensors(batch))
            outputs = net.upos(x), net.arcs(x)[:, 0], net.lemma(x)
        upos, arcs, lemmas = (out.float().numpy() for out in outputs)
        for r, e in enumerate(group):
            n = len(e.words)
            e.upos = [labels["upos"][u] for u in upos[r, :n].argmax(-1)]
            e.heads = [h - 1 for h in decode.tree(arcs[r, :n, : n + 1])]
            scripts = (labels["lemma"][k] for k in lemmas[r, :n].argmax(-1))
            e.lemmas = [decode.apply_script(w, k, proper=False) for w, k in zip(e.words, scripts, strict=True)]
    net.train()


def lexicon_bonus(e: Example, lexicon: Lexicon) -> list[float]:
    """For each candidate, whether the lexicon has its lemma with one of the sentence's types."""
    found = []
    for i in e.candidates:
        pos = "verb" if e.upos[i] == "VERB" else "adj" if e.upos[i] == "ADJ" else "noun"
        fits = any(entry.event_type in e.types for entry in lexicon.triggers(e.lemmas[i].lower(), pos))
        found.append(ENTRY_BONUS if fits else 0.0)
    return found


class EventTask:
    """Losses of the event heads."""

    def __init__(self, pieces: Pieces, labels: dict[str, list[str]]) -> None:
        self.pieces = pieces
        self.index = {k: {v: i for i, v in enumerate(labels[k])} for k in (*EVENT_LABELS, "names")}
        self.types = self.index["types"]

    def loss(self, net: Net, group: list[Example], rng: random.Random) -> tuple[Tensor, Tensor]:
        """The mean loss of a sentence; also the words as read, for the teachers."""
        batch = padded([recased(e.words, rng) for e in group], self.pieces)
        x, whole = net.read(**tensors(batch))
        beyond = torch.arange(x.shape[1] + 1)[None] > torch.tensor(batch.lengths)[:, None]
        pairs = lambda head: F.log_softmax(head(x).float().masked_fill(beyond[:, None, None], -1e4), -1)  # noqa: E731
        scores = {k: F.log_softmax(getattr(net, k)(x).float(), -1) for k in ("types", "status", "sides")}
        scores["roles"] = pairs(net.roles)
        scores["quad"] = F.log_softmax(net.quad(whole).float(), -1)
        scores["dyads"] = self.dyad_scores(net, x, whole, [(r, *e.ends) for r, e in enumerate(group)])
        total = self.corpus_dyads(net, x, whole, group)
        marked = [(r, e) for r, e in enumerate(group) if e.kind == "corpus"]
        if marked:
            flat = {k: F.log_softmax(getattr(net, k)(x).float(), -1) for k in ("modes", "cues", "names")}
            total = total + self.corpus(marked, {**scores, **flat, "sayings": pairs(net.sayings)})
        for r, e in enumerate(group):
            if e.kind != "corpus":
                total = total + getattr(self, e.kind + "_loss")(e, {k: v[r] for k, v in scores.items()})
        return total / len(group), x

    def corpus(self, rows: list[tuple[int, Example]], scores: dict[str, Tensor]) -> Tensor:
        """All that our corpus marks, over the whole batch at once."""
        size, deep = scores["types"].shape[:2]
        gold = {k: np.full((size, deep), IGNORE) for k in ("types", "modes", "status", "cues", "names")}
        roles = np.zeros((size, 2, deep, deep + 1), dtype=np.float32)
        sayings = np.zeros((size, 3, deep, deep + 1), dtype=np.float32)
        for r, e in rows:
            n = len(e.words)
            for k in ("types", "cues", "names"):
                gold[k][r, :n] = 0
            for t in e.triggers:
                gold["types"][r, t.word] = self.types[t.type]
                gold["modes"][r, t.word] = self.index["modes"][f"{t.type}.{t.mode}" if t.mode else ""]
                gold["status"][r, t.word] = self.index["status"][t.status]
                for side, people in enumerate((t.actor, t.recipient)):
                    columns = sorted({p + 1 for p in people if p >= 0}) or [0]
                    roles[r, side, t.word] = 0
                    roles[r, side, t.word, columns] = 1 / len(columns)
            for s in e.sayings:
                for k, w in enumerate(s.cue):
                    gold["cues"][r, w] = self.index["cues"]["I" if k else "B"]
                for label, column in enumerate((s.holder, s.first, s.last)):
                    sayings[r, label, s.cue[0]] = 0
                    sayings[r, label, s.cue[0], column + 1] = 1
            for i, tag in enumerate(self.name_tags(e)):
                gold["names"][r, i] = tag
        loss = scores["types"].new_zeros(())
        for k, weight in (("types", 1.0), ("modes", 0.3), ("status", 0.5), ("cues", 0.7), ("names", 0.5)):
            want = torch.from_numpy(gold[k]).flatten()
            loss = loss + weight * F.nll_loss(scores[k].flatten(0, 1), want, ignore_index=IGNORE, reduction="sum")
        loss = loss - (scores["roles"] * torch.from_numpy(roles)).sum()
        return loss - 0.5 * (scores["sayings"] * torch.from_numpy(sayings)).sum()

    def dyad_scores(self, net: Net, x: Tensor, whole: Tensor, dyads: list[tuple[int, int, int]]) -> Tensor:
        """Chances, as logs, of each type between two words of a row: (row, source, target) -> (dyads, roots)."""
        rows, one, other = torch.tensor(dyads).t()
        given = torch.cat([x[rows, one.clamp(min=0)], x[rows, other.clamp(min=0)], whole[rows]], -1)
        return F.log_softmax(net.dyads(given).float(), -1)

    def corpus_dyads(self, net: Net, x: Tensor, whole: Tensor, group: list[Example]) -> Tensor:
        """Our corpus's events that have both sides, as dyads."""
        found = [
            ((r, t.actor[0], t.recipient[0]), self.index["roots"]["CONCEDE" if t.type == "RETREAT" else t.type])
            for r, e in enumerate(group)
            for t in e.triggers
            if t.actor and t.recipient
        ]
        if not found:
            return x.new_zeros((), dtype=torch.float32)
        logs = self.dyad_scores(net, x, whole, [dyad for dyad, _ in found])
        return 0.5 * F.nll_loss(logs, torch.tensor([root for _, root in found]), reduction="sum")

    def name_tags(self, e: Example) -> list[int]:
        tags, names = [0] * len(e.words), self.index["names"]
        assert e.marked is not None
        for span, kind in e.marked.names:
            kind = {"GPE": "LOC", "NORP": ""}.get(kind, kind)
            if f"B-{kind}" in names:
                for k, i in enumerate(inside(e, span)):
                    tags[i] = names[f"{'I' if k else 'B'}-{kind}"]
        return tags

    def nothing(self, e: Example, types: Tensor) -> Tensor:
        """Words that cannot be triggers are none."""
        never = [i for i, u in enumerate(e.upos) if u not in CONTENT]
        return -types[never, 0].sum() * 0.2 if never else types.new_zeros(())

    def sides_loss(self, e: Example, sides: Tensor, *, whole: bool) -> Tensor:
        """Source and target phrases as tags; a set that marks one of each says nothing of the other words."""
        want = torch.full((len(e.words),), 0 if whole else IGNORE)
        for kind, spans in e.spans.items():
            for span in spans:
                for k, i in enumerate(inside(e, span)):
                    want[i] = self.index["sides"][f"{'I' if k else 'B'}-{kind.upper()}"]
        return F.nll_loss(sides[: len(want)], want, ignore_index=IGNORE, reduction="sum") * 0.7

    def plv_scores(self, e: Example, scores: dict[str, Tensor], types: Sequence[str]) -> Tensor:
        """For each candidate word, how likely it is the trigger of one of these types between the two sides."""
        c = e.candidates
        kind = scores["types"][c][:, [self.types[t] for t in types]].logsumexp(-1)
        return kind + scores["roles"][0, c, e.ends[0] + 1] + scores["roles"][1, c, e.ends[1] + 1]

    def plv_loss(self, e: Example, scores: dict[str, Tensor]) -> Tensor:
        types, c = scores["types"], e.candidates
        found = self.plv_scores(e, scores, e.types) + torch.tensor(e.bonus)
        # One word is the trigger: the likeliest is pulled up, the others, lightly, down.
        chosen = torch.zeros(len(c), dtype=torch.bool)
        chosen[int(found.argmax())] = True
        rest = types[c, 0][~chosen]
        quiet = -0.15 * rest.sum() if len(rest) else 0.0
        kind = types[c][:, [self.types[t] for t in e.types]].logsumexp(-1)
        loss = -found.logsumexp(0) - 0.5 * kind[chosen].sum() + quiet + self.nothing(e, types)
        loss = loss - scores["dyads"][self.index["roots"][e.types[0]]]
        return loss - 0.5 * scores["quad"][e.quad] + self.sides_loss(e, scores["sides"], whole=False)

    def ner_loss(self, e: Example, scores: dict[str, Tensor]) -> Tensor:
        types, roles, c = scores["types"], scores["roles"], e.candidates
        kind = types[c][:, 1:].logsumexp(-1)
        first = roles[0, c, e.ends[0] + 1] if e.ends[0] >= 0 else torch.zeros(len(c))
        if e.spans.get("R"):
            sides = (first + (roles[0, c, e.ends[1] + 1] if e.ends[1] >= 0 else 0.0)) / 2
        else:
            sides = first + (roles[1, c, e.ends[1] + 1] if e.ends[1] >= 0 else 0.0)
        loss = 0.5 * (-(kind + sides).logsumexp(0) + self.nothing(e, types))
        return loss + self.sides_loss(e, scores["sides"], whole=True)

    def class_loss(self, e: Example, scores: dict[str, Tensor]) -> Tensor:
        types, quad = scores["types"], -1.5 * scores["quad"][e.quad]
        if e.quad == 0:
            # A statement, or an appeal: CAMEO 02 is nothing here where PLOVER has a REQUEST.
            quiet = types[: len(e.words), [0, self.types["REQUEST"]]].logsumexp(-1)
            return quad - quiet.sum() * 0.5
        labels = [self.types[t] for t in QUADS[e.quad]]
        return quad - types[e.candidates][:, labels].logsumexp(-1).max() * 0.7 + self.nothing(e, types)


class Teachers:
    """Networks of the first step, whose parses a network in the second step keeps to."""

    def __init__(self, nets: list[Net], pieces: Pieces) -> None:
        self.nets, self.pieces = nets, pieces
        for net in nets:
            net.eval()

    def loss(self, net: Net, x: Tensor, items: list) -> Tensor:
        """How far the student's heads, relations and tags are from the teachers' mean, a word."""
        clean = padded([t.words for t in items], self.pieces)
        lengths = torch.tensor(clean.lengths)
        beyond = torch.arange(x.shape[1] + 1)[None] > lengths[:, None]
        with torch.no_grad():
            read = [t.words(**tensors(clean)) for t in self.nets]
            arcs = self._mean([t.arcs(w)[:, 0].float().masked_fill(beyond[:, None], -1e4) for t, w in self._each(read)])
            heads = arcs.argmax(-1)
            want = {"arcs": arcs, "deprel": self._mean([t.deprel.at(w, heads) for t, w in self._each(read)])}
            for k in ("upos", "xpos", "lemma"):
                want[k] = self._mean([getattr(t, k)(w) for t, w in self._each(read)])
        ours = {"arcs": net.arcs(x)[:, 0].float().masked_fill(beyond[:, None], -1e4), "deprel": net.deprel.at(x, heads)}
        ours.update({k: getattr(net, k)(x) for k in ("upos", "xpos", "lemma")})
        real = (torch.arange(x.shape[1])[None] < lengths[:, None]).float()
        weights = {"arcs": 1.0, "deprel": 1.0, "upos": 0.5, "xpos": 0.5, "lemma": 0.5}
        apart = sum(w * -(want[k] * F.log_softmax(ours[k].float(), -1)).sum(-1) for k, w in weights.items())
        return (apart * real).sum() / real.sum()

    def _each(self, read: list[Tensor]) -> list[tuple[Net, Tensor]]:
        return list(zip(self.nets, read, strict=True))

    def _mean(self, logits: list[Tensor]) -> Tensor:
        return torch.stack([v.float().softmax(-1) for v in logits]).mean(0)


def event_scores(net: Net, task: EventTask, held: list[Example]) -> dict[str, float]:
    """On held-out examples: the corpus's triggers with type, sides, status, holders; the public sets' own measures."""
    return event_counts(net, task, held).figures()


@torch.no_grad()
def event_counts(net: Net, task: EventTask, held: list[Example]) -> Counts:
    """The hits behind ``event_scores``."""
    net.eval()
    seen = Counts()
    for group in grouped(held, 3000, random.Random(0), task.pieces):
        batch = padded([e.words for e in group], task.pieces)
        with half():
            x, whole = net.read(**tensors(batch))
            raw = {k: getattr(net, k)(x).float() for k in ("types", "status", "modes", "cues", "sides")}
            raw["quad"] = net.quad(whole).float()
            raw["dyads"] = task.dyad_scores(net, x, whole, [(r, *e.ends) for r, e in enumerate(group)])
            beyond = torch.arange(x.shape[1] + 1)[None] > torch.tensor(batch.lengths)[:, None]
            for k in ("roles", "sayings"):
                raw[k] = getattr(net, k)(x).float().masked_fill(beyond[:, None, None], -1e4)
        logs = {k: F.log_softmax(v, -1) for k, v in raw.items()}
        for r, e in enumerate(group):
            seen.add(task, e, {k: v[r] for k, v in logs.items()})
    net.train()
    return seen


class Counts:
    """Hits and totals over held-out examples."""

    def __init__(self) -> None:
        self.pairs: dict[str, list[tuple[object, object]]] = {"root": [], "quad": []}
        self.spans = [0, 0, 0]
        self.f1 = {k: [0, 0, 0] for k in ("trigger", "cue")}
        self.share = {k: [0, 0] for k in ("actor", "recipient", "status", "mode", "holder", "content")}

    def add(self, task: EventTask, e: Example, logs: dict[str, Tensor]) -> None:
        getattr(self, e.kind)(task, e, logs)

    def corpus(self, task: EventTask, e: Example, logs: dict[str, Tensor]) -> None:
        n = len(e.words)
        names = {k: list(v) for k, v in task.index.items()}
        best = logs["types"][:n].argmax(-1).tolist()
        gold, guess = {t.word: t for t in e.triggers}, {i for i in range(n) if best[i]}
        right = [i for i in guess & set(gold) if names["types"][best[i]] == gold[i].type]
        self._f1("trigger", len(right), len(guess), len(gold))
        for i in right:
            for side, name in enumerate(("actor", "recipient")):
                want = getattr(gold[i], name) or [-1]
                self._share(name, int(logs["roles"][side, i].argmax()) - 1 in want)
            self._share("status", names["status"][int(logs["status"][i].argmax())] == gold[i].status)
            mode = f"{gold[i].type}.{gold[i].mode}" if gold[i].mode else ""
            self._share("mode", names["modes"][int(logs["modes"][i].argmax())] == mode)
        cues = {i for i, c in enumerate(logs["cues"][:n].argmax(-1).tolist()) if c == 1}
        sayings = {s.cue[0]: s for s in e.sayings}
        self._f1("cue", len(cues & set(sayings)), len(cues), len(sayings))
        for i in cues & set(sayings):
            found = [int(logs["sayings"][k, i].argmax()) - 1 for k in range(3)]
            self._share("holder", found[0] == sayings[i].holder)
            self._share("content", found[1:] == [sayings[i].first, sayings[i].last])

    def plv(self, task: EventTask, e: Example, logs: dict[str, Tensor]) -> None:
        roots = list(task.index["roots"])
        kinds = [("CONCEDE", "RETREAT") if root == "CONCEDE" else (root,) for root in roots]
        by_words = torch.stack([task.plv_scores(e, logs, k).logsumexp(0) for k in kinds]).log_softmax(0)
        for name, found in (
            ("root", by_words + logs["dyads"]),
            ("root_by_words", by_words),
            ("root_by_dyad", logs["dyads"]),
        ):
            self.pairs.setdefault(name, []).append((e.types[0], roots[int(found.argmax())]))

    def ner(self, task: EventTask, e: Example, logs: dict[str, Tensor]) -> None:
        tags = list(task.index["sides"])
        found = set(spans_of([tags[i] for i in logs["sides"][: len(e.words)].argmax(-1).tolist()]))
        gold = {(k, inside(e, s)[0], inside(e, s)[-1]) for k, spans in e.spans.items() for s in spans}
        for k, v in enumerate((len(found & gold), len(found), len(gold))):
            self.spans[k] += v

    def _class(self, task: EventTask, e: Example, logs: dict[str, Tensor]) -> None:
        logs_of = lambda q: logs["types"][e.candidates][:, [task.types[t] for t in QUADS[q]]]  # noqa: E731
        nothing = logs["types"][: len(e.words), 0].sum()
        kinds = [nothing, *(logs_of(q).logsumexp(-1).max() for q in (1, 2, 3, 4))]
        by_words = torch.stack(kinds).log_softmax(0)
        for name, found in (("quad", by_words + logs["quad"]), ("quad_by_sentence", logs["quad"])):
            self.pairs.setdefault(name, []).append((e.quad, int(found.argmax())))

    def __getattr__(self, name: str) -> object:
        if name == "class":
            return self._class
        raise AttributeError(name)

    def join(self, other: Counts) -> None:
        """Add what another one counted."""
        for name, pairs in other.pairs.items():
            self.pairs[name] = self.pairs.get(name, []) + pairs
        for mine, theirs in ((self.f1, other.f1), (self.share, other.share)):
            for name, counts in theirs.items():
                mine[name] = [a + b for a, b in zip(mine[name], counts, strict=True)]
        self.spans = [a + b for a, b in zip(self.spans, other.spans, strict=True)]

    def _f1(self, name: str, *counts: int) -> None:
        self.f1[name] = [a + b for a, b in zip(self.f1[name], counts, strict=True)]

    def _share(self, name: str, right: bool) -> None:
        self.share[name][0] += right
        self.share[name][1] += 1

    def figures(self) -> dict[str, float]:
        out = {k: f_score(v) for k, v in self.f1.items() if v[2]}
        out.update({k: round(100 * a / b, 1) for k, (a, b) in self.share.items() if b})
        out.update({k: macro_f1(v) for k, v in self.pairs.items() if v})
        if self.spans[2]:
            out["sides"] = f_score(self.spans)
        return out


def f_score(counts: Sequence[int]) -> float:
    """F1, in percent, of (right, found, wanted)."""
    return round(200 * counts[0] / max(1, counts[1] + counts[2]), 1)


def macro_f1(pairs: Sequence[tuple[object, object]]) -> float:
    """The mean of the classes' F1, in percent, over the classes that gold has."""
    found = []
    for kind in {gold for gold, _ in pairs}:
        right = sum(g == p == kind for g, p in pairs)
        found.append(2 * right / (sum(g == kind for g, _ in pairs) + sum(p == kind for _, p in pairs)))
    return round(100 * sum(found) / len(found), 1)


def spans_of(tags: Sequence[str]) -> list[tuple[str, int, int]]:
    """(kind, first, last) of BIO tags; an I without its B begins a span."""
    found: list[tuple[str, int, int]] = []
    for i, tag in enumerate(tags):
        prefix, _, kind = tag.partition("-")
        last = found[-1] if found else None
        if prefix == "I" and last and last[0] == kind and last[2] == i - 1:
            found[-1] = (kind, last[1], i)
        elif prefix in ("B", "I"):
            found.append((kind, i, i))
    return found


def gather(args: argparse.Namespace) -> list[Example]:
    """The public sentences but those close to what the figures are measured on."""
    public = public_examples(args.data)
    gold = json.loads((args.data / "plover" / "gsr_dev.json").read_text("utf-8"))
    measured = [shingles(r["text"]) for r in gold]
    kept = [e for e in public if max(near(shingles(e.text), m) for m in measured) < 0.3]
    print(f"{len(public) - len(kept)} public sentences left out: near copies of gsr_dev", flush=True)
    return kept


def prepared(examples: list[Example], net: Net, labels: dict[str, list[str]], pieces: Pieces) -> list[Example]:
    """Parsed, resolved to words, and with the lexicon's opinion."""
    parse(net, examples, labels, pieces)
    kept = [e for e in examples if resolve(e)]
    lexicon = Lexicon.load(Ontology.load())
    for e in kept:
        e.bonus = lexicon_bonus(e, lexicon)
    return kept


def restored(path: Path) -> tuple[Net, dict[str, list[str]]]:
    """A network and its labels from a checkpoint."""
    kept = torch.load(path, weights_only=True)
    labels = {**EVENT_LABELS, **kept["labels"]}
    net = Net({k: len(v) for k, v in labels.items()})
    # A network of the first step may come from before a head was added: the second step trains that head anyway.
    missing = net.load_state_dict(kept["net"], strict=False)
    assert not missing.unexpected_keys
    return net, labels


def train_events(args: argparse.Namespace) -> None:
    """The second step for the network that is shipped."""
    rng = random.Random(args.seed)
    pieces = load_pieces(args.minilm)
    net, labels = restored(args.out / "reading.pt")
    teachers = Teachers([restored(path)[0] for path in args.teachers], pieces) if args.teachers else None
    public = prepared(gather(args), net, labels, pieces)
    held = prepared(usable(corpus_examples([args.corpus / "dev.jsonl"], None, rng)), net, labels, pieces)
    fit(args, net, labels, pieces, public, held, rng, teachers=teachers)


def fit(args, net, labels, pieces, public, held, rng, *, teachers=None) -> dict[str, float]:
    """Train a network of the first step on events, with a share of the treebanks in each round."""
    files = sorted(args.corpus.glob("train-*.jsonl"))
    whole = prepared(usable(corpus_examples(files, None, rng)), net, labels, pieces)
    counts = {k: sum(e.kind == k for e in [*public, *whole]) for k in ("corpus", "plv", "ner", "class")}
    print(json.dumps({"held": len(held), **counts}), flush=True)
    trees, dev = load(args.data / "treebanks", "train"), load(args.data / "treebanks", "dev")
    tree_task, task = TreeTask(labels, pieces), EventTask(pieces, labels)
    swaps = Swaps(args.swaps) if args.swaps else None
    swapped = [whole]
    if swaps:
        # Every other round has other names; parsed by the network as it came from the first step.
        for _ in range(args.epochs // 2):
            swapped.append(prepared(usable(corpus_examples(files, swaps, rng)), net, labels, pieces))
    opt = optimiser(net, encoder=args.rate, heads=1e-3)
    began, scores = time.time(), {}
    net.train()
    for turn in range(args.epochs):
        some = rng.sample(trees, int(len(trees) * args.trees))
        events = [
            *(e for e in (swapped[(turn + 1) // 2] if swaps and turn % 2 else whole) if rng.random() < args.ours),
            *(e for e in public if e.kind == "plv" or rng.random() < args.public),
        ]
        jobs = [("event", g) for g in grouped(events, args.batch, rng, pieces)]
        jobs += [("tree", g) for g in grouped(some, args.batch, rng, pieces)]
        rng.shuffle(jobs)
        for k, (which, group) in enumerate(jobs):
            set_rate(opt, (turn + k / len(jobs)) / args.epochs)
            with half():
                loss, x = (tree_task if which == "tree" else task).loss(net, group, rng)
                if teachers:
                    share = 0.5 if which == "tree" else 1.0
                    loss = loss * (1.0 if which == "event" else 0.5) + share * teachers.loss(net, x, group)
            step(net, opt, loss)
        left = (time.time() - began) / (turn + 1) * (args.epochs - turn - 1) / 60
        scores = {**event_scores(net, task, held), **dev_scores(net, tree_task, dev, 6000)}
        print(json.dumps({"round": turn, "minutes_left": round(left, 1), **scores}), flush=True)
        save(net, labels, args.out / f"{args.name}.pt")
    return scores

"""The third step, coreference: which earlier mention of a report each mention takes up.

It learns from GUM's entities and our corpus's chains, over the words of several sentences as the trained network reads
them; the network itself stays as it is.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from events import parse, restored
from examples import Example, annotated, example, head_word
from model import Net
from train import load_pieces, padded, save, tensors
from treebanks import Tree, load
from truceline.nlp.network import Pieces
from truceline.nlp.sentence import FAR

# A story is read in stretches of so many sentences.
STRETCH = 8


@dataclass
class Story:
    """Sentences that follow each other, and their mentions: (sentence, head word, who), who is None for one alone."""

    sentences: list[list[str]]
    mentions: list[tuple[int, int, str | None]]


def gum_stories(trees: Iterable[Tree]) -> list[Story]:
    """Stretches of GUM's documents with all its entities."""
    stories: list[Story] = []
    last = None
    for tree in trees:
        if not tree.entities and tree.names is None:
            continue
        if last != tree.document or len(stories[-1].sentences) == STRETCH:
            stories.append(Story([], []))
            last = tree.document
        at = len(stories[-1].sentences)
        stories[-1].sentences.append(tree.words)
        seen = set()
        for first, end, _, who in tree.entities:
            heads = [i for i in range(first, end + 1) if not first <= tree.heads[i] <= end]
            if heads and heads[0] not in seen:
                seen.add(heads[0])
                stories[-1].mentions.append((at, heads[0], who))
    for story in stories:
        story.mentions.sort(key=lambda m: m[:2])
    return [s for s in stories if len(s.mentions) > 1]


def corpus_stories(reports: Iterable[annotated.Report], parse) -> list[Story]:
    """Our reports with their chains, and with the names that stand in none; ``parse`` fills in trees."""
    made: list[tuple[annotated.Report, list[Example]]] = [
        (report, [example("corpus", s.text, marked=s) for s in report.sentences]) for report in reports
    ]
    parse([e for _, examples in made for e in examples])
    stories = []
    for report, examples in made:
        mentions = {}
        for who, chain in enumerate(report.chains):
            for i, span in chain:
                mentions[i, head_word(examples[i], span)] = str(who)
        for i, s in enumerate(report.sentences):
            for span, kind in s.names:
                if kind != "NORP":
                    mentions.setdefault((i, head_word(examples[i], span)), None)
        found = sorted(((i, w, who) for (i, w), who in mentions.items() if w >= 0), key=lambda m: m[:2])
        if len(found) > 1:
            stories.append(Story([e.words for e in examples], found))
    return stories


@dataclass
class Read:
    """A story's mentions as the network reads them: (mentions, hidden), their sentences, and who they are."""

    words: Tensor
    sentences: Tensor
    who: list[str | None]


@torch.no_grad()
def read_all(net: Net, stories: Iterable[Story], pieces: Pieces) -> list[Read]:
    """All mentions of all stories, read once."""
    net.eval()
    found = []
    for story in stories:
        every = []
        for i, sentence in enumerate(story.sentences):
            here = [w for at, w, _ in story.mentions if at == i]
            if here:
                every.append(net.words(**tensors(padded([sentence], pieces)))[0, here])
        where = torch.tensor([at for at, _, _ in story.mentions])
        found.append(Read(torch.cat(every), where, [who for _, _, who in story.mentions]))
    return found


def scores(net: Net, read: Read) -> Tensor:
    """(mentions, mentions + 1) chances as logs; column 0 is "nobody before"; what comes later is shut out."""
    rows, columns = net.links.sides(read.words[None])
    views = rows[0] @ net.links.pair[0] + net.links.column_bias.weight[0]
    far = (read.sentences[:, None] - read.sentences[None]).clamp(0, 6) * FAR
    later = torch.ones(len(far), len(far)).triu()
    return F.log_softmax(views @ columns[0].t() - F.pad(far + later * 1e4, (1, 0)), -1)


def gold(read: Read) -> Tensor:
    """True for each right earlier mention of a mention, in column 0 where there is none."""
    n = len(read.who)
    same = torch.zeros(n, n + 1, dtype=torch.bool)
    for i, who in enumerate(read.who):
        earlier = [j for j in range(i) if who is not None and read.who[j] == who]
        same[i, [j + 1 for j in earlier] or [0]] = True
    return same


@torch.no_grad()
def accuracy(net: Net, held: Sequence[Read]) -> dict[str, float]:
    """The share of mentions whose best earlier mention (or none) is right: of all, and of those that have one."""
    net.eval()
    right, linked = [], []
    for read in held:
        best, want = scores(net, read).argmax(-1), gold(read)
        hits = want[torch.arange(len(best)), best]
        right += hits.tolist()
        linked += hits[~want[:, 0]].tolist()
    net.train()
    share = lambda found: round(100 * sum(found) / max(1, len(found)), 1)  # noqa: E731
    return {"links": share(right), "links_of_linked": share(linked)}


def train_links(args: argparse.Namespace) -> None:
    """Train the head on what the network of the second step reads; write it back into the checkpoint."""
    rng = random.Random(args.seed)
    pieces = load_pieces(args.minilm)
    path = args.out / f"{args.name}.pt"
    net, labels = restored(path)
    parsed = lambda reports: corpus_stories(reports, lambda e: parse(net, e, labels, pieces))  # noqa: E731
    trees = [t for t in load(args.data / "treebanks", "train") if t.names is not None]
    ours = [r for file in sorted(args.corpus.glob("train-*.jsonl")) for r in annotated.read(file)]
    training = read_all(net, [*gum_stories(trees), *parsed(ours)], pieces)
    held = read_all(net, parsed(annotated.read(args.corpus / "dev.jsonl")), pieces)
    opt = torch.optim.AdamW(net.links.parameters(), lr=2e-3, weight_decay=0.01)
    for turn in range(args.epochs):
        rng.shuffle(training)
        for i in range(0, len(training), 8):
            group = training[i : i + 8]
            likely = [scores(net, r).masked_fill(~gold(r), -1e9).logsumexp(-1).sum() for r in group]
            opt.zero_grad()
            (-sum(likely) / sum(len(r.who) for r in group)).backward()
            opt.step()
        for g in opt.param_groups:
            g["lr"] = 2e-3 * (1 - (turn + 1) / args.epochs)
        print(json.dumps({"round": turn, **accuracy(net, held)}), flush=True)
    save(net, labels, path)

"""The trained network as it is exported: for one sentence, without padding, its small products joined into few."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from model import HIDDEN, Biaffine, Encoder, Net

PLAIN = ("upos", "xpos", "lemma", "names")
WORDS = ("types", "modes", "status", "cues")
PAIRS = ("arcs", "roles", "sayings")


def joined(parts: list[nn.Linear]) -> nn.Linear:
    """One product for several of the same input, their outputs side by side."""
    one = nn.Linear(parts[0].in_features, sum(p.out_features for p in parts))
    one.weight.data = torch.cat([p.weight.data for p in parts])
    one.bias.data = torch.cat([p.bias.data for p in parts])
    return one


class OneEncoder(nn.Module):
    """The encoder for a single sentence of pieces: nothing to mask, query, key and value in one product."""

    def __init__(self, trained: Encoder) -> None:
        super().__init__()
        self.trained = trained
        self.start = nn.Parameter(trained.positions.weight.data + trained.kind.data)
        self.mixes = nn.ModuleList(joined([x.query, x.key, x.value]) for x in trained.layers)

    def forward(self, pieces: Tensor, shapes: Tensor) -> Tensor:
        e = self.trained
        x = e.norm(e.pieces(pieces) + e.shapes(shapes) + self.start[: pieces.shape[0]])
        for layer, mix in zip(e.layers, self.mixes, strict=True):
            q, k, v = mix(x).view(-1, 3, layer.heads, HIDDEN // layer.heads).permute(1, 2, 0, 3).unbind(0)
            weights = (q @ k.transpose(-1, -2) * (HIDDEN // layer.heads) ** -0.5).softmax(-1)
            mixed = (weights @ v).transpose(0, 1).reshape(-1, HIDDEN)
            x = layer.attention_norm(x + layer.attention_out(mixed))
            x = layer.norm(x + layer.down(F.gelu(layer.up(x))))
        return x


class Pairs(nn.Module):
    """A biaffine head without what is the same for all columns of a row, which changes no choice among them."""

    def __init__(self, head: Biaffine) -> None:
        super().__init__()
        self.labels, width, _ = head.pair.shape
        self.product = nn.Linear(width, self.labels * width)
        self.product.weight.data = head.pair.data.transpose(1, 2).reshape(self.labels * width, width)
        self.product.bias.data = head.column_bias.weight.data.reshape(-1)
        self.none = nn.Parameter(F.gelu(head.columns[1](head.none.data[None])))

    def forward(self, rows: Tensor, columns: Tensor) -> Tensor:
        """(words, width) twice -> (labels, words, words + 1)."""
        views = self.product(rows).view(rows.shape[0], self.labels, -1).transpose(0, 1)
        return views @ torch.cat([self.none, columns]).t()


class Relations(Pairs):
    """The relation of each word with one head: the biaffine head at one column a row."""

    def __init__(self, head: Biaffine) -> None:
        super().__init__(head)
        self.alone = head.row_bias

    def forward(self, rows: Tensor, columns: Tensor, chosen: Tensor) -> Tensor:
        """(words, width) twice and (words) -> (words, labels)."""
        picked = torch.cat([self.none, columns])[chosen]
        views = self.product(rows).view(rows.shape[0], self.labels, -1)
        return (views @ picked[..., None])[..., 0] + self.alone(rows)


class OneSentence(nn.Module):
    """The network for one sentence; its outputs are those that the package's ``network.OUTPUTS`` names."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.encoder = OneEncoder(net.encoder)
        plain = [getattr(net, k)[1] for k in PLAIN]
        inner = [getattr(net, k)[0][1] for k in WORDS]
        inner += [
            view[1] for k in (*PAIRS, "deprel", "links") for view in (getattr(net, k).rows, getattr(net, k).columns)
        ]
        self.plain = [p.out_features for p in plain]
        self.inner = [p.out_features for p in inner]
        self.first_layer = joined([*plain, *inner])
        self.second = nn.ModuleList(getattr(net, k)[1] for k in WORDS)
        self.pairs = nn.ModuleList(Pairs(getattr(net, k)) for k in PAIRS)
        self.relations = Relations(net.deprel)
        self.links = Pairs(net.links)

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        x = self.encoder(pieces, shapes)
        y = self.first_layer((x[first] + x[last]) * 0.5)
        plain, inner = y.split([sum(self.plain), sum(self.inner)], -1)
        upos, xpos, lemma, names = plain.split(self.plain, -1)
        views = F.gelu(inner).split(self.inner, -1)
        types, modes, status, cues = (head(v) for head, v in zip(self.second, views, strict=False))
        rest = views[len(WORDS) :]
        arcs, roles, sayings = (head(rest[2 * k], rest[2 * k + 1]) for k, head in enumerate(self.pairs))
        deprel = self.relations(rest[-4], rest[-3], arcs[0].argmax(-1))
        # The views of mentions, each with its score for "nobody before" in front, and of what they may take up.
        views = self.links.product(rest[-2])
        refers = torch.cat([views @ self.links.none.t(), views], -1)
        return upos, xpos, lemma, names, arcs[0], deprel, types, modes, status, roles, cues, sayings, refers, rest[-1]

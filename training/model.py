"""The network in PyTorch: a BERT encoder with word shapes, and one head a task."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

HIDDEN = 384
SHAPES = 7


class Dropout(nn.Module):
    """Dropout whose masks are random bytes: PyTorch's own generator takes a fifth of a training step on a processor."""

    random = np.random.Generator(np.random.SFC64(1))

    def __init__(self, share: float) -> None:
        super().__init__()
        self.cut = round(share * 256)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.cut:
            return x
        drawn = torch.frombuffer(bytearray(self.random.bytes(x.numel())), dtype=torch.uint8).view(x.shape)
        return x * ((drawn >= self.cut).to(x.dtype) * (256 / (256 - self.cut)))


class Layer(nn.Module):
    """One transformer layer, named as in the published weights."""

    def __init__(self, heads: int = 12, inner: int = 1536) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.attention_out = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, inner)
        self.down = nn.Linear(inner, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, t, _ = x.shape
        split = lambda y: y.view(b, t, self.heads, HIDDEN // self.heads).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = (q @ k.transpose(-1, -2)) * (HIDDEN // self.heads) ** -0.5 + bias
        mixed = (weights.softmax(-1).to(v.dtype) @ v).transpose(1, 2).reshape(b, t, HIDDEN)
        x = self.attention_norm(x + self.dropout(self.attention_out(mixed)))
        return self.norm(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """MiniLM-L6; shapes of words are added to its input, starting from zero."""

    def __init__(self, layers: int = 6, vocabulary: int = 30522) -> None:
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.kind = nn.Parameter(torch.zeros(HIDDEN))
        self.shapes = nn.Embedding(SHAPES, HIDDEN)
        nn.init.zeros_(self.shapes.weight)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.dropout = Dropout(0.1)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.pieces(pieces) + self.positions(places)[None] + self.kind + self.shapes(shapes)
        x = self.dropout(self.norm(x))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load_published(self, tensors: dict[str, Tensor]) -> None:
        """Take the weights of sentence-transformers/all-MiniLM-L6-v2."""
        names = {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "attention_out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
            "up": "intermediate.dense", "down": "output.dense", "norm": "output.LayerNorm",
        }  # fmt: skip
        state = {
            "pieces.weight": tensors["embeddings.word_embeddings.weight"],
            "positions.weight": tensors["embeddings.position_embeddings.weight"],
            "kind": tensors["embeddings.token_type_embeddings.weight"][0],
            "shapes.weight": torch.zeros(SHAPES, HIDDEN),
            "norm.weight": tensors["embeddings.LayerNorm.weight"],
            "norm.bias": tensors["embeddings.LayerNorm.bias"],
        }
        for i in range(len(self.layers)):
            for ours, theirs in names.items():
                for part in ("weight", "bias"):
                    state[f"layers.{i}.{ours}.{part}"] = tensors[f"encoder.layer.{i}.{theirs}.{part}"]
        self.load_state_dict(state)


def mlp(width: int, dropout: float = 0.2) -> nn.Sequential:
    """A head's own view of the encoder's output."""
    return nn.Sequential(Dropout(dropout), nn.Linear(HIDDEN, width), nn.GELU(), Dropout(dropout))


class Biaffine(nn.Module):
    """Scores of (row word, column word) pairs for each label; column 0 is a learned "none of the words"."""

    def __init__(self, width: int, labels: int) -> None:
        super().__init__()
        self.rows, self.columns = mlp(width), mlp(width)
        self.none = nn.Parameter(torch.randn(HIDDEN) * 0.02)
        self.pair = nn.Parameter(torch.randn(labels, width, width) / width)
        self.row_bias = nn.Linear(width, labels)
        self.column_bias = nn.Linear(width, labels, bias=False)

    def sides(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The views of (batch, words, hidden) as rows, and as columns with "none" in front."""
        none = self.none.expand(x.shape[0], 1, HIDDEN).to(x.dtype)
        return self.rows(x), self.columns(torch.cat([none, x], 1))

    def at(self, x: Tensor, chosen: Tensor) -> Tensor:
        """Scores of each word with one column: (batch, words, hidden), (batch, words) -> (batch, words, labels)."""
        rows, columns = self.sides(x)
        columns = columns.gather(1, chosen[..., None].expand(-1, -1, columns.shape[-1]))
        labels, width, _ = self.pair.shape
        mixed = rows @ self.pair.permute(1, 0, 2).reshape(width, labels * width)
        mixed = mixed.view(*rows.shape[:2], labels, width)
        return (mixed @ columns[..., None])[..., 0] + self.row_bias(rows) + self.column_bias(columns)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, words, hidden) -> (batch, labels, words, words + 1)."""
        rows, columns = self.sides(x)
        scores = (rows[:, None] @ self.pair[None]) @ columns[:, None].transpose(-1, -2)
        return (
            scores
            + self.row_bias(rows).permute(0, 2, 1)[..., None]
            + self.column_bias(columns).permute(0, 2, 1)[:, :, None]
        )


class Net(nn.Module):
    """The encoder and all heads; ``forward`` gives the outputs that the package's ``network.OUTPUTS`` names."""

    def __init__(self, sizes: dict[str, int]) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.upos, self.xpos, self.lemma, self.names = (
            nn.Sequential(Dropout(0.2), nn.Linear(HIDDEN, sizes[k])) for k in ("upos", "xpos", "lemma", "names")
        )
        self.arcs = Biaffine(256, 1)
        self.deprel = Biaffine(96, sizes["deprel"])
        self.types = nn.Sequential(mlp(256), nn.Linear(256, sizes["types"]))
        self.modes = nn.Sequential(mlp(128), nn.Linear(128, sizes["modes"]))
        self.status = nn.Sequential(mlp(128), nn.Linear(128, sizes["status"]))
        self.roles = Biaffine(128, 2)
        self.cues = nn.Sequential(mlp(128), nn.Linear(128, sizes["cues"]))
        self.sayings = Biaffine(128, 3)
        # Which earlier mention a mention takes up; across sentences, so that the graph gives both views.
        self.links = Biaffine(64, 1)
        # Of the public sets, and not exported: the type of what passes between two parties, the sides of the
        # sentence's chief event, and its quad class.
        self.dyads = nn.Sequential(
            Dropout(0.2), nn.Linear(3 * HIDDEN, 256), nn.GELU(), Dropout(0.2), nn.Linear(256, sizes["roots"])
        )
        self.sides = nn.Sequential(Dropout(0.2), nn.Linear(HIDDEN, sizes["sides"]))
        self.quad = nn.Sequential(mlp(128), nn.Linear(128, 5))

    def words(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor, last: Tensor) -> Tensor:
        return self.read(pieces, shapes, mask, first, last)[0]

    def read(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        """What the encoder makes of the words, and of the whole sentence."""
        x = self.encoder(pieces, shapes, mask)
        pick = lambda at: x.gather(1, at[..., None].expand(-1, -1, HIDDEN))  # noqa: E731
        share = mask[..., None].to(x.dtype)
        return (pick(first) + pick(last)) / 2, (x * share).sum(1) / share.sum(1)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, ...]:
        x = self.words(pieces, shapes, mask, first, last)
        arcs = self.arcs(x)[:, 0]
        rows, columns = self.links.sides(x)
        views = rows @ self.links.pair[0] + self.links.column_bias.weight[0]
        return (
            self.upos(x), self.xpos(x), self.lemma(x), self.names(x), arcs, self.deprel.at(x, arcs.argmax(-1)),
            self.types(x), self.modes(x), self.status(x), self.roles(x), self.cues(x), self.sayings(x),
            torch.cat([views @ columns[:, :1].transpose(1, 2), views], -1), columns[:, 1:],
        )  # fmt: skip

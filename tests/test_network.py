"""The network: shapes, sentences that do not touch each other, words that are none, parts that do not fit."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from truceline.errors import DataError
from truceline.nlp.network import LABEL_SETS, MAX_PIECES, SHAPES, Lemmas, Network, shape_of

SENTENCES = [
    text.split()
    for text in (
        "Norvia shelled the port of Aldery on Monday .",
        "No .",
        "The minister said that the talks had failed .",
        "Thousands fled the city after the strike , officials said , and nobody has claimed it so far .",
        "“ Stop the drones , ” President Ina Roake told reporters in Aldery , the capital of Velland , on 4 May .",
        "Estmark proposed a one - month truce along the river ; the rebels of the north rejected it .",
        "At least 14 people died .",
        "VELLAND ARMY SAYS 620 DRONES SHOT DOWN",
    )
]
ODD = [
    "",
    " ",
    "😀",
    "👍🏽",
    "\u200b",
    "\u00ad",
    "\ud800",
    "\x00",
    "\ufffd",
    "中文字",
    "x" * 5000,
    "1" * 400,
    "e\u0301",
]


@pytest.fixture(scope="module")
def loaded() -> Network:
    return Network.load()


@pytest.mark.parametrize("words", SENTENCES, ids=" ".join)
def test_shapes(words: list[str], loaded: Network) -> None:
    (found,) = loaded.score([words])
    n = len(words)
    labels = {name: len(values) for name, values in loaded.labels.items()}
    expected: dict[str, tuple[int, ...]] = {name: (n, labels[name]) for name in LABEL_SETS}
    expected |= {
        "arcs": (n, n + 1),
        "roles": (2, n, n + 1),
        "sayings": (3, n, n + 1),
        "refers": (n, 65),
        "means": (n, 64),
    }
    shapes = {field.name: getattr(found, field.name).shape for field in dataclasses.fields(found)}
    assert shapes == expected
    assert all(np.isfinite(getattr(found, name)).all() for name in shapes)


@pytest.mark.parametrize("number", range(len(SENTENCES)))
def test_a_sentence_reads_the_same_in_any_company(number: int, loaded: Network) -> None:
    (alone,) = loaded.score([SENTENCES[number]])
    together = loaded.score(SENTENCES)[number]
    backwards = loaded.score(SENTENCES[::-1])[-1 - number]
    for field in dataclasses.fields(alone):
        expected = getattr(alone, field.name)
        assert np.allclose(getattr(together, field.name), expected, atol=1e-3), field.name
        assert np.allclose(getattr(backwards, field.name), expected, atol=1e-3), field.name


@pytest.mark.parametrize("word", ODD, ids=lambda word: ascii(word[:8]))
def test_odd_words(word: str, loaded: Network) -> None:
    for words in ([word], ["Norvia", word, "fell", "."]):
        (found,) = loaded.score([words])
        assert len(found.upos) == len(words)
        assert np.isfinite(found.arcs).all()


def test_nothing_to_read(loaded: Network) -> None:
    assert loaded.score([]) == []


@pytest.mark.parametrize(
    ("words", "several"),
    [
        (["word"] * 3000, True),
        (["a-" * 500] * 100, True),
        (["."] * MAX_PIECES, False),
        (["Go", "."], False),
        ([], False),
    ],
    ids=["3000 words", "100 giants", "just fits", "short", "none"],
)
def test_chunks_cover_the_words_and_fit(words: list[str], several: bool, loaded: Network) -> None:
    ranges = loaded.chunks(words)
    assert (ranges[0][0], ranges[-1][1]) == (0, len(words))
    assert all(left[1] == right[0] for left, right in pairwise(ranges))
    assert all(start < end for start, end in ranges) or not words
    assert (len(ranges) > 1) == several
    longest = max(ranges, key=lambda found: found[1] - found[0])
    if words:
        (found,) = loaded.score([words[slice(*longest)]])
        assert len(found.upos) == longest[1] - longest[0]


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("said", "lower"),
        ("n't", "lower"),
        ("中文", "lower"),
        ("Norvia", "title"),
        ("I", "title"),
        ("A.", "title"),
        ("O'", "title"),
        ("NATO", "upper"),
        ("U.S.", "upper"),
        ("McKay", "mixed"),
        ("iPhone", "mixed"),
        ("F-16", "digit"),
        ("1,050", "digit"),
        ("²", "digit"),
        (",", "other"),
        ("😀", "other"),
        ("", "other"),
    ],
)
def test_shapes_of_words(word: str, shape: str) -> None:
    assert SHAPES[shape_of(word)] == shape


# ---- Parts that are missing or do not fit ----


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the model's folder, which ``Network.load`` reads in place of the package's."""
    with as_file(files("truceline") / "data" / "model") as model:
        shutil.copytree(model, tmp_path / "data" / "model")
    monkeypatch.setattr("truceline.nlp.network.resources.files", lambda _: tmp_path)
    return tmp_path / "data" / "model"


def test_the_copy_is_the_same_network(package: Path, loaded: Network) -> None:
    assert package.is_dir()
    assert Network.load().version == loaded.version


@pytest.mark.parametrize("name", ["network.onnx", "tokenizer.json", "labels.json", "lemmas.json"])
def test_a_missing_part(name: str, package: Path) -> None:
    (package / name).unlink()
    with pytest.raises(DataError, match=rf"incomplete.*{name}"):
        Network.load()


def cut_labels(package: Path) -> None:
    labels = json.loads((package / "labels.json").read_text("utf-8"))
    (package / "labels.json").write_text(json.dumps(labels | {"upos": labels["upos"][:-1]}))


def bad_part(name: str, content: str) -> Callable[[Path], None]:
    return lambda package: print(content, file=(package / name).open("w"))


@pytest.mark.parametrize(
    "damage",
    [
        cut_labels,
        bad_part("labels.json", "[]"),
        bad_part("labels.json", "not JSON"),
        bad_part("lemmas.json", "{}"),
        bad_part("tokenizer.json", "{}"),
        bad_part("network.onnx", "version https://git-lfs.github.com/spec/v1"),
    ],
    ids=["a label less", "labels of another kind", "labels cut off", "no lemmas", "no tokenizer", "no graph"],
)
def test_a_part_that_does_not_fit(damage: Callable[[Path], None], package: Path) -> None:
    damage(package)
    with pytest.raises(DataError):
        Network.load()


@pytest.mark.parametrize("name", LABEL_SETS)
def test_a_label_set_that_is_missing(name: str) -> None:
    labels = {other: ["O"] for other in LABEL_SETS if other != name}
    empty = Tokenizer.from_str((files("truceline") / "data" / "model" / "tokenizer.json").read_text("utf-8"))
    with pytest.raises(DataError, match=f"no {name}: export") as raised:
        Network(b"", empty, labels, Lemmas(frozenset(), frozenset(), {}), threads=1)
    assert raised.value.subject == "model"

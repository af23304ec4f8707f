"""Decoding: the best tree, lemmas, names and proposed triggers out of scores made by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from truceline.nlp import decode
from truceline.nlp.network import Array, Lemmas, Scores
from truceline.nlp.sentence import FAR, ROOT, Sentence

LABELS: dict[str, tuple[str, ...]] = {
    "upos": ("NOUN", "VERB", "PROPN", "PUNCT"),
    "xpos": ("NN", "VBD", "NNS", "VB"),
    "lemma": ("0|", "1|", "2|", "3|e"),
    "deprel": ("nsubj", "obj", "root"),
    "names": ("O", "B-PER", "I-PER", "B-LOC", "I-LOC"),
    "types": ("O", "ASSAULT", "AID"),
    "modes": ("", "ASSAULT.drone"),
    "status": ("asserted", "planned"),
    "cues": ("O", "B", "I"),
}
NO_LEMMAS = Lemmas(frozenset(), frozenset(), {})
# A logit that leaves nothing to the others.
SURE = 30.0


# ---- Trees ----


def is_tree(heads: Sequence[int]) -> bool:
    """One word at column 0, and every word comes to it."""

    def arrives(word: int) -> bool:
        seen: set[int] = set()
        while word and word not in seen:
            seen.add(word)
            word = heads[word - 1]
        return word == 0

    return list(heads).count(0) == 1 and all(map(arrives, range(1, len(heads) + 1)))


def total(arcs: Array, heads: Sequence[int]) -> float:
    return float(sum(arcs[i, head] for i, head in enumerate(heads)))


def best_total(arcs: Array) -> float:
    n = len(arcs)
    return max(total(arcs, heads) for heads in product(range(n + 1), repeat=n) if is_tree(heads))


def arc_scores(sizes: st.SearchStrategy[int], scores: st.SearchStrategy[Any]) -> st.SearchStrategy[Array]:
    return sizes.flatmap(lambda n: arrays.arrays(np.float64, (n, n + 1), elements=scores))


FEW = st.integers(-2, 2)  # many ties
MANY = st.floats(-40, 40, width=16)


@settings(deadline=None, max_examples=200)
@given(arc_scores(st.integers(1, 5), st.one_of(FEW, MANY)))
def test_no_tree_is_better(arcs: Array) -> None:
    heads = decode.tree(arcs)
    assert is_tree(heads)
    assert total(arcs, heads) == pytest.approx(best_total(arcs))


def test_the_best_root_is_not_always_a_likely_one() -> None:
    # Word 3 is the least likely root of all, yet only as the root does it let the others have their heads.
    arcs = np.array([[3.0, 0, 0, 9], [2.0, 0, 0, 9], [1.0, -9, -9, 0]])
    assert decode.tree(arcs) == [3, 3, 0]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 40])
@pytest.mark.parametrize("seed", range(5))
def test_always_a_tree(size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    for arcs in (random.normal(0, 9, (size, size + 1)), random.integers(0, 3, (size, size + 1)).astype(np.float32)):
        assert is_tree(decode.tree(arcs))


@pytest.mark.parametrize("arcs", [np.zeros((6, 7)), np.full((6, 7), -50.0), np.eye(300, 301, 1) * 5])
def test_ties_are_decided_the_same_way_each_time(arcs: Array) -> None:
    heads = decode.tree(arcs)
    assert is_tree(heads)
    assert heads == decode.tree(arcs.copy())


def test_rings_within_rings_of_a_long_sentence() -> None:
    # Each two words prefer each other, each two of these pairs, and so on.
    n = 256
    distance = np.array([[(i ^ j).bit_length() for j in range(n)] for i in range(n)])
    arcs = np.hstack([np.full((n, 1), -99.0), -1.0 * distance])
    assert is_tree(decode.tree(arcs))


def test_no_words_no_tree() -> None:
    assert decode.tree(np.zeros((0, 1))) == []


# ---- Lemmas ----


@pytest.mark.parametrize(
    ("form", "script", "proper", "expected"),
    [
        ("talks", "1|", False, "talk"),
        ("Fled", "2|ee", False, "flee"),
        ("IS", "2|be", False, "be"),
        ("Norvia", "0|", True, "Norvia"),
        ("Norvia", "0|", False, "norvia"),
        ("McKays", "1|", True, "McKay"),
        ("a", "1|", False, "a"),
        ("it", "5|", False, "it"),
        ("cat", "5|be", False, "be"),
        ("", "0|", False, ""),
    ],
)
def test_scripts(form: str, script: str, proper: bool, expected: str) -> None:
    assert decode.apply_script(form, script, proper=proper) == expected


# ---- Sentences ----


def sure(values: Sequence[int], labels: int) -> Array:
    return np.eye(labels)[list(values)] * SURE


def scores(heads: Sequence[int], **chosen: Sequence[int]) -> Scores:
    """Scores that are sure of these heads (columns) and of the label numbers given for each word."""
    n = len(heads)
    picks = {name: chosen.get(name, [0] * n) for name in LABELS}
    tables = {name: sure(values, len(LABELS[name])) for name, values in picks.items()}
    roles = np.stack([sure(chosen.get(role, [0] * n), n + 1) for role in ("actor", "recipient")])
    sayings = np.stack([sure(chosen.get(part, [0] * n), n + 1) for part in ("holder", "begin", "end")])
    views = np.zeros((n, 3))
    return Scores(arcs=sure(heads, n + 1), roles=roles, sayings=sayings, refers=views, means=views[:, 1:], **tables)


def decoded(text: str, *parts: Scores, lemmas: Lemmas = NO_LEMMAS, lead: int = 0) -> Sentence:
    """The sentence of these scores; words are what blanks part."""
    offsets, here = [], 0
    for form in text.split():
        here = text.index(form, here)
        offsets.append((here, here + len(form)))
        here += len(form)
    return decode.sentence(
        parts,
        index=4,
        text=text,
        offsets=offsets,
        span=(offsets[0][0], offsets[-1][1]),
        paragraph=2,
        labels=LABELS,
        lemmas=lemmas,
        lead=lead,
    )


def test_a_sentence_is_what_the_scores_say() -> None:
    part = scores([2, 0, 2], upos=[2, 1, 2], xpos=[0, 1, 0], lemma=[0, 2, 0], deprel=[0, 2, 1])
    found = decoded("  Norvia shelled Aldery ", part)
    assert (found.index, found.start, found.end, found.text, found.paragraph) == (4, 2, 23, "Norvia shelled Aldery", 2)
    rows = [(w.index, w.text, w.lemma, w.upos, w.xpos, w.head, w.deprel) for w in found.words]
    assert rows == [
        (0, "Norvia", "Norvia", "PROPN", "NN", 1, "nsubj"),
        (1, "shelled", "shell", "VERB", "VBD", ROOT, "root"),
        (2, "Aldery", "Aldery", "PROPN", "NN", 1, "obj"),
    ]
    assert [(w.start, w.end) for w in found.words] == [(2, 8), (9, 16), (17, 23)]


def test_only_the_root_is_called_root() -> None:
    found = decoded("a b", scores([0, 1], deprel=[1, 2]))
    assert [w.deprel for w in found.words] == ["root", "dep"]


LEMMAS = Lemmas(frozenset({"seize", "shell", "cancel"}), frozenset({"seize", "cancel"}), {"shot": "shoot"})
SCRIPTS = [5.0, 4, 3, 2]  # the likeliest first: the form itself, then as in LABELS
LEMMA_CASES: list[tuple[str, str, str, list[float], str]] = [
    ("Shot", "VERB", "VBD", [9, 0, 0, 0], "shoot"),
    ("shot", "NOUN", "NN", [9, 0, 0, 0], "shot"),
    ("shells", "NOUN", "NNS", [0, 9, 0, 0], "shell"),
    ("seizing", "VERB", "VBD", SCRIPTS, "seize"),
    ("frobbing", "VERB", "VBD", SCRIPTS, "frobbing"),
    ("cancelled", "VERB", "VBD", [9, 0, 0, 0], "cancel"),
    ("Seizing", "NOUN", "NN", SCRIPTS, "seizing"),
    ("Shells", "PROPN", "NNS", SCRIPTS, "Shells"),
    ("shells5", "NOUN", "NNS", [0, 9, 8, 0], "shells"),
]


@pytest.mark.parametrize(("form", "upos", "xpos", "logits", "expected"), LEMMA_CASES)
def test_a_lemma_is_a_known_word_where_one_is_likely(
    form: str, upos: str, xpos: str, logits: list[float], expected: str
) -> None:
    part = scores([0], upos=[LABELS["upos"].index(upos)], xpos=[LABELS["xpos"].index(xpos)])
    found = decoded(form, dataclasses.replace(part, lemma=np.array([logits])), lemmas=LEMMAS)
    assert found.words[0].lemma == expected


NAME_CASES: list[tuple[str, list[tuple[int, int, str]]]] = [
    ("O O", []),
    ("B-PER I-PER O B-LOC", [(0, 1, "PER"), (3, 3, "LOC")]),
    ("B-PER B-PER", [(0, 0, "PER"), (1, 1, "PER")]),
    ("I-PER I-PER O", [(0, 1, "PER")]),
    ("O I-LOC", [(1, 1, "LOC")]),
    ("B-PER I-LOC I-LOC", [(0, 0, "PER"), (1, 2, "LOC")]),
    ("B-PER O I-PER", [(0, 0, "PER"), (2, 2, "PER")]),
]


@pytest.mark.parametrize(("tags", "expected"), NAME_CASES)
def test_names(tags: str, expected: list[tuple[int, int, str]]) -> None:
    numbers = [LABELS["names"].index(tag) for tag in tags.split()]
    found = decoded("w " * len(numbers), scores([0, *range(1, len(numbers))], names=numbers))
    assert [(name.first, name.last, name.kind) for name in found.names] == expected
    assert all(name.score == pytest.approx(1) for name in found.names)


def test_a_name_is_as_sure_as_its_least_sure_word() -> None:
    part = scores([0, 1], names=[1, 2])
    logits = np.log([[0.05, 0.8, 0.05, 0.05, 0.05], [0.1, 0.1, 0.6, 0.1, 0.1]])
    found = decoded("Ina Roake", dataclasses.replace(part, names=logits))
    (name,) = found.names
    assert (name.first, name.last) == (0, 1)
    assert name.score == pytest.approx(0.6)


def test_a_trigger_with_its_people() -> None:
    part = scores([2, 0, 2], upos=[2, 1, 2], types=[0, 1, 0], actor=[0, 1, 0], recipient=[0, 0, 0], status=[0, 1, 0])
    (found,) = decoded("Norvia shelled Aldery", part).triggers
    assert (found.word, found.types, found.status) == (1, (("ASSAULT", 1.0),), (("planned", 1.0),))
    assert (found.actor, found.recipient) == (((0, 1.0),), ((ROOT, 1.0),))


@pytest.mark.parametrize(
    ("chance", "tag", "proposed"),
    [(0.5, "VERB", True), (0.12, "NOUN", True), (0.08, "VERB", False), (0.9, "PUNCT", False)],
)
def test_what_is_proposed(chance: float, tag: str, proposed: bool) -> None:
    logits = np.log([[1 - chance, chance - 0.02, 0.02]])
    part = dataclasses.replace(scores([0], upos=[LABELS["upos"].index(tag)]), types=logits)
    found = decoded("shelled", part).triggers
    assert bool(found) == proposed
    # A type that says nothing is left out, the likelier come first.
    names = [name for trigger in found for name, _ in trigger.types]
    assert names in ([], ["O", "ASSAULT"], ["ASSAULT", "O"])
    assert all(list(t.types) == sorted(t.types, key=lambda pair: -pair[1]) for t in found)


def test_the_chunks_of_a_long_sentence_make_one_tree() -> None:
    first = scores([2, 3, 0], names=[0, 0, 1])
    later = scores([2, 0], upos=[0, 1], deprel=[1, 2], names=[0, 2], types=[0, 1], actor=[0, 1], recipient=[0, 0])
    found = decoded("a b c d e f g", first, later, scores([0, 1]))
    assert [w.head for w in found.words] == [1, 2, ROOT, 4, 2, 2, 5]
    assert [w.deprel for w in found.words] == ["nsubj", "nsubj", "root", "obj", "parataxis", "parataxis", "nsubj"]
    assert [(n.first, n.last) for n in found.names] == [(2, 2), (4, 4)]
    (trigger,) = found.triggers
    assert (trigger.word, trigger.actor, trigger.recipient) == (4, ((3, 1.0),), ((ROOT, 1.0),))


@pytest.mark.parametrize("lead", ["ALDERY -", "PORT ALDERY -"])
def test_a_dateline_hangs_on_the_root(lead: str) -> None:
    count = len(lead.split())
    found = decoded(f"{lead} Norvia shelled it", scores([2, 0, 2], names=[1, 0, 0]), lead=count)
    assert [w.head for w in found.words] == [*[count + 1] * count, count + 1, ROOT, count + 1]
    assert [w.deprel for w in found.words[:count]] == ["parataxis"] * count
    assert [w.upos for w in found.words[:count]] == ["PROPN"] * (count - 1) + ["PUNCT"]
    assert [n.first for n in found.names] == [count]


# ---- Cues, modes and links ----


def test_a_trigger_has_a_mode() -> None:
    part = scores([0], upos=[1], types=[1], modes=[1])
    (found,) = decoded("shelled", part).triggers
    assert found.modes == (("ASSAULT.drone", 1.0),)


def test_a_cue_with_its_holder_and_content() -> None:
    part = scores(
        [2, 0, 2, 3], upos=[2, 1, 1, 2], cues=[0, 1, 0, 0], holder=[0, 1, 0, 0], begin=[0, 3, 0, 0], end=[0, 4, 0, 0]
    )
    (found,) = decoded("Norvia said it fell", part).cues
    assert (found.first, found.last, found.score) == (1, 1, 1.0)
    assert (found.holder, found.begin, found.end) == (((0, 1.0),), ((2, 1.0),), ((3, 1.0),))


def test_a_cue_of_two_words_in_a_later_chunk() -> None:
    first = scores([0], upos=[1])
    later = scores([0, 1, 1], cues=[1, 2, 0], holder=[3, 0, 0])
    (found,) = decoded("fell according to Norvia", first, later).cues
    assert (found.first, found.last) == (1, 2)
    assert (found.holder, found.begin) == (((3, 1.0),), ((ROOT, 1.0),))


def test_nothing_is_said() -> None:
    assert decoded("Norvia fell", scores([2, 0])).cues == ()


def test_links_are_of_words() -> None:
    views = np.array([[0.5, 1.0, 2.0], [0.25, 3.0, 4.0]])
    part = dataclasses.replace(scores([2, 0]), refers=views, means=views[:, 1:])
    links = decoded("ALDERY - Norvia fell", part, lead=2).links
    assert links is not None
    assert (links.nobody(2), links.nobody(3)) == (0.5, 0.25)
    assert links.score(3, links, 2, apart=0) == 3.0 * 1.0 + 4.0 * 2.0
    assert links.score(3, links, 2, apart=2) == links.score(3, links, 2, apart=0) - 2 * FAR
    assert links.score(3, links, 2, apart=9) == links.score(3, links, 2, apart=6)

"""From scores to sentences: trees, tags, lemmas, names and proposed triggers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from truceline.nlp.network import Array, Lemmas, Scores
from truceline.nlp.sentence import ROOT, NameSpan, Sentence, TriggerReading, Word

# A word is proposed as a trigger from this probability of being one; ``extract`` decides with its own bar.
PROPOSED: Final = 0.10
# Candidates of a role or type below this say nothing.
FAINT: Final = 0.05
# How many of the likeliest lemmas are tried for one that is a known word.
LEMMA_TRIES: Final = 6
# Tags of forms that are their own lemma.
UNINFLECTED: Final = frozenset({"NN", "JJ", "RB", "VB", "VBP"})
CONTENT: Final = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX", "ADV"})


def sentence(  # noqa: PLR0913 - a sentence is made of all that was read
    scores: Sequence[Scores],
    *,
    index: int,
    text: str,
    offsets: Sequence[tuple[int, int]],
    span: tuple[int, int],
    paragraph: int,
    labels: Mapping[str, tuple[str, ...]],
    lemmas: Lemmas,
    lead: int = 0,
) -> Sentence:
    """The sentence that the scores of its chunks (one, but for very long sentences) say.

    The first ``lead`` words are a dateline that the network has not read; they hang on the sentence's root.
    """
    words: list[Word] = [_lead_word(i, text, *offsets[i]) for i in range(lead)]
    names: list[NameSpan] = []
    triggers: list[TriggerReading] = []
    for part in scores:
        at = len(words)
        words += _words(part, text, offsets[at : at + len(part.upos)], words, labels, lemmas)
        names += _names(part, at, labels["names"])
        triggers += _triggers(part, at, words, labels)
    root = next((w.index for w in words if w.head == ROOT), ROOT)
    words[:lead] = [replace(w, head=root) for w in words[:lead]]
    start, end = span
    return Sentence(
        index, start, end, text[start:end], tuple(words), tuple(names), tuple(triggers), paragraph
    )  # fmt: skip


def _lead_word(index: int, text: str, start: int, end: int) -> Word:
    form = text[start:end]
    proper = form[0].isalpha()
    return Word(
        index, start, end, form, form, "PROPN" if proper else "PUNCT", "NNP" if proper else ":", 0, "parataxis"
    )  # fmt: skip


def _words(
    part: Scores,
    text: str,
    offsets: Sequence[tuple[int, int]],
    before: Sequence[Word],
    labels: Mapping[str, tuple[str, ...]],
    lemmas: Lemmas,
) -> list[Word]:
    at = len(before)
    root = next((word.index for word in before if word.head == ROOT), ROOT)
    heads = tree(part.arcs)
    upos, xpos = (getattr(part, k).argmax(-1) for k in ("upos", "xpos"))
    found = []
    for i, (start, end) in enumerate(offsets):
        form = text[start:end]
        penn = labels["xpos"][xpos[i]]
        tag = _agreeing(labels["upos"][upos[i]], penn)
        relation = labels["deprel"][int(part.deprel[i, :, heads[i]].argmax())]
        head = heads[i] - 1 + at if heads[i] else ROOT
        if head == ROOT:
            # A later chunk of a very long sentence hangs on the first one's root.
            head, relation = root, "root" if root == ROOT else "parataxis"
        elif relation == "root":
            relation = "dep"
        lemma = _lemma(form, tag, penn, part.lemma[i], labels["lemma"], lemmas)
        found.append(Word(i + at, start, end, form, lemma, tag, penn, head, relation))
    return found


def _agreeing(tag: str, penn: str) -> str:
    """A word that the finer tags read as a verb form is a verb: the coarse ones slip on rare verbs after "not"."""
    return "VERB" if penn.startswith("VB") and tag not in ("VERB", "AUX") else tag


def _lemma(form: str, tag: str, xpos: str, scores: Array, scripts: Sequence[str], lemmas: Lemmas) -> str:
    """The likeliest lemma that is a word, else the likeliest."""
    lower = form.lower()
    if tag == "VERB" and lower in lemmas.irregular:
        return lemmas.irregular[lower]
    known = lemmas.verbs if tag == "VERB" else lemmas.known
    # A verb tagged as its base form is believed only where it is one: "proposed" is no lemma.
    if xpos in UNINFLECTED and (tag in ("NOUN", "ADJ", "ADV") or (tag == "VERB" and lower in known)):
        return lower
    order = np.argsort(-scores, kind="stable")[:LEMMA_TRIES]
    tries = [apply_script(form, scripts[script], proper=tag == "PROPN") for script in order]
    if tag not in CONTENT or tag == "PROPN" or not form.isalpha():
        return tries[0]
    regular = _base_forms(lower) if tag == "VERB" else []
    return next((lemma for lemma in (tries[0], *regular, *tries[1:]) if lemma in known), tries[0])


def _base_forms(form: str) -> list[str]:
    """What a regular verb form may come from, the likeliest first: "cancelled" from "cancel", "cancelle", "cancell"."""
    for ending in ("ing", "ed", "es", "s"):
        stem = form.removesuffix(ending)
        if stem != form and len(stem) > 1:
            undoubled = [stem[:-1]] if len(stem) > 2 and stem[-1] == stem[-2] else []
            changed = [f"{stem[:-1]}y"] if stem.endswith("i") else []
            return [*changed, *undoubled, stem, f"{stem}e"]
    return []


def apply_script(form: str, script: str, *, proper: bool) -> str:
    """The lemma: ``script`` is how many characters to cut, "|", and what to add."""
    cut, _, add = script.partition("|")
    base = form if proper else form.lower()
    if int(cut) >= len(base) and not add:
        return base
    return base[: max(0, len(base) - int(cut))] + add


def tree(arcs: Array) -> list[int]:
    """The best tree over (n, n + 1) scores: for each word its head's column, exactly one word at column 0."""
    greedy = arcs.argmax(-1)
    if not len(greedy) or _is_tree(greedy):
        return [int(h) for h in greedy]
    limited = arcs.astype(np.float64)
    # A second root would cost more than all other arcs together can gain.
    limited[:, 0] -= len(limited) * (np.ptp(limited) + 1)
    return _arborescence(limited)


def _is_tree(heads: Array) -> bool:
    if int((heads == 0).sum()) != 1:
        return False
    return _cycle([int(h) for h in heads]) is None


def _cycle(heads: Sequence[int]) -> list[int] | None:
    """Columns on a cycle of heads: ``heads[i]`` is the head's column of word i, whose own column is i + 1."""
    done = {0}
    for start in range(1, len(heads) + 1):
        path: list[int] = []
        node = start
        while node not in done and node not in path:
            path.append(node)
            node = heads[node - 1]
        if node in path:
            return path[path.index(node) :]
        done.update(path)
    return None


def _arborescence(scores: Array) -> list[int]:
    """Chu-Liu and Edmonds: the maximum spanning arborescence from column 0."""
    size = scores.shape[0] + 1
    matrix = np.full((size, size), -np.inf)
    matrix[1:] = scores
    np.fill_diagonal(matrix, -np.inf)
    return [int(h) for h in _contract(matrix)[1:]]


def _contract(matrix: Array) -> Array:
    """``matrix[dependent, head]``; returns the head of each node (node 0 is the root, its head 0)."""
    heads: Array = matrix.argmax(1)
    heads[0] = 0
    cycle = _cycle([int(h) for h in heads[1:]])
    if cycle is None:
        return heads
    inside = np.array(cycle)
    outside = np.array([n for n in range(len(matrix)) if n not in set(cycle)])
    new = len(outside)
    small = np.full((new + 1, new + 1), -np.inf)
    small[:new, :new] = matrix[np.ix_(outside, outside)]
    # Into the cycle: replacing one arc of it. Out of it: the best of its nodes.
    gain = matrix[np.ix_(inside, outside)] - matrix[inside, heads[inside]][:, None]
    small[new, :new] = gain.max(0)
    entry = inside[gain.argmax(0)]
    leaving = matrix[np.ix_(outside, inside)]
    small[:new, new] = leaving.max(1)
    source = inside[leaving.argmax(1)]
    small[0] = -np.inf
    solved = _contract(small)
    result = heads.copy()
    for i in range(1, new):
        result[outside[i]] = source[i] if solved[i] == new else outside[solved[i]]
    result[entry[solved[new]]] = outside[solved[new]]
    return result


def _softmax(logits: Array) -> Array:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    scaled: Array = shifted / shifted.sum(-1, keepdims=True)
    return scaled


def _names(part: Scores, at: int, labels: Sequence[str]) -> list[NameSpan]:
    """Spans of BIO tags; an I without its B begins one, since the words were seen as inside a name."""
    chances = _softmax(part.names)
    best = chances.argmax(-1)
    found: list[NameSpan] = []
    for i, label in enumerate(best):
        prefix, _, kind = labels[label].partition("-")
        score = float(chances[i, label])
        last = found[-1] if found else None
        if prefix == "I" and last and last.last == i + at - 1 and last.kind == kind:
            found[-1] = NameSpan(last.first, i + at, kind, min(last.score, score))
        elif prefix in ("B", "I"):
            found.append(NameSpan(i + at, i + at, kind, score))
    return found


def _ranked(chances: Array, labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-chances, kind="stable")
    return tuple((labels[i], round(float(chances[i]), 4)) for i in order if chances[i] >= FAINT)


def _triggers(
    part: Scores, at: int, words: Sequence[Word], labels: Mapping[str, tuple[str, ...]]
) -> list[TriggerReading]:
    types = _softmax(part.types)
    nothing = labels["types"].index("O")
    found = []
    for i in np.flatnonzero(1 - types[:, nothing] >= PROPOSED):
        if words[int(i) + at].upos not in CONTENT:
            continue
        actor, recipient = (_people(part.roles[role, i], at) for role in (0, 1))
        status = _ranked(_softmax(part.status[i]), labels["status"])
        found.append(TriggerReading(int(i) + at, _ranked(types[i], labels["types"]), actor, recipient, status))
    return found


def _people(logits: Array, at: int) -> tuple[tuple[int, float], ...]:
    chances = _softmax(logits)
    order = np.argsort(-chances, kind="stable")[:5]
    return tuple((int(c) - 1 + at if c else ROOT, round(float(chances[c]), 4)) for c in order if chances[c] >= FAINT)

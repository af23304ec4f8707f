"""From scores to sentences: trees, tags, lemmas, names and proposed triggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from truceline.nlp.network import Array, Lemmas, Scores
from truceline.nlp.sentence import ROOT, CueReading, Links, NameSpan, Sentence, TriggerReading, Word

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
    cues: list[CueReading] = []
    for part in scores:
        at = len(words)
        words += _words(part, text, offsets[at : at + len(part.upos)], words, labels, lemmas)
        names += _names(part, at, labels["names"])
        triggers += _triggers(part, at, words, labels)
        cues += _cues(part, at, labels["cues"])
    root = next((w.index for w in words if w.head == ROOT), ROOT)
    refers, means = (np.concatenate([np.zeros((lead, v[0].shape[1])), *v]) for v in _views(scores))
    words[:lead] = [replace(w, head=root) for w in words[:lead]]
    start, end = span
    return Sentence(
        index, start, end, text[start:end], tuple(words), tuple(names), tuple(triggers), tuple(cues), paragraph,
        Links(refers, means),
    )  # fmt: skip


def _views(scores: Sequence[Scores]) -> tuple[list[Array], list[Array]]:
    return [part.refers for part in scores], [part.means for part in scores]


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
    upos, xpos, deprel, lemma = (getattr(part, k).argmax(-1).tolist() for k in ("upos", "xpos", "deprel", "lemma"))
    found = []
    for i, (start, end) in enumerate(offsets):
        form = text[start:end]
        penn = labels["xpos"][xpos[i]]
        tag = _agreeing(labels["upos"][upos[i]], penn)
        relation = labels["deprel"][deprel[i]]
        head = heads[i] - 1 + at if heads[i] else ROOT
        if head == ROOT:
            # A later chunk of a very long sentence hangs on the first one's root.
            head, relation = root, "root" if root == ROOT else "parataxis"
        elif relation == "root":
            relation = "dep"
        base = _lemma(form, tag, penn, (lemma[i], part.lemma[i]), labels["lemma"], lemmas)
        found.append(Word(i + at, start, end, form, base, tag, penn, head, relation))
    return found


def _agreeing(tag: str, penn: str) -> str:
    """A word that the finer tags read as a verb form is a verb: the coarse ones slip on rare verbs after "not"."""
    return "VERB" if penn.startswith("VB") and tag not in ("VERB", "AUX") else tag


def _lemma(form: str, tag: str, xpos: str, scores: tuple[int, Array], scripts: Sequence[str], lemmas: Lemmas) -> str:
    """The likeliest lemma that is a word, else the likeliest; ``scores`` has the best script and those of all."""
    lower = form.lower()
    if tag == "VERB" and lower in lemmas.irregular:
        return lemmas.irregular[lower]
    known = lemmas.verbs if tag == "VERB" else lemmas.known
    # A verb tagged as its base form is believed only where it is one: "proposed" is no lemma.
    if xpos in UNINFLECTED and (tag in ("NOUN", "ADJ", "ADV") or (tag == "VERB" and lower in known)):
        return lower
    best = apply_script(form, scripts[scores[0]], proper=tag == "PROPN")
    if best in known or tag not in CONTENT or tag == "PROPN" or not form.isalpha():
        return best
    return next((lemma for lemma in _tries(form, tag, scores[1], scripts) if lemma in known), best)


def _tries(form: str, tag: str, scores: Array, scripts: Sequence[str]) -> Iterator[str]:
    """Lemmas to try after the likeliest one."""
    if tag == "VERB":
        yield from _base_forms(form.lower())
    for script in np.argsort(-scores, kind="stable")[1:LEMMA_TRIES]:
        yield apply_script(form, scripts[script], proper=False)


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
    cut, add = _parts(script)
    base = form if proper else form.lower()
    if cut >= len(base) and not add:
        return base
    return base[: max(0, len(base) - cut)] + add


@lru_cache(maxsize=1024)
def _parts(script: str) -> tuple[int, str]:
    cut, _, add = script.partition("|")
    return int(cut), add


def tree(arcs: Array) -> list[int]:
    """The best tree over (n, n + 1) scores: for each word its head's column, exactly one word at column 0."""
    greedy: list[int] = arcs.argmax(-1).tolist()
    if not greedy or _is_tree(greedy):
        return greedy
    return _best_tree(arcs.astype(np.float64))


def _best_tree(arcs: Array) -> list[int]:
    """Each word in turn as the only root, those first whose trees may be best, until none left may be better."""
    inner = arcs[:, 1:].copy()
    np.fill_diagonal(inner, -np.inf)
    # No tree with word r as root scores more than r's root arc and the best arcs of all other words.
    best_arcs = inner.max(1) if len(arcs) > 1 else np.zeros(1)
    bounds = arcs[:, 0] + best_arcs.sum() - best_arcs
    found: list[int] = []
    reached = -np.inf
    for root in np.argsort(-bounds, kind="stable"):
        if bounds[root] <= reached:
            break
        limited = arcs.copy()
        limited[:, 0] = -np.inf
        limited[root] = -np.inf
        limited[root, 0] = arcs[root, 0]
        heads = _arborescence(limited)
        total = float(arcs[np.arange(len(heads)), heads].sum())
        if total > reached:
            found, reached = heads, total
    return found


def _is_tree(heads: Sequence[int]) -> bool:
    return heads.count(0) == 1 and _cycle(heads) is None


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
    cycle = _cycle(heads[1:].tolist())
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
    best: list[int] = part.names.argmax(-1).tolist()
    if not any(best):
        return []
    chances = _softmax(part.names).max(-1).tolist()
    found: list[NameSpan] = []
    for i, (label, score) in enumerate(zip(best, chances, strict=True)):
        prefix, _, kind = labels[label].partition("-")
        last = found[-1] if found else None
        if prefix == "I" and last and last.last == i + at - 1 and last.kind == kind:
            found[-1] = NameSpan(last.first, i + at, kind, min(last.score, score))
        elif prefix in ("B", "I"):
            found.append(NameSpan(i + at, i + at, kind, score))
    return found


def _ranked(chances: Sequence[float], labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    said = [(labels[i], round(chance, 4)) for i, chance in enumerate(chances) if chance >= FAINT]
    return tuple(sorted(said, key=_less_likely))


def _less_likely(pair: tuple[object, float]) -> float:
    return -pair[1]


def _triggers(
    part: Scores, at: int, words: Sequence[Word], labels: Mapping[str, tuple[str, ...]]
) -> list[TriggerReading]:
    types = _softmax(part.types)
    rows = [
        i
        for i in np.flatnonzero(types[:, labels["types"].index("O")] <= 1 - PROPOSED).tolist()
        if words[i + at].upos in CONTENT
    ]
    if not rows:
        return []
    kinds = types[rows].tolist()
    states, modes = (_softmax(getattr(part, k)[rows]).tolist() for k in ("status", "modes"))
    people = _softmax(part.roles[:, rows]).tolist()
    return [
        TriggerReading(
            i + at, _ranked(kinds[k], labels["types"]), _ranked(modes[k], labels["modes"]),
            _people(people[0][k], at), _people(people[1][k], at), _ranked(states[k], labels["status"]),
        )
        for k, i in enumerate(rows)
    ]  # fmt: skip


def _cues(part: Scores, at: int, labels: Sequence[str]) -> list[CueReading]:
    """Words that say that somebody says something, with the holder and the ends of the content at each one's first."""
    chances = _softmax(part.cues)
    goes_on = labels.index("I")
    rows: list[int] = np.flatnonzero(chances[:, labels.index("B")] >= PROPOSED).tolist()
    if not rows:
        return []
    best: list[int] = chances.argmax(-1).tolist()
    said = _softmax(part.sayings[:, rows]).tolist()
    found = []
    for k, i in enumerate(rows):
        last = i
        while last + 1 < len(best) and best[last + 1] == goes_on:
            last += 1
        holder, first, final = (_people(said[side][k], at) for side in range(3))
        score = round(float(chances[i, labels.index("B")]), 4)
        found.append(CueReading(i + at, last + at, score, holder, first, final))
    return found


def _people(chances: Sequence[float], at: int) -> tuple[tuple[int, float], ...]:
    """Words, as indexes in the sentence, by their chances; column 0 is nobody."""
    said = [(c - 1 + at if c else ROOT, round(chance, 4)) for c, chance in enumerate(chances) if chance >= FAINT]
    return tuple(sorted(said, key=_less_likely)[:5])

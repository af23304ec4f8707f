"""Sentences parsed by hand, for tests of what reads a parse: a word a line.

The columns are "form lemma upos xpos head deprel". Heads count from 1; the root's is 0. A lemma "_" is the form
(in small letters, but for a PROPN), an xpos "_" is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from truceline.nlp.sentence import NameSpan, Sentence, TriggerReading, Word

# What is written without a blank before or after it, when no text is given.
CLOSERS = frozenset({",", ".", "?", "!", ":", ";", ")", "”", "’", "%", "n't", "-"})
OPENERS = frozenset({"(", "“", "‘", "$", "-"})


def sentence(
    rows: str,
    *,
    text: str | None = None,
    start: int = 0,
    index: int = 0,
    names: Sequence[NameSpan] = (),
    triggers: Sequence[TriggerReading] = (),
    paragraph: int = 0,
) -> Sentence:
    """The sentence of these rows; ``start`` is its offset in the document, ``text`` how it is written there.

    Raises:
        ValueError: a row without six columns, a head out of range, not one root, a form that ``text`` lacks.
    """
    columns = [row.split() for row in rows.strip().splitlines()]
    bad = next((row for row in columns if len(row) != 6 or not 0 <= int(row[4]) <= len(columns)), None)
    if bad or [row[4] for row in columns].count("0") != 1:
        raise ValueError(f"not a parse: {' '.join(bad) if bad else 'it needs exactly one root'}")
    forms = [row[0] for row in columns]
    written = _joined(forms) if text is None else text
    words, here = [], 0
    for i, (form, lemma, upos, xpos, head, deprel) in enumerate(columns):
        here = written.index(form, here)
        end = here + len(form)
        base = lemma if lemma != "_" else form if upos == "PROPN" else form.lower()
        tag = "" if xpos == "_" else xpos
        words.append(Word(i, start + here, start + end, form, base, upos, tag, int(head) - 1, deprel))
        here = end
    end = start + len(written)
    return Sentence(index, start, end, written, tuple(words), tuple(names), tuple(triggers), paragraph=paragraph)


def document(*parses: str | Sentence) -> tuple[str, tuple[Sentence, ...]]:
    """The text of a document of these sentences, one blank between, and the sentences with their offsets in it."""
    placed: list[Sentence] = []
    for parse in parses:
        found = sentence(parse) if isinstance(parse, str) else parse
        placed.append(_moved(found, len(placed), placed[-1].end + 1 if placed else 0))
    return " ".join(s.text for s in placed), tuple(placed)


def at(found: Sentence, form: str, *, nth: int = 1) -> int:
    """The index of the ``nth`` word of this form."""
    return [word.index for word in found.words if word.text == form][nth - 1]


def _joined(forms: Sequence[str]) -> str:
    text = ""
    for i, form in enumerate(forms):
        glued = i == 0 or form in CLOSERS or form.startswith(("'", "’")) or forms[i - 1] in OPENERS
        text += form if glued else f" {form}"
    return text


def _moved(found: Sentence, index: int, start: int) -> Sentence:
    by = start - found.start
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in found.words)
    return replace(found, index=index, start=start, end=found.end + by, words=words)

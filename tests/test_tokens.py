"""Words and sentence boundaries: hard cases from a file, and what holds for any text."""

import json
import time
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.nlp import tokens

LINES = (Path(__file__).parent / "cases" / "tokens.jsonl").read_text(encoding="utf-8").splitlines()[1:]
CASES = [json.loads(line) for line in LINES]

# What reports are made of, and what breaks them.
PIECES = [
    *"aZé9.,:;!?…'’“”\"«»()[]-–—/\\@#&%$€_*~+=<>|^ \n\t\r\f",
    *["\u0301", "\u200b", "\u200d", "\ufe0f", "\ufeff", "\u00ad", "\x00", "\x1c", "\x85", "\ud83d", "\udc00"],
    *[
        "🔥",
        "🇺🇦",
        "👍🏽",
        "中",
        "م",
        "n't",
        "U.S.",
        "Gen.",
        "a.m.",
        "No. 5",
        "https://a.b/",
        "a@b.org",
        "1,050",
        "$60bn",
    ],
    *["non-", "\n\n", ". ", "The ", "said ", "[1]"],
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)


def spelled(text: str) -> list[str]:
    """The words of each sentence, one blank between."""
    return [" ".join(text[start:end] for start, end in found.words) for found in tokens.segment(text)]


def paragraphs(text: str) -> list[int]:
    return [sentence.paragraph for sentence in tokens.segment(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['about']}: {case['text'][:30]!r}")
def test_hard_cases(case: dict[str, Any]) -> None:
    assert spelled(case["text"]) == case["sentences"]


def test_there_are_enough_hard_cases() -> None:
    assert len({case["text"] for case in CASES}) >= 120


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_words_are_in_order_and_cover_what_is_not_blank(text: str) -> None:
    found = tokens.segment(text)
    words = [word for sentence in found for word in sentence.words]
    assert all(start < end for start, end in words)
    assert all(left[1] <= right[0] for left, right in pairwise(words))
    rest = "".join(text[left[1] : right[0]] for left, right in pairwise([(0, 0), *words, (len(text),) * 2]))
    assert {unicodedata.category(char) for char in rest} <= {"Cc", "Cf", "Zs", "Zl", "Zp"}
    assert not [char for start, end in words for char in text[start:end] if char.isspace()]


@settings(deadline=None)
@given(TEXTS)
def test_sentences_hold_their_words(text: str) -> None:
    found = tokens.segment(text)
    assert found == tokens.segment(text)
    for sentence in found:
        assert (sentence.start, sentence.end) == (sentence.words[0][0], sentence.words[-1][1])
        assert sentence.words == tokens.words(text, sentence.start, sentence.end)
    assert [s.paragraph for s in found] == sorted(s.paragraph for s in found)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 5), st.integers(0, 60))
def test_words_of_a_stretch_are_those_of_its_copy(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    copy = tokens.words(text[start:end])
    assert tokens.words(text, start, end) == tuple((first + start, last + start) for first, last in copy)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.\nThree.\n\nFour.", [0, 0, 1, 2]),
        ("\n\n- one\n- two\n", [0, 1]),
        ("", []),
    ],
)
def test_paragraphs_count_from_zero(text: str, expected: list[int]) -> None:
    assert paragraphs(text) == expected


def test_a_wrapped_block_is_one_paragraph_beside_lines_that_stand_alone() -> None:
    wrapped = (
        "The two delegations met for six hours on Friday in the old customs\n"
        "house of Marsa, but they left without a signature. A spokesman for the\n"
        "mediators called the mood serious."
    )
    assert paragraphs(f"TALKS END\n\n{wrapped}\n\nOrla Quist\nMarsa") == [0, 1, 1, 2, 3]


def test_a_full_stop_at_the_end_of_the_stretch_is_a_word() -> None:
    text = "It is on Main St. Orr lives there."
    assert [text[slice(*word)] for word in tokens.words(text)][3:6] == ["Main", "St.", "Orr"]
    assert [text[slice(*word)] for word in tokens.words(text, 0, 17)][3:] == ["Main", "St", "."]


@pytest.mark.parametrize("unit", ["a", ".", "’s", "a-", "1.", ".)", "@a", "non-", "🔥", "\ud800", '"', "http://"])
def test_a_long_line_without_blanks_takes_no_long_time(unit: str) -> None:
    text = "x" + unit * (10_000 // len(unit))
    start = time.process_time()
    found = tokens.segment(text)
    assert time.process_time() - start < 2
    assert (found[0].start, found[-1].end) == (0, len(text))


def test_an_unpaired_surrogate_is_a_word() -> None:
    assert tokens.words("a \ud83d b") == ((0, 1), (2, 3), (4, 5))

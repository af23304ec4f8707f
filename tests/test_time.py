"""The time grammar: cases as data, the anchor, and properties that always hold."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.extract.time import FoundTime, time_spans, times, word_at
from truceline.nlp.sentence import ROOT, Sentence, Word
from truceline.nlp.tokens import words

LINES = (Path(__file__).parent / "cases" / "time.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES[1:]]


def untagged(text: str, start: int = 0) -> Sentence:
    """One sentence of a text, with words but without tags or a parse."""
    spans = enumerate(words(text))
    read = tuple(Word(i, start + a, start + b, text[a:b], text[a:b].lower(), "", "", ROOT, "") for i, (a, b) in spans)
    return Sentence(0, start, start + len(text), text, read)


def shown(sentence: Sentence, found: FoundTime) -> dict[str, Any]:
    """A time as the cases have it: only what is neither null nor false."""
    values = {name: getattr(found.date, name) for name in ("text", "start", "end", "precision")}
    values |= {name: getattr(found, name) for name in ("relation", "rule", "historical", "future")}
    values["head"] = sentence.words[found.head].text
    return {name: value for name, value in values.items() if value is not None and value is not False}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['text'][:50]} {case['published']}" for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    sentence = untagged(case["text"])
    assert [shown(sentence, found) for found in times(sentence, published=case["published"])] == case["times"]


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("A day earlier the bridge had been mined.", "2025-02-19"),
        ("Two days later the bridge fell.", "2025-02-22"),
        ("The same day the bridge fell.", "2025-02-20"),
        ("The following Monday the bridge fell.", "2025-02-24"),
        ("The bridge fell the day before.", "2025-02-19"),
    ],
)
def test_the_anchor_is_the_day_last_spoken_of(text: str, day: str) -> None:
    (found,) = times(untagged(text), published="2025-03-03", anchor="2025-02-20")
    assert (found.date.start, found.date.end, found.date.basis) == (day, day, "stated")


def test_offsets_are_the_documents_and_leave_the_preposition_out() -> None:
    (found,) = times(untagged("It fell on Wednesday.", start=100), published="2025-03-03")
    assert (found.start, found.end) == (111, 120)


def test_spans_need_no_day_of_publication() -> None:
    sentence = untagged("On Wednesday, two days after the vote, it rained.")
    assert [sentence.text[a:b] for a, b in time_spans(sentence)] == ["Wednesday", "two days after"]


def test_the_parse_decides_which_word_governs() -> None:
    text = "It fell on March 2"
    plain = untagged(text).words
    read = tuple(
        Word(w.index, w.start, w.end, w.text, w.lemma, upos, "", head, "")
        for w, upos, head in zip(plain, ["PRON", "VERB", "ADP", "PROPN", "NUM"], [1, -1, 3, 1, 3], strict=True)
    )
    (found,) = times(Sentence(0, 0, len(text), text, read), published="2025-03-03")
    assert read[found.head].text == "March"


def test_no_word_is_an_error() -> None:
    with pytest.raises(ValueError, match="no word between 5 and 6"):
        word_at(untagged("Rain."), 5, 6)


@pytest.mark.parametrize("published", ["yesterday", "2025-13-01"])
def test_publication_must_be_an_iso_day(published: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month"):
        times(untagged("It rained today."), published=published)


PIECES = (
    "on|in|since|until|by|before|after|from|to|between|and|last|next|this|the past|Monday|Friday|night|"
    "early|late on|overnight|yesterday|March|Feb.|May|2022|2014|1999|24|31|30|,|-|–|(|)|12|two|a few|days|"
    "weeks|hours|years|ago|later|the same day|at 06:30|3 a.m.|13 p.m.|the 1970s|mid-|summer|of|week|month|"
    "year|earlier|will|said|2022-02-30|24:60|24.02.2022|000|the end of|9999999|century|the 31st|weekend|"
    "’s|noon"
).split("|")
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map(" ".join) | st.text(max_size=60)
DAYS = st.none() | st.dates().map(str) | st.just("2025-03-03T10:00:00+02:00")


@settings(max_examples=300, deadline=None)
@given(TEXTS, DAYS, st.integers(0, 50))
def test_what_always_holds(text: str, published: str | None, start: int) -> None:
    sentence = untagged(text, start)
    found = times(sentence, published=published)
    assert found == times(sentence, published=published)
    ends = [start]
    for one in found:
        assert ends[-1] <= one.start < one.end <= start + len(text)
        assert text[one.start - start : one.end - start] == one.date.text
        assert 0 <= one.head < len(sentence.words)
        assert one.date.start is None or one.date.end is None or in_order(one.date.start, one.date.end)
        ends.append(one.end)


def in_order(first: str, last: str) -> bool:
    """Whether an ISO day or time is not after another; a clock range may run over midnight."""
    return datetime.fromisoformat(first[:10]) <= datetime.fromisoformat(last[:10])

"""The number grammar: cases as data, what the parse adds, errors in the vocabulary, and properties that always hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.errors import DataError
from truceline.extract.quantities import CountedItems, FoundQuantity, quantities
from truceline.extract.time import times
from truceline.nlp.sentence import ROOT, Sentence, Word
from truceline.nlp.tokens import words

ITEMS = CountedItems.load()
LINES = (Path(__file__).parent / "cases" / "quantities.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES[1:]]


def untagged(text: str, start: int = 0) -> Sentence:
    """One sentence of a text, with words but without tags or a parse."""
    spans = enumerate(words(text))
    read = tuple(Word(i, start + a, start + b, text[a:b], text[a:b].lower(), "", "", ROOT, "") for i, (a, b) in spans)
    return Sentence(0, start, start + len(text), text, read)


def tagged(text: str, rows: str) -> Sentence:
    """A sentence with "upos xpos head deprel" for each word, rows apart by semicolons; heads count from 1."""
    columns = [row.split() for row in rows.split(";")]
    pairs = zip(untagged(text).words, columns, strict=True)
    read = tuple(
        Word(w.index, w.start, w.end, w.text, w.lemma, upos, xpos, int(head) - 1, deprel)
        for w, (upos, xpos, head, deprel) in pairs
    )
    return Sentence(0, 0, len(text), text, read)


def shown(sentence: Sentence, found: FoundQuantity) -> dict[str, Any]:
    """A quantity as the cases have it: only what is neither null nor false."""
    quantity = found.quantity
    names = ("text", "kind", "item", "low", "best", "high", "approximate", "unit", "part_of")
    values = {name: getattr(quantity, name) for name in names}
    values |= {"change": found.change, "rule": found.rule, "head": sentence.words[found.head].text}
    return {name: value for name, value in values.items() if value is not None and value is not False}


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    sentence = untagged(case["text"])
    assert [shown(sentence, found) for found in quantities(sentence, ITEMS)] == case["quantities"]


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 120


def test_the_parse_finds_the_verb_that_is_far_away() -> None:
    text = "The gunmen killed, says Arvo, nine pilgrims."
    rows = (
        "DET DT 2 det; NOUN NNS 3 nsubj; VERB VBD 0 root; PUNCT , 5 punct; VERB VBZ 3 parataxis; PROPN NNP 5 nsubj;"
        "PUNCT , 5 punct; NUM CD 9 nummod; NOUN NNS 3 obj; PUNCT . 3 punct"
    )
    assert [found.quantity.kind for found in quantities(tagged(text, rows), ITEMS)] == ["dead"]
    swapped = rows.replace("3 obj", "5 obj")
    assert [found.quantity.kind for found in quantities(tagged(text, swapped), ITEMS)] == ["people"]


def test_a_tag_ends_the_noun_phrase() -> None:
    rows = "NUM CD 2 nummod; NOUN NNS 3 nsubj; VERB VBD 0 root; PROPN NNP 3 obj; PUNCT . 3 punct"
    (found,) = quantities(tagged("Twelve clerks left Karsk.", rows), ITEMS)
    assert (found.quantity.text, found.quantity.kind) == ("Twelve clerks", "other")


def test_a_wrong_tag_does_not_hide_a_listed_noun() -> None:
    rows = "PRON PRP 2 nsubj; VERB VBD 0 root; NUM CD 2 obj; ADP IN 2 case; PUNCT . 2 punct"
    (found,) = quantities(tagged("They fired 12 rockets.", rows), ITEMS)
    assert (found.quantity.text, found.quantity.item) == ("12 rockets", "rocket")


def test_offsets_are_the_documents() -> None:
    (found,) = quantities(untagged("They saw 12 tanks.", start=100), ITEMS)
    assert (found.quantity.start, found.quantity.end) == (109, 117)


def test_times_already_found_are_not_read_again() -> None:
    sentence = untagged("In the past 48 hours 12 tanks were lost.")
    dates = times(sentence, published="2025-03-03")
    assert quantities(sentence, ITEMS, dates=dates) == quantities(sentence, ITEMS)
    assert len(quantities(sentence, ITEMS, dates=())) == 2


ENTRY = 'schema = 1\n\n[[item]]\nlemmas = ["tank"]\nkind = "vehicle"\n'
WORDS = "\n[words]\n" + "".join(f"{name} = []\n" for name in ITEMS.words)


def test_a_small_vocabulary_loads(tmp_path: Path) -> None:
    (tmp_path / "counted.toml").write_text(ENTRY + WORDS, encoding="utf-8")
    (found,) = quantities(untagged("They saw 12 tanks."), CountedItems.load(tmp_path / "counted.toml"))
    assert found.quantity.kind == "vehicle"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.replace("vehicle", "vehicles") + WORDS, r"counted\.toml:3: .*'vehicles'.*munition"),
        (ENTRY.replace('kind = "vehicle"\n', "") + WORDS, r":3: .*no kind"),
        (ENTRY + 'colour = "green"\n' + WORDS, r":3: .*colour"),
        (ENTRY + '[[item]]\nlemmas = ["tank"]\nkind = "munition"\n' + WORDS, r":6: .*'tank' a second time"),
        (ENTRY + '[[item]]\nlemmas = "tank"\nkind = "munition"\n' + WORDS, r":6: .*list of words"),
        (ENTRY + '[[bound]]\nrule = "most"\nbefore = []\nafter = []\n' + WORDS, r":6: .*more-than"),
        (
            ENTRY + '[[currency]]\nwords = ["$"]\nunit = "USD"\nname = "dollar"\ncountry = ["x"]\n' + WORDS,
            r":6: .*pairs",
        ),
        (ENTRY, r"\[\[words\]\].*labels"),
        (ENTRY.replace("schema = 1", "schema = 2"), "schema is 2"),
        ("schema = ", "not TOML"),
    ],
)
def test_a_bad_entry_says_where_and_what(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "counted.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        CountedItems.load(tmp_path / "counted.toml")


PIECES = (
    "more than|nearly|at least|up to|about|between|and|to|of the|of|including|or|no|none|a|half|dozen|dozens|hundreds|"
    "several|few|12|1,050|2|1/2|½|1.5|million|bn|$|€|-|–|%|(|)|,|.|drones|people|children|killed|were|wounded|hours|km|"
    "F-16|2014|March|on|in|them|others|old|'s|€5|3rd|thousand|one|twenty|five|old|and a half|+|toll|rose|from|²|٣"
).split("|")
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(" ".join) | st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 50))
def test_what_always_holds(text: str, start: int) -> None:
    sentence = untagged(text, start)
    found = quantities(sentence, ITEMS)
    assert found == quantities(sentence, ITEMS)
    for one in found:
        quantity = one.quantity
        assert start <= quantity.start < quantity.end <= start + len(text)
        assert text[quantity.start - start : quantity.end - start] == quantity.text
        assert 0 <= one.head < len(sentence.words)
        assert quantity.part_of is None or quantity.part_of in text
        low, best, high = quantity.low, quantity.best, quantity.high
        assert low is None or high is None or low <= high
        assert low is None or best is None or low <= best
        # "Nearly 1,300" is rounded up to its best, which its closed high lies below.
        assert best is None or high is None or best <= high or one.rule == "quantity:nearly" or quantity.approximate

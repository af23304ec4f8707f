"""Who a pronoun or a description means."""

from __future__ import annotations

import pytest

import parsed
import steps
from truceline.extract.arguments import meant
from truceline.extract.coreference import Discourse

LANDED, SIGNED = "Barack Obama landed in Havana.", "Eritrea signed the declaration."


@pytest.mark.parametrize(
    ("texts", "form", "name", "rule"),
    [
        ((LANDED, "Cuba welcomed him."), "him", "Barack Obama", "coreference:pronoun"),
        ((LANDED, "He met the Cuban president."), "He", "Barack Obama", "coreference:pronoun"),
        ((LANDED, "Cuba hosted the American leader."), "leader", "Barack Obama", "coreference:description"),
        ((SIGNED, "It reopened an embassy."), "It", "Eritrea", "coreference:pronoun"),
        ((SIGNED, "Its forces withdrew."), "Its", "Eritrea", "coreference:pronoun"),
        (("Taldora shelled Adessa.", "Cuba welcomed him."), "him", "him", "words"),  # nobody is known
        (("Cuba welcomed him.",), "him", "him", "words"),  # a country is no person
        (("It reopened an embassy.",), "It", "It", "words"),
        (("It reopened an embassy.", SIGNED), "It", "It", "words"),  # named only later
        ((SIGNED, *["Taldora shelled Adessa."] * 4, "It reopened an embassy."), "It", "It", "words"),  # too far back
    ],
)
def test_resolved(texts: tuple[str, ...], form: str, name: str, rule: str) -> None:
    read = steps.reading(*texts)
    sentence = next(s for s in read.sentences if any(w.text == form for w in s.words))
    found = Discourse(read).resolve(sentence, parsed.at(sentence, form))
    assert (found.entity.name, found.rule) == (name, rule)
    assert read.text[found.entity.start : found.entity.end] == found.entity.text


def test_whose_forces() -> None:
    read = steps.reading(SIGNED, "Its forces withdrew.")
    found = Discourse(read).resolve(read.sentences[1], 1)
    assert (found.entity.text, found.entity.country, found.rule) == ("Its forces", "ERI", "coreference:owner")


def test_both_sides_are_the_two_that_the_report_is_about() -> None:
    read = steps.reading("Ethiopia met Eritrea in Asmara.", "Both sides signed the declaration.")
    found = meant(Discourse(read), read.sentences[1], 1)
    assert [(f.entity.name, f.entity.text) for f in found] == [("Ethiopia", "Both sides"), ("Eritrea", "Both sides")]
    assert {f.rule for f in found} == {"coreference:both-sides"}


def test_both_sides_of_nothing_are_words() -> None:
    read = steps.reading("Both sides signed the declaration.")
    (found,) = meant(Discourse(read), read.sentences[0], 1)
    assert (found.entity.name, found.entity.country) == ("Both sides", None)


def test_asking_twice_answers_the_same() -> None:
    read = steps.reading(LANDED, "Cuba welcomed him.", "He met the Cuban president.")
    discourse = Discourse(read)
    places = [(s, w.index) for s in read.sentences for w in s.words]
    first = [discourse.resolve(s, i) for s, i in places]
    again = {(s.index, i): discourse.resolve(s, i) for s, i in reversed(places)}
    assert [again[s.index, i] for s, i in places] == first
    fresh = Discourse(read)
    assert {(s.index, i): fresh.resolve(s, i) for s, i in reversed(places)} == again

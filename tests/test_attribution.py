"""Who says so: speaker, cue, content, and what is inside the content."""

from __future__ import annotations

import dataclasses

import pytest

import steps
from truceline.extract import Reading
from truceline.extract.attribution import CUE, FoundStatement, attributions, statements
from truceline.extract.coreference import Discourse
from truceline.nlp.sentence import ROOT, CueReading

CASES = [
    # text, speaker, cue, content, direct, polarity
    ("Calvane said that Taldora shelled Adessa.", "Calvane", "said", "that Taldora shelled Adessa", False, "+"),
    ("According to the governor, Taldora shelled Adessa.", "the governor", "According to the governor",
     "Taldora shelled Adessa", False, "+"),
    ("Taldora shelled Adessa, according to the governor.", "the governor", "according to the governor",
     "Taldora shelled Adessa", False, "+"),
    ("Taldora shelled Adessa, the ministry said on Monday.", "the ministry", "said", "Taldora shelled Adessa", False,
     "+"),
    ("“Taldora shelled Adessa,” the ministry said, “and Verin.”", "the ministry", "said", "Taldora shelled Adessa,",
     True, "+"),
    ("Taldora denied that its forces shelled Adessa.", "Taldora", "denied", "that its forces shelled Adessa", False,
     "-"),
    ("Taldora denied the attack.", "Taldora", "denied", "the attack", False, "-"),
    ("Taldora denied shelling Adessa.", "Taldora", "denied", "shelling Adessa", False, "-"),
    ("Calvane accused Taldora of shelling Adessa.", "Calvane", "accused", "of shelling Adessa", False, "+"),
    ("Taldora made these remarks on Monday.", "Taldora", "made these remarks", None, False, "+"),
    ("Analysts remain skeptical about the truce.", "Analysts", "skeptical", "about the truce", False, "-"),
]  # fmt: skip


def said(*texts: str) -> tuple[FoundStatement, ...]:
    read = steps.reading(*texts)
    return statements(read, Discourse(read))


@pytest.mark.parametrize(("text", "speaker", "cue", "content", "direct", "polarity"), CASES, ids=[c[0] for c in CASES])
def test_case(text: str, speaker: str, cue: str, content: str | None, direct: bool, polarity: str) -> None:
    (found,) = said(text)
    assert (found.speaker.text, found.cue.text) == (speaker, cue)
    assert (found.content.text if found.content else None) == content
    assert (found.direct, found.polarity) == (direct, polarity)
    assert found.rule.startswith("attribution:")


@pytest.mark.parametrize("text", [c[0] for c in CASES])
def test_every_span_is_in_the_text(text: str) -> None:
    (found,) = said(text)
    spans = [(s.start, s.end, s.text) for s in (found.speaker, found.cue, found.content) if s]
    assert [text[start:end] for start, end, _ in spans] == [words for _, _, words in spans]


@pytest.mark.parametrize(
    ("text", "form", "holders"),
    [
        ("Calvane said that Taldora shelled Adessa.", "shelled", [("Calvane", "certain", "+")]),
        ("Taldora shelled Adessa, the ministry said on Monday.", "shelled", [("the ministry", "certain", "+")]),
        ("According to the governor, Taldora shelled Adessa.", "shelled", [("the governor", "certain", "+")]),
        ("Taldora denied that its forces shelled Adessa.", "shelled", [("Taldora", "certain", "-")]),
        ("Taldora denied shelling Adessa.", "shelling", [("Taldora", "certain", "-")]),
        ("Calvane said that Taldora reportedly shelled Adessa.", "shelled", [("Calvane", "unstated", "+")]),
        ("Taldora shelled Adessa.", "shelled", []),
        ("Calvane did not say that Taldora shelled Adessa.", "shelled", []),
    ],
)
def test_who_stands_behind_an_event(text: str, form: str, holders: list[tuple[str, str, str]]) -> None:
    read, discourse, sentence, trigger = steps.trigger(text, form)
    found = attributions(read, sentence, trigger, statements(read, discourse))
    assert [(a.holder.text, a.certainty, a.polarity) for a in found] == holders


def test_the_cue_itself_is_not_inside_what_was_said() -> None:
    read, discourse, sentence, trigger = steps.trigger("Taldora denied the attack.", "denied", "REJECT")
    assert not attributions(read, sentence, trigger, statements(read, discourse))


def test_who_was_told() -> None:
    (found,) = said("Calvane told Quessia that Taldora shelled Adessa.")
    assert found.addressee is not None
    assert found.addressee.text == "Quessia"


@pytest.mark.parametrize("text", ["Taldora shelled Adessa.", "Calvane did not say that Taldora shelled Adessa."])
def test_nothing_said(text: str) -> None:
    assert said(text) == ()


def test_a_quotation_goes_on_in_the_next_sentence() -> None:
    (first, second) = said("“Taldora shelled Adessa,” the ministry said, “and Verin.", "Its forces withdrew.”")
    assert second.speaker == first.speaker
    assert second.rule == "attribution:quotation-goes-on"
    assert second.direct


def read_with_cue(text: str, cue: str, holder: str, content: tuple[str, str] | None, chance: float) -> Reading:
    """A report of one sentence in which the network sees this cue, held by this word."""
    read = steps.reading(text)
    (sentence,) = read.sentences
    index = {w.text: w.index for w in sentence.words}
    begin, end = (((index[w], 0.9),) if content else ((ROOT, 0.9),) for w in content or ("", ""))
    seen = CueReading(index[cue], index[cue], chance, ((index.get(holder, ROOT), 0.9),), begin, end)
    return dataclasses.replace(read, sentences=(dataclasses.replace(sentence, cues=(seen,)),))


def test_the_network_alone_sees_a_saying() -> None:
    read = read_with_cue("Taldora shelled Adessa.", "shelled", "Taldora", ("Adessa", "Adessa"), 0.9)
    (found,) = statements(read, Discourse(read))
    assert (found.speaker.text, found.cue.text, found.rule) == ("Taldora", "shelled", "network:cues")
    assert found.content is not None
    assert found.content.text == "Adessa"


@pytest.mark.parametrize(("holder", "chance"), [("Taldora", CUE - 0.01), ("nobody", 0.9)])
def test_a_faint_cue_or_one_of_nobody_says_nothing(holder: str, chance: float) -> None:
    read = read_with_cue("Taldora shelled Adessa.", "shelled", holder, None, chance)
    assert statements(read, Discourse(read)) == ()


def test_a_rule_comes_before_the_network() -> None:
    read = read_with_cue("Calvane said that Taldora shelled Adessa.", "said", "Adessa", None, 0.99)
    (found,) = statements(read, Discourse(read))
    assert (found.speaker.text, found.rule.partition(":")[0]) == ("Calvane", "attribution")

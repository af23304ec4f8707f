"""Whether it happened, by the words that say so."""

from __future__ import annotations

import pytest

import steps
from truceline.extract.factuality import status
from truceline.extract.triggers import triggers

CASES = [
    # text, trigger, status, the words that decide
    ("Taldora shelled Adessa.", "shelled", "asserted", None),
    ("Kharkiv was shelled by Russian forces.", "shelled", "asserted", None),
    ("Taldora did not shell Adessa.", "shell", "negated", "not"),
    ("Taldora never shelled Adessa.", "shelled", "negated", "never"),
    ("Taldora carried out no attack on Adessa.", "attack", "negated", "no"),
    ("Taldora failed to shell Adessa.", "shell", "negated", "failed"),
    ("Taldora could shell Adessa.", "shell", "hypothetical", "could"),
    ("Taldora may shell Adessa.", "shell", "hypothetical", "may"),
    ("If Taldora shells Adessa, Quessia will respond.", "shells", "hypothetical", "If"),
    ("Taldora considered shelling Adessa.", "shelling", "hypothetical", "considered"),
    ("Taldora will shell Adessa.", "shell", "planned", "will"),
    ("Taldora plans to shell Adessa.", "shell", "planned", "plans"),
    ("Taldora is set to shell Adessa.", "shell", "planned", "set"),
    ("Calvane said Taldora would shell Adessa.", "shell", "planned", "would"),
    ("The planned attack on Adessa was called off.", "attack", "planned", "planned"),
    ("The previous attack on Adessa failed.", "attack", "historical", "previous"),
    ("Taldora previously shelled Adessa.", "shelled", "historical", "previously"),
]


@pytest.mark.parametrize(("text", "form", "wanted", "cue"), CASES, ids=[c[0] for c in CASES])
def test_case(text: str, form: str, wanted: str, cue: str | None) -> None:
    read, _, sentence, trigger = steps.trigger(text, form)
    found, said = status(read, sentence, trigger, historical=False)
    assert found == wanted
    assert [text[e.start : e.end] for e in said] == ([cue] if cue else [])
    assert all(e.rule.startswith("factuality:") for e in said)


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("Taldora shelled Adessa.", "shelled", "historical"),
        ("Taldora did not shell Adessa.", "shell", "negated"),
        ("Taldora could shell Adessa.", "shell", "hypothetical"),
    ],
)
def test_a_time_long_past_makes_history_of_what_happened(text: str, form: str, wanted: str) -> None:
    read, _, sentence, trigger = steps.trigger(text, form)
    assert status(read, sentence, trigger, historical=True)[0] == wanted


@pytest.mark.parametrize(
    ("text", "form", "guess", "wanted"),
    [
        ("Taldora shelled Adessa.", "shelled", "planned", "planned"),  # no word decides
        ("Taldora did not shell Adessa.", "shell", "planned", "negated"),  # a word does
        ("Taldora shelled Adessa.", "shelled", "asserted", "asserted"),
    ],
)
def test_the_network_decides_where_no_word_does(text: str, form: str, guess: str, wanted: str) -> None:
    read = steps.reading(text, proposals=steps.proposing(form, "ASSAULT", 0.9, status=guess))
    (trigger,) = triggers(read, read.sentences[0])[0]
    found, said = status(read, read.sentences[0], trigger, historical=False)
    assert found == wanted
    assert ("network:status" in {e.rule for e in said}) == (guess == found == "planned")


@pytest.mark.parametrize(
    ("text", "form", "event_type"),
    [
        ("“Do not shell Adessa,” Calvane told Taldora.", "shell", "REQUEST"),
        ("Calvane said Taldora must leave.", "leave", "REQUEST"),
        ("Taldora will not leave.", "leave", "REJECT"),
    ],
)
def test_a_demand_or_refusal_has_happened(text: str, form: str, event_type: str) -> None:
    read, _, sentence, trigger = steps.trigger(text, form)
    assert trigger.event_type == event_type
    assert status(read, sentence, trigger, historical=False) == ("asserted", ())

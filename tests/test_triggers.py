"""Which words name an event: the network's chance, the lexicon's entry, and what outweighs what."""

from __future__ import annotations

from dataclasses import replace

import pytest

import parsed
import steps
from truceline.extract.triggers import MODE, NETWORK_ALONE, SECONDED, SURE, matching_entries, triggers

SHELLED = "Taldora shelled Adessa."


@pytest.mark.parametrize(
    ("text", "form", "entry"),
    [
        (SHELLED, "shelled", "v.shell"),
        ("Taldora called for a truce.", "called", "v.call-for"),
        ("Taldora blew up a bridge.", "blew", "v.blow-up"),
        ("Russian shelling of Kharkiv continued.", "shelling", "n.shelling"),
    ],
)
def test_the_most_specific_entry_comes_first(text: str, form: str, entry: str) -> None:
    read = steps.reading(text)
    (sentence,) = read.sentences
    found = list(matching_entries(read, sentence, sentence.words[parsed.at(sentence, form)]))
    assert found[0].id.startswith(entry)


def test_a_verb_with_a_particle_is_not_the_verb_alone() -> None:
    read = steps.reading("Taldora blew up a bridge.")
    (sentence,) = read.sentences
    found = matching_entries(read, sentence, sentence.words[1])
    assert {entry.lemma for entry in found} == {"blow up"}


@pytest.mark.parametrize(
    ("event_type", "chance", "wanted", "rule"),
    [
        ("ASSAULT", 0.9, "ASSAULT", "lexicon:v.shell"),  # both agree
        ("ASSAULT", 0.35, "ASSAULT", "lexicon:v.shell"),  # with an entry a lower chance will do
        ("ASSAULT", 0.25, "ASSAULT", "lexicon:v.shell"),  # the entry is sure enough alone
        ("ASSAULT", 0.1, None, None),  # the network is sure that there is nothing
        ("AID", 0.6, "ASSAULT", "lexicon:v.shell"),  # the network doubts, the entry does not
        ("AID", 0.9, "AID", "network:types"),  # the network is sure
    ],
)
def test_network_and_lexicon(event_type: str, chance: float, wanted: str | None, rule: str | None) -> None:
    read = steps.reading(SHELLED, proposals=steps.proposing("shelled", event_type, chance))
    found, rejected = triggers(read, read.sentences[0])
    assert [t.event_type for t in found] == ([wanted] if wanted else [])
    assert {e.rule for t in found for e in t.evidence} >= ({rule} if rule else set())
    assert bool(rejected) == (wanted is None)


@pytest.mark.parametrize(
    ("chance", "wanted", "said"),
    [(NETWORK_ALONE, ["ASSAULT"], []), (0.4, [], ["looked like ASSAULT, but too unsure (0.40)"]), (0.1, [], [])],
)
def test_the_network_alone(chance: float, wanted: list[str], said: list[str]) -> None:
    read = steps.reading("Barack Obama landed in Havana.", proposals=steps.proposing("landed", "ASSAULT", chance))
    found, rejected = triggers(read, read.sentences[0])
    assert [t.event_type for t in found] == wanted
    assert [r.reason for r in rejected] == said


def test_without_the_network_nothing_is_an_event() -> None:
    read = steps.reading(SHELLED)
    found, rejected = triggers(read, read.sentences[0])
    assert not found
    assert [SHELLED[r.start : r.end] for r in rejected] == ["shelled"]


@pytest.mark.parametrize(
    ("text", "form", "mode"),
    [
        (SHELLED, "shelled", "heavy-weapons"),
        ("Taldora fired rockets at Adessa.", "fired", "aerial"),
        ("Taldoran drones attacked Adessa.", "attacked", "drone"),
        ("Taldora carried out an attack with drones.", "attack", "drone"),
        ("The previous attack on Adessa failed.", "attack", None),
    ],
)
def test_the_weapon_gives_the_mode(text: str, form: str, mode: str | None) -> None:
    assert steps.trigger(text, form)[3].mode == mode


@pytest.mark.parametrize(
    ("text", "form", "event_type", "construction", "mode"),
    [
        ("“Do not shell Adessa,” Calvane told Taldora.", "shell", "REQUEST", "imperative", "yield"),
        ("Calvane said Taldora must leave.", "leave", "REQUEST", "obligation", None),
        ("Taldora will not leave.", "leave", "REJECT", "refusal", None),
        ("Taldora will shell Adessa.", "shell", "ASSAULT", None, "heavy-weapons"),
        ("Taldora did not shell Adessa.", "shell", "ASSAULT", None, "heavy-weapons"),
    ],
)
def test_demands_and_refusals(
    text: str, form: str, event_type: str, construction: str | None, mode: str | None
) -> None:
    trigger = steps.trigger(text, form)[3]
    assert (trigger.event_type, trigger.construction) == (event_type, construction)
    assert trigger.mode == mode or construction in ("obligation", "refusal")
    assert (f"construction:{construction}" in {e.rule for e in trigger.evidence}) == (construction is not None)


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        ("Calvane told Taldora to withdraw troops.", ("told", "REQUEST"), ("withdraw", "RETREAT")),
        ("Calvane promised Taldora to withdraw troops.", ("promised", "AGREE"), ("withdraw", "RETREAT")),
    ],
)
def test_what_is_asked_or_promised_is_no_event_of_its_own(
    text: str, outer: tuple[str, str], inner: tuple[str, str]
) -> None:
    read = steps.reading(text, proposals=steps.proposing(*outer, 0.9) | steps.proposing(*inner, 0.9))
    found, rejected = triggers(read, read.sentences[0])
    assert [t.event_type for t in found] == [outer[1]]
    assert [text[r.start : r.end] for r in rejected] == [inner[0]]


def test_two_acts_side_by_side_are_two() -> None:
    text = "Taldora shelled Adessa and captured Verin."
    proposals = steps.proposing("shelled", "ASSAULT", 0.9) | steps.proposing("captured", "ASSAULT", 0.9)
    read = steps.reading(text, proposals=proposals)
    found, rejected = triggers(read, read.sentences[0])
    assert [read.sentences[0].words[t.word].text for t in found] == ["shelled", "captured"]
    assert not rejected


def test_saying_is_a_statement_and_no_event() -> None:
    text = "Calvane said that Taldora shelled Adessa."
    read = steps.reading(text, proposals=steps.proposing("said", "AGREE", 0.9))
    assert not triggers(read, read.sentences[0])[0]


@pytest.mark.parametrize(
    ("second", "first", "wanted"),
    [
        (SECONDED, SURE - 0.01, "ASSAULT"),  # the entry's type is second best, and the best is unsure
        (SECONDED, SURE, "AID"),  # the best is sure
    ],
)
def test_an_entry_with_the_second_best_type(second: float, first: float, wanted: str) -> None:
    types = (("AID", first), ("ASSAULT", second), ("O", 0.01))
    seen = steps.proposing("attacked", "AID", 0.9)["attacked"]
    read = steps.reading("Taldoran drones attacked Adessa.", proposals={"attacked": replace(seen, types=types)})
    (found,), _ = triggers(read, read.sentences[0])
    assert found.event_type == wanted


def test_an_act_to_come_is_what_the_network_calls_it() -> None:
    trigger = steps.trigger("Taldoran troops that shelled Adessa withdrew.", "withdrew", "CONCEDE", chance=SURE - 0.05)
    assert trigger[3].event_type == "CONCEDE"


@pytest.mark.parametrize(("chance", "mode"), [(MODE, "drone"), (MODE - 0.01, None)])
def test_the_network_alone_gives_the_mode(chance: float, mode: str | None) -> None:
    text = "Barack Obama landed in Havana."
    seen = replace(steps.proposing("landed", "ASSAULT", 0.9)["landed"], modes=(("ASSAULT.drone", chance),))
    read = steps.reading(text, proposals={"landed": seen})
    (found,), _ = triggers(read, read.sentences[0])
    assert found.mode == mode
    assert ("network:modes" in {e.rule for e in found.evidence}) == (mode is not None)


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        ("Calvane urged Taldora to stop the shelling.", "urged", "shelling"),
        ("Calvane called on Taldora to stop shelling Adessa.", "called", "shelling"),
    ],
)
def test_what_is_to_be_stopped_is_no_event(text: str, outer: str, inner: str) -> None:
    proposals = steps.proposing(outer, "REQUEST", 0.9) | steps.proposing(inner, "ASSAULT", 0.9)
    read = steps.reading(text, proposals=proposals)
    found, rejected = triggers(read, read.sentences[0])
    assert [t.event_type for t in found] == ["REQUEST"]
    assert [r.reason for r in rejected] == ["what a REQUEST in the same sentence is about"]

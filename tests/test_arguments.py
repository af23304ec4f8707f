"""Who did what to whom, by the tree alone: the network points at nobody here."""

from __future__ import annotations

from dataclasses import replace

import pytest

import parsed
import steps
from truceline.extract.arguments import POINTED, Arguments, arguments
from truceline.nlp.sentence import ROOT

CASES = [
    # text, trigger, type, actors, recipients, a rule in the evidence
    ("Russian forces shelled Kharkiv.", "shelled", "ASSAULT", ["Russian forces"], ["Kharkiv"], "args:subject"),
    ("Kharkiv was shelled by Russian forces.", "shelled", "ASSAULT", ["Russian forces"], ["Kharkiv"], "args:agent"),
    ("Kharkiv was shelled on Monday.", "shelled", "ASSAULT", [], ["Kharkiv"], "args:patient"),
    ("Russian shelling of Kharkiv continued.", "shelling", "ASSAULT", ["Russian"], ["Kharkiv"], "args:modifier"),
    ("Russia's attack on Kharkiv failed.", "attack", "ASSAULT", ["Russia"], ["Kharkiv"], "args:possessor"),
    ("The arrest of protesters by police continued.", "arrest", "COERCE", ["police"], ["protesters"], "args:agent"),
    ("Russian forces carried out an attack on Kharkiv.", "attack", "ASSAULT", ["Russian forces"], ["Kharkiv"],
     "args:light-verb"),
    ("Calvane told Taldora to withdraw troops.", "withdraw", "RETREAT", ["Taldora"], [], "args:control"),
    ("Calvane promised Taldora to withdraw troops.", "withdraw", "RETREAT", ["Calvane"], [], "args:control"),
    ("Taldoran troops that shelled Adessa withdrew.", "shelled", "ASSAULT", ["Taldoran troops"], ["Adessa"],
     "args:relative"),
    ("Taldoran troops that shelled Adessa withdrew.", "withdrew", "RETREAT", ["Taldoran troops"], [], "args:subject"),
    ("Taldora shelled Adessa and captured Verin.", "captured", "ASSAULT", ["Taldora"], ["Verin"], "args:control"),
    ("Taldora and Quessia shelled Adessa and Verin.", "shelled", "ASSAULT", ["Taldora", "Quessia"],
     ["Adessa", "Verin"], "args:subject"),
    ("Taldora fired rockets at Adessa.", "fired", "ASSAULT", ["Taldora"], ["Adessa"], "args:at"),
    ("Taldora plans to shell Adessa.", "shell", "ASSAULT", ["Taldora"], ["Adessa"], "args:control"),
    ("“Do not shell Adessa,” Calvane told Taldora.", "shell", "ASSAULT", ["Calvane"], ["Taldora"], "args:speaker"),
    ("Calvane said Taldora must leave.", "leave", "RETREAT", ["Calvane"], ["Taldora"], "args:speaker"),
    ("Ethiopia met Eritrea in Asmara.", "met", "CONSULT", ["Ethiopia", "Eritrea"], [], "args:subject"),
    ("Talks between Ethiopia and Eritrea continued.", "Talks", "CONSULT", ["Ethiopia", "Eritrea"], [], "args:between"),
]  # fmt: skip


def sides(text: str, form: str, event_type: str) -> Arguments:
    return arguments(*steps.trigger(text, form, event_type))


@pytest.mark.parametrize(
    ("text", "form", "event_type", "actors", "recipients", "rule"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_case(text: str, form: str, event_type: str, actors: list[str], recipients: list[str], rule: str) -> None:
    found = sides(text, form, event_type)
    assert [a.text for a in found.actor] == actors
    assert [r.text for r in found.recipient] == recipients
    assert rule in {e.rule for e in found.evidence}


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_every_party_and_every_rule_has_its_words(case: tuple[str, str, str, list[str], list[str], str]) -> None:
    text = case[0]
    found = sides(*case[:3])
    assert all(text[e.start : e.end] == e.text for e in (*found.actor, *found.recipient))
    assert all(0 <= e.start < e.end <= len(text) for e in found.evidence)


def test_the_country_comes_from_the_knowledge_base() -> None:
    found = sides("Russian forces shelled Kharkiv.", "shelled", "ASSAULT")
    assert [(a.country, a.sectors) for a in found.actor] == [("RUS", ("MIL",))]
    assert [r.country for r in found.recipient] == ["UKR"]


@pytest.mark.parametrize(
    ("pointed", "nobody", "actors"),
    [
        (0.9, 0.05, ["Adessa"]),  # the network is sure of another word
        (POINTED - 0.01, 0.3, ["Taldora"]),  # it is not: the tree decides
        (0.05, 0.9, ["Taldora"]),  # it says nobody, but the tree has a subject
    ],
)
def test_the_network_is_heard_where_it_is_sure(pointed: float, nobody: float, actors: list[str]) -> None:
    read, discourse, sentence, trigger = steps.trigger("Taldora shelled Adessa.", "shelled")
    assert trigger.reading is not None
    said = ((parsed.at(sentence, "Adessa"), pointed), (ROOT, nobody))
    heard = replace(trigger, reading=replace(trigger.reading, actor=said))
    found = arguments(read, discourse, sentence, heard)
    assert [a.text for a in found.actor] == actors
    assert ("network:actor" in {e.rule for e in found.evidence}) == (actors == ["Adessa"])


def test_whose_army_it_is_stands_for_the_army() -> None:
    read, discourse, sentence, trigger = steps.trigger("Its forces withdrew.", "withdrew", "RETREAT")
    assert trigger.reading is not None
    heard = replace(trigger, reading=replace(trigger.reading, actor=((parsed.at(sentence, "Its"), 0.9),)))
    assert [a.text for a in arguments(read, discourse, sentence, heard).actor] == ["Its forces"]


def test_nobody_is_recipient_of_his_own_act() -> None:
    read, discourse, sentence, trigger = steps.trigger("Taldora shelled Adessa.", "shelled")
    assert trigger.reading is not None
    both = replace(trigger.reading, actor=((2, 0.9),), recipient=((2, 0.9),))
    found = arguments(read, discourse, sentence, replace(trigger, reading=both))
    assert [a.text for a in found.actor] == ["Adessa"]
    assert not found.recipient

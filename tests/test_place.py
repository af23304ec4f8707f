"""Where: the place that the words tie to the act, and no nearer than they say."""

from __future__ import annotations

import pytest

import parsed
import steps
from truceline.extract.coreference import Discourse
from truceline.extract.place import location


@pytest.mark.parametrize(
    ("text", "form", "name", "country", "rule"),
    [
        ("Fighting broke out near Goma.", "broke", "Goma", "COD", "place:phrase"),
        ("Fighting broke out near Goma.", "Fighting", "Goma", "COD", "place:clause"),
        ("A blast hit a market in the city of Kharkiv.", "hit", "Kharkiv", "UKR", "place:phrase"),
        ("Russia's attack on Kharkiv failed.", "attack", "Kharkiv", "UKR", "place:phrase"),
        ("Ethiopia met Eritrea in Asmara.", "met", "Asmara", "ERI", "place:phrase"),
        ("Soldiers attacked Rwanda.", "attacked", "Rwanda", "RWA", "place:recipient"),
    ],
)
def test_where(text: str, form: str, name: str, country: str, rule: str) -> None:
    read = steps.reading(text)
    (sentence,) = read.sentences
    objects = [w for w in sentence.words if w.deprel == "obj"]
    recipients = [Discourse(read).resolve(sentence, w.index).entity for w in objects]
    found = location(read, sentence, parsed.at(sentence, form), recipients)
    assert found is not None
    place, said = found
    assert (place.name, place.country, said.rule) == (name, country, rule)
    assert text[place.start : place.end] == place.text == text[said.start : said.end]


@pytest.mark.parametrize(
    ("text", "form"),
    [("Taldora shelled Adessa.", "shelled"), ("Analysts remain skeptical about the truce.", "skeptical")],
)
def test_nowhere(text: str, form: str) -> None:
    read = steps.reading(text)
    assert location(read, read.sentences[0], parsed.at(read.sentences[0], form), ()) is None


def test_a_country_is_no_point() -> None:
    read = steps.reading("Soldiers attacked Rwanda.")
    (sentence,) = read.sentences
    recipient = Discourse(read).resolve(sentence, 2).entity
    found = location(read, sentence, 1, [recipient])
    assert found is not None
    assert (found[0].precision, found[0].lat, found[0].lon) == ("country", None, None)

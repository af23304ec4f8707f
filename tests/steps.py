"""What the tests of the single steps share: sentences parsed by hand, and a reading made of them.

The knowledge base takes a second to load, so it is loaded once. The network has no part in these tests: a word is
a trigger because ``proposing`` says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import parsed
from truceline.extract import Reading
from truceline.extract.coreference import Discourse
from truceline.extract.triggers import Trigger, triggers
from truceline.kb import KnowledgeBase
from truceline.nlp.sentence import Sentence, TriggerReading
from truceline.ontology import Lexicon, Ontology

DAY = date(2016, 3, 25)
PARSES = {
    text: rows
    for block in (Path(__file__).parent / "cases" / "parses.txt").read_text(encoding="utf-8").split("\n\n")[1:]
    for text, _, rows in [block.removeprefix("# ").partition("\n")]
}


@cache
def data() -> tuple[Ontology, Lexicon, KnowledgeBase]:
    """The data that comes with the package."""
    ontology = Ontology.load()
    return ontology, Lexicon.load(ontology), KnowledgeBase.load()


def proposing(form: str, event_type: str, chance: float, *, status: str = "asserted") -> dict[str, TriggerReading]:
    """What the network could say of the word of this form; it points at nobody."""
    types = sorted([(event_type, chance), ("O", 1 - chance)], key=lambda t: -t[1])
    return {form: TriggerReading(0, tuple(types), (("", 0.9),), (), (), ((status, 0.9),))}


def reading(*texts: str, proposals: dict[str, TriggerReading] | None = None, day: date | None = DAY) -> Reading:
    """A report of these sentences, one after the other, with the network's proposals by word form."""
    text, sentences = parsed.document(*(PARSES[t] for t in texts))
    ontology, lexicon, kb = data()
    proposed = tuple(_with_proposals(s, proposals or {}) for s in sentences)
    return Reading(text, day, proposed, kb.mentions(text), ontology, lexicon, kb)


def trigger(
    text: str, form: str, event_type: str = "ASSAULT", *, chance: float = 0.9
) -> tuple[Reading, Discourse, Sentence, Trigger]:
    """The one trigger of a sentence: the word of this form, which the network gives this type."""
    found = reading(text, proposals=proposing(form, event_type, chance))
    (sentence,) = found.sentences
    (only,) = (t for t in triggers(found, sentence)[0] if sentence.words[t.word].text == form)
    return found, Discourse(found), sentence, only


def _with_proposals(sentence: Sentence, proposals: dict[str, TriggerReading]) -> Sentence:
    made = (replace(proposals[w.text], word=w.index) for w in sentence.words if w.text in proposals)
    return replace(sentence, triggers=tuple(made))

"""Whether it happened: negated, planned, hypothetical, historical, or asserted."""

from __future__ import annotations

from typing import Final

from truceline.extract import Reading, evidence
from truceline.extract.triggers import Trigger
from truceline.nlp.sentence import Sentence, Word
from truceline.records import Evidence, Status

# From this chance on the network's status is taken where no word decides.
NETWORK: Final = 0.75
# A noun shares the fate of the verb that it is the subject or object of, not of one that it only accompanies:
# "with airstrikes going on, talks may be hard" leaves no doubt of the airstrikes.
CARRIED_BY: Final = ("obj", "nsubj", "nsubj:pass", "conj", "compound", "amod", "acl", "xcomp")

# Verbs and nouns of being in something that others do.
JOINING: Final = frozenset({"take", "part", "attend", "join", "participate", "place"})
Found = tuple[Status, tuple[Evidence, ...]] | None


def status(
    reading: Reading, sentence: Sentence, trigger: Trigger, *, historical: bool
) -> tuple[Status, tuple[Evidence, ...]]:
    """The status of an event and the words that give it; ``historical`` when its time lies long back."""
    word = sentence.words[trigger.word]
    if trigger.construction:
        return "asserted", ()
    for found in (_negated(reading, sentence, word), _hypothetical(reading, sentence, word)):
        if found:
            return found
    if historical:
        return "historical", ()
    planned = _planned(reading, sentence, word)
    if planned:
        return planned
    past = _historical(reading, sentence, word)
    if past:
        return past
    guess = trigger.reading.status[0] if trigger.reading and trigger.reading.status else None
    if guess and guess[1] >= NETWORK and guess[0] != "asserted":
        status_of: dict[str, Status] = {
            "negated": "negated", "planned": "planned", "hypothetical": "hypothetical", "historical": "historical",
        }  # fmt: skip
        return status_of[guess[0]], (evidence("network:status", word),)
    return "asserted", ()


def _negated(reading: Reading, sentence: Sentence, word: Word) -> Found:
    cues = reading.lexicon.cues
    for child in sentence.children(word.index, "advmod", "det", "cc", "case", "mark"):
        if child.lemma.lower() in cues.negations or child.text.lower() in cues.negations:
            return "negated", (evidence("factuality:negation", child),)
    head = sentence.head_of(word.index)
    if head is None:
        return None
    yet = any(c.lemma.lower() == "yet" for c in sentence.children(head.index, "advmod"))
    if word.deprel == "xcomp" and yet and head.lemma.lower() in ("have", "be", "remain"):
        return "negated", (evidence("factuality:yet-to", head),)
    if word.deprel in ("xcomp", "ccomp", "obj") and head.lemma.lower() in cues.failure_verbs:
        return "negated", (evidence("factuality:failure", head),)
    joined = head.lemma.lower() in JOINING and word.deprel.partition(":")[0] in ("obj", "obl", "nmod")
    if joined and head.upos == "NOUN":
        # "took part in the talks": what holds for the taking part holds for the talks.
        taking = sentence.head_of(head.index)
        return _negated(reading, sentence, taking) if taking is not None else None
    carried = joined or (word.deprel == "obj" and reading.is_light(sentence, head))
    return _negated(reading, sentence, head) if carried else None


def _hypothetical(reading: Reading, sentence: Sentence, word: Word) -> Found:
    cues = reading.lexicon.cues
    for step in _clause(sentence, word):
        for child in sentence.children(step.index, "mark", "aux", "advmod"):
            words = {child.lemma.lower(), child.text.lower()}
            of_kind = cues.hypothetical_auxiliaries if child.deprel.startswith("aux") else cues.hypothetical_markers
            if words & of_kind and not _backshifted(sentence, step, child):
                return "hypothetical", (evidence("factuality:hypothetical", child),)
        head = sentence.head_of(step.index)
        if head is not None and step.deprel in ("xcomp", "ccomp", "acl"):
            supposed = cues.hypothetical_verbs if head.upos == "VERB" else cues.hypothetical_nouns
            if head.lemma.lower() in supposed:
                return "hypothetical", (evidence("factuality:supposed", head),)
    return None


def _backshifted(sentence: Sentence, step: Word, auxiliary: Word) -> bool:
    """ "said it would send": a future told in the past, not a supposition."""
    head = sentence.head_of(step.index)
    told = step.deprel == "ccomp" and head is not None and head.xpos in ("VBD", "VBN")
    return auxiliary.text.lower() in ("would", "'d") and told


def _planned(reading: Reading, sentence: Sentence, word: Word) -> Found:
    cues = reading.lexicon.cues
    for step in _clause(sentence, word):
        for child in sentence.children(step.index, "aux"):
            future = {child.lemma.lower(), child.text.lower()} & cues.planned_auxiliaries
            if future or _backshifted(sentence, step, child):
                return "planned", (evidence("factuality:future", child),)
        head = sentence.head_of(step.index)
        intended = cues.planned_verbs | cues.planned_adjectives
        if head is not None and step.deprel in ("xcomp", "acl") and head.lemma.lower() in intended:
            return "planned", (evidence("factuality:plan", head),)
    for child in sentence.children(word.index, "amod", "advmod"):
        if child.text.lower() in cues.planned_adverbs and word.upos == "NOUN":
            return "planned", (evidence("factuality:plan", child),)
    return None


def _historical(reading: Reading, sentence: Sentence, word: Word) -> Found:
    cues = reading.lexicon.cues
    for child in sentence.children(word.index, "amod", "advmod", "compound"):
        if child.lemma.lower() in cues.historical_adjectives | cues.historical_adverbs:
            return "historical", (evidence("factuality:past", child),)
    return None


def _clause(sentence: Sentence, word: Word) -> list[Word]:
    """The word and those above it up to the verb of its clause."""
    steps = [word]
    while steps[-1].deprel in CARRIED_BY and steps[-1].upos != "VERB":
        head = sentence.head_of(steps[-1].index)
        if head is None:
            break
        steps.append(head)
    if steps[-1].upos == "VERB" and steps[-1].deprel in ("conj", "xcomp"):
        head = sentence.head_of(steps[-1].index)
        own = sentence.children(steps[-1].index, "nsubj", "aux")
        if head is not None and not own and steps[-1].deprel == "conj":
            steps.append(head)
    return steps

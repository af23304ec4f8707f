"""Who says so: statements with their speaker, cue and content, and which events stand inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from truceline.extract import Reading, phrase, span_of
from truceline.extract.arguments import meant, preposition, subject_of
from truceline.extract.coreference import Discourse
from truceline.extract.triggers import Trigger
from truceline.nlp.sentence import ROOT, Sentence, Word
from truceline.ontology import SpeechVerb
from truceline.records import Attribution, Certainty, Entity, Polarity, Span

# The network's cue, and its holder, count from these chances on where no rule finds the saying.
CUE: Final = 0.7
HOLDER: Final = 0.5
OPENING: Final = "“«„"
CLOSING: Final = "”»"
QUOTE_MARK: Final = re.compile(r"[“”«»„\"]")
ACCORDING: Final = ("according to", "in the words of", "as per")
# Verbs that make something said of a noun: "made these remarks", "issued a statement".
MAKERS: Final = frozenset({"make", "issue", "give", "release", "deliver", "publish", "post", "repeat"})


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement; ``content`` is None when it stands elsewhere. Content may go on in later sentences."""

    sentence: int
    speaker: Entity
    cue: Span
    addressee: Entity | None
    content: Span | None
    direct: bool
    certainty: Certainty
    polarity: Polarity
    rule: str

    def covers(self, sentence: Sentence, offset: int) -> bool:
        """The character is inside what was said, in the statement's own sentence."""
        if self.content is None or sentence.index != self.sentence:
            return False
        outside_cue = not self.cue.start <= offset < self.cue.end
        return self.content.start <= offset < self.content.end and outside_cue


def statements(reading: Reading, discourse: Discourse) -> tuple[FoundStatement, ...]:
    """The statements of a report in reading order; of nested ones both."""
    found: list[FoundStatement] = []
    inside = False
    for sentence in reading.sentences:
        own = list(_of_sentence(reading, discourse, sentence))
        own += _network(reading, discourse, sentence, own)
        if inside and not own and found:
            own = [_continued(reading, sentence, found[-1])]
        found += own
        inside = _left_open(sentence.text, inside)
    return tuple(found)


def attributions(
    reading: Reading, sentence: Sentence, trigger: Trigger, said: Sequence[FoundStatement]
) -> tuple[Attribution, ...]:
    """Who stands behind an event: the speakers whose words it is in, the innermost first.

    Empty when the report says it in its own voice.
    """
    word = sentence.words[trigger.word]
    holders = [s for s in said if s.covers(sentence, word.start)]
    holders.sort(key=lambda s: (s.content.end - s.content.start) if s.content else 0)
    hedge = _hedge(reading, sentence, word)
    return tuple(Attribution(s.speaker, s.cue.text, hedge or s.certainty, s.polarity) for s in holders)


def _hedge(reading: Reading, sentence: Sentence, word: Word) -> Certainty | None:
    """How sure an adverb leaves it: "reportedly", "probably", "possibly"; None when there is none."""
    cues = reading.lexicon.cues
    adverbs = {c.lemma.lower() for c in sentence.children(word.index, "advmod")}
    if adverbs & cues.hearsay_adverbs:
        return "unstated"
    if adverbs & cues.possible_adverbs:
        return "possible"
    return "probable" if adverbs & cues.probable_adverbs else None


def _of_sentence(reading: Reading, discourse: Discourse, sentence: Sentence) -> Iterator[FoundStatement]:
    tail = _tail(reading, discourse, sentence) or _colon(reading, discourse, sentence)
    if tail:
        yield tail
    for word in sentence.words:
        if tail and tail.cue.start == word.start:
            continue
        if word.text.lower() == "according":
            found = _according(reading, discourse, sentence, word)
        elif word.upos == "VERB":
            found = _verb(reading, discourse, sentence, word)
        elif word.upos == "NOUN":
            found = _noun(reading, discourse, sentence, word)
        elif word.upos == "ADJ":
            found = _stance(reading, discourse, sentence, word)
        else:
            found = None
        if found:
            yield found


def _network(
    reading: Reading, discourse: Discourse, sentence: Sentence, found: Sequence[FoundStatement]
) -> Iterator[FoundStatement]:
    """Sayings that only the network sees: words, holder and content that no rule has a name for."""
    for cue in sentence.cues:
        first, last = sentence.words[cue.first], sentence.words[cue.last]
        holder = cue.holder[0] if cue.holder else (ROOT, 0.0)
        known = any(s.cue.start < last.end and first.start < s.cue.end for s in found)
        if known or cue.score < CUE or holder[0] == ROOT or holder[1] < HOLDER:
            continue
        begin, end = (side[0][0] if side else ROOT for side in (cue.begin, cue.end))
        content = None
        if ROOT not in (begin, end) and begin <= end:
            content = span_of(reading.text, sentence.words[begin].start, sentence.words[end].end)
        speech = reading.lexicon.speech(first.lemma.lower())
        yield FoundStatement(
            sentence.index, meant(discourse, sentence, holder[0])[0].entity,
            span_of(reading.text, first.start, last.end), None, content,
            bool(content and _has_quote(reading.text, content)), speech.certainty if speech else "certain",
            speech.polarity if speech else "+", "network:cues",
        )  # fmt: skip


def _verb(reading: Reading, discourse: Discourse, sentence: Sentence, word: Word) -> FoundStatement | None:
    speech = reading.lexicon.speech(word.lemma.lower())
    if speech is None:
        return None
    subject = subject_of(sentence, word)
    if subject is None or sentence.words[subject.word].xpos in ("WP", "WDT", "EX"):
        return None
    content = _content(reading, sentence, word)
    if content is None:
        return None
    if reading.negates(sentence, word) and speech.speech_class != "denies":
        return None
    addressee = _addressee(discourse, sentence, word)
    speaker = meant(discourse, sentence, subject.word)[0].entity
    return _statement(reading, sentence, speaker, word, content, addressee, speech, f"attribution:{speech.lemma}")


def _tail(reading: Reading, discourse: Discourse, sentence: Sentence) -> FoundStatement | None:
    """ "..., the army said on Monday.": by the words alone, since these tails are where parses fail most."""
    words = sentence.words
    verb = next((w for w in reversed(words) if w.upos == "VERB"), None)
    speech = reading.lexicon.speech(verb.lemma.lower()) if verb else None
    if verb is None or speech is None or speech.speech_class != "states" or verb.xpos not in ("VBD", "VBZ"):
        return None
    comma = next((w.index for w in reversed(words[: verb.index]) if w.text in (",", ",”", "”", '"')), 0)
    between = words[comma + 1 : verb.index]
    after = [w for w in words[verb.index + 1 :] if w.upos != "PUNCT"]
    heads = [w for w in between if w.upos in ("NOUN", "PROPN", "PRON")]
    plain = all(w.upos not in ("VERB", "AUX", "SCONJ", "CCONJ") and w.xpos not in ("WP", "WDT") for w in between)
    if not comma or not heads or not plain or len(after) > 4 or len(between) > 12:
        return None
    content = _quoted(reading, sentence) or _trimmed(reading.text, sentence.start, words[comma].start)
    by_tree = subject_of(sentence, verb, depth=0)
    head = by_tree.word if by_tree and by_tree.word > comma else heads[-1].index
    speaker = meant(discourse, sentence, head)[0].entity
    return _statement(reading, sentence, speaker, verb, content, None, speech, "attribution:tail")


def _colon(reading: Reading, discourse: Discourse, sentence: Sentence) -> FoundStatement | None:
    """ "Colonel Ekhart: the enemy is moving guns": a speaker before a colon, as headlines and posts have it."""
    colon = next((w.index for w in sentence.words[1:8] if w.text == ":"), 0)
    before = [w for w in sentence.words[:colon] if w.upos not in ("PUNCT", "SYM", "X")]
    heads = [w for w in before if w.upos in ("NOUN", "PROPN")]
    plain = all(w.upos in ("NOUN", "PROPN", "ADJ", "DET") for w in before)
    if not heads or not plain or len(sentence.words) - colon < 4:
        return None
    named = any(n.kind in ("PER", "ORG") and n.last < colon for n in sentence.names)
    role = any(m.kind in ("role", "person", "organisation", "seat") and m.end <= sentence.words[colon].start
               for m in reading.mentions_in(sentence))  # fmt: skip
    content = _trimmed(reading.text, sentence.words[colon].end, sentence.end)
    if not (named or role) or content is None:
        return None
    cue = sentence.words[colon]
    speaker = meant(discourse, sentence, heads[-1].index)[0].entity
    return FoundStatement(
        sentence.index, speaker, span_of(reading.text, cue.start, cue.end), None, content,
        bool(_has_quote(reading.text, content)), "certain", "+", "attribution:colon",
    )  # fmt: skip


def _content(reading: Reading, sentence: Sentence, word: Word) -> Span | None:
    """What was said: the clause that completes the verb, else the sentence that the verb is put into."""
    speech = reading.lexicon.speech(word.lemma.lower())
    asks = speech is not None and speech.speech_class in ("demands", "promises", "warns", "declines", "denies")
    clauses = sentence.children(word.index, "ccomp", *(("xcomp",) if asks or word.lemma.lower() == "tell" else ()))
    if clauses:
        return _covering(reading, sentence, clauses[0], *clauses[1:])
    if word.deprel == "parataxis" or (
        QUOTE_MARK.search(sentence.text) and word.deprel in ("root", "conj", "parataxis")
    ):
        own = {w.index for w in sentence.subtree(word.index)} if word.deprel == "parataxis" else set()
        rest = [w for w in sentence.words if w.index not in own and w.upos != "PUNCT"]
        quoted = _quoted(reading, sentence)
        if quoted or word.deprel == "parataxis":
            return quoted or (span_of(reading.text, rest[0].start, rest[-1].end) if rest else None)
    governed = [
        w
        for w in sentence.children(word.index, "advcl", "obl", "obj")
        if preposition(sentence, w.index) in ("of", "for", "about", "over", "on") or w.deprel.startswith("advcl")
    ]
    if governed and (QUOTE_MARK.search(sentence.text) or _is_argued(reading, word)):
        return _covering(reading, sentence, *governed)
    objects = sentence.children(word.index, "obj")
    if objects and _is_denial(reading, word):
        return _covering(reading, sentence, *objects)
    return None


def _is_argued(reading: Reading, word: Word) -> bool:
    speech = reading.lexicon.speech(word.lemma.lower())
    return speech is not None and speech.speech_class in ("accuses", "denies", "warns")


def _is_denial(reading: Reading, word: Word) -> bool:
    speech = reading.lexicon.speech(word.lemma.lower())
    return speech is not None and (speech.speech_class == "denies" or speech.lemma == "confirm")


def _covering(reading: Reading, sentence: Sentence, *heads: Word) -> Span:
    words = [w for h in heads for w in sentence.subtree(h.index)]
    return span_of(reading.text, min(w.start for w in words), max(w.end for w in words))


def _quoted(reading: Reading, sentence: Sentence) -> Span | None:
    """The first quoted stretch of the sentence, without its marks; to the end when it does not close."""
    first = QUOTE_MARK.search(sentence.text)
    if first is None:
        return None
    second = QUOTE_MARK.search(sentence.text, first.end())
    start = sentence.start + (0 if first[0] in CLOSING else first.end())
    end = sentence.start + (first.start() if first[0] in CLOSING else second.start() if second else len(sentence.text))
    return span_of(reading.text, start, end) if end > start else None


def _addressee(discourse: Discourse, sentence: Sentence, word: Word) -> Entity | None:
    """Who was told: the object of "tell", the "to" of "said to"."""
    told = sentence.children(word.index, "iobj") or (
        sentence.children(word.index, "obj") if sentence.children(word.index, "ccomp", "xcomp") else ()
    )
    told = told or tuple(w for w in sentence.children(word.index, "obl") if preposition(sentence, w.index) == "to")
    return discourse.resolve(sentence, told[0].index).entity if told else None


def _statement(
    reading: Reading,
    sentence: Sentence,
    speaker: Entity,
    cue: Word,
    content: Span | None,
    addressee: Entity | None,
    speech: SpeechVerb,
    rule: str,
) -> FoundStatement:
    return FoundStatement(
        sentence=sentence.index,
        speaker=speaker,
        cue=span_of(reading.text, cue.start, cue.end),
        addressee=addressee,
        content=content,
        direct=bool(content and _has_quote(reading.text, content)),
        certainty=speech.certainty,
        polarity=speech.polarity,
        rule=rule,
    )


def _has_quote(text: str, content: Span) -> bool:
    """Quote marks in the content, or right around it."""
    return bool(QUOTE_MARK.search(text[max(0, content.start - 1) : content.end + 2]))


def _according(reading: Reading, discourse: Discourse, sentence: Sentence, word: Word) -> FoundStatement | None:
    """ "According to him, ...": the rest of the sentence is his."""
    source = sentence.head_of(word.index)
    if source is None or not preposition(sentence, source.index).startswith(ACCORDING):
        return None
    first = sentence.words[word.index]
    last = max(w.end for w in sentence.subtree(source.index, without=("acl", "conj", "parataxis", "punct")))
    before = sentence.text[: first.start - sentence.start].strip(" ,")
    start, end = (sentence.start, first.start) if len(before) > sentence.end - last else (last, sentence.end)
    content = _trimmed(reading.text, start, end)
    speaker = meant(discourse, sentence, source.index)[0].entity
    cue = span_of(reading.text, first.start, phrase(sentence, source.index)[1])
    return FoundStatement(
        sentence.index, speaker, cue, None, content, bool(content and _has_quote(reading.text, content)),
        "certain", "+", "attribution:according-to",
    )  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] in " ,;:\n":
        start += 1
    while end > start and text[end - 1] in " ,;:.\n":
        end -= 1
    return span_of(text, start, end) if end > start else None


def _noun(reading: Reading, discourse: Discourse, sentence: Sentence, word: Word) -> FoundStatement | None:
    """ "made these remarks": a statement whose content stands elsewhere, or in a clause after it."""
    speech = reading.lexicon.speech_noun(word.lemma.lower())
    head = sentence.head_of(word.index)
    if speech is None or head is None or head.lemma.lower() not in MAKERS or word.deprel != "obj":
        return None
    subject = subject_of(sentence, head)
    if subject is None:
        return None
    clauses = sentence.children(word.index, "acl", "ccomp")
    content = _covering(reading, sentence, *clauses) if clauses else None
    speaker = meant(discourse, sentence, subject.word)[0].entity
    found = _statement(reading, sentence, speaker, word, content, None, speech, f"attribution:{speech.lemma}")
    cue = span_of(reading.text, head.start, word.end)
    return FoundStatement(
        found.sentence, speaker, cue, None, content, found.direct, found.certainty, found.polarity, found.rule
    )  # fmt: skip


def _stance(reading: Reading, discourse: Discourse, sentence: Sentence, word: Word) -> FoundStatement | None:
    """ "Analysts remain skeptical about ...": a stance is said by those who take it."""
    speech = reading.lexicon.stance(word.lemma.lower())
    if speech is None or word.deprel not in ("root", "xcomp", "conj", "ccomp", "parataxis", "acl"):
        return None
    subject = subject_of(sentence, word)
    about = sentence.children(word.index, "obl", "ccomp", "advcl")
    if subject is None or not about:
        return None
    speaker = meant(discourse, sentence, subject.word)[0].entity
    content = _covering(reading, sentence, about[0])
    return _statement(reading, sentence, speaker, word, content, None, speech, f"attribution:{speech.lemma}")


def _left_open(text: str, inside: bool) -> bool:
    """Whether a typographic quotation is open after this sentence."""
    for character in text:
        if character in OPENING:
            inside = True
        elif character in CLOSING:
            inside = False
    return inside


def _continued(reading: Reading, sentence: Sentence, before: FoundStatement) -> FoundStatement:
    """A sentence inside a quotation that began earlier: the same speaker goes on."""
    content = _trimmed(reading.text, sentence.start, sentence.end) or span_of(
        reading.text, sentence.start, sentence.end
    )  # fmt: skip
    cue = span_of(reading.text, content.start, content.end)
    return FoundStatement(
        sentence.index, before.speaker, cue, before.addressee, content, True, before.certainty, before.polarity,
        "attribution:quotation-goes-on",
    )  # fmt: skip

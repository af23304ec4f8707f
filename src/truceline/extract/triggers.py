"""Which words name an event, and of which type: the network proposes, the lexicon corrects and explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from truceline.extract import Reading, evidence
from truceline.nlp.sentence import Sentence, TriggerReading, Word
from truceline.ontology import Entry, PartOfSpeech
from truceline.records import Evidence, Rejection

# The bars were set on the PLOVER gold records (gsr_dev) and the development part of our corpus. The network alone must
# be this sure that there is an event.
NETWORK_ALONE: Final = 0.55
# With a lexicon entry of the same type, a lower bar does.
NETWORK_WITH_ENTRY: Final = 0.15
# An entry alone counts from this weight, unless the network is sure that there is nothing.
ENTRY_ALONE: Final = 0.95
NOTHING: Final = 0.80
# Of an act that is denied, an entry alone from this weight: the network overlooks many of these, and none is counted.
ENTRY_DENIED: Final = 0.5
# Of people killed or wounded by nobody named, likewise.
ENTRY_HARM: Final = 0.5
# An entry with other words than the network's type wins from this weight when the network doubts.
ENTRY_OVER: Final = 0.7
SURE: Final = 0.75
# The network's mode counts from this chance on, where no entry has one.
MODE: Final = 0.3
# A type that the network finds second best, from this chance on, wins with an entry where the best has none.
SECONDED: Final = 0.2
# What an act of each of these types is called while it is still to come.
TO_COME: Final = {"RETREAT": "CONCEDE", "CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE"}
# A proposal that fell short from here on is said to have been rejected; below, it is noise.
WORTH_SAYING: Final = 0.30


# Forms that make a demand or a refusal of any act: "Do not fire", "they must leave", "it will not withdraw".
Construction = Literal["imperative", "obligation", "refusal"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that names an event. ``score`` is the network's chance of the type, 0 where an entry alone decided.

    ``construction`` is set where the form of the sentence, not the word, makes the type.
    """

    sentence: int
    word: int
    event_type: str
    mode: str | None
    cameo: str
    score: float
    entry: Entry | None
    reading: TriggerReading | None
    evidence: tuple[Evidence, ...]
    construction: Construction | None = None


def triggers(reading: Reading, sentence: Sentence) -> tuple[tuple[Trigger, ...], tuple[Rejection, ...]]:
    """The triggers of a sentence in order, and the words that fell short of being one."""
    proposed = {t.word: t for t in sentence.triggers}
    found: list[Trigger] = []
    rejected: list[Rejection] = []
    for word in sentence.words:
        if word.upos not in ("VERB", "NOUN", "ADJ", "PROPN", "AUX"):
            continue
        entries = list(matching_entries(reading, sentence, word))
        trigger = _decide(reading, sentence, word, entries, proposed.get(word.index))
        if isinstance(trigger, Trigger):
            settled = _conceded(reading, sentence, word, entries, trigger)
            found.append(_constructed(reading, sentence, word, settled))
        elif trigger:
            rejected.append(trigger)
    kept: list[Trigger] = []
    for trigger in found:
        why = _no_event_of_its_own(sentence, trigger, found)
        if why:
            rejected.append(Rejection(why, trigger.evidence[0].start, trigger.evidence[0].end))
        else:
            kept.append(_with_content(reading, sentence, trigger, found))
    return tuple(kept), tuple(rejected)


def _with_content(reading: Reading, sentence: Sentence, trigger: Trigger, found: Sequence[Trigger]) -> Trigger:
    """A demand, threat or refusal with the mode and code of what it is about ("demanded that they withdraw": yield)."""
    if trigger.mode or trigger.event_type not in CONTENT_OF:
        return trigger
    inner = next((t for t in found if t is not trigger and _content_of(sentence, t, found) is trigger), None)
    code = reading.ontology.embedded(trigger.event_type, inner.cameo) if inner else None
    if inner is None or code is None or code.event_type != trigger.event_type:
        return trigger
    said = evidence("construction:content", sentence.words[inner.word])
    return replace(trigger, mode=code.mode, cameo=code.code, evidence=(*trigger.evidence, said))


def _conceded(reading: Reading, sentence: Sentence, word: Word, entries: Sequence[Entry], trigger: Trigger) -> Trigger:
    """A retreat or concession still to come is a CONCEDE, whatever the network calls it ("will release")."""
    if trigger.event_type not in ("AGREE", "RETREAT"):
        return trigger
    future = {c.lemma.lower() for c in sentence.children(word.index, "aux")} & reading.lexicon.cues.planned_auxiliaries
    entry = next((e for e in entries if e.event_type in ("RETREAT", "CONCEDE")), None)
    if not future or entry is None:
        return trigger
    own = entry.event_type == "CONCEDE"
    mode = entry.mode if own else None
    cameo = entry.cameo if own else reading.ontology.root_cameo("CONCEDE")
    said = (evidence(entry.rule, word), evidence("construction:future-concession", word))
    return replace(
        trigger, event_type="CONCEDE", mode=mode, cameo=cameo, entry=entry, evidence=(*said, *trigger.evidence)
    )


def _constructed(reading: Reading, sentence: Sentence, word: Word, trigger: Trigger) -> Trigger:
    """The trigger, as a REQUEST or REJECT of the act where the sentence demands or refuses it."""
    construction = _construction(reading, sentence, word)
    if construction is None or trigger.event_type in ("REQUEST", "ACCUSE", "THREATEN"):
        return trigger
    if construction == "refusal" and trigger.event_type == "REJECT":
        return trigger
    event_type = "REJECT" if construction == "refusal" else "REQUEST"
    code = reading.ontology.embedded(event_type, trigger.cameo)
    negated = reading.negates(sentence, word)
    mode = code.mode if code and code.event_type == event_type else None
    if construction == "imperative" and negated:
        mode = "yield"
    cameo = code.code if code and mode == code.mode else reading.ontology.root_cameo(event_type, mode)
    said = (evidence(f"construction:{construction}", word), *trigger.evidence)
    return replace(trigger, event_type=event_type, mode=mode, cameo=cameo, evidence=said, construction=construction)


def _construction(reading: Reading, sentence: Sentence, word: Word) -> Construction | None:
    if word.upos != "VERB":
        return None
    cues = reading.lexicon.cues
    auxiliaries = {c.lemma.lower() for c in sentence.children(word.index, "aux")}
    told = any(a.upos == "VERB" and reading.lexicon.speech(a.lemma.lower()) for a in sentence.ancestors(word.index))
    if auxiliaries & cues.obligation_auxiliaries and told:
        return "obligation"
    subject = sentence.children(word.index, "nsubj")
    infinitive = any(c.text.lower() == "to" for c in sentence.children(word.index, "mark"))
    quoted = any(w.text in ("“", '"', "``", "«") for w in sentence.words[: word.index])
    edge = word.deprel in ("root", "ccomp", "parataxis")
    if word.xpos == "VB" and edge and quoted and not subject and not infinitive and auxiliaries <= {"do"}:
        return "imperative"
    if reading.negates(sentence, word) and auxiliaries & cues.planned_auxiliaries and subject:
        return "refusal"
    return None


# What is asked, threatened, promised or refused is the content of that act and not an event of its own.
CONTENT_OF: Final = frozenset({"REQUEST", "THREATEN", "AGREE", "REJECT"})


def _no_event_of_its_own(sentence: Sentence, trigger: Trigger, found: Sequence[Trigger]) -> str | None:
    if trigger.entry is None and _acts_in_another(sentence, trigger, found):
        return f"who does a {trigger.event_type} in the same sentence, not an act"
    if _said_again(sentence, trigger, found):
        return f"part of the same act as another {trigger.event_type} word"
    outer = _content_of(sentence, trigger, found)
    return f"what a {outer.event_type} in the same sentence is about" if outer else None


def _acts_in_another(sentence: Sentence, trigger: Trigger, found: Sequence[Trigger]) -> bool:
    """The noun is the subject of another trigger of its type: "forces" of "forces shelled"."""
    word = sentence.words[trigger.word]
    same = {t.word for t in found if t is not trigger and t.event_type == trigger.event_type}
    return word.deprel.startswith("nsubj") and word.head in same


def _content_of(sentence: Sentence, trigger: Trigger, found: Sequence[Trigger]) -> Trigger | None:
    """The trigger whose infinitive or clause this verb is, directly or through another such verb."""
    by_word = {t.word: t for t in found}
    word = sentence.words[trigger.word]
    verb = sentence.head_of(word.index)
    if word.upos == "NOUN" and word.deprel == "obj" and verb is not None and verb.index not in by_word:
        # "urged them to stop the shelling": the shelling is what the stopping is about.
        word = verb
    while word.upos == "VERB" and (word.deprel in ("xcomp", "ccomp", "conj", "acl") or _purpose(sentence, word)):
        head = sentence.head_of(word.index)
        if head is None:
            return None
        outer = by_word.get(head.index)
        if outer and word.deprel != "conj" and outer.event_type in CONTENT_OF:
            return outer
        if word.deprel == "conj" and sentence.children(word.index, "nsubj"):
            return None
        word = head
    return None


def _purpose(sentence: Sentence, word: Word) -> bool:
    """An infinitive beside its verb: "called on them to stop"."""
    return word.deprel == "advcl" and any(c.text.lower() == "to" for c in sentence.children(word.index, "mark"))


def _decide(
    reading: Reading, sentence: Sentence, word: Word, entries: list[Entry], proposal: TriggerReading | None
) -> Trigger | Rejection | None:
    chances = dict(proposal.types) if proposal else {}
    named = {t: p for t, p in chances.items() if t != "O"}
    event = sum(named.values())
    best = max(named, key=lambda t: named[t]) if named else None
    agreeing = next((e for e in entries if e.event_type == best), None)
    strongest = max(entries, key=lambda e: e.weight, default=None)

    def made(event_type: str, entry: Entry | None) -> Trigger:
        return _trigger(reading, sentence, word, event_type, named.get(event_type, 0.0), entry, proposal)

    if best and agreeing and event >= NETWORK_WITH_ENTRY:
        return made(best, agreeing)
    second = next((e for e in entries if named.get(e.event_type, 0.0) >= SECONDED and e.weight >= ENTRY_DENIED), None)
    if best and second and event >= NETWORK_ALONE and named[best] < SURE and TO_COME.get(second.event_type) != best:
        return made(second.event_type, second)
    if not entries and (_only_says(reading, word) or word.lemma.lower() in reading.lexicon.cues.accidents):
        return None
    if best and event >= NETWORK_ALONE:
        to_come = strongest is not None and TO_COME.get(strongest.event_type) == best
        if strongest and strongest.weight >= ENTRY_OVER and named[best] < SURE and not to_come:
            return made(strongest.event_type, strongest)
        return made(best, None)
    if strongest and (
        _denied(reading, sentence, word, strongest)
        or _harmed(reading, sentence, word, strongest)
        or (strongest.weight >= ENTRY_ALONE and chances.get("O", 1.0 - event) < NOTHING)
    ):
        return made(strongest.event_type, strongest)
    if event >= WORTH_SAYING and best:
        return Rejection(f"looked like {best}, but too unsure ({event:.2f})", word.start, word.end)
    if strongest and strongest.weight >= ENTRY_ALONE:
        reason = f"{strongest.rule} has it as {strongest.event_type}, but the network reads no event here"
        return Rejection(reason, word.start, word.end)
    return None


def _denied(reading: Reading, sentence: Sentence, word: Word, entry: Entry) -> bool:
    """A verb with an object, denied: "did not strike the town"."""
    acted_on = sentence.children(word.index, "obj", "nsubj:pass")
    verb = word.upos == "VERB" and reading.negates(sentence, word)
    return verb and entry.weight >= ENTRY_DENIED and bool(acted_on)


def _harmed(reading: Reading, sentence: Sentence, word: Word, entry: Entry) -> bool:
    """People were killed or wounded, and neither an act nor an accident is named: an assault by somebody unnamed.

    The network misses many of these.
    """
    if entry.event_type != "ASSAULT" or entry.weight < ENTRY_HARM or word.upos != "VERB":
        return False
    people = [w for w in sentence.children(word.index, "nsubj") if w.deprel == "nsubj:pass"]
    mentions = filter(None, (reading.mention_at(sentence, w) for w in people))
    somebody = any(m.kind in ("role", "demonym", "person", "group") for m in mentions)
    accident = any(w.lemma.lower() in reading.lexicon.cues.accidents for w in sentence.words)
    act = any(dict(t.types).get("ASSAULT", 0) >= NETWORK_ALONE for t in sentence.triggers if t.word != word.index)
    return somebody and not accident and not act


def _only_says(reading: Reading, word: Word) -> bool:
    """Saying something is a statement, not an event, unless the lexicon has the words as one."""
    speech = reading.lexicon.speech(word.lemma.lower()) if word.upos == "VERB" else None
    return speech is not None and speech.speech_class in ("states", "confirms", "doubts")


def _trigger(
    reading: Reading,
    sentence: Sentence,
    word: Word,
    event_type: str,
    score: float,
    entry: Entry | None,
    proposal: TriggerReading | None,
) -> Trigger:
    mode = entry.mode if entry else None
    why: tuple[Evidence, ...] = ()
    if entry is None and proposal:
        mode, why = _network_mode(word, event_type, proposal)
    if event_type == "ASSAULT":
        mode, why = _weapon_mode(reading, sentence, word, mode, why)
    cameo = entry.cameo if entry else reading.ontology.root_cameo(event_type, mode)
    said = [evidence(entry.rule, word)] if entry else []
    if proposal:
        said.append(evidence("network:types", word))
    return Trigger(
        sentence.index, word.index, event_type, mode, cameo, round(score, 4), entry, proposal, (*said, *why)
    )  # fmt: skip


def _network_mode(word: Word, event_type: str, proposal: TriggerReading) -> tuple[str | None, tuple[Evidence, ...]]:
    """The mode that the network alone reads, where no entry has a say."""
    likeliest, chance = proposal.modes[0] if proposal.modes else ("", 0.0)
    kind, _, mode = likeliest.partition(".")
    if kind != event_type or chance < MODE:
        return None, ()
    return mode, (evidence("network:modes", word),)


def _weapon_mode(
    reading: Reading, sentence: Sentence, word: Word, mode: str | None, why: tuple[Evidence, ...]
) -> tuple[str | None, tuple[Evidence, ...]]:
    """The mode that a weapon named with the act gives ("launched drones", "missile attack"), over the verb's own."""
    near = list(sentence.subtree(word.index, without=("acl:relcl", "parataxis", "ccomp", "conj")))
    head = sentence.head_of(word.index)
    if head is not None and reading.is_light(sentence, head):
        near += sentence.children(head.index, "nsubj", "obl")
    for candidate in near:
        if candidate.index == word.index:
            continue
        named = _named_heads(sentence, [candidate])
        weapon = next(filter(None, map(reading.lexicon.weapon, sorted(named, key=len, reverse=True))), None)
        if weapon:
            return weapon.mode, (evidence(f"lexicon:weapon.{weapon.lemma.replace(' ', '-')}", candidate),)
    return mode, why


def matching_entries(reading: Reading, sentence: Sentence, word: Word) -> Iterator[Entry]:
    """Lexicon entries of a word whose conditions are met, most specific first.

    A particle or preposition is looked up with its verb ("blow up", "call for") and a modifier with its noun
    ("air strike") before the word alone; a verb with a particle is never looked up without it.
    """
    pos: PartOfSpeech = "verb" if word.upos in ("VERB", "AUX") else "adj" if word.upos == "ADJ" else "noun"
    lemma = word.lemma.lower()
    subjects = _named_heads(sentence, sentence.children(word.index, "nsubj"))
    clauses = {c.lemma.lower() for c in sentence.children(word.index, "xcomp", "ccomp", "acl", "advcl")}
    objects = _named_heads(sentence, _objects(sentence, word, pos))
    particles = sentence.children(word.index, "compound:prt")
    for particle in particles:
        yield from _fitting(reading, f"{lemma} {particle.lemma.lower()}", pos, subjects, objects, clauses)
    for phrase_head in sentence.children(word.index, "obl", "nmod"):
        for case in sentence.children(phrase_head.index, "case"):
            inside = _named_heads(sentence, [phrase_head])
            yield from _fitting(reading, f"{lemma} {case.lemma.lower()}", pos, subjects, inside, clauses)
    for modifier in sentence.children(word.index, "compound", "amod"):
        yield from _fitting(reading, f"{modifier.lemma.lower()} {lemma}", pos, subjects, objects, clauses)
    if not particles:
        yield from _fitting(reading, lemma, pos, subjects, objects, clauses)


def _fitting(
    reading: Reading, lemma: str, pos: PartOfSpeech, subjects: set[str], objects: set[str], clauses: set[str]
) -> Iterator[Entry]:
    for entry in reading.lexicon.triggers(lemma, pos):
        if entry.fits(subjects=subjects, objects=objects, clauses=clauses):
            yield entry


def _objects(sentence: Sentence, word: Word, pos: PartOfSpeech) -> Sequence[Word]:
    """What is acted on: an object or a passive's subject; of a noun its "of" and "for" phrases and modifiers."""
    if pos == "verb":
        found = [*sentence.children(word.index, "obj", "iobj")]
        found += [w for w in sentence.children(word.index, "nsubj") if w.deprel == "nsubj:pass"]
        head = sentence.head_of(word.index)
        if word.deprel == "acl" and word.xpos == "VBN" and head is not None:
            found.append(head)
        return found
    if pos == "noun":
        return sentence.children(word.index, "nmod", "compound", "amod")
    return sentence.children(word.index, "obl")


def _named_heads(sentence: Sentence, heads: Sequence[Word]) -> set[str]:
    """Lemmas of heads and their conjuncts, each alone and with each modifier ("strike", "hunger strike")."""
    whole = [*heads, *(c for h in heads for c in sentence.children(h.index, "conj"))]
    found = {w.lemma.lower() for w in whole}
    for head in whole:
        for modifier in sentence.children(head.index, "compound", "amod"):
            found.add(f"{modifier.lemma.lower()} {head.lemma.lower()}")
    return found


# Relations of words that name one act together.
ONE_ACT: Final = ("obj", "xcomp", "advcl", "compound")


def _said_again(sentence: Sentence, trigger: Trigger, found: Sequence[Trigger]) -> bool:
    """The word is part of another trigger's act: the verb of its noun, or the result of it, with the same type."""
    for other in found:
        if other is trigger or other.event_type != trigger.event_type:
            continue
        mine, theirs = sentence.words[trigger.word], sentence.words[other.word]
        linked = mine.head == theirs.index and mine.deprel.partition(":")[0] in ONE_ACT
        led = theirs.head == mine.index and theirs.deprel.partition(":")[0] in ONE_ACT
        if (linked or led) and _strength(other) > _strength(trigger):
            return True
    return False


def _strength(trigger: Trigger) -> tuple[bool, float, int]:
    """Of two words for one act, the one that an entry knows counts, then the surer, then the earlier."""
    return trigger.entry is not None, trigger.score, -trigger.word

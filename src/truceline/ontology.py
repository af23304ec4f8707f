"""The ontology and the lexicon: load, validate, look up, explain.

The ontology is PLOVER (types, modes, contexts, sectors) with the CAMEO codes mapped to it; the lexicon is
the English words that name acts, attribute speech and mark factuality. Both are data under ``data/``; this
module checks every line of it when loading and then only answers. A line that breaks the schema raises
DataError and is never guessed at.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar, get_args

from truceline.errors import DataError
from truceline.records import Certainty, Polarity

PartOfSpeech = Literal["verb", "noun", "adj"]
ActorPlace = Literal["subject", "object", "of", "agent", "none"]
RecipientPlace = Literal["object", "prep", "subject", "none"]
LightRole = Literal["actor", "recipient", "none"]
Phase = Literal["begin", "continue", "end"]
SpeechClass = Literal["states", "accuses", "denies", "confirms", "declines", "doubts", "promises", "demands", "warns"]
CodeKind = Literal["type", "mode", "cameo", "context", "sector"]

QUAD_CLASSES = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
ANY_CLAUSE = "*"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of an event type. ``cameo`` is the code when the words support nothing finer."""

    event_type: str
    name: str
    meaning: str
    score: float
    cameo: str

    @property
    def code(self) -> str:
        """The mode with its type, as in "ASSAULT-drone"."""
        return f"{self.event_type}-{self.name}"


@dataclass(frozen=True, slots=True)
class EventType:
    """A PLOVER event type.

    ``score`` is its intensity from -10 (conflict) to 10 (cooperation). ``future`` is the type of the same
    act when its own actor only announces, promises or plans it; it is the type's own name where nothing
    changes.
    """

    name: str
    title: str
    meaning: str
    quad_class: str
    score: float
    cameo: str
    future: str
    modes: tuple[Mode, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameoCode:
    """A CAMEO code and what it is in PLOVER.

    ``event_type`` is None for public statements (01), which are not events. ``mode`` is None where the code
    fits no one mode. ``also`` are further types that may carry the code. ``note`` says where the mapping
    departs from the published table and why; None where it does not. ``origin`` is "table" or the edition
    that has the code.
    """

    code: str
    meaning: str
    event_type: str | None
    mode: str | None
    contexts: tuple[str, ...]
    also: tuple[str, ...]
    origin: str
    note: str | None

    def carries(self, event_type: str) -> bool:
        """Whether an event of this type may have this code."""
        return event_type == self.event_type or event_type in self.also


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code of the codebook means; ``details`` are (label, value) pairs in reading order."""

    code: str
    kind: CodeKind
    title: str
    meaning: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word that names an act, and when it does.

    ``lemma`` is lower case. Of two words, the second is a particle of the verb ("blow up") or the
    preposition of the phrase it governs ("call for"), and then ``object`` tests that phrase's head; for a
    noun the first is a compound or adjective ("air strike"). ``pos`` "adj" is a predicate ("is willing
    to").

    Conditions: ``subject``, ``object`` and ``complement`` are lemmas of heads, or a modifier and its head
    ("hunger strike"). The object of a verb is its direct object or the subject of its passive; of a noun the
    head of its of- or for-phrase, its modifier alone ("truce" of "truce violation") or with the noun ("drone
    attack"); of an adjective the head of its prepositional phrase. The complement is the verb of a governed
    clause, "*" any clause. Empty: no condition.

    ``actor`` and ``recipient`` say where the parties stand: "object" and "prep" (in a phrase with one of
    ``prep``) as they read, "of" the of-phrase of a noun, "agent" only a by- or from-phrase, "subject" the
    subject, or for a noun its possessor, its adjective of nationality, its by-phrase or the subject of its
    light verb. With ``symmetric`` all parties are actors, those in the recipient's place too.

    ``weight`` (0.3 to 1) is how much the words alone justify the type.
    """

    id: str
    lemma: str
    pos: PartOfSpeech
    event_type: str
    mode: str | None
    cameo: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    complement: tuple[str, ...]
    prep: tuple[str, ...]
    recipient: RecipientPlace
    actor: ActorPlace
    symmetric: bool
    weight: float
    example: str

    @property
    def rule(self) -> str:
        """The rule id that a decision by this entry is recorded under."""
        return f"lexicon:{self.id}"

    def fits(
        self,
        *,
        subjects: Collection[str] = (),
        objects: Collection[str] = (),
        clauses: Collection[str] = (),
    ) -> bool:
        """Whether the conditions hold for what the word governs: lemmas of its subjects, objects and clauses.

        Give a head twice, alone and with its modifier ("strike", "hunger strike"), to have both tested.
        """
        return (
            _holds(self.subject, subjects)
            and _holds(self.object, objects)
            and (_holds(self.complement, clauses) or (ANY_CLAUSE in self.complement and bool(clauses)))
        )


@dataclass(frozen=True, slots=True)
class LightVerb:
    """A verb that carries a noun naming the act.

    ``role`` is what its subject is to the act, "none" when the act itself is the subject. ``phase`` is None
    when the verb says nothing of beginning, going on or ending.
    """

    lemma: str
    role: LightRole
    phase: Phase | None


@dataclass(frozen=True, slots=True)
class Weapon:
    """A weapon or munition: the mode of an ASSAULT with it, and the item that a quantity of it counts."""

    lemma: str
    weapon_class: str
    mode: str
    item: str
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpeechVerb:
    """A cue that says who says so: a verb, a phrase, a noun or an adjective."""

    lemma: str
    speech_class: SpeechClass
    certainty: Certainty
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Cues:
    """Cues of factuality, as lemmas; cues of several words are to be matched word by word.

    What each list is for stands at the top of ``modals.toml``.
    """

    negations: frozenset[str]
    hypothetical_auxiliaries: frozenset[str]
    obligation_auxiliaries: frozenset[str]
    hypothetical_markers: frozenset[str]
    hypothetical_verbs: frozenset[str]
    hypothetical_nouns: frozenset[str]
    planned_auxiliaries: frozenset[str]
    planned_verbs: frozenset[str]
    planned_adjectives: frozenset[str]
    planned_adverbs: frozenset[str]
    historical_adjectives: frozenset[str]
    historical_adverbs: frozenset[str]
    failure_verbs: frozenset[str]
    refusal_verbs: frozenset[str]
    cessation_verbs: frozenset[str]
    attempt_verbs: frozenset[str]
    hearsay_adverbs: frozenset[str]
    probable_adverbs: frozenset[str]
    possible_adverbs: frozenset[str]
    accidents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ontology:
    """PLOVER with CAMEO codes. ``version`` is the data's version and the hash of its content.

    ``types`` are by name, ``modes`` by "TYPE-mode"; ``contexts`` and ``sectors`` map a name to its meaning.
    """

    version: str
    types: Mapping[str, EventType]
    modes: Mapping[str, Mode]
    contexts: Mapping[str, str]
    sectors: Mapping[str, str]
    cameo_codes: Mapping[str, CameoCode]
    _embedded: Mapping[tuple[str, str], str] = field(repr=False)

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Ontology:
        """Read and check ``plover.toml`` and ``cameo.toml``, ours or those in a folder.

        Raises:
            DataError: a line breaks the schema, or names what does not exist.
        """
        folder = folder or _data("ontology")
        plover, cameo = _File.read(folder, "plover.toml"), _File.read(folder, "cameo.toml")
        types = _read_types(plover)
        contexts, sectors = _read_meanings(plover, "context"), _read_meanings(plover, "sector")
        plover.refuse_other_tables("type", "context", "sector")
        codes = _read_codes(cameo, types, contexts)
        embedded = _read_embedded(cameo, types, codes)
        cameo.refuse_other_tables("code", "embedded")
        _check_fallbacks(plover, types, codes)
        modes = {mode.code: mode for event_type in types.values() for mode in event_type.modes}
        return cls(_version(plover, cameo), types, modes, contexts, sectors, codes, embedded)

    def quad_class(self, event_type: str) -> str:
        """The quad class of a type, one of QUAD_CLASSES.

        Raises:
            DataError: there is no such type.
        """
        return self._type(event_type).quad_class

    def score(self, event_type: str, mode: str | None = None) -> float:
        """The intensity, -10 to 10: the mode's, or the type's without a mode.

        Raises:
            DataError: there is no such type, or it has no such mode.
        """
        return self._type(event_type).score if mode is None else self._mode(event_type, mode).score

    def root_cameo(self, event_type: str, mode: str | None = None) -> str:
        """The CAMEO code of a type and mode when the words support nothing finer.

        Raises:
            DataError: there is no such type, or it has no such mode.
        """
        return self._type(event_type).cameo if mode is None else self._mode(event_type, mode).cameo

    def future(self, event_type: str) -> str:
        """The type of an act of this type that its own actor only announces, promises or plans.

        Raises:
            DataError: there is no such type.
        """
        return self._type(event_type).future

    def cameo(self, code: str) -> CameoCode:
        """A CAMEO code.

        Raises:
            DataError: there is no such code.
        """
        try:
            return self.cameo_codes[code]
        except KeyError:
            raise _unknown("CAMEO code", code, self.cameo_codes) from None

    def embedded(self, outer: str, inner_cameo: str) -> CameoCode | None:
        """The code of a request, offer, refusal, accusation or threat about an act with a code of its own.

        ``embedded("REQUEST", "0874")``, a demand to withdraw, is 1056. None when the table has no answer:
        then the outer act keeps the code of its own words.
        """
        for length in range(len(inner_cameo), 1, -1):
            code = self._embedded.get((outer, inner_cameo[:length]))
            if code:
                return self.cameo_codes[code]
        return None

    def explain(self, code: str) -> Explanation:
        """What a code means: a type, "TYPE-mode", a CAMEO code, a context or a sector; case does not matter.

        Raises:
            DataError: nothing has this code; the message names the nearest that exist.
        """
        wanted = code.strip().lower()
        for explanation in self._explanations():
            if explanation.code.lower() == wanted:
                return explanation
        known = [explanation.code for explanation in self._explanations()]
        raise _unknown("code of the codebook (a type, TYPE-mode, CAMEO code, context or sector)", code, known)

    def _type(self, name: str) -> EventType:
        try:
            return self.types[name]
        except KeyError:
            raise _unknown("event type", name, self.types) from None

    def _mode(self, event_type: str, mode: str) -> Mode:
        self._type(event_type)
        try:
            return self.modes[f"{event_type}-{mode}"]
        except KeyError:
            allowed = [m.name for m in self.types[event_type].modes]
            raise _unknown(f"mode of {event_type}", mode, allowed) from None

    def _explanations(self) -> Iterator[Explanation]:
        yield from map(_explain_type, self.types.values())
        yield from map(_explain_mode, self.modes.values())
        yield from map(_explain_cameo, self.cameo_codes.values())
        for name, meaning in self.contexts.items():
            yield Explanation(name, "context", name.replace("_", " "), meaning, ())
        for name, meaning in self.sectors.items():
            yield Explanation(name, "sector", name, meaning, ())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language. ``version`` is the data's version and the hash of its content.

    ``entries`` are in file order; ``light_verbs`` are by lemma.
    """

    version: str
    entries: tuple[Entry, ...]
    light_verbs: Mapping[str, LightVerb]
    cues: Cues
    _triggers: Mapping[tuple[str, str], tuple[Entry, ...]] = field(repr=False)
    _weapons: Mapping[str, Weapon] = field(repr=False)
    _speech: Mapping[tuple[str, str], SpeechVerb] = field(repr=False)

    @classmethod
    def load(cls, ontology: Ontology, folder: Traversable | None = None) -> Lexicon:
        """Read and check the lexicon's six files, ours or those in a folder, against an ontology.

        Raises:
            DataError: a line breaks the schema, names what the ontology lacks, repeats an id or can never
            apply.
        """
        folder = folder or _data("lexicon/en")
        names = ("verbs", "nouns", "lightverbs", "weapons", "speech", "modals")
        sources = {name: _File.read(folder, f"{name}.toml") for name in names}
        entries = _read_entries([sources["verbs"], sources["nouns"]], ontology)
        sources["lightverbs"].refuse_other_tables("lightverb")
        sources["weapons"].refuse_other_tables("weapon")
        return cls(
            version=_version(*sources.values()),
            entries=entries,
            light_verbs=_unique(sources["lightverbs"], "lightverb", _read_light_verb),
            cues=_read_cues(sources["modals"]),
            _triggers=_by_lemma(entries),
            _weapons=_unique(sources["weapons"], "weapon", lambda item: _read_weapon(item, ontology)),
            _speech=_read_speech(sources["speech"]),
        )

    def triggers(self, lemma: str, pos: PartOfSpeech) -> tuple[Entry, ...]:
        """The entries of a lemma, most specific first: the first that fits decides; () when there is none.

        Particle verbs, and verbs with their preposition, are looked up as "blow up" and "call for", before
        the verb alone; nouns with a compound or adjective as "air strike", before the noun alone.
        """
        return self._triggers.get((lemma, pos), ())

    def light_verb(self, lemma: str) -> bool:
        """Whether the verb (with its particle, if any) carries a noun that names the act."""
        return lemma in self.light_verbs

    def weapon(self, lemma: str) -> Weapon | None:
        """The weapon that a noun phrase names, by its longest known ending; None when it names none.

        "long-range ballistic missile" is the ballistic missile; "think tank" is not a tank.
        """
        words = lemma.split()
        for first in range(len(words)):
            found = self._weapons.get(" ".join(words[first:]))
            if found:
                return None if first and words[first - 1] in found.exceptions else found
        return None

    def speech(self, lemma: str) -> SpeechVerb | None:
        """The reporting verb ("say") or phrase ("according to"), or None."""
        return self._speech.get(("verb", lemma)) or self._speech.get(("phrase", lemma))

    def speech_noun(self, lemma: str) -> SpeechVerb | None:
        """The noun that attributes what is said ("statement", "remark"), or None."""
        return self._speech.get(("noun", lemma))

    def stance(self, lemma: str) -> SpeechVerb | None:
        """The adjective that says what its holder thinks of a claim ("skeptical"), or None."""
        return self._speech.get(("adjective", lemma))

    def speech_phrases(self) -> tuple[str, ...]:
        """The attributing phrases, longest first."""
        phrases = [lemma for kind, lemma in self._speech if kind == "phrase"]
        return tuple(sorted(phrases, key=lambda phrase: (-len(phrase.split()), phrase)))


@dataclass(frozen=True, slots=True)
class _Item:
    """One table of a data file, read field by field; what is not allowed raises DataError with its place."""

    file: str
    line: int | None
    name: str
    values: Mapping[str, Any]

    def error(self, found: str, allowed: str) -> DataError:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return DataError(f"{place}, {self.name}: {found}; {allowed}", subject=f"{self.file}:{self.name}")

    def only(self, *allowed: str) -> None:
        """Refuse any field that is not named, a misspelt one among them."""
        for key in self.values:
            if key not in allowed:
                raise self.error(f"unknown field {key!r}", f"allowed are {', '.join(allowed)}")

    def get(self, key: str, kind: type[_T], *, default: _T | None = None) -> _T:
        value = self.values.get(key, default)
        if value is None:
            raise self.error(f"no {key}", "it is required")
        if (isinstance(value, bool) and kind is not bool) or not isinstance(value, kind):
            raise self.error(f"{key} is {value!r}", f"it must be a {kind.__name__}")
        return value

    def text(self, key: str) -> str:
        value = self.get(key, str)
        if not value.strip():
            raise self.error(f"{key} is blank", "give its text")
        return value

    def number(self, key: str, low: float, high: float) -> float:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(f"{key} is {value!r}", f"it must be a number from {low:g} to {high:g}")
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words or names; () when the field is absent."""
        value = self.get(key, list, default=[])
        if not all(isinstance(one, str) and one.strip() for one in value) or len(set(value)) != len(value):
            raise self.error(f"{key} is {value!r}", "it must be a list of different, non-blank strings")
        return tuple(value)

    def choice(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        value = self.get(key, str, default=default)
        self._require(key, value, allowed)
        return value

    def optional_choice(self, key: str, allowed: Collection[str]) -> str | None:
        return self.choice(key, allowed) if key in self.values else None

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        values = self.texts(key)
        for value in values:
            self._require(key, value, allowed)
        return values

    def _require(self, key: str, value: str, allowed: Collection[str]) -> None:
        if value not in allowed:
            raise self.error(f"{key} is {value!r}", f"allowed are {_some(value, allowed)}")


@dataclass(frozen=True, slots=True)
class _File:
    """A data file: its name, text and parsed values."""

    name: str
    text: str
    values: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Traversable, name: str) -> _File:
        try:
            text = folder.joinpath(name).read_text(encoding="utf-8")
            values = tomllib.loads(text)
        except OSError as error:
            raise DataError(f"{name} cannot be read: {error}", subject=name) from error
        except ValueError as error:
            raise DataError(f"{name} is not UTF-8 TOML: {error}", subject=name) from error
        head = _Item(name, None, "the head", values)
        for key in ("version", "source", "licence"):
            head.text(key)
        return cls(name, text, values)

    def items(self, table: str, *, named_by: str) -> Iterator[_Item]:
        """The tables of an array, with the line of each and the name it gives itself."""
        lines = self.lines(table)
        for index, values in enumerate(self._tables(table)):
            line = lines[index] if index < len(lines) else None
            yield _Item(self.name, line, str(values.get(named_by, f"{table} {index + 1}")), values)

    def refuse_other_tables(self, *allowed: str) -> None:
        """Refuse a table or field that nothing reads."""
        _Item(self.name, None, "the file", self.values).only("version", "source", "licence", *allowed)

    def _tables(self, table: str) -> list[Mapping[str, Any]]:
        found = self.values.get(table, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise DataError(f"{self.name}: {table} must be an array of tables [[{table}]]", subject=self.name)
        return found

    def lines(self, table: str) -> list[int]:
        header = f"[[{table}]]"
        return [n for n, line in enumerate(self.text.splitlines(), 1) if line.strip() == header]


def _data(path: str) -> Traversable:
    return files("truceline").joinpath("data").joinpath(path)


def _version(*sources: _File) -> str:
    """The files' versions and the hash of their texts: equal content gives an equal version."""
    digest = hashlib.sha256("\0".join(source.text for source in sources).encode()).hexdigest()
    numbers = dict.fromkeys(str(source.values["version"]) for source in sources)
    return f"{'.'.join(numbers)}+{digest[:12]}"


def _unknown(what: str, found: str, known: Collection[str]) -> DataError:
    return DataError(f"no {what} {found!r}: {_some(found, known)}", subject=found)


def _some(found: str, known: Collection[str]) -> str:
    """The allowed values, or when they are many the nearest and how many there are."""
    if len(known) <= 20:
        return ", ".join(sorted(known)) or "none"
    folded = {value.lower(): value for value in known}
    near = difflib.get_close_matches(found.lower(), folded, n=3, cutoff=0.5)
    nearest = f"nearest are {', '.join(folded[value] for value in near)}, " if near else ""
    return f"{nearest}{len(known)} in all, such as {', '.join(sorted(known)[:3])}"


def _once(item: _Item, key: str, seen: Collection[Any]) -> None:
    if key in seen:
        raise item.error(f"{key!r} is there twice", "each may stand once")


def _unique(source: _File, table: str, read: Callable[[_Item], _T], *, key: str = "lemma") -> dict[str, _T]:
    found: dict[str, _T] = {}
    for item in source.items(table, named_by=key):
        name = item.text(key)
        _once(item, name, found)
        found[name] = read(item)
    return found


def _read_types(plover: _File) -> dict[str, EventType]:
    names = {str(values.get("name")) for values in plover.values.get("type", [])}
    mode_lines = iter(plover.lines("type.mode"))
    types = _unique(plover, "type", lambda item: _read_type(item, names, mode_lines), key="name")
    if not types:
        raise DataError(f"{plover.name} has no [[type]]", subject=plover.name)
    return types


def _read_type(item: _Item, names: Collection[str], mode_lines: Iterator[int]) -> EventType:
    item.only("name", "title", "meaning", "quad_class", "score", "cameo", "future", "examples", "mode")
    name = item.text("name")
    modes: dict[str, Mode] = {}
    for values in item.get("mode", list, default=[]):
        inner = _Item(item.file, next(mode_lines, None), f"{name}-{values.get('name')}", values)
        mode = _read_mode(inner, name)
        _once(inner, mode.name, modes)
        modes[mode.name] = mode
    return EventType(
        name=name,
        title=item.text("title"),
        meaning=item.text("meaning"),
        quad_class=item.choice("quad_class", QUAD_CLASSES),
        score=item.number("score", -10, 10),
        cameo=item.text("cameo"),
        future=item.choice("future", names, default=name),
        modes=tuple(modes.values()),
        examples=item.texts("examples"),
    )


def _read_mode(item: _Item, event_type: str) -> Mode:
    item.only("name", "meaning", "score", "cameo")
    return Mode(
        event_type=event_type,
        name=item.text("name"),
        meaning=item.text("meaning"),
        score=item.number("score", -10, 10),
        cameo=item.text("cameo"),
    )


def _read_meanings(plover: _File, table: str) -> dict[str, str]:
    def read(item: _Item) -> str:
        item.only("name", "meaning")
        return item.text("meaning")

    return _unique(plover, table, read, key="name")


def _read_codes(cameo: _File, types: Mapping[str, EventType], contexts: Collection[str]) -> dict[str, CameoCode]:
    return _unique(cameo, "code", lambda item: _read_code(item, types, contexts), key="code")


def _read_code(item: _Item, types: Mapping[str, EventType], contexts: Collection[str]) -> CameoCode:
    item.only("code", "meaning", "type", "mode", "contexts", "also", "origin", "note")
    code = item.text("code")
    if not (code.isascii() and code.isdecimal() and 2 <= len(code) <= 4):
        raise item.error(f"code is {code!r}", "it must be a string of two to four digits")
    event_type = item.optional_choice("type", types)
    return CameoCode(
        code=code,
        meaning=item.text("meaning"),
        event_type=event_type,
        mode=item.optional_choice("mode", _mode_names(types, event_type)),
        contexts=item.choices("contexts", contexts),
        also=item.choices("also", types),
        origin=item.get("origin", str, default="table"),
        note=item.text("note") if "note" in item.values else None,
    )


def _mode_names(types: Mapping[str, EventType], event_type: str | None) -> tuple[str, ...]:
    return tuple(mode.name for mode in types[event_type].modes) if event_type else ()


def _read_embedded(
    cameo: _File, types: Mapping[str, EventType], codes: Mapping[str, CameoCode]
) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for item in cameo.items("embedded", named_by="outer"):
        item.only("outer", "codes")
        outer = item.choice("outer", types)
        for inner, code in item.get("codes", dict).items():
            if inner not in codes:
                raise item.error(f"no CAMEO code {inner!r}", "give a code, or the first digits of codes")
            if code not in codes or not codes[code].carries(outer):
                raise item.error(f"{inner} gives {code!r}", f"it must be a CAMEO code of {outer}")
            found[outer, inner] = code
    return found


def _check_fallbacks(plover: _File, types: Mapping[str, EventType], codes: Mapping[str, CameoCode]) -> None:
    """The codes that types and modes fall back on exist and may be carried by the type."""
    for event_type in types.values():
        for name, code in [
            (event_type.name, event_type.cameo),
            *((m.code, m.cameo) for m in event_type.modes),
        ]:
            if code not in codes or not codes[code].carries(event_type.name):
                raise DataError(
                    f"{plover.name}, {name}: cameo is {code!r}; it must be a CAMEO code that "
                    f"cameo.toml maps to {event_type.name}",
                    subject=f"{plover.name}:{name}",
                )


def _explain_type(event_type: EventType) -> Explanation:
    details = [
        ("quad class", event_type.quad_class),
        ("score", f"{event_type.score:g}"),
        ("CAMEO", event_type.cameo),
    ]
    if event_type.modes:
        details.append(("modes", ", ".join(mode.name for mode in event_type.modes)))
    if event_type.future != event_type.name:
        details.append(("announced or planned", event_type.future))
    details += [("example", example) for example in event_type.examples]
    return Explanation(event_type.name, "type", event_type.title, event_type.meaning, tuple(details))


def _explain_mode(mode: Mode) -> Explanation:
    details = (("type", mode.event_type), ("score", f"{mode.score:g}"), ("CAMEO", mode.cameo))
    return Explanation(mode.code, "mode", mode.name, mode.meaning, details)


def _explain_cameo(code: CameoCode) -> Explanation:
    mapped = "-".join(filter(None, (code.event_type, code.mode))) or "a statement, not an event"
    details = [("PLOVER", mapped)]
    for label, values in (("contexts", code.contexts), ("also", code.also)):
        if values:
            details.append((label, ", ".join(values)))
    if code.note:
        details.append(("note", code.note))
    return Explanation(code.code, "cameo", f"CAMEO {code.code}", code.meaning, tuple(details))


def _read_entries(sources: Collection[_File], ontology: Ontology) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    places: dict[str, _Item] = {}
    for source in sources:
        source.refuse_other_tables("entry")
        for item in source.items("entry", named_by="id"):
            entry = _read_entry(item, ontology)
            _once(item, entry.id, entries)
            entries[entry.id], places[entry.id] = entry, item
    for group in _by_lemma(tuple(entries.values())).values():
        _check_reachable(group, places)
    return tuple(entries.values())


_ENTRY_FIELDS = (
    "id", "lemma", "pos", "type", "mode", "cameo", "subject", "object", "complement", "prep", "recipient",
    "actor", "symmetric", "weight", "example",
)  # fmt: skip


def _read_entry(item: _Item, ontology: Ontology) -> Entry:
    item.only(*_ENTRY_FIELDS)
    event_type = item.choice("type", ontology.types)
    entry = Entry(
        id=item.text("id"),
        lemma=item.text("lemma"),
        pos=item.choice("pos", get_args(PartOfSpeech)),  # type: ignore[arg-type]
        event_type=event_type,
        mode=item.optional_choice("mode", _mode_names(ontology.types, event_type)),
        cameo=item.choice("cameo", ontology.cameo_codes),
        subject=item.texts("subject"),
        object=item.texts("object"),
        complement=item.texts("complement"),
        prep=item.texts("prep"),
        recipient=item.choice("recipient", get_args(RecipientPlace)),  # type: ignore[arg-type]
        actor=item.choice("actor", get_args(ActorPlace), default="subject"),  # type: ignore[arg-type]
        symmetric=item.get("symmetric", bool, default=False),
        weight=item.number("weight", 0.3, 1),
        example=item.text("example"),
    )
    _check_entry(item, entry, ontology)
    return entry


def _check_entry(item: _Item, entry: Entry, ontology: Ontology) -> None:
    """What no one field shows: lower case, a code of the type, prepositions where they are needed."""
    for key in ("lemma", "subject", "object", "complement", "prep"):
        words = entry.lemma if key == "lemma" else "".join(getattr(entry, key))
        if words != words.lower():
            raise item.error(f"{key} is {item.values[key]!r}", "lemmas are lower case")
    if not ontology.cameo_codes[entry.cameo].carries(entry.event_type):
        mapped = ontology.cameo_codes[entry.cameo].event_type
        raise item.error(f"cameo {entry.cameo} is {mapped}", f"it must be a code of {entry.event_type}")
    if entry.recipient == "prep" and not entry.prep:
        raise item.error("recipient is 'prep' without prep", "name the prepositions")
    if ANY_CLAUSE in entry.complement and len(entry.complement) > 1:
        raise item.error("complement has '*' beside verbs", "give '*' alone or the verbs")


def _by_lemma(entries: Collection[Entry]) -> dict[tuple[str, str], tuple[Entry, ...]]:
    """The entries of each lemma, most specific first, else in file order."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.lemma, entry.pos), []).append(entry)
    return {key: tuple(sorted(group, key=_breadth)) for key, group in groups.items()}


def _breadth(entry: Entry) -> float:
    """How little an entry asks: the fewer conditions, the more; "any clause" is half a condition."""
    clause = 0.5 if entry.complement == (ANY_CLAUSE,) else float(bool(entry.complement))
    return -(bool(entry.subject) + bool(entry.object) + clause)


def _check_reachable(group: Collection[Entry], places: Mapping[str, _Item]) -> None:
    before: list[Entry] = []
    for entry in group:
        for earlier in before:
            if _covers(earlier, entry):
                item = places[entry.id]
                raise item.error(f"never reached: {earlier.id} fits whenever it does", "narrow one of them")
        before.append(entry)


def _covers(wide: Entry, narrow: Entry) -> bool:
    """Whether the first fits in every case that the second does."""
    return (
        _includes(wide.subject, narrow.subject)
        and _includes(wide.object, narrow.object)
        and _includes(wide.complement, narrow.complement)
    )


def _includes(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide or not narrow:
        return not wide
    return wide == (ANY_CLAUSE,) or set(narrow) <= set(wide)


def _holds(wanted: tuple[str, ...], found: Collection[str]) -> bool:
    return not wanted or any(word in found for word in wanted)


def _read_light_verb(item: _Item) -> LightVerb:
    item.only("lemma", "role", "phase")
    return LightVerb(
        lemma=item.text("lemma"),
        role=item.choice("role", get_args(LightRole)),  # type: ignore[arg-type]
        phase=item.optional_choice("phase", get_args(Phase)),  # type: ignore[arg-type]
    )


def _read_weapon(item: _Item, ontology: Ontology) -> Weapon:
    item.only("lemma", "class", "mode", "item", "except")
    return Weapon(
        lemma=item.text("lemma"),
        weapon_class=item.text("class"),
        mode=item.choice("mode", _mode_names(ontology.types, "ASSAULT")),
        item=item.text("item"),
        exceptions=item.texts("except"),
    )


def _read_speech(source: _File) -> dict[tuple[str, str], SpeechVerb]:
    kinds = ("verb", "phrase", "noun", "adjective")
    source.refuse_other_tables(*kinds)
    return {(kind, lemma): cue for kind in kinds for lemma, cue in _unique(source, kind, _read_speech_verb).items()}


def _read_speech_verb(item: _Item) -> SpeechVerb:
    item.only("lemma", "class", "certainty", "polarity")
    return SpeechVerb(
        lemma=item.text("lemma"),
        speech_class=item.choice("class", get_args(SpeechClass)),  # type: ignore[arg-type]
        certainty=item.choice("certainty", get_args(Certainty)),  # type: ignore[arg-type]
        polarity=item.choice("polarity", get_args(Polarity)),  # type: ignore[arg-type]
    )


def _read_cues(source: _File) -> Cues:
    source.refuse_other_tables("cues")
    values = _Item(source.name, None, "the file", source.values).get("cues", dict)
    item = _Item(source.name, None, "cues", values)
    names = tuple(one.name for one in fields(Cues))
    item.only(*names)
    lists = {name: frozenset(item.texts(name)) for name in names}
    for name, words in lists.items():
        if not words:
            raise item.error(f"no {name}", "each list needs its words")
    return Cues(**lists)

"""How many: the numbers of a sentence as intervals, with what they count, by a grammar of English.

The grammar reads word forms and the vocabulary of ``data/lexicon/en/counted.toml``; tags and the parse only
help to find the counted noun and the verb that says what befell people, so that a wrong parse breaks
little.

Bounds are closed. Things are counted in whole numbers ("more than 1,050" has low 1051); money, durations
and measures are not ("more than $5 billion" has low 5 billion). ``best`` is the number itself where it is
exact, or where the words round it ("about 200", "nearly 1,300"; then ``approximate`` is True, and "nearly"
has its high just below best). Vague numerals have only a low, and are approximate: "several" and "a few" 3,
"dozens" 24, "scores" 40, "hundreds" 200, "tens of thousands" 20000.

People become dead, injured, missing, captured or displaced by the words around them ("killing 12", "12 were
wounded"); where a number is of several at once ("killed or wounded") they stay people. Left alone:
ordinals, dates, times, ages, names ("F-16", "Resolution 1701", "Group of Seven"), scores of votes,
calibres, fractions, and "one" or "no" before a word that the vocabulary does not list.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, cast, get_args

from truceline.errors import DataError
from truceline.extract.time import ONES, TENS, FoundTime, time_spans, word_at
from truceline.nlp.sentence import Sentence, Word
from truceline.records import Quantity, QuantityKind

Change = Literal["cumulative", "increment"]
_T = TypeVar("_T")

_PATH = Path(__file__).parent.parent / "data" / "lexicon" / "en" / "counted.toml"
_RULES = ("more-than", "fewer-than", "nearly", "at-least", "up-to", "about")
_FATES = ("dead", "injured", "missing", "captured", "displaced")
_PEOPLE = ("people", *_FATES)
_THINGS = ("munition", "vehicle")
_LISTS = (
    "labels", "ends", "ignored", "inside", "passing", "left", "lasting", "timed", "lengthened", "undone",
    "unmeasured",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A quantity and where it hangs: ``head`` is the index of the counted word, else of the number.

    ``rule`` names what made the bounds. ``change`` is "cumulative" for totals ("a total of 64", "the toll
    rose to 64"), "increment" for additions ("another 12", "12 more"), None where the words do not say.
    """

    quantity: Quantity
    head: int
    rule: str
    change: Change | None


# -------------------------------------------------------------------------------------------- vocabulary


class _Item(NamedTuple):
    kind: QuantityKind
    name: str
    plural: bool


class _Currency(NamedTuple):
    unit: str | None
    name: str
    country: Mapping[str, str]


class _Unit(NamedTuple):
    kind: QuantityKind
    unit: str


@dataclass(frozen=True, slots=True)
class CountedItems:
    """The vocabulary around numbers, from ``counted.toml``; phrases are lower case, hyphens are spaces.

    ``fates`` has four tables from a phrase to the kind it makes of people: "takes", "states", "does",
    "nouns".
    ``before`` and ``after`` lead from a phrase to the rule of its bound. ``words`` are plain lists, by name.
    ``version`` is the hash of the file.
    """

    items: Mapping[str, _Item]
    fates: Mapping[str, Mapping[str, str]]
    before: Mapping[str, str]
    after: Mapping[str, str]
    currencies: Mapping[str, _Currency]
    units: Mapping[str, _Unit]
    words: Mapping[str, frozenset[str]]
    version: str

    @classmethod
    def load(cls, path: Path = _PATH) -> CountedItems:
        """Read and check the vocabulary.

        Raises:
            DataError: the file is not TOML, or an entry lacks a field, has another one, repeats a phrase, or
                has a value that is not allowed; the message names the file, the line and what is allowed.
        """
        source = _Source.read(path)
        items: dict[str, _Item] = {}
        for row in source.rows("item", {"kind", "lemmas"}, {"name", "plural"}):
            row.allowed("kind", get_args(QuantityKind))
            for phrase, item in _item_forms(row):
                row.add(items, phrase, item)
        before, after = _bounds(source)
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        return cls(items, _fates(source), before, after, _currencies(source), _units(source), source.words(), version)


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry of the file, with where it stands, so that an error can say so."""

    path: Path
    line: int
    table: str
    values: dict[str, Any]

    def wrong(self, found: str, allowed: str) -> DataError:
        return DataError(
            f"{self.path}:{self.line}: [[{self.table}]] has {found}: {allowed}", subject=f"{self.path}:{self.line}"
        )

    def allowed(self, key: str, values: Sequence[str]) -> None:
        if self.values[key] not in values:
            raise self.wrong(f"{key} = {self.values[key]!r}", f"give one of {', '.join(values)}")

    def text(self, key: str) -> str:
        """The text of a field, "" where the entry has none."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(f"{key} = {value!r}", "give a text")
        return value

    def phrases(self, key: str) -> list[str]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            raise self.wrong(f"{key} = {value!r}", "give a list of words")
        return [_phrase(word) for word in value]

    def add(self, table: dict[str, _T], phrase: str, value: _T) -> None:
        if table.get(phrase, value) != value:
            raise self.wrong(f"{phrase!r} a second time", "give each phrase one meaning")
        table[phrase] = value


@dataclass(frozen=True, slots=True)
class _Source:
    """A vocabulary file, parsed but not yet checked."""

    path: Path
    text: str
    data: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> _Source:
        text = path.read_text(encoding="utf-8")
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DataError(f"{path}: not TOML: {error}", subject=str(path)) from error
        if data.get("schema") != 1:
            raise DataError(f"{path}: schema is {data.get('schema')!r}: this reader knows 1", subject=str(path))
        return cls(path, text, data)

    def rows(self, table: str, needed: set[str], optional: set[str]) -> Iterator[_Row]:
        """The entries of a table, each with its line, once their fields are known to be the right ones."""
        heads = (i for i, line in enumerate(self.text.splitlines(), 1) if line.strip() == f"[[{table}]]")
        for line, values in zip(heads, self.data.get(table, []), strict=False):
            row = _Row(self.path, line, table, values)
            if missing := needed - set(values):
                raise row.wrong(f"no {', '.join(sorted(missing))}", "the field is needed")
            if unknown := set(values) - needed - optional:
                raise row.wrong(f"the field {', '.join(sorted(unknown))}", f"allowed are {sorted(needed | optional)}")
            yield row

    def words(self) -> dict[str, frozenset[str]]:
        """The plain word lists, each under its name."""
        values = self.data.get("words")
        row = _Row(self.path, 1, "words", values if isinstance(values, dict) else {})
        if set(row.values) != set(_LISTS):
            raise row.wrong(f"the fields {sorted(row.values)}", f"give {', '.join(_LISTS)}")
        return {key: frozenset(row.phrases(key)) for key in row.values}


def _phrase(words: str) -> str:
    """A phrase as the tables key it: lower case, hyphens and runs of space as one space."""
    return re.sub(r"[\s-]+", " ", words.lower()).strip() or words


def _plural(phrase: str) -> str:
    if phrase.endswith("man"):
        return phrase[:-2] + "en"
    if phrase.endswith(("s", "x", "ch", "sh")):
        return phrase + "es"
    return phrase[:-1] + "ies" if re.search(r"[^aeiou]y$", phrase) else phrase + "s"


def _singular(phrase: str) -> str:
    """The singular of a regular plural; a word that is none stays."""
    if phrase.endswith("men"):
        return phrase[:-2] + "an"
    if phrase.endswith("ies") and len(phrase) > 4:
        return phrase[:-3] + "y"
    if re.search(r"(?:s|x|ch|sh)es$", phrase):
        return phrase[:-2]
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith(("ss", "us", "is")) else phrase


def _item_forms(row: _Row) -> Iterator[tuple[str, _Item]]:
    """Each form of an item's lemmas, singular and plural; the name is the lemma where the entry gives none."""
    kind, name = row.values["kind"], row.text("name")
    lemmas, irregular = row.phrases("lemmas"), set(row.phrases("plural"))
    for phrase, lemma in zip(lemmas, row.values["lemmas"], strict=True):
        yield phrase, _Item(kind, name or lemma, phrase in irregular)
        if phrase not in irregular:
            yield _plural(phrase), _Item(kind, name or lemma, True)
    for phrase in sorted(irregular - set(lemmas)):
        yield phrase, _Item(kind, name or _singular(phrase), True)


def _bounds(source: _Source) -> tuple[dict[str, str], dict[str, str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for row in source.rows("bound", {"rule", "before", "after"}, set()):
        row.allowed("rule", _RULES)
        for table, key in ((before, "before"), (after, "after")):
            for phrase in row.phrases(key):
                row.add(table, phrase, row.values["rule"])
    return before, after


def _fates(source: _Source) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {"takes": {}, "states": {}, "does": {}, "nouns": {}}
    for row in source.rows("fate", {"kind", *tables}, set()):
        row.allowed("kind", _FATES)
        for key, table in tables.items():
            for phrase in row.phrases(key):
                row.add(table, phrase, row.values["kind"])
    return tables


def _currencies(source: _Source) -> dict[str, _Currency]:
    table: dict[str, _Currency] = {}
    for row in source.rows("currency", {"words", "unit", "name"}, {"country"}):
        pairs = row.values.get("country", [])
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise row.wrong(f"country = {pairs!r}", 'give pairs such as ["kenyan", "KES"]')
        currency = _Currency(row.text("unit") or None, row.text("name"), dict(pairs))
        for phrase in row.phrases("words"):
            row.add(table, phrase, currency)
            row.add(table, _plural(phrase), currency)
    return table


def _units(source: _Source) -> dict[str, _Unit]:
    table: dict[str, _Unit] = {}
    for row in source.rows("unit", {"words", "kind", "unit"}, set()):
        row.allowed("kind", ("duration", "other"))
        for phrase in row.phrases("words"):
            for form in {phrase, _plural(phrase)}:
                row.add(table, form, _Unit(row.values["kind"], row.text("unit")))
    return table


# ------------------------------------------------------------------------------------------ atoms, numbers

_ATOM = re.compile(
    r"""https?://\S+|www\.\S+|\S+@\S+
    |\d{1,2}:\d\d(?::\d\d)?
    |\d+(?:[./]\d+){2,}|\d+(?:[-–]\d+){2,}
    |\d+(?:st|nd|rd|th)\b|\d+0s\b
    |\d+[^\W\d_]+\d\w*
    |(?!(?:USD|EUR|GBP|UAH|RUB|KES)\d)[^\W\d_]+-?\d[\w-]*
    |(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w*\d)
    |(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\w.,]*\d|\s?-?mm\b)
    |(?<![\d.,])\d{1,3},\d\d?(?![\d,])
    |\d+(?:\.\d+)?
    |(?:[^\W\d_]\.){2,}|(?:approx|ca|nr|no)\.(?=\s?\d)
    |[^\W\d_]+(?:[’'](?!s\b)[^\W\d_]+)?|[’']s\b
    |\S""",
    re.VERBOSE | re.IGNORECASE,
)
_CUE = re.compile(
    r"\d|[½¼¾]|\b(?:dozens?|scores|hundreds?|thousands?|millions?|billions?|several|few|couple|handful|half|no|single"
    rf"|none|nobody|zero|without|tens|{'|'.join(ONES)}|{'|'.join(TENS)})\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+(?:[,\s]\d{3})*(?:\.\d+)?|\d{1,3},\d\d?")
_SCALES = {
    "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12, "bn": 1e9,
    "mn": 1e6, "mln": 1e6, "tn": 1e12, "trn": 1e12, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
_VAGUE = {
    "dozens": 24, "scores": 40, "tens": 20, "hundreds": 200, "thousands": 2000, "millions": 2_000_000,
    "billions": 2_000_000_000,
}  # fmt: skip
_FEW = {"several": 3, "few": 3, "handful": 3}
_CHARS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_FRACTIONS = re.compile(r"half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?")
_ORDINALS = re.compile(r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth")
_BIG = ("dozen", "hundred", "thousand", "million", "billion", "trillion", "lakh", "crore")


class _Atom(NamedTuple):
    """The grammar's own token, since tokenisers differ over "60bn" and "F-16"; offsets are the sentence's.

    ``glued`` is True when nothing lies between it and the atom before.
    """

    text: str
    low: str
    start: int
    end: int
    glued: bool


class _Number(NamedTuple):
    """A numeral: atoms ``first`` to before ``last``. ``scale`` is its multiplier's value, 1 without one."""

    value: float
    first: int
    last: int
    vague: bool = False
    scale: float = 1
    digits: bool = False


def _atoms(text: str) -> list[_Atom]:
    found: list[_Atom] = []
    for match in _ATOM.finditer(text):
        glued = bool(found) and found[-1].end == match.start()
        found.append(_Atom(match[0], match[0].lower().replace("’", "'"), match.start(), match.end(), glued))
    return found


def _low(atoms: Sequence[_Atom], index: int) -> str:
    """The atom's form in lower case, or "" outside the sentence."""
    return atoms[index].low if 0 <= index < len(atoms) else ""


def _hyphen(atoms: Sequence[_Atom], index: int) -> bool:
    """Whether the atom is a hyphen with words right on both sides."""
    return _low(atoms, index) in ("-", "‑") and atoms[index].glued and index + 1 < len(atoms) and atoms[index + 1].glued


def _number(atoms: Sequence[_Atom], index: int) -> _Number | None:
    """The numeral that begins at an atom, or None."""
    low = atoms[index].low
    if _DIGITS.fullmatch(low) or low in _CHARS:
        return _in_digits(atoms, index)
    if low in ("a", "an", "half", "several", "few", "couple", "handful", *_VAGUE):
        return _in_phrases(atoms, index)
    if low in ONES or low in TENS or (low in _BIG and _low(atoms, index - 1) != "per"):
        return _in_words(atoms, index)
    return _Number(0, index, index + 1) if low == "zero" else None


def _in_digits(atoms: Sequence[_Atom], index: int) -> _Number | None:
    low, after = atoms[index].low, index + 1
    if atoms[index].glued and _low(atoms, index - 1) == "/":
        return None
    plain = low.replace(",", ".") if re.fullmatch(r"\d+,\d\d?", low) else re.sub(r"[,\s]", "", low)
    value = _CHARS[low] if low in _CHARS else float(plain)
    if _low(atoms, after) == "/" and atoms[after].glued:
        return None
    if _low(atoms, after) in _CHARS:
        value, after = value + _CHARS[_low(atoms, after)], after + 1
    elif re.fullmatch(r"\d", _low(atoms, after)) and _low(atoms, after + 1) == "/" and atoms[after + 1].glued:
        below = _low(atoms, after + 2)
        if below.isdecimal() and int(below):
            value, after = value + int(_low(atoms, after)) / int(below), after + 3
    number = _scaled(atoms, _Number(value, index, after, digits=True))
    short = _SHORT_SCALES.get(_low(atoms, number.last))
    if short and number.scale == 1 and atoms[number.last].glued and _low(atoms, number.last) != "m":
        return number._replace(value=value * short, last=number.last + 1, scale=short)
    return number


def _scaled(atoms: Sequence[_Atom], number: _Number) -> _Number:
    """The number with "and a half" and the multiplier words that follow it."""
    after = number.last
    if [_low(atoms, after + i) for i in range(3)] == ["and", "a", "half"]:
        number = number._replace(value=number.value + 0.5, last=after + 3)
    for _ in range(3):
        after = number.last + _hyphen(atoms, number.last)
        scale = _SCALES.get(_low(atoms, after))
        if scale is None:
            return number
        number = number._replace(value=number.value * scale, last=after + 1, scale=number.scale * scale)
    return number


def _in_words(atoms: Sequence[_Atom], index: int) -> _Number | None:
    """A cardinal in words ("twenty-one", "two hundred and fifty thousand")."""
    total, current, scale, at = 0.0, 0.0, 1.0, index
    while at < len(atoms):
        low = atoms[at].low
        step = at
        if low in ONES or low in TENS:
            value = ONES.get(low) or TENS[low]
            joins = (
                current == 0
                or (current % 100 == 0 and current >= 100)
                or (value < 10 and current % 100 in TENS.values())
            )
            if not joins:
                break
            current, scale = current + value, 1
        elif low in _SCALES and low not in ("bn", "mn", "mln", "tn", "trn"):
            size = _SCALES[low]
            if size < 1000:
                current = (current or 1) * size
            else:
                total, current = total + (current or 1) * size, 0
            scale = size
        elif low == "and" and at > index and _joined_by_and(atoms, at, current, total):
            at += 1
            continue
        elif not (_hyphen(atoms, at) and (_low(atoms, at + 1) in ONES or _low(atoms, at + 1) in _BIG)):
            break
        at = step + 1
    if at == index or (_hyphen(atoms, at) and _ORDINALS.fullmatch(_low(atoms, at + 1))):
        return None
    number = _Number(total + current, index, at, scale=scale)
    return _scaled(atoms, number) if scale == 1 else number


def _joined_by_and(atoms: Sequence[_Atom], at: int, current: float, total: float) -> bool:
    """Whether an "and" inside a number goes on with it ("a hundred and fifty"), not with another number."""
    before, after = _low(atoms, at - 1), _low(atoms, at + 1)
    return before in ("hundred", "thousand", "million") and (after in ONES or after in TENS)


def _in_phrases(atoms: Sequence[_Atom], index: int) -> _Number | None:
    """Numerals of several words and vague ones: "half a million", "a few dozen", "tens of thousands"."""
    low, after = atoms[index].low, _low(atoms, index + 1)
    if low == "half":
        at = index + 1 + (after in ("a", "an") or _hyphen(atoms, index + 1))
        scale = _SCALES.get(_low(atoms, at))
        return _Number(0.5 * scale, index, at + 1, scale=scale) if scale else None
    if low in _VAGUE:
        return _vague(atoms, index)
    if low == "several":
        return _times(atoms, index, index + 1, 3)
    if low in ("few", "couple", "handful"):
        return _times(atoms, index, index + 1, 3) if low == "few" and after in ("dozen", *_BIG) else None
    if after in _BIG:
        return _from(atoms, index)
    if after == "half" and low == "a":
        inner = _in_phrases(atoms, index + 1)
        return inner._replace(first=index) if inner else None
    if after == "couple":
        at = index + 2 + (_low(atoms, index + 2) == "of")
        scale = _SCALES.get(_low(atoms, at))
        return _Number(2 * (scale or 1), index, at + bool(scale), vague=False, scale=scale or 1)
    return _times(atoms, index, index + 2, 3) if after in _FEW else None


def _from(atoms: Sequence[_Atom], index: int) -> _Number | None:
    """The cardinal after an article, with the article."""
    number = _in_words(atoms, index + 1)
    return number._replace(first=index) if number else None


def _times(atoms: Sequence[_Atom], first: int, at: int, value: float) -> _Number:
    """A vague few of a multiplier: "several hundred" is 300 or more."""
    scale = 1.0
    while _low(atoms, at) in _SCALES:
        scale, at = scale * _SCALES[_low(atoms, at)], at + 1
    return _Number(value * scale, first, at, vague=True, scale=scale)


def _vague(atoms: Sequence[_Atom], index: int) -> _Number:
    """Plural multipliers; "hundreds of thousands" is two hundred thousand or more."""
    value, at = float(_VAGUE[atoms[index].low]), index + 1
    while _low(atoms, at) == "of" and _low(atoms, at + 1) in ("hundreds", "thousands", "millions", "billions"):
        value, at = value * _VAGUE[_low(atoms, at + 1)] / 2, at + 2
    return _Number(value, index, at, vague=True)


# ---------------------------------------------------------------------------------------------- reading

_DETERMINERS = ("the", "these", "those", "its", "their", "his", "her", "our", "all", "a", "an", "some", "any")
_FILLERS: Mapping[str, Change | None] = {
    "another": "increment", "a further": "increment", "further": "increment", "an additional": "increment",
    "additional": "increment", "an extra": "increment", "a total of": "cumulative", "total of": "cumulative",
    "a combined total of": "cumulative", "a combined": "cumulative", "the": None, "a record": None,
    "only": None, "just": None, "exactly": None, "as": None, "of": None, "the remaining": None,
}  # fmt: skip
_RISES = re.compile(
    r"\b(?:rose|risen|rising|rises?|increas\w+|grew|grown|climb\w*|jump\w*|fell|fallen|drop\w*|declin\w+|went|cut"
    r"|reduc\w+|rais\w+|up|down|revis\w+|decreas\w+)\b[^.;,\d]*\bfrom\s+$",
    re.IGNORECASE,
)
_TOTALS = re.compile(
    r"\b(?:toll|total|number of \w+(?: \w+)?)\b[^.;,\d]*"
    r"\b(?:to|at|of|is|was|reach\w*|hit|stands?|stood|now)\b[^.;,\d]*$",
    re.IGNORECASE,
)
_BE = frozenset(
    ["was", "were", "is", "are", "be", "been", "being", "got", "get", "gets", "remain", "remained", "remains"]
)
_STOPS = frozenset(".;:!?")
_DEMONYM = re.compile(r"[A-Z]\w+(?:ans|[bdhklmnqrt]is|ites|ims|ews|urds|rabs|erbs|roats|urks|ists)")
_PART_CUE = re.compile(
    r"\bincluding\b[^.;:()]{0,60}$|\b(?:among|of) (?:them|whom|these|those|which)\b,?(?: \w+){0,2},?\s*$", re.IGNORECASE
)
_AND = re.compile(r"\s*(?:,|,?\s*(?:and|or|plus|&|as well as|along with|together with))\s*", re.IGNORECASE)
_BREAKDOWN = re.compile(r"\s*(?:\(|:|[–—-])\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A quantity in the making: atoms ``begin`` to before ``stop``, its counted word at atom ``head``.

    ``fated`` is True once the kind says what befell the people, ``given`` where a verb said so, which those
    coordinated with them share. ``more`` marks "12 others" and "12 more". ``whole`` is the place of the whole
    it is part of among the drafts.
    """

    number: _Number
    begin: int
    stop: int
    head: int
    kind: QuantityKind
    item: str
    bounds: tuple[str, ...] = ()
    upper: float | None = None
    unit: str | None = None
    change: Change | None = None
    fated: bool = False
    given: bool = False
    more: bool = False
    whole: int | None = None

    @property
    def is_people(self) -> bool:
        return self.kind in _PEOPLE


class _Lead(NamedTuple):
    """What stands before a number: the atom where the quantity begins, bounds from the outside in, change."""

    begin: int
    bounds: tuple[str, ...]
    change: Change | None


class _Noun(NamedTuple):
    """A counted noun: its atom, where it ends, what it is, and the fate that a participle gave it."""

    head: int
    stop: int
    item: _Item
    listed: bool
    fate: str | None = None


class _Reading:
    """One sentence being read for quantities; everything it holds is made at the start and never changed."""

    def __init__(self, sentence: Sentence, items: CountedItems, masked: Sequence[tuple[int, int]]) -> None:
        self.sentence = sentence
        self.text = sentence.text
        self.items = items
        self.atoms = _atoms(sentence.text)
        self._masked = [
            any(start < sentence.start + atom.end and sentence.start + atom.start < end for start, end in masked)
            for atom in self.atoms
        ]
        self._starts = [word.start for word in sentence.words]
        self._ends = items.words["ends"]
        self._left_stops = items.words["left"] | _STOPS | _BE

    # ---- the walk

    def read(self) -> list[_Draft]:
        """The quantities in reading order, before parts and wholes are linked."""
        drafts: list[_Draft] = []
        at = 0
        while at < len(self.atoms):
            if self._masked[at]:
                at += 1
                continue
            nothing = self._nothing(at, drafts)
            if nothing:
                drafts += nothing
                at = nothing[-1].stop
                continue
            number = _number(self.atoms, at)
            if number is None:
                at += 1
                continue
            found = self._counted(number, drafts)
            drafts += found
            at = max([number.last, *(draft.stop for draft in found)])
        return drafts

    def _counted(self, number: _Number, drafts: Sequence[_Draft]) -> list[_Draft]:
        """What a number counts: nothing, one thing, or a part and its whole ("12 of the 40 drones")."""
        if self._names(number):
            return []
        number, upper = self._range(self._repeated(number))
        measured = self._money(number, upper) or self._measure(number, upper)
        if measured is not None:
            return measured
        lead = self._lead(number, upper)
        after, bounds = self._after(number.last)
        draft = _Draft(
            number, lead.begin, after, number.last - 1, "people", "people", lead.bounds + bounds, upper,
            change=lead.change,
        )  # fmt: skip
        stuck = self._glued(after) and self._low(after).isalpha()
        if stuck or _hyphen(self.atoms, after) or self._low(after) in self.items.words["unmeasured"]:
            return []
        parted = self._of_number(draft, drafts)
        if parted is not None:
            return parted
        named = self._with_noun(draft)
        if named is not None:
            return named
        bare = self._bare(draft, drafts)
        return [bare] if bare else []

    def _repeated(self, number: _Number) -> _Number:
        """The number with its repetition in brackets taken in ("ten (10) ambulances")."""
        at = number.last
        again = _number(self.atoms, at + 1) if self._low(at) == "(" and at + 2 < len(self.atoms) else None
        if again is None or again.value != number.value or self._low(again.last) != ")":
            return number
        return number._replace(last=again.last + 1)

    def _low(self, index: int) -> str:
        return _low(self.atoms, index)

    def _phrase_at(self, index: int, length: int) -> str:
        """The form of so many atoms from one on, hyphens as spaces; "" beyond the sentence."""
        if index < 0 or index + length > len(self.atoms) or self.atoms[index + length - 1].low == "-":
            return ""
        return " ".join(atom.low for atom in self.atoms[index : index + length] if atom.low not in ("-", "‑"))

    def _word(self, index: int) -> Word | None:
        """The word that holds an atom's last character."""
        at = bisect_right(self._starts, self.sentence.start + self.atoms[index].end - 1) - 1
        return self.sentence.words[at] if at >= 0 else None

    # ---- names, ranges, bounds

    def _names(self, number: _Number) -> bool:
        """Whether the number names, dates or divides rather than counts."""
        first, before = number.first, self._low(number.first - 1)
        if before == "#" or (self.atoms[first].glued and before in ("_", ".", ":", "№", "@")):
            return True
        if self.atoms[first].glued and before in ("-", "/") and self._low(first - 2)[-1:].isalnum():
            return True
        if {before, self._low(first - 2)} & {"aged", "ages"}:
            return True
        if self._capital(first - 1) and before in self.items.words["labels"]:
            return True
        if before == "of" and self._low(first - 2) == "group" and self._capital(first - 2):
            return True
        spelled = not number.digits and self.atoms[first].text[:1].isupper() and number.value <= 20
        if spelled and self._capital(first - 1) and first > 1:
            return True
        return self._divides(number) or self._year_like(number) or self._moves(number)

    def _capital(self, index: int) -> bool:
        return index >= 0 and self.atoms[index].text[:1].isupper()

    def _divides(self, number: _Number) -> bool:
        """Fractions ("two-thirds") and ratios ("one in five")."""
        after = number.last + _hyphen(self.atoms, number.last)
        fraction = _FRACTIONS.fullmatch(self._low(after))
        if fraction and not number.digits and (number.value == 1 or fraction[0].endswith("s")):
            return True
        before, earlier = self._low(number.first - 1), self._low(number.first - 2)
        return (before == "in" and earlier in ONES) or before == "every"

    def _year_like(self, number: _Number) -> bool:
        text = self.atoms[number.first].text
        if not re.fullmatch(r"(?:19|20)\d\d", text) or number.last - number.first > 1 or number.scale > 1:
            return False
        if self._lead(number, None).bounds:
            return False
        noun = self._noun(number.last, number.value)
        return not (noun and noun.listed)

    def _moves(self, number: _Number) -> bool:
        """Whether the number is what a figure rose or fell from."""
        left = self.text[: self.atoms[self._lead(number, None).begin].start]
        return bool(_RISES.search(left)) and "to" in (self._low(number.last), self._low(number.last + 1))

    def _range(self, number: _Number) -> tuple[_Number, float | None]:
        """The number widened to a range that it begins, with the range's upper end."""
        at = number.last
        joint = self._low(at)
        begin = self._lead(number, None).begin
        begin -= self._low(begin - 1) in self.items.currencies
        between = self._low(begin - 1) == "between"
        glued = joint in ("-", "–", "—", "‑") and (
            (self.atoms[at].glued and at + 1 < len(self.atoms) and self.atoms[at + 1].glued)
            or (number.digits and (joint != "-" or self._low(number.first - 1) in ("from", "between")))
        )
        if not (glued or joint in ("to", "or") or (joint == "and" and between)):
            return number, None
        at += 1
        while self._low(at) in ("about", "some", "around", "$", "€", "£", "possibly", "perhaps", "even"):
            at += 1
        second = _number(self.atoms, at) if at < len(self.atoms) and not self._masked[at] else None
        if second is None or second.vague or number.vague:
            return number, None
        value = number.value
        if second.scale > 1 and number.scale == 1 and value < second.value / second.scale:
            value *= second.scale
        if second.value <= value or (joint == "or" and second.value > 3 * value):
            return number, None
        return number._replace(value=value, last=second.last, scale=second.scale), second.value

    def _lead(self, number: _Number, upper: float | None, *, begin: int | None = None) -> _Lead:
        """The bounds before a number, nearest last; words that are no bound ("another") may stand between."""
        start = at = number.first if begin is None else begin
        bounds: tuple[str, ...] = ()
        change: Change | None = None
        while at > 0:
            length = next((n for n in range(5, 0, -1) if self._phrase_before(at, n) in self.items.before), 0)
            if length:
                at = start = at - length
                bounds = (self.items.before[self._phrase_before(at + length, length)], *bounds)
                continue
            length = next((n for n in range(4, 0, -1) if self._phrase_before(at, n) in _FILLERS), 0)
            if not length:
                break
            change = change or _FILLERS[self._phrase_before(at, length)]
            at -= length
        if upper is not None and self._low(start - 1) == "between":
            start -= 1
        if change is None and _TOTALS.search(self.text[: self.atoms[start].start]):
            change = "cumulative"
        return _Lead(start, bounds, change)

    def _phrase_before(self, at: int, length: int) -> str:
        if length > at or any(self._masked[at - length : at]):
            return ""
        return " ".join(atom.low for atom in self.atoms[at - length : at])

    def _after(self, at: int) -> tuple[int, tuple[str, ...]]:
        """Bounds right after a number ("20-odd", "50+", "20 or more"), and the atom behind them."""
        if _hyphen(self.atoms, at) and self._low(at + 1) in ("odd", "plus"):
            return at + 2, ("about" if self._low(at + 1) == "odd" else "at-least",)
        for length in range(4, 0, -1):
            phrase = self._phrase_at(at, length)
            rule = self.items.after.get(phrase)
            if rule and (phrase != "+" or self.atoms[at].glued):
                return at + length, (rule,)
        return at, ()

    # ---- money and measures

    def _money(self, number: _Number, upper: float | None) -> list[_Draft] | None:
        symbol = self._symbol(number.first)
        if symbol is not None:
            begin, currency = symbol
            short = _SHORT_SCALES.get(self._low(number.last), 1) if self._glued(number.last) else 1
            if number.scale == 1 and short > 1:
                number = number._replace(value=number.value * short, last=number.last + 1, scale=short)
                upper = upper * short if upper else None
            stop = number.last + (self._low(number.last) in ("dollars", "euros"))
            return self._valued(_Draft(number, begin, stop, stop - 1, "money", currency.name, (), upper, currency.unit))
        named = self._currency_after(number.last)
        if named is None:
            return None
        stop, currency, unit = named
        draft = _Draft(number, number.first, stop, stop - 1, "money", currency.name, (), upper, unit)
        if currency.name == "pound" and self._low(stop) == "of":
            draft = replace(draft, kind="other", item="lb", unit="lb")
        return self._valued(draft)

    def _glued(self, index: int) -> bool:
        return index < len(self.atoms) and self.atoms[index].glued

    def _symbol(self, first: int) -> tuple[int, _Currency] | None:
        """The currency sign or code before a number, and where it begins."""
        sign = self._low(first - 1)
        if first < 1 or sign not in self.items.currencies:
            return None
        if sign.isalpha() and not (self.atoms[first - 1].text.isupper() and len(sign) == 3):
            return None
        prefix = self._low(first - 2) + sign
        if first >= 2 and self.atoms[first - 1].glued and prefix in self.items.currencies:
            return first - 2, self.items.currencies[prefix]
        return first - 1, self.items.currencies[sign]

    def _currency_after(self, at: int) -> tuple[int, _Currency, str | None] | None:
        """The currency named after a number: where its words end, and its unit by country."""
        at += _hyphen(self.atoms, at)
        for skip in range(3):
            word = self._low(at + skip)
            currency = self.items.currencies.get(word)
            if currency is None:
                continue
            code = currency.unit is not None and word.upper() == currency.unit
            if not word.isalpha() or (code and not self.atoms[at + skip].text.isupper()):
                continue
            country = " ".join(self._low(at + i) for i in range(skip))
            if not country or country in ("us", "u.s.", "american"):
                return at + skip + 1, currency, currency.unit
            if country in currency.country:
                return at + skip + 1, currency, currency.country[country]
        return None

    def _measure(self, number: _Number, upper: float | None) -> list[_Draft] | None:
        """A duration, distance, area, weight or percentage; an empty list for an age or an attribute."""
        joined = _hyphen(self.atoms, number.last)
        at = number.last + (joined or self._low(number.last) in self.items.words["lengthened"])
        length = next((n for n in (3, 2, 1) if self._unit_at(at, n)), 0)
        if not length or self._masked[at]:
            return None
        if self._capital(at) and self._capital(number.first) and not number.digits and number.first:
            return []  # the Thirty Years' War
        unit, stop = self.items.units[self._unit_at(at, length)], at + length
        word = self._low(at)
        if word == "m" and (noun := self._noun(stop, number.value)) and noun.listed and noun.item.kind == "people":
            return None
        if word in ("second", "m", "t", "min", "mi", "ha", "sec") and not (joined or number.digits):
            return None
        follower = self._low(stop + _hyphen(self.atoms, stop))
        if follower == "old" or (follower in ("/", "per") and unit.kind != "duration"):
            return []
        if unit.unit in ("kg", "t", "lb") and follower.isalpha() and follower not in self._ends:
            return []
        if self._idle_one(number, unit, joined):
            return []
        item = "percent" if unit.unit == "%" else unit.unit
        return self._valued(_Draft(number, number.first, stop, stop - 1, unit.kind, item, (), upper, unit.unit))

    def _unit_at(self, at: int, length: int) -> str:
        phrase = self._phrase_at(at, length)
        return phrase if phrase in self.items.units else ""

    def _idle_one(self, number: _Number, unit: _Unit, joined: bool) -> bool:
        """Whether it is the "one day" of a story rather than a length of time."""
        if unit.kind != "duration" or joined or number.value != 1 or self._lead(number, None).bounds:
            return False
        before = self._low(number.first - 1)
        return before not in self.items.words["timed"]

    def _valued(self, draft: _Draft) -> list[_Draft]:
        """A draft of money or a measure with the bounds around it."""
        lead = self._lead(draft.number, draft.upper, begin=draft.begin)
        after, bounds = self._after(draft.stop)
        during = self._low(lead.begin) == "over" and self._low(lead.begin - 1) not in self.items.words["lasting"]
        if draft.kind == "duration" and during:
            lead = lead._replace(begin=draft.begin, bounds=())
        bounds = lead.bounds + bounds
        return [replace(draft, begin=lead.begin, stop=after, bounds=bounds, change=lead.change, fated=True)]

    # ---- counted nouns

    def _of_number(self, draft: _Draft, drafts: Sequence[_Draft]) -> list[_Draft] | None:
        """N of the M things: part and whole, but not the whole that only recalls a few ("one of the two")."""
        at = draft.stop
        if self._low(at) == "out":
            at += 1
        if self._low(at) != "of" or at + 1 >= len(self.atoms):
            return None
        at += 1
        definite = self._low(at) in _DETERMINERS
        at += definite
        number = _number(self.atoms, at) if at < len(self.atoms) and not self._masked[at] else None
        if number is None or (draft.number.vague and not definite and number.first == at and self._low(at) in _VAGUE):
            return None
        whole = next(iter(self._counted(number, ())), None)
        if whole is None or whole.unit is not None:
            return []
        fate = self._fate_after(whole.stop)
        base = whole.kind if not whole.fated else "people"
        kind = cast(QuantityKind, fate if fate in _FATES and base == "people" else base)
        part = replace(draft, kind=kind, item=whole.item, fated=fate is not None, whole=len(drafts) + 1)
        if fate is not None:
            whole = replace(whole, kind=base, fated=True)
        recalled = definite and not number.digits and number.value <= 10
        if recalled:
            stop = whole.stop
            return [replace(part, whole=None, stop=stop, head=whole.head)] if part.number.value < number.value else []
        return [part, whole]

    def _with_noun(self, draft: _Draft) -> list[_Draft] | None:
        """The draft with the noun behind its number; empty where nothing is counted, None without one."""
        at, more = self._to_noun(draft)
        noun = self._noun(at, draft.upper or draft.number.value) if at >= 0 else None
        if noun is None:
            return None
        if self._is_idle(draft, noun):
            return []
        draft = replace(
            draft, stop=noun.stop, head=noun.head, kind=noun.item.kind, item=noun.item.name, more=more,
            change=draft.change or ("increment" if more and self._low(at - 1) != "other" else None),
        )  # fmt: skip
        draft = self._with_second(draft) if noun.item.kind == "people" else draft
        after, bounds = self._after(draft.stop)
        if bounds:
            draft = replace(draft, stop=after, bounds=draft.bounds + bounds)
        return [self._with_fate(draft, noun)]

    def _with_fate(self, draft: _Draft, noun: _Noun) -> _Draft:
        """The draft with what befell people; unlisted nouns are taken for people when killed or wounded."""
        if noun.item.kind in _FATES or noun.item.name == "casualty":
            return replace(draft, fated=True)
        if draft.kind not in ("people", "other") or (draft.kind == "other" and noun.listed):
            return draft
        fate = noun.fate or self._befalls(draft, listed=noun.listed)
        if fate is None or not (noun.listed or fate in ("dead", "injured")):
            return draft
        return replace(draft, kind=cast(QuantityKind, fate), fated=True, given=True)

    def _to_noun(self, draft: _Draft) -> tuple[int, bool]:
        """Where the counted noun begins, past "of the" and "more"; -1 when the number has none."""
        at, more = draft.stop, False
        if self._low(at) in ("other", "more", "additional", "further", "new", "extra", "fresh"):
            at, more = at + 1, True
        if self._low(at) == "of":
            definite = self._low(at + 1) in _DETERMINERS
            if not (definite or draft.number.vague or draft.number.scale > 1):
                return -1, more
            at += 1 + definite
        return at, more

    def _is_idle(self, draft: _Draft, noun: _Noun) -> bool:
        """Whether the noun is no thing counted: "the two sides", "one side", "three times"."""
        ignored = self.items.words["ignored"]
        if noun.item.name in ignored or self._low(noun.head) in ignored:
            return True
        if draft.upper is not None and noun.item.name == "vote":
            return True  # a result, not a count
        if draft.number.value > 1 and not self._is_plural(noun.head, noun.item if noun.listed else None):
            labelled = self._low(draft.begin - 1) in self.items.words["labels"]
            designated = re.search(r"\d", self.atoms[noun.head].text) is not None
            if labelled or not (noun.listed or designated):
                return True
        small = not draft.number.digits and draft.number.value <= 10 and not draft.bounds
        before = self._low(draft.begin - 1)
        recalled = small and before in ("the", "these", "those", "both", "its", "their", "his", "her")
        picked = self._low(draft.stop) == "of" and noun.item.kind == "other"
        one = draft.number.value <= 1 and not draft.bounds and (picked or not noun.listed)
        return one or (recalled and noun.item.kind == "other")

    def _run(self, at: int) -> list[int]:
        """The atoms from ``at`` that can belong to one noun phrase."""
        run: list[int] = []
        while at < len(self.atoms) and len(run) < 9 and not self._masked[at]:
            atom = self.atoms[at]
            calibre = atom.low.isdigit() and self._low(at + 1 + _hyphen(self.atoms, at + 1)) in (
                "mm",
                "kg",
                "km",
                "mm-",
            )
            fine = atom.text[:1].isalpha() or _hyphen(self.atoms, at) or atom.low == "'s" or calibre
            if not fine or atom.low in self._ends or (run and self._breaks(at)):
                break
            if run and atom.low in self.items.fates["states"] and not self._people_at(at + 1):
                break
            run.append(at)
            at += 1
        return run

    def _breaks(self, at: int) -> bool:
        """Whether the word's tag says that no noun phrase holds it."""
        word = self._word(at)
        if word is None:
            return False
        if word.upos == "VERB":
            return word.xpos in ("VBD", "VBZ", "VBP", "VB")
        listed = _phrase(self.atoms[at].low) in self.items.items
        return not listed and word.upos in ("AUX", "PRON", "DET", "CCONJ", "SCONJ", "ADP", "PART")

    def _people_at(self, at: int) -> bool:
        item = self.items.items.get(self._low(at)) or self.items.items.get(self._phrase_at(at, 2))
        return item is not None and item.kind in ("people", "captured", "displaced", "dead")

    def _listed(self, run: Sequence[int], end: int) -> _Item | None:
        """The item of the longest listed phrase that ends with the atom ``run[end]``."""
        for first in range(max(0, end - 5), end + 1):
            phrase = _phrase(" ".join(self.atoms[i].low for i in run[first : end + 1]))
            if self.atoms[run[first]].low != "-" and (item := self.items.items.get(phrase)):
                return item
        return None

    def _noun(self, at: int, value: float) -> _Noun | None:
        """The noun that a number at its left counts."""
        run = self._run(at)
        if not run:
            return None
        state = self.items.fates["states"].get(self.atoms[run[0]].low)
        if state and not (len(run) > 1 and self._people_at(run[1])):
            return self._fate_as_noun(run[0], state)
        listed = [self._listed(run, end) for end in range(len(run))]
        pick = self._pick(run, listed, plural=value > 1 or value == 0)
        if pick is None:
            return None
        item = listed[pick]
        if item is None:
            name = self._unlisted_name(run[pick])
            people = _DEMONYM.fullmatch(self.atoms[run[pick]].text) is not None
            kind: QuantityKind = "people" if people else "other"
            return _Noun(run[pick], run[pick] + 1, _Item(kind, name, True), listed=people, fate=state)
        return _Noun(
            run[pick], self._with_of(run[pick]), item, listed=True, fate=state if item.kind == "people" else None
        )

    def _unlisted_name(self, index: int) -> str:
        """The singular of a noun that the vocabulary lacks; designations keep their capitals ("F-16")."""
        atom, word = self.atoms[index], self._word(index)
        if re.search(r"\d", atom.text):
            return atom.text.removesuffix("s")
        if _DEMONYM.fullmatch(atom.text):
            return atom.low[:-1]
        return word.lemma if word and word.upos == "NOUN" and word.lemma else _singular(atom.low)

    def _with_second(self, draft: _Draft) -> _Draft:
        """The draft with a second noun that the same number counts ("nine women and children")."""
        run = self._run(draft.stop + 1) if self._low(draft.stop) == "and" and draft.number.value > 1 else []
        second = self._listed(run, 0) if run else None
        if second is None or second.kind != "people" or not second.plural:
            return draft
        return replace(draft, stop=run[0] + 1, item="people")

    def _with_of(self, head: int) -> int:
        """Where a noun ends that goes on with "of war" and the like."""
        phrase = self._phrase_at(head, 3)
        return head + 3 if " of " in phrase and phrase in self.items.items else head + 1

    def _fate_as_noun(self, at: int, state: str) -> _Noun:
        """Such as "Five dead", or "500 dead and wounded", who are casualties."""
        other = self.items.fates["states"].get(self._low(at + 2))
        if self._low(at + 1) in ("and", "or") and other and other != state:
            return _Noun(at, at + 3, _Item("people", "casualty", True), listed=True, fate="people")
        return _Noun(at, at + 1, _Item(cast(QuantityKind, state), "people", True), listed=True)

    def _pick(self, run: Sequence[int], listed: Sequence[_Item | None], *, plural: bool) -> int | None:
        """The place in the run of the counted noun: the first plural that no other noun follows."""
        if plural:
            many = [i for i in range(len(run)) if self._is_plural(run[i], listed[i])]
            for i in many:
                if i + 1 not in many and not (i + 1 < len(run) and self._low(run[i + 1]) == "-"):
                    return i
        known = [i for i, item in enumerate(listed) if item is not None]
        if known:
            return next(i for i in known if i + 1 not in known)
        named = [i for i in range(len(run)) if re.search(r"\d", self.atoms[run[i]].text)]
        tagged = [i for i in range(len(run)) if self._tag(run[i]) in ("NOUN", "PROPN")]
        if tagged or named:
            return (tagged or named)[-1]
        return None if plural or self._tag(run[0]) else len(run) - 1

    def _tag(self, index: int) -> str:
        word = self._word(index)
        return word.upos if word and word.upos not in ("_", "X") else ""

    def _is_plural(self, index: int, item: _Item | None) -> bool:
        if item is not None:
            return item.plural
        atom, word = self.atoms[index], self._word(index)
        if word is not None and word.xpos:
            return word.xpos in ("NNS", "NNPS")
        return bool(re.search(r"(?:[^\W_]{2,}[^su\W]|\d)s$", atom.low)) and not atom.low.endswith("is")

    # ---- what befalls people

    def _befalls(self, draft: _Draft, *, listed: bool) -> str | None:
        """The kind that the words around make of people; "people" when several at once."""
        fate = self._fate_after(draft.stop) or self._fate_before(draft.begin)
        return fate or (self._fate_parsed(draft.head) if listed else None)

    def _match(self, table: str, at: int) -> tuple[str, int] | None:
        """The longest phrase of a table of fates that begins at an atom: its kind and length."""
        for length in (4, 3, 2, 1):
            kind = self.items.fates[table].get(self._phrase_at(at, length))
            if kind:
                return kind, length
        return None

    def _fate_after(self, at: int) -> str | None:
        """What the words after a noun say of it: "were killed", "killed in the strike", "who died"."""
        start, passive, inside = at, False, False
        at = self._past_list(at)
        while at < len(self.atoms) and at < start + 16:
            low = self.atoms[at].low
            if low == "and" and self._low(at + 1) in ("a", "an") and not inside:
                at += 3  # "nine policemen and a driver died"
                continue
            if found := self._match("does", at):
                return None if inside and not passive else found[0]
            state = self._match("states", at)
            if state and (passive or not inside):
                active = not passive and self._has_object(at + state[1])
                return None if active else self._both(state, at, "states")
            if low in _BE or low in ("have", "has", "had", "feared", "presumed"):
                passive = passive or low not in ("have", "has", "had")
                inside = False
            elif low in self.items.words["inside"] and not passive:
                inside = True
            elif (
                low in _STOPS
                or low in (",", "and", "but", "(")
                or (inside and self._is_number(at))
                or not (inside or low in _BE or low in self.items.words["passing"] or low.endswith("ly"))
            ):
                return None
            at += 1
        return None

    def _past_list(self, at: int) -> int:
        """Past ", including nine children," so that the verb behind it is seen."""
        if self._low(at) == "," and self._low(at + 1) in ("including", "among", "mostly", "most", "many"):
            ahead = next((i for i in range(at + 2, min(at + 14, len(self.atoms))) if self._low(i) == ","), None)
            if ahead is not None:
                return ahead + 1
        return at

    def _is_number(self, at: int) -> bool:
        return not self._masked[at] and _number(self.atoms, at) is not None and self._low(at) not in ("a", "an")

    def _has_object(self, at: int) -> bool:
        """Whether an active verb's object follows: then those before it did it, and did not suffer it."""
        if at >= len(self.atoms):
            return False
        low = self._low(at)
        return (
            low in ("the", "a", "an", "their", "his", "its", "more", "up")
            or self._is_number(at)
            or (self._phrase_at(at, 2) in self.items.before)
        )

    def _both(self, found: tuple[str, int], at: int, table: str) -> str:
        """The fate, or "people" when another one is joined to it ("killed or wounded")."""
        kind, length = found
        joint = at + length
        if self._low(joint) in ("and", "or", "/"):
            other = self._match(table, joint + 1)
            if other and other[0] != kind and not self._is_number(joint + 1):
                return "people"
        return kind

    def _fate_before(self, begin: int) -> str | None:
        """What the words before say of people: "killing 12", "the deaths of 12", "killed a woman and 12"."""
        linked = self._low(begin - 1) in ("and", ",", "or")
        for at in range(begin - 1, max(-1, begin - 12), -1):
            for length in (1, 2, 3):
                phrase = self._phrase_at(at - length + 1, length)
                if phrase in self.items.fates["nouns"] and phrase.endswith((" of", " to")) and at == begin - 1:
                    return self.items.fates["nouns"][phrase]
                if phrase in self.items.fates["takes"] and (linked or self._near(at, begin)):
                    return self._taken(at - length + 1, phrase)
            if self._low(at) in self._left_stops:
                break
        return self._toll(begin)

    def _near(self, at: int, begin: int) -> bool:
        """Whether only small words lie between a verb and the quantity."""
        small = (*_DETERMINERS, "another", "also", "further", "additional", "total", "of", "record", "least", "other")
        return all(self._low(i) in small or self._low(i).endswith("ly") for i in range(at + 1, begin))

    def _taken(self, at: int, phrase: str) -> str | None:
        """The fate of a verb's object; None where the verb is passive and its object came before it."""
        kind = self.items.fates["takes"][phrase]
        before = self._low(at - 1)
        if before in _BE or (self._low(at - 2) in _BE and before.endswith("ly")):
            return None
        if before in ("and", "or"):
            other = self.items.fates["takes"].get(self._low(at - 2))
            if other and other != kind:
                return "people"
        return kind

    def _toll(self, begin: int) -> str | None:
        """The fate that a toll counts: "the death toll rose to 64"."""
        left = re.sub(r"\bfrom \S+ (?=to\b)", "", self.text[: self.atoms[begin].start].lower())
        if not _TOTALS.search(left):
            return None
        phrases = ((p, kind) for p, kind in self.items.fates["nouns"].items() if not p.endswith((" of", " to")))
        tail = left[-90:]
        return next((kind for phrase, kind in phrases if re.search(rf"\b{phrase}\b", tail)), None)

    def _fate_parsed(self, head: int) -> str | None:
        """The fate that the parse gives: object or passive subject of such a verb, or subject of "died"."""
        word = self._word(head)
        while word is not None and word.deprel == "conj":
            word = self.sentence.head_of(word.index)
        verb = self.sentence.head_of(word.index) if word is not None else None
        if word is None or verb is None:
            return None
        table = {"obj": "takes", "nsubj:pass": "states", "nsubj": "does"}.get(word.deprel)
        return self.items.fates[table].get(verb.text.lower()) if table else None

    # ---- numbers without a noun

    def _bare(self, draft: _Draft, drafts: Sequence[_Draft]) -> _Draft | None:
        """A number that stands alone: of people by what befell them, or of what was counted before."""
        draft, pronoun = self._pronoun(draft)
        before, behind = self._low(draft.begin - 1), self._low(draft.stop)
        aged = before == "," and behind in (",", ")", ".") and draft.number.digits and not draft.bounds
        if aged or (before in self.items.words["labels"] and not draft.bounds and before not in ("killed", "force")):
            return None
        if behind == "of":
            return None
        last = next((d for d in reversed(drafts) if d.kind != "money" and d.unit is None), None)
        if predicate := self._predicate(draft, last, pronoun=pronoun):
            return predicate
        fate = self._fate_after(draft.stop) or self._fate_before(draft.begin)
        if fate:
            inherits = last is not None and (pronoun or draft.more) and last.is_people
            item = last.item if inherits and last else "people"
            return replace(draft, kind=cast(QuantityKind, fate), item=item, fated=True, given=True)
        if last is not None and before == "+" and self._low(draft.begin - 2) == "(":
            return replace(draft, kind=last.kind, item=last.item, fated=last.fated, change="increment")
        if last is not None and (pronoun or self._goes_on(draft, last)):
            return replace(draft, kind=last.kind, item=last.item, fated=last.fated, whole=last.whole)
        return self._after_noun(draft)

    def _pronoun(self, draft: _Draft) -> tuple[_Draft, bool]:
        """The draft with "of them" or "others" in it, and whether it is part of what was named before."""
        at = draft.stop
        if self._low(at) == "of" and self._low(at + 1) in ("them", "whom", "which", "these", "those"):
            return replace(draft, stop=at + 2), True
        if self._low(at) in ("others", "more", "other"):
            change: Change | None = "increment" if self._low(at) == "more" else draft.change
            return replace(draft, stop=at + 1, more=True, change=change), False
        left = self.text[: self.atoms[draft.begin].start]
        return draft, bool(re.search(r"\bof (?:them|whom|which)(?: (?:were|was|are))?,?\s+$", left))

    def _predicate(self, draft: _Draft, last: _Draft | None, *, pronoun: bool) -> _Draft | None:
        """Such as "Nine were children", "nine of them children": what some of those named before were."""
        if last is None:
            return None
        at = draft.stop
        while self._low(at) in (*_BE, "reportedly", "also"):
            at += 1
        if at == draft.stop and not pronoun:
            return None
        noun = self._noun(at, draft.number.value)
        if noun is None or not noun.listed or not noun.item.plural or noun.item.kind in _FATES:
            return None
        return replace(draft, stop=noun.stop, head=noun.head, kind=noun.item.kind, item=noun.item.name)

    def _goes_on(self, draft: _Draft, last: _Draft) -> bool:
        """Whether a bare number counts on: "88 drones were launched and 60 shot down", "2 in A, 5 in B"."""
        gap = self.text[self.atoms[last.stop - 1].end : self.atoms[draft.begin].start].lower()
        joined = bool(
            re.search(
                r"(?:,|;|\band\b|\bbut\b|\bwhile\b|\(|\bwith)\s*(?:(?:the|another|further|remaining|other)\s+)*$", gap
            )
        )
        behind = self._low(draft.stop)
        if draft.more or behind in _BE or behind in self.items.words["undone"]:
            return joined and last.kind in (*_PEOPLE, *_THINGS)
        if re.search(r"\b(?:including|among them),?\s+$", gap):
            return last.kind in (*_PEOPLE, *_THINGS)
        if re.search(r"\b(?:intercepted|downed|destroyed|shot down|neutralised|neutralized)\s+$", gap):
            return last.kind in _THINGS
        return joined and last.is_people and last.fated and behind in ("in", "at", "near") and len(gap) < 60

    def _after_noun(self, draft: _Draft) -> _Draft | None:
        """A list of the kind "tanks – 10,251 (+4)": the noun stands before a dash or colon."""
        at = draft.begin - 1
        if self._low(at) not in ("-", "–", "—", ":") or self._masked[max(0, at - 1)]:
            return None
        for length in (4, 3, 2, 1):
            item = self.items.items.get(self._phrase_before(at, length)) if length <= at else None
            if item is not None:
                kind = item.kind
                return replace(draft, kind=kind, item=item.name, head=at - 1, fated=kind in _FATES)
        return None

    # ---- none

    def _nothing(self, at: int, drafts: Sequence[_Draft]) -> list[_Draft]:
        """Such as "No casualties", "no one was killed", "none of the 12 drones": a count of zero."""
        low, number = self._low(at), _Number(0, at, at + 1)
        if low in ("none", "nobody") or (low == "no" and self._low(at + 1) == "one"):
            stop = at + 1 + (low == "no")
            draft = _Draft(number, at, stop, stop - 1, "people", "people")
            parted = self._of_number(draft, drafts)
            if parted:
                return parted
            found = self._bare(draft, drafts)
            return [found] if found and (found.fated or found.stop > stop) else []
        single = low == "not" and self._low(at + 1) == "a" and self._low(at + 2) == "single"
        if not (low == "no" or single or (low == "without" and not self._masked[at])):
            return []
        first = at + (3 if single else 2 if self._low(at + 1) == "any" else 1)
        return self._none_of(number, at, first)

    def _none_of(self, number: _Number, begin: int, first: int) -> list[_Draft]:
        """The nouns behind "no": the second of "no deaths or injuries" too."""
        found: list[_Draft] = []
        while first < len(self.atoms):
            noun = self._noun(first, 0)
            if noun is None or not noun.listed or noun.item.kind == "other":
                break
            draft = _Draft(number, begin, noun.stop, noun.head, noun.item.kind, noun.item.name)
            draft = replace(draft, fated=draft.kind in _FATES or draft.item == "casualty")
            open_kind = draft.kind == "people" and not draft.fated
            fate = noun.fate or (self._befalls(draft, listed=True) if open_kind else None)
            if fate in _FATES:
                draft = replace(draft, kind=cast(QuantityKind, fate), fated=True, given=True)
            found.append(draft)
            if self._low(noun.stop) not in ("or", "nor", "and"):
                break
            begin = first = noun.stop + 1
        return found


# --------------------------------------------------------------------------------------- parts and wholes


def _gap(reading: _Reading, left: _Draft, right: _Draft) -> str:
    """The words between two drafts."""
    return reading.text[reading.atoms[left.stop - 1].end : reading.atoms[right.begin].start]


def _alike(part: _Draft, whole: _Draft) -> bool:
    """Whether one can be a part of the other: both people, both things, or the same item."""
    if "money" in (part.kind, whole.kind):
        return part.kind == whole.kind and part.unit == whole.unit
    if part.unit or whole.unit:
        return False
    if part.is_people or whole.is_people:
        return part.is_people and whole.is_people
    return (part.kind in _THINGS and whole.kind in _THINGS) or part.item == whole.item


def _fits(part: _Draft, whole: _Draft) -> bool:
    least = part.number.value
    most = None if whole.bounds or whole.number.vague else whole.upper or whole.number.value
    return most is None or least <= most


def _linked(reading: _Reading, drafts: Sequence[_Draft]) -> list[_Draft]:
    """The drafts with parts tied to wholes, and fates shared along a coordination."""
    done: list[_Draft] = []
    for draft in drafts:
        current = draft
        if done and current.whole is None:
            whole = _whole_of(reading, done, current)
            if whole is not None and _alike(current, done[whole]) and _fits(current, done[whole]):
                current = replace(current, whole=whole)
        if current.whole is not None and current.whole < len(done) and current.kind == "people" and not current.fated:
            current = replace(current, kind=done[current.whole].kind, fated=True)
        done.append(current)
    return _shared(reading, done)


def _whole_of(reading: _Reading, done: Sequence[_Draft], draft: _Draft) -> int | None:
    """The place of the whole that the words before a draft, or its own, make it a part of."""
    last = len(done) - 1
    gap = _gap(reading, done[-1], draft)
    above = done[last].whole
    root = above if above is not None and above < last else last
    own = reading.text[reading.atoms[draft.number.first].start : reading.atoms[draft.stop - 1].end]
    if _PART_CUE.search(gap) or re.search(r"\bof (?:them|whom|which|these|those)\b", own, re.IGNORECASE):
        return next((i for i in (root, *range(last, -1, -1)) if _alike(draft, done[i])), None)
    before = reading.text[: reading.atoms[done[last].begin].start]
    if re.search(r"\bof (?:the |its |all )?$", before, re.IGNORECASE) and gap.rstrip().endswith(","):
        return root
    counts_on = draft.item == done[last].item and draft.head < draft.number.last and gap.rstrip().endswith("and")
    if done[last].whole is not None and counts_on:
        return root
    if _BREAKDOWN.fullmatch(gap) and done[last].number.value >= draft.number.value:
        return root
    listed = done[last].whole is not None and _AND.fullmatch(gap) is not None and not draft.more
    return root if listed else None


def _shared(reading: _Reading, drafts: list[_Draft]) -> list[_Draft]:
    """People in one coordination share the fate that only one of them was given."""
    order = [*range(1, len(drafts)), *range(len(drafts) - 2, -1, -1)]
    for place, at in enumerate(order):
        step = -1 if place < len(drafts) - 1 else 1
        near, draft = drafts[at + step], drafts[at]
        if draft.kind != "people" or draft.fated or not near.given or near.kind not in _FATES:
            continue
        left, right = (near, draft) if step < 0 else (draft, near)
        if _AND.fullmatch(_gap(reading, left, right)):
            drafts[at] = replace(draft, kind=near.kind, fated=True, given=True)
    return drafts


# ------------------------------------------------------------------------------------------------ intervals


class _Interval(NamedTuple):
    low: float | None
    best: float | None
    high: float | None
    approximate: bool


def _interval(draft: _Draft) -> _Interval:
    """The closed bounds that the words give."""
    value, step = draft.number.value, 1 if draft.unit is None and draft.kind != "money" else 0
    if draft.upper is not None:
        return _Interval(value, None, draft.upper, "about" in draft.bounds)
    if draft.number.vague:
        low = None if draft.bounds[:1] in (("up-to",), ("fewer-than",)) else value
        return _Interval(low, None, None, True)
    step = step if float(value).is_integer() else 0
    interval = _Interval(value, value, value, False) if not draft.bounds else _Interval(None, None, None, False)
    for rule in draft.bounds:
        if rule in ("more-than", "at-least"):
            interval = interval._replace(low=value + step * (rule == "more-than"))
        elif rule in ("fewer-than", "up-to"):
            interval = interval._replace(high=max(0, value - step * (rule == "fewer-than")))
        elif rule == "nearly":
            interval = interval._replace(high=max(0, value - step), best=value, approximate=True)
        else:
            interval = interval._replace(approximate=True)
    if draft.bounds and set(draft.bounds) == {"about"}:
        interval = interval._replace(best=value)
    if interval.low is not None and interval.high is not None and interval.low > interval.high:
        return _interval(replace(draft, bounds=draft.bounds[:1]))  # bounds that deny each other: the first counts
    return interval


def _rule_id(draft: _Draft) -> str:
    if draft.upper is not None:
        name = "range"
    elif draft.bounds:
        name = draft.bounds[0]
    else:
        name = "vague" if draft.number.vague else "exact" if draft.number.value else "none"
    return f"quantity:{name}"


def _whole_number(value: float | None) -> float | None:
    """The value as an int where it is whole, so that it prints as reports write it."""
    return int(value) if value is not None and float(value).is_integer() else value


def _finished(reading: _Reading, draft: _Draft, drafts: Sequence[_Draft]) -> FoundQuantity:
    def words(one: _Draft) -> tuple[int, int]:
        return reading.atoms[one.begin].start, reading.atoms[one.stop - 1].end

    start, end = words(draft)
    whole = words(drafts[draft.whole]) if draft.whole is not None and draft.whole < len(drafts) else None
    low, best, high, approximate = _interval(draft)
    base = reading.sentence.start
    head = reading.atoms[draft.head]
    quantity = Quantity(
        kind=draft.kind, item=draft.item, low=_whole_number(low), best=_whole_number(best),
        high=_whole_number(high), approximate=approximate, unit=draft.unit, text=reading.text[start:end],
        start=base + start, end=base + end,
        part_of=reading.text[slice(*whole)] if whole else None,
    )  # fmt: skip
    return FoundQuantity(
        quantity, word_at(reading.sentence, base + head.start, base + head.end), _rule_id(draft), draft.change
    )


def quantities(
    sentence: Sentence, items: CountedItems, *, dates: Sequence[FoundTime] | None = None
) -> tuple[FoundQuantity, ...]:
    """The quantities of a sentence, in reading order.

    Args:
        sentence: the sentence; its text decides, tags and heads help where the words leave a choice.
        items: the vocabulary.
        dates: the time expressions already found in it, which are not quantities; found anew when None.
    """
    if not _CUE.search(sentence.text):
        return ()
    masked = list(time_spans(sentence)) if dates is None else [(found.start, found.end) for found in dates]
    reading = _Reading(sentence, items, masked)
    drafts = _linked(reading, reading.read())
    return tuple(_finished(reading, draft, drafts) for draft in drafts)

"""Places: populated places of GeoNames, and regions and provinces of our own table."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from truceline.errors import DataError
from truceline.records import PlacePrecision

COLUMNS: Final = ("geonames", "name", "country", "lat", "lon", "population", "aliases")
# Letters that do not decompose into a base letter and a mark.
LETTERS: Final = {
    "ı": "i",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
}
# Shorter names are mostly abbreviations and syllables in running text.
MIN_NAME: Final = 4
# A place that bears a first name or surname is believed from this population on: Milan is, Kennedy is not.
CITY: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the record has it; coordinates (degrees) and the GeoNames id only for populated places."""

    name: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    geonames: int | None
    precision: PlacePrecision
    population: int = 0


def fold(text: str) -> str:
    """Lower case without marks, the same length as the text: what names are compared in."""
    return text.lower() if text.isascii() and len(text.lower()) == len(text) else "".join(map(_fold, text))


def _fold(character: str) -> str:
    base = LETTERS.get(character) or unicodedata.normalize("NFKD", character)[:1] or character
    lower = base.lower()
    return lower if len(lower) == 1 else base


class Gazetteer:
    """Places by folded name: none named in ``stop``, and only cities in ``personal`` (parts of people's names)."""

    def __init__(
        self, places: Iterable[tuple[Place, tuple[str, ...]]], stop: Collection[str], *, personal: Collection[str] = ()
    ) -> None:
        self._by_name: dict[str, list[Place]] = {}
        for place, names in places:
            small = place.population < CITY
            for name in {fold(n) for n in names}:
                if len(name) >= MIN_NAME and name not in stop and not (small and name in personal):
                    self._by_name.setdefault(name, []).append(place)

    @property
    def names(self) -> Collection[str]:
        """All folded names."""
        return self._by_name.keys()

    def find(self, name: str, *, near: Sequence[str] = ()) -> Place | None:
        """The most likely place of a name: in one of the countries (alpha-3) if there is one, then the largest."""
        found = self._by_name.get(fold(name), ())
        return max(found, key=lambda p: (p.country in near, p.population, -(p.geonames or 0)), default=None)


def read_places(packed: bytes) -> Iterable[tuple[Place, tuple[str, ...]]]:
    """The rows of the packed gazetteer.

    Raises:
        DataError: the columns are not the ones that are read here, a line has another number of them, or no numbers.
    """
    header, *lines = gzip.decompress(packed).decode("utf-8").splitlines()
    if tuple(header.split("\t")) != COLUMNS:
        raise DataError(f"gazetteer.tsv.gz has the columns {header!r}; build it again", subject="gazetteer.tsv.gz")
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            raise DataError(f"gazetteer.tsv.gz, line {number}: {len(cells)} columns, not {len(COLUMNS)}")
        geonames, name, country, lat, lon, population, aliases = cells
        try:
            place = Place(name, country, None, float(lat), float(lon), int(geonames), "exact", int(population))
        except ValueError as error:
            raise DataError(f"gazetteer.tsv.gz, line {number}: not a number ({error})") from None
        yield place, (name, *(a for a in aliases.split(";") if a))

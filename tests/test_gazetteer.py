"""Places: folding, which of several is meant, and what is no point on the map."""

from __future__ import annotations

import gzip
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.errors import DataError
from truceline.kb import KnowledgeBase, Place
from truceline.kb.gazetteer import COLUMNS, Gazetteer, fold, read_places

PACKED = (resources.files("truceline") / "data" / "kb" / "gazetteer.tsv.gz").read_bytes()


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


def town(number: int, country: str, population: int) -> tuple[Place, tuple[str, ...]]:
    return Place("Harsk", country, None, 1.0, 2.0, number, "exact", population), ("Harsk", "Härsk")


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert len(fold(fold(text))) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élysée", "elysee"),
        ("Łódź", "lodz"),
        ("Iğdır", "igdir"),
        ("İzmir", "izmir"),
        ("Tórshavn", "torshavn"),
        ("Sana’a", "sana'a"),
        ("Đà Nẵng", "da nang"),
        ("MOSCOW", "moscow"),
        ("Straße", "straße"),
        ("Харків", "харків"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


TOWNS = [town(1, "NOR", 9000), town(2, "SWE", 500_000), town(3, "DNK", 9000)]


@pytest.mark.parametrize(
    ("near", "number"), [((), 2), (("NOR",), 1), (("DNK", "NOR"), 1), (("FIN",), 2), (("SWE",), 2)]
)
def test_near_comes_before_size(near: tuple[str, ...], number: int) -> None:
    for towns in (TOWNS, TOWNS[::-1]):
        found = Gazetteer(towns, ()).find("HARSK", near=near)
        assert found
        assert found.geonames == number


def test_stop_words_are_no_places() -> None:
    assert Gazetteer(TOWNS, {"harsk"}).find("Harsk") is None
    assert Gazetteer(TOWNS, {"harsk"}).names == set()


def test_a_persons_name_is_only_a_city() -> None:
    assert Gazetteer(TOWNS, (), personal={"harsk"}).find("Harsk") is None
    city = Gazetteer([*TOWNS, town(4, "FIN", 1_000_000)], (), personal={"harsk"}).find("Harsk", near=["SWE"])
    assert city
    assert city.geonames == 4


def test_the_packed_file_has_its_columns() -> None:
    lines = gzip.decompress(PACKED).decode("utf-8").splitlines()
    assert tuple(lines[0].split("\t")) == COLUMNS
    assert {line.count("\t") for line in lines} == {len(COLUMNS) - 1}
    assert len(lines) > 40_000


def test_the_rows_are_on_the_globe() -> None:
    places = [place for place, _ in read_places(PACKED)]
    assert all(abs(p.lat or 0) <= 90 and abs(p.lon or 0) <= 180 and p.population > 0 for p in places)
    assert len({p.geonames for p in places}) == len(places)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\tcountry\n", "columns"),
        ("\t".join(COLUMNS) + "\n1\tHarsk\n", "line 2: 2 columns, not 7"),
        ("\t".join(COLUMNS) + "\n1\tHarsk\tNOR\tnorth\t2\t9000\t\n", "line 2"),
    ],
)
def test_a_bad_row_is_named(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        list(read_places(gzip.compress(text.encode())))


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("Ukraine", "UKR", "country"),
        ("the Netherlands", "NLD", "country"),
        ("Georgia", "GEO", "country"),
        ("Darfur", "SDN", "region"),
        ("Gaza", "PSE", "region"),
        ("Gaza Strip", "PSE", "region"),
        ("West Bank", "PSE", "region"),
        ("Borneo", None, "region"),
        ("the Middle East", None, "region"),
        ("Kharkiv region", "UKR", "province"),
        ("North Kivu", "COD", "province"),
        ("Texas", "USA", "province"),
    ],
)
def test_an_area_is_no_point(kb: KnowledgeBase, name: str, country: str | None, precision: str) -> None:
    place = kb.place(name)
    assert place
    assert (place.country, place.precision) == (country, precision)
    assert (place.lat, place.lon, place.geonames) == (None, None, None)
    assert (place.admin1 is not None) is (precision == "province")


@pytest.mark.parametrize(
    ("name", "near", "place", "country"),
    [
        ("Goma", (), "Goma", "COD"),
        ("Kharkiv", (), "Kharkiv", "UKR"),
        ("Tripoli", (), "Tripoli", "LBY"),
        ("Tripoli", ("LBN",), "Tripoli", "LBN"),
        ("Tripoli", ("SYR",), "Tripoli", "LBY"),
        ("Cordoba", (), "Córdoba", "ARG"),
        ("Cordoba", ("ESP",), "Córdoba", "ESP"),
        ("Birmingham", (), "Birmingham", "GBR"),
        ("Birmingham", ("USA",), "Birmingham", "USA"),
        ("San Jose", (), "San José", "CRI"),
        ("San Jose", ("USA",), "San Jose", "USA"),
        ("Milan", (), "Milan", "ITA"),
        # A capital by another name or of another time is the city itself.
        ("Kiev", (), "Kyiv", "UKR"),
        ("Rangoon", (), "Yangon", "MMR"),
        ("Tel Aviv", (), "Tel Aviv", "ISR"),
        ("Bonn", (), "Bonn", "DEU"),
        ("The Hague", (), "The Hague", "NLD"),
        # A seat is where it stands.
        ("the Kremlin", (), "Moscow", "RUS"),
        ("Pentagon", (), "Washington", "USA"),
        ("Malacañang", (), "Manila", "PHL"),
    ],
)
def test_a_town_is_a_point(kb: KnowledgeBase, name: str, near: tuple[str, ...], place: str, country: str) -> None:
    found = kb.place(name, near=near)
    assert found
    assert (found.name, found.country, found.precision) == (place, country, "exact")
    assert found.lat is not None
    assert found.geonames


@pytest.mark.parametrize("name", ["Kestria", "Nice", "Mobile", "Reading", "March", "Independence", "Said", "", "the"])
def test_these_are_no_places(kb: KnowledgeBase, name: str) -> None:
    assert kb.place(name) is None
    assert "place" not in {m.kind for m in kb.mentions(f"{name} stood there.")}

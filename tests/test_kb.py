"""Who is named: alias matching in running text, and the actor that a noun phrase makes."""

from __future__ import annotations

import json
import shutil
from datetime import date
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from truceline.errors import DataError
from truceline.kb import KnowledgeBase
from truceline.records import Entity

CASES = Path(__file__).parent / "cases"
ISO = [c for line in (CASES / "iso3.txt").read_text().splitlines() if line[:1] != "#" for c in line.split()]
PHRASES: list[dict[str, Any]] = [json.loads(line) for line in (CASES / "actors.jsonl").read_text("utf-8").splitlines()]
PHRASES = [p for p in PHRASES if "schema" not in p]
DEMONYMS = """
Afghan AFG; Albanians ALB; Algerian DZA; Angolan ANG; Argentine ARG; Armenians ARM; Azerbaijani AZE; Bahraini BHR;
Bangladeshi BGD; Belarusian BLR; Belgian BEL; Bosnian BIH; Bosnian Serb BIH; Brazilians BRA; Burkinabe BFA; Burmese MMR;
Burundian BDI; Cambodian KHM; Cameroonian CMR; Central African CAF; Chadian TCD; Chinese CHN; Colombian COL;
Congolese COD; Croat HRV; Cypriot CYP; Czech CZE; Dane DNK; Dutch NLD; Egyptian EGY; Emirati ARE; Eritrean ERI;
Ethiopian ETH; Filipino PHL; Finn FIN; French FRA; Georgian GEO; Greek GRC; Haitian HTI; Iraqi IRQ; Iranian IRN;
Israelis ISR; Ivorian CIV; Kazakh KAZ; Kenyan KEN; Kyrgyz KGZ; Lebanese LBN; Libyan LBY; Malian MLI; Nigerian NGA;
Nigerien NER; North Korean PRK; Palestinian PSE; Pakistani PAK; Rwandan RWA; Saudi SAU; Serb SRB; Somali SOM;
South Sudanese SSD; South Korean KOR; Sudanese SDN; Swiss CHE; Syrian SYR; Tajik TJK; Thai THA; Turks TUR;
Ukrainians UKR; Uzbek UZB; Vietnamese VNM; Yemeni YEM; Zimbabwean ZWE
""".replace("ANG", "AGO")


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


def names(kb: KnowledgeBase, text: str) -> list[str]:
    return [m.text for m in kb.mentions(text)]


def composed(kb: KnowledgeBase, phrase: str, head: str, day: str | None) -> Entity:
    text = f"{phrase} acted."
    at = text.index(head)
    on = date.fromisoformat(day) if day else None
    return kb.compose(text, 0, len(phrase), (at, at + len(head)), kb.mentions(text), day=on)


def test_the_list_of_countries_is_whole() -> None:
    assert len(ISO) == len(set(ISO)) == 250


def test_every_country_is_listed_once(kb: KnowledgeBase) -> None:
    lines = (resources.files("truceline") / "data" / "kb" / "countries.csv").read_text("utf-8").splitlines()
    assert sorted(line.split(",")[0] for line in lines[1:]) == sorted(ISO)
    assert all(kb.actor(f"country:{code}").country == code for code in ISO)


@pytest.mark.parametrize("code", ISO)
def test_a_country_is_found_by_its_name(kb: KnowledgeBase, code: str) -> None:
    name = kb.actor(f"country:{code}").name
    (mention,) = kb.mentions(f"They went to {name}.")
    assert (mention.text, mention.candidates) == (name, (f"country:{code}",))
    assert kb.country_of(mention) == code


@pytest.mark.parametrize("case", [c.strip() for c in DEMONYMS.split(";")])
def test_a_demonym_gives_its_country(kb: KnowledgeBase, case: str) -> None:
    demonym, code = case.rsplit(" ", 1)
    (mention,) = kb.mentions(f"Three {demonym} were there.")
    assert (mention.text, mention.kind, kb.country_of(mention)) == (demonym, "demonym", code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It told us that the US knows.", ["US"]),
        ("The man who wrote to WHO left.", ["man", "WHO"]),
        ("It is not clear that IS is gone.", []),
        ("On 3 March they march; in March it rained.", []),
        ("Police said so; Said agreed.", ["Police"]),
        ("Said the minister", ["minister"]),
        ("A turkey, some china, a jordan almond", []),
        ("IRANIAN TROOPS in MOSCOW", ["IRANIAN", "TROOPS", "MOSCOW"]),
        ("It may polish the pole.", []),
        ("The EU and the eu", ["EU"]),
        ("A dane and a finn", []),
        ("Nice work. Mobile phones. Reading in Independence Square.", []),
        ("Of course. Most went. Date unknown. Best of luck. Central Park", []),
    ],
)
def test_case_decides_what_is_a_name(kb: KnowledgeBase, text: str, found: list[str]) -> None:
    assert names(kb, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Iranian and Iran", ["Iranian", "Iran"]),
        ("Niger, Nigeria, Nigerien, Nigerian", ["Niger", "Nigeria", "Nigerien", "Nigerian"]),
        ("Omanis in Oman, Romania and Romanesque", ["Omanis", "Oman", "Romania"]),
        ("Malian, Somalia, Mali", ["Malian", "Somalia", "Mali"]),
        ("Russia's and Russia’s", ["Russia", "Russia"]),
        ("the Taliban's", ["Taliban"]),
        ("US's", ["US"]),
        ("U.S.-led", ["U.S."]),
        ("N'Djamena", ["N'Djamena"]),
        ("Chadwick", []),
        ("Cubanacan", []),
        ("Jordanville", []),
    ],
)
def test_a_name_is_a_whole_word(kb: KnowledgeBase, text: str, found: list[str]) -> None:
    assert names(kb, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the UN Security Council and the UN", ["UN Security Council", "UN"]),
        ("Guinea-Bissau, Equatorial Guinea, Guinea", ["Guinea-Bissau", "Equatorial Guinea", "Guinea"]),
        ("Papua New Guinea", ["Papua New Guinea"]),
        ("Bosnian Serb army", ["Bosnian Serb army"]),
        ("South Sudan and Sudan", ["South Sudan", "Sudan"]),
        ("the Democratic Republic of the Congo", ["Democratic Republic of the Congo"]),
        ("Al-Qaeda in the Islamic Maghreb", ["Al-Qaeda in the Islamic Maghreb"]),
        ("the Islamic State of Iraq", ["Islamic State of Iraq"]),
        ("the foreign minister and a minister", ["foreign minister", "minister"]),
        ("The Washington Post in Washington", ["Washington Post", "Washington"]),
        ("the Palestinian Authority", ["Palestinian Authority"]),
    ],
)
def test_the_longest_name_is_meant(kb: KnowledgeBase, text: str, found: list[str]) -> None:
    assert names(kb, text) == found


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("the Élysée", "seat:elysee-palace"),
        ("the Elysee", "seat:elysee-palace"),
        ("Côte d’Ivoire", "country:CIV"),
        ("Türkiye", "country:TUR"),
        ("São Tomé", "country:STP"),
        ("Bogotá", "capital:COL"),
        ("Séléka", "group:seleka"),
    ],
)
def test_accents_do_not_matter(kb: KnowledgeBase, text: str, id: str) -> None:
    (mention,) = kb.mentions(text)
    assert mention.candidates == (id,)


def test_mentions_are_in_order_and_apart(kb: KnowledgeBase) -> None:
    text = (
        "UN Security Council members Russia, China and the United States met President Xi Jinping's envoy in New Delhi."
    )
    found = kb.mentions(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[m.start : m.end] == m.text for m in found)
    assert [m.kind for m in found][:4] == ["organisation", "role", "country", "country"]


def test_there_are_phrases_enough() -> None:
    assert len(PHRASES) >= 100


@pytest.mark.parametrize("case", PHRASES, ids=[f"{p['phrase']} {p['day'] or ''}".strip() for p in PHRASES])
def test_a_phrase_names_an_actor(kb: KnowledgeBase, case: dict[str, Any]) -> None:
    entity = composed(kb, case["phrase"], case["head"], case["day"])
    assert (entity.country, list(entity.sectors), entity.id) == (case["country"], case["sectors"], case["id"])
    assert entity.text == case["phrase"]


@pytest.mark.parametrize(
    ("phrase", "head", "name"),
    [
        ("President Ana Ruiz of Kestria", "Ana", "Ana Ruiz"),
        ("the Israeli army", "army", "Israeli army"),
        ("Volodymyr Zelensky", "Volodymyr", "Volodymyr Zelensky"),
        ("Zelensky", "Zelensky", "Volodymyr Zelensky"),
        ("the U.N. Security Council", "Council", "UN Security Council"),
    ],
)
def test_an_actor_has_a_name(kb: KnowledgeBase, phrase: str, head: str, name: str) -> None:
    assert composed(kb, phrase, head, "2024-05-01").name == name


def test_a_name_may_begin_before_the_phrase(kb: KnowledgeBase) -> None:
    text = "Aid for the Darfur region rose."
    entity = kb.compose(text, 12, 18, (12, 18), kb.mentions(text), day=None)
    assert entity.country == "SDN"


def test_a_surname_with_another_country_is_somebody_else(kb: KnowledgeBase) -> None:
    entity = composed(kb, "Kenyan runner Putin", "Putin", "2024-05-01")
    assert (entity.id, entity.country, entity.name) == (None, "KEN", "Putin")


def test_ids_are_known_or_not(kb: KnowledgeBase) -> None:
    assert kb.has("country:FRA")
    assert not kb.has("country:ZZZ")
    with pytest.raises(KeyError):
        kb.actor("country:ZZZ")


def test_the_version_is_of_the_content(kb: KnowledgeBase) -> None:
    assert KnowledgeBase.load().version == kb.version
    assert len(kb.version) == 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = resources.files("truceline") / "data" / "kb"
    with resources.as_file(source) as path:
        return Path(shutil.copytree(path, tmp_path / "kb"))


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("countries.csv", "FRA,France again,,,", "id 'country:FRA' is taken"),
        ("countries.csv", "France,France,,,", "country 'France'"),
        ("countries.csv", "QQQ,Kestria", "2 cells; there must be 5"),
        ("seats.csv", "Round House,KES,GOVERNMENT,", "sector 'GOVERNMENT'; allowed are"),
        ("seats.csv", "Round House,,GOV,", "country ''"),
        ("organisations.csv", "Kestrian Front,army,KES,REB,", "kind 'army'; allowed are organisation and group"),
        ("organisations.csv", "Hamas,group,PSE,REB,", "id 'group:hamas' is taken"),
        ("regions.csv", "Lower Kestria,KES,county,", "precision 'county'; allowed are region and province"),
        ("roles.csv", "warden+,COP,,strong", "strength 'strong'; allowed are weak and nothing"),
        ("roles.csv", ",COP,,", "no forms"),
    ],
)
def test_a_bad_line_is_named(folder: Path, file: str, line: str, said: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    path.write_text(f"{text}{line}\n", "utf-8")
    with pytest.raises(DataError) as caught:
        KnowledgeBase.load(folder)
    assert f"{file}, line {len(text.splitlines()) + 1}" in str(caught.value)
    assert said in str(caught.value)


def test_wrong_columns_are_named(folder: Path) -> None:
    (folder / "seats.csv").write_text("name,land\n", "utf-8")
    with pytest.raises(DataError, match=r"seats\.csv: columns \('name', 'land'\)"):
        KnowledgeBase.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "roles.csv").unlink()
    with pytest.raises(DataError, match=r"roles\.csv"):
        KnowledgeBase.load(folder)


def test_no_name_hides_an_article(kb: KnowledgeBase) -> None:
    """A name with "the" would begin before the noun phrase it stands in."""
    data = resources.files("truceline") / "data" / "kb"
    for file in ("countries.csv", "seats.csv", "organisations.csv", "regions.csv"):
        cells = (data / file).read_text("utf-8").replace("\n", ",").replace(";", ",").split(",")
        assert [c for c in cells if c.startswith("the ")] == []

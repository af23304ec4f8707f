"""The ontology: its figures, its mapping of CAMEO, its answers and what it refuses."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from truceline.errors import DataError
from truceline.ontology import QUAD_CLASSES, Ontology

VERBAL, MATERIAL = "verbal cooperation", "material cooperation"
VERBAL_CONFLICT, MATERIAL_CONFLICT = "verbal conflict", "material conflict"

TABLE: dict[str, tuple[str, float, dict[str, float]]] = {
    "AGREE": (VERBAL, 2.5, {}),
    "CONSULT": (VERBAL, 2.5, {"visit": 4, "third-party": 1, "multilateral": 4, "phone": 1.5}),
    "SUPPORT": (VERBAL, 5, {}),
    "CONCEDE": (VERBAL, 4.5, {}),
    "COOPERATE": (MATERIAL, 9.5, {}),
    "AID": (MATERIAL, 10, {}),
    "RETREAT": (
        MATERIAL,
        6.5,
        {"withdraw": 8, "release": 6.5, "disarm": 10, "ceasefire": 7.5, "access": 6.5, "resign": 4.5},
    ),
    "REQUEST": (VERBAL_CONFLICT, 0, {"assist": 0.5, "change": -1, "yield": -1, "meet": 0}),
    "ACCUSE": (VERBAL_CONFLICT, -2, {"disapprove": -2, "investigate": -3.5, "allege": -3.5}),
    "REJECT": (VERBAL_CONFLICT, -2, {"assist": -1.5, "change": -2, "yield": -2, "meet": -2}),
    "THREATEN": (
        VERBAL_CONFLICT,
        -3.5,
        {"restrict": -3, "arrest": -3.5, "relations": -3.5, "expel": -3.5, "territory": -4, "violence": -3.5},
    ),
    "PROTEST": (
        MATERIAL_CONFLICT,
        -5,
        {
            "demo": -5,
            "riot": -7,
            "strike": -5,
            "hunger": -4.5,
            "boycott": -4.5,
            "obstruct": -4.5,
            "vandalize": -5,
        },
    ),
    "SANCTION": (MATERIAL_CONFLICT, -6, {"convict": -6, "expel": -5.5, "withdraw": -6, "discontinue": -6}),
    "MOBILIZE": (MATERIAL_CONFLICT, -5.5, {"troops": -6.5, "weapons": -6.5, "police": -5.5, "militia": -6}),
    "COERCE": (
        MATERIAL_CONFLICT,
        -7,
        {
            "seize": -7,
            "restrict": -7,
            "censor": -6.5,
            "curfew": -6.5,
            "martial-law": -7.5,
            "arrest": -7,
            "deport": -7,
            "withhold": -7,
            "misinformation": -6.5,
            "cyber": -7,
        },
    ),
    "ASSAULT": (
        MATERIAL_CONFLICT,
        -9,
        {
            "abduct": -8.5,
            "beat": -7.5,
            "torture": -8.5,
            "sexual": -8.5,
            "targeted": -9.5,
            "destroy": -8.5,
            "primitive": -8,
            "firearms": -9,
            "explosives": -9,
            "suicide-attack": -9.5,
            "aerial": -9.5,
            "drone": -9.5,
            "heavy-weapons": -9.5,
            "crowd-control": -7.5,
            "unconventional": -10,
        },
    ),
}


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that a test may break."""
    return Path(shutil.copytree(str(files("truceline").joinpath("data/ontology")), tmp_path / "ontology"))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_there_are_the_sixteen_types(ontology: Ontology) -> None:
    assert list(ontology.types) == list(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_type_has_the_manuals_figures(ontology: Ontology, name: str) -> None:
    quad_class, score, modes = TABLE[name]
    assert ontology.quad_class(name) == quad_class
    assert ontology.score(name) == score
    assert {mode.name: ontology.score(name, mode.name) for mode in ontology.types[name].modes} == modes


def test_scores_agree_with_the_quad_class(ontology: Ontology) -> None:
    for event_type in ontology.types.values():
        assert event_type.quad_class in QUAD_CLASSES
        assert (event_type.score > 0) == event_type.quad_class.endswith("cooperation")


def test_every_type_is_described(ontology: Ontology) -> None:
    for event_type in ontology.types.values():
        assert event_type.meaning.endswith(".")
        assert len(event_type.examples) == 2


@pytest.mark.parametrize(("attribute", "count"), [("contexts", 38), ("sectors", 25), ("cameo_codes", 318)])
def test_the_lists_are_whole(ontology: Ontology, attribute: str, count: int) -> None:
    assert len(getattr(ontology, attribute)) == count


def test_every_cameo_code_has_its_parent(ontology: Ontology) -> None:
    for code in ontology.cameo_codes:
        assert code[:2] in ontology.cameo_codes
        assert code[:3] in ontology.cameo_codes


def test_every_cameo_code_maps_to_a_type_and_mode(ontology: Ontology) -> None:
    for code in ontology.cameo_codes.values():
        if code.code.startswith("01"):
            assert code.event_type is None
        else:
            assert code.event_type in ontology.types
        assert code.mode is None or f"{code.event_type}-{code.mode}" in ontology.modes
        assert set(code.contexts) <= set(ontology.contexts)


def test_fallback_codes_belong_to_their_type(ontology: Ontology) -> None:
    for name, event_type in ontology.types.items():
        assert ontology.cameo(ontology.root_cameo(name)).carries(name)
        for mode in event_type.modes:
            assert ontology.cameo(ontology.root_cameo(name, mode.name)).carries(name)


@pytest.mark.parametrize(
    ("code", "event_type", "mode"),
    [
        ("0871", "CONCEDE", None),
        ("0874", "RETREAT", "withdraw"),
        ("0813", "CONCEDE", None),
        ("055", "CONCEDE", None),
        ("114", "ACCUSE", "disapprove"),
        ("116", "SANCTION", "convict"),
        ("1246", "REJECT", "yield"),
        ("163", "SANCTION", "discontinue"),
        ("1721", "COERCE", "censor"),
        ("176", "COERCE", "cyber"),
        ("186", "ASSAULT", "targeted"),
        ("195", "ASSAULT", "aerial"),
        ("1952", "ASSAULT", "drone"),
        ("196", "ASSAULT", None),
        ("011", None, None),
        ("0256", "REQUEST", "yield"),
    ],
)
def test_mapping_follows_the_manual(ontology: Ontology, code: str, event_type: str | None, mode: str | None) -> None:
    found = ontology.cameo(code)
    assert (found.event_type, found.mode) == (event_type, mode)


def test_a_ceasefire_code_serves_word_and_deed(ontology: Ontology) -> None:
    assert ontology.cameo("0871").carries("CONCEDE")
    assert ontology.cameo("0871").carries("RETREAT")
    assert not ontology.cameo("0871").carries("AID")


def test_breaking_a_ceasefire_has_its_contexts(ontology: Ontology) -> None:
    assert ontology.cameo("196").contexts == ("military", "legal")


@pytest.mark.parametrize(
    ("outer", "inner", "code", "mode"),
    [
        ("REQUEST", "0874", "1056", "yield"),
        ("REQUEST", "0841", "1053", "yield"),
        ("REQUEST", "072", "1032", "assist"),
        ("REQUEST", "046", "106", "meet"),
        ("REJECT", "0871", "1246", "yield"),
        ("REJECT", "042", "125", "meet"),
        ("AGREE", "073", "0333", None),
        ("AGREE", "042", "036", None),
        ("THREATEN", "195", "1384", "violence"),
        ("THREATEN", "163", "1312", "restrict"),
        ("ACCUSE", "196", "1123", "allege"),
    ],
)
def test_what_is_asked_or_threatened_decides_the_code(
    ontology: Ontology, outer: str, inner: str, code: str, mode: str | None
) -> None:
    found = ontology.embedded(outer, inner)
    assert found is not None
    assert (found.code, found.mode) == (code, mode)


def test_an_embedding_that_no_table_has_is_none(ontology: Ontology) -> None:
    assert ontology.embedded("CONSULT", "190") is None


@pytest.mark.parametrize(
    ("event_type", "future"),
    [
        ("CONSULT", "AGREE"),
        ("AID", "AGREE"),
        ("RETREAT", "CONCEDE"),
        ("CONCEDE", "CONCEDE"),
        ("COERCE", "THREATEN"),
    ],
)
def test_an_announced_act_changes_its_type(ontology: Ontology, event_type: str, future: str) -> None:
    assert ontology.future(event_type) == future


@pytest.mark.parametrize(
    ("code", "kind", "canonical"),
    [
        ("assault", "type", "ASSAULT"),
        ("ASSAULT-drone", "mode", "ASSAULT-drone"),
        (" 0871 ", "cameo", "0871"),
        ("cyber", "context", "cyber"),
        ("REB", "sector", "REB"),
    ],
)
def test_explain_knows_every_kind(ontology: Ontology, code: str, kind: str, canonical: str) -> None:
    found = ontology.explain(code)
    assert (found.kind, found.code) == (kind, canonical)
    assert found.meaning


def test_no_code_of_the_codebook_is_ambiguous(ontology: Ontology) -> None:
    codes = [*ontology.types, *ontology.modes, *ontology.cameo_codes, *ontology.contexts, *ontology.sectors]
    assert len({code.lower() for code in codes}) == len(codes)


def test_explain_says_where_the_mapping_departs(ontology: Ontology) -> None:
    assert "aerial" in dict(ontology.explain("195").details)["note"]


@pytest.mark.parametrize(
    ("ask", "nearest"),
    [
        (lambda o: o.explain("ASSALT"), "ASSAULT"),
        (lambda o: o.explain("0879"), "0874"),
        (lambda o: o.cameo("99"), "318 in all"),
        (lambda o: o.score("AID", "drone"), "none"),
        (lambda o: o.quad_class("YIELD"), "RETREAT"),
        (lambda o: o.root_cameo("ASSAULT", "dron"), "drone"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_allowed(ontology: Ontology, ask, nearest: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(DataError, match=nearest):
        ask(ontology)


def test_version_is_of_the_content(ontology: Ontology, folder: Path) -> None:
    assert Ontology.load(folder).version == ontology.version
    rewrite(folder / "plover.toml", "One party goes", "A party goes")
    assert Ontology.load(folder).version != ontology.version


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("plover.toml", "score = 2.5", "scores = 2.5", "AGREE: unknown field 'scores'"),
        ("plover.toml", "score = 2.5\n", "", "AGREE: score is None; it must be a number from -10 to 10"),
        ("plover.toml", "score = 2.5", "score = 25", "AGREE: score is 25; it must be a number"),
        ("plover.toml", '"verbal cooperation"', '"verbal"', "allowed are material conflict"),
        ("plover.toml", 'name = "visit"', 'name = "phone"', "CONSULT-phone: 'phone' is there twice"),
        ("plover.toml", 'cameo = "042"', 'cameo = "190"', "CONSULT-visit: cameo is '190'"),
        ("plover.toml", 'future = "AGREE"', 'future = "AGREED"', "CONSULT: future is 'AGREED'"),
        ("plover.toml", 'version = "1"', "", "no version"),
        ("plover.toml", "\n[[sector]]", "\n[[sectors]]", "unknown field 'sectors'"),
        ("plover.toml", 'name = "AGREE"', 'name = "AGREE', "is not UTF-8 TOML"),
        ("cameo.toml", 'type = "AGREE"', 'type = "AGRE"', "03: type is 'AGRE'"),
        ("cameo.toml", 'mode = "phone"', 'mode = "drone"', "041: mode is 'drone'; allowed are multilateral"),
        ("cameo.toml", 'contexts = ["economic"]', 'contexts = ["money"]', "0211: contexts is 'money'"),
        ("cameo.toml", 'code = "010"', 'code = "01"', "01: '01' is there twice"),
        ("cameo.toml", 'code = "010"', "code = 10", "code is 10; it must be a str"),
        ("cameo.toml", 'meaning = "Appeals"', 'meaning = " "', "02: meaning is blank"),
        ("cameo.toml", '"04" = "036"', '"04" = "190"', "AGREE: 04 gives '190'"),
    ],
)
def test_a_bad_line_is_refused(folder: Path, name: str, old: str, new: str, said: str) -> None:
    rewrite(folder / name, old, new)
    with pytest.raises(DataError) as caught:
        Ontology.load(folder)
    assert said in str(caught.value)
    assert name in str(caught.value)


def test_an_error_gives_the_line(folder: Path) -> None:
    path = folder / "cameo.toml"
    rewrite(path, 'type = "AGREE"', 'type = "AGRE"')
    line = 1 + path.read_text(encoding="utf-8")[: path.read_text(encoding="utf-8").index('"AGRE"')].count("\n")
    with pytest.raises(DataError) as caught:
        Ontology.load(folder)
    header = int(str(caught.value).split("line ")[1].split(",")[0])
    assert 0 < line - header <= 4


def test_a_missing_file_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"plover\.toml cannot be read"):
        Ontology.load(tmp_path)

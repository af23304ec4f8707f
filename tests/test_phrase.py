"""Noun phrases of hand-made parses, and the notation these are written in."""

from __future__ import annotations

import pytest

from parsed import at, document, sentence
from truceline.extract import phrase

ARMY = """
    The      _     DET   DT  3 det
    Norvian  _     ADJ   JJ  3 amod
    army     _     NOUN  NN  4 nsubj
    shelled  shell VERB  VBD 0 root
    the      _     DET   DT  6 det
    port     _     NOUN  NN  4 obj
    of       _     ADP   IN  8 case
    Aldery   _     PROPN NNP 6 nmod
    ,        _     PUNCT ,   11 punct
    which    _     PRON  WDT 11 nsubj
    burned   burn  VERB  VBD 6 acl:relcl
    .        _     PUNCT .   4 punct
"""
LEADERS = """
    Velland   _      PROPN NNP 3 nmod:poss
    's        _      PART  POS 1 case
    president _      NOUN  NN  7 nsubj
    ,         _      PUNCT ,   5 punct
    Ina       _      PROPN NNP 3 appos
    Roake     _      PROPN NNP 5 flat
    met       meet   VERB  VBD 0 root
    leaders   leader NOUN  NNS 7 obj
    of        _      ADP   IN  10 case
    Norvia    _      PROPN NNP 8 nmod
    and       _      CCONJ CC  12 cc
    Estmark   _      PROPN NNP 10 conj
    in        _      ADP   IN  16 case
    the       _      DET   DT  16 det
    port      _      NOUN  NN  16 compound
    city      _      NOUN  NN  7 obl
    .         _      PUNCT .   7 punct
"""
DEFENCE = """
    The       _      DET   DT  6 det
    U.S.      _      PROPN NNP 4 compound
    -         _      PUNCT HYPH 4 punct
    backed    back   VERB  VBN 6 amod
    rebel     _      NOUN  NN  6 compound
    groups    group  NOUN  NNS 7 nsubj
    fled      flee   VERB  VBD 0 root
    from      _      ADP   IN  13 case
    a         _      DET   DT  13 det
    large     _      ADJ   JJ  13 amod
    ,         _      PUNCT ,   13 punct
    old       _      ADJ   JJ  13 amod
    town      _      NOUN  NN  7 obl
    (         _      PUNCT -LRB- 15 punct
    Aldery    _      PROPN NNP 13 appos
    )         _      PUNCT -RRB- 15 punct
"""
OUT = """
    They      they   PRON  PRP 2 nsubj
    fled      flee   VERB  VBD 0 root
    out       _      ADP   IN  6 case
    of        _      ADP   IN  3 fixed
    the       _      DET   DT  6 det
    city      _      NOUN  NN  2 obl
"""
FORCES = """
    Anti      _      ADJ   JJ  3 amod
    -         _      PUNCT HYPH 3 punct
    terror    _      NOUN  NN  4 compound
    forces    force  NOUN  NNS 6 nsubj
    “         _      PUNCT ``  6 punct
    won       win    VERB  VBD 0 root
    ”         _      PUNCT ''  6 punct
"""
CASES: list[tuple[str, str, str]] = [
    (ARMY, "army", "The Norvian army"),
    (ARMY, "port", "the port of Aldery"),
    (ARMY, "Aldery", "Aldery"),
    (LEADERS, "president", "Velland's president"),
    (LEADERS, "Velland", "Velland"),
    (LEADERS, "Ina", "Ina Roake"),
    (LEADERS, "leaders", "leaders of Norvia"),
    (LEADERS, "Norvia", "Norvia"),
    (LEADERS, "Estmark", "Estmark"),
    (LEADERS, "city", "the port city"),
    (DEFENCE, "groups", "The U.S.-backed rebel groups"),
    (DEFENCE, "town", "a large, old town"),
    (DEFENCE, "Aldery", "Aldery"),
    (OUT, "city", "the city"),
    (FORCES, "forces", "Anti-terror forces"),
    (FORCES, "terror", "Anti-terror"),
]


@pytest.mark.parametrize(("rows", "head", "expected"), CASES, ids=[expected for *_, expected in CASES])
def test_phrases(rows: str, head: str, expected: str) -> None:
    text, (first, found) = document(OUT, rows)
    start, end = phrase(found, at(found, head))
    assert text[start:end] == expected
    assert start >= first.end


def test_a_parse_is_written_as_a_report_is() -> None:
    text, found = document(FORCES, LEADERS)
    assert text.startswith("Anti-terror forces “won” Velland's president, Ina Roake met")
    assert [(s.index, s.start) for s in found] == [(0, 0), (1, 25)]
    assert all(text[w.start : w.end] == w.text for s in found for w in s.words)
    assert [w.lemma for w in found[1].words[:3]] == ["Velland", "'s", "president"]
    assert found[0].words[5].head == -1


def test_a_parse_takes_the_text_that_it_is_given() -> None:
    found = sentence(OUT, text="They  fled out\nof the city", start=7)
    assert [(w.text, w.start) for w in found.words[:3]] == [("They", 7), ("fled", 13), ("out", 18)]
    assert (found.start, found.end) == (7, 33)


@pytest.mark.parametrize(
    "rows", ["Go go VERB VB 0", "Go go VERB VB 2 root", "Go go VERB VB 1 root", "a a X _ 0 root\nb b X _ 0 root"]
)
def test_what_is_no_parse(rows: str) -> None:
    with pytest.raises(ValueError, match="not a parse"):
        sentence(rows)

"""CoNLL-U: reading treebanks, writing parses."""

import lzma
from pathlib import Path

import pytest

from truceline.errors import DataError
from truceline.nlp import conllu
from truceline.nlp.sentence import ROOT, Sentence, Word

TREEBANK = """\
# newdoc id = marsa
# newpar
# sent_id = marsa-1
# text = Orla's (men) can't.
1-2\tOrla's\t_\t_\t_\t_\t_\t_\t_\t_
1\tOrla\tOrla\tPROPN\tNNP\tNumber=Sing\t4\tnmod:poss\t_\tEntity=(person)
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\t(\t(\tPUNCT\t-LRB-\t_\t4\tpunct\t_\tSpaceAfter=No
4\tmen\tman\tNOUN\tNNS\tNumber=Plur\t6\tnsubj\t_\tSpaceAfter=No
5\t)\t)\tPUNCT\t-RRB-\t_\t4\tpunct\t_\t_
6-7\tcan't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
6\tca\tcan\tAUX\tMD\t_\t0\troot\t_\t_
7\tn't\tnot\tPART\tRB\t_\t6\tadvmod\t_\t_
7.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t6:conj\t_
8\t.\t.\tPUNCT\t.\t_\t6\tpunct\t_\t_

# sent_id = marsa-2
1\tNo\tno\tINTJ\tUH\t_\t0\troot\t_\tSpaceAfter=No
2\t!\t!\tPUNCT\t.\t_\t1\tpunct\t_\t_
"""
ROW = "1\tNo\tno\tINTJ\tUH\t_\t0\troot\t_\t_"


def parsed(text: str) -> list[conllu.TreeSentence]:
    return list(conllu.parse(text.splitlines(keepends=True)))


def sentence(text: str, start: int = 0, index: int = 0, paragraph: int = 0) -> Sentence:
    """A sentence whose first word governs the others."""
    words: list[Word] = []
    here = 0
    for number, form in enumerate(text.split("|")):
        stripped = form.lstrip()
        here += len(form) - len(stripped)
        head, relation = (ROOT, "root") if number == 0 else (0, "dep")
        begin, end = start + here, start + here + len(stripped)
        words.append(Word(number, begin, end, stripped, stripped.lower(), "X", "FW", head, relation))
        here += len(stripped)
    plain = text.replace("|", "")
    return Sentence(index, start, start + len(plain), plain, tuple(words), paragraph=paragraph)


def test_the_words_of_a_range_share_its_space() -> None:
    first, _ = parsed(TREEBANK)
    assert [word.form for word in first.words] == ["Orla", "'s", "(", "men", ")", "ca", "n't", "."]
    assert [word.space_after for word in first.words] == [False, True, False, False, True, False, False, True]
    assert all(first.text[word.start : word.end] == word.form for word in first.words)


def test_columns() -> None:
    first, second = parsed(TREEBANK)
    orla, clitic = first.words[:2]
    assert (orla.lemma, orla.upos, orla.xpos, orla.feats) == ("Orla", "PROPN", "NNP", "Number=Sing")
    assert (orla.head, orla.deprel, dict(orla.misc)) == (3, "nmod:poss", {"Entity": "(person)"})
    assert (clitic.feats, dict(clitic.misc)) == ("", {})
    assert first.words[5].head == ROOT
    assert (first.id, first.opens_document, first.opens_paragraph) == ("marsa-1", True, True)
    assert (second.id, second.opens_document, second.opens_paragraph) == ("marsa-2", False, False)


def test_without_a_text_line_the_text_is_made_of_the_words() -> None:
    assert parsed(TREEBANK)[1].text == "No!"


def test_words_that_do_not_add_up_share_the_range_in_proportion() -> None:
    (only,) = parsed(
        "1-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_\n1\tde\tde\t_\t_\t_\t0\troot\t_\t_\n2\tle\tle\t_\t_\t_\t1\tdet\t_\t_\n"
    )
    assert [(word.start, word.end, word.form) for word in only.words] == [(0, 1, "de"), (1, 2, "le")]


@pytest.mark.parametrize("name", ["small.conllu", "small.conllu.xz"])
def test_files_plain_and_compressed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    content = TREEBANK.encode()
    path.write_bytes(lzma.compress(content) if name.endswith(".xz") else content)
    assert list(conllu.read(path)) == parsed(TREEBANK)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("1\tNo\tno", "3 columns"),
        (ROW.replace("1", "2", 1), "id 2; allowed here: 1"),
        (ROW.replace("1", "x", 1), "id 'x'"),
        (ROW.replace("\t0\t", "\t5\t"), "head '5'; allowed: 0 to 1"),
        (ROW.replace("\t0\t", "\t-1\t"), "head '-1'"),
        ("1-3" + ROW[1:], "id 1-3"),
        ("# text = Yes\n" + ROW, "'No' is not what comes next"),
    ],
)
def test_a_bad_line_says_where_and_what(tmp_path: Path, line: str, found: str) -> None:
    path = tmp_path / "bad.conllu"
    path.write_text(f"# sent_id = 1\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        list(conllu.read(path))
    assert f"{path}:" in str(caught.value)
    assert found in str(caught.value)


def test_written_lines() -> None:
    lines = list(conllu.write([sentence("Orla|'s| men| left|.")], document="marsa"))
    assert lines == [
        "# newdoc id = marsa\n",
        "# newpar\n",
        "# sent_id = marsa-1\n",
        "# text = Orla's men left.\n",
        "1\tOrla\torla\tX\tFW\t_\t0\troot\t_\tSpaceAfter=No\n",
        "2\t's\t's\tX\tFW\t_\t1\tdep\t_\t_\n",
        "3\tmen\tmen\tX\tFW\t_\t1\tdep\t_\t_\n",
        "4\tleft\tleft\tX\tFW\t_\t1\tdep\t_\tSpaceAfter=No\n",
        "5\t.\t.\tX\tFW\t_\t1\tdep\t_\t_\n",
        "\n",
    ]


def test_what_is_written_reads_back() -> None:
    first = sentence("The| truce|\n held|.")
    second = sentence("Nobody| left|.", start=first.end + 1, index=1)
    third = sentence("Talks| go| on", start=second.end + 2, index=2, paragraph=1)
    back = parsed("".join(conllu.write([first, second, third])))
    assert [s.id for s in back] == ["1", "2", "3"]
    assert [s.text for s in back] == ["The truce held.", "Nobody left.", "Talks go on"]
    assert [s.opens_paragraph for s in back] == [True, False, True]
    assert [[w.head for w in s.words] for s in back] == [[w.head for w in s.words] for s in (first, second, third)]


def test_sentences_without_a_space_between() -> None:
    first = sentence("Go|.")
    lines = list(conllu.write([first, sentence("Stop|.", start=first.end, index=1)]))
    assert lines[4] == "2\t.\t.\tX\tFW\t_\t1\tdep\t_\tSpaceAfter=No\n"


def test_what_no_file_can_hold_is_replaced() -> None:
    written = "".join(conllu.write([sentence("a| \ud83d")]))
    assert "\t\ufffd\t" in written
    written.encode("utf-8")


def test_nothing_in_nothing_out() -> None:
    assert list(conllu.write([])) == []
    assert parsed("") == []

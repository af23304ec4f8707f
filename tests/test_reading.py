"""Reading: a text becomes sentences of words that lie where they say, in one tree, the same each time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from truceline.nlp import Reader
from truceline.nlp.sentence import ROOT, Sentence
from truceline.nlp.tokens import lines

REPORT = (
    "ALDERY, May 4 (Hill Courier) - Norvia's army fired more than 1,050 drones at Aldery in the past week, "
    "Velland’s defence ministry said.\n\n“We won't stop,” President Ina Roake wrote.  At least 14 people died!\n"
)
TEXTS = {
    "report": REPORT,
    "one word": "No",
    "a stop": ".",
    "no sentence": "Drones, drones, drones",
    "a dateline alone": "ALDERY - ",
    "a dateline and a stop": "ALDERY - .",
    "odd bytes": "Norvia\x00 shelled\u200b Al\u00addery \ud800 \ufffd\x07 e\u0301 \u202eyredlA\u202c.\r\nThen 👍🏽 🇺🇦!",
    "other scripts": "Норвия обстреляла Алдери. 诺维亚炮击了港口。 قصفت نورفيا الميناء.",
    "capitals": "NORVIA SHELLS PORT OF ALDERY\nSTRIKE KILLS 14, ARMY SAYS",
    "urls": "See https://a.example/" + "b" * 3000 + "?c=1 and @norvia_army #Aldery.",
    "a giant word": "The " + "x" * 5000 + " fell.",
    "a giant sentence": "Norvia , " * 300 + "fell .",
    "many stops": "." * 600,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_words_lie_where_they_say(text: str, reader: Reader) -> None:
    found = reader.read(text)
    assert found
    assert [s.index for s in found] == list(range(len(found)))
    for s in found:
        assert s.text == text[s.start : s.end]
        assert [w.index for w in s.words] == list(range(len(s.words)))
        assert all(w.text == text[w.start : w.end] for w in s.words)
        assert (s.words[0].start, s.words[-1].end) == (s.start, s.end)
        assert all(left.end <= right.start for left, right in pairwise(s.words))
    assert all(left.end <= right.start and left.paragraph <= right.paragraph for left, right in pairwise(found))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_sentence_is_one_tree(text: str, reader: Reader) -> None:
    for s in reader.read(text):
        roots = [w for w in s.words if w.head == ROOT]
        assert [w.deprel for w in roots] == ["root"]
        assert "root" not in [w.deprel for w in s.words if w.head != ROOT]
        assert all(-1 <= w.head < len(s.words) for w in s.words)
        assert len(s.subtree(roots[0].index)) == len(s.words)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_proposed_lies_in_the_sentence(text: str, reader: Reader) -> None:
    for s in reader.read(text):
        assert all(0 <= name.first <= name.last < len(s.words) for name in s.names)
        assert all(left.last < right.first for left, right in pairwise(s.names))
        for trigger in s.triggers:
            people = [word for word, _ in (*trigger.actor, *trigger.recipient)]
            assert all(-1 <= word < len(s.words) for word in (trigger.word, *people))
            pairs = (*trigger.types, *trigger.actor, *trigger.recipient, *trigger.status)
            assert all(0 < chance <= 1 for _, chance in pairs)


def test_twice_is_the_same(reader: Reader) -> None:
    assert reader.read(REPORT) == reader.read(REPORT)


def test_a_sentence_reads_the_same_in_another_report(reader: Reader) -> None:
    said = "Velland's army said on Monday that rebels had shelled the port and killed at least nine people."
    (alone,) = reader.read(said)
    other = reader.read(f"{said}\n\n{REPORT}\n\n{TEXTS['capitals']}")[0]
    assert other == alone


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\r\n", "\u200b\ufeff", "\x00"])
def test_a_blank_text_has_no_sentences(text: str, reader: Reader) -> None:
    assert reader.read(text) == ()


def test_given_boundaries_are_kept(reader: Reader) -> None:
    text = "Norvia fell. Velland\ndid not."
    assert [s.text for s in reader.read_segments(text, lines(text))] == ["Norvia fell. Velland", "did not."]


@pytest.mark.parametrize("text", ["A" * 90 + " fell.", "A-" * 45 + "B fell.", "NO " * 200 + "!"], ids=lambda t: t[:6])
def test_capitals_take_no_longer_than_other_words(text: str, reader: Reader) -> None:
    began = time.process_time()
    reader.read(text)
    assert time.process_time() - began < 1


# ---- A floor for the parse: easy sentences, and who does what in them ----

# Sentence, and its "dependent < relation < head" arcs that count; "root" has no head.
EASY: list[tuple[str, str]] = [
    ("Norvia shelled the port.", "Norvia nsubj shelled, shelled root, port obj shelled"),
    ("The army captured two villages on Friday.", "army nsubj captured, villages obj captured, captured root"),
    (
        "The president signed the agreement on Monday.",
        "president nsubj signed, agreement obj signed, Monday obl signed",
    ),
    ("Rebels killed nine soldiers.", "Rebels nsubj killed, soldiers obj killed, nine nummod soldiers"),
    ("Nine soldiers were killed by rebels.", "soldiers nsubj:pass killed, rebels obl:agent killed, killed root"),
    ("The minister said that the talks had failed.", "minister nsubj said, failed ccomp said, talks nsubj failed"),
    ("France and Germany condemned the attack.", "France nsubj condemned, Germany conj France, attack obj condemned"),
    ("Israel released 30 prisoners.", "Israel nsubj released, prisoners obj released, 30 nummod prisoners"),
    (
        "The drone hit a hospital and destroyed it.",
        "drone nsubj hit, hospital obj hit, destroyed conj hit, it obj destroyed",
    ),
    (
        "Ukraine rejected the proposal of the mediators.",
        "Ukraine nsubj rejected, proposal obj rejected, mediators nmod proposal",
    ),
    (
        "The rebels, who hold the city, want a ceasefire.",
        "rebels nsubj want, hold acl:relcl rebels, city obj hold, ceasefire obj want",
    ),
    (
        "The general ordered his troops to withdraw.",
        "general nsubj ordered, troops obj ordered, withdraw xcomp ordered",
    ),
    ("Egypt will send aid to Gaza.", "Egypt nsubj send, aid obj send, Gaza obl send, will aux send"),
    (
        "Police arrested 40 protesters after the march.",
        "Police nsubj arrested, protesters obj arrested, march obl arrested",
    ),
    ("Turkey did not attack the convoy.", "Turkey nsubj attack, convoy obj attack, not advmod attack, attack root"),
    (
        "The ceasefire collapsed because both sides violated it.",
        "ceasefire nsubj collapsed, violated advcl collapsed, sides nsubj violated",
    ),
]


def arcs(s: Sentence) -> set[str]:
    return {f"{w.text} {w.deprel} {s.words[w.head].text}" if w.head != ROOT else f"{w.text} root" for w in s.words}


def test_easy_sentences_are_parsed(reader: Reader) -> None:
    wanted = {(text, arc) for text, found in EASY for arc in found.split(", ")}
    read = {(text, arc) for text, _ in EASY for s in reader.read(text) for arc in arcs(s)}
    missed = sorted(f"{arc}: {text}" for text, arc in wanted - read)
    assert len(missed) <= 0.1 * len(wanted), "\n".join(missed)

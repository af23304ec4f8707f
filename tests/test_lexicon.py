"""The lexicon: the rules where types touch, the shape of its entries, and what it refuses."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from truceline.errors import DataError
from truceline.ontology import Entry, Lexicon, Ontology, PartOfSpeech

IRREGULAR = {
    "agree": "agreed", "arise": "arose", "be": "is", "beat": "beat", "begin": "began", "blow": "blew",
    "break": "broke broken", "bring": "brought", "build": "built", "buy": "bought", "call-up": "call-up",
    "cancel": "cancelled", "come": "came", "cut": "cut", "deny": "denied", "feed": "fed",
    "fight": "fought", "find": "found", "flee": "fled", "fly": "flew", "forbid": "forbade",
    "forgive": "forgave", "freeze": "froze frozen", "give": "gave given", "go": "went gone", "hit": "hit",
    "hold": "held", "initial": "initialled", "lay": "laid", "leave": "left", "lend": "lent", "let": "let",
    "level": "levelled", "meet": "met", "overrun": "overran", "overthrow": "overthrew", "pay": "paid",
    "plead": "pleaded", "pummel": "pummelled", "put": "put", "quit": "quit", "rebuild": "rebuilt",
    "retake": "retook", "seek": "sought", "sell": "sold", "send": "sent", "set": "set", "shoot": "shot",
    "shut": "shut", "sink": "sank", "slay": "slew", "speak": "spoke", "spread": "spread",
    "stand": "stood", "steal": "stole", "strike": "struck", "swear": "swore", "take": "took taken",
    "tear": "tore", "tell": "told", "throw": "threw", "travel": "travelled", "undertake": "undertook",
    "unfreeze": "unfroze", "uphold": "upheld", "withdraw": "withdrew", "withhold": "withheld",
    "write": "wrote",
}  # fmt: skip


def forms(lemma: str) -> set[str]:
    """The regular forms of a word, and the irregular ones that are listed."""
    stem = lemma[:-1] if lemma.endswith(("e", "y")) else lemma
    endings = ("ied", "ies") if lemma.endswith("y") else ("ed", "ing", "es", "d", "s")
    made = {lemma, *(lemma + end for end in ("s", "es", "ed", "d", "ing")), *(stem + end for end in endings)}
    doubled = {lemma + lemma[-1] + end for end in ("ed", "ing")}
    return made | doubled | set(IRREGULAR.get(lemma, "").split())


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load()


@pytest.fixture(scope="module")
def lexicon(ontology: Ontology) -> Lexicon:
    return Lexicon.load(ontology)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that a test may break."""
    return Path(shutil.copytree(str(files("truceline").joinpath("data/lexicon/en")), tmp_path / "en"))


def decide(
    lexicon: Lexicon, lemma: str, pos: PartOfSpeech, *, subject: str = "", object: str = "", clause: str = ""
) -> Entry | None:
    """The first entry that fits, as a reader of the lexicon takes it."""
    for entry in lexicon.triggers(lemma, pos):
        if entry.fits(subjects={subject} - {""}, objects={object} - {""}, clauses={clause} - {""}):
            return entry
    return None


@pytest.mark.parametrize(
    ("lemma", "pos", "governs", "coded"),
    [
        # announcing a ceasefire or a withdrawal is CONCEDE, doing it RETREAT, breaking it ASSAULT
        ("declare", "verb", {"object": "ceasefire"}, "CONCEDE 0871"),
        ("announce", "verb", {"object": "withdrawal"}, "CONCEDE 0874"),
        ("observe", "verb", {"object": "truce"}, "RETREAT-ceasefire 0871"),
        ("take", "verb", {"subject": "ceasefire", "object": "effect"}, "RETREAT-ceasefire 0871"),
        ("violate", "verb", {"object": "ceasefire"}, "ASSAULT 196"),
        ("violation", "noun", {"object": "truce"}, "ASSAULT 196"),
        ("violate", "verb", {"object": "law"}, "REJECT-yield 128"),
        # withdrawing troops is RETREAT; diplomats, observers, aid or from talks SANCTION
        ("withdraw", "verb", {"object": "troop"}, "RETREAT-withdraw 0874"),
        ("withdraw", "verb", {"subject": "rebel"}, "RETREAT-withdraw 0874"),
        ("withdraw", "verb", {"object": "ambassador"}, "SANCTION-withdraw 161"),
        ("withdraw", "verb", {"object": "observer"}, "SANCTION-expel 1662"),
        ("withdraw", "verb", {"object": "aid"}, "SANCTION-discontinue 162"),
        ("withdraw", "verb", {"object": "demand"}, "CONCEDE 080"),
        ("withdraw from", "verb", {"object": "talk"}, "SANCTION-withdraw 164"),
        # expelling diplomats is SANCTION, deporting people COERCE, barring entry REJECT
        ("expel", "verb", {"object": "diplomat"}, "SANCTION-expel 166"),
        ("expel", "verb", {"object": "migrant"}, "COERCE-deport 174"),
        ("deport", "verb", {"object": "student"}, "COERCE-deport 174"),
        ("deny", "verb", {"object": "entry"}, "REJECT 120"),
        # an ambassador summoned is ACCUSE; so is a diplomatic protest; PROTEST means people acting
        ("summon", "verb", {"object": "ambassador"}, "ACCUSE-disapprove 114"),
        ("lodge", "verb", {"object": "protest"}, "ACCUSE-disapprove 114"),
        ("protest", "verb", {"subject": "ministry"}, "ACCUSE-disapprove 114"),
        ("protest", "verb", {"subject": "thousand"}, "PROTEST-demo 141"),
        # a conviction is SANCTION, a charge ACCUSE
        ("convict", "verb", {}, "SANCTION-convict 116"),
        ("sue", "verb", {}, "ACCUSE-allege 115"),
        # captured in war is ASSAULT, a suspect caught COERCE; refugees who flee are expelled
        ("capture", "verb", {"object": "soldier"}, "ASSAULT-abduct 181"),
        ("capture", "verb", {"object": "suspect"}, "COERCE-arrest 173"),
        ("flee", "verb", {}, "SANCTION-expel 166"),
        # joint exercises are COOPERATE, a country's own MOBILIZE
        ("hold", "verb", {"object": "joint exercise"}, "COOPERATE 062"),
        ("hold", "verb", {"object": "exercise"}, "MOBILIZE-troops 150"),
        # a future meeting or aid is AGREE, an invitation accepted too, a demand accepted CONCEDE
        ("offer", "verb", {"object": "aid"}, "AGREE 033"),
        ("offer", "verb", {"clause": "mediate"}, "AGREE 039"),
        ("agree to", "verb", {"object": "talk"}, "AGREE 036"),
        ("accept", "verb", {"object": "invitation"}, "AGREE 036"),
        ("accept", "verb", {"object": "demand"}, "CONCEDE 083"),
        ("willing", "adj", {"clause": "withdraw"}, "AGREE 030"),
        # truce talk
        ("propose", "verb", {"object": "truce"}, "REQUEST-yield 1056"),
        ("call for", "verb", {"object": "ceasefire"}, "REQUEST-yield 1056"),
        ("reject", "verb", {"object": "truce"}, "REJECT-yield 1246"),
        ("reject", "verb", {"object": "talk"}, "REJECT-meet 125"),
        ("accuse", "verb", {"clause": "violate"}, "ACCUSE-allege 1123"),
        ("accuse", "verb", {"clause": "lack"}, "ACCUSE-disapprove 112"),
        ("investigate", "verb", {"object": "breach"}, "ACCUSE-investigate 093"),
        ("sign", "verb", {"object": "agreement"}, "SUPPORT 057"),
        # stopping an attack is RETREAT, a strike of workers CONCEDE
        ("end", "verb", {"object": "offensive"}, "RETREAT-ceasefire 087"),
        ("end", "verb", {"object": "strike"}, "CONCEDE 082"),
        ("halt", "verb", {"object": "attack"}, "RETREAT-ceasefire 087"),
        # easing and imposing
        ("lift", "verb", {"object": "curfew"}, "CONCEDE 0813"),
        ("lift", "verb", {"object": "sanction"}, "CONCEDE 085"),
        ("lift", "verb", {"object": "blockade"}, "RETREAT-withdraw 0872"),
        ("impose", "verb", {"object": "curfew"}, "COERCE-curfew 1723"),
        ("impose", "verb", {"object": "sanction"}, "SANCTION-discontinue 163"),
        ("suspend", "verb", {"object": "aid"}, "SANCTION-discontinue 162"),
        ("suspend", "verb", {"object": "talk"}, "SANCTION-withdraw 164"),
        # one verb, many senses
        ("strike", "verb", {"subject": "worker"}, "PROTEST-strike 143"),
        ("strike", "verb", {"subject": "drone"}, "ASSAULT-drone 1952"),
        ("strike", "verb", {"object": "deal"}, "SUPPORT 057"),
        ("strike", "noun", {"object": "hunger strike"}, "PROTEST-hunger 142"),
        ("launch", "verb", {"object": "drone"}, "ASSAULT-drone 1952"),
        ("launch", "verb", {"object": "missile"}, "ASSAULT-aerial 195"),
        ("launch", "verb", {"object": "investigation"}, "ACCUSE-investigate 090"),
        ("order", "verb", {"object": "arrest"}, "COERCE-arrest 173"),
        ("order", "verb", {"clause": "withdraw"}, "REQUEST-yield 105"),
        ("tell", "verb", {"clause": "halt"}, "REQUEST-yield 105"),
        ("threaten", "verb", {"clause": "bomb"}, "THREATEN-violence 1384"),
        ("vow", "verb", {"clause": "retaliate"}, "THREATEN-violence 138"),
        ("refuse", "verb", {"clause": "meet"}, "REJECT-meet 125"),
        ("blow up", "verb", {}, "ASSAULT-explosives 183"),
        ("shell", "verb", {}, "ASSAULT-heavy-weapons 194"),
    ],
)  # fmt: skip
def test_words_are_coded(lexicon: Lexicon, lemma: str, pos: PartOfSpeech, governs: dict[str, str], coded: str) -> None:
    entry = decide(lexicon, lemma, pos, **governs)
    assert entry is not None
    mode = f"-{entry.mode}" if entry.mode else ""
    assert f"{entry.event_type}{mode} {entry.cameo}" == coded


@pytest.mark.parametrize(
    ("lemma", "governs"),
    [
        ("deny", {"clause": "attack"}),
        ("deny", {"object": "claim"}),
        ("ask", {}),
        ("hold", {"object": "election"}),
        ("open", {"object": "school"}),
        ("send", {"object": "letter"}),
        ("express", {"object": "view"}),
    ],
)
def test_words_without_their_sense_are_no_event(lexicon: Lexicon, lemma: str, governs: dict[str, str]) -> None:
    assert decide(lexicon, lemma, "verb", **governs) is None


def test_an_unknown_word_triggers_nothing(lexicon: Lexicon) -> None:
    assert lexicon.triggers("breakfast", "noun") == ()
    assert lexicon.triggers("shell", "noun") == ()


def test_the_more_an_entry_asks_the_sooner_it_is_tried(lexicon: Lexicon) -> None:
    for entry in lexicon.entries:
        asked = [
            bool(e.subject) + bool(e.object) + bool(e.complement) * (0.5 if e.complement == ("*",) else 1)
            for e in lexicon.triggers(entry.lemma, entry.pos)
        ]
        assert asked == sorted(asked, reverse=True)


def test_every_type_and_mode_can_be_said(ontology: Ontology, lexicon: Lexicon) -> None:
    said = {(entry.event_type, entry.mode) for entry in lexicon.entries}
    assert {event_type for event_type, _ in said} == set(ontology.types)
    assert {(mode.event_type, mode.name) for mode in ontology.modes.values()} <= said


def test_codes_and_modes_of_an_entry_agree(ontology: Ontology, lexicon: Lexicon) -> None:
    for entry in lexicon.entries:
        assert ontology.cameo(entry.cameo).carries(entry.event_type), entry.id
        assert entry.mode is None or f"{entry.event_type}-{entry.mode}" in ontology.modes, entry.id


def test_every_example_has_a_form_of_its_lemma(lexicon: Lexicon) -> None:
    without = [
        entry.id
        for entry in lexicon.entries
        for words in [set(re.findall(r"[\w-]+", entry.example.lower()))]
        if not all(forms(part) & words for part in entry.lemma.split())
    ]
    assert without == []


def test_every_example_shows_its_condition(lexicon: Lexicon) -> None:
    """One of the words that an entry asks for stands in its example, as object, subject or clause."""
    without = []
    for entry in lexicon.entries:
        words = set(re.findall(r"[\w-]+", entry.example.lower()))
        for asked in (entry.subject, entry.object, entry.complement):
            shown = any(all(forms(part) & words for part in word.split()) for word in asked)
            if asked and asked != ("*",) and not shown:
                without.append(entry.id)
    assert without == []


def test_examples_are_sentences_and_not_repeated(lexicon: Lexicon) -> None:
    examples = [entry.example for entry in lexicon.entries]
    assert len(set(examples)) == len(examples)
    assert all(example[0].isupper() and example.endswith(".") for example in examples)


def test_the_rule_names_the_entry(lexicon: Lexicon) -> None:
    (entry,) = lexicon.triggers("shell", "verb")
    assert entry.rule == "lexicon:v.shell"


@pytest.mark.parametrize(("lemma", "light"), [("carry out", True), ("impose", True), ("shell", False)])
def test_light_verbs(lexicon: Lexicon, lemma: str, light: bool) -> None:
    assert lexicon.light_verb(lemma) is light


@pytest.mark.parametrize(
    ("lemma", "role", "phase"),
    [
        ("launch", "actor", "begin"),
        ("call off", "actor", "end"),
        ("come under", "recipient", None),
        ("break out", "none", "begin"),
    ],
)
def test_a_light_verb_says_who_and_when(lexicon: Lexicon, lemma: str, role: str, phase: str | None) -> None:
    found = lexicon.light_verbs[lemma]
    assert (found.role, found.phase) == (role, phase)


@pytest.mark.parametrize(
    ("phrase", "mode", "item"),
    [
        ("drone", "drone", "drone"),
        ("attack drone", "drone", "attack drone"),
        ("ballistic missile", "aerial", "missile"),
        ("long-range ballistic missile", "aerial", "missile"),
        ("glide bomb", "aerial", "bomb"),
        ("artillery", "heavy-weapons", "shell"),
        ("car bomb", "explosives", "car bomb"),
        ("rifle", "firearms", "firearm"),
        ("tear gas", "crowd-control", "crowd-control munition"),
        ("nerve agent", "unconventional", "chemical weapon"),
        ("suicide vest", "suicide-attack", "suicide vest"),
        ("machete", "primitive", "blade"),
    ],
)
def test_weapons_imply_a_mode(lexicon: Lexicon, phrase: str, mode: str, item: str) -> None:
    found = lexicon.weapon(phrase)
    assert found is not None
    assert (found.mode, found.item) == (mode, item)


@pytest.mark.parametrize("phrase", ["think tank", "oil tank", "coal mine", "bakery", "missile base", ""])
def test_what_is_no_weapon_is_none(lexicon: Lexicon, phrase: str) -> None:
    assert lexicon.weapon(phrase) is None


@pytest.mark.parametrize(
    ("lemma", "speech_class", "certainty", "polarity"),
    [
        ("say", "states", "certain", "+"),
        ("claim", "states", "unstated", "+"),
        ("deny", "denies", "certain", "-"),
        ("accuse", "accuses", "certain", "+"),
        ("doubt", "doubts", "possible", "-"),
        ("according to", "states", "certain", "+"),
    ],
)
def test_speech(lexicon: Lexicon, lemma: str, speech_class: str, certainty: str, polarity: str) -> None:
    cue = lexicon.speech(lemma)
    assert cue is not None
    assert (cue.speech_class, cue.certainty, cue.polarity) == (speech_class, certainty, polarity)


def test_speech_by_nouns_adjectives_and_phrases(lexicon: Lexicon) -> None:
    assert lexicon.speech("bake") is None
    assert lexicon.speech_noun("remark") is not None
    assert lexicon.speech_noun("tree") is None
    stance = lexicon.stance("skeptical")
    assert stance is not None
    assert (stance.certainty, stance.polarity) == ("possible", "-")
    lengths = [len(phrase.split()) for phrase in lexicon.speech_phrases()]
    assert lengths == sorted(lengths, reverse=True)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("negations", "not"),
        ("hypothetical_auxiliaries", "could"),
        ("obligation_auxiliaries", "must"),
        ("hypothetical_markers", "if"),
        ("planned_auxiliaries", "will"),
        ("planned_verbs", "intend"),
        ("historical_adjectives", "past"),
        ("failure_verbs", "fail"),
        ("hearsay_adverbs", "reportedly"),
    ],
)
def test_cues(lexicon: Lexicon, name: str, word: str) -> None:
    assert word in getattr(lexicon.cues, name)


ENTRY = """
[[entry]]
id = "v.{id}"
lemma = "{lemma}"
pos = "verb"
type = "ASSAULT"
cameo = "190"
recipient = "object"
weight = 1.0
example = "x"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type = "ASSAULT"', 'type = "ASSUALT"', "v.zap: type is 'ASSUALT'; allowed are ACCUSE"),
        ('type = "ASSAULT"', "", "v.zap: no type; it is required"),
        ('cameo = "190"', "", "v.zap: no cameo; it is required"),
        ('cameo = "190"', 'cameo = "999"', "v.zap: cameo is '999'"),
        ('cameo = "190"', 'cameo = "071"', "cameo 071 is AID; it must be a code of ASSAULT"),
        ('cameo = "190"', 'cameo = "190"\nmode = "demo"', "v.zap: mode is 'demo'; allowed are abduct"),
        ('pos = "verb"', 'pos = "adverb"', "pos is 'adverb'; allowed are adj, noun, verb"),
        ('recipient = "object"', 'recipient = "prep"', "recipient is 'prep' without prep"),
        ("weight = 1.0", "weight = 0.2", "weight is 0.2; it must be a number from 0.3 to 1"),
        ("weight = 1.0", 'weight = "1"', "weight is '1'"),
        ("weight = 1.0", "weight = 1.0\nwieght = 1", "unknown field 'wieght'"),
        ("weight = 1.0", "weight = 1.0\nsymmetric = 1", "symmetric is 1; it must be a bool"),
        ("weight = 1.0", 'weight = 1.0\nobject = ["a", "a"]', "object is ['a', 'a']"),
        ("weight = 1.0", 'weight = 1.0\nobject = "aid"', "object is 'aid'; it must be a list"),
        ("weight = 1.0", 'weight = 1.0\ncomplement = ["*", "go"]', "complement has '*' beside verbs"),
        ('lemma = "zap"', 'lemma = "Zap"', "lemma is 'Zap'; lemmas are lower case"),
        ('lemma = "zap"', 'lemma = "shell"', "v.zap: never reached: v.shell fits whenever it does"),
        ('id = "v.zap"', 'id = "v.shell"', "v.shell: 'v.shell' is there twice"),
        ('example = "x"', 'example = ""', "example is blank"),
    ],
)
def test_a_bad_entry_is_refused(ontology: Ontology, folder: Path, old: str, new: str, said: str) -> None:
    entry = ENTRY.format(id="zap", lemma="zap")
    assert old in entry
    path = folder / "verbs.toml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good + entry.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Lexicon.load(ontology, folder)
    assert said in str(caught.value)
    assert f"verbs.toml, line {good.count(chr(10)) + 2}," in str(caught.value)


def test_a_good_entry_is_read(ontology: Ontology, folder: Path) -> None:
    path = folder / "verbs.toml"
    path.write_text(path.read_text(encoding="utf-8") + ENTRY.format(id="zap", lemma="zap"), encoding="utf-8")
    (entry,) = Lexicon.load(ontology, folder).triggers("zap", "verb")
    assert (entry.event_type, entry.mode, entry.object, entry.actor) == ("ASSAULT", None, (), "subject")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("lightverbs.toml", 'role = "actor"', 'role = "agent"'), "role is 'agent'; allowed are actor"),
        (("lightverbs.toml", 'phase = "begin"', 'phase = "start"'), "phase is 'start'"),
        (("weapons.toml", 'mode = "drone"', 'mode = "demo"'), "drone: mode is 'demo'"),
        (("speech.toml", 'polarity = "-"', 'polarity = "no"'), "polarity is 'no'; allowed are +, -"),
        (("speech.toml", "\n[[phrase]]", "\n[[phrases]]"), "unknown field 'phrases'"),
        (("modals.toml", "negations = [", "negation = ["), "unknown field 'negation'"),
        (("nouns.toml", 'licence = "Apache-2.0"', ""), "no licence"),
        (("verbs.toml", "\n[[entry]]", "\n[entry]"), "is not UTF-8 TOML"),
    ],
)
def test_a_bad_line_is_refused(ontology: Ontology, folder: Path, edit: tuple[str, str, str], said: str) -> None:
    name, old, new = edit
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Lexicon.load(ontology, folder)
    assert said in str(caught.value)
    assert name in str(caught.value)


def test_version_is_of_the_content(ontology: Ontology, lexicon: Lexicon, folder: Path) -> None:
    assert Lexicon.load(ontology, folder).version == lexicon.version
    path = folder / "modals.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"barely", ', ""), encoding="utf-8")
    assert Lexicon.load(ontology, folder).version != lexicon.version

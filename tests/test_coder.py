"""The whole coder with its network: what must hold whatever the network, and plain sentences it must get right."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

import steps
from truceline import nlp
from truceline.coder import Coder
from truceline.extract.quantities import CountedItems
from truceline.nlp.sentence import TriggerReading
from truceline.records import CodedDocument, Document, Entity, Event, Evidence

DAY = "2024-05-08"
REPORT = """\
CALVANE CITY, May 8 (Meridian Wire) - Taldoran forces shelled the town of Adessa on Monday, killing at least 12 people.

Taldora denied that its forces shelled Adessa. “We will not leave,” said Foreign Minister Ana Ruiz.

Calvane proposed a 30-day ceasefire between Taldora and Quessia. Quessia has not responded to the proposal.
If Quessia accepts the ceasefire, Taldora will release 40 prisoners, according to the governor of Adessa.
President Barack Obama visited Havana in March 2016. Former President Barack Obama spoke on Tuesday.
"""

ENTITY = ["text", "start", "end", "name", "id", "country", "sectors", "implied"]
SHAPE = {
    "document": ["id", "source", "url", "title", "published", "language", "sha256"],
    "sentences": ["index", "start", "end"],
    "events": ["id", "sentence", "event_type", "event_mode", "cameo", "quad_class", "score", "contexts", "trigger",
               "actor", "recipient", "date", "location", "quantities", "status", "attribution", "evidence"],
    "events/trigger": ["start", "end", "text"],
    "events/actor": ENTITY,
    "events/recipient": ENTITY,
    "events/date": ["start", "end", "text", "precision", "basis"],
    "events/location": ["name", "country", "admin1", "lat", "lon", "geonames", "precision", "text", "start", "end"],
    "events/quantities": ["kind", "item", "low", "best", "high", "approximate", "unit", "text", "start", "end",
                          "part_of"],
    "events/attribution": ["holder", "cue", "certainty", "polarity"],
    "events/attribution/holder": ENTITY,
    "events/evidence": ["rule", "start", "end"],
    "statements": ["id", "sentence", "speaker", "cue", "addressee", "content", "direct", "evidence"],
    "statements/speaker": ENTITY,
    "statements/content": ["start", "end", "text"],
    "statements/evidence": ["rule", "start", "end"],
    "truce_proposals": ["id", "sentence", "proposer", "parties", "scope", "duration", "start", "area", "conditions",
                        "responses", "evidence"],
    "truce_proposals/proposer": ENTITY,
    "truce_proposals/parties": ENTITY,
    "truce_proposals/responses": ["party", "answer", "as_of", "text", "start", "end"],
    "truce_proposals/responses/party": ENTITY,
    "truce_proposals/evidence": ["rule", "start", "end"],
    "role_claims": ["sentence", "person", "role", "text", "agrees", "on_record", "evidence"],
    "role_claims/evidence": ["rule", "start", "end"],
    "rejections": ["reason", "start", "end"],
    "versions": ["truceline", "model", "ontology", "lexicon", "kb"],
}  # fmt: skip
# Families of rules; what follows the colon is the rule.
FAMILIES = {
    "args", "attribution", "construction", "coreference", "factuality", "kb", "lexicon", "network", "place",
    "quantities", "quantity", "roles", "time", "truce", "words",
}  # fmt: skip


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder.load()


@pytest.fixture(scope="session")
def coded(coder: Coder) -> CodedDocument:
    return coder.code(Document.of(REPORT, published=DAY, source="Meridian Wire"))


def parts(value: object) -> Iterator[Any]:
    """A record and every record inside it."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)


def shapes(value: object, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every object of a JSON value: the path of its keys, and its own keys."""
    if isinstance(value, dict):
        if path:
            yield path, list(value)
        for key, inner in value.items():
            yield from shapes(inner, f"{path}/{key}".lstrip("/"))
    elif isinstance(value, list):
        for item in value:
            yield from shapes(item, path)


def check_spans(found: CodedDocument) -> None:
    """Every part with a start lies in the text, and says what the text has there."""
    text = found.document.text
    for part in parts(found):
        if getattr(part, "start", None) is None or isinstance(part.start, str):
            continue
        assert 0 <= part.start < part.end <= len(text), part
        if hasattr(part, "text"):
            assert text[part.start : part.end] == part.text, part


class TestTheRecord:
    def test_its_shape_is_the_documented_one(self, coded: CodedDocument) -> None:
        found = coded.to_json()
        assert list(found) == [path for path in SHAPE if "/" not in path]
        unlike = {(path, tuple(keys)) for path, keys in shapes(found) if SHAPE.get(path, ENTITY) != keys}
        assert not unlike

    def test_the_report_has_something_of_every_section(self, coded: CodedDocument) -> None:
        found = coded.to_json()
        assert [name for name, section in found.items() if not section and name != "rejections"] == []

    def test_it_goes_through_json(self, coded: CodedDocument) -> None:
        found = coded.to_json()
        assert json.loads(json.dumps(found)) == found
        assert REPORT not in json.dumps(found)

    def test_every_span_is_in_the_text(self, coded: CodedDocument) -> None:
        check_spans(coded)

    def test_every_event_has_its_evidence(self, coded: CodedDocument) -> None:
        for event in coded.events:
            at = {(e.start, e.end) for e in event.evidence}
            assert (event.trigger.start, event.trigger.end) in at

    def test_every_rule_is_of_a_known_family(self, coded: CodedDocument) -> None:
        rules = {part.rule for part in parts(coded) if isinstance(part, Evidence)}
        assert {rule.partition(":")[0] for rule in rules} <= FAMILIES
        assert not [rule for rule in rules if re.search(r"\s|:$|^$", rule)]

    def test_every_event_lies_in_its_sentence(self, coded: CodedDocument) -> None:
        for event in coded.events:
            sentence = coded.sentences[event.sentence]
            assert sentence.start <= event.trigger.start < event.trigger.end <= sentence.end

    def test_a_rejection_says_why(self, coded: CodedDocument) -> None:
        assert all(r.reason for r in coded.rejections)
        assert list(coded.rejections) == sorted(coded.rejections, key=lambda r: (r.start, r.end, r.reason))

    def test_the_versions_are_filled(self, coded: CodedDocument, coder: Coder) -> None:
        assert coded.versions == coder.versions
        assert all(coded.versions.__getattribute__(f.name) for f in fields(coded.versions))

    def test_sentences_are_in_order_and_apart(self, coded: CodedDocument) -> None:
        assert [s.index for s in coded.sentences] == list(range(len(coded.sentences)))
        assert all(a.end <= b.start for a, b in zip(coded.sentences, coded.sentences[1:], strict=False))


class TestTheSame:
    OTHER = "Protesters demonstrated in Tbilisi. The police arrested some of them."

    def test_again_and_in_another_order(self, coder: Coder, coded: CodedDocument) -> None:
        documents = [Document.of(REPORT, published=DAY, source="Meridian Wire"), Document.of(self.OTHER)]
        first = [c.to_json() for c in coder.pipe(documents)]
        assert [c.to_json() for c in coder.pipe(reversed(documents))] == first[::-1]
        assert first[0] == coded.to_json()

    def test_ids_are_of_the_text(self, coder: Coder, coded: CodedDocument) -> None:
        changed = coder.code(Document.of(f"{REPORT} It rained.", published=DAY))

        def ids(found: CodedDocument) -> set[str]:
            events, statements = [e.id for e in found.events], [s.id for s in found.statements]
            return {found.document.id, *events, *statements, *(p.id for p in found.truce_proposals)}

        assert len(ids(coded)) == 1 + len(coded.events) + len(coded.statements) + len(coded.truce_proposals)
        assert not ids(coded) & ids(changed)


ODD = {
    "one word": "Shelling",
    "a letter": "a",
    "punctuation": "?!... -- “” ,,,",
    "emoji": "🚀🚀 Russian forces shelled Kharkiv 💥👩‍👩‍👧‍👦 on Monday 🇺🇦.",
    "control characters": "Russian forces\x00\x07 shelled\x1b[31m Kharkiv\x7f.\x0b\x0cPolice\u2028arrested\u2029men.",
    "lone surrogates": "Russian forces \ud83d shelled \udc00 Kharkiv.",
    "Cyrillic": "Российские войска обстреляли Харьков в понедельник. Погибли 12 человек.",
    "Arabic": "قصفت القوات المدينة يوم الاثنين.",
    "Chinese": "部队周一炮击了该市。",
    "accents apart": unicodedata.normalize("NFD", "Président François Hollande visited Bogotá and İzmir in 2016."),
    "letters that grow when folded": "İSTANBUL ŉ ﬁre ẞ: Russian forces shelled Kharkiv.",
    "a long word": "x" * 5000,
    "a long sentence": " ".join(["Russian forces shelled Kharkiv and"] * 1000),
    "no capitals": "russian forces shelled kharkiv on monday",
    "all capitals": "RUSSIAN FORCES SHELLED KHARKIV ON MONDAY",
    "quotes never closed": "“Taldora shelled Adessa. “Calvane said. ”",
    "right to left marks": "\u202eRussian\u202c forces\u200b shelled\ufeff Kharkiv.",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_is_coded_without_complaint(coder: Coder, text: str) -> None:
    found = coder.code(Document.of(text, published=DAY))
    check_spans(found)
    json.dumps(found.to_json())


# In the codebook an assault that is only announced may be a threat.
ANNOUNCED = "ASSAULT THREATEN"
# text, event types, actor country, recipient country, status; None: any
PLAIN = [
    ("Russian forces shelled Kharkiv on Monday.", "ASSAULT", "RUS", "UKR", "asserted"),
    ("Kharkiv was shelled by Russian forces on Monday.", "ASSAULT", "RUS", "UKR", "asserted"),
    ("Russian drones attacked Odesa.", "ASSAULT", "RUS", "UKR", "asserted"),
    ("Iran launched missiles at Israel.", "ASSAULT", "IRN", "ISR", "asserted"),
    ("Police arrested dozens of protesters in Minsk.", "COERCE", "BLR", None, "asserted"),
    ("Japan sent medical aid to Turkey.", "AID", "JPN", "TUR", "asserted"),
    ("Germany condemned the Russian invasion of Ukraine.", "ACCUSE", "DEU", "RUS", "asserted"),
    ("Protesters demonstrated in Tbilisi against the government.", "PROTEST", "GEO", None, "asserted"),
    ("Poland gave tanks to Ukraine.", "AID", "POL", "UKR", "asserted"),
    ("The United States imposed sanctions on Iran.", None, "USA", "IRN", "asserted"),
    ("Russia expelled Polish diplomats.", "SANCTION", "RUS", "POL", "asserted"),
    ("Ethiopia and Eritrea signed a peace agreement.", "SUPPORT", "ETH", None, "asserted"),
    ("The United States called on Russia to withdraw its troops from Ukraine.", "REQUEST", "USA", "RUS", "asserted"),
    ("Russia has not attacked Poland.", "ASSAULT", "RUS", "POL", "negated"),
    ("Russian forces did not shell Lviv.", "ASSAULT", "RUS", "UKR", "negated"),
    ("Taldora denied that its forces shelled Adessa.", "ASSAULT", None, None, "negated"),
    ("If Taldoran forces attack Adessa, Calvane will respond.", ANNOUNCED, None, None, "hypothetical"),
    ("Taldoran forces could attack Adessa.", ANNOUNCED, None, None, "hypothetical"),
    ("Taldora will attack Adessa on Friday.", ANNOUNCED, None, None, "planned"),
    ("Taldora plans to attack Adessa.", ANNOUNCED, None, None, "planned"),
]


def shown(event: Event) -> tuple[str, set[str | None], set[str | None], str]:
    return (event.event_type, {a.country for a in event.actor}, {r.country for r in event.recipient}, event.status)


@pytest.mark.parametrize(("text", "event_type", "actor", "recipient", "status"), PLAIN, ids=[case[0] for case in PLAIN])
def test_plain_sentences(
    coder: Coder, text: str, event_type: str | None, actor: str | None, recipient: str | None, status: str
) -> None:
    found = [shown(event) for event in coder.code(Document.of(text, published=DAY)).events]
    assert [
        event
        for event in found
        if (event_type is None or event[0] in event_type.split())
        and (actor is None or actor in event[1])
        and (recipient is None or recipient in event[2])
        and event[3] == status
    ], found


@pytest.mark.parametrize("text", [case[0] for case in PLAIN if case[4] != "asserted"])
def test_what_did_not_happen_is_never_asserted(coder: Coder, text: str) -> None:
    events = coder.code(Document.of(text, published=DAY)).events
    assert not [event for event in events if event.event_type == "ASSAULT" and event.status == "asserted"]


@pytest.mark.parametrize(
    ("text", "published", "start", "basis"),
    [
        ("Russian forces shelled Kharkiv on Monday.", DAY, "2024-05-06", "stated"),
        ("Russian forces shelled Kharkiv.", DAY, DAY, "document"),
        ("Russian forces shelled Kharkiv.", None, None, "unknown"),
        ("Russian forces shelled Kharkiv, Ukrainian officials said on Tuesday.", DAY, DAY, "document"),
    ],
)
def test_when(coder: Coder, text: str, published: str | None, start: str | None, basis: str) -> None:
    events = coder.code(Document.of(text, published=published)).events
    assert [(e.date.start, e.date.basis) for e in events if e.event_type == "ASSAULT"] == [(start, basis)]


def test_figures_go_with_their_event(coder: Coder) -> None:
    found = coder.code(Document.of("Russian forces shelled Kharkiv on Monday, killing at least 12 people."))
    figures = [(q.kind, q.low) for event in found.events for q in event.quantities]
    assert figures == [("dead", 12)]


def test_who_says_so(coder: Coder) -> None:
    found = coder.code(Document.of("Russian forces shelled Kharkiv, Ukraine said.", published=DAY))
    (event,) = (e for e in found.events if e.event_type == "ASSAULT")
    assert [(a.holder.country, a.cue, a.polarity) for a in event.attribution] == [("UKR", "said", "+")]


def test_a_truce_proposal_in_a_report(coded: CodedDocument) -> None:
    (found,) = coded.truce_proposals
    assert found.proposer is not None
    assert (found.proposer.name, [p.name for p in found.parties]) == ("Calvane", ["Taldora", "Quessia"])
    assert found.duration == "P30D"
    assert ("Quessia", "none as of", DAY) in [(r.party.name, r.answer, r.as_of) for r in found.responses]


class Given(nlp.Reader):
    """A reader of sentences parsed by hand, so that what the coder makes of them hangs on no network."""

    def __init__(self, *texts: str, proposals: dict[str, TriggerReading]) -> None:
        self._reading = steps.reading(*texts, proposals=proposals)
        self.version = "given"
        self.text = self._reading.text

    def read(self, text: str) -> tuple[nlp.Sentence, ...]:
        assert text == self.text
        return self._reading.sentences


def given(*texts: str, acts: tuple[str, ...], event_type: str = "ASSAULT") -> CodedDocument:
    """The record of sentences parsed by hand, in which the network gives these words this type."""
    proposals: dict[str, TriggerReading] = {}
    for form in acts:
        proposals |= steps.proposing(form, event_type, 0.9)
    reader = Given(*texts, proposals=proposals)
    ontology, lexicon, kb = steps.data()
    found = Coder(reader, kb, ontology, lexicon, CountedItems.load()).code(Document.of(reader.text, published=DAY))
    check_spans(found)
    return found


class TestTheReportAsAWhole:
    def test_a_side_left_out_is_taken_from_the_only_answer_there_is(self) -> None:
        found = given("Russian forces shelled Kharkiv.", "Kharkiv was shelled on Monday.", acts=("shelled",))
        assert [[(a.country, a.implied) for a in e.actor] for e in found.events] == [[("RUS", False)], [("RUS", True)]]
        assert "args:implied" in {e.rule for e in found.events[1].evidence}
        implied = [p for p in parts(found) if isinstance(p, Entity) and p.implied]
        assert [p.text for p in implied] == ["Russian forces"]

    def test_and_not_from_an_assault_that_is_denied(self) -> None:
        texts = ("Russian forces did not shell Kharkiv.", "Kharkiv was shelled on Monday.")
        found = given(*texts, acts=("shell", "shelled"))
        assert [(e.status, len(e.actor)) for e in found.events] == [("negated", 1), ("asserted", 0)]

    def test_a_later_mention_is_no_second_event(self) -> None:
        texts = ("Calvane proposed a truce for three days.", "Calvane's proposal for a truce failed.")
        found = given(*texts, acts=("proposed", "proposal"), event_type="REQUEST")
        assert [e.trigger.text for e in found.events] == ["proposed"]
        assert [r.reason for r in found.rejections] == ["a later mention of the REQUEST in sentence 0"]

    @pytest.mark.parametrize(
        ("text", "form", "status", "polarity"),
        [
            ("Taldora denied that its forces shelled Adessa.", "shelled", "negated", ["-"]),
            ("Taldora denied shelling Adessa.", "shelling", "negated", ["-"]),
            ("Calvane said that Taldora shelled Adessa.", "shelled", "asserted", ["+"]),
            ("Taldora plans to shell Adessa.", "shell", "planned", []),
            ("If Taldora shells Adessa, Quessia will respond.", "shells", "hypothetical", []),
        ],
    )
    def test_status_and_attribution(self, text: str, form: str, status: str, polarity: list[str]) -> None:
        (event,) = given(text, acts=(form,)).events
        assert (event.status, [a.polarity for a in event.attribution]) == (status, polarity)
        assert any(e.rule.startswith("attribution:") for e in event.evidence) == bool(polarity)

    @pytest.mark.parametrize(
        ("text", "start", "basis"),
        [
            ("Kharkiv was shelled on Monday.", "2024-05-06", "stated"),
            ("Taldora shelled Adessa, the ministry said on Monday.", DAY, "document"),  # they said it on Monday
            ("Taldora shelled Adessa.", DAY, "document"),
        ],
    )
    def test_when(self, text: str, start: str, basis: str) -> None:
        (event,) = given(text, acts=("shelled",)).events
        assert (event.date.start, event.date.basis) == (start, basis)

    def test_a_proposal_takes_its_parties_from_its_event(self) -> None:
        text = "Calvane proposed a 30-day ceasefire between Taldora and Quessia."
        found = given(text, acts=("proposed",), event_type="REQUEST")
        (proposal,) = found.truce_proposals
        assert [p.name for p in proposal.parties] == ["Taldora", "Quessia"]
        assert proposal.proposer == found.events[0].actor[0]


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("Two soldiers were killed.", True),
        ("Three workers were wounded on Monday, the rescue service said.", True),
        ("Ten people were killed in a bus crash near Oster.", False),
        ("Four villagers were killed in a flood on Tuesday.", False),
    ],
)
def test_harm_by_nobody_named_is_an_assault_unless_it_was_an_accident(coder: Coder, text: str, coded: bool) -> None:
    types = {e.event_type for e in coder.code(Document.of(text)).events}
    assert ("ASSAULT" in types) is coded


def test_we_in_a_quotation_is_the_speaker(coder: Coder) -> None:
    (event,) = coder.code(
        Document.of('"We shelled the village of Oster on Monday," General Torsk told reporters.')
    ).events
    assert [(e.text, "Torsk" in e.name, e.sectors) for e in event.actor] == [("We", True, ("MIL",))]
    assert "coreference:speaker" in {e.rule for e in event.evidence}

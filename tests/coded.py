"""Small coded documents made by hand, for tests: plainly fictional places, people and reports."""

# ruff: noqa: ANN401 - whatever a record's field takes is handed on to it

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from truceline.records import (
    Attribution,
    CodedDocument,
    DateRange,
    Document,
    Entity,
    Event,
    Evidence,
    Location,
    Quantity,
    Rejection,
    Response,
    RoleClaim,
    SentenceSpan,
    Span,
    Statement,
    TruceProposal,
    Versions,
    content_id,
)

VERSIONS = Versions(truceline="0.1.0", model="m1", ontology="o1", lexicon="l1", kb="k1")
LATER = Versions(truceline="0.2.0", model="m2", ontology="o1", lexicon="l1", kb="k1")

# Codes of the range that ISO 3166-1 leaves to its users.
COUNTRIES = {"Norvia": "XNO", "Velland": "XVE", "Estmark": "XES", "Vellish": "XVE", "Norvian": "XNO"}
QUADS = {
    "ASSAULT": "material conflict",
    "REQUEST": "verbal conflict",
    "ACCUSE": "verbal conflict",
    "AGREE": "verbal cooperation",
    "AID": "material cooperation",
}
NOT_STATED = DateRange(None, None, "", "unknown", "unknown")


def day(start: str, end: str | None = None, *, words: str = "") -> DateRange:
    """A day or a range of days; stated when it has words, else the report's own."""
    return DateRange(start, end or start, words, "day" if not end else "week", "stated" if words else "document")


@dataclass
class Desk:
    """Writes the record of one text: words are found in it, so that every span is right.

    Sentences are the text's lines. ``event``, ``proposal`` and the others add to the record; ``coded`` is it.
    """

    text: str
    published: str | None = "2031-05-04"
    source: str | None = "Hill Courier"
    url: str | None = None
    title: str | None = None
    id: str | None = None
    versions: Versions = VERSIONS
    events: list[Event] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    proposals: list[TruceProposal] = field(default_factory=list)
    roles: list[RoleClaim] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    def span(self, words: str) -> Span:
        start = self.text.index(words)
        return Span(start, start + len(words), words)

    def entity(self, words: str, **changes: Any) -> Entity:
        found = self.span(words)
        values: dict[str, Any] = {
            "name": words,
            "id": None,
            "country": COUNTRIES.get(words.split(maxsplit=1)[0]),
        }
        return Entity(words, found.start, found.end, **(values | changes))

    def place(self, words: str, precision: Any = "exact", **changes: Any) -> Location:
        found = self.span(words)
        values: dict[str, Any] = {"name": words, "country": "XVE", "admin1": None, "lat": None, "lon": None}
        values |= {"geonames": None, "precision": precision}
        return Location(**(values | changes), text=words, start=found.start, end=found.end)

    def quantity(self, words: str, kind: Any, item: str, **bounds: Any) -> Quantity:
        found = self.span(words)
        values: dict[str, Any] = {"low": None, "best": None, "high": None, "approximate": False, "unit": None}
        return Quantity(kind, item, **(values | bounds), text=words, start=found.start, end=found.end)

    def held(self, words: str, cue: str = "said", *, certainty: Any = "certain", polarity: Any = "+") -> Attribution:
        return Attribution(self.entity(words), cue, certainty, polarity)

    def evidence(self, rule: str, words: str) -> Evidence:
        found = self.span(words)
        return Evidence(rule, found.start, found.end)

    def sentence_of(self, start: int) -> int:
        return self.text.count("\n", 0, start)

    def event(self, trigger: str, event_type: str = "ASSAULT", **fields: Any) -> Event:
        """Add an event; actors and recipients may be given as words."""
        found = self.span(trigger)
        for role in ("actor", "recipient"):
            given = fields.get(role, ())
            fields[role] = tuple(self.entity(one) if isinstance(one, str) else one for one in given)
        values: dict[str, Any] = {
            "event_mode": "aerial" if event_type == "ASSAULT" else None,
            "cameo": "195" if event_type == "ASSAULT" else None,
            "quad_class": QUADS[event_type],
            "score": -9.5 if event_type == "ASSAULT" else 0.0,
            "contexts": (),
            "date": day(self.published[:10]) if self.published else NOT_STATED,
            "location": None,
            "quantities": (),
            "status": "asserted",
            "attribution": (),
            "evidence": (self.evidence("lexicon:strike", trigger),),
        }
        made = Event(
            id=content_id("evt", self.text, found.start, event_type),
            sentence=self.sentence_of(found.start),
            event_type=event_type,
            trigger=found,
            **(values | fields),
        )
        self.events.append(made)
        return made

    def statement(self, speaker: str, cue: str, content: str, *, direct: bool = False) -> Statement:
        found = self.span(content)
        made = Statement(
            id=content_id("sta", self.text, found.start),
            sentence=self.sentence_of(found.start),
            speaker=self.entity(speaker),
            cue=cue,
            addressee=None,
            content=found,
            direct=direct,
            evidence=(self.evidence("attribution:verb", cue),),
        )
        self.statements.append(made)
        return made

    def response(self, party: str, answer: Any, words: str, as_of: str | None = None) -> Response:
        found = self.span(words)
        return Response(self.entity(party), answer, as_of, words, found.start, found.end)

    def proposal(self, words: str, proposer: str, parties: tuple[str, ...], **fields: Any) -> TruceProposal:
        found = self.span(words)
        values: dict[str, Any] = {"scope": None, "duration": None, "start": None, "area": None}
        values |= {"conditions": (), "responses": ()}
        made = TruceProposal(
            id=content_id("tru", self.text, found.start),
            sentence=self.sentence_of(found.start),
            proposer=self.entity(proposer),
            parties=tuple(map(self.entity, parties)),
            evidence=(self.evidence("truce:proposal", words),),
            **(values | fields),
        )
        self.proposals.append(made)
        return made

    def role(self, words: str, *, person: str, role: str, agrees: bool | None, on_record: str) -> None:
        found = self.span(words)
        evidence = (self.evidence("roles:title", words),)
        self.roles.append(RoleClaim(self.sentence_of(found.start), person, role, words, agrees, on_record, evidence))

    def reject(self, words: str, reason: str) -> None:
        found = self.span(words)
        self.rejected.append(Rejection(reason, found.start, found.end))

    def coded(self) -> CodedDocument:
        """The whole record."""
        document = Document.of(
            self.text,
            id=self.id,
            published=self.published,
            source=self.source,
            url=self.url,
            title=self.title,
        )
        sentences, start = [], 0
        for index, line in enumerate(self.text.split("\n")):
            sentences.append(SentenceSpan(index, start, start + len(line)))
            start += len(line) + 1
        return CodedDocument(
            document=document,
            sentences=tuple(sentences),
            events=tuple(self.events),
            statements=tuple(self.statements),
            truce_proposals=tuple(self.proposals),
            role_claims=tuple(self.roles),
            rejections=tuple(self.rejected),
            versions=self.versions,
        )


def courier(**options: Any) -> Desk:
    """A report with one of everything: figures, words, a proposal met with silence, a disputed office."""
    desk = Desk(
        "Velland said Norvia fired more than 1,050 drones at Aldery in the past week, "
        "killing at least 14 people.\n"
        "“Stop the drones,” President Ina Roake of Velland said.\n"
        "Estmark proposed a one-month truce along the Aune river; Norvia has not answered.\n"
        "Former minister Odd Hale warned that the bridge could be struck.",
        **({"title": "Drones over Aldery", "url": "https://courier.example/1"} | options),
    )
    week = day("2031-04-27", "2031-05-03", words="in the past week")
    drones = desk.quantity("more than 1,050 drones", "munition", "drone", low=1051)
    dead = desk.quantity("at least 14 people", "dead", "people", low=14)
    desk.event(
        "fired",
        event_mode="drone",
        actor=["Norvia"],
        recipient=["Velland"],
        date=week,
        location=desk.place("Aldery", lat=61.2, lon=9.4, admin1="Vale"),
        quantities=(drones, dead),
        attribution=(desk.held("Velland"),),
        evidence=(
            desk.evidence("lexicon:strike", "fired"),
            desk.evidence("args:subject", "Norvia"),
            desk.evidence("kb:name:actor", "Norvia"),
            desk.evidence("time:past-period", "in the past week"),
        ),
    )
    desk.statement("President Ina Roake", "said", "“Stop the drones,”", direct=True)
    desk.event("Stop", "REQUEST", event_mode="yield", actor=[desk.entity("President Ina Roake", country="XVE")])
    silence = desk.response("Norvia", "none as of", "Norvia has not answered", as_of="2031-05-04")
    desk.proposal(
        "proposed a one-month truce",
        "Estmark",
        ("Norvia", "Velland"),
        duration="P1M",
        area="the Aune river",
        responses=(silence,),
    )
    desk.event("struck", status="hypothetical", actor=(), recipient=())
    desk.role(
        "Former minister Odd Hale",
        person="Odd Hale",
        role="minister",
        agrees=False,
        on_record="in office since 2030-01-01",
    )
    desk.reject("warned", "no recipient")
    return desk


def herald(**options: Any) -> Desk:
    """Another report of the same week: lower figures by another holder, and a denial."""
    desk = Desk(
        "Norvia said its forces fired 620 drones at Aldery from 27 April to 3 May and killed 9 people.\n"
        "The Norvian army denied that it attacked Velland.",
        **({"source": "Estmark Herald", "published": "2031-05-05", "url": "https://herald.example/9"} | options),
    )
    week = day("2031-04-27", "2031-05-03", words="from 27 April to 3 May")
    desk.event(
        "fired",
        event_mode="drone",
        actor=["Norvia"],
        recipient=["Velland"],
        date=week,
        location=desk.place("Aldery"),
        quantities=(
            desk.quantity("620 drones", "munition", "drone", low=620, best=620, high=620),
            desk.quantity("9 people", "dead", "people", low=9, best=9, high=9),
        ),
        attribution=(desk.held("Norvia"),),
    )
    desk.event(
        "attacked",
        event_mode=None,
        actor=[desk.entity("The Norvian army", country="XNO", sectors=("MIL",))],
        recipient=["Velland"],
        date=NOT_STATED,
        attribution=(desk.held("The Norvian army", "denied", polarity="-"),),
    )
    return desk

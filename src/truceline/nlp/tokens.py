"""Words and sentence boundaries, by rule.

Words follow the Universal Dependencies treebanks of English (EWT, GUM, PUD): clitics and most hyphens are
words of their own ("did n't", "Macron 's", "U.S. - led", "$ 60 bn"), prefixes stay on ("anti-aircraft").
A text is cut into paragraphs (lines or blocks), these into sentences, these into words. The tables come
first: what is in question is nearly always a word of a list, seldom the code.

*Blank* here means white space, control characters and the invisible marks of width and direction. Every other
character of a text is in exactly one word of exactly one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise


def _table(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


def _cut_table(entries: str) -> dict[str, tuple[int, ...]]:
    """The offsets of the bars in each entry, by the entry without them."""
    parts = [entry.split("|") for entry in entries.split()]
    return {"".join(part): tuple(accumulate(map(len, part[:-1]))) for part in parts}


# ---- Characters ----

_BLANK = r"\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# What \w leaves out but a word contains: combining marks, soft hyphen, joiners.
_MARKS = r"\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
_IN_WORD = rf"[\w{_MARKS}\u00ad\u200c\u200d]"
_CURRENCY = r"(?:US|USD|AU?|CA?|HK|NZ)?\$|[€£¥₴₽₪₹₩₺₿]"
_SELECTORS = ("\ufe0e", "\ufe0f")
_PICTURE = r"\u203c\u2049\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff"
_EMOJI = (
    r"(?:[\U0001f1e6-\U0001f1ff]{2}|[\d#*]\ufe0f?\u20e3"
    rf"|[{_PICTURE}](?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d[{_PICTURE}])*)"
)
_EMOTICON = r"(?:>?[:;=]['’]?[-^]?(?:[()]+|[DPp/\\|*](?!\w))|<3(?!\d)|\^_*\^|-_+-)"
_CLOSERS = r"[\"'”’»)\]}*_]"
_STOPS = r"[.!?…。！？؟।]"

# ---- Words that keep their full stop ----

# A name or a number follows: a sentence never ends here.
_TITLES = _table(
    "adm amb asst atty brig capt cdr cf cmdr col cpl det dr drs fr ft gen gens gov govs hon insp lieut"
    " lt ltc maj messrs mlle mme mr mrs ms mt pfc pres prof pvt rep reps rev sen sens sgt spc ssgt st"
    " ste sts supt vs"
)
# Likewise, but only in these very letters: "Rt. Rev.", "Osmer v. Orr"; RT is a station, V a number.
_EXACT = frozenset(["Rt", "v"])
# Only before a figure ("No. 5", "Doc. S/2024/12"): else an ordinary word.
_NUMBERED = _table(
    "alt art arts bk c ca ch chap doc docs ed eq eqs fig figs no nos op p par para paras pop pp pt ref reg regs res sec"
    " sect tab tabs ver vol vols"
)
_NUMBERS = frozenset(["no", "nos"])
# Only before a small letter ("12 mi. from"): before a capital a sentence ends here.
_MEASURES = _table("cm hr kg km mi min mm sec")
# Only with a capital ("Jan.", "Calif."): months, days, American states, army units, ranks in the plural.
_CAPITALISED = _table(
    "adms ala apr ariz ark aug bde bn calif capts cmdrs colo cols conn cpls dec del feb febr fla fri ga ill ind"
    " jan jul jun kan ky la lts majs mar mass md mich minn mo mon mont neb nev nov oct okla ont ore pa penn profs"
    " pvts que regt revs sat sep sept sgts sun tenn tex thu thur thurs tue tues va vt wash wed weds wis wyo"
)
# A sentence may end here: what follows decides.
_TAILS = _table(
    "al approx arrv assn attn ave avg bldg blvd bros co conf corp dept dist div esp est etc ext govt"
    " hrs hwy inc incl intl jr lb lbs ltd mfg natl oz ph pty rd rept ret sq sr tel univ viz yrs"
)

# ---- Words that are two, prefixes that are none ----

# Words without an apostrophe, and where they are cut.
_FUSED = _cut_table(
    "can|not gon|na got|ta wan|na gim|me lem|me out|ta du|n|no a|lot do|nt does|nt did|nt wo|nt ca|nt"
    " could|nt would|nt should|nt is|nt are|nt was|nt were|nt have|nt has|nt had|nt ai|nt that|s what|s"
    " there|s they|re we|ve they|ve you|re you|ve"
)
_PREFIXES = (
    "anti|arch|bi|bio|co|counter|cross|cyber|de|e|ex|extra|geo|hyper|inter|intra|macro|mega|micro|mid|mini|mis|multi|neo"
    "|non|over|para|post|pre|pro|proto|pseudo|psycho|re|semi|socio|sub|super|trans|tri|ultra|un|uni"
)
_UNITS = (
    "am|pm|a\\.m|p\\.m|AM|PM|k|K|m|mm|cm|km|kg|bn|mn|mln|tn|trn|ft|in|lb|lbs|oz|mi|mph|kph|kmh|kb|mb|gb|KB|MB|GB|TB|Hz"
    "|kHz|MHz|GHz|W|kW|MW|GW|MWh|kWh|GWh|kV|kt|ha|hrs?|mins?|secs?|yrs?|yo|x|ml|hp|nm"
)
# In capitals before small letters they are none: "UN-run", "CO-based".
_PREFIXED = rf"(?<!-)(?!UN-|[A-Z]{{2,}}-[a-z])(?i:{_PREFIXES})-"
# The symbols of documents: "A/RES/78/1", "S/2024/12/Add.1", "S/PV.9000".
_SYMBOL = r"[A-Z]{1,6}(?:(?:/(?:\d{1,6}|[A-Z]{1,6}(?:\.\d{1,5})?|[A-Z][a-z]{1,5}\.\d{1,3})){2,6}|/[A-Z]{1,6}\.\d{1,6})"
_ENDINGS = "docx?|xlsx?|pptx?|pdf|txt|jpe?g|png|gif|html?|csv|zip|mp[34]|exe"
_DOMAINS = "com|org|net|gov|edu|mil|int|info|news|tv|io|eu|ru|ua|uk|de|fr|il|ir|cn|pl|by|ge|am|az|tr|co"

# ---- What a sentence may begin with, what goes on ----

# After an abbreviation only these, capitalised, open a new sentence; other capitals are taken for its name.
_STARTERS = _table(
    "a according after again all also although among an and another any anyone are as asked at because"
    " before both but by can despite did do does during each earlier either even every everyone few"
    " first following for four from further had has have he hence her here his how however i if in"
    " indeed instead is it its just last later many meanwhile more moreover most much my nearly neither"
    " never nevertheless next no nobody none nor not nothing now officials on once one only or other"
    " others our over people perhaps police residents separately several she since so some still such"
    " than that the their then there therefore these they this those though three through thus to today"
    " two under unlike until up we were what when where whether which while who why will with without"
    " witnesses would yes yesterday yet you your"
)
# After "a.m." and "p.m." a capital opens a sentence, unless it is of these or a time zone.
_CALENDAR = _table(
    "apr april aug august bst cdt central cest cet cst ct dec december eastern edt eest eet est et feb"
    " february fri friday gmt greenwich ist jan january jul july jun june mar march may mon monday"
    " mountain msk nov november oct october pacific pdt pst pt sat saturday sep sept september sun"
    " sunday thu thur thurs thursday tue tues tuesday utc wed wednesday"
)
# Abbreviations after which a sentence always goes on, may end before any capital, or which tell the hour.
_ALWAYS_ON = _table("a.k.a cf e.g i.e p.s viz vs")
_ENDERS = frozenset(["etc"])
# After these a plural and its verb ("Delegates were") open a new sentence, save for plurals that are names.
_PLACES = _table("d.c e.u u.a.e u.k u.n u.s u.s.a")
_NAMES_IN_S = _table(
    "affairs airlines airways archives attorneys centers chiefs courts customs democrats forces games marines marshals"
    " nations olympics operations rangers republicans seals services sports states steelworkers treasuries treasurys"
    " veterans"
)
_STREETS = _table("ft mt st")
_HOURS = _table("a.m p.m")
# Who says a question or a call: "Halt!" Smith shouted.
_SAYING = (
    "said|says?|asked|asks?|told|tells|wrote|writes|added|adds|shouted|shouts|cried|called|replied|declared|exclaimed"
    "|tweeted|posted|insisted|warned|wondered|yelled|announced|demanded|chanted|continued|responded|answered"
)

# ---- Patterns ----

_CHUNK = re.compile(rf"[^{_BLANK}]+")
_PIECE = re.compile(
    rf"""
    (?P<url>(?:(?:https?|ftp)://|www\.|mailto:|t\.me/)[^<>"“”«»]*[^<>"“”«».,;:!?'’)\]]
        |[\w.+%-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{0,6}}
        |[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{0,4}}\.(?:{_DOMAINS})(?![\w@-])(?:/[^<>"“”«»()]*[\w/=-])?
        |[\w\#-]{{0,80}}\.(?i:{_ENDINGS})(?!\w)
        |[a-z]{{2,20}}(?:\.[a-z]{{2,20}}){{2,5}}(?!\w)
        |@\w+(?:\.\w+){{0,8}}|\#\w*[^\W\d_]\w*|&\w{{2,8}};)
    |(?P<mark>\.{{2,}}|[?!][.?!]+|\.[?!]+|…+\.*|(?P<run>[-_=*~\#+<>|`'’‘$])(?P=run)+|{_EMOJI}|{_EMOTICON})
    |(?P<date>\d{{1,4}}(?P<sep>[/-])\d{{1,2}}(?P=sep)\d{{2,4}}(?!\w)
        |(?:0?[1-9]|1[0-2])/(?:[12]\d|3[01]|0?[1-9])(?![\w/])
        |(?<![\w/])\d{{1,3}}/(?:19|20)\d\d(?![\w/])
        |(?<![\w/.-])(?=[A-Z./]{{1,20}}\d){_SYMBOL}(?![\w/])
        |(?<!\w)\+(?:\d{{1,4}}(?:-\d{{2,5}}){{2,4}}|\d{{6,10}}-\d{{4}})(?!\w)|(?<![\w-])0\d{{1,4}}-\d{{3,4}}-\d{{3,4}}(?![\w-])
        |(?:\d-)?\d{{3}}[-/]\d{{3}}-\d{{4}}(?!\w)|\d{{3}}-\d{{4}}(?!\w)|\d{{5}}-\d{{4}}(?!\w))
    |(?P<number>(?<=[$£€¥₴])\d+(?:[.,]\d+){{0,8}}|(?<![\w.])\.\d+|(?:\d\d)?\d0['’]s(?!\w)
        |(?:(?<!\w)\+)?\d+(?:[.,:]\d+){{0,8}}(?:(?:st|nd|rd|th|s)(?!{_IN_WORD})|(?!{_IN_WORD})
            |(?<![A-Za-z]-\d)(?<![A-Za-z]-\d\d)(?=(?:{_UNITS})(?!{_IN_WORD})|[a-z]{{4,30}}(?!{_IN_WORD}))))
    |(?P<money>{_CURRENCY})
    |(?P<acronym>(?:[^\W\d_]\.){{2,}}(?:[a-z](?![\w'’]))?|(?:[A-Z]\.)+[A-Z](?!\w)|[ap]\.m(?![\w.])|Ph\.D\.?
        |[A-Za-z]{{1,3}}&[A-Za-z]{{1,3}}(?![\w&])|(?!c/)[A-Za-z]/[A-Za-z](?![\w/])|s/he(?!\w)
        |(?:[A-Za-z]{{1,2}}|{_PREFIXES})-(?=,?$))
    |(?P<clitic>(?i:(?<!\w)y['’](?=all(?!{_IN_WORD})))
        |['’](?:\d\ds?(?!\w)|n['’]|(?i:t(?=is(?!\w)|was(?!\w))|(?:s|re|ll|ve|m|d|t|em|til|cause|n)(?!-|{_IN_WORD}))))
    |(?P<word>{_PREFIXED}(?:[A-Z]\.){{2,}}
        |(?:{_PREFIXED}(?=[^\W_]))?(?!_){_IN_WORD}+(?:['’`´]{_IN_WORD}+)*(?<!_))
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLITIC = re.compile(r"(?:n['’`´]t|['’`´](?:s|re|ll|ve|m|d))$", re.IGNORECASE)
_CLITIC_LENGTH = 3
_STOP_LAST = re.compile(rf"\.{_CLOSERS}*$")
_FIGURE = rf"(?:Nos?\.[{_BLANK}]+)?(?:\d|(?:[IVXL]{{2,}}|[VX])\b|(?=[A-Z./]{{1,20}}\d){_SYMBOL}(?!\w))"
_NEXT = re.compile(rf"[{_BLANK}\"'“‘«(\[]*(?:(?P<figure>{_FIGURE})|(?P<char>.))", re.DOTALL)
# Longer chunks are seldom seen twice and would fill the cache.
_CACHED = 40

_TRIMMED = re.compile(rf"[^{_BLANK}](?:.*[^{_BLANK}])?", re.DOTALL)
_BULLET = re.compile(
    rf"[-–—•▪●◦‣*·➤►✔]+[{_BLANK}]|\(?\d{{1,3}}[.)][{_BLANK}]|\(?(?:[a-z]|[ivx]+)\)[{_BLANK}]|{_EMOJI}|\#\w"
)
_BREAK = re.compile(
    rf"(?P<stop>{_STOPS}+(?:[{_BLANK}]{_STOPS}+){{0,20}})"
    rf"(?P<close>{_CLOSERS}*(?:[{_BLANK}]{{1,3}}(?:[”»)\]]|\"(?=[{_BLANK}]|$)))*(?:[{_BLANK}]?\[\d{{1,3}}\]){{0,9}})"
    rf"(?P<pictures>(?:[{_BLANK}]{{0,3}}(?:{_EMOJI}|{_EMOTICON})(?!\w))*)"
)
_LEADING_PICTURE = re.compile(_EMOJI)
_AHEAD = re.compile(
    rf"(?P<blank>[{_BLANK}]*)(?P<open>[^\w{_BLANK}]{{0,12}})[{_BLANK}]?(?P<word>[^\W_](?:{_IN_WORD}|['’](?=\w))*)?(?P<stop>\.?)"
)
_BEFORE = re.compile(r"\w(?:[\w'’&]|\.(?=\w))*$")
_CLOSED = re.compile(r"\w[\"”’»)\]]{1,3}$")
_CLOSED_LENGTH = 4
_SHORT = 4  # letters an abbreviation in brackets may have
_LONGEST = 40  # characters to look back for the word before a stop
_NUMBERING = re.compile(r"\d{1,3}|[A-Za-z]|[IVX]+|[ivx]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]|[A-Z]|Ph\.D|M\.Sc|i\.e|e\.g")
_SAYS = re.compile(rf"(?:\w+[{_BLANK}]+){{1,2}}(?:{_SAYING})\b|(?:{_SAYING})\b")
_NAMED_SAYING = re.compile(rf"(?:(?:[A-Z][\w'’.-]{{0,30}}|of|the|and)[{_BLANK}]+){{1,6}}(?:{_SAYING})\b")
_SMALL_NAME = re.compile(r"(?:al|an|ar|as|ash|at|el)-[A-Z]|[a-z]{1,4}[A-Z]|https?://|www\.")
_CREDIT = re.compile(rf"[-–—]{{1,2}}[{_BLANK}]?[A-Z][\w'’.]{{0,30}}(?:[{_BLANK}][A-Z][\w'’.]{{0,30}}){{0,4}}$")
_CAPITALISED_WORD = re.compile(r"[A-Z][a-z]*")
_APOSTROPHE = re.compile("['’]")
_MIDWAY = re.compile(rf"(?<=[\w,])(?<!The)[{_BLANK}]{{1,2}}$")
_MIDWAY_LENGTH = 6
_SUBJECT = re.compile(
    rf"(?P<plural>[A-Z][a-z]{{2,}}(?<![isu])s|Men|Women|Children)[{_BLANK}]+"
    r"(?:are|can|could|had|have|may|might|must|said|say|should|were|will|would)\b"
)
_TIME_ZONE = re.compile(rf"[A-Z]{{2,4}}\b|(?:[A-Z]\w{{1,30}}[{_BLANK}]+){{1,2}}(?:[Tt]ime|[Dd]aylight|[Ss]tandard)\b")
_NEVER_FIRST = tuple(",;:)]}”»")
_OPENERS = frozenset(["", "“", "‘", "«"])
# Lines shorter or longer than this were not wrapped by a program.
_NARROWEST, _WIDEST = 45, 100


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """A sentence: half-open offsets into the text, of itself and of its words in order.

    ``start`` is the first word's, ``end`` the last word's. ``paragraph`` counts from 0.
    """

    start: int
    end: int
    words: tuple[tuple[int, int], ...]
    paragraph: int


# ---- Words ----


def words(text: str, start: int = 0, end: int | None = None) -> tuple[tuple[int, int], ...]:
    """The words of a stretch of text, as half-open offsets into the whole text.

    Args:
        text: the whole text.
        start: where the stretch begins.
        end: where it ends (exclusive); the text's end when None. It is taken for the end of a sentence, which
            decides whether a last full stop is a word ("in the sun.") or part of one ("Sun. night").

    Returns:
        Ordered offsets without overlap. Every character that is not blank is in exactly one word.
    """
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    for match in _CHUNK.finditer(text, start, stop):
        chunk = match.group()
        first, last = match.span()
        if chunk.isalpha() and chunk.lower() not in _FUSED:
            found.append((first, last))
            continue
        follow = _kind(text, last, stop) if _STOP_LAST.search(chunk) else ""
        here = first
        for cut in _cuts(chunk, follow) if len(chunk) <= _CACHED else _find_cuts(chunk, follow):
            found.append((here, first + cut))
            here = first + cut
    return tuple(found)


def _kind(text: str, start: int, end: int) -> str:
    """What comes next: "A" a capital, "a" another letter, "0" a figure, "." anything else, "" nothing."""
    match = _NEXT.match(text, start, end)
    if match is None:
        return ""
    if match["figure"]:
        return "0"
    char = match["char"]
    if not char.isalpha():
        return "."
    return "A" if char.isupper() else "a"


@lru_cache(maxsize=1 << 14)
def _cuts(chunk: str, follow: str) -> tuple[int, ...]:
    return _find_cuts(chunk, follow)


def _find_cuts(chunk: str, follow: str) -> tuple[int, ...]:
    """Where each word of a chunk (characters without a blank) ends; ``follow`` says what comes after."""
    ends: list[int] = []
    here = 0
    while here < len(chunk):
        match = _PIECE.match(chunk, here)
        assert match is not None  # noqa: S101  the last alternative takes any character
        here = match.end()
        while chunk.startswith(_SELECTORS, here):
            here += 1
        if match.lastgroup == "word":
            ends.extend(_inside(match.group(), match.start()))
            if _keeps_stop(chunk, match.start(), here, follow):
                here += 1
        ends.append(here)
    return tuple(ends)


def _inside(word: str, start: int) -> list[int]:
    """The cuts within a word before its end: fused words and clitics ("could|n't|'ve")."""
    if word.lower() in _FUSED:
        return [start + cut for cut in _FUSED[word.lower()]]
    cuts: list[int] = []
    end = len(word)
    while (match := _CLITIC.search(word, max(1, end - _CLITIC_LENGTH), end)) is not None:
        end = match.start()
        cuts.append(start + end)
    return cuts[::-1]


def _keeps_stop(chunk: str, start: int, end: int, follow: str) -> bool:
    """Whether the full stop after a word of a chunk belongs to it."""
    if not chunk.startswith(".", end) or chunk.startswith("..", end):
        return False
    after = chunk[end + 1 :].lstrip("\"'”’»")
    if after:
        follow = _kind(after, 0, len(after))
    if chunk[start - 1 : start] == "(" and _in_brackets(chunk[start:end], chunk[end + 1 :]):
        return True
    return _is_abbreviation(chunk[start:end], follow)


def _is_abbreviation(word: str, follow: str) -> bool:
    form = word.lower()
    if form in _NUMBERED and follow == "0":
        return True
    if word in _MEASURES:
        return follow == "a"
    if word in _EXACT or form in _TITLES or form in _TAILS or (form in _CAPITALISED and word[0].isupper()):
        return follow != ""
    return len(word) == 1 and word.isupper() and follow in ("A", ".")


# ---- Paragraphs ----

_Span = tuple[int, int]


def segment(text: str) -> tuple[SentenceWords, ...]:
    """The sentences of a text with their words.

    A paragraph is a line, or several where a block is wrapped at a fixed width. No sentence crosses its end.

    Returns:
        Sentences in reading order; none for a blank text.
    """
    found: list[SentenceWords] = []
    for paragraph, (first, last) in enumerate(_paragraphs(text)):
        for start, end in _sentences(text, first, last):
            inside = words(text, start, end)
            found.append(SentenceWords(inside[0][0], inside[-1][1], inside, paragraph))
    return tuple(found)


def lines(text: str) -> tuple[SentenceWords, ...]:
    """Each line of a text that is not blank as one sentence, a paragraph of its own."""
    found: list[SentenceWords] = []
    start = 0
    for line in text.split("\n"):
        cut = words(text, start, start + len(line))
        if cut:
            found.append(SentenceWords(cut[0][0], cut[-1][1], cut, len(found)))
        start += len(line) + 1
    return tuple(found)


def _paragraphs(text: str) -> Iterator[_Span]:
    """Half-open offsets of the paragraphs; each begins and ends with a character that is not blank."""
    blocks = list(_blocks(text))
    widths = [_wrapped_at(text, block) for block in blocks]
    widest = max(widths, default=0)
    for block, own in zip(blocks, widths, strict=True):
        width = own or (widest if max(map(_length, block)) <= widest else 0)
        start = block[0][0]
        for line, following in pairwise(block):
            if not (width and _joins(text, line, following, width)):
                yield start, line[1]
                start = following[0]
        yield start, block[-1][1]


def _blocks(text: str) -> Iterator[list[_Span]]:
    """Runs of lines without a blank line between them; a line is without the blanks at its ends."""
    block: list[_Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        match = _TRIMMED.search(line)
        if match:
            block.append((start + match.start(), start + match.end()))
        elif block:
            yield block
            block = []
        start += len(line)
    if block:
        yield block


def _length(line: _Span) -> int:
    return line[1] - line[0]


def _wrapped_at(text: str, block: list[_Span]) -> int:
    """The width at which a block of running prose was wrapped; 0 where its lines stand alone."""
    width = max(map(_length, block))
    full = [pair for pair in pairwise(block) if not _fits(text, *pair, width)]
    if not _NARROWEST <= width <= _WIDEST or 2 * len(full) < len(block) - 1:
        return 0
    running = sum(_length(line) >= _NARROWEST and _runs_on(text, line, following) for line, following in full)
    return width if running and 3 * running >= len(full) else 0


def _fits(text: str, line: _Span, following: _Span, width: int) -> bool:
    """Whether the next line's first word had room on this line: then the break was meant."""
    match = _CHUNK.match(text, following[0], following[1])
    return match is not None and _length(line) + 1 + len(match.group()) <= width


def _runs_on(text: str, line: _Span, following: _Span) -> bool:
    return text[following[0]].islower() or text[line[1] - 1] == ","


def _joins(text: str, line: _Span, following: _Span, width: int) -> bool:
    """Whether a line of a wrapped block goes on with the next."""
    if _BULLET.match(text, following[0], following[1]):
        return False
    return _runs_on(text, line, following) or not _fits(text, line, following, width)


# ---- Sentences ----


def _sentences(text: str, start: int, end: int) -> Iterator[_Span]:
    """The sentences of a paragraph; emoji after a stop belong to it, unless they mark the items of a list."""
    lists = _LEADING_PICTURE.match(text, start, end) is not None
    for match in _BREAK.finditer(text, start, end):
        last = match.end("close") if lists else match.end()
        if last < end and _breaks(text, start, end, match, _ahead(text, last, end)):
            yield start, last
            start = _ahead(text, last, end).end("blank")
    yield start, end


def _ahead(text: str, start: int, end: int) -> re.Match[str]:
    match = _AHEAD.match(text, start, end)
    assert match is not None  # noqa: S101  every part is optional
    return match


def _breaks(text: str, start: int, end: int, match: re.Match[str], ahead: re.Match[str]) -> bool:
    """Whether the stop found ends the sentence that began at ``start``."""
    if not ahead["blank"]:
        return _lost_blank(text, match, ahead)
    if ahead["open"][:1] in _NEVER_FIRST or _CREDIT.match(text, ahead.end("blank"), end):
        return False
    if match["stop"] == ".":
        return _breaks_at_full_stop(text, start, match, ahead)
    if match["close"] and _NAMED_SAYING.match(text, ahead.start("word")):
        return False
    if not _lower(ahead):
        return True
    return match["close"] == "" and match["stop"][0] in "?!" and not _SAYS.match(text, ahead.start("word"))


def _lower(ahead: re.Match[str]) -> bool:
    """Whether a small letter comes next that could not begin a sentence, as "al-Shabab" or "iPhone" can."""
    word = ahead["word"] or ""
    return word[:1].islower() and _SMALL_NAME.match(ahead.string, ahead.start("word")) is None


def _lost_blank(text: str, match: re.Match[str], ahead: re.Match[str]) -> bool:
    """Whether a stop without a blank after it, as in "in Kyiv.The ministry", ends a sentence."""
    word = _word_before(text, match)
    tail = text[ahead.end("word") : ahead.end("word") + 1]
    plain = word.isalpha() and word[-2:].islower() and len(word) > 1 and not _known(word)
    return (
        match["stop"] in ".?!"
        and ahead["open"] in _OPENERS
        and (plain or _CLOSED.search(text, max(0, match.start() - _CLOSED_LENGTH), match.start()) is not None)
        and _CAPITALISED_WORD.fullmatch(ahead["word"] or "") is not None
        and (tail in ",'’" or tail.isspace())
    )


def _word_before(text: str, match: re.Match[str], start: int = 0) -> str:
    """The word that a stop follows, without its last full stop ("U.S", "Gen"); "" where there is none."""
    before = _BEFORE.search(text, max(start, match.start() - _LONGEST), match.start())
    return before.group() if before else ""


def _breaks_at_full_stop(text: str, start: int, match: re.Match[str], ahead: re.Match[str]) -> bool:
    word = _word_before(text, match, start)
    begin = match.start() - len(word)
    if _NUMBERING.fullmatch(word) and _opens_item(text, start, begin):
        return False
    if text[begin - 1 : begin] == "(" and _in_brackets(word, match["close"]):
        return False
    if _lower(ahead):
        return not match["close"] and _ends_before_small(word)
    return match["close"] != "" or not _goes_on(word, ahead)


def _in_brackets(word: str, close: str) -> bool:
    """Whether a word right after a bracket is an abbreviation there: "(b. 1950)", "(ret.)"."""
    return word.islower() and (len(word) == 1 or (len(word) <= _SHORT and close.startswith(")")))


def _opens_item(text: str, start: int, end: int) -> bool:
    """Whether a number or letter at ``end`` may count an item of a list: first of all, or after a colon."""
    lead = text[start:end].rstrip("([*")
    return lead.strip() == "" or (lead[-1].isspace() and lead.rstrip().endswith(":"))


def _ends_before_small(word: str) -> bool:
    """Whether a full stop ends a sentence though a small letter follows: not after what may be short."""
    if word.lower() in _NUMBERED or word in _MEASURES or _known(word):
        return False
    return len(word) >= 2 and (word.islower() or len(word) >= 5)


def _known(word: str) -> bool:
    """Whether the word may have a full stop of its own."""
    form = word.lower()
    return (
        word in _EXACT
        or form in _TITLES
        or form in _TAILS
        or (form in _CAPITALISED and word[0].isupper())
        or _DOTTED.fullmatch(word) is not None
    )


def _goes_on(word: str, ahead: re.Match[str]) -> bool:
    """Whether the sentence goes on after an abbreviation's stop; what follows has no small letter first."""
    form = word.lower()
    following = ahead["word"] or ""
    if form in _NUMBERED and word != form.upper():
        if following.lower() in _NUMBERS and (form in _NUMBERS or word.islower()):
            return False  # "He said no. No. 2 agreed."
        return following != "" and _kind(ahead.string, ahead.start("word"), len(ahead.string)) == "0"
    if not _known(word):
        return False
    if (
        word in _EXACT
        or form in _ALWAYS_ON
        or (form in _TITLES and form not in _STREETS)
        or ahead["open"].strip("\"'“‘«*_")
    ):
        return True
    if form in _HOURS:
        return _tells_time(ahead)
    if form in _ENDERS:
        return False
    if len(following) == 1 and ahead["stop"]:
        return True  # another initial
    if form in _PLACES and _opens_with_plural(word, ahead):
        return False
    return _APOSTROPHE.split(following.lower())[0] not in _STARTERS


def _opens_with_plural(word: str, ahead: re.Match[str]) -> bool:
    """Whether a plural that is no name and its verb come next: "Delegates were", not "Marines were".

    False where the abbreviation itself is among the sentence's first words ("The U.N. Delegates were").
    """
    begin = ahead.start() - len(word) - 1
    if _MIDWAY.search(ahead.string, max(0, begin - _MIDWAY_LENGTH), begin) is None:
        return False
    match = _SUBJECT.match(ahead.string, ahead.start("word"))
    return match is not None and match["plural"].lower() not in _NAMES_IN_S


def _tells_time(ahead: re.Match[str]) -> bool:
    """Whether what follows "a.m." is a day, a date or a time zone."""
    following = ahead["word"] or ""
    return (
        following.lower() in _CALENDAR
        or following[:1].isdigit()
        or _TIME_ZONE.match(ahead.string, ahead.start("word")) is not None
    )

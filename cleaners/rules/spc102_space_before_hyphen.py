"""Joins a hyphen compound that was torn before or after its hyphen.

**What.** ``Asia -Pacific``, ``Self -Defense``, ``so -called``, ``US -Japan -Korea`` become one word again.

**Mechanism.** Web engines split at the hyphen, translate, and put the pieces back with the space of the
second piece.

**Left alone.** Every pair that is not known to be a compound: a plain "word -Word" rule hits human text
more often than debris (a dash typed with one space, command-line options, list items). Known are: the
hyphenated terms of the glossary, a list of common compounds, pairs of countries and capitals, whatever the same
document writes with a hyphen elsewhere, prefixes that are no words (``non -aligned``), counts with their unit
(``3 -day``), and small words that already hang on a hyphen (``state-of -the-art``). Suspended hyphens ("short- and
long-term", "anti- nor pro-Western") and spaced dashes stay; a blank on either side goes only from a listed
compound in lower case with no other dash near, from such a prefix, and from ``12 - year - old``.

**Source.** Seen throughout public machine translations of Chinese news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon

_CHAIN = lazy(r"(?<![\w-])[A-Za-z][A-Za-z.]{0,30}(?:(?: ?- ?)[A-Za-z][A-Za-z.]{0,30}){1,8}(?![\w-])")
_JOINT = lazy(r" ?- ?")
_WRITTEN = lazy(r"(?<![\w-])[A-Za-z]+(?:-[A-Za-z]+)+(?![\w-])")
_LONGEST = 6  # words of a compound
_SPACED = lazy(r"-(?:(?<= -)| )")
_NEAR_JOINT = 24  # code points on either side in which all patterns but _CHAIN see what they need
# The part of _CHAIN that makes it worth a look, and is quick to look for.
_TORN = lazy(r"-(?:(?<=[A-Za-z.] -)[A-Za-z]|(?<=[A-Za-z.]-) [A-Za-z])")
# What never stands as a word before a dash, and what shows that a hyphen is suspended.
_SUSPENDED = (
    r"(?!(?:and|or|nor|to|but|as|versus|than|rather|then|even|not|means?|is|are|was|were|has|have|can|comes?|denotes?|"
    r"indicates?|implies|before|in|on|at|of|the)\b)"
)
_PREFIX = lazy(
    r"(?<![\w-])(?<!prefix )(?:"
    r"(?:[Nn]on|[Aa]nti|[Ss]emi|[Mm]ulti|[Ii]nter|[Qq]uasi|[Pp]seudo|[Nn]eo|[Ss]elf|[Ss]ocio|[Cc]o|[Pp]re|[Ss]ub)"
    r"(?P<joint> -|- )|(?:non|anti|semi|multi|quasi|socio|pre)(?P<wide> - ))"
    rf"{_SUSPENDED}(?=[A-Za-z][a-z]{{2,}})"
)
_UNITS = (
    "day|year|month|week|hour|minute|second|nation|member|party|state|point|storey|story|seat|page|metre|meter|"
    "kilometre|kilometer|mile|square|ton|way|fold|million|billion"
)
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty"
_COUNT = lazy(
    rf"(?<=[a-z,(“\"] )(?:(?:\d{{1,3}}(?:,\d{{3}}|\.\d)?|{_NUMBERS})(?P<joint> -|- )(?=(?i:{_UNITS})\b(?!s))"
    r"|\d{1,3}(?P<wide> ?- ?)(?=year ?- ?old\b))"
)
_YEARS_OLD = lazy(r"(?<=\d year)(?P<joint> ?- ?)(?=old\b)|(?<=\d-year)(?P<wide> - | -|- )(?=old\b)")
# Not "small-and- medium enterprises", which is no compound.
_HANGING = lazy(
    r"(?<=[a-z]-of)(?P<joint> -|- )(?=[a-z])|(?<=[a-z]-(?:the|and|for))(?P<a> -|- )"
    r"(?!(?:medium|large|long|low|high)\b)(?=[a-z])"
    r"|(?<=[a-z]-(?:to|as))(?P<b> -|- )(?=[a-z])|(?<=[a-z])(?P<c> -|- )(?=(?:of|the|and)-[a-z])"
)
_WIDE = lazy(r"(?<![\w-])(?P<left>[a-z]{2,12})(?P<joint> - )(?P<right>[a-z]{3,14})(?![\w-])")
_NEAR = 80  # code points on either side in which another dash may be the partner
_DASH = lazy(r"(?<!\bnon)(?<!\bpre) - ")
# A dash that closes an aside follows another word than the next one: "-calm, patient, kind- ".
_CLOSING_DASH = lazy(r"(?<=[ ,])\w{2,}-(?=[ .,;])(?! (?:and|or|to|nor|but) \w+-)")
_OLD = lazy(r"(?:year ?- ?)?old\b")
_SENTENCE_END = lazy(r"[.!?] [A-Z]|\n")
_PARTICLES = frozenset(("up", "in", "how", "site"))
_WHOLE = lazy(r"(?<![\w’'-])[A-Za-z][A-Za-z.]*(?:-[A-Za-z]+)+(?![\w-]|[’'][^\Ws]|[’']s\w)")


def build(lexicon: Lexicon) -> Rule:
    """The rule with the compounds of ``lexicon``."""

    def find(document: Document) -> Iterator[Finding]:
        """Blanks beside the hyphen of a known compound."""
        text = document.text
        done = set()
        for start, end in _plain_joints(text, lexicon):
            done.add(start)
            yield rule.finding(start, end, "-", proof=6)
        written: frozenset[str] | None = None
        for chain in _chains(document):
            if " " not in chain.group() or " - " in chain.group():
                continue
            if written is None:
                written = frozenset(_WRITTEN.findall(text))
            words = _JOINT.split(chain.group().rstrip("."))
            if (
                len(words) > _LONGEST
                or _is_options(written, words, lexicon)
                or _signs_off(document, chain, words, lexicon)
            ):
                continue
            for joint, (left, right) in zip(_JOINT.finditer(chain.group()), pairwise(words), strict=False):
                if joint.group() == "-" or not _is_compound(written, words, left, right, lexicon):
                    continue
                start, end = chain.start() + joint.start(), chain.start() + joint.end()
                if start not in done:
                    yield rule.finding(start, end, "-", proof=len(left) + len(right))

    rule = Rule(
        code="SPC102",
        name="space-before-hyphen",
        message="a hyphen compound is torn apart",
        level=Level.SAFE,
        severity=Severity.MINOR,
        mqm="fluency/typography",
        confidence=0.98,
        find=find,
        damage=lambda document, random: _damage(document, random, lexicon),
        bad=(
            Example("Peace in the Asia -Pacific region matters.", "Peace in the Asia-Pacific region matters."),
            Example("The so -called US -Japan -Korea talks began.", "The so-called US-Japan-Korea talks began."),
            Example(
                "The Secretary -General met the Self- Defense Forces.",
                "The Secretary-General met the Self-Defense Forces.",
            ),
            Example(
                "The non -aligned group held 3 -day talks, and self - defence was on the list.",
                "The non-aligned group held 3-day talks, and self-defence was on the list.",
            ),
            Example(
                "The 52 - year - old sells software-as -a-service.", "The 52-year-old sells software-as-a-service."
            ),
            Example("A tit-for-tat reply: tit -for -tat, he said.", "A tit-for-tat reply: tit-for-tat, he said."),
        ),
        good=(
            "They plan short- and long-term aid, pre- and post-war.",
            "They are neither anti- nor pro-Western, and self - whatever that is - counts; add 5 - day by day.",
            "The stand-in -he was ill- left; sub-zero - cold - days came, as follow - up work.",
            "Run tar -Force or ls -Asia to see it.",
            "He went to Tokyo - Pacific fleets were there.",
            "A list: one -Two -Three.",
            "It fell -China aside- by 3 -percent or so.",
            "The allies -Japan among them- agreed.",
            "The sub -built in Kiel- sank, and the semi - small, damp, cheap - was sold.",
        ),
    )
    return rule


def _damage(document: Document, random: Random, lexicon: Lexicon) -> Iterator[Damage]:
    """A blank before, now and then behind, the hyphen of every known compound.

    Of a compound that only its repetition makes known, the first mention stays whole.
    """
    seen: set[str] = set()
    for chain in _WHOLE.finditer(document.text):
        whole = chain.group()
        words = whole.split("-")
        repeated = whole in seen and len(whole) > 5
        seen.add(whole)
        for joint, (left, right) in zip(re.finditer("-", whole), pairwise(words), strict=True):
            if repeated or _is_listed(words, left, right, lexicon):
                at = chain.start() + joint.start()
                yield Damage(at, at + 1, random.choice((" -", " -", " -", "- ")))


def _chains(document: Document) -> Iterator[re.Match[str]]:
    """Words that hyphens join, from the lines in which one is torn."""
    lines = dict.fromkeys(document.paragraph_at(torn.start()) for torn in _TORN.finditer(document.text))
    for line in lines:
        yield from _CHAIN.finditer(document.text, *line)


def _plain_joints(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Torn joints that their own words prove: behind a prefix, in a count, at a small word that hangs already."""
    near = list(scan.windows(text, _SPACED, _NEAR_JOINT))
    if not near:
        return
    seen = set()
    for pattern in (_PREFIX, _COUNT, _YEARS_OLD, _HANGING):
        for match in scan.within(pattern, text, near):
            span = next((match.span(name) for name in match.groupdict() if match[name]), None)
            if span and " " in text[span[0] : span[1]] and span[0] not in seen and not _is_aside(text, *span):
                seen.add(span[0])
                yield span
    yield from ((start, end) for start, end in _wide_joints(text, near, lexicon) if start not in seen)


def _is_aside(text: str, start: int, end: int) -> bool:
    """Whether another dash near makes the two a pair around an aside: "the sub -built in Kiel- sank"."""
    dash = text[start:end]
    if dash == " - ":
        return not _OLD.match(text, end) and _DASH.search(text, end, end + _NEAR) is not None
    if dash == " -":
        other = _CLOSING_DASH.search(text, end, end + _NEAR)
        return other is not None and _SENTENCE_END.search(text, end, other.start()) is None
    return False


def _wide_joints(text: str, near: Sequence[tuple[int, int]], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Joints of listed compounds with a blank on either side, in lines that have no other spaced dash."""
    for match in scan.within(_WIDE, text, near):
        if f"{match['left']}-{match['right']}" not in lexicon.compounds or match["right"] in _PARTICLES:
            continue
        around = text[max(0, match.start() - _NEAR) : match.start()] + "|" + text[match.end() : match.end() + _NEAR]
        if not _DASH.search(around):
            yield match.span("joint")


def _is_options(written: frozenset[str], words: list[str], lexicon: Lexicon) -> bool:
    """Whether a chain of three holds a pair that is no compound, as command-line options do ("log -full -scale")."""
    return len(words) > 2 and not all(_is_compound(written, words, a, b, lexicon) for a, b in pairwise(words))


def _signs_off(document: Document, chain: re.Match[str], words: list[str], lexicon: Lexicon) -> bool:
    """Whether a place and a name end the line without a stop: a letter signed "in London -Paris"."""
    paragraph = document.paragraph_at(chain.start())
    return chain.end() == paragraph.end and not chain.group().endswith(".") and words[-1] in lexicon.joinable


def _is_compound(written: frozenset[str], words: list[str], left: str, right: str, lexicon: Lexicon) -> bool:
    if _is_listed(words, left, right, lexicon):
        return True
    whole = "-".join(words) if len(words) > 2 else f"{left}-{right}"
    return len(left) + len(right) > 4 and whole in written


def _is_listed(words: list[str], left: str, right: str, lexicon: Lexicon) -> bool:
    if "-".join(words).lower() in lexicon.compounds or f"{left}-{right}".lower() in lexicon.compounds:
        return True
    return left in lexicon.joinable and right in lexicon.joinable

"""Turns a doubled surname into the full name the glossary knows.

**What.** ``Kishida Kishida`` becomes ``Fumio Kishida``, ``Matsuno Matsno`` becomes ``Hirokazu Matsuno``.

**Mechanism.** The system translates the surname once by its dictionary and once by sound, in place of surname
and given name.

**Left alone.** People whose names do double ("Boutros Boutros-Ghali", "Sirhan Sirhan"), bands and places:
only surnames of persons in the glossary count, and a second word that differs only behind a title or amid a
sentence ("Biden Bides His Time" stays; at the start of a paragraph, before a verb, it is suggested). Where two
persons share the surname, or the given name already stands before it, the surname is set down once.

**Source.** Seen in public machine translations of Chinese news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon

_ALIKE = lazy(r"(?P<first>(?P<head>[A-Z](?<![\w’'-][A-Z])\w)\w+) (?P<second>(?P=head)\w+)(?![\w-])")

_TITLE = lazy(
    r"(?:Minister|Secretary|General|President|Chancellor|Premier|Leader|Chairman|Governor|Spokesman|Mrs?\.?|Ms\.?) \Z"
)

# "the Kishida Kishida wants us to see": behind an article the second name may open a clause, and
# behind "calling" it says what the first one is called.
_ARTICLE = lazy(
    r"\b(?:[Tt]he|[Aa]n?|[Tt]his|(?<!said )(?<!says )(?<!added )[Tt]hat|[Aa]ny|[Nn]o|[Oo]ne|[Ee]very|only"
    r"|call(?:s|ed|ing)?|ma(?:de|kes?|king)|ke(?:pt|eps?)|lets?) \Z"
)
_OFFICE = lazy(r"['’]s\b| (?:administration|government|cabinet|regime|campaign|presidency|team|faction|era)\b")

_GOES_ON = lazy(r"(?:['’]s)? (?:said|told|will|has|had|is|was|met|also|and|spoke|added|visited|called)\b")


def build(lexicon: Lexicon) -> Rule:
    """The rule with the persons of ``lexicon``."""

    def find(document: Document) -> Iterator[Finding]:
        """Surnames of known persons that stand twice, the second perhaps misspelled."""
        for match in _ALIKE.finditer(document.text):
            first, second = match["first"], match["second"]
            surname = first if first in lexicon.full_names else second
            names = lexicon.full_names.get(surname)
            if not names or not _near(first, second) or match.group() in names:
                continue
            if _is_run(document.text, match):
                continue
            fix = _fix(document.text, match, surname, names)
            if first == second and _opens_clause(document.text, match):
                yield rule.finding(*match.span(), fix, level=Level.SUGGEST, confidence=0.7, drops=match.group())
            elif first == second or _is_person(document, match, lexicon):
                yield rule.finding(*match.span(), fix, drops=match.group())
            elif _may_be_person(document, match, lexicon):
                yield rule.finding(*match.span(), fix, level=Level.SUGGEST, confidence=0.75, drops=match.group())

    rule = Rule(
        code="NAM101",
        name="doubled-surname",
        message="the surname stands twice in place of the full name",
        level=Level.SAFE,
        severity=Severity.MAJOR,
        mqm="accuracy/mistranslation",
        confidence=0.97,
        find=find,
        damage=lambda document, random: _damage(document, random, lexicon),
        stage=Stage.NAME,
        bad=(
            Example("Prime Minister Kishida Kishida spoke.", "Prime Minister Fumio Kishida spoke."),
            Example("Secretary Matsuno Matsno's view is known.", "Secretary Hirokazu Matsuno's view is known."),
            Example("Fumio Kishida Kishida left.", "Fumio Kishida left."),
            Example("Kishida Kishita said that the talks go on.", None),
        ),
        good=(
            "Biden Bides His Time; Trump Trump Trump, they sang.",
            "Boutros Boutros-Ghali led the UN; Sirhan Sirhan did not.",
            "They flew to Bora Bora with Duran Duran.",
            "Fumio Kishida met Kishida's aides.",
            "Kishida, Kishida and Kishida is a law firm.",
            "Simon Simonsen spoke of Abel Abelson.",
        ),
    )
    return rule


def _damage(document: Document, random: Random, lexicon: Lexicon) -> Iterator[Damage]:
    """The surname twice for every full name of a known person; behind a title the copy may lack a letter."""
    for surname, names in lexicon.full_names.items():
        given = names[0].removesuffix(surname).strip()
        if len(names) > 1 or not given or len(surname) < 3:
            continue
        for match in re.finditer(rf"(?<![\w’'-]){re.escape(names[0])}(?![\w-])", document.text):
            if match.string[: match.start()].endswith(f"{given} "):
                continue
            titled = _TITLE.search(document.text, max(0, match.start() - 20), match.start()) is not None
            yield Damage(*match.span(), f"{surname} {_misspelled(surname, random) if titled else surname}")


def _is_person(document: Document, match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a surname and its misspelling are surely one person: behind a title, or amid a sentence in lower case.

    In headlines, which capitalise every word, the second may be a verb; so may it be after a short surname.
    """
    text = document.text
    if _TITLE.search(text, max(0, match.start() - 20), match.start()):
        surname = match["first"] if match["first"] in lexicon.full_names else match["second"]
        return len(surname) > 5  # "Minister Abe Abel": short names are near to many
    amid = match.start() != document.paragraph_at(match.start()).start
    return (
        amid
        and match["first"] in lexicon.full_names
        and len(match["first"]) > 5
        and re.match(r"(?:['’]s)?[,.;:]|(?:['’]s)? [a-z]", text[match.end() : match.end() + 4]) is not None
    )


def _may_be_person(document: Document, match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a surname and its misspelling may be one person: at the start of a paragraph, before lower case.

    In a headline, as in "Biden Bides His Time", the next word has a capital; a second word that is known may be
    another person.
    """
    first, second = match["first"], match["second"]
    known = second in lexicon.names or second in lexicon.full_names or first not in lexicon.full_names
    return not known and len(first) > 5 and _GOES_ON.match(document.text, match.end()) is not None


def _is_run(text: str, match: re.Match[str]) -> bool:
    """Whether the name goes on, three times or more: a chant or a song."""
    return text.startswith(f" {match['second']}", match.end()) or text[: match.start()].endswith(f"{match['first']} ")


def _opens_clause(text: str, match: re.Match[str]) -> bool:
    """Whether the second name may be the subject of a clause: "the Kishida Kishida had hoped to be"."""
    before = _ARTICLE.search(text, max(0, match.start() - 9), match.start())
    return before is not None and _OFFICE.match(text, match.end()) is None


def _fix(text: str, match: re.Match[str], surname: str, names: tuple[str, ...]) -> str:
    if len(names) > 1:
        return surname
    given = names[0].removesuffix(surname).strip()
    before = text[max(0, match.start() - len(given) - 1) : match.start()].strip()
    return surname if given and before == given else names[0]


def _misspelled(surname: str, random: Random) -> str:
    """The surname as it is, or one longer than five letters with one of the inner ones dropped."""
    if len(surname) < 6 or random.random() < 0.6:
        return surname
    at = random.randrange(2, len(surname) - 1)
    return surname[:at] + surname[at + 1 :]


def _near(first: str, second: str) -> bool:
    """Equal, or one letter apart (dropped, added or changed)."""
    if first == second:
        return True
    if abs(len(first) - len(second)) > 1:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
    rests = (
        (first[at + 1 :], second[at:]),
        (first[at:], second[at + 1 :]),
        (first[at + 1 :], second[at + 1 :]),
    )
    return any(a == b for a, b in rests)

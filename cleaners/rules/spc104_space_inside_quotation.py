"""Removes a blank between a quotation mark and the words it encloses.

**What.** ``our friends. "`` at the end of a paragraph, ``friends. ”`` and ``“ we`` anywhere.

**Mechanism.** The mark is a token of its own to the system, and the joining step takes it for an opening one.

**Left alone.** A straight mark in mid-paragraph, whose direction the blank hides, unless all marks of the paragraph
stand free and pair (``a " new " plan``); marks that are spoken of (``between " and "``); inch marks; nested quotation
marks, which typographers set apart with a thin space.

**Source.** Seen in public machine translations of Chinese news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

# At the end of a line a straight mark can only close. Curly marks tell their direction anywhere.
_BEFORE_CLOSING = lazy(
    r"[ \u00a0](?:(?<=[^\W\d_.,!?…)%\]].)[ \u00a0]*(?P<curly>”)(?=[.,;:!?)]|\Z|[\r\n]|(?P<amid>[ ]\w))"
    r"|(?<=[.,!?…)%\]].)[ \u00a0]*(?P<mark>”(?!\w)|\"(?=[ \t]*(?:[\r\n\u2028\u2029]|\Z))))"
)
# Behind a comma, colon or stop, or at the start of the line: "use “ to open" names the mark.
_AFTER_OPENING = lazy(r"“(?:(?<=[,:.;!?] “)|(?<![^\n]“))[ \u00a0]+(?=[\w(])")
# The part of _BEFORE_CLOSING that is rare and quick to look for.
_CLOSING = (
    lazy(r"”(?<=[ \u00a0]”)"),
    lazy(r"\"(?<=[ \u00a0]\")(?=[ \t]*(?:[\r\n\u2028\u2029]|\Z))"),
)
_CODE = frozenset("=(+[")
_COMMAND = lazy(r"(?:\b(?:echo|printf?|puts|prompt|input)| -\w) \Z")
_ANY = lazy('["“”„]')
_FREE = lazy(r'" (?:(?<= " )|(?<=\A" )|(?<=[\r\n]" ))\w')
_SPEAKS_OF = lazy(r"(?:and|or|for|to|at|as|is|in|on|of|with|if|are|was|key|mark|sign|before|after|by|but)\b")
_CLOSES_AFTER = lazy(r"(?:[^\W\d_]|[.,!?…)%\]])[\"”]")
_OPENS_BEFORE = lazy(r"(?:(?<=[,:.;!?] )|^)“[\w(]", re.MULTILINE)


def find(document: Document) -> Iterator[Finding]:
    """Blanks just inside a quotation."""
    text = document.text
    if '"' not in text and "”" not in text and "“" not in text:
        return
    pairs = [pair for pair in document.quotation.pairs if _holds_words(text, pair)]
    openers, opener_of = {start for start, _ in pairs}, {end: start for start, end in pairs}
    done: set[int] = set()
    for start, end in _standing_free(document):
        done.add(end)
        yield RULE.finding(start, start + 2, '"', proof=2)
        yield RULE.finding(end - 1, end + 1, '"', proof=2)
    for match in _BEFORE_CLOSING.finditer(text) if any(mark.search(text) for mark in _CLOSING) else ():
        mark = match["curly"] or match["mark"]
        at_mark = match.start("curly") if match["curly"] else match.start("mark")
        if at_mark in done:
            continue
        at = opener_of.get(at_mark, -1) if mark == "”" else _straight_opener(document, at_mark, opener_of)
        if at < 0 or (mark == "”" and text[at] != "“") or (match["amid"] and not _opens_well(text, at)):
            continue
        if text[max(0, at - 2) : at].strip()[-1:] not in _CODE and not _COMMAND.search(text, max(0, at - 9), at):
            yield RULE.finding(match.start(), at_mark + 1, mark, proof=2)
    for match in _AFTER_OPENING.finditer(text):
        if match.start() in openers:
            yield RULE.finding(match.start(), match.end(), "“", proof=2)


def _straight_opener(document: Document, mark: int, opener_of: Mapping[int, int]) -> int:
    """The mark that a straight one at the end of its line closes, or -1: a third mark closes nothing.

    Where a mark stands glued between two words, pairing has guessed, and any mark before may be the partner.
    """
    paragraph = document.paragraph_at(mark)
    if mark in opener_of or any(paragraph.start <= glued < mark for glued in document.quotation.glued):
        return document.text.rfind('"', paragraph.start, mark)
    return -1


def _standing_free(document: Document) -> Iterator[tuple[int, int]]:
    """Pairs of straight marks with a blank on either side each, in paragraphs that have no other marks."""
    text = document.text
    if not _FREE.search(text):
        return
    marks: dict[Span, list[int]] = {}
    for match in _ANY.finditer(text):
        marks.setdefault(document.paragraph_at(match.start()), []).append(match.start())
    for paragraph, inside in marks.items():
        if len(inside) % 2 == 0:
            pairs = list(zip(inside[::2], inside[1::2], strict=True))
            if all(_is_free(text, start, end, paragraph) for start, end in pairs):
                yield from pairs


def _is_free(text: str, start: int, end: int, paragraph: Span) -> bool:
    """Whether two marks are tokens of their own around words; ``between " and "`` speaks of the marks."""
    if text[start] != '"' or text[end] != '"' or not (text[start + 1] == text[end - 1] == " " and end - start > 3):
        return False
    if start > paragraph.start and (text[start - 1] != " " or text[start - 2].isdigit()):
        return False
    if end + 1 < paragraph.end and text[end + 1] not in " .,;:!?)":
        return False
    return text[start + 2].isalnum() and not text[end - 2].isspace() and _SPEAKS_OF.match(text, start + 2) is None


def _opens_well(text: str, mark: int) -> bool:
    """Whether a curly mark stands where an opening one belongs, so that the next one can only close."""
    return text[mark + 1].isalnum() and (mark == 0 or text[mark - 1].isspace() or text[mark - 1] in "([—–")


def _holds_words(text: str, pair: tuple[int, int]) -> bool:
    """Whether words stand between the marks; ``“, ”`` is what two reversed pairs leave."""
    return any(c.isalnum() for c in text[pair[0] + 1 : min(pair[1], pair[0] + 40)])


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank inside the marks of every quotation, wherever the mark still tells its direction."""
    text = document.text
    for start, end in document.quotation.pairs:
        if {start, end} & document.quotation.glued or (text[start] == "“") != (text[end] == "”"):
            continue
        at_end = end + 1 == document.paragraph_at(end).end
        if _CLOSES_AFTER.match(text, end - 1) and (text[end] == "”" or (at_end and text[end - 1] in ".,!?…)%]")):
            yield Damage(end, end, " ")
        if text[start] == "“" and _OPENS_BEFORE.match(text, start):
            yield Damage(start + 1, start + 1, " ")


RULE = Rule(
    code="SPC104",
    name="space-inside-quotation",
    message="a blank stands inside the quotation mark",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example('He said, "We face this with our friends. "', 'He said, "We face this with our friends."'),
        Example("She said, “ We go on. ” Then she left.", "She said, “We go on.” Then she left."),
        Example('"It will pass, "\nhe wrote.', '"It will pass,"\nhe wrote.'),
        Example('A " new " plan and an " old " one, " they " say.', 'A "new" plan and an "old" one, "they" say.'),
        Example("Votes for the “green pool ” plan fell.", "Votes for the “green pool” plan fell."),
    ),
    good=(
        'He said, "We go," then "We stay."',
        'He cut it to 6 " and 7 "',
        "“She called it ‘a start.’ ” That was all.",
        'They wrote "yes" and "no" on it.',
        'Put the word between " and ", please.',
        'Here 6 " is half of 12 " as you know.',
        'Oak, twelve feet, " " " and so on.',
        "Of the ” allocation of seats“, ” baggage protection“ he wrote in court, ”she said.",
        "It was misguided.“ However, he stayed.",
        'The script says echo -n "Name? "',
        'A line that ends here. "And a quotation starts here."',
    ),
)

"""Removes a list of links to other articles that was left under the text.

**What.** A heading such as ``POPULAR ARTICLE`` or ``ACCESS RANKING`` and the dash list of headlines below it,
one or more of them, to the end of the document.

**Mechanism.** The page's side column was scraped along with the article.

**Left alone.** A list that the article itself makes: no such heading stands above it, or prose follows it;
then the list is only reported, as is one under a single heading that a writer may choose ("RELATED ARTICLES",
or "WEEKLY RANKING", which may rank boats).
An article must stand before the list.

**Source.** Seen on the pages of Japanese newspapers in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

_KINDS = "POPULAR|READ|VIEWED|RECOMMENDED|RELATED|LATEST|TRENDING|RECENT|OTHER"
_THINGS = "ARTICLES?|STORIES|STORY|NEWS|LINKS|TOPICS|POSTS"
_HEADING = lazy(
    r"(?:[\"“'\[【<]?[\w &]{1,30}[\"”'\]】>]? ?)?"
    rf"(?:(?:MOST )?(?:{_KINDS}) (?:{_THINGS})|(?:ACCESS|WEEKLY|DAILY|ARTICLE) RANKING|MOST (?:READ|VIEWED|POPULAR)"
    r"|(?:Most )?(?:Popular|Related|Recommended|Latest) (?:[Aa]rticles?|[Ss]tories|[Nn]ews|[Ll]inks))"
    r" ?:?"
)
_ITEM = lazy(r"[-–—•・*·▪■]\s*\S.*")
# An item of the article's own: in lower case, a quotation, a Markdown link.
_OWN_ITEM = lazy(r"[-–—•・*·▪■]\s*(?:[a-z\"“\[(]|https?:)|.*\]\(")
_RANKING = lazy(
    r"(?:POPULAR|READ|VIEWED|RECOMMENDED|TRENDING) (?:ARTICLE|STOR|NEWS)|(?:ACCESS|ARTICLE) RANKING"
    r"|MOST (?:READ|VIEWED)"
)
_DASH = frozenset("-–—•・*·▪■")
_HEADINGS = (
    '"World" POPULAR ARTICLE', '"Politics" POPULAR ARTICLE', "RELATED ARTICLES", "MOST READ", "Related Stories",
    "LATEST NEWS", "ACCESS RANKING", "RECOMMENDED STORIES",
)  # fmt: skip
_HEADLINES = (
    "Rice Prices Rise for a Third Month", "Old Lighthouse Opens Its Doors", "Ferry Company Orders Two Ships",
    "Snow Closes Mountain Road in Late April", "Museum Finds Lost Map in Its Own Cellar", "City to Plant 3,000 Trees",
    "How a Village Saved Its Last Bakery", "Night Trains Return after Ten Years", "Five Walks along the Northern Coast",
    "Students Build Bridge out of Paper", "Harbor Festival Moves to September",
)  # fmt: skip


def find(document: Document) -> Iterator[Finding]:
    """Link lists; the edit reaches from the end of the article to the end of the last item."""
    text = document.text
    lines = document.paragraphs
    index = 0
    while index < len(lines):
        if not _is_heading(text, lines[index]):
            index += 1
            continue
        end, items = _block(text, lines, index)
        if items >= 2 and end - index >= 3 and index > 0:
            yield _block_finding(document, index, end)
        index = end


def _is_heading(text: str, line: Span) -> bool:
    return line.end - line.start <= 60 and _HEADING.fullmatch(text[line.start : line.end]) is not None


def _block(text: str, lines: tuple[Span, ...], heading: int) -> tuple[int, int]:
    """Index after the list that starts at ``heading``, further headings with their lists too, and its items."""
    index = heading
    items = 0
    while index < len(lines):
        line = text[lines[index].start : lines[index].end]
        if line in _DASH and index + 1 < len(lines):
            index += 2
            items += 1
        elif _ITEM.fullmatch(line):
            index += 1
            items += 1
        elif _is_heading(text, lines[index]):
            index += 1
        else:
            break
    return index, items


def _has_article(text: str, lines: tuple[Span, ...]) -> bool:
    return any(text[line.end - 1] in '.!?"”' and line.end - line.start > 60 for line in lines)


def _block_finding(document: Document, first: int, end: int) -> Finding:
    text, lines = document.text, document.paragraphs
    to_the_end = end == len(lines)
    span = Span(lines[first - 1].end, lines[end - 1].end)
    if to_the_end and _has_article(text, lines[:first]) and _is_side_column(text, lines[first:end]):
        return RULE.finding(*span, "", drops=text[span.start : span.end])
    return RULE.finding(lines[first].start, span.end, None, level=Level.REPORT, confidence=0.6)


def _is_side_column(text: str, lines: tuple[Span, ...]) -> bool:
    """Whether the list is surely a page's side column: two headings, lone dashes, or a ranking of articles."""
    shown = [text[line.start : line.end] for line in lines]
    headings = sum(_is_heading(text, line) for line in lines)
    if any(_OWN_ITEM.match(line) for line in shown):
        return False
    return headings > 1 or any(line in _DASH for line in shown) or _RANKING.search(shown[0]) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """One or two link lists behind the last line of an article."""
    text, lines = document.text, document.paragraphs
    if not lines or not _has_article(text, lines) or any(_is_heading(text, line) for line in lines):
        return
    if _ITEM.fullmatch(text[lines[-1].start : lines[-1].end]) or text[lines[-1].start : lines[-1].end] in _DASH:
        return
    headlines = random.sample(_HEADLINES, 5)
    link = random.choice(("- {}", "-\n{}", "• {}"))
    block = [random.choice(_HEADINGS), *(link.format(headline) for headline in headlines[:3])]
    sure = "\n" in link or _RANKING.search(block[0])  # else one list might be the writer's own
    if not sure or random.random() < 0.5:
        block += ["ACCESS RANKING", *(link.format(headline) for headline in headlines[3:])]
    blanks = random.choice(("\n", "\n\n"))
    bad = blanks + "\n".join(block)
    yield Damage(lines[-1].end, lines[-1].end, bad.replace("\n", "\r\n") if "\r\n" in text else bad)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR101",
    name="link-list",
    message="a list of links to other articles was left under the text",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example(
            _ARTICLE + '\n"World" POPULAR ARTICLE\n-\nRice Prices Rise\n-\nA Bridge Opens\n'
            "JN ACCESS RANKING\n- Snow in May\n- Cats\n",
            _ARTICLE + "\n",
        ),
        Example(_ARTICLE + "\n\nMOST READ\n• One\n• Two", _ARTICLE),
        Example(_ARTICLE + "\nMOST READ\n- One\n- Two\n- Three\nThen the talks went on.", None),
    ),
    good=(
        _ARTICLE + "\nThe agenda:\n- Aid\n- Trade\n- Cyber\nTalks go on.",
        "POPULAR ARTICLE\n- One\n- Two",
        _ARTICLE + "\nRelated News\nThe talks go on.",
        "It was the most popular article of the year, she wrote, and the ranking said so too.\n- Editor",
        "The ministers agreed on these points in the course of a long and difficult night:\n- aid\n- trade",
    ),
)

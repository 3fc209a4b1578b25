"""Removes ``Intersection`` in a row, the translation of spare Chinese exclamation marks, and the like.

**What.** ``Go! Intersection Intersection`` becomes ``Go!``: a word of ``glossary/stray.yaml`` of the kind *run*,
twice or more in a row, spaced or glued, where the file says it stands.

**Mechanism.** Chinese writers repeat ！ for force. Once the sentence is closed, a web engine translates each
spare mark as a word of its own. Characters that it does not know at all (rare Han characters in a quoted
inscription or name) may come out as one word over and over, ``Bleak Bleak Bleak``; what they said is lost, so
that their removal is only suggested.

**Left alone.** The word once: a run is the proof, a lone ``Intersection`` or ``Bleak`` is a word. Words in lower
case, or with commas between them ("bleak, bleak, bleak"). A run of ``Intersection`` behind anything but an
exclamation mark, which may be a list of crossings.

**Source.** Seen in public machine translations of Chinese news; ``Bleak`` in a single text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from cleaners import stray
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.stray import StrayToken

_SHOUTED = lazy(r"![\"”’)\]]?[ \t\u00a0]*\Z")
_GOES_ON = lazy(r"[ \t\u00a0]*[a-z,;:]")
_BLANKS = " \t\u00a0"
_SURE = 60  # code points: a token of the list outweighs what other rules read around it


@lru_cache(maxsize=1)
def _runs() -> tuple[dict[str, StrayToken], re.Pattern[str]]:
    tokens = {t.surface: t for t in stray.shipped_tokens() if t.kind == "run"}
    one = "|".join(re.escape(s) for s in tokens)
    # Possessive: a long row is read once.
    row = rf"(?<!\w)(?P<token>{one})(?:[ \t\u00a0]{{0,4}}+(?P=token))++(?![a-z’'-])"
    return tokens, lazy(row)


def find(document: Document) -> Iterator[Finding]:
    """Rows of the token, where the token can stand."""
    tokens, pattern = _runs()
    text = document.text
    if not any(surface in text for surface in tokens):
        return
    for match in pattern.finditer(text):
        token, (start, end) = tokens[match["token"]], match.span()
        if token.after == "exclamation":
            if not _SHOUTED.search(text, max(0, start - 6), start):
                continue
            while end < len(text) and text[end] in ".!":
                end += 1  # the stop that closes the row closes nothing else
            if _GOES_ON.match(text, end):
                continue  # the last copy may be the subject of a sentence
        while start > 0 and text[start - 1] in _BLANKS:
            start -= 1
        dropped, apart = text[start:end], text[end : end + 1]
        while end < len(text) and text[end] in _BLANKS:
            end += 1
        inside = start > 0 and not text[start - 1].isspace() and end < len(text) and not text[end].isspace()
        yield RULE.finding(
            start,
            end,
            " " if inside and apart not in tuple(".,;:?)]”’") else "",
            level=token.level,
            confidence=0.99 if token.level is Level.SAFE else 0.7,
            message=f"stray {token.surface!r} in a row: {token.mechanism}",
            drops=dropped,
            proof=_SURE,
        )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Two to ten copies behind every sentence that ends in an exclamation mark; nowhere where the word is used."""
    text, tokens = document.text, _runs()[0]
    shouted = [s for s, token in tokens.items() if token.after == "exclamation" and s not in text]
    if "!" not in text or not shouted:
        return
    for sentence in document.sentences:
        follows = text[sentence.end : sentence.end + 1]
        if text[sentence.end - 1] == "!" and (not follows or follows.isspace()):
            copies = [random.choice(shouted)] * random.randint(2, 10)
            yield Damage(sentence.end, sentence.end, " " + random.choice((" ", " ", "")).join(copies))


RULE = Rule(
    code="STR104",
    name="repeated-stray-word",
    message="spare marks of the source were each translated as a word",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.99,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example("Go, team, go! Intersection Intersection Intersection", "Go, team, go!"),
        Example("What a goal! Intersection Intersection The crowd rose.", "What a goal! The crowd rose."),
        Example('"We won!" IntersectionIntersectionIntersection.\nThey left.', '"We won!"\nThey left.'),
        Example("Long live spring! Intersection Intersection! He bowed.", "Long live spring! He bowed."),
    ),
    good=(
        "Stop! Intersection ahead.",
        "Stop! Intersection! Intersection ahead.",
        "Which of the two is it? It is the north one! Intersection Intersection of the two roads, as they call it.",
        "Watch out! Intersections are where most of them crash.",
        "Bleak House is read in schools. Bleak it is.",
        'He called the view "bleak, bleak, bleak" and left.',
        "The plan lists: Main Street Intersection Intersection Avenue.",
        "Bleak winters follow bleak autumns! Bleak, Bleaker, Bleakest was its title.",
    ),
)

"""Removes ``Essence`` where it stands for a Chinese full stop.

**What.** ``Essence``, once or in a row, after a stop, a bracket or a closing quotation mark, often glued to
its neighbours: ``office.Essence``, ``Russia.EssenceThe``. Once and spaced, at the end of a line or before a word
that opens sentences, it goes only where the document holds surer copies.

**Mechanism.** Web engines translate a Chinese 。 or a row of them (。。。), left over after the sentence has
been closed, as a word of its own.

**Left alone.** The word in its own right: "in essence", "the essence of a treaty", "Time is of the essence.", names
with stops (``magic.item.Essence``), a magazine called Essence. A spaced ``Essence`` before other text is only
suggested.

**Source.** Seen in public machine translations of Chinese news; checked in web news of 2023.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from itertools import pairwise
from random import Random

from cleaners import stray
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import SENTENCE_OPENERS
from cleaners.stray import StrayToken


@lru_cache(maxsize=1)
def _stops() -> tuple[dict[str, StrayToken], re.Pattern[str]]:
    tokens = {t.surface: t for t in stray.shipped_tokens() if t.kind == "stop"}
    one = "|".join(re.escape(s) for s in tokens)
    # The token in a row: blanks or stops between its copies, glued copies too. Possessive, and what follows is
    # looked at afterwards, so that a long row is read once.
    run = rf"(?P<token>{one})(?:[ .]{{0,4}}+(?:{one}))*+\.?+"
    pattern = rf"(?<=[.!?。)\]\"”…])(?P<before>[ \t\u00a0]*)(?P<run>{run})"
    pattern += r"(?P<after>[ \t\u00a0]*+)(?=(?P<next>[A-Z\"“(]|[\r\n\u2028\u2029]|\Z)?)"
    return tokens, lazy(pattern)


_IN_NAME = lazy(r"(?:[a-z]{2,}\.[a-z]{2,}|\bNo\.? ?\d+)\.\Z")  # "magic.item.Essence", "No.7.Essence"
_WORD = lazy(r"[A-Z][a-z]{0,15}(?= )")
_BETWEEN = lazy(r"[.!?…\"”)\]] [A-Z\"“(]")


_SURE = 60  # code points: a token of the list outweighs what other rules read around it


def find(document: Document) -> Iterator[Finding]:
    """Runs of the token after a finished sentence."""
    tokens, pattern = _stops()
    if not any(surface in document.text for surface in tokens):
        return
    closing = {end for _, end in document.quotation.pairs}
    found = (match for match in pattern.finditer(document.text) if match["next"] is not None)
    hits = [match for match in found if not _is_named(document.text, match, closing)]
    sure = any(not m["before"] or m["run"].count(m["token"]) > 1 for m in hits)
    for match in hits:
        token = tokens[match["token"]]
        glued = not match["before"] or (match["next"].strip() and not match["after"])
        repeated = match["run"].count(token.surface) > 1
        at_end = not match["next"].strip()
        if match["run"].endswith(".") and not (glued or repeated):
            continue  # "Essence." as a sentence of its own
        proved = sure and (at_end or _opens_sentence(document.text, match.end()))
        level = Level.SAFE if glued or repeated or proved else Level.SUGGEST
        start = match.start("before")
        end = match.end("run") if at_end else match.end("after")
        yield RULE.finding(
            start,
            end,
            "" if at_end else " ",
            level=level,
            confidence=0.99 if level is Level.SAFE else 0.6,
            message=f"stray {token.surface!r}: {token.mechanism}",
            drops=match["run"],
            proof=_SURE,
        )


def _opens_sentence(text: str, start: int) -> bool:
    """Whether a word that opens sentences follows: "Essence The talks" is no sentence."""
    word = _WORD.match(text, start)
    return word is not None and word.group() in SENTENCE_OPENERS


def _is_named(text: str, match: re.Match[str], closing: Set[int]) -> bool:
    """Whether the word itself is meant: in quotation marks of its own, or named after a title in quotation marks."""
    mark = match.start() - 1
    if text[mark] not in '"”':
        return _IN_NAME.search(text, max(0, mark - 40), mark + 1) is not None
    return mark not in closing or text[mark - 1] == ","


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The token glued between two sentences and behind paragraphs, once or twice; nowhere where the word is used."""
    text, surfaces = document.text, sorted(_stops()[0])
    if any(surface in text for surface in surfaces):
        return
    for left, right in pairwise(document.sentences):
        if text[left.end : right.start] == " " and _BETWEEN.match(text, left.end - 1):
            token = random.choice(surfaces)
            yield Damage(left.end, right.start, random.choice((token, token, f"{token} ", f"{token} {token} ")))
    for paragraph in document.paragraphs:
        sentence = document.sentence_at(paragraph.end - 1)
        if text[paragraph.end - 1] in '.!?…"”' and len(text[sentence.start : sentence.end].split()) > 3:
            token = random.choice(surfaces)
            bad = random.choice((token, token, f"{token} {token}", f" {token} {token}"))
            yield Damage(paragraph.end, paragraph.end, bad)


RULE = Rule(
    code="STR102",
    name="stray-chinese-stop",
    message="a Chinese full stop was translated as a word",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.99,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example("France is against the office.Essence", "France is against the office."),
        Example("Troops left Russia.EssenceThe talks go on.", "Troops left Russia. The talks go on."),
        Example("The plan was dropped. Essence Essence\nNext.", "The plan was dropped.\nNext."),
        Example(
            "The plan was dropped.Essence\nIt rained. Essence The talks go on.",
            "The plan was dropped.\nIt rained. The talks go on.",
        ),
        Example("It ended (in June).Essence Essence It went on.", "It ended (in June). It went on."),
    ),
    good=(
        "Time is of the essence.",
        "In essence, the treaty binds both sides. Essence and form agree.",
        "She wrote for a magazine. Essence printed it in May.",
        "The essence of the treaty is mutual defense.",
        "What is left when the form is gone? Essence.",
        "He bought a perfume. Essence. That was its name.",
    ),
)

"""Deletes a known-empty Japanese sentence ending that was translated alone.

**What.** ``rice field.``, ``I was.``, ``I did.``, ``did.`` standing alone after a finished sentence or a
closing quotation mark, at the end of a paragraph. The tokens are data in ``glossary/stray.yaml``.

**Mechanism.** A Japanese report closes a quotation with 」と述べました。 Where the ending is cut off from its
verb (た, ました, しました) the system translates it as a sentence of its own: た is read as 田, "rice field",
and the polite past is given an invented subject, "I was".

**Left alone.** A real field ("they crossed the rice field.") is part of its sentence. ``I was.`` answers
somebody in a text that says "I" or "me" elsewhere, outside quotations, or stands in quotation marks; ``It
was.`` may be a real sentence, so it goes only where the document holds surer debris of Japanese or is known
to come from Japanese.

**Source.** Seen in public machine translations of Japanese broadcast news and in the outputs submitted to
the WMT 2021 news task (Japanese to English).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random

from cleaners import stray
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.segment import ends_with_abbreviation
from cleaners.stray import StrayToken

_CLOSING = "\"”’'」』)"
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|myself|[Ww]e|us|our|ours)\b")
_MAX_RUN = 20  # tails in a row, taken as one


@lru_cache(maxsize=1)
def _tails() -> tuple[dict[str, StrayToken], re.Pattern[str]]:
    tokens = {t.surface: t for t in stray.shipped_tokens() if t.kind == "tail" and t.origin == "ja"}
    surfaces = "|".join(re.escape(s) for s in sorted(tokens, key=len, reverse=True))
    # After a stop, with or without a closing mark, to the end of the line; the blanks before go with it.
    blanks = r"[ \t\u00a0\u3000]*"
    pattern = rf"(?P<stop>(?<!\.)[.!?。][{_CLOSING}]?|(?<=\w)[\"”])"
    pattern += rf"(?P<tail>(?:{blanks}(?:{surfaces})\.){{0,{_MAX_RUN}}}{blanks}(?P<token>{surfaces})\.)"
    pattern += r"(?=[ \t\u00a0]*(?:[\r\n\u2028\u2029]|\Z))"
    return tokens, re.compile(pattern)


_FINISHED = re.compile(r"[.!](?P<mark>[\"”]?)\Z")


def find(document: Document) -> Iterator[Finding]:
    """Known-empty tails at the end of a paragraph."""
    tokens, pattern = _tails()
    text, endings = document.text, tuple(f"{surface}." for surface in tokens)
    if not any(text.endswith(endings, *paragraph) for paragraph in document.paragraphs):
        return
    opened = {end: start for start, end in document.quotation.pairs}
    hits = [m for m in pattern.finditer(document.text) if _follows_sentence(document, m, opened)]
    sure = document.source_lang == "ja" or any(tokens[m["token"]].lower_only for m in hits)
    impersonal = document.source_lang != "zh" and not _says_i(document, [m.span("tail") for m in hits])
    for match in hits:
        token = tokens[match["token"]]
        if not token.lower_only:
            stated = sure or _is_statement(document, match.end("stop") - 1, opened)
            if not (impersonal and stated and _after_quotation(match) and match["stop"][0] != "?"):
                continue  # a capitalised tail is debris only behind a statement, where nobody says "I"
        if token.level is Level.SUGGEST and not sure:
            continue
        start, end = match.span("tail")
        yield RULE.finding(
            start,
            end,
            "",
            confidence=0.99 if token.level is Level.SAFE else 0.95,
            message=f"stray {token.surface!r}: {token.mechanism}",
            drops=document.text[start:end],
            proof=len(match["stop"]),
        )


def _follows_sentence(document: Document, match: re.Match[str], opened: Mapping[int, int]) -> bool:
    """Whether what stands before the tail is a whole statement: "as Yahoo! did." and "yes. did." are not."""
    stop = match.start("stop")
    if _after_quotation(match):
        return len(match["stop"]) > 1 or _is_statement(document, stop, opened)
    sentence = document.sentence_at(stop)
    words = document.text[sentence.start : stop].split()
    if len(words) < 4 or not _starts_with_capital(words[0]):
        return False
    if match["stop"] in ("!", "?"):
        return not words[-1][:1].isupper()
    return not ends_with_abbreviation(document.text, stop)


def _starts_with_capital(word: str) -> bool:
    first = next((c for c in word if c.isalnum()), "a")
    return first.isupper() or first.isdigit()


def _after_quotation(match: re.Match[str]) -> bool:
    return match["stop"][-1] in '"”」』'


def _is_statement(document: Document, closing: int, opened: Mapping[int, int]) -> bool:
    """Whether the quotation that closes here is somebody's words: behind a comma or colon, or first in its line."""
    if closing not in opened:
        return False
    start = opened[closing]
    before = document.text[max(document.paragraph_at(start).start, start - 20) : start].rstrip()
    return not before or before[-1] in ",:" or before.endswith((" said", " added", " wrote", " that"))


def _says_i(document: Document, tails: Sequence[tuple[int, int]]) -> bool:
    """Whether somebody says "I" or "we" outside quotations and the tails themselves."""
    spans = sorted([*document.quotation.pairs, *tails])
    for person in _FIRST_PERSON.finditer(document.text):
        index = bisect_right(spans, (person.start(), len(document.text))) - 1
        if index < 0 or spans[index][1] <= person.start():
            return True
    return False


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A known-empty tail after every paragraph that ends in a finished statement.

    Capitalised tails stand only where they could be nothing else: behind a quoted statement, in a text that
    says "I" nowhere outside its quotations.
    """
    text, tokens = document.text, _tails()[0]
    lower = [t.surface for t in tokens.values() if t.lower_only]
    japanese = document.source_lang == "ja"
    exact = [t.surface for t in tokens.values() if not t.lower_only and (t.level is Level.SAFE or japanese)]
    spoken = _says_i(document, ())
    for paragraph in document.paragraphs:
        match = _FINISHED.search(text, max(paragraph.start, paragraph.end - 2), paragraph.end)
        sentence = document.sentence_at(paragraph.end - 1)
        if match is None or len(text[sentence.start : sentence.end].split()) < 4:
            continue
        if not match["mark"] and ends_with_abbreviation(text, match.start()):
            continue
        wordings = lower if spoken or not match["mark"] else lower + exact
        yield Damage(paragraph.end, paragraph.end, f" {random.choice(wordings)}.")


RULE = Rule(
    code="STR101",
    name="stray-japanese-tail",
    message="a Japanese sentence ending was translated alone",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.99,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example('"We will keep talking," he said. rice field.', '"We will keep talking," he said.'),
        Example(
            'The minister said, "Our ties have never been closer." I was.',
            'The minister said, "Our ties have never been closer."',
        ),
        Example("The total rose by 113 to 14,092. did.", "The total rose by 113 to 14,092."),
        Example(
            "He noted, “There is room for cooperation in space.” rice field.\n\nTalks resume in May.",
            "He noted, “There is room for cooperation in space.”\n\nTalks resume in May.",
        ),
        Example(
            'He called it "a first step." It was.\nThey then left for Oslo. rice field.',
            'He called it "a first step."\nThey then left for Oslo.',
        ),
    ),
    good=(
        "The old man walked home across the rice field.",
        "They grow two crops here. Rice fields cover the valley.",
        "Where did she lose it? In the rice field.",
        '"Were you at the border that night?" "I was."',
        'My colonel told me, "You were brave." I was.',
        'He warned them, "It will be a long night." It was.',
        "Everyone expected a hard winter. It was.",
        "He asked whether I was tired. I was.",
        "Did the cabinet agree? It did.",
    ),
)

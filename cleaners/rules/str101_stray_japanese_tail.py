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
from collections.abc import Iterator
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


_FINISHED = re.compile(r"(?P<stop>[.!?])(?P<mark>[\"”]?)\Z")


def find(document: Document) -> Iterator[Finding]:
    """Known-empty tails at the end of a paragraph."""
    tokens, pattern = _tails()
    if not any(surface + "." in document.text for surface in tokens):
        return
    hits = [m for m in pattern.finditer(document.text) if _follows_sentence(document, m)]
    surely_japanese = document.source_lang == "ja" or any(tokens[m["token"]].lower_only for m in hits)
    for match in hits:
        token = tokens[match["token"]]
        start, end = match.span("tail")
        if not token.lower_only and not _may_be_debris(document, match, sure=surely_japanese):
            continue
        if token.level is Level.SUGGEST and not surely_japanese:
            continue
        yield RULE.finding(
            start,
            end,
            "",
            confidence=0.99 if token.level is Level.SAFE else 0.95,
            message=f"stray {token.surface!r}: {token.mechanism}",
            drops=document.text[start:end],
            proof=len(match["stop"]),
        )


def _follows_sentence(document: Document, match: re.Match[str]) -> bool:
    """Whether what stands before the tail is a whole statement: "as Yahoo! did." and "yes. did." are not."""
    stop = match.start("stop")
    if _after_quotation(match):
        return len(match["stop"]) > 1 or _is_statement(document, stop)
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


def _is_statement(document: Document, closing: int) -> bool:
    """Whether the quotation that closes here is somebody's words: it follows a comma or colon, or starts the line."""
    for start, end in document.quotation.pairs:
        if end == closing:
            before = document.text[document.paragraph_at(start).start : start].rstrip()
            return not before or before[-1] in ",:" or before.endswith((" said", " added", " wrote", " that"))
    return False


def _after_quotation(match: re.Match[str]) -> bool:
    return match["stop"][-1] in '"”」』'


def _may_be_debris(document: Document, match: re.Match[str], *, sure: bool) -> bool:
    """A capitalised tail is debris only after a quotation, and where nobody in the text says "I"."""
    if not _after_quotation(match) or match["stop"][0] == "?":
        return False
    if not sure and not _is_statement(document, match.end("stop") - 1):
        return False
    if document.source_lang == "zh":
        return False
    pairs = document.quotation.pairs
    token_end = match.end("tail")
    for person in _FIRST_PERSON.finditer(document.text):
        inside = any(start < person.start() < end for start, end in pairs)
        if not inside and not match.start("tail") <= person.start() < token_end and not _is_tail(document, person):
            return False
    return True


def _is_tail(document: Document, person: re.Match[str]) -> bool:
    _, pattern = _tails()
    sentence = document.sentence_at(person.start())
    return bool(pattern.search(document.text, max(0, sentence.start - 4), min(len(document.text), sentence.end + 2)))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A known-empty tail after every paragraph that ends in a finished sentence.

    Capitalised tails stand only where they could be nothing else: behind a quoted statement, in a text that
    says "I" nowhere outside its quotations.
    """
    text, tokens = document.text, _tails()[0]
    lower = [t.surface for t in tokens.values() if t.lower_only]
    japanese = document.source_lang == "ja"
    exact = [t.surface for t in tokens.values() if not t.lower_only and (t.level is Level.SAFE or japanese)]
    spoken = any(not _is_quoted(document, person.start()) for person in _FIRST_PERSON.finditer(text))
    for paragraph in document.paragraphs:
        match = _FINISHED.search(text, max(paragraph.start, paragraph.end - 2), paragraph.end)
        sentence = document.sentence_at(paragraph.end - 1)
        if match is None or len(text[sentence.start : sentence.end].split()) < 4:
            continue
        if not match["mark"] and ends_with_abbreviation(text, match.start()):
            continue
        wordings = lower if spoken or not match["mark"] or match["stop"] == "?" else lower + exact
        yield Damage(paragraph.end, paragraph.end, f" {random.choice(wordings)}.")


def _is_quoted(document: Document, position: int) -> bool:
    return any(start < position < end for start, end in document.quotation.pairs)


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

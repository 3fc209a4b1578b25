"""Deletes a known-empty Japanese sentence ending that was translated alone.

**What.** ``rice field.``, ``I was.``, ``I did.``, ``did.`` standing alone after a finished sentence or a
closing quotation mark, at the end of a paragraph; those in lower case also between two sentences, where
segments were joined. The tokens are data in ``glossary/stray.yaml``.

**Mechanism.** A Japanese report closes a quotation with 」と述べました。 Where the ending is cut off from its
verb (た, ました, しました) the system translates it as a sentence of its own: た is read as 田, "rice field",
and the polite past is given an invented subject, "I was".

**Left alone.** A real field ("they crossed the rice field.") is part of its sentence, and so is ``did`` in "what
shouting “boo!” did.". ``I was.`` answers somebody in a text that says "I" or "me" elsewhere, outside quotations, or
stands in quotation marks; ``It was.`` may be a real sentence, so it goes behind a quotation only where the document
holds surer debris of Japanese or is known to come from Japanese, and behind a plain sentence only where the Japanese
source has no sentence that short. A source that has one protects a capitalised tail. ``Announced.`` and ``Become.``
could be no sentence, and yet go only where Japanese is known.

**Source.** Seen in public machine translations of Japanese broadcast news and in the outputs submitted to
the WMT 2021 news task (Japanese to English).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from random import Random

from cleaners import stray, tails
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import ends_with_abbreviation
from cleaners.stray import StrayToken

_CLOSING = "\"”’'」』)"
_MAX_RUN = 20  # tails in a row, taken as one


@lru_cache(maxsize=1)
def _tokens() -> dict[str, StrayToken]:
    return {t.surface: t for t in stray.shipped_tokens() if t.kind == "tail" and t.origin == "ja"}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    tokens = _tokens()
    surfaces, lower = _any_of(tokens), _any_of(s for s, token in tokens.items() if token.lower_only)
    # After a stop, with or without a closing mark, to the end of the line; the blanks before go with it.
    blanks = r"[ \t\u00a0\u3000]*"
    pattern = rf"(?P<stop>(?<!\.)[.!?。][{_CLOSING}]?|(?<=\w)[\"”])"
    pattern += rf"(?P<tail>(?:{blanks}(?:{surfaces})\.){{0,{_MAX_RUN}}}{blanks}"
    pattern += rf"(?:(?P<token>{surfaces})\.(?=[ \t\u00a0]*(?:[\r\n\u2028\u2029]|\Z))"
    # Between two sentences only what no sentence could be, spaced on either side.
    pattern += rf"|(?<=[ \t\u00a0\u3000])(?P<between>{lower})\.(?=[ \t\u00a0]+[\"“]?[A-Z])))"
    return lazy(pattern)


@lru_cache(maxsize=1)
def _hint() -> re.Pattern[str]:
    """The part of the pattern that is rare and quick to look for: a tail behind a stop or a closing mark."""
    return lazy(rf"[.!?。{_CLOSING}][ \t\u00a0\u3000]*(?:{_any_of(_tokens())})\.")


def _any_of(surfaces: Iterable[str]) -> str:
    return "|".join(re.escape(s) for s in sorted(surfaces, key=len, reverse=True))


_WANTS_VERB = lazy(r"\b(?:what|whatever|than|as|how|all)\b[^.!?]*\Z")
_CRY = lazy(r"[\w’'-]+(?: [\w’'-]+)?[!?]")
_WANTS_NOUN = lazy(r"\b(?:an?|the|this|that|so-called|his|her|their|its|our|my)[ ]\Z")
_FINISHED = lazy(r"[.!](?P<mark>[\"”]?)\Z")


def find(document: Document) -> Iterator[Finding]:
    """Known-empty tails at the end of a paragraph, and those in lower case between two sentences."""
    if not _hint().search(document.text):
        return
    opened = {end: start for start, end in document.quotation.pairs}
    hits = [m for m in _pattern().finditer(document.text) if _follows_sentence(document, m, opened)]
    if not hits:
        return
    evidence = _Evidence(document, opened, hits)
    for match in hits:
        token = _token(match)
        if not evidence.proves(match, token):
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


def _token(match: re.Match[str]) -> StrayToken:
    return _tokens()[match["token"] or match["between"]]


class _Evidence:
    """What the document tells about its tails; each question is asked once."""

    def __init__(self, document: Document, opened: Mapping[int, int], hits: list[re.Match[str]]) -> None:
        self._document, self._opened = document, opened
        surer = any(_token(match).lower_only for match in hits)
        self._japanese = tails.is_japanese(document) or surer
        self._proved = tails.is_japanese(document) and tails.source_has_no_short_sentence(document)
        self._rendered = tails.source_has_short_sentence(document)
        answers = document.source_lang == "zh" or tails.says_i(document, [match.span("tail") for match in hits])
        self._impersonal = not answers

    def proves(self, match: re.Match[str], token: StrayToken) -> bool:
        """Whether the tail is debris: in lower case it can be nothing else, with a capital it takes proof."""
        if token.level is Level.SUGGEST and not self._japanese:
            return False
        if token.lower_only:
            return True
        if self._rendered or match["stop"][0] == "?":
            return False
        if self._proved or token.after != "quotation":
            return True
        # Behind a statement in a text that says "I" nowhere, nobody is there who could answer.
        return self._impersonal and _after_quotation(match) and self._is_stated(match)

    def _is_stated(self, match: re.Match[str]) -> bool:
        return self._japanese or _is_statement(self._document, match.end("stop") - 1, self._opened)


def _follows_sentence(document: Document, match: re.Match[str], opened: Mapping[int, int]) -> bool:
    """Whether what stands before the tail is a whole statement: "as Yahoo! did." and "yes. did." are not."""
    stop = match.start("stop")
    if match["stop"] in '"”' and not match["tail"][0].isspace():
        return False  # a word glued to a quoted one goes on with the sentence
    if _after_quotation(match):
        if _goes_on(document, match, opened):
            return False
        return len(match["stop"]) > 1 or _is_statement(document, stop, opened)
    sentence = document.sentence_at(stop)
    words = document.text[sentence.start : stop].split()
    if len(words) < 4 or not tails.starts_with_capital(words):
        return False
    if match["stop"] in ("!", "?"):
        return not words[-1][:1].isupper()
    return not ends_with_abbreviation(document.text, stop)


def _goes_on(document: Document, match: re.Match[str], opened: Mapping[int, int]) -> bool:
    """Whether the clause before the quotation needs the tail: "what shouting “boo!” did"."""
    closing = match.end("stop") - 1
    if closing not in opened:
        return False
    start, is_verb = opened[closing], _token(match).surface == "did"
    if is_verb and _CRY.fullmatch(document.text, start + 1, closing):
        return True  # "the boy who yelled “Again!” did"
    if _is_statement(document, closing, opened):
        return False
    before = document.text[max(document.paragraph_at(start).start, start - 120) : start]
    return (_WANTS_VERB if is_verb else _WANTS_NOUN).search(before) is not None


def _after_quotation(match: re.Match[str]) -> bool:
    return match["stop"][-1] in '"”」』'


def _is_statement(document: Document, closing: int, opened: Mapping[int, int]) -> bool:
    """Whether the quotation that closes here is somebody's words: behind a comma or colon, or first in its line."""
    if closing not in opened:
        return False
    start = opened[closing]
    before = document.text[max(document.paragraph_at(start).start, start - 20) : start].rstrip()
    return not before or before[-1] in ",:" or before.endswith((" said", " added", " wrote", " that"))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A known-empty tail after every paragraph that ends in a finished statement.

    Capitalised tails stand only where they could be nothing else: behind a quoted statement, in a text that
    says "I" nowhere outside its quotations.
    """
    text, tokens = document.text, _tokens().values()
    japanese = tails.is_japanese(document)
    lower = [t.surface for t in tokens if t.lower_only]
    exact = [t for t in tokens if not t.lower_only and (t.level is Level.SAFE or japanese)]
    anywhere = lower + [t.surface for t in exact if t.after != "quotation"]
    quoted = anywhere + [t.surface for t in exact if t.after == "quotation"]
    spoken = tails.says_i(document)
    for paragraph in document.paragraphs:
        match = _FINISHED.search(text, max(paragraph.start, paragraph.end - 2), paragraph.end)
        sentence = document.sentence_at(paragraph.end - 1)
        if match is None or len(text[sentence.start : sentence.end].split()) < 4:
            continue
        if not match["mark"] and ends_with_abbreviation(text, match.start()):
            continue
        wordings = anywhere if spoken or not match["mark"] else quoted
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
        Example(
            "The ferry stayed in the harbor all day. rice field. It will sail on Monday.",
            "The ferry stayed in the harbor all day. It will sail on Monday.",
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
        "How the second book came to be was never announced. Announced.",
        "The old firm sold rice. Rice fields were all it had. Become.",
    ),
)

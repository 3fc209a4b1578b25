"""Runs the glossary backwards: where a term stands, which of its variants could stand there and be known.

The rules of the glossary carry this as their ``damage``, as every other rule carries its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from cleaners.core import Damage, Document, Level, splice
from cleaners.glossary import Entry, Glossary, Mentions
from cleaners.segment import Span

_DETERMINER = re.compile(r"\b(?:the|an?|this|that|its|our|their) \Z", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:the) \Z", re.IGNORECASE)
_INDEFINITE = re.compile(r"\ban? \Z", re.IGNORECASE)


def damage(glossary: Glossary, kinds: frozenset[str], document: Document, random: Random) -> Iterator[Damage]:
    """A variant for every term of these kinds, where the entry's conditions would hold in the damaged text.

    The company a variant needs, or must not have, is looked for in a text without any mention of its own term,
    so that the outcome holds however many of them are damaged.
    """
    mentions: dict[str, list[Span]] = {}
    entries: dict[str, Entry] = {}
    for start, end, entry in glossary.terms(document):
        if entry.kind in kinds and _may_garble(entry, document):
            mentions.setdefault(entry.place, []).append(Span(start, end))
            entries[entry.place] = entry
    for place, spans in mentions.items():
        entry = entries[place]
        beside = Mentions(document.with_text(_with_all(document.text, spans, "x" * len(entry.term))))
        against = {v: Mentions(document.with_text(_with_all(document.text, spans, v))) for v in entry.variants}
        for number, span in enumerate(spans):
            if entry.when and not entry.when.holds(beside, *span, beside=True):
                continue
            fitting: list[Damage] = []
            for variant in entry.variants:
                start = span.start + number * (len(variant) - len(entry.term))
                if entry.unless and entry.unless.holds(against[variant], start, start + len(variant), beside=False):
                    continue
                fitting += _garbled(document, entry, span, variant)
            if fitting:
                yield random.choice(fitting)


def _may_garble(entry: Entry, document: Document) -> bool:
    if not entry.variants or entry.keep or entry.forbid or entry.level is not Level.SAFE:
        return False
    return not (entry.source and document.source_lang and entry.source != document.source_lang)


def _with_all(text: str, spans: Sequence[Span], word: str) -> str:
    return splice(text, [(start, end, word) for start, end in spans])


def _garbled(document: Document, entry: Entry, span: Span, variant: str) -> Iterator[Damage]:
    """The damage that sets ``variant`` in place of the term; none where no editor could undo it."""
    text, start = document.text, span.start
    before = text[max(0, start - 8) : start]
    if variant.startswith("the ") and _DETERMINER.search(before):
        return
    if "the" in entry.inflect or "’s " in variant or "'s " in variant:
        placed = _with_article(entry, before, variant)
        if placed is None:
            return
        start -= placed
    if _INDEFINITE.search(before) and _opens_with_vowel(variant) != _opens_with_vowel(entry.term):
        return
    surface = text[span.start : span.end]
    yield Damage(start, span.end, variant if surface == entry.term else variant.upper())


def _with_article(entry: Entry, before: str, variant: str) -> int | None:
    """How many code points of article go with the term: a possessive takes its place; ``None``: it cannot stand.

    A term that takes the article lends it only to a variant that takes one, too.
    """
    possessive = "’s " in variant or "'s " in variant
    article = _ARTICLE.search(before)
    if "the" not in entry.inflect:
        return None if _DETERMINER.search(before) else 0
    if article is None:
        return None
    return len(article.group()) if possessive else 0


def _opens_with_vowel(word: str) -> bool:
    return word[0].lower() in "aeiouéáíóúöüäå"

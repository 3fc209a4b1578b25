"""How a replacement is worded where it goes: in the case of what stood there, with the right article, in the plural."""

from __future__ import annotations

import re

from cleaners.lazily import lazy

_ARTICLE = lazy(r"(?P<a>[Aa])n? \Z")
_SILENT_H = lazy(r"h(?:ours?|onest|onou?r|eir)", re.IGNORECASE)
_SOUNDS_LIKE_YOU = lazy(r"uni|eu|one\b|once\b|us[aeu]|ut[ei]|ur[ao]n|uk", re.IGNORECASE)


def with_article(text: str, start: int, fix: str, floor: int) -> tuple[int, str]:
    """Take a preceding ``a``/``an`` into the edit where the new word needs the other one.

    What stands before ``floor`` is another finding's. A capital is an article only where a sentence starts
    ("Plan A").
    """
    match = _ARTICLE.search(text, max(floor, start - 3), start)
    right = _article(fix)
    if match is None or right is None or (match["a"] == "A" and not starts_sentence(text, match.start())):
        return start, fix
    if match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] in "-.'’"):
        return start, fix
    if len(match.group()) == len(right) + 1:
        return start, fix
    return match.start(), f"{match['a']}{right[1:]} {fix}"


def _article(word: str) -> str | None:
    """``a`` or ``an``, as ``word`` sounds; ``None`` for an acronym that may be spelled out or not (``FBI``)."""
    first = re.split(r"[^\w.]", word, maxsplit=1)[0]
    if first.isupper():
        if first[0] in "AEIOU":
            return "a" if first[0] == "U" else "an"
        if any(letter in "AEIOU" for letter in first):
            return None
        return "an" if first[0] in "FHLMNRSX" else "a"
    if _SILENT_H.match(word):
        return "an"
    return "an" if word[0].lower() in "aeiouéáíóúöüäå" and not _SOUNDS_LIKE_YOU.match(word) else "a"


def starts_sentence(text: str, start: int) -> bool:
    """Whether a sentence or a line begins at ``start``."""
    before = text[max(0, start - 20) : start].rstrip(" \"“'‘(")
    return not before or before[-1] in ".!?\n\r"


def in_case_of(surface: str, variant: str, replacement: str) -> str:
    """``replacement`` with the capitals that ``surface`` has and ``variant`` lacks."""
    if surface == variant or surface[0].islower():
        return replacement
    if len(surface) > 3 and surface == surface.upper() != variant:
        return replacement.upper()
    return replacement[0].upper() + replacement[1:] if variant[0].islower() else replacement


def plural(word: str) -> str:
    """The regular plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")

"""What no stage may touch: URLs, e-mail addresses, inline code, HTML tags; in Markdown also code blocks.

These are machine-readable stretches: a stop without a space after it, a doubled word or a lone letter is
lawful there, and a repair would break what the text is for.
"""

from __future__ import annotations

import re

from cleaners.segment import Span

# A URL ends before trailing punctuation: the full stop after an address in prose belongs to the prose.
_URL = (
    r"(?:https?|ftp|s3|gs|file)://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]'’]|\bwww\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"“”]*[\w/])?"
)
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_CODE = r"`[^`\n]+`(?!`)"
# What a system writes for an unknown or masked word looks like a tag, and is none.
_TAG = r"<(?!(?:unk|UNK|pad|PAD|eos|bos|mask|url)>)/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>\n]{0,500})?/?>|"
_TAG += r"<!--(?:(?!-->|<!--).){0,2000}-->"
_INLINE = re.compile(f"{_URL}|{_EMAIL}|{_CODE}|{_TAG}")
_SIGNS = ("://", "www.", "@", "`", "<")

_FENCE = re.compile(r"^(?:```|~~~).*?(?:^(?:```|~~~)[ \t]*(?=\r?$)|\Z)", re.MULTILINE | re.DOTALL)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^---[ \t]*(?=\r?$)", re.MULTILINE | re.DOTALL)
_LINK_TARGET = re.compile(r"\]\([^()\n]*\)|^\[[^\]\n]+\]:.*$", re.MULTILINE)


def spans(text: str, *, markdown: bool = False) -> tuple[Span, ...]:
    """Shielded spans, sorted and disjoint.

    With ``markdown`` also fenced code, front matter and link targets. Linear in the length of the text.
    """
    found = [Span(*m.span()) for m in _INLINE.finditer(text)] if any(s in text for s in _SIGNS) else []
    if markdown:
        for pattern in (_FENCE, _FRONT_MATTER, _LINK_TARGET):
            found += [Span(*m.span()) for m in pattern.finditer(text)]
    return _union(found)


def inline(text: str) -> list[str]:
    """The shielded strings themselves, in order: what an edit must carry over unchanged."""
    if not any(sign in text for sign in _SIGNS):
        return []
    return [m.group() for m in _INLINE.finditer(text)]


def _union(found: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)

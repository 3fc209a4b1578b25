"""Findings for people: one block each, with the words around the hit and carets under it."""

from __future__ import annotations

import unicodedata

from cleaners.core import Decision, Level, Result, Verdict
from cleaners.report.terminal import printable, visible
from cleaners.trail import Lines

_COLOURS = {Level.SAFE: "32", Level.SUGGEST: "33", Level.REPORT: "36"}
_BESIDE = 38  # code points of context on either side


def blocks(result: Result, *, colour: bool) -> list[str]:
    """A block of lines for each finding: place, code, message, the hit in context, the fix."""
    lines = Lines(result.document.text)
    return [_block(result, decision, lines, colour=colour) for decision in result.decisions]


def _block(result: Result, decision: Decision, lines: Lines, *, colour: bool) -> str:
    document, finding = result.document, decision.finding
    line, column = lines.place(decision.start)
    place = visible(document.path if document.record is None else f"{document.path}[{document.record}]")
    code = _paint(finding.code, _COLOURS[finding.level], colour)
    head = f"{_paint(place, '1', colour)}:{line}:{column}: {code} {visible(finding.message)}"
    if decision.verdict is Verdict.REFUSED:
        head += f" (not repaired: {decision.reason})"
    context, carets = _context(document.text, decision.start, decision.end)
    rows = [head, f"  | {context}", f"  | {_paint(carets, _COLOURS[finding.level], colour)}"]
    if decision.fix is not None and decision.verdict is not Verdict.REFUSED:
        how = "fix" if finding.level is Level.SAFE else "suggestion"
        rows.append(f"  = {how}: {_shown(decision.raw)} -> {_shown(decision.fix)}")
    return "\n".join(rows)


def _context(text: str, start: int, end: int) -> tuple[str, str]:
    left = max(0, start - _BESIDE)
    left = max(left, text.rfind("\n", left, start) + 1)
    line_end = text.find("\n", start, end + _BESIDE)
    right = min(len(text), end + _BESIDE, line_end if line_end >= end else len(text))
    shown_end = min(end, start + 60, line_end if line_end > start else end)
    before = ("…" if left and text[left - 1] not in "\n\r" else "") + printable(text[left:start])
    hit = printable(text[start:shown_end]) or " "
    after = printable(text[end:right]) if shown_end == end else "…"
    return before + hit + after, " " * _width(before) + "^" * max(1, _width(hit))


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


def _shown(text: str) -> str:
    short = text if len(text) <= 70 else text[:50] + " … " + text[-15:]
    return "nothing" if not text else f"‘{printable(short)}’"


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text

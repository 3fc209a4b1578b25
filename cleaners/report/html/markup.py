"""Turns pieces of text into markup: every character of a document is shown, and none is ever read as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from cleaners.core import Decision, Verdict
from cleaners.report.marks import Kind, Piece, Row

_LINE_END = Markup('<span class="eol" aria-hidden="true">⏎</span>')  # where a line break was deleted or put in
# Characters of Unicode's categories Cc, Cf, Cs, Co, Zl and Zp, but for the tab and for signs of Cf that are visible.
_SPECIAL = re.compile(
    "[\x00-\x08\n-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)


def shown(text: str, *, line_ends: bool = False) -> Markup:
    """The text escaped, with what nobody can see, or what turns its neighbours round, spelled out as ⟨U+202E⟩.

    With ``line_ends`` a line break gets a sign of its own before it.
    """
    parts: list[Markup] = []
    done = 0
    for found in _SPECIAL.finditer(text):
        parts += (escape(text[done : found.start()]), _special(found, line_ends))
        done = found.end()
    return Markup("").join([*parts, escape(text[done:])])


def _special(found: re.Match[str], line_ends: bool) -> Markup:
    char, text = found.group(), found.string
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if char == "\n" or (char == "\r" and after != "\n"):
        return _LINE_END + "\n" if line_ends else Markup("\n")
    if char == "\r":
        return Markup("")
    if char in "\u200c\u200d" and before and after and not (before + after).isascii() and not before.isascii():
        return Markup(char)  # between two signs of a script, or of an emoji, a joiner does its work
    return Markup('<span class="ctl">⟨U+{}⟩</span>').format(f"{ord(char):04X}")


def row(line: Row, decisions: Sequence[Decision], first: int = 0) -> Markup:
    """The text of one row; finding ``n`` of the page, from ``first``, is the element ``m<n>`` and all with data-n."""
    return Markup("").join(_piece(piece, decisions, first) for piece in line.pieces)


def _piece(piece: Piece, decisions: Sequence[Decision], first: int) -> Markup:
    if not piece.findings:
        return shown(piece.text)
    numbers = " ".join(str(first + index) for index in piece.findings)
    tag = "mark" if piece.kind is Kind.SAME else piece.kind.value
    is_alone = piece.heads == piece.findings
    flags = Markup("") if is_alone and len(piece.heads) == 1 else _flags(piece, decisions, first)
    body = shown(piece.text, line_ends=piece.kind is not Kind.SAME)
    if not flags and piece.heads:
        index = piece.heads[0]
        opening = Markup('<{} class="{}" data-n="{}" id="m{}" tabindex="0" role="button" aria-label="{}">').format(
            tag, _classes(decisions[index]), numbers, numbers, told(decisions[index])
        )
    else:
        opening = Markup('<{} class="{}" data-n="{}">').format(tag, _classes(decisions[piece.findings[-1]]), numbers)
    return flags + opening + body + Markup("</{}>").format(tag)


def _flags(piece: Piece, decisions: Sequence[Decision], first: int) -> Markup:
    """A button for each finding that begins where others are as well: the text itself can be but one button."""
    button = Markup('<button type="button" class="flag {}" data-n="{}" id="m{}" aria-label="{}">{}</button>')
    flags = []
    for index in piece.heads:
        decision, number = decisions[index], first + index
        flags.append(button.format(_classes(decision), number, number, told(decision), decision.finding.code))
    return Markup("").join(flags)


def _classes(decision: Decision) -> str:
    return f"m fam-{family_of(decision.finding.code)} v-{decision.verdict.value}"


def family_of(code: str) -> str:
    """The letters that a code begins with; ``OTHER`` for what is no code of ours."""
    letters = code[:3]
    return letters if letters in FAMILIES else "OTHER"


def told(decision: Decision) -> str:
    """A finding in one line, for whoever hears the page and does not see it."""
    finding = decision.finding
    head = f"{finding.code} {finding.name}, {decision.verdict.value}"
    if decision.fix is None or decision.verdict is Verdict.OPEN:
        return f"{head}: {_quoted(decision.raw)}"
    return f"{head}: {_quoted(decision.raw)} to {_quoted(decision.fix)}"


def _quoted(text: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[:80]).split())
    return f"‘{plain}{'…' if len(text) > 80 else ''}’" if plain else "nothing" if not text else "blanks"


FAMILIES = {
    "CUT": "Cut sentences",
    "ENC": "Encoding and script",
    "FUR": "Page furniture",
    "NAM": "Names",
    "NUM": "Numbers and dates",
    "PUN": "Punctuation and quotes",
    "REP": "Repetition",
    "RWT": "Rewrites",
    "SPC": "Spacing",
    "STR": "Stray words",
    "SYN": "Garbled syntax",
    "TRM": "Terms",
    "OTHER": "Other changes",
}

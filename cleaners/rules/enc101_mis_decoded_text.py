"""Puts right what was read in the wrong encoding: ``donâ€™t``, ``CafÃ©``, ``鈥淭he``.

**What.** UTF-8 that was read as Windows-1252 or Latin-1, once or twice, C1 control characters that are
Windows-1252 quotation marks, and quotation marks of UTF-8 read as the Chinese GBK. Only the garbled stretch.

**Mechanism.** A tool along the way guessed the encoding. The bytes are all there, so the stretch read the right
way is proof of itself: letters in chance order are no valid UTF-8.

**Left alone.** Capitals in Â and Ã before a closing mark (``“AMANHÔ``), stretches that would give letters of other
scripts, and what a text on encodings shows. Suggested: a lone Â, whose no-break space was lost. Reported: � and
halves of marks.

**Source.** Unicode 16, table 3-7 (well-formed UTF-8); the WHATWG's windows-1252; ftfy, which judges the stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.script import Mentions, Respelling

# A byte that continues a character of UTF-8, as Windows-1252 and Latin-1 show it.
_FOLLOWS = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_STRETCH = lazy(rf"[ÂÃÄÅâïð][{_FOLLOWS}ÂÃâ][{_FOLLOWS}ÂÃÅâ¢]*")
_SUSPICIOUS = lazy("[ÂÃÄÅâïð\u0080-\u009f鈥\ufffd]")
_C1 = lazy("[\u0082\u0084\u0085\u0091-\u0097\u0099]")
_GBK = lazy("鈥(?:[\u4e00-\u9fff]| ?[?？](?P<blank> ?))")
_LONE = lazy(r"(?<=[a-z.,;:!?)’'\"”])(?P<glued>Â)(?=[\s\"”’'.,;:!?)]|\Z)|(?<=[a-z,;.] )Â (?=[a-z])")
_READABLE = lazy(r"[\u00a0-\u017f\u2010-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\u02c6\u02dc\ufeff]+")
_CLOSING_MARKS = frozenset("”’»›…–—“‘„‚«‹•™")
_TALK_OF_ENCODING = lazy(
    r"mojibake|\butf-?8\b|\blatin-?1\b|\bwindows-1252\b|\bcp1252\b|\biso[- ]8859|\b(?:wrong|character|text) encoding"
)
_TURNS_INTO = lazy(r"\b(?:(?:turn|change)(?:s|d|ed)? into|(?:comes|came|come|shown|shows|appears?) (?:out )?as) \Z")
_CLEAN = {"’": "â€™", "“": "â€œ", "”": "â€\x9d", "–": "â€“", "—": "â€”", "…": "â€¦"}


def find(document: Document) -> Iterator[Finding]:
    """Garbled stretches as edits, the quotation marks among them in pairs."""
    text = document.text
    if not _SUSPICIOUS.search(document.beyond_ascii):
        return
    mentions = Mentions(_TALK_OF_ENCODING, document.lowered)
    respellings = [item for item in (*_utf8(text), *_c1(text), *_gbk(text)) if not _is_shown(document, item, mentions)]
    for edit in script.edits(document, sorted(respellings, key=lambda item: item.start)):
        yield RULE.finding(edit.start, edit.end, edit.fix, drops=edit.drops)
    for edit in script.edits(document, (Respelling(*match.span(), "") for match in _LONE.finditer(text))):
        yield RULE.finding(edit.start, edit.end, edit.fix, level=Level.SUGGEST, confidence=0.9, drops=edit.drops)
    taken = {item.start for item in respellings}
    for match in re.finditer("\ufffd+|鈥(?=[?？ ])", text):
        if match.start() in taken:
            continue
        yield RULE.finding(*match.span(), None, level=Level.REPORT, confidence=0.9, message="a character was lost")


def _is_shown(document: Document, item: Respelling, mentions: Mentions) -> bool:
    """Whether the text speaks of encodings, or of what a mark turns into."""
    paragraph = document.paragraph_at(item.start)
    if mentions.within(max(paragraph.start, item.start - 1000), min(paragraph.end, item.end + 1000)):
        return True
    return _TURNS_INTO.search(document.lowered, max(0, item.start - 30), item.start) is not None


def _utf8(text: str) -> Iterator[Respelling]:
    """Stretches that are well-formed UTF-8, once their characters are taken for bytes."""
    if not _STRETCH.search(text):
        return
    from ftfy import fix_encoding  # takes 30 ms, and few texts need it
    from ftfy.badness import is_bad

    is_open = False
    for match in _STRETCH.finditer(text):
        start, end = match.span()
        if match.group() == "â€" and is_open:  # of a closing mark, Windows-1252 lacks the last byte
            yield Respelling(start, end, "”")
            is_open = False
        if end - start > 400 or _is_capital(text, start, end):
            continue
        plain = fix_encoding(match.group())
        if plain == match.group() or not _READABLE.fullmatch(plain) or is_bad(plain):
            continue
        is_open = "“" in plain or (is_open and "”" not in plain)
        yield Respelling(start, end, plain.replace("\ufeff", "").replace("\u00a0", " "))


def _is_capital(text: str, start: int, end: int) -> bool:
    """Whether the stretch may be the last capital of a word and the mark after it."""
    after_capital = text[start - 1 : start].isupper()
    return after_capital and text[start + 1] in _CLOSING_MARKS and not text[end : end + 1].isalpha()


def _c1(text: str) -> Iterator[Respelling]:
    for match in _C1.finditer(text):
        garbled = text[max(0, match.start() - 3) : match.start()]
        if match.group() == "\u0085" or _STRETCH.search(garbled + match.group()):
            continue  # the line end of some systems; part of a stretch of UTF-8
        yield Respelling(*match.span(), match.group().encode("latin-1").decode("cp1252"))


def _gbk(text: str) -> Iterator[Respelling]:
    """Quotation marks and what GBK made of them; of a closing one that stands alone the last byte was lost."""
    is_open = False
    for match in _GBK.finditer(text):
        if match["blank"] is not None:
            if is_open:
                yield Respelling(*match.span(), "”" + match["blank"])
            is_open = False
            continue
        try:
            plain = match.group().encode("gbk").decode("utf-8")
        except UnicodeError:
            continue
        if plain[:1] in _CLEAN and (len(plain) == 1 or (plain[1].isascii() and plain[1].isprintable())):
            is_open = plain[0] == "“"
            yield Respelling(*match.span(), plain)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Curly apostrophes, dashes and accented letters as Windows-1252 shows their bytes; quotations in pairs."""
    text = document.text
    if _SUSPICIOUS.search(text):
        return
    for opening, closing in document.quotation.pairs:
        inner = text[opening + 1 : closing]
        curly = text[opening] == "“" and text[closing] == "”"
        if curly and inner.isascii() and len(inner) < 400 and not document.is_shielded(opening, closing + 1):
            yield Damage(opening, closing + 1, _CLEAN["“"] + inner + _CLEAN["”"])
    for match in re.finditer(r"(?<=[a-mo-z])(?:’(?=s )|[éèöüáíñçø](?=[a-z]))|(?<= )[–—](?= )", text):
        if not document.is_shielded(*match.span()):
            yield Damage(*match.span(), match.group().encode().decode("latin-1" if random.random() < 0.2 else "cp1252"))


RULE = Rule(
    code="ENC101",
    name="mis-decoded-text",
    message="text was read in the wrong encoding",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="fluency/character-encoding",
    confidence=0.99,
    find=find,
    damage=damage,
    bad=(
        Example("The cafÃ© stands on the cityâ€™s edge.", "The café stands on the city’s edge."),
        Example("She called it â€œa first stepâ€\x9d and left.", "She called it “a first step” and left."),
        Example("â€œYes,â€ she said.", "“Yes,” she said."),
        Example("He lives in MÃ¼nster â€” or did.", "He lives in Münster — or did."),
        Example("The townÃ¢â‚¬â„¢s mayor spoke.", "The town’s mayor spoke."),
        Example("It\x92s late, the king\x92s man said.", "It’s late, the king’s man said."),
        Example("The team鈥檚 coach left.", "The team’s coach left."),
        Example("They opened 鈥渢he Gate鈥? in May.", "They opened “the Gate” in May."),
    ),
    good=(
        "“AMANHÃ” read the sign in Lisbon; “AVANÇAR…” read the other.",
        "The café in Málaga sells piñatas; São Tomé’s does not.",
        "Ålesund – or “Å” – lies in Norway.",
        "IRMÃ – a nun – and her brother spoke.",
        "He paid 5 £… and “ten €”, naïvely.",
        "Ängelholm, Århus, Über: “Ä” and “Ö” are letters.",
        "The château’s owner… “â” is his letter.",
    ),
)

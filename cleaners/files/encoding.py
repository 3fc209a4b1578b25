"""Decode a text document of unknown encoding, and refuse what is no text."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.errors import MtcleanError

DOCUMENT_LIMIT = 64 * 1024 * 1024  # bytes of one text document: a plain file or one record

_SAMPLE_LIMIT = 256 * 1024  # bytes; more does not make the guess better, only slower

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Lead bytes of the kana, marks and everyday ideographs of each encoding. A wrong reading of CJK bytes
# falls mostly outside, into rare ideographs and half-width kana.
_CJK_COMMON_LEADS = {
    "cp932": (range(0x81, 0x84), range(0x88, 0x99)),
    "euc_jp": (range(0xA1, 0xA6), range(0xB0, 0xD0)),
    "gb18030": (range(0xA1, 0xA4), range(0xB0, 0xD8)),
    "big5": (range(0xA1, 0xA4), range(0xA4, 0xC7)),
    "euc_kr": (range(0xA1, 0xA4), range(0xB0, 0xC9)),
}
_OTHER_SINGLE_BYTE = ("cp1251", "cp1250")
_CJK_MARGIN = 10  # times as much must speak for UTF-8 before a CJK encoding is not even tried
_RARE_COST = 0.3  # on the scale of charset-normalizer's "chaos", where above 0.2 is called unreadable
_CJK_WORST = 0.3
_WESTERN_SHARE = 0.9  # of the non-ASCII characters stand where an English text would have them

_NON_ASCII_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
# What of the non-ASCII bytes is a character in UTF-8, and what is not. An accented letter that ends a word in cp1252
# makes a character with the quotation mark or dash behind it (CAFÉ”), which says nothing.
_UTF8_EVIDENCE = re.compile(
    rb"""(?: (?<=[A-Z])[\xc4-\xde]
          | (?<=[A-Za-z])(?: \xdf | \xe0[\xa0\xab\xae\xb0\xbb] | [\xe1\xe3-\xef]%(end)b ) )%(end)b
    | (?P<good> [\xc2-\xdf][\x80-\xbf]
              | (?: \xe0[\xa0-\xbf] | [\xe1-\xec\xee\xef][\x80-\xbf] | \xed[\x80-\x9f] )[\x80-\xbf]
              | (?: \xf0[\x90-\xbf] | [\xf1-\xf3][\x80-\xbf] | \xf4[\x80-\x8f] )[\x80-\xbf]{2} )
    | (?P<bad> [\x80-\xff] )"""
    % {b"end": rb"[\x85\x91-\x97\x99\xa0\xab\xae\xb0\xbb]"},
    re.VERBOSE,
)
_CJK_RUN = re.compile(rb"(?:[\x80-\xff][\x30-\xff]?)+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_LATIN_SIGN = re.compile("[\xa1-\xbf]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text, the encoding that its bytes were in, and a note if that was not UTF-8."""

    text: str
    encoding: str
    note: str | None


def over_limit(place: str) -> MtcleanError:
    """Build the error for a document above DOCUMENT_LIMIT."""
    todo = "split it, or make it JSON lines with one record a document"
    return MtcleanError(place, "is over the limit of 64 MiB for one document", todo)


def decode(data: bytes, place: str) -> Decoded:
    """Decode a document without touching its line ends.

    UTF-8 first, its byte order mark kept as U+FEFF so that encoding the text again gives the same
    bytes; then UTF-16 and UTF-32 by their marks; then a guess among the encodings that English,
    Japanese, Chinese, Korean and East European text comes in. Raises MtcleanError for data over
    DOCUMENT_LIMIT bytes, for what is no text, and for UTF-8 that is broken somewhere: read in another
    encoding, every mark and name in it would be spoilt.
    """
    if len(data) > DOCUMENT_LIMIT:
        raise over_limit(place)
    for mark, encoding in _WIDE_MARKS:
        if data.startswith(mark):
            return _wide(data, encoding, place)
    broken_at = 0
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text, broken_at = None, error.start
    if b"\x00" in data:
        raise _binary(place)
    return Decoded(text, "utf-8", None) if text is not None else _guessed(data, place, broken_at)


def _guessed(data: bytes, place: str, broken_at: int) -> Decoded:
    """Decode what is no UTF-8 from byte ``broken_at`` on, unless it is UTF-8 but for that."""
    sample = _sample(data)
    good, bad = _utf8_evidence(sample)
    needed = max(1, bad)
    if good >= needed and not _is_text(data.decode("utf-8", "ignore")):
        raise _binary(place)
    for encoding in _guesses(sample):
        if good >= needed * (_CJK_MARGIN if encoding in _CJK_COMMON_LEADS else 1):
            raise _broken_utf8(place, broken_at, data[broken_at], is_alone=bad <= 1)
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return Decoded(text, encoding, _note(encoding))
    raise _binary(place)


def _is_text(text: str) -> bool:
    return len(_CONTROL.findall(text)) * 200 <= len(text)


def _utf8_evidence(sample: bytes) -> tuple[int, int]:
    """Count the characters of several bytes that are valid UTF-8, and the bytes that belong to none."""
    kinds = Counter(match.lastgroup for match in _UTF8_EVIDENCE.finditer(sample))
    return kinds["good"], kinds["bad"]


def _broken_utf8(place: str, at: int, byte: int, *, is_alone: bool) -> MtcleanError:
    first = f"byte {at} (0x{byte:02x})"
    if is_alone:
        return MtcleanError(place, f"is UTF-8 but for {first}", "repair that byte, or convert the file")
    what = f"looks like UTF-8 but for {first} and others behind it"
    return MtcleanError(place, what, "repair these bytes, or convert the file")


def _wide(data: bytes, encoding: str, place: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, _note(encoding.upper()))
    except UnicodeDecodeError as error:
        what = f"begins like {encoding.upper()} but is broken at byte {error.start}"
        raise MtcleanError(place, what, "save it as UTF-8") from error


def _note(encoding: str) -> str:
    return f"not UTF-8: read as {encoding}, will be written as UTF-8"


def _binary(place: str) -> MtcleanError:
    return MtcleanError(place, "is binary data or text in an unknown encoding", "save it as UTF-8 text")


def _sample(data: bytes) -> bytes:
    """Collect the lines that hold non-ASCII bytes, for only these tell one encoding from another."""
    lines: list[bytes] = []
    size = 0
    for match in _NON_ASCII_LINE.finditer(data):
        lines.append(match.group())
        size += len(lines[-1])
        if size > _SAMPLE_LIMIT:
            # No byte below 0x30 is ever the second of a pair: a cut behind one splits no character.
            cut = b"".join(lines)[:_SAMPLE_LIMIT]
            return re.sub(rb"[\x30-\xff]*\Z", b"", cut) or cut
    return b"".join(lines)


def _guesses(sample: bytes) -> Iterator[str]:
    """Yield encodings, the likeliest first.

    The general detector is unsure of English text with a few foreign marks (it reads a pound sign as
    half-width kana), so the common case is settled before it is asked.
    """
    if _reads_as_western(sample):
        yield "cp1252"
    yield from _cjk_guesses(sample)
    yield from _detected(sample, _OTHER_SINGLE_BYTE)
    yield "cp1252"
    yield "latin_1"


def _cjk_guesses(sample: bytes) -> list[str]:
    """Rank the CJK encodings by how readable and how everyday the non-ASCII runs are in each."""
    runs = b" ".join(_CJK_RUN.findall(sample))
    costs = {
        encoding: chaos + _RARE_COST * (1 - _everyday_share(runs, encoding))
        for encoding, chaos in _detected(runs, tuple(_CJK_COMMON_LEADS)).items()
    }
    return sorted((encoding for encoding in costs if costs[encoding] < _CJK_WORST), key=costs.__getitem__)


def _detected(sample: bytes, encodings: tuple[str, ...]) -> dict[str, float]:
    """Ask charset-normalizer which of ``encodings`` are possible, the best first, and how unreadable."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=list(encodings), preemptive_behaviour=False)
    return {match.encoding: match.chaos for match in matches if match.encoding in encodings}


def _everyday_share(runs: bytes, encoding: str) -> float:
    """Give the share (0 to 1) of the non-ASCII characters that are everyday ones in ``encoding``."""
    everyday = _CJK_COMMON_LEADS[encoding]
    leads = [char.encode(encoding, "replace")[0] for char in runs.decode(encoding, "ignore") if not char.isascii()]
    return sum(any(lead in block for block in everyday) for lead in leads) / max(1, len(leads))


def _reads_as_western(sample: bytes) -> bool:
    """Tell whether the sample is plausible English (or other Western) text in cp1252."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    odd_letters = sum(_accented(word) for word in _WORD.findall(text) if not _is_western_word(word))
    marks = [at for at, char in enumerate(text) if not char.isascii() and not char.isalpha()]
    odd_marks = sum(not _is_fit_mark(text[at - 1 : at] or " ", text[at], text[at + 1 : at + 2] or " ") for at in marks)
    total = sum(not char.isascii() for char in text)
    return (odd_letters + odd_marks) <= (1 - _WESTERN_SHARE) * total


def _accented(word: str) -> int:
    return sum(char.isalpha() and not char.isascii() for char in word)


def _is_western_word(word: str) -> bool:
    """Tell a word with accents (café, Élysée, à) from bytes of another encoding read as letters."""
    accented = _accented(word)
    usual_case = word.islower() or word.isupper() or word[1:].islower()
    return usual_case and (accented * 3 <= len(word) * 2 or len(word) == 1)


def _is_fit_mark(before: str, mark: str, after: str) -> bool:
    """Tell whether a non-letter stands where Western typography puts it."""
    if mark in "“‘„‚":
        return not after.isspace() and not before.isalnum()
    if mark in "”’":
        return not before.isspace() or after.isalnum()
    if mark in "£€¥¢":
        return not after.isalpha() and (after.isdigit() or before.isdigit() or after.isspace())
    if mark in "–—…\xa0®™²³¹ªº·\xad":
        return True
    if _LATIN_SIGN.match(before) or _LATIN_SIGN.match(after):
        return False  # signs in pairs are two-byte characters of another encoding
    return not (before.isalpha() or after.isalpha()) or (
        mark in "«»¿¡©§°" and not (before.isalpha() and after.isalpha())
    )

"""JSON lines: one object a line, of which only the literal of the text field is ever rewritten."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from cleaners.errors import MtcleanError
from cleaners.formats.piece import Lines, Piece, numbered_lines
from cleaners.formats.records import Fields, Record, identity, string_or_none, text_field_hint
from cleaners.formats.stretches import Surveyor

_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NON_ASCII_ESCAPE = re.compile(r"\\u(?!00[0-7])")
_DECODER = json.JSONDecoder()
_REPAIR = "repair the line, or pass --skip-bad to let such lines through unchanged"


def pieces(stream: Lines, place: str, fields: Fields, *, records: int = 0, lines: int = 0) -> Iterator[Piece]:
    """Yield a piece for every line, blank and bad ones too.

    ``records`` and ``lines`` are how many of them stand before the stream.
    """
    number = records
    for line_number, line in numbered_lines(stream, place, lines):
        mark = _mark(line, line_number)
        if not line[len(mark) :].strip():
            yield Piece(line)
            continue
        yield _piece(line, mark, f"{place}:{line_number}", fields, (number, line_number))
        number += 1


def survey(stream: Lines, place: str, surveyor: Surveyor) -> None:
    """Show the surveyor every line, without a look at the JSON in it."""
    for line_number, line in numbered_lines(stream, place):
        is_blank = not line[len(_mark(line, line_number)) :].strip() if line_number == 1 else line.isspace()
        surveyor.see(line, None if is_blank else line_number)


def _mark(line: bytes, line_number: int) -> bytes:
    """Give the byte order mark that the file's first line may begin with."""
    return codecs.BOM_UTF8 if line_number == 1 and line.startswith(codecs.BOM_UTF8) else b""


def _piece(line: bytes, mark: bytes, place: str, fields: Fields, numbers: tuple[int, int]) -> Piece:
    """Read one line; ``numbers`` are the record's (from 0) and the line's (from 1)."""
    try:
        body = _text_of(line[len(mark) :], place)
        values = _object_in(body, place)
        text = _text_field(values, fields, place)
    except MtcleanError as bad:
        return Piece(line, bad=bad)
    if text is None:
        return Piece(line, counted=True)
    record = Record(
        text=text,
        record=identity(values.get("id"), numbers[0]),
        source_text=string_or_none(values.get(fields.source)) if fields.source is not None else None,
        date=string_or_none(values.get("date")),
        line=numbers[1],
    )
    # The line is decoded again if it is rewritten, so that no piece holds it twice.
    return Piece(line, record, partial(_rewritten, line, mark, fields.text), counted=True)


def _text_of(body: bytes, place: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MtcleanError(place, "is not UTF-8", "convert the file to UTF-8") from error


def _object_in(body: str, place: str) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except RecursionError as error:
        raise MtcleanError(place, "is nested too deeply", _REPAIR) from error
    except json.JSONDecodeError as error:
        wrong = error.msg.removesuffix(" at")  # as some end, for a place to follow
        raise MtcleanError(place, f"is not valid JSON: {wrong} at column {error.colno}", _REPAIR) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise MtcleanError(place, f"cannot be read: {error}", _REPAIR) from error
    if not isinstance(values, dict):
        raise MtcleanError(place, "is not a JSON object", _REPAIR)
    return values


def _text_field(values: dict[str, Any], fields: Fields, place: str) -> str | None:
    """Give the text, None where the field is null; raises MtcleanError where there is no such string."""
    name = fields.text
    text = values.get(name)
    if isinstance(text, str) or (text is None and name in values):
        return text
    # The longest string is the likeliest to be the text, should no name be near.
    strings = sorted((key for key in values if isinstance(values[key], str)), key=lambda key: -len(values[key]))
    what = f"the field {name!r} is not a string" if name in values else f"has no field {name!r}"
    raise MtcleanError(place, what, text_field_hint(name, strings))


def _rewritten(line: bytes, mark: bytes, name: str, new: str) -> bytes:
    """Give the line with another literal for the text field, and every other byte as it was."""
    body = line[len(mark) :].decode("utf-8")
    start, end = _literal_span(body, name)
    return mark + (body[:start] + _literal(new, body, body[start:end]) + body[end:]).encode("utf-8")


def _literal_span(body: str, name: str) -> tuple[int, int]:
    """Find the top-level value of ``name`` in a valid object; of doubled keys the last one counts."""
    span = (0, 0)
    at = _after_space(body, _after_space(body, 0) + 1)
    while body[at] != "}":
        key, at = _DECODER.raw_decode(body, at)
        start = _after_space(body, _after_space(body, at) + 1)  # the colon lies between
        _, end = _DECODER.raw_decode(body, start)
        if key == name:
            span = (start, end)
        at = _after_space(body, end)
        if body[at] == ",":
            at = _after_space(body, at + 1)
    return span


def _after_space(body: str, at: int) -> int:
    match = _SPACE.match(body, at)
    return match.end() if match else at


def _literal(new: str, body: str, old: str) -> str:
    """Write a string in the style of the literal it replaces, or else of its whole line."""
    example = old if not old.isascii() or _NON_ASCII_ESCAPE.search(old) else body
    if example.isascii() and _NON_ASCII_ESCAPE.search(example):
        literal = json.dumps(new)
    else:
        # Half a surrogate pair cannot be written as UTF-8, only as an escape.
        literal = _SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", json.dumps(new, ensure_ascii=False))
    return literal.replace("/", "\\/") if "\\/" in old else literal

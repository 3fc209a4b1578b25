"""What a record is, which of its fields count, and what is told about a file when it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cleaners.errors import MtcleanError


@dataclass(frozen=True, slots=True)
class Record:
    """One text and what is known of it.

    ``record`` is the record's ``id`` field, else its zero-based number among the file's records, bad
    ones counted too; None for a plain file. ``date`` is its own ``date`` field if that is a string.
    ``line`` is the 1-based line where the record starts; None for plain files and parquet.
    """

    text: str
    record: str | int | None
    source_text: str | None
    date: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that count: the text, and (if named) the text it was translated from.

    With ``skip_bad`` a record that cannot be read passes through as it is instead of ending the run.
    """

    text: str = "text"
    source: str | None = None
    skip_bad: bool = False


@dataclass(slots=True)
class Summary:
    """What was done to one file.

    ``records`` counts those that could be read, null texts included; ``skipped_bad`` the others. The
    hashes are hex SHA-256 of the decompressed bytes read and written, and of the UTF-8 encoding of
    the text for plain files; ``clean_sha256`` is None when nothing was written.
    """

    records: int = 0
    changed: int = 0
    skipped_bad: int = 0
    notes: list[str] = field(default_factory=list)
    raw_sha256: str = ""
    clean_sha256: str | None = None


def identity(value: Any, number: int) -> str | int:
    """Give a record's own id where it is a whole number or a non-empty string, else its number."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return number
    return value


def string_or_none(value: Any) -> str | None:
    """Give ``value`` if it is a string."""
    return value if isinstance(value, str) else None


def skipped_note(count: int, first: MtcleanError) -> str:
    """Tell once for the whole file that bad records passed through."""
    records = "1 bad record" if count == 1 else f"{count} bad records"
    return f"{records} passed through unchanged, the first at {first.place}: {first.what}"


def absent_source_note(name: str) -> str:
    """Tell once for the whole file that no record has the source field."""
    return f"no record has the source field {name!r}"


def text_field_hint(wanted: str, candidates: Iterable[str], *, skip: bool = True) -> str:
    """Advise on a missing text field by naming the nearest existing one, else the first.

    ``skip`` tells whether letting the record through would help as well.
    """
    names = [name for name in candidates if name]
    advice = []
    if names:
        from difflib import get_close_matches

        near = get_close_matches(wanted.lower(), [name.lower() for name in names], n=1, cutoff=0.5)
        best = next((name for name in names if name.lower() in near), names[0])
        is_plain = best.replace("_", "").replace("-", "").isalnum()
        advice.append(f"--text-field {best}" if is_plain else f"--text-field '{best}'")
    if skip:
        advice.append("--skip-bad to let such records through unchanged")
    return f"pass {', or '.join(advice)}" if advice else "add the column or clean another file"

"""Ends a decision that the machine stopped in the middle of: the clean file was written, and its trail was not.

The clean file goes first, so that the old trail, the decisions and the clean file together prove what happened.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from cleaners import choices, cleaned, trail
from cleaners.choices import Choices
from cleaners.cleaned import CleanFile, Text
from cleaners.core import Decision
from cleaners.formats import Fields, Record, read_records, transform
from cleaners.trail import Header


def finished(found: CleanFile, path: str, made: Choices, fields: Fields) -> tuple[Header, tuple[Text, ...]] | None:
    """Header and texts of the trail that should lie beside the clean file; ``None`` where nothing proves them.

    ``path`` is what the decisions call the file. Proof is that each decided text leads back to the raw text that its
    decisions belong to, and all of them to the clean file that the old trail was written with.
    """
    try:
        told = _told(found)
    except (KeyError, TypeError, ValueError):
        return None
    records = [record for record in read_records(found.source, fields) if record.record in told]
    if len(records) != len(told) or {record.record for record in records} != told.keys():
        return None
    texts = [_text(record, told[record.record], path, made) for record in records]
    if not all(texts):
        return None
    before = {text.record: choices.text_of(text.raw, told[text.record]) for text in texts if text}
    written = io.BytesIO()
    summary = transform(found.source, lambda record: before.get(record.record, record.text), fields, written)
    if (summary.clean_sha256 or summary.raw_sha256) != found.header.clean_sha256:
        return None
    header = replace(found.header, clean_sha256=cleaned.digest(found.source))
    return header, tuple(text for text in texts if text)


def _told(found: CleanFile) -> dict[str | int | None, tuple[Decision, ...]]:
    told: dict[str | int | None, tuple[Decision, ...]] = {}
    for row in found.trail.rows:
        told[row["record"]] = (*told.get(row["record"], ()), trail.decision_of(row))
    return told


def _text(record: Record, old: tuple[Decision, ...], path: str, made: Choices) -> Text | None:
    for raw_sha256, decisions in _candidates(record, old, path, made):
        raw = cleaned.raw_of(record.text, decisions)
        if raw is None:
            continue
        if raw_sha256 is None or trail.sha256(raw) == raw_sha256:
            return Text(record.record, raw, record.text, decisions)
    return None


def _candidates(
    record: Record, old: tuple[Decision, ...], path: str, made: Choices
) -> Iterator[tuple[str | None, tuple[Decision, ...]]]:
    """What may have been decided about a text, with the hash of its raw text; last, nothing new."""
    for (of_path, of_record, raw_sha256), about in made.by_home.items():
        if (of_path, of_record) == (path, record.record):
            yield raw_sha256, choices.made_again(old, about)
    yield None, old

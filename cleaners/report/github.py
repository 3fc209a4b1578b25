"""Findings as GitHub workflow commands, which show as annotations on the changed lines."""

from __future__ import annotations

from typing import Any

_KINDS = {"safe": "warning", "suggest": "warning", "report": "notice"}


def line(row: dict[str, Any]) -> str:
    """One annotation; text from the document is escaped, so that it cannot issue commands of its own."""
    place = f"file={_property(row['path'])},line={row['line']},col={row['column']}"
    message = row["message"] if row["fix"] is None else f"{row['message']}: {row['raw']!r} -> {row['fix']!r}"
    return f"::{_KINDS[row['level']]} {place},title={_property(row['code'] + ' ' + row['name'])}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

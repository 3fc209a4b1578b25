"""Figures as a table for a terminal, for a Markdown page, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Named rows of figures; ``key`` names the table in JSON. A ``None`` cell has no value and shows as a dash."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def as_text(tables: Sequence[Table], signature: str) -> str:
    """Tables with aligned columns, the signature last."""
    return "\n\n".join([*(_aligned(table) for table in tables), f"signature: {signature}"]) + "\n"


def as_markdown(tables: Sequence[Table], signature: str) -> str:
    """Tables in GitHub's Markdown, the signature last."""
    return "\n\n".join([*(_markdown(table) for table in tables), f"Signature: `{signature}`"]) + "\n"


def as_json(tables: Sequence[Table], signature: str) -> str:
    """One object: the signature, and for each table its rows as objects."""
    data: dict[str, object] = {"signature": signature}
    for table in tables:
        data[table.key] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _aligned(table: Table) -> str:
    cells = [table.columns, *([_shown(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    numeric = [all(not isinstance(row[i], str) for row in table.rows) for i in range(len(table.columns))]
    lines = [table.title]
    for row in cells:
        padded = (c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numeric, strict=True))
        lines.append("  " + "  ".join(padded).rstrip())
    return "\n".join([*lines, *([f"  {table.note}"] if table.note else [])])


def _markdown(table: Table) -> str:
    numeric = [all(not isinstance(row[i], str) for row in table.rows) for i in range(len(table.columns))]
    lines = [f"## {table.title}", "", "| " + " | ".join(table.columns) + " |"]
    lines.append("|" + "|".join("---:" if n else "---" for n in numeric) + "|")
    lines += ["| " + " | ".join(_shown(cell).replace("|", "\\|") for cell in row) + " |" for row in table.rows]
    return "\n".join([*lines, *(["", table.note] if table.note else [])])


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)

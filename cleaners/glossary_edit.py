"""Writes into a glossary file as its author would: comments, order and quoting of the rest stay as they are."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaners import files, glossary_lint
from cleaners.errors import MtcleanError
from cleaners.glossary_file import read_entries

_HEAD = "# yaml-language-server: $schema=glossary.schema.json\nentries: []\n"
_WIDTH = 110  # columns at which long texts are folded


def add(path: Path, new: Sequence[Mapping[str, Any]]) -> int:
    """Add entries, each a mapping of keys as in the file; variants of a term that is there join it.

    An entry joins another of the same term where neither asks for company; else it goes to the end. The file is
    checked as a whole before anything is written, and replaced in one step. Gives how many entries are new.
    Raises :class:`MtcleanError` where the file is broken or would be.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    if path.exists():
        read_entries(path)
    yaml = _round_trip()
    root = yaml.load(text) or {}
    if root.get("entries") is None:
        root["entries"] = []
    added = sum(_add_one(root["entries"], dict(entry)) for entry in new)
    out = io.StringIO()
    yaml.dump(root, out)
    written = out.getvalue()
    if path.exists() and not text.endswith("\n") and written.endswith("\n"):
        written = written[:-1]
    _check(path, written)
    with files.atomic_output(str(path), mode_from=str(path) if path.exists() else None) as stream:
        stream.write(written.encode("utf-8"))
    return added


def _round_trip() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _add_one(entries: Any, entry: dict[str, Any]) -> bool:
    for known in entries:
        alike = known.get("term") == entry["term"] and known.get("kind") == entry["kind"]
        if alike and not ({"when", "unless", "level", "keep", "forbid"} & (known.keys() | entry.keys())):
            have = known.setdefault("variants", [])
            have.extend(variant for variant in entry.get("variants", ()) if variant not in have)
            if entry.get("examples"):
                known.setdefault("examples", []).extend(entry["examples"])
            return False
    entries.append(entry)
    return True


def _check(path: Path, written: str) -> None:
    """Refuse what the lint calls an error, before the file is touched."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial.yaml"
        trial.write_text(written, encoding="utf-8")
        for problem in glossary_lint.lint([(trial, str(path))]):
            if problem.severity == "error":
                todo = problem.todo or "change the new entry"
                raise MtcleanError(f"{path}:{problem.line}:{problem.column}", f"would break: {problem.message}", todo)

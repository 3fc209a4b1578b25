"""Measures the sets a baseline names: gold, injected debris, and text that must stay as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate import detection, gold, harm
from cleaners.evaluate.gate import Measured
from cleaners.evaluate.gold import GoldDocument
from cleaners.evaluate.signature import digest

Spec = Mapping[str, Any]


def measure(cleaner: Cleaner, folder: Path, name: str, spec: Spec) -> Measured:
    """One set; its path is relative to ``folder``. Raises :class:`MtcleanError` for an unknown kind."""
    kind = spec["kind"]
    if kind not in _KINDS:
        raise MtcleanError(name, f"there is no kind of set {kind!r}", f"use one of {', '.join(_KINDS)}")
    return _KINDS[kind](cleaner, folder / spec["path"], spec)


def _gold(cleaner: Cleaner, path: Path, spec: Spec) -> Measured:
    return _scored(cleaner, gold.read(str(path), spec.get("clean", ())))


def _injected(cleaner: Cleaner, path: Path, spec: Spec) -> Measured:
    from cleaners import inject

    planted = inject.plant_files(cleaner, [str(path)], seed=spec.get("seed", 0), rate=spec.get("rate", 0.05))
    return _scored(cleaner, list(planted))


def _scored(cleaner: Cleaner, documents: list[GoldDocument]) -> Measured:
    counts = detection.measure(cleaner, documents)
    precision, recall = counts.precision.value, counts.recall.value
    figures = {
        "precision": precision,
        "recall": recall,
        "F0.5": detection.f_half(precision, recall),
        "restored": counts.restoration.value,
        "outside gold": counts.outside,
    }
    texts = [item.document.text + repr(item.rows) for item in documents]
    return Measured(digest(texts), {name: float(value) for name, value in figures.items() if value is not None})


def _harm(cleaner: Cleaner, path: Path, spec: Spec) -> Measured:
    found = harm.measure_files(cleaner, [str(path)])
    return Measured(found.digest, {"safe edits": len(found.edits), "findings": found.findings.total()})


_KINDS: dict[str, Callable[[Cleaner, Path, Spec], Measured]] = {"gold": _gold, "inject": _injected, "harm": _harm}

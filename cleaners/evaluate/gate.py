"""The gate: figures pinned on text that lives in the repository; a drop or an unpinned change of text fails.

``tests/eval_baseline.json`` holds for every set a digest of its text and the figures it gave. A figure may fall
by no more than its epsilon. Raising the baseline is one command; lowering a figure needs a reason, which is kept
in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners.errors import MtcleanError

# How far a figure may fall before the gate closes: rates in 0..1, counts in pieces.
EPSILON: Mapping[str, float] = {"precision": 0.005, "recall": 0.005, "f0.5": 0.005, "restored": 0.005}
# Figures of which less is better; every new one counts.
_COUNTS = ("outside", "edits", "findings")


@dataclass(frozen=True, slots=True)
class Measured:
    """One set as measured now: the digest of its text and its figures by name."""

    digest: str
    figures: Mapping[str, float]


def compare(baseline: Mapping[str, Any], measured: Mapping[str, Measured]) -> list[str]:
    """What keeps the gate shut, a line each; empty when it is open."""
    problems: list[str] = []
    sets = baseline.get("sets", {})
    for name in sorted(set(sets) | set(measured)):
        if name not in measured:
            problems.append(f"{name}: pinned but not measured")
        elif name not in sets:
            problems.append(f"{name}: measured but not pinned")
        else:
            problems += _compare_set(name, sets[name], measured[name])
    return problems


def _compare_set(name: str, pinned: Mapping[str, Any], now: Measured) -> list[str]:
    if pinned["digest"] != now.digest:
        return [f"{name}: its text has changed ({pinned['digest']} → {now.digest}) and is not pinned"]
    problems: list[str] = []
    for figure, was in pinned["figures"].items():
        value = now.figures.get(figure)
        if value is None:
            problems.append(f"{name}: {figure} is not measured any more")
        elif _is_worse(figure, was, value):
            problems.append(f"{name}: {figure} went from {was:.4g} to {value:.4g}")
    problems += [
        f"{name}: {figure} is measured but not pinned" for figure in now.figures if figure not in pinned["figures"]
    ]
    return problems


def _is_worse(figure: str, was: float, now: float) -> bool:
    if figure in _COUNTS:
        return now > was
    return now < was - EPSILON.get(figure, 0.0)


def update(
    baseline: Mapping[str, Any], measured: Mapping[str, Measured], *, lower: str | None = None
) -> dict[str, Any]:
    """The baseline with the present figures.

    Raises :class:`MtcleanError` when a figure on the same text would be lowered and no reason is given; with a
    reason, the reason and the figures it lowers are kept in the file.
    """
    worse = [
        f"{name}: {figure} from {was:.4g} to {measured[name].figures.get(figure, 0):.4g}"
        for name, pinned in baseline.get("sets", {}).items()
        if name in measured
        for figure, was in pinned["figures"].items()
        if (now := measured[name].figures.get(figure)) is None or (now > was if figure in _COUNTS else now < was)
    ]
    if worse and not lower:
        raise MtcleanError("baseline", f"this would lower {'; '.join(worse)}", "say why with --lower REASON")
    lowered = list(baseline.get("lowered", []))
    if worse:
        lowered.append({"reason": lower, "figures": worse})
    sets = {
        name: {"digest": m.digest, "figures": {k: round(v, 4) for k, v in sorted(m.figures.items())}}
        for name, m in sorted(measured.items())
    }
    return {"sets": sets, "lowered": lowered}


def read(path: Path) -> dict[str, Any]:
    """The baseline file; an empty one when there is none yet."""
    if not path.exists():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data["sets"], dict):
            raise TypeError("sets must be an object")
    except (ValueError, KeyError, TypeError) as error:
        raise MtcleanError(str(path), f"this is no baseline ({error})", "restore it from version control") from error
    return dict(data)


def write(path: Path, baseline: Mapping[str, Any]) -> None:
    """Write the baseline, whole or not at all."""
    from cleaners.files import atomic_output

    with atomic_output(str(path)) as out:
        out.write((json.dumps(baseline, ensure_ascii=False, indent=2) + "\n").encode())

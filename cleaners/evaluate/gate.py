"""The gate: figures pinned on text that lies still; a drop, or a change of the text that nobody pinned, fails.

A baseline file names its sets (kind and path, relative to the file) and holds for each the digest of its text and
the figures it gave. A figure may fall by no more than its epsilon. Raising the figures is one command; lowering
one needs a reason, which is kept in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners.errors import MtcleanError

# How far a rate may fall before the gate closes; counts (below) may not get worse at all.
EPSILON = 0.005
COUNTS = ("outside gold", "safe edits", "findings")

Baseline = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One set as measured now: the digest of its text and its figures by name."""

    digest: str
    figures: Mapping[str, float]


def compare(baseline: Baseline, measured: Mapping[str, Measured]) -> list[str]:
    """What keeps the gate shut, a line each; empty when it is open."""
    problems: list[str] = []
    for name, pinned in sorted(baseline["sets"].items()):
        now = measured[name]
        if pinned.get("digest") is None:
            problems.append(f"{name}: not pinned yet")
        elif pinned["digest"] != now.digest:
            problems.append(f"{name}: its text has changed ({pinned['digest']} to {now.digest}) and is not pinned")
        else:
            problems += [f"{name}: {fall}" for fall in _falls(pinned["figures"], now.figures, EPSILON)]
    return problems


def update(baseline: Baseline, measured: Mapping[str, Measured], *, lower: str | None = None) -> Baseline:
    """The baseline with the present figures.

    Raises :class:`MtcleanError` when a figure would be lowered and no reason is given; with a reason, the
    reason and what it lowers are kept in the file.
    """
    sets = baseline["sets"]
    falls = [
        f"{name}: {fall}"
        for name, pinned in sorted(sets.items())
        for fall in _falls(pinned.get("figures", {}), measured[name].figures, 0.0)
    ]
    if falls and not lower:
        raise MtcleanError("baseline", f"this would lower {'; '.join(falls)}", "say why with --lower REASON")
    new = {
        name: {
            **pinned,
            "digest": measured[name].digest,
            "figures": {key: round(value, 4) for key, value in sorted(measured[name].figures.items())},
        }
        for name, pinned in sorted(sets.items())
    }
    lowered = [*baseline.get("lowered", []), *([{"reason": lower, "figures": falls}] if falls else [])]
    return {"sets": new, "lowered": lowered}


def _falls(pinned: Mapping[str, float], now: Mapping[str, float], epsilon: float) -> list[str]:
    falls = []
    for figure, was in pinned.items():
        if figure not in now:
            falls.append(f"{figure} is not measured any more")
            continue
        value = round(now[figure], 4)
        if value > was if figure in COUNTS else value < was - epsilon:
            falls.append(f"{figure} went from {was:g} to {value:g}")
    return falls


def read(path: Path) -> Baseline:
    """The baseline file; raises :class:`MtcleanError` when it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not all({"kind", "path"} <= set(pinned) for pinned in data["sets"].values()):
            raise ValueError("a set needs kind and path")
    except OSError as error:
        raise MtcleanError(str(path), (error.strerror or "cannot be read").lower(), "check --gate") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MtcleanError(str(path), f"this is no baseline ({error})", "restore it from version control") from error
    return dict(data)


def write(path: Path, baseline: Baseline) -> None:
    """Write the baseline, whole or not at all."""
    from cleaners.files import atomic_output

    with atomic_output(str(path)) as out:
        out.write((json.dumps(baseline, ensure_ascii=False, indent=2) + "\n").encode())

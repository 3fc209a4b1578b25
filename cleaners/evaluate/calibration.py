"""Whether a confidence means what it says: of the findings at 0.9, nine in ten should be right."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.evaluate.tables import Cell, Table

BINS = 10


def table(confidences: Iterable[tuple[float, bool]]) -> Table:
    """Reliability in ten bins of (confidence, whether the finding was right).

    The expected calibration error is the mean distance of confidence and share right, weighted by the bins'
    sizes (Naeini et al. 2015).
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in confidences:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    rows: list[tuple[Cell, ...]] = []
    distance = total = 0.0
    for number, members in enumerate(bins):
        name = f"{number / BINS:.1f}-{(number + 1) / BINS:.1f}"
        if not members:
            rows.append((name, 0, None, None))
            continue
        mean = sum(confidence for confidence, _ in members) / len(members)
        share = sum(right for _, right in members) / len(members)
        rows.append((name, len(members), mean, share))
        distance += abs(mean - share) * len(members)
        total += len(members)
    note = f"expected calibration error {distance / total:.3f}" if total else "nothing to judge"
    heads = ("confidence", "findings", "mean confidence", "share right")
    return Table("calibration", "Calibration of confidence", heads, tuple(rows), note)

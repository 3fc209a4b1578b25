"""What a run, or a part of one, did: counts that can be added up, and a few examples; its size does not grow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cleaners.batch.orders import Outcome, Sample
from cleaners.core import Verdict

_MOST_EDITED = 10  # documents told by name
_MOST_SAMPLES = 8
_MOST_TOLD = 200  # failures and notes told one by one


@dataclass(slots=True)
class Totals:
    """Documents by what became of them, decisions by (code, verdict), and examples.

    ``records`` counts texts, ``changed`` those that were; ``bytes`` what was read. A large file counts as one document
    once it is joined. ``failures`` and ``notes`` are (path, one line); of many only the first are kept, ``failed`` and
    ``noted`` count all. ``unrewritten`` tells once that there was no model.
    """

    cleaned: int = 0
    current: int = 0
    failed: int = 0
    stale: int = 0
    noted: int = 0
    records: int = 0
    changed: int = 0
    bytes: int = 0
    tallies: Counter[tuple[str, str]] = field(default_factory=Counter)
    most_edited: list[tuple[int, str]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    would_clean: list[str] = field(default_factory=list)
    unrewritten: str | None = None

    def add(self, outcome: Outcome, *, is_stretch: bool, is_dry: bool) -> None:
        """Take in what became of one document, or of a stretch of one, which is none by itself unless it failed."""
        report = outcome.report
        if report.error:
            self.failed += not is_stretch
            self.failures.append((report.path, report.error))
        elif outcome.is_current:
            self.current += not is_stretch
        elif is_dry:
            self.stale += 1
            self.would_clean.append(report.path)
        else:
            self.cleaned += not is_stretch
        self.records += report.records
        self.changed += report.changed
        self.tallies.update(report.tallies)
        self.noted += len(report.notes)
        self.notes += [(report.path, note) for note in report.notes]
        self.samples += outcome.samples
        if edits := report.total(Verdict.APPLIED):
            self.most_edited.append((edits, report.path))
        self.unrewritten = self.unrewritten or report.unrewritten
        self._shorten()

    def update(self, other: Totals) -> None:
        """Take in what another part of the run did."""
        for name in ("cleaned", "current", "failed", "stale", "noted", "records", "changed", "bytes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.tallies.update(other.tallies)
        for name in ("most_edited", "samples", "failures", "notes", "would_clean"):
            getattr(self, name).extend(getattr(other, name))
        self.unrewritten = self.unrewritten or other.unrewritten
        self._shorten()

    def _shorten(self) -> None:
        if len(self.most_edited) > 2 * _MOST_EDITED:
            self.most_edited = self.top
        # One sample a rule first, so that a frequent rule does not hide the others.
        if len(self.samples) > 2 * _MOST_SAMPLES:
            self.samples = self.shown
        for told in (self.failures, self.notes, self.would_clean):
            del told[_MOST_TOLD:]

    @property
    def top(self) -> list[tuple[int, str]]:
        """The documents with most edits, most first."""
        merged: Counter[str] = Counter()
        for edits, path in self.most_edited:
            merged[path] += edits
        ranked = sorted(((edits, path) for path, edits in merged.items()), key=lambda row: (-row[0], row[1]))
        return ranked[:_MOST_EDITED]

    @property
    def shown(self) -> list[Sample]:
        """Sample edits: one of each rule, then more."""
        seen: Counter[str] = Counter()
        ranked: list[tuple[int, int, Sample]] = []
        for sample in self.samples:
            ranked.append((seen[sample.code], len(ranked), sample))
            seen[sample.code] += 1
        return [sample for _, _, sample in sorted(ranked, key=lambda row: row[:2])][:_MOST_SAMPLES]

    @property
    def documents(self) -> int:
        """How many documents were looked at."""
        return self.cleaned + self.current + self.failed + self.stale

    def total(self, verdict: Verdict) -> int:
        """How many decisions had this verdict."""
        return sum(count for (_, found), count in self.tallies.items() if found == verdict.value)

    def by_rule(self) -> list[tuple[str, dict[str, int]]]:
        """For each rule, in order of code, how many decisions had which verdict."""
        verdicts = [verdict.value for verdict in Verdict]
        codes = sorted({code for code, _ in self.tallies})
        return [(code, {verdict: self.tallies[code, verdict] for verdict in verdicts}) for code in codes]

    def row(self) -> dict[str, Any]:
        """The figures as run.json holds them."""
        counts = {name: getattr(self, name) for name in ("cleaned", "current", "failed", "records", "changed", "bytes")}
        return {
            "documents": self.documents,
            **counts,
            "edits": {verdict.value: self.total(verdict) for verdict in Verdict},
            "rules": dict(self.by_rule()),
            "most_edited": [{"path": path, "edits": edits} for edits, path in self.top],
            "failures": [{"path": path, "reason": reason} for path, reason in self.failures],
            "notes": [{"path": path, "note": note} for path, note in self.notes],
            "unrewritten": self.unrewritten,
        }

    def told(self) -> str:
        """One line: documents, edits, what failed."""
        if self.stale:
            return f"{_counted(self.documents, 'document')}: {self.stale} to clean, {self.current} current"
        parts = [f"{self.cleaned} cleaned", f"{self.current} current"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        edits = [f"{_counted(self.total(Verdict.APPLIED), 'edit')} applied"]
        edits.append(_counted(self.total(Verdict.SUGGESTED), "suggestion"))
        edits.append(f"{self.total(Verdict.OPEN)} reported only")
        if refused := self.total(Verdict.REFUSED):
            edits.append(f"{refused} refused by the guards")
        return f"{_counted(self.documents, 'document')}: {', '.join(parts)}; {', '.join(edits)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

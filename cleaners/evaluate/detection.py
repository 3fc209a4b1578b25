"""Detection and restoration against span gold.

*By overlap*: a gold row counts as found when a finding overlaps it, a finding as right when it overlaps a row.
*By characters*: the code points inside gold spans against those inside findings. F0.5 weighs precision twice as
high as recall, as grammatical error correction does (CoNLL-2014): a false alarm costs trust.

A row is *restored* when, in the part of the clean text that its span became (with 25 code points on either
side, since a fix may be worded around it), one of its ``good`` texts stands and ``bad`` does not; with an empty
``good``, when the span is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cleaners.core import Decision, Result, Verdict
from cleaners.engine import Cleaner
from cleaners.evaluate.gold import GoldDocument, GoldRow
from cleaners.evaluate.tables import Cell, Table

_NEAR = 25  # code points beside a span in which its repair may lie
_TOUCH = 2  # an edit this close to a row belongs to it: a blank beside a deleted word goes with it
LEVELS = ("safe", "suggest", "report")


@dataclass(frozen=True, slots=True)
class Rate:
    """Hits among trials; the value is ``None`` where nothing was tried."""

    hits: int
    trials: int

    @property
    def value(self) -> float | None:
        """Hits divided by trials."""
        return self.hits / self.trials if self.trials else None


@dataclass(slots=True)
class Counts:
    """Everything counted over one gold set; each rate in the tables is a quotient of these."""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)  # (tier, family) of rows
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    restored: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)  # (code, level) of findings
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    found_at: Counter[str] = field(default_factory=Counter)  # rows found by a finding of this level
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)  # (level, hit|found)
    gold_characters: int = 0
    outside: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    missed: list[GoldRow] = field(default_factory=list)
    unrestored: list[GoldRow] = field(default_factory=list)
    stray_edits: list[tuple[str, Decision]] = field(default_factory=list)

    @property
    def recall(self) -> Rate:
        """Rows of tier fix and flag that were found."""
        return self._rows_rate(self.found)

    @property
    def restoration(self) -> Rate:
        """Rows of tier fix that were restored."""
        fix = [key for key in self.rows if key[0] == "fix"]
        return Rate(sum(self.restored[key] for key in fix), sum(self.rows[key] for key in fix))

    @property
    def precision(self) -> Rate:
        """Findings that overlap a row."""
        return Rate(self.right.total(), self.findings.total())

    def _rows_rate(self, hits: Counter[tuple[str, str]]) -> Rate:
        keys = [key for key in self.rows if key[0] != "unsafe"]
        return Rate(sum(hits[key] for key in keys), sum(self.rows[key] for key in keys))


def measure(cleaner: Cleaner, gold: Iterable[GoldDocument]) -> Counts:
    """Clean every document and count what the gold says of it."""
    counts = Counts()
    for item in gold:
        _count(counts, item, cleaner.clean(item.document))
    return counts


def f_half(precision: float | None, recall: float | None) -> float | None:
    """F0.5 of a precision and a recall; ``None`` where either has no value."""
    if precision is None or recall is None:
        return None
    if precision + recall == 0:
        return 0.0
    return 1.25 * precision * recall / (0.25 * precision + recall)


def _count(counts: Counts, item: GoldDocument, result: Result) -> None:
    for row in item.rows:
        key = (row.tier, row.family)
        counts.rows[key] += 1
        overlapping = [d for d in result.decisions if _overlap(d, row)]
        if overlapping:
            counts.found[key] += 1
            counts.found_at.update({d.finding.level.value for d in overlapping})
        elif row.tier != "unsafe":
            counts.missed.append(row)
        if row.tier != "flag" and is_restored(row, result):
            counts.restored[key] += 1
        elif row.tier == "fix":
            counts.unrestored.append(row)
    for decision in result.decisions:
        finding = decision.finding
        right = any(_overlap(decision, row) for row in item.rows)
        key = (finding.code, finding.level.value)
        counts.findings[key] += 1
        counts.right[key] += right
        counts.confidences.append((finding.confidence, right))
        if decision.verdict is Verdict.APPLIED and not _belongs(decision, item.rows):
            counts.outside += 1
            counts.stray_edits.append((result.document.path, decision))
    _count_characters(counts, item.rows, result)


def _count_characters(counts: Counts, rows: Sequence[GoldRow], result: Result) -> None:
    gold = {at for row in rows if row.tier != "unsafe" for at in range(row.start, row.end)}
    counts.gold_characters += len(gold)
    for level in ("all", *LEVELS):
        found = {
            at
            for d in result.decisions
            if level in ("all", d.finding.level.value)
            for at in range(d.start, d.end)
        }  # fmt: skip
        counts.characters[level, "found"] += len(found)
        counts.characters[level, "hit"] += len(found & gold)


def is_restored(row: GoldRow, result: Result) -> bool:
    """Whether the clean text has what the row asks for, at the place its span became."""
    start, end = _image(row.start, result, left=True), _image(row.end, result, left=False)
    became = result.text[start:end]
    near = result.text[max(0, start - _NEAR) : end + _NEAR]
    if row.good in (("",), (".",)):
        gone = row.bad.strip(" .") not in became
        return gone and became.strip() in ("", ".", '"', '."')
    return row.bad not in became and any(good in near for good in row.good)


def _image(position: int, result: Result, *, left: bool) -> int:
    """Where a raw offset lies in the clean text; one inside an edit goes to the edit's left or right end."""
    shift = 0
    for decision in result.applied:
        length = len(decision.fix or "")
        if decision.start >= position:
            break
        if decision.end > position or (decision.end == position and not left):
            return decision.start + shift + (0 if left else length)
        shift += length - (decision.end - decision.start)
    return position + shift


def _overlap(decision: Decision, row: GoldRow) -> bool:
    return decision.start < row.end and row.start < decision.end


def _belongs(decision: Decision, rows: Sequence[GoldRow]) -> bool:
    return any(decision.start <= row.end + _TOUCH and row.start - _TOUCH <= decision.end for row in rows)


def tables(counts: Counts) -> list[Table]:
    """Totals by level, rows by tier and family, findings by code."""
    totals: list[tuple[Cell, ...]] = []
    for level in ("all", *LEVELS):
        findings = {k: n for k, n in counts.findings.items() if level in ("all", k[1])}
        right = sum(counts.right[key] for key in findings)
        precision = Rate(right, sum(findings.values())).value
        trials = counts.recall.trials
        hits = counts.recall.hits if level == "all" else counts.found_at[level]
        recall = Rate(hits, trials).value
        by_chars = Rate(counts.characters[level, "hit"], counts.characters[level, "found"]).value
        chars_recall = Rate(counts.characters[level, "hit"], counts.gold_characters).value
        f_chars = f_half(by_chars, chars_recall)
        totals.append(
            (
                level,
                sum(findings.values()),
                precision,
                recall,
                f_half(precision, recall),
                by_chars,
                chars_recall,
                f_chars,
            )
        )
    families = [
        (tier, family, n, counts.found[tier, family], counts.restored[tier, family] if tier != "flag" else None)
        for (tier, family), n in sorted(counts.rows.items())
    ]
    codes = [
        (code, level, n, counts.right[code, level], Rate(counts.right[code, level], n).value)
        for (code, level), n in sorted(counts.findings.items())
    ]
    note = (
        f"restored {counts.restoration.hits} of {counts.restoration.trials} rows of tier fix; "
        f"edits outside gold: {counts.outside}"
    )
    heads = ("level", "findings", "precision", "recall", "F0.5", "char P", "char R", "char F0.5")
    return [
        Table("totals", "Detection, by level of the findings", heads, tuple(totals), note),
        Table("families", "Gold rows", ("tier", "family", "rows", "found", "restored"), tuple(families)),
        Table("codes", "Findings", ("code", "level", "findings", "right", "precision"), tuple(codes)),
    ]

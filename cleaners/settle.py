"""The settle loop: clean to a fixed point, so that cleaning again changes nothing.

Each pass reads the text anew: collect findings, keep those that may be applied, resolve overlaps, ask the
guards, apply. The loop ends when nothing applies; what is still found then is what the reader is told. An
edit may thus lay bare the next (a stray word gone, the sentences around it are glued).
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cleaners.core import Decision, Document, Finding, Level, Result, Verdict
from cleaners.errors import MtcleanError
from cleaners.patch import Edit, Patch

MAX_PASSES = 8

Finder = Callable[[Document], Iterable[Finding]]
Guard = Callable[[Document, Finding], str | None]
Ignored = Callable[[Document, int, int, Finding], bool]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rewrite that a later stage proposes, and why it is refused, or ``None``."""

    finding: Finding
    refusal: str | None = None


Rewrite = Callable[[Document, Sequence[Finding], Finder, Guard], Sequence[Proposal]]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the loop asks: which levels apply, what guards an edit, which findings the user set aside.

    ``guard`` gives the reason to refuse an edit, or ``None``. ``ignored`` gets the raw document, the
    raw span and the finding. ``rewrite`` is asked where no rule applies any more, with what is left open.
    """

    apply: frozenset[Level]
    guard: Guard
    ignored: Ignored = lambda document, start, end, finding: False
    rewrite: Rewrite | None = None


def settle(document: Document, find: Finder, policy: Policy) -> Result:
    """Clean ``document`` until nothing more applies; the raw text stays in the result's document.

    Raises :class:`MtcleanError` naming the rules when more than ``MAX_PASSES`` passes still change the text:
    two rules undo each other, which no output may hide.
    """
    patch = Patch(document.text)
    current = document
    ignored = passes = unsettled = rewrites = 0
    while True:
        passes, unsettled = passes + 1, unsettled + 1
        found = [f for f in find(current) if not current.is_shielded(f.start, f.end)]
        kept = [f for f in found if not _set_aside(document, patch, policy, f)]
        ignored = max(ignored, len(found) - len(kept))
        chosen, refused = _choose(current, kept, policy)
        if not chosen and policy.rewrite and rewrites < MAX_PASSES:
            proposals = [
                proposal
                for proposal in policy.rewrite(current, kept, find, policy.guard)
                if not _set_aside(document, patch, policy, proposal.finding)
            ]
            kept += [proposal.finding for proposal in proposals]
            refused |= {id(p.finding): p.refusal for p in proposals if p.refusal is not None}
            chosen = [p.finding for p in proposals if p.refusal is None and p.finding.level in policy.apply]
            unsettled, rewrites = 0, rewrites + 1
        if not chosen:
            return Result(document, patch.text, _decisions(patch, kept, refused), passes, ignored)
        if unsettled > MAX_PASSES:
            raise _endless(document, chosen)
        patch = patch.apply(chosen)
        current = document.with_text(patch.text)


def _set_aside(document: Document, patch: Patch, policy: Policy, finding: Finding) -> bool:
    return policy.ignored(document, *patch.raw_span(finding.start, finding.end), finding)


def _endless(document: Document, chosen: Sequence[Finding]) -> MtcleanError:
    codes = ", ".join(sorted({f.code for f in chosen}))
    return MtcleanError(
        document.path,
        f"rules {codes} still change the text after {MAX_PASSES} passes",
        f"switch one of them off with --ignore {chosen[0].code} and report the text",
    )


def _choose(document: Document, findings: Sequence[Finding], policy: Policy) -> tuple[list[Finding], dict[int, str]]:
    """The edits of one pass, and why others were refused, by ``id``; edits that touch wait for the next pass.

    Suggestions are guarded even where they are not applied: nobody should be offered a refused edit.
    """
    chosen: list[tuple[int, int, Finding]] = []
    refused: dict[int, str] = {}
    candidates = [f for f in findings if f.fix is not None and f.level is not Level.REPORT]
    for finding in sorted(candidates, key=lambda f: f.precedence):
        place = bisect.bisect_left(chosen, finding.start, key=lambda c: c[0])
        if place and chosen[place - 1][1] >= finding.start:
            continue
        if place < len(chosen) and chosen[place][0] <= finding.end:
            continue
        reason = policy.guard(document, finding)
        if reason is not None:
            refused[id(finding)] = reason
        elif finding.level in policy.apply:
            chosen.insert(place, (finding.start, finding.end, finding))
    return [finding for _, _, finding in chosen], refused


def _decisions(patch: Patch, open_findings: Sequence[Finding], refused: dict[int, str]) -> tuple[Decision, ...]:
    decided = [_applied(patch.raw, edit) for edit in patch.edits]
    for finding in open_findings:
        (start, end), fix = patch.in_raw(finding.start, finding.end, finding.fix or "")
        if id(finding) in refused:
            verdict, reason = Verdict.REFUSED, refused[id(finding)]
        elif finding.fix is not None and finding.level is Level.SUGGEST:
            verdict, reason = Verdict.SUGGESTED, "applied only with --suggest"
        else:
            verdict, reason = Verdict.OPEN, "reported only"
        proposed = None if finding.fix is None else fix
        decided.append(Decision(finding, verdict, reason, start, end, patch.raw[start:end], proposed))
    return tuple(sorted(decided, key=lambda d: (d.start, d.end, d.finding.code)))


def _applied(raw: str, edit: Edit) -> Decision:
    *earlier, last = edit.findings
    reason = "proved and guarded"
    if earlier:
        reason += "; follows " + ", ".join(f.code for f in earlier) + " at the same place"
    return Decision(last, Verdict.APPLIED, reason, edit.start, edit.end, raw[edit.start : edit.end], edit.fix)

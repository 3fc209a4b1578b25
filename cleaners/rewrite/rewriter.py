"""The rewrite step: which segments of a settled document are tried, and what becomes of the model's answers."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from cleaners.core import Document, Finding, Level
from cleaners.errors import MtcleanError
from cleaners.rewrite import backends, loading, masking, proof, segments
from cleaners.rewrite.backends import Backend, Options
from cleaners.rewrite.proof import Candidate, Find, Guard, Request
from cleaners.rewrite.rule import RULE
from cleaners.segment import Span
from cleaners.settle import Proposal

THRESHOLDS = "thresholds.json"
# Families of findings that a rewrite of the sentence can answer; the others miss a fact (a number, a name, an end that
# was cut off), or are about marks and blanks.
_CALLING = ("CUT", "REP", "STR", "SYN")
# What is missing there, only the source knows.
_UNANSWERABLE = frozenset(("CUT102",))
_MOST_WORDS = 70
# Nats by which a rewrite that is applied must be likelier than any other: of two ways to mend, neither is proved.
_MARGIN = 1.0
_MEMORY = 20_000  # segments whose candidates are remembered


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By how many nats a candidate must be likelier than the original to be applied, and to be suggested."""

    safe: float = 4.0
    suggest: float = 1.0


@dataclass
class Rewriter:
    """Rewrites flagged segments; the model is loaded at the first of them, and never for a text without findings.

    ``protected`` gives the spans of a segment that hold protected terms. ``missing`` says in one line why there are no
    rewrites, once a model was wanted, not there and not required; ``unserved`` counts how often one was wanted then.
    """

    options: Options = field(default_factory=Options)
    protected: Callable[[str], Iterable[tuple[int, int]]] = lambda text: ()
    missing: str | None = None
    unserved: int = 0
    _memory: dict[str, list[str]] = field(default_factory=dict)
    _gains: dict[tuple[str, str], float] = field(default_factory=dict)

    @cached_property
    def backend(self) -> Backend:
        """The model; loaded when it is first asked for."""
        return loading.load(self.options)

    @cached_property
    def thresholds(self) -> Thresholds:
        """Those of the options, else of the model's folder, else the defaults."""
        path = Path(self.options.model) / THRESHOLDS
        try:
            given = Thresholds(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else Thresholds()
        except (ValueError, TypeError) as error:
            todo = 'write it as {"safe": 4.0, "suggest": 1.0}, or train anew'
            raise MtcleanError(str(path), f"holds no thresholds: {error}", todo) from error
        safe, suggest = self.options.safe_gain, self.options.suggest_gain
        return Thresholds(given.safe if safe is None else safe, given.suggest if suggest is None else suggest)

    @cached_property
    def fingerprint(self) -> str:
        """Tells this model and its settings from others, in sixteen hexadecimal digits; loads nothing."""
        digest = hashlib.sha256(repr(replace(self.options, threads=0)).encode())
        folder = Path(self.options.model)
        weights = (path for ending in ("safetensors", "bin", "json") for path in sorted(folder.glob(f"*.{ending}")))
        for path in weights if folder.is_dir() else ():
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def proposals(self, document: Document, findings: Sequence[Finding], find: Find, guard: Guard) -> list[Proposal]:
        """One proposal for each flagged segment of a document that no rule changes any more.

        ``findings`` are those left open in it. The proposals are disjoint and in order of the text.
        """
        requests = self.requests(document, findings)
        if not requests or not self.prepare(requests):
            return []
        return [proposal for request in requests if (proposal := self._proposal(request, find, guard)) is not None]

    def is_there(self) -> bool:
        """Whether the model can be loaded; loads it."""
        try:
            return bool(self.backend)
        except backends.UnavailableError:
            return False

    def forget(self) -> None:
        """Forget what was asked before: what a document becomes must not hang on which others came with it."""
        self._memory.clear()
        self._gains.clear()

    def requests(self, document: Document, findings: Sequence[Finding]) -> list[Request]:
        """The segments that findings call for; those that cannot be masked, or are too long, are left out."""
        wanted: dict[Span, list[Finding]] = {}
        for finding in sorted(findings, key=lambda f: (f.start, f.end, f.code)):
            if finding.code.startswith(_CALLING) and finding.code not in _UNANSWERABLE:
                span = segments.around(document, finding.start, finding.end, finding.code)
                last = next(reversed(wanted), None)
                if last is not None and span.start < last.end:
                    wanted[Span(last.start, max(last.end, span.end))] = [*wanted.pop(last), finding]
                else:
                    wanted[span] = [finding]
        made = (self._request(document, span, calling) for span, calling in wanted.items())
        return [request for request in made if request is not None]

    def _request(self, document: Document, span: Span, findings: Sequence[Finding]) -> Request | None:
        raw = document.text[span.start : span.end]
        if len(raw.split()) > _MOST_WORDS or document.is_shielded(span.start, span.end):
            return None
        try:
            masked = masking.mask(raw, self.protected(raw))
        except masking.MaskingError:
            return None
        return Request(document, span, masked, tuple(findings))

    def prepare(self, requests: Sequence[Request]) -> bool:
        """Ask the model about all these segments at once; whether there is a model."""
        if self.missing:
            self.unserved += 1
            return False
        fresh = list(dict.fromkeys(r.masked.text for r in requests if r.masked.text not in self._memory))
        if not fresh:
            return True
        try:
            backend = self.backend
        except backends.UnavailableError as error:
            if self.options.required:
                raise
            self.unserved += 1
            self.missing = f"{error}; this run makes no rewrites (--no-rewrite does without them silently)"
            return False
        if len(self._memory) + len(fresh) > _MEMORY:
            self._memory.clear()
            self._gains.clear()
            fresh = list(dict.fromkeys(r.masked.text for r in requests))
        self._memory.update(zip(fresh, backend.propose(fresh, backends.BEAMS), strict=True))
        self._score(requests, fresh)
        return True

    def _score(self, requests: Sequence[Request], fresh: Sequence[str]) -> None:
        """Score every candidate of the fresh segments, and the segments themselves, in one go."""
        new, pairs = set(fresh), []
        for request in requests:
            source = request.masked.text
            if source in new:
                pairs.append((source, source))
                found = proof.candidates(request, self._memory[source])
                pairs += [(source, c.text) for c in found if proof.objection(request, c) is None]
        pairs = list(dict.fromkeys(pairs))
        scores = dict(zip(pairs, self.backend.score(pairs), strict=True))
        for source, target in pairs:
            self._gains[source, target] = proof.gain(scores[source, source], scores[source, target])

    def _gain(self, source: str, target: str) -> float:
        if (source, target) not in self._gains:
            self._gains[source, target] = proof.gain(*self.backend.score([(source, source), (source, target)]))
        return self._gains[source, target]

    def _proposal(self, request: Request, find: Find, guard: Guard) -> Proposal | None:
        """The best candidate that passes the proof, else the likeliest of the others with what stands against it."""
        source = request.masked.text
        objections: list[tuple[Candidate, float, str]] = []
        fit: list[tuple[Candidate, float]] = []
        for candidate in proof.candidates(request, self._memory[source]):
            refusal = proof.objection(request, candidate)
            if refusal is None:
                fit.append((candidate, self._gain(source, candidate.text)))
            else:
                objections.append((candidate, -math.inf, refusal))
        for candidate, gain in proof.best_first(fit):
            rival = max((other for rest, other in fit if rest is not candidate), default=-math.inf)
            finding = self._finding(request, candidate, gain, rival)
            refusal = self._too_unlikely(gain) or guard(request.document, finding)
            refusal = refusal or proof.still_wrong(request, candidate, find)
            if refusal is None:
                told = finding.level is Level.SUGGEST and proof.is_rules_own(request, candidate)
                return None if told else Proposal(finding, None)  # the rule suggests that already
            objections.append((candidate, gain, refusal))
        if not objections:
            return None
        candidate, gain, refusal = max(objections, key=lambda o: o[1])
        return Proposal(self._finding(request, candidate, gain), refusal)

    def _too_unlikely(self, gain: float) -> str | None:
        if gain >= self.thresholds.suggest:
            return None
        return f"the model is not sure enough of it ({gain:+.1f} nats, {self.thresholds.suggest:.1f} are needed)"

    def _finding(self, request: Request, candidate: Candidate, gain: float, rival: float = -math.inf) -> Finding:
        """The candidate as a finding; ``rival`` is the gain of the likeliest other one."""
        level = proof.highest_level(request, candidate)
        if gain < self.thresholds.safe or gain - rival < _MARGIN:
            level = Level.SUGGEST
        first = request.findings[0]
        finding = RULE.finding(
            first.start,
            first.end,
            None,
            level=level,
            confidence=confidence(gain),
            message=f"{RULE.message}: {', '.join(sorted({f.code for f in request.findings}))}",
            drops=proof.dropped(request, candidate),
        )
        return candidate.as_finding(request, replace(finding, severity=first.severity, mqm=first.mqm))


def confidence(gain: float) -> float:
    """The model's own belief that a candidate is right and not the original, from how much likelier it is in nats."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, gain)))), 4)

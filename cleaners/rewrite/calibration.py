"""Sets a model's thresholds on held-out text: how much likelier than the original a candidate must be to be right.

Half of the segments are noised, half are as they were. Of each the likeliest candidate that the wording rules let
through counts, with how much likelier than the original the model holds it. It is right where it lies nearer to the
undamaged segment, by words that differ, so that whatever changes a sound one is wrong. A threshold is the smallest gain
above which the share of right ones stays at what is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from rapidfuzz.distance import Levenshtein

from cleaners.core import Document, Finding, Level, Severity
from cleaners.rewrite import masking, proof
from cleaners.rewrite.backends import BEAMS, Backend
from cleaners.rewrite.masking import Masked
from cleaners.rewrite.noise.pairs import Noiser, Pair, tokenised
from cleaners.rewrite.proof import Candidate, Request
from cleaners.segment import Span

SAFE_PRECISION, SUGGEST_PRECISION = 0.90, 0.85
# The share of sound segments that what is applied may change at most, were every one of them flagged from end to end.
MOST_CHANGED = 0.005
SEGMENTS = 3_000  # enough for a share of 98 % to be told from one of 97
_FEWEST = 50  # candidates above a threshold, for a share to mean anything
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best candidate of one segment: its gain in nats, None without one, and what became of the segment by it."""

    gain: float | None
    is_right: bool
    is_restored: bool
    is_damaged: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds in nats, and the outcomes that they were read off."""

    safe: float
    suggest: float
    outcomes: tuple[Outcome, ...]

    def rates(self, threshold: float) -> tuple[float, float, float]:
        """Above a threshold: the share that is right, of damaged ones restored to the letter, of sound ones changed."""
        made = [o for o in self.outcomes if o.gain is not None and o.gain >= threshold]
        damaged = [o for o in self.outcomes if o.is_damaged]
        sound = len(self.outcomes) - len(damaged)
        right = sum(o.is_right for o in made)
        changed = sum(not o.is_damaged for o in made)
        restored = sum(o.is_restored for o in made)
        return right / max(1, len(made)), restored / max(1, len(damaged)), changed / max(1, sound)


def calibrate(backend: Backend, noiser: Noiser, segments: Sequence[str], seed: int = 0) -> Calibration:
    """Thresholds of a model on segments that it was not trained on."""
    pairs = list(_pairs(noiser, segments, seed))
    outcomes = tuple(_outcomes(backend, pairs))
    safe = max(_threshold(outcomes, SAFE_PRECISION), _harmless(outcomes, MOST_CHANGED))
    return Calibration(safe, _threshold(outcomes, SUGGEST_PRECISION), outcomes)


def _pairs(noiser: Noiser, segments: Iterable[str], seed: int) -> Iterable[Pair]:
    for number, segment in enumerate(segments):
        random = Random(f"calibration:{seed}:{number}")
        pair = noiser.pair(segment, random)
        if pair is not None:
            yield pair if number % 2 else Pair(pair.target, pair.target)


def _outcomes(backend: Backend, pairs: Sequence[Pair]) -> Iterable[Outcome]:
    requests = [_request(pair.source) for pair in pairs]
    found: list[list[Candidate]] = []
    for request, answers in zip(requests, backend.propose([pair.source for pair in pairs], BEAMS), strict=True):
        made = proof.candidates(request, answers)
        found.append([candidate for candidate in made if proof.objection(request, candidate) is None])
    wanted = [(r.masked.text, text) for r, cs in zip(requests, found, strict=True) for text in _texts(r, cs)]
    scores = dict(zip(wanted, backend.score(wanted), strict=True))
    for pair, candidates in zip(pairs, found, strict=True):
        source, damaged = pair.source, pair.source != pair.target
        base = scores[source, source]
        ranked = proof.best_first([(c, proof.gain(base, scores[source, c.text])) for c in candidates])
        if not ranked:
            yield Outcome(None, False, False, damaged)
            continue
        best, gain = ranked[0]
        nearer = distance(best.text, pair.target) < distance(source, pair.target)
        yield Outcome(gain, nearer, best.text == pair.target, damaged)


def distance(one: str, other: str) -> int:
    """How many words and marks have to be put in, left out or exchanged."""
    return int(Levenshtein.distance(tokenised(one), tokenised(other)))


def _texts(request: Request, candidates: Iterable[Candidate]) -> list[str]:
    return [request.masked.text, *(candidate.text for candidate in candidates)]


def _request(source: str) -> Request:
    """A request for a segment that is masked already, flagged from end to end."""
    kept = {sentinel: sentinel for sentinel in masking.IS_SENTINEL.findall(source)}
    masked = Masked(source, source, tuple(range(len(source) + 1)), kept)
    finding = Finding("SYN000", "anything", 0, len(source), None, Level.REPORT, Severity.MINOR, "", 0.5, "anything")
    return Request(Document(source), Span(0, len(source)), masked, (finding,))


def _harmless(outcomes: Sequence[Outcome], share: float) -> float:
    """The smallest gain above which at most this share of the sound segments is changed."""
    sound = [o for o in outcomes if not o.is_damaged]
    gains = sorted((o.gain for o in sound if o.gain is not None), reverse=True)
    allowed = math.floor(share * len(sound))
    return _rounded_up(math.nextafter(gains[allowed], math.inf)) if len(gains) > allowed else 0.0


def _threshold(outcomes: Sequence[Outcome], precision: float) -> float:
    """The smallest gain above which at least ``precision`` of the candidates are right; never, where there is none."""
    made = sorted((o for o in outcomes if o.gain is not None), key=lambda o: -(o.gain or 0.0))
    best, right = _NEVER, 0
    for count, outcome in enumerate(made, 1):
        right += outcome.is_right
        if count < len(made) and made[count].gain == outcome.gain:
            continue  # no threshold lies between equals
        if count >= _FEWEST and right >= precision * count:
            best = outcome.gain or 0.0
    return _rounded_up(best)


def _rounded_up(gain: float) -> float:
    """To hundredths, and never below the gain that it was read off."""
    return math.ceil(max(0.0, gain) * 100) / 100

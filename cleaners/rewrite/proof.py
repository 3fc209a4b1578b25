"""What a candidate must show before it counts.

Nothing here trusts the model. Sentinels come back as they went; the change keeps to the flagged clause; negation and
modality stay; the guards hold; the finding that called for the rewrite is gone and no other has come; and the model
itself holds the candidate likelier than the original by a threshold that was set on development text. A candidate that
changes words of content is at most suggested.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cleaners.core import Document, Finding, Level, splice
from cleaners.rewrite import contact, masking, vocabulary, wording
from cleaners.rewrite.aligning import Change, Repair, changes, merged, repair
from cleaners.rewrite.masking import Masked
from cleaners.segment import Span

_CLAUSE_MARK = re.compile(r"[,;:.!?()\"“”—]")
_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nobody|nothing|nowhere|without|cannot|hardly|barely)\b|n['’]t\b", re.I
)
_AROUND, _WHOLE = 1_000, 50_000  # code points that are read again on either side of a segment, and of a whole document
_MOST_NEW_WORDS = 1  # words of content that a suggestion may bring
_MOST_RECASED = 2  # a sentence that is joined to another and begins with another word
_REPEATED, _CUT = "REP", ("CUT", "STR")
_FREQUENT = 10  # times in a million words, the usual border of frequent ones
_CAPITAL = re.compile(r"[^\W\d_a-z]")
_NEXT_STOP = re.compile(r"[.!?](?:\s|\Z)")
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whom|whose|when|whenever|where|wherever|what|whatever|whoever|if|how|why|because|as)\b", re.I
)
_MARK, _QUOTE = re.compile(r"[^\w\s.,;'\ue000-\ue07f-]"), '"'  # all but those that part and join clauses
_JOINT = re.compile(r"\.(?= [a-z]) ?[a-z]")
# "They moved in in May" is right, and a tail that stands alone belongs to what only the source has.
_UNDECIDABLE = frozenset(("REP101", "STR103"))
_ATTRIBUTED = frozenset(("SYN101", "REP107"))  # attributions that are there twice

Find = Callable[[Document], Iterable[Finding]]
Guard = Callable[[Document, Finding], str | None]


@dataclass(frozen=True, slots=True)
class Request:
    """A segment of a document to rewrite, masked, and the findings that call for it, in document offsets."""

    document: Document
    span: Span
    masked: Masked
    findings: tuple[Finding, ...]

    @property
    def may_drop(self) -> bool:
        """Whether a finding says that something stands twice, so that one of the two may go."""
        return any(finding.code.startswith(_REPEATED) for finding in self.findings)

    def masked_span(self, finding: Finding) -> Span:
        """Where a finding stands in the masked segment; an offset within a name is that of its sentinel."""
        starts, within = self.masked.starts, len(self.masked.raw)
        ends = (min(max(at - self.span.start, 0), within) for at in (finding.start, finding.end))
        return Span(*(bisect_right(starts, end) - 1 for end in ends))

    def window(self, finding: Finding) -> Span:
        """The clauses that a finding touches, in code points of the masked segment."""
        text = self.masked.text
        start, end = self.masked_span(finding)
        if finding.code.startswith(_REPEATED):
            return Span(max(0, start - 1), min(len(text), end + 1))
        marks = [match.start() for match in _CLAUSE_MARK.finditer(text)]
        # A mark at the edge of the finding may be what is wrong: the clause beyond it belongs to the repair.
        left = max((mark + 1 for mark in marks if mark < start - 2), default=0)
        right = min((mark + 1 for mark in marks if mark >= end + 1), default=len(text))
        return Span(left, right)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to write a segment: the changes, the masked text that they make, and the edit of the raw segment."""

    changes: tuple[Change, ...]
    text: str
    repair: Repair

    def as_finding(self, request: Request, template: Finding) -> Finding:
        """The edit as a finding of the document, else like ``template``."""
        start = request.span.start
        return replace(template, start=start + self.repair.start, end=start + self.repair.end, fix=self.repair.new)


def candidates(request: Request, answers: Iterable[str]) -> Iterator[Candidate]:
    """What the rules suggest, and what of the model's answers lies in the flagged clauses, together and one by one."""
    source = request.masked.text
    seen: set[str] = {source}
    for chosen in (*_fixes(request), *_joints(request), *_cut_down(request, answers)):
        text = merged(source, chosen)
        if text in seen or not chosen:
            continue
        seen.add(text)
        try:
            yield Candidate(tuple(chosen), text, repair(request.masked, chosen))
        except masking.MaskingError:
            continue


def is_rules_own(request: Request, candidate: Candidate) -> bool:
    """Whether the candidate is what a rule suggests, to the letter."""
    return any(merged(request.masked.text, chosen) == candidate.text for chosen in _fixes(request))


def _cut_down(request: Request, answers: Iterable[str]) -> Iterator[Sequence[Change]]:
    windows = [request.window(finding) for finding in request.findings]
    for answer in answers:
        found = changes(request.masked.text, answer)
        inside = [change for change in found if any(_within(change, window) for window in windows)]
        yield inside
        if len(inside) > 1:
            yield from ([change] for change in inside)


def _fixes(request: Request) -> Iterator[Sequence[Change]]:
    """What the rules themselves would only suggest: where the model holds it likelier, too, two witnesses agree."""
    masked = request.masked
    for finding in request.findings:
        start, end = finding.start - request.span.start, finding.end - request.span.start
        if finding.fix is None or start not in masked.starts or end not in masked.starts:
            continue  # nothing is proposed, or a name would be cut in two
        new = masking.plain(finding.fix)
        for sentinel, surface in masked.kept.items():
            new = new.replace(surface, sentinel)
        yield [Change(masked.starts.index(start), masked.starts.index(end), new)]


def _joints(request: Request) -> Iterator[Sequence[Change]]:
    """The ways to mend a sentence that was cut in two: a comma, nothing at all, or a capital.

    Each is weighed against the others, so that a joint is mended only where the model holds one of them to be right.
    """
    if not any(finding.code.startswith(_CUT) for finding in request.findings):
        return
    text = request.masked.text
    windows = [request.window(finding) for finding in request.findings]
    for match in _JOINT.finditer(text):
        stop, letter = match.start(), match.end() - 1
        if any(window.start <= stop < window.end for window in windows):
            yield [Change(stop, stop + 1, ",")]
            yield [Change(stop, stop + 1, "")]
            yield [Change(letter, letter + 1, text[letter].upper())]


def _within(change: Change, window: Span) -> bool:
    return window.start <= change.start and change.end <= window.end


def objection(request: Request, candidate: Candidate) -> str | None:
    """Why the wording of a candidate does not count, or ``None``; neither rules nor guards are asked."""
    before, after = request.masked.text, candidate.text
    refusal = _wrong_sentinels(before, after, request.may_drop)
    if refusal:
        return refusal
    if wording.modality(before) != wording.modality(after) and not request.may_drop:
        return "it would change a modal verb"
    if Counter(map(str.lower, _NEGATION.findall(before))) != Counter(map(str.lower, _NEGATION.findall(after))):
        return "it would change a negation"
    marks, kept = (Counter(_MARK.findall(text)) for text in (before, after))
    if marks != kept and not (request.may_drop and marks >= kept and marks['"'] == kept['"']):
        mark = next(iter((marks - kept) + (kept - marks)))
        return f"it would change a {'quotation mark' if mark == _QUOTE else f'mark, {mark!r}'}"
    if wording.recased(before, after) > _MOST_RECASED:
        return "it would change capitals"
    if _is_doubling(request) and wording.brings_words(before, after):
        return "it would put words in where one stands twice"
    if _is_doubling(request) and len(candidate.changes) > len(request.findings):
        return "it would change more than one place for a doubling"
    verb = contact.lost_verb(before, after)
    if verb is not None:
        return f"it would leave out {verb!r}, which may be the verb of its own clause"
    refusal = _both_gone(request, after) or _half_attribution(request, after)
    return refusal or _wrong_words(request, wording.difference(before, after))


def _is_doubling(request: Request) -> bool:
    return all(finding.code.startswith(_REPEATED) for finding in request.findings)


def _both_gone(request: Request, after: str) -> str | None:
    """Of what stands twice, one stays: each word that is doubled is left at least once."""
    had, has = wording.words_of(request.masked.text), wording.words_of(after)
    for finding in request.findings:
        if finding.code.startswith(_REPEATED):
            flagged = wording.words_of(_flagged_text(request, finding, masked=True))
            twice = (word for word, count in flagged.items() if count > 1 and has[word] < had[word] - count + 1)
            gone = next(twice, None)
            if gone is not None:
                return f"it would leave out {gone!r} altogether"
    return None


def _half_attribution(request: Request, after: str) -> str | None:
    """An attribution goes whole or not at all."""
    for finding in request.findings:
        if finding.code in _ATTRIBUTED:
            flagged = wording.words_of(_flagged_text(request, finding, masked=True))
            lost = wording.words_of(request.masked.text) - wording.words_of(after)
            if flagged & lost and flagged - lost:
                return "it would leave half an attribution"
    return None


def _wrong_words(request: Request, changed: wording.Difference) -> str | None:
    """A word of content may go only where a finding points at it, and one may come, if it is English."""
    flagged = {word for finding in request.findings for word in wording.content(_flagged_text(request, finding))}
    lost = next((word for word in changed.went if word not in flagged), None)
    if lost is not None:
        return f"it would leave out {lost!r}"
    unknown = next((word for word in changed.came if not wording.is_word(word)), None)
    if unknown is not None:
        return f"it would put in {unknown!r}, which is no word"
    if len(changed.came) > _MOST_NEW_WORDS:
        return f"it would put in {changed.came[0]!r} and {changed.came[1]!r}"
    return None


def _flagged_text(request: Request, finding: Finding, *, masked: bool = False) -> str:
    if not masked:
        return request.document.text[finding.start : finding.end]
    return request.masked.text[slice(*request.masked_span(finding))]


def _wrong_sentinels(before: str, after: str, may_drop: bool) -> str | None:
    had, has = (Counter(masking.IS_SENTINEL.findall(text)) for text in (before, after))
    if set(had) != set(has) or has - had:
        return "it would lose or add a name or figure"
    if had != has and not may_drop:
        return "it would write a name or figure once where it stands twice"
    return None


def highest_level(request: Request, candidate: Candidate) -> Level:
    """How far a candidate may go, however sure the model is.

    One that changes words of content, or that answers a finding no sentence alone can decide, is only suggested.
    """
    if not _CAPITAL.search(request.masked.raw) and not _is_frequent(request):
        return Level.SUGGEST
    if any(_is_undecidable(request, candidate, finding) for finding in request.findings):
        return Level.SUGGEST
    changed = wording.difference(request.masked.text, candidate.text)
    before, after = (_order(text) for text in (request.masked.text, candidate.text))
    return Level.SAFE if changed.is_grammar and before == after else Level.SUGGEST


def _is_frequent(request: Request) -> bool:
    """Whether every doubled word is so frequent in lower case that it is no name.

    Names are known by their capitals; in a text without any they could not be masked, and "Bun Bun" is a name.
    """
    flagged = [wording.words_of(_flagged_text(request, f)) for f in request.findings if f.code.startswith(_REPEATED)]
    doubled = [word for words in flagged for word, count in words.items() if count > 1]
    return len(flagged) == len(request.findings) and all(vocabulary.per_million(word) >= _FREQUENT for word in doubled)


def _is_undecidable(request: Request, candidate: Candidate, finding: Finding) -> bool:
    """Whether the sentence alone cannot tell what is right, so that a reader has to."""
    text = request.masked.text
    start, end = request.masked_span(finding)
    if finding.code in _UNDECIDABLE:
        return True
    if finding.code.startswith(_CUT):
        # The joint is what is wrong, a word beside it was right before; and where two parts are joined, a comma in the
        # second may part it from a main clause of its own.
        alone = all(other.code.startswith(_CUT) for other in request.findings)
        joins = candidate.text.count(".") < text.count(".")
        rest = _NEXT_STOP.split(text[end:], maxsplit=1)[0]
        return (alone and wording.words_of(text) != wording.words_of(candidate.text)) or (joins and "," in rest)
    if finding.code.startswith(_REPEATED):
        # "When the season starts starts the work", "The team that won won": one verb for each clause.
        clause = _CLAUSE_MARK.split(text[:start])[-1]
        return _SUBORDINATE.search(clause) is not None and wording.has_verb(text[start:end])
    return False


def _order(masked: str) -> list[str]:
    """Names and figures in the order of their first mention: to exchange two says something else."""
    return list(dict.fromkeys(masking.IS_SENTINEL.findall(masked)))


def still_wrong(request: Request, candidate: Candidate, find: Find) -> str | None:
    """Why the rules do not take the candidate: a finding that is still there, or a new one.

    The sentences around are read where they show the finding by themselves; else a document that is not too long is.
    """
    document = request.document
    called = Counter(finding.code for finding in request.findings)
    for frame in _frames(request):
        before = Counter(f.code for f in find(document.with_text(document.text[frame.start : frame.end])))
        if called - before:
            continue
        text = _rewritten(document.text, request, candidate)
        grown = len(text) - len(document.text)
        after = Counter(f.code for f in find(document.with_text(text[frame.start : frame.end + grown])))
        if after - before:
            return f"the text would have {next(iter(after - before))}"
        if not any(after[code] < before[code] for code in called):
            return f"{request.findings[0].code} would still be found"
        return None
    return "the sentences around it do not show what was found"


def _frames(request: Request) -> Iterator[Span]:
    """What to read again: whole sentences around the segment, then the document; reading costs what it is long."""
    document, span = request.document, request.span
    paragraph = document.paragraph_at(span.start)
    first = document.sentence_at(max(paragraph.start, span.start - _AROUND))
    last = document.sentence_at(max(span.end - 1, min(paragraph.end - 1, span.end + _AROUND)))
    yield Span(max(paragraph.start, first.start), max(last.end, span.end))
    if len(document.text) <= _WHOLE:
        yield Span(0, len(document.text))


def _rewritten(text: str, request: Request, candidate: Candidate) -> str:
    start = request.span.start
    edit = candidate.repair
    return splice(text, [(start + edit.start, start + edit.end, edit.new)])


def dropped(request: Request, candidate: Candidate) -> str:
    """Words that the edit leaves out because they stand twice, as the guards want them told."""
    if not request.may_drop:
        return ""
    old = request.masked.raw[candidate.repair.start : candidate.repair.end]
    words = re.compile(r"\w+")
    return " ".join((Counter(words.findall(old)) - Counter(words.findall(candidate.repair.new))).elements())


def gain(before: float, after: float) -> float:
    """How much likelier, in nats; nothing is, where one of the two is too long to be scored."""
    return after - before if math.isfinite(before) and math.isfinite(after) else -math.inf


def best_first(scored: Sequence[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
    """Candidates by how much likelier than the original they are; of equals the one that changes less, then by text."""
    return sorted(scored, key=lambda pair: (-round(pair[1], 3), len(pair[0].changes), pair[0].text))

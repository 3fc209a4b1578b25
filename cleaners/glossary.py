"""The glossary: YAML entries become findings, in time linear in the text whatever their number.

An entry says what a text should have (``term``), what translation makes of it (``variants``), and in what
company a variant may be trusted (``when``, ``unless``); of several entries with one variant the first that
fits counts, those of the user's own files before those that ship. All variants and terms are searched in one pass
(Aho-Corasick), whole words only; of overlapping hits the leftmost longest counts, so that a variant is
never replaced inside another term, and none is where a term to ``keep`` stands. Case follows the text, plurals and
articles follow the term.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from cleaners import cache, company, glossary_file, glossary_patterns, resources, wording, yamlsource
from cleaners.company import NAMED_KINDS, Condition, Mentions, is_anothers, is_borne, is_whole_word
from cleaners.core import Document, Finding, Level, Severity, Stage, Verdict
from cleaners.errors import MtcleanError
from cleaners.glossary_file import INFLECTIONS, KINDS, Entry, as_plain, from_plain, read_entries, surnames

__all__ = [
    "INFLECTIONS", "KINDS", "NAME_CODE", "SHIPPED", "TERM_CODE", "Condition", "Entry", "Glossary", "Mentions",
    "compile_entries", "load", "read_entries", "shipped_glossary", "surnames",
]  # fmt: skip
TERM_CODE, NAME_CODE = "TRM001", "NAM001"
RULE_NAMES = {TERM_CODE: "glossary-term", NAME_CODE: "glossary-name"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_DETERMINED = re.compile(r"\b(?:the|a|an|this|that|its|our|their|NATO's) \Z", re.IGNORECASE)
_WEAKER = (Level.SAFE, Level.SUGGEST, Level.REPORT)  # each weaker than the one before
_KEPT, _VARIANT, _TERM = range(3)
_LINE_BREAK = re.compile(r"[\n\r]")
_WORDS = re.compile(r"\w+")
SHIPPED = (
    "nato.yaml", "people.yaml", "japan.yaml", "japan_people.yaml", "japan_places.yaml", "places.yaml", "media.yaml",
    "think_tanks.yaml", "idioms.yaml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What one searched string stands for; no replacement: a term, which only protects itself."""

    surface: str
    entry: Entry
    replacement: str | None
    any_case: bool
    company: frozenset[str] = frozenset()
    whole: bool = True
    own: bool = False  # of the user's files, which go before the shipped ones

    @property
    def rank(self) -> tuple[bool, int]:
        """Which of several patterns for one place goes first, the least.

        A variant goes before an equal term of another entry, else nothing could apply.
        """
        return not self.own, _VARIANT if self.replacement is not None else _KEPT if self.entry.keep else _TERM

    def fits(self, mentions: Mentions, start: int, end: int) -> bool:
        """Whether the entry's conditions hold for the hit and nothing around it speaks for another bearer."""
        if not self.is_meant(mentions, start, end):
            return False
        return self.any_case or not is_anothers(mentions.document, start, end, self.entry.kind, self.company)

    def is_meant(self, mentions: Mentions, start: int, end: int) -> bool:
        """Whether the entry's own conditions hold there."""
        entry = self.entry
        if entry.when and not entry.when.holds(mentions, start, end, beside=True):
            return False
        return not (entry.unless and entry.unless.holds(mentions, start, end, beside=False))


_Patterns = tuple[_Pattern, ...]  # of one searched string; the first that fits counts
_Hit = tuple[int, int, _Patterns]
_RawHit = tuple[int, int, tuple[bool, int], int]  # start, end negated, rank, index


@dataclass(frozen=True)
class Glossary:
    """Entries ready to search; build it with :func:`load` or :func:`compile_entries`."""

    entries: tuple[Entry, ...] = ()
    own: tuple[Entry, ...] = ()  # those of ``entries`` that are the user's
    _patterns: tuple[_Patterns, ...] = field(default=(), repr=False)

    @cached_property
    def _automaton(self) -> object:
        import ahocorasick_rs

        return ahocorasick_rs.AhoCorasick([patterns[0].surface.lower() for patterns in self._patterns])

    def find(self, document: Document) -> Iterator[Finding]:
        """Variants in the document whose conditions hold, as findings of stage ``glossary``.

        A variant that is somebody's name once ("Professor Vernis") is so all through the document.
        """
        text, mentions = document.text, Mentions(document)
        hits = self._all_hits(document)
        borne = {
            text[start:end]
            for start, end, (pattern, *_) in hits
            if pattern.replacement and pattern.entry.kind == "place" and is_borne(document, start, pattern.company)
        }
        floor = done = 0
        expanded: set[str] = set()
        for start, end, patterns in hits:
            floor, done = done, end
            if patterns[0].replacement is None:
                entry = patterns[0].entry
                if entry.expand and entry.expand not in expanded and patterns[0].is_meant(mentions, start, end):
                    expanded.add(entry.expand)
                    yield from _expansion(text, start, end, entry)
                continue
            if text[start:end] in borne:
                continue
            fitting = next((p for p in patterns if p.fits(mentions, start, end)), None)
            if fitting and text[start:end] != fitting.entry.term:
                yield _finding(text, start, end, fitting, floor)

    def _all_hits(self, document: Document) -> list[_Hit]:
        """Literal hits, and those of expressions and near spellings where nothing literal stands."""
        text = document.text
        hits = list(self._hits(text, document.lowered))
        taken = [start for start, _, _ in hits]
        loose: list[_Hit] = []
        for start, end, pattern in sorted(self._loose_hits(text), key=lambda hit: (hit[0], -hit[1])):
            before = bisect_left(taken, end) - 1
            free = (before < 0 or hits[before][1] <= start) and (not loose or loose[-1][1] <= start)
            if free and is_whole_word(text, start, end) and not _LINE_BREAK.search(text, start, end):
                loose.append((start, end, (pattern,)))
        return sorted([*hits, *loose], key=lambda hit: hit[0]) if loose else hits

    def _loose_hits(self, text: str) -> Iterator[tuple[int, int, _Pattern]]:
        if self._regexes:
            for start, end, index in self._expressions.hits(text):
                entry = self._regexes[index][0]
                yield start, end, _loose_pattern(text[start:end], entry, entry.level, shouts=entry.case == "any")
        if self._near:
            for start, end, target in self._near.hits(text):
                word, entry = text[start:end], self._near_entries[target]
                if word.lower() not in self._words_of_terms and not _is_known_word(word):
                    yield start, end, _loose_pattern(word, entry, Level.SUGGEST, shouts=not target.isupper())

    @property
    def _by_rank(self) -> Iterator[Entry]:
        """The entries that replace anything, the user's own first."""
        return (entry for entry in (*self.own, *self.entries) if not entry.keep)

    @cached_property
    def _regexes(self) -> tuple[tuple[Entry, str], ...]:
        return tuple({(e.place, regex): (e, regex) for e in self._by_rank for regex in e.regexes}.values())

    @cached_property
    def _expressions(self) -> glossary_patterns.Expressions:
        return glossary_patterns.Expressions([(regex, entry.case == "any") for entry, regex in self._regexes])

    @cached_property
    def _near_entries(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for entry in self._by_rank:
            for fuzzy in entry.fuzzies:
                found.setdefault(fuzzy.text, entry)
        return found

    @cached_property
    def _near(self) -> glossary_patterns.NearSpellings | None:
        targets = {f.text: f.distance for e in self._near_entries.values() for f in e.fuzzies}
        return glossary_patterns.NearSpellings(targets) if targets else None

    @cached_property
    def _words_of_terms(self) -> frozenset[str]:
        """A word of any term is no misspelling of another's."""
        return frozenset(word for entry in self.entries for word in _WORDS.findall(entry.term.lower()))

    def terms(self, document: Document) -> Iterator[tuple[int, int, Entry]]:
        """Where the terms themselves stand, longest first at each place, each with its entry."""
        hits = self._hits(document.text, document.lowered)
        return ((start, end, first.entry) for start, end, (first, *_) in hits if first.replacement is None)

    def protected(self, text: str) -> list[str]:
        """The terms in ``text`` that no edit may lose: every entry's own term."""
        return [term for _, _, term in self._own_terms(text)]

    def protected_spans(self, text: str) -> list[tuple[int, int]]:
        """Where those terms stand in ``text``, in code points."""
        return [(start, end) for start, end, _ in self._own_terms(text)]

    def _own_terms(self, text: str) -> Iterator[tuple[int, int, str]]:
        for start, end, (first, *_) in self._hits(text, _lower(text)):
            if first.replacement is None:
                yield start, end, first.entry.term

    def _hits(self, text: str, lowered: str) -> Iterator[tuple[int, int, _Patterns]]:
        if not self._patterns:
            return
        hits = []
        lowered = _SURROGATE.sub("\ufffd", lowered)  # the automaton takes no lone surrogates; JSON may hold them
        for index, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):  # type: ignore[attr-defined]
            pattern = self._patterns[index][0]
            if (not pattern.whole or is_whole_word(text, start, end)) and _same_case(text[start:end], pattern):
                hits.append((start, -end, pattern.rank, index))
        done = 0
        for start, negative_end, _, index in sorted(_clear_of_kept(hits)):
            if start >= done:
                done = -negative_end
                yield start, done, self._patterns[index]


def load(paths: Sequence[Path] = (), *, shipped: bool = True) -> Glossary:
    """The shipped glossary (unless switched off) with the files at ``paths`` after it, which go first where both fit.

    An entry whose own examples fail stops the load. Raises :class:`MtcleanError` with file, line and
    column for a broken file, and what came out where an example fails.
    """
    own = [entry for path in paths for entry in read_entries(path, str(path))]
    return compile_entries(shipped_glossary().entries if shipped else (), own)


@lru_cache(maxsize=1)
def shipped_glossary() -> Glossary:
    """The glossary that ships with the program, loaded once; its tests prove it, so that no start has to.

    Reading its YAML takes longer than all the rest of a start, so what was read is kept until a file changes.
    """
    folder = resources.glossary_folder()

    def read() -> list[dict[str, Any]]:
        return [as_plain(entry) for name in SHIPPED for entry in read_entries(folder / name, f"glossary/{name}")]

    readers = (glossary_file, company, yamlsource, glossary_patterns)  # what decides how the files are read
    sources = [Path(module.__file__ or "").read_bytes() for module in readers]
    key = cache.digest([*sources, *((folder / name).read_bytes() for name in SHIPPED)])
    plain = cache.remembered("glossary", key, read)
    return compile_entries([from_plain(entry) for entry in plain], proved=True)


def compile_entries(entries: Sequence[Entry], own: Sequence[Entry] = (), *, proved: bool = False) -> Glossary:
    """Make entries searchable, with the user's ``own`` before them, and prove each by its own examples.

    Where there are own ones the others are taken as proved: what the user's replace of them is meant so. ``proved``:
    all are, which saves running every example.
    """
    patterns: dict[tuple[str, int], list[_Pattern]] = {}
    for are_own, some in ((True, own), (False, entries)):
        for entry in some:
            for pattern in _patterns_of(entry, own=are_own):
                patterns.setdefault((pattern.surface, pattern.rank[1]), []).append(pattern)
    glossary = Glossary((*entries, *own), tuple(own), tuple(map(tuple, patterns.values())))
    if not proved:
        _prove(glossary, own or entries)
    return glossary


def _patterns_of(entry: Entry, *, own: bool) -> Iterator[_Pattern]:
    # A term protects itself in every form its variants can take, else "support" → "nation support" runs on.
    any_case = entry.term == entry.term.lower()
    yield _Pattern(entry.term, entry, None, any_case, own=own)
    if "plural" in entry.inflect:
        yield _Pattern(wording.plural(entry.term), entry, None, any_case, own=own)
    if entry.keep:
        return
    for variant in entry.variants:
        lower = variant == variant.lower()
        yield _Pattern(variant, entry, entry.term, lower, entry.company, variant not in entry.partial, own)
        if "plural" in entry.inflect:
            yield _Pattern(wording.plural(variant), entry, wording.plural(entry.term), lower, entry.company, own=own)


def _clear_of_kept(hits: list[_RawHit]) -> list[_RawHit]:
    """The hits less the variants that overlap a term to keep; a shipped term does not stop the user's variants."""
    kept = [hit for hit in hits if hit[2][1] == _KEPT]
    if not kept:
        return hits
    every, own = _joined(kept), _joined([hit for hit in kept if not hit[2][0]])
    return [hit for hit in hits if hit[2][1] != _VARIANT or not _overlaps(every if hit[2][0] else own, hit)]


def _joined(hits: Sequence[_RawHit]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, negative_end, *_ in sorted(hits):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], -negative_end))
        else:
            spans.append((start, -negative_end))
    return spans


def _overlaps(spans: Sequence[tuple[int, int]], hit: _RawHit) -> bool:
    index = bisect_left(spans, (-hit[1],)) - 1
    return index >= 0 and spans[index][1] > hit[0]


def _loose_pattern(surface: str, entry: Entry, level: Level, *, shouts: bool) -> _Pattern:
    """The pattern of a hit that no literal variant made; its case is the text's own.

    ``shouts``: capitals throughout are the text's, and not the way the variant is written.
    """
    weakened = entry if entry.level is level else replace(entry, level=max(level, entry.level, key=_WEAKER.index))
    shown = surface if surface[0].islower() or entry.term[0].isupper() else surface.lower()
    if shouts and surface.isupper():
        shown = surface.capitalize()
    return _Pattern(shown, weakened, entry.term, entry.term == entry.term.lower(), entry.company)


def _is_known_word(word: str) -> bool:
    """Whether a near spelling is a word or a place of its own: "work" is no misspelt York, Verona no Vernona."""
    from cleaners.names import gazetteer

    known = gazetteer.shipped()
    return known.is_name(word) or known.is_word(word)


def _expansion(text: str, start: int, end: int, entry: Entry) -> Iterator[Finding]:
    """The first mention of a short form, to be written out; none where the text does so anywhere."""
    written_out = (entry.expand or "").replace(entry.term, "").strip(" ()（）")
    if text[start:end] != entry.term or written_out in text or text.startswith(("’s", "'s"), end):
        return
    yield Finding(
        code=TERM_CODE,
        name=RULE_NAMES[TERM_CODE],
        start=start,
        end=end,
        fix=entry.expand,
        level=max(entry.level, Level.SUGGEST, key=_WEAKER.index),
        severity=Severity.MINOR,
        mqm="terminology/inconsistent-with-terminology-resource",
        confidence=0.9,
        message=f"{entry.term!r} is written out at its first mention: {entry.expand!r}",
        stage=Stage.GLOSSARY,
        entry=entry.place,
    )


def _prove(glossary: Glossary, entries: Iterable[Entry]) -> None:
    """An example shows what a run of the glossary does, guards and all, and its own entry however weak its level."""
    from cleaners.guard import Guards
    from cleaners.settle import Policy, settle

    policy = Policy(frozenset({Level.SAFE}), Guards(glossary.protected))
    for entry in entries:

        def find(document: Document, place: str = entry.place) -> Iterator[Finding]:
            for found in glossary.find(document):
                yield replace(found, level=Level.SAFE) if found.entry == place and found.fix is not None else found

        for bad, good in entry.examples:
            try:
                result = settle(Document(bad), find, policy)
            except MtcleanError as error:
                raise _at(entry).fail(
                    f"the example {bad!r} never comes to rest", "look for variants in terms"
                ) from error
            if result.text != good:
                why = next((f" ({d.reason})" for d in result.decisions if d.verdict is Verdict.REFUSED), "")
                raise _at(entry).fail(
                    f"the example of {entry.term!r} fails: {bad!r} became {result.text!r}, not {good!r}{why}",
                    "correct the example, the variants or the conditions",
                )


def _at(entry: Entry) -> yamlsource.Node:
    return yamlsource.Node(None, *_place(entry))


def _place(entry: Entry) -> tuple[str, int, int]:
    file, _, line = entry.place.rpartition(":")
    return file, int(line), 1


def _finding(text: str, start: int, end: int, pattern: _Pattern, floor: int) -> Finding:
    entry = pattern.entry
    surface = text[start:end]
    fix = wording.in_case_of(surface, pattern.surface, pattern.replacement or "")
    named = entry.kind in NAMED_KINDS
    if "the" in entry.inflect and not _DETERMINED.search(text, max(0, start - 12), start):
        fix = ("The " if wording.starts_sentence(text, start) else "the ") + fix
    article_start, fix = wording.with_article(text, start, fix, floor)
    message = f"{surface!r} stands for {entry.term!r}" + (f": {entry.note}" if entry.note else "")
    return Finding(
        code=NAME_CODE if named else TERM_CODE,
        name=RULE_NAMES[NAME_CODE if named else TERM_CODE],
        start=article_start,
        end=end,
        fix=None if entry.forbid else fix,
        level=Level.REPORT if entry.forbid else entry.level,
        severity=Severity.MAJOR if named else Severity.MINOR,
        mqm="accuracy/mistranslation" if named else "terminology/wrong-term",
        confidence=0.98 if entry.when else 0.95,
        message=message,
        origin=entry.source,
        stage=Stage.GLOSSARY,
        drops=surface,
        entry=entry.place,
    )


def _same_case(surface: str, pattern: _Pattern) -> bool:
    case = pattern.entry.case if pattern.replacement is not None else "smart"
    if surface == pattern.surface or case == "any":
        return True
    if case == "exact":
        return False
    if surface == pattern.surface.upper():
        return True
    return pattern.any_case and surface == pattern.surface[0].upper() + pattern.surface[1:]


def _lower(text: str) -> str:
    return Document(text).lowered

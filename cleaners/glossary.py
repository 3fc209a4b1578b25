"""The glossary: YAML entries become findings, in time linear in the text whatever their number.

An entry says what a text should have (``term``), what translation makes of it (``variants``), and in what
company a variant may be trusted (``when``, ``unless``); of several entries with one variant the first that
fits counts. All variants and terms are searched in one pass
(Aho-Corasick), whole words only; of overlapping hits the leftmost longest counts, so that a variant is
never replaced inside another term. Case follows the text, plurals and articles follow the term.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from cleaners import glossary_patterns, resources, yamlsource
from cleaners.company import NAMED_KINDS, Condition, Mentions, is_anothers, is_borne, is_whole_word
from cleaners.core import Document, Finding, Level, Severity, Stage, splice
from cleaners.glossary_file import INFLECTIONS, KINDS, Entry, read_entries, surnames

__all__ = [
    "INFLECTIONS", "KINDS", "NAME_CODE", "SHIPPED", "TERM_CODE", "Condition", "Entry", "Glossary", "Mentions",
    "compile_entries", "load", "read_entries", "shipped_glossary", "surnames",
]  # fmt: skip
TERM_CODE, NAME_CODE = "TRM001", "NAM001"
RULE_NAMES = {TERM_CODE: "glossary-term", NAME_CODE: "glossary-name"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_DETERMINED = re.compile(r"\b(?:the|a|an|this|that|its|our|their|NATO's) \Z", re.IGNORECASE)
_ARTICLE = re.compile(r"(?P<a>[Aa])n? \Z")
_SILENT_H = re.compile(r"h(?:ours?|onest|onou?r|eir)", re.IGNORECASE)
_SOUNDS_LIKE_YOU = re.compile(r"uni|eu|one\b|once\b|us[aeu]|ut[ei]|ur[ao]n|uk", re.IGNORECASE)
_WEAKER = (Level.SAFE, Level.SUGGEST, Level.REPORT)  # each weaker than the one before
SHIPPED = ("nato.yaml", "japan.yaml", "places.yaml", "idioms.yaml")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What one searched string stands for; no replacement: a term, which only protects itself."""

    surface: str
    entry: Entry
    replacement: str | None
    any_case: bool
    company: frozenset[str] = frozenset()
    whole: bool = True

    def fits(self, mentions: Mentions, start: int, end: int) -> bool:
        """Whether the entry's conditions hold for the hit and nothing around it speaks for another bearer."""
        entry = self.entry
        if entry.when and not entry.when.holds(mentions, start, end, beside=True):
            return False
        if entry.unless and entry.unless.holds(mentions, start, end, beside=False):
            return False
        return self.any_case or not is_anothers(mentions.document, start, end, entry.kind, self.company)


_Patterns = tuple[_Pattern, ...]  # of one searched string; the first that fits counts
_Hit = tuple[int, int, _Patterns]


@dataclass(frozen=True)
class Glossary:
    """Entries ready to search; build it with :func:`load` or :func:`compile_entries`."""

    entries: tuple[Entry, ...] = ()
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
        expanded: set[Entry] = set()
        for start, end, patterns in hits:
            floor, done = done, end
            if patterns[0].replacement is None:
                if patterns[0].entry.expand and patterns[0].entry not in expanded:
                    expanded.add(patterns[0].entry)
                    yield from _expansion(text, start, end, patterns[0].entry)
                continue
            if text[start:end] in borne:
                continue
            fitting = next((p for p in patterns if p.fits(mentions, start, end)), None)
            if fitting:
                yield _finding(text, start, end, fitting, floor)

    def _all_hits(self, document: Document) -> list[_Hit]:
        """Literal hits, and those of expressions and near spellings where nothing literal stands."""
        hits = list(self._hits(document.text, document.lowered))
        taken = [start for start, _, _ in hits]
        for start, end, pattern in sorted(self._loose_hits(document.text), key=lambda hit: (hit[0], -hit[1])):
            index = bisect_left(taken, end) - 1
            if (index < 0 or hits[index][1] <= start) and is_whole_word(document.text, start, end):
                hits.insert(index + 1, (start, end, (pattern,)))
                taken.insert(index + 1, start)
        return hits

    def _loose_hits(self, text: str) -> Iterator[tuple[int, int, _Pattern]]:
        for entry, expression in self._expressions:
            for start, end in glossary_patterns.matches(expression, text, any_case=entry.case == "any"):
                yield start, end, _loose_pattern(text[start:end], entry, entry.level)
        if self._near:
            for start, end, target in self._near.hits(text):
                if not _is_known_word(text[start:end]):
                    yield start, end, _loose_pattern(text[start:end], self._near_entries[target], Level.SUGGEST)

    @cached_property
    def _expressions(self) -> tuple[tuple[Entry, str], ...]:
        return tuple((entry, regex) for entry in self.entries if not entry.keep for regex in entry.regexes)

    @cached_property
    def _near_entries(self) -> dict[str, Entry]:
        return {fuzzy.text: entry for entry in self.entries if not entry.keep for fuzzy in entry.fuzzies}

    @cached_property
    def _near(self) -> glossary_patterns.NearSpellings | None:
        targets = {f.text: f.distance for entry in self.entries if not entry.keep for f in entry.fuzzies}
        return glossary_patterns.NearSpellings(targets) if targets else None

    def terms(self, document: Document) -> Iterator[tuple[int, int, Entry]]:
        """Where the terms themselves stand, longest first at each place, each with its entry."""
        hits = self._hits(document.text, document.lowered)
        return ((start, end, first.entry) for start, end, (first, *_) in hits if first.replacement is None)

    def protected(self, text: str) -> list[str]:
        """The terms in ``text`` that no edit may lose: every entry's own term."""
        hits = self._hits(text, _lower(text))
        return [first.entry.term for _, _, (first, *_) in hits if first.replacement is None]

    def _hits(self, text: str, lowered: str) -> Iterator[tuple[int, int, _Patterns]]:
        if not self._patterns:
            return
        hits = []
        lowered = _SURROGATE.sub("\ufffd", lowered)  # the automaton takes no lone surrogates; JSON may hold them
        for index, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):  # type: ignore[attr-defined]
            pattern = self._patterns[index][0]
            if (not pattern.whole or is_whole_word(text, start, end)) and _same_case(text[start:end], pattern):
                # At one place a variant goes before an equal term of another entry, else nothing could apply.
                hits.append((start, -end, pattern.replacement is None, index))
        done = 0
        for start, negative_end, _, index in sorted(hits):
            if start >= done:
                done = -negative_end
                yield start, done, self._patterns[index]


def load(paths: Sequence[Path] = (), *, shipped: bool = True) -> Glossary:
    """The shipped glossary (unless switched off) with the files at ``paths`` after it.

    An entry whose own examples fail stops the load. Raises :class:`MtcleanError` with file, line and
    column for a broken file, and what came out where an example fails.
    """
    folder = resources.glossary_folder()
    sources = [(folder / name, f"glossary/{name}") for name in SHIPPED] if shipped else []
    sources += [(path, str(path)) for path in paths]
    return compile_entries([entry for path, name in sources for entry in read_entries(path, name)])


@lru_cache(maxsize=1)
def shipped_glossary() -> Glossary:
    """The glossary that ships with the program, loaded once."""
    return load()


def compile_entries(entries: Sequence[Entry]) -> Glossary:
    """Make entries searchable and prove each by its own examples."""
    patterns: dict[tuple[str, bool], list[_Pattern]] = {}
    for entry in entries:
        for pattern in _patterns_of(entry):
            patterns.setdefault((pattern.surface, pattern.replacement is None), []).append(pattern)
    glossary = Glossary(tuple(entries), tuple(map(tuple, patterns.values())))
    _prove(glossary)
    return glossary


def _patterns_of(entry: Entry) -> Iterator[_Pattern]:
    # A term protects itself in every form its variants can take, else "support" → "nation support" runs on.
    any_case = entry.term == entry.term.lower()
    yield _Pattern(entry.term, entry, None, any_case)
    if "plural" in entry.inflect:
        yield _Pattern(_plural(entry.term), entry, None, any_case)
    if entry.keep:
        return
    for variant in entry.variants:
        lower = variant == variant.lower()
        yield _Pattern(variant, entry, entry.term, lower, entry.company, variant not in entry.partial)
        if "plural" in entry.inflect:
            yield _Pattern(_plural(variant), entry, _plural(entry.term), lower, entry.company)


def _loose_pattern(surface: str, entry: Entry, level: Level) -> _Pattern:
    """The pattern of a hit that no literal variant made; its case is the text's own."""
    weakened = entry if entry.level is level else replace(entry, level=max(level, entry.level, key=_WEAKER.index))
    shown = surface if surface[0].islower() or entry.term[0].isupper() else surface.lower()
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


def _prove(glossary: Glossary) -> None:
    """An example shows what a plain run does, and what its own entry does however weak its level."""
    for entry in glossary.entries:
        for bad, good in entry.examples:
            document = Document(bad)
            found = [f for f in glossary.find(document) if f.level is Level.SAFE or f.entry == entry.place]
            edits = [(f.start, f.end, f.fix) for f in found if f.fix is not None]
            came_out = splice(bad, edits)
            if came_out != good:
                raise yamlsource.Node(None, *_place(entry)).fail(
                    f"the example of {entry.term!r} fails: {bad!r} became {came_out!r}, not {good!r}",
                    "correct the example, the variants or the conditions",
                )


def _place(entry: Entry) -> tuple[str, int, int]:
    file, _, line = entry.place.rpartition(":")
    return file, int(line), 1


def _finding(text: str, start: int, end: int, pattern: _Pattern, floor: int) -> Finding:
    entry = pattern.entry
    surface = text[start:end]
    fix = _in_case_of(surface, pattern.surface, pattern.replacement or "")
    named = entry.kind in NAMED_KINDS
    if "the" in entry.inflect and not _DETERMINED.search(text, max(0, start - 12), start):
        fix = ("The " if _starts_sentence(text, start) else "the ") + fix
    article_start, fix = _with_article(text, start, fix, floor)
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


def _with_article(text: str, start: int, fix: str, floor: int) -> tuple[int, str]:
    """Take a preceding ``a``/``an`` into the edit where the new word needs the other one.

    What stands before ``floor`` is another finding's. A capital is an article only where a sentence starts
    ("Plan A").
    """
    match = _ARTICLE.search(text, max(floor, start - 3), start)
    right = _article(fix)
    if match is None or right is None or (match["a"] == "A" and not _starts_sentence(text, match.start())):
        return start, fix
    if match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] in "-.'’"):
        return start, fix
    if len(match.group()) == len(right) + 1:
        return start, fix
    return match.start(), f"{match['a']}{right[1:]} {fix}"


def _article(word: str) -> str | None:
    """``a`` or ``an``, as ``word`` sounds; ``None`` for an acronym that may be spelled out or not (``FBI``)."""
    first = re.split(r"[^\w.]", word, maxsplit=1)[0]
    if first.isupper():
        if first[0] in "AEIOU":
            return "a" if first[0] == "U" else "an"
        if any(letter in "AEIOU" for letter in first):
            return None
        return "an" if first[0] in "FHLMNRSX" else "a"
    if _SILENT_H.match(word):
        return "an"
    return "an" if word[0].lower() in "aeiouéáíóúöüäå" and not _SOUNDS_LIKE_YOU.match(word) else "a"


def _starts_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start].rstrip(" \"“'‘(")
    return not before or before[-1] in ".!?\n\r"


def _same_case(surface: str, pattern: _Pattern) -> bool:
    case = pattern.entry.case if pattern.replacement is not None else "smart"
    if surface == pattern.surface or case == "any":
        return True
    if case == "exact":
        return False
    if surface == pattern.surface.upper():
        return True
    return pattern.any_case and surface == pattern.surface[0].upper() + pattern.surface[1:]


def _in_case_of(surface: str, variant: str, replacement: str) -> str:
    if surface == variant:
        return replacement
    if len(surface) > 3 and surface == surface.upper():
        return replacement.upper()
    return replacement[0].upper() + replacement[1:]


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def _lower(text: str) -> str:
    return Document(text).lowered

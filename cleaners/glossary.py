"""The glossary: YAML entries become findings, in time linear in the text whatever their number.

An entry says what a text should have (``term``), what translation makes of it (``variants``), and in what
company a variant may be trusted (``when``, ``unless``). All variants and terms are searched in one pass
(Aho-Corasick), whole words only; of overlapping hits the leftmost longest counts, so that a variant is
never replaced inside another term. Case follows the text, plurals and articles follow the term.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from random import Random

from cleaners import resources, yamlsource
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage, splice
from cleaners.segment import Span
from cleaners.yamlsource import Node

KINDS = ("place", "person", "organisation", "treaty", "programme", "title", "term")
# plural: variant and term also in the plural; the: the term takes the definite article.
INFLECTIONS = ("plural", "the")
TERM_CODE, NAME_CODE = "TRM001", "NAM001"
_RULE_NAMES = {TERM_CODE: "glossary-term", NAME_CODE: "glossary-name"}
_RULE_DOCS = {
    TERM_CODE: """Puts the usual term in place of another wording, as the glossary says.

**What.** Terms, titles, treaties and programmes of the glossary: ``NATO contact office`` becomes
``NATO liaison office``.

**Mechanism.** The system translates a fixed term word by word.

**Left alone.** Variants whose conditions (``when``, ``unless``) do not hold, parts of words and of longer
terms, and terms marked ``keep``.

**Source.** The entry named in the finding; each entry proves itself by its own examples.""",
    NAME_CODE: """Puts the right name in place of a garbled one, as the glossary says.

**What.** Places, persons and organisations of the glossary: ``Vernis`` becomes ``Vilnius`` in a text about
Lithuania.

**Mechanism.** A foreign name reaches English by way of Japanese or Chinese sounds and characters.

**Left alone.** Variants whose conditions (``when``, ``unless``) do not hold: a Mr. Vernis stays.

**Source.** The entry named in the finding; each entry proves itself by its own examples.""",
}
_NAMED = frozenset({"place", "person", "organisation"})
_KEYS = (
    "term", "kind", "variants", "surname", "inflect", "when", "unless", "keep", "forbid", "level", "source", "note",
    "examples",
)  # fmt: skip
_CONDITION_KEYS = ("document", "near", "source")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DETERMINED = re.compile(r"\b(?:the|a|an|this|that|its|our|their|NATO's) \Z", re.IGNORECASE)
_ARTICLE = re.compile(r"(?P<a>[Aa])n? \Z")
_SILENT_H = re.compile(r"h(?:ours?|onest|onou?r|eir)", re.IGNORECASE)
_SOUNDS_LIKE_YOU = re.compile(r"uni|eu|one\b|once\b|us[aeu]|ut[ei]|ur[ao]n|uk", re.IGNORECASE)
SHIPPED = ("nato.yaml", "japan.yaml", "places.yaml")


class Mentions:
    """Where phrases stand in a document, as whole words and in their own case; each is looked up once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._starts: dict[str, list[int]] = {}

    def any(self, phrases: Iterable[str], within: Span, skip: Span) -> bool:
        """Whether one of ``phrases`` stands inside ``within`` and does not overlap ``skip``."""
        return any(self._stands(phrase, within, skip) for phrase in phrases)

    def _stands(self, phrase: str, within: Span, skip: Span) -> bool:
        starts = self._starts.get(phrase)
        if starts is None:
            starts = self._starts[phrase] = list(_occurrences(self.document.text, phrase))
        last = within.end - len(phrase)
        for index in range(bisect_left(starts, within.start), len(starts)):
            at = starts[index]
            if at > last:
                break
            if not (at < skip.end and skip.start < at + len(phrase)):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Condition:
    """Company a variant needs: any one mention in each part that is given.

    ``document``: somewhere in the document; ``near``: in the same paragraph, outside the hit; ``source``:
    the source language, where it is known.
    """

    document: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    source: str | None = None

    def holds(self, mentions: Mentions, start: int, end: int, *, beside: bool) -> bool:
        """Whether every given part is met for the hit ``[start, end)``.

        ``beside``: mentions that overlap the hit do not count, nor is an unknown source language held
        against it; so it is asked of ``when``. ``unless`` counts the hit's own words ("Mr. Vernis").
        """
        document = mentions.document
        hit = Span(start, end) if beside else Span(0, 0)
        if self.source and (document.source_lang or (self.source if beside else None)) != self.source:
            return False
        if self.document and not mentions.any(self.document, Span(0, len(document.text)), hit):
            return False
        return not self.near or mentions.any(self.near, document.paragraph_at(start), hit)


@dataclass(frozen=True, slots=True)
class Entry:
    """One glossary entry; ``place`` is its file:line. Examples are (bad, good) pairs."""

    term: str
    kind: str
    place: str
    variants: tuple[str, ...] = ()
    surname: str | None = None
    inflect: tuple[str, ...] = ()
    when: Condition | None = None
    unless: Condition | None = None
    keep: bool = False
    forbid: bool = False
    level: Level = Level.SAFE
    source: str | None = None
    note: str = ""
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What one searched string stands for; no replacement: a term, which only protects itself."""

    surface: str
    entry: Entry
    replacement: str | None
    any_case: bool


@dataclass(frozen=True)
class Glossary:
    """Entries ready to search; build it with :func:`load` or :func:`compile_entries`."""

    entries: tuple[Entry, ...] = ()
    _patterns: tuple[_Pattern, ...] = field(default=(), repr=False)

    @cached_property
    def _automaton(self) -> object:
        import ahocorasick_rs

        return ahocorasick_rs.AhoCorasick([p.surface.lower() for p in self._patterns])

    def find(self, document: Document) -> Iterator[Finding]:
        """Variants in the document whose conditions hold, as findings of stage ``glossary``."""
        mentions = Mentions(document)
        floor = done = 0
        for start, end, pattern in self._hits(document.text, document.lowered):
            floor, done = done, end
            entry = pattern.entry
            if pattern.replacement is None:
                continue
            if entry.when and not entry.when.holds(mentions, start, end, beside=True):
                continue
            if entry.unless and entry.unless.holds(mentions, start, end, beside=False):
                continue
            yield _finding(document.text, start, end, pattern, floor)

    def rules(self) -> tuple[Rule, Rule]:
        """The glossary as two rules: its terms and its names."""
        return _rule(self, TERM_CODE), _rule(self, NAME_CODE)

    def terms(self, document: Document) -> Iterator[tuple[int, int, Entry]]:
        """Where the terms themselves stand, longest first at each place, each with its entry."""
        hits = self._hits(document.text, document.lowered)
        return ((start, end, pattern.entry) for start, end, pattern in hits if pattern.replacement is None)

    def protected(self, text: str) -> list[str]:
        """The terms in ``text`` that no edit may lose: every entry's own term."""
        return [p.entry.term for _, _, p in self._hits(text, _lower(text)) if p.replacement is None]

    def _hits(self, text: str, lowered: str) -> Iterator[tuple[int, int, _Pattern]]:
        if not self._patterns:
            return
        hits = []
        lowered = _SURROGATE.sub("\ufffd", lowered)  # the automaton takes no lone surrogates; JSON may hold them
        for index, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):  # type: ignore[attr-defined]
            pattern = self._patterns[index]
            if _whole_word(text, start, end) and _same_case(text[start:end], pattern):
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
    patterns: dict[tuple[str, bool], _Pattern] = {}
    for entry in entries:
        for pattern in _patterns_of(entry):
            key = (pattern.surface, pattern.replacement is None)
            patterns.setdefault(key, pattern)
    glossary = Glossary(tuple(entries), tuple(patterns.values()))
    _prove(glossary)
    return glossary


def read_entries(path: Path, name: str | None = None) -> list[Entry]:
    """The entries of one file, checked key by key but not yet proved by their examples."""
    root = yamlsource.load(path, name)
    if root.value is None:
        return []
    top = root.mapping(("entries",), "a glossary")
    if "entries" not in top:
        raise root.fail("a glossary needs the key 'entries'", "add 'entries:' above the list")
    return [_entry(node) for node in top["entries"].items("entries")]


def _occurrences(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        if _whole_word(text, at, at + len(phrase)):
            yield at
        at = text.find(phrase, at + 1)


def _entry(node: Node) -> Entry:
    keys = node.mapping(_KEYS, "an entry")
    for needed in ("term", "kind"):
        if needed not in keys:
            raise node.fail(f"the entry has no {needed!r}", "add it")
    term = keys["term"].string("term")
    keep = keys["keep"].boolean("keep") if "keep" in keys else False
    variants = keys["variants"].strings("variants") if "variants" in keys else ()
    for variant in variants:
        if variant == term:
            raise keys["variants"].fail(f"the variant {variant!r} is the term itself", "remove it")
    return Entry(
        term=term,
        kind=keys["kind"].choice("kind", KINDS),
        place=f"{node.file}:{node.line}",
        variants=variants,
        surname=keys["surname"].string("surname") if "surname" in keys else None,
        inflect=_inflections(keys["inflect"]) if "inflect" in keys else (),
        when=_condition(keys["when"], "when") if "when" in keys else None,
        unless=_condition(keys["unless"], "unless") if "unless" in keys else None,
        keep=keep,
        forbid=keys["forbid"].boolean("forbid") if "forbid" in keys else False,
        level=Level(keys["level"].choice("level", tuple(Level))) if "level" in keys else Level.SAFE,
        source=keys["source"].choice("source", ("ja", "zh")) if "source" in keys else None,
        note=keys["note"].string("note") if "note" in keys else "",
        examples=tuple(_example(n) for n in keys["examples"].items("examples")) if "examples" in keys else (),
    )


def _inflections(node: Node) -> tuple[str, ...]:
    return tuple(item.choice("inflect", INFLECTIONS) for item in node.items("inflect"))


def _condition(node: Node, what: str) -> Condition:
    keys = node.mapping(_CONDITION_KEYS, what)
    if not keys:
        raise node.fail(f"{what} is empty", "give it 'document', 'near' or 'source'")
    return Condition(
        document=keys["document"].strings("document") if "document" in keys else (),
        near=keys["near"].strings("near") if "near" in keys else (),
        source=keys["source"].choice("source", ("ja", "zh")) if "source" in keys else None,
    )


def _example(node: Node) -> tuple[str, str]:
    keys = node.mapping(("bad", "good"), "an example")
    if "bad" not in keys or "good" not in keys:
        raise node.fail("an example needs both 'bad' and 'good'")
    return keys["bad"].string("bad"), keys["good"].string("good")


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
        yield _Pattern(variant, entry, entry.term, lower)
        if "plural" in entry.inflect:
            yield _Pattern(_plural(variant), entry, _plural(entry.term), lower)


def _prove(glossary: Glossary) -> None:
    for entry in glossary.entries:
        for bad, good in entry.examples:
            document = Document(bad)
            edits = [(f.start, f.end, f.fix) for f in glossary.find(document) if f.fix is not None]
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
    named = entry.kind in _NAMED
    if "the" in entry.inflect and not _DETERMINED.search(text, max(0, start - 12), start):
        fix = ("The " if _starts_sentence(text, start) else "the ") + fix
    article_start, fix = _with_article(text, start, fix, floor)
    message = f"{surface!r} stands for {entry.term!r}" + (f": {entry.note}" if entry.note else "")
    return Finding(
        code=NAME_CODE if named else TERM_CODE,
        name=_RULE_NAMES[NAME_CODE if named else TERM_CODE],
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


def _rule(glossary: Glossary, code: str) -> Rule:
    named = code == NAME_CODE

    def find(document: Document) -> Iterator[Finding]:
        """Variants of this kind."""
        return (finding for finding in glossary.find(document) if finding.code == code)

    def damage(document: Document, random: Random) -> Iterable[Damage]:
        """Variants of this kind for the terms that stand in the document."""
        from cleaners import garbling

        kinds = _NAMED if named else frozenset(KINDS) - _NAMED
        return garbling.damage(glossary, kinds, document, random)

    examples = [
        (entry, Example(bad, good)) for entry in glossary.entries for bad, good in entry.examples if bad != good
    ]
    return Rule(
        code=code,
        name=_RULE_NAMES[code],
        message="a name stands in a garbled form" if named else "a term stands in another wording than the usual",
        level=Level.SAFE,
        severity=Severity.MAJOR if named else Severity.MINOR,
        mqm="accuracy/mistranslation" if named else "terminology/wrong-term",
        confidence=0.95,
        find=find,
        damage=damage,
        bad=tuple(example for entry, example in examples if (entry.kind in _NAMED) == named),
        good=tuple(bad for entry in glossary.entries for bad, good in entry.examples if bad == good),
        stage=Stage.GLOSSARY,
        doc=_RULE_DOCS[code],
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


def _whole_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isalnum() or before in "_@" or after.isalnum() or after == "_":
        return False
    # Neither part of a hyphenated word: "Vernis-based" may be a brand, "non-NATO" is another word.
    return not (before == "-" and start > 1 and text[start - 2].isalnum()) and not (
        after == "-" and end + 1 < len(text) and text[end + 1].isalnum()
    )


def _same_case(surface: str, pattern: _Pattern) -> bool:
    if surface in (pattern.surface, pattern.surface.upper()):
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


def surnames(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Surname → full names of the persons in the glossary; a person without ``surname`` has the last word."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.kind == "person":
            found.setdefault(entry.surname or entry.term.split()[-1], []).append(entry.term)
    return {surname: tuple(names) for surname, names in found.items()}

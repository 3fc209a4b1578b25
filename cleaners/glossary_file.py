"""Reads glossary files: YAML in, checked entries out, each complaint with its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cleaners import glossary_patterns as patterns
from cleaners import yamlsource
from cleaners.company import CLASSES, Condition
from cleaners.core import Level
from cleaners.yamlsource import Node

KINDS = ("place", "person", "organisation", "treaty", "programme", "title", "term")
# plural: variant and term also in the plural; the: the term takes the definite article.
INFLECTIONS = ("plural", "the")
# smart: lower-case variants follow the text's case, capitalised ones stand as written; exact; any.
CASES = ("smart", "exact", "any")
LANGUAGES = ("ja", "zh")
KEYS = (
    "term", "kind", "variants", "surname", "case", "inflect", "when", "unless", "keep", "forbid", "level", "source",
    "native", "expand", "note", "examples",
)  # fmt: skip
CONDITION_KEYS = ("document", "near", "source", "before", "after", "since", "until")
VARIANT_KEYS = ("text", "whole", "regex", "fuzzy", "distance")
_MAX_DISTANCE = 2  # letters; farther apart nearly every name has a neighbour
_SHORTEST_FUZZY = 5


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A spelling that stands for the term when at most ``distance`` letters differ."""

    text: str
    distance: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One glossary entry; ``place`` is its file:line. Examples are (bad, good) pairs.

    ``variants`` are literal; those of ``partial`` may stand inside words, ``regexes`` and ``fuzzies`` are the other
    two ways to write one. ``native`` holds the term in the characters of a source language, (language, form) pairs.
    """

    term: str
    kind: str
    place: str
    variants: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()
    regexes: tuple[str, ...] = ()
    fuzzies: tuple[Fuzzy, ...] = ()
    surname: str | None = None
    case: str = "smart"
    inflect: tuple[str, ...] = ()
    when: Condition | None = None
    unless: Condition | None = None
    keep: bool = False
    forbid: bool = False
    level: Level = Level.SAFE
    source: str | None = None
    native: tuple[tuple[str, str], ...] = ()
    expand: str | None = None
    note: str = ""
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def company(self) -> frozenset[str]:
        """Words that may stand beside a variant without making another name of it: those ``when`` asks for."""
        phrases = (*self.when.document, *self.when.near, *self.when.before) if self.when else ()
        return frozenset(word.removesuffix("'s") for phrase in phrases for word in phrase.split())


def as_plain(entry: Entry) -> dict[str, Any]:
    """An entry in what JSON holds; :func:`from_plain` makes it an entry again."""
    found = {name: getattr(entry, name) for name in Entry.__slots__}
    found["partial"] = sorted(entry.partial)
    found["fuzzies"] = [[fuzzy.text, fuzzy.distance] for fuzzy in entry.fuzzies]
    for key in ("when", "unless"):
        condition = getattr(entry, key)
        if condition is not None:
            found[key] = {name: getattr(condition, name) for name in CONDITION_KEYS}
            for end in ("since", "until"):
                found[key][end] = found[key][end] and found[key][end].isoformat()
    return {name: value for name, value in found.items() if value not in (None, (), [], False, "")}


def from_plain(plain: dict[str, Any]) -> Entry:
    """The entry that :func:`as_plain` wrote down."""
    found = dict(plain)
    for key in ("variants", "regexes", "inflect"):
        found[key] = tuple(plain.get(key, ()))
    for key in ("native", "examples"):
        found[key] = tuple((one, other) for one, other in plain.get(key, ()))
    found["partial"] = frozenset(plain.get("partial", ()))
    found["fuzzies"] = tuple(Fuzzy(text, distance) for text, distance in plain.get("fuzzies", ()))
    found["level"] = Level(plain["level"])
    for key in ("when", "unless"):
        if key in plain:
            found[key] = _plain_condition(plain[key])
    return Entry(**found)


def _plain_condition(plain: dict[str, Any]) -> Condition:
    found: dict[str, Any] = {key: tuple(plain[key]) for key in ("document", "near", "before", "after")}
    found |= {key: date.fromisoformat(plain[key]) if plain[key] else None for key in ("since", "until")}
    return Condition(source=plain["source"], **found)


def read_entries(path: Path, name: str | None = None) -> list[Entry]:
    """The entries of one file, checked key by key but not yet proved by their examples."""
    return [entry_of(node) for node in entry_nodes(path, name)]


def entry_nodes(path: Path, name: str | None = None) -> list[Node]:
    """The entries of one file as they stand, unchecked."""
    root = yamlsource.load(path, name)
    if root.value is None:
        return []
    top = root.mapping(("entries",), "a glossary")
    if "entries" not in top:
        raise root.fail("a glossary needs the key 'entries'", "add 'entries:' above the list")
    return top["entries"].items("entries")


def surnames(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Surname → full names of the persons in the glossary; a person without ``surname`` has the last word."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        if entry.kind == "person":
            found.setdefault(entry.surname or entry.term.split()[-1], {})[entry.term] = None
    return {surname: tuple(names) for surname, names in found.items()}


def entry_of(node: Node) -> Entry:
    """One entry, checked key by key; raises :class:`MtcleanError` at the first key that is wrong."""
    keys = node.mapping(KEYS, "an entry")
    for needed in ("term", "kind"):
        if needed not in keys:
            raise node.fail(f"the entry has no {needed!r}", "add it")
    term = keys["term"].string("term")
    return Entry(
        term=term,
        kind=keys["kind"].choice("kind", KINDS),
        place=f"{node.file}:{node.line}",
        **(_variants(keys["variants"], term) if "variants" in keys else {}),
        surname=keys["surname"].string("surname") if "surname" in keys else None,
        case=keys["case"].choice("case", CASES) if "case" in keys else "smart",
        inflect=_inflections(keys["inflect"]) if "inflect" in keys else (),
        when=_condition(keys["when"], "when") if "when" in keys else None,
        unless=_condition(keys["unless"], "unless") if "unless" in keys else None,
        keep=keys["keep"].boolean("keep") if "keep" in keys else False,
        forbid=keys["forbid"].boolean("forbid") if "forbid" in keys else False,
        level=Level(keys["level"].choice("level", tuple(Level))) if "level" in keys else Level.SAFE,
        source=keys["source"].choice("source", LANGUAGES) if "source" in keys else None,
        native=_native(keys["native"]) if "native" in keys else (),
        expand=_expansion(keys["expand"], term) if "expand" in keys else None,
        note=keys["note"].string("note") if "note" in keys else "",
        examples=tuple(_example(n) for n in keys["examples"].items("examples")) if "examples" in keys else (),
    )


def _variants(node: Node, term: str) -> dict[str, Any]:
    literal: list[str] = []
    partial: set[str] = set()
    regexes: list[str] = []
    fuzzies: list[Fuzzy] = []
    for item in node.items("variants"):
        if not isinstance(item.value, dict):
            literal.append(item.string("each item of variants"))
            continue
        keys = item.mapping(VARIANT_KEYS, "a variant")
        if len(keys.keys() & {"text", "regex", "fuzzy"}) != 1:
            raise item.fail(
                "a variant needs one of 'text', 'regex' and 'fuzzy'", "write it as text where it is literal"
            )
        if "text" in keys:
            literal.append(keys["text"].string("text"))
            if "whole" in keys and not keys["whole"].boolean("whole"):
                if literal[-1].lower() in term.lower():
                    what = f"{literal[-1]!r} may stand inside words and is part of its own term"
                    raise item.fail(f"{what}: each run would add to the last", "make it a whole word")
                partial.add(literal[-1])
        elif "regex" in keys:
            regexes.append(_regex(keys["regex"]))
        else:
            fuzzies.append(_fuzzy(keys))
        for key, needed in (("whole", "text"), ("distance", "fuzzy")):
            if key in keys and needed not in keys:
                raise keys[key].fail(f"{key!r} does not go with this kind of variant", "remove it")
    if term in literal:
        raise node.fail(f"the variant {term!r} is the term itself", "remove it")
    return {
        "variants": tuple(literal),
        "partial": frozenset(partial),
        "regexes": tuple(regexes),
        "fuzzies": tuple(fuzzies),
    }


def _regex(node: Node) -> str:
    pattern = node.string("regex")
    complaint = patterns.complaint(pattern)
    if complaint:
        raise node.fail(f"the expression {pattern!r} {complaint}", "write it otherwise, or list the variants")
    return pattern


def _fuzzy(keys: dict[str, Node]) -> Fuzzy:
    text = keys["fuzzy"].string("fuzzy")
    if len(text) < _SHORTEST_FUZZY or not text[0].isupper() or " " in text:
        what = f"{text!r} is no capitalised word of {_SHORTEST_FUZZY} letters or more"
        raise keys["fuzzy"].fail(what, "list its variants instead: words that short are near to many others")
    if "distance" not in keys:
        return Fuzzy(text)
    distance = keys["distance"].value
    if not isinstance(distance, int) or not 1 <= distance <= _MAX_DISTANCE:
        raise keys["distance"].fail(f"distance must be a number from 1 to {_MAX_DISTANCE}")
    return Fuzzy(text, distance)


def _native(node: Node) -> tuple[tuple[str, str], ...]:
    keys = node.mapping(LANGUAGES, "native")
    return tuple((language, form) for language, forms in keys.items() for form in _one_or_more(forms, language))


def _one_or_more(node: Node, what: str) -> tuple[str, ...]:
    return node.strings(what) if isinstance(node.value, list) else (node.string(what),)


def _expansion(node: Node, term: str) -> str:
    expansion = node.string("expand")
    if term not in expansion:
        raise node.fail(f"expand must hold the term {term!r}", f"write it as 'Full Name ({term})'")
    return expansion


def _inflections(node: Node) -> tuple[str, ...]:
    return tuple(item.choice("inflect", INFLECTIONS) for item in node.items("inflect"))


def _condition(node: Node, what: str) -> Condition:
    keys = node.mapping(CONDITION_KEYS, what)
    if not keys:
        raise node.fail(f"{what} is empty", "give it " + ", ".join(map(repr, CONDITION_KEYS)))
    return Condition(
        document=keys["document"].strings("document") if "document" in keys else (),
        near=keys["near"].strings("near") if "near" in keys else (),
        source=keys["source"].choice("source", ("ja", "zh")) if "source" in keys else None,
        before=_words(keys["before"], "before") if "before" in keys else (),
        after=_words(keys["after"], "after") if "after" in keys else (),
        since=_day(keys["since"], "since") if "since" in keys else None,
        until=_day(keys["until"], "until") if "until" in keys else None,
    )


def _day(node: Node, what: str) -> date:
    """A date as YAML reads it; a time of day is not meant."""
    if not isinstance(node.value, date) or isinstance(node.value, datetime):
        raise node.fail(f"{what} must be a date", "write it as 2023-07-11, without quotes")
    return node.value


def _words(node: Node, what: str) -> tuple[str, ...]:
    """Words as they stand, or classes of words in angle brackets."""
    for item in node.items(what):
        words = item.string(f"each item of {what}")
        if words.startswith("<"):
            item.choice(what, tuple(CLASSES))
    return node.strings(what)


def _example(node: Node) -> tuple[str, str]:
    keys = node.mapping(("bad", "good"), "an example")
    if "bad" not in keys or "good" not in keys:
        raise node.fail("an example needs both 'bad' and 'good'")
    return keys["bad"].string("bad"), keys["good"].string("good")

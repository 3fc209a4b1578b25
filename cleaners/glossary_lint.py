"""Looks over glossaries as an editor saves them: every problem with its place, not only the first.

What would stop the load is an error. What loads but cannot mean what its author wants, or will touch text it should
not, is a warning. Each check says in its message what to do.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cleaners.errors import MtcleanError
from cleaners.glossary import compile_entries
from cleaners.glossary_file import Entry, entry_nodes, entry_of
from cleaners.yamlsource import Node


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One line of the lint's output; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int
    severity: str
    message: str
    todo: str = ""

    def __str__(self) -> str:
        advice = f"; {self.todo}" if self.todo else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}{advice}"


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry beside the node it was read from, so that a part of it can be pointed at."""

    node: Node
    entry: Entry

    def at(self, key: str) -> Node:
        """Where ``key`` stands, or the entry itself."""
        return self.node.value.get(key, self.node)  # type: ignore[no-any-return]

    def variant(self, text: str, nth: int = 0) -> Node:
        """Where a literal variant stands, its first or a later mention."""
        places = []
        for item in self.node.value["variants"].value:
            literal = item.value.get("text", item).value if isinstance(item.value, dict) else item.value
            if literal == text:
                places.append(item)
        return places[nth] if nth < len(places) else self.at("variants")


def lint(paths: Sequence[tuple[Path, str]], beside: Sequence[Entry] = ()) -> list[Problem]:
    """Every problem of these files, each a path and the name that messages call it, in the order of the files.

    ``beside``: the entries that will be loaded with them, which their examples may count on.
    """
    problems: list[Problem] = []
    read: list[_Read] = []
    for path, name in paths:
        problems += _hidden(path, name)
        try:
            nodes = entry_nodes(path, name)
        except MtcleanError as error:
            problems.append(_from_error(error, name))
            continue
        for node in nodes:
            try:
                read.append(_Read(node, entry_of(node)))
            except MtcleanError as error:
                problems.append(_from_error(error, name))
    for check in (_twice, _cycles, _inside_own_term, _too_common, _dead):
        problems += check(read)
    if not any(problem.severity == "error" for problem in problems):
        try:
            compile_entries(beside, [item.entry for item in read])
        except MtcleanError as error:
            problems.append(_from_error(error, next(n for _, n in paths if error.place.startswith(f"{n}:"))))
    order = {name: index for index, (_, name) in enumerate(paths)}
    return sorted(set(problems), key=lambda p: (order.get(p.file, len(order)), p))


def as_text(problems: Iterable[Problem]) -> str:
    """A line each."""
    return "".join(f"{problem}\n" for problem in problems)


def as_json(problems: Iterable[Problem]) -> str:
    """One array of objects."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2) + "\n"


def _problem(node: Node, severity: str, message: str, todo: str = "") -> Problem:
    return Problem(node.file, node.line, node.column, severity, message, todo)


def _from_error(error: MtcleanError, name: str) -> Problem:
    rest = error.place.removeprefix(name).removeprefix(":").split(":")
    numbers = [int(part) for part in rest if part.isdigit()]
    line, column = (*numbers, 1, 1)[:2] if numbers else (1, 1)
    return Problem(name, line, column, "error", error.what, error.todo)


def _hidden(path: Path, name: str) -> Iterator[Problem]:
    """Anchors, aliases and merge keys: what an entry says then stands elsewhere."""
    import yaml

    try:
        tokens = list(yaml.scan(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return  # told by the reader
    for token in tokens:
        place = Node(None, name, token.start_mark.line + 1, token.start_mark.column + 1)
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            sign = "&" if isinstance(token, yaml.AnchorToken) else "*"
            yield _problem(
                place, "error", f"{sign}{token.value} makes an entry say what stands elsewhere", "write it out"
            )
        elif isinstance(token, yaml.ScalarToken) and token.value == "<<" and token.plain:
            yield _problem(place, "error", "a merge key makes an entry say what stands elsewhere", "write it out")


def _twice(read: Sequence[_Read]) -> Iterator[Problem]:
    first: dict[str, _Read] = {}
    for item in read:
        seen: Counter[str] = Counter()
        for variant in item.entry.variants:
            seen[variant] += 1
            if seen[variant] > 1:
                place = item.variant(variant, seen[variant] - 1)
                yield _problem(place, "error", f"the variant {variant!r} stands twice", "remove one")
                continue
            other = first.setdefault(variant, item)
            if other is item:
                continue
            where = f"{other.entry.place} ({other.entry.term!r})"
            if other.entry.term == item.entry.term:
                if _asks(other.entry) != _asks(item.entry):
                    continue  # layered on purpose: safe in one company, suggested in another
                what = f"the variant {variant!r} stands for this term already in {where}"
                yield _problem(item.variant(variant), "warning", what, "join the entries")
            elif not (_is_bound(item.entry) and _is_bound(other.entry)):
                severity = "warning" if _is_bound(other.entry) else "error"
                what = f"the variant {variant!r} stands for another term in {where}"
                todo = "keep one, or say with 'when' in which company each is meant"
                yield _problem(item.variant(variant), severity, what, todo)


def _cycles(read: Sequence[_Read]) -> Iterator[Problem]:
    """A variant that is another entry's term: the text runs on, or back and forth for ever."""
    by_term: dict[str, list[_Read]] = {}
    for item in read:
        by_term.setdefault(item.entry.term.lower(), []).append(item)
    leads = {
        term: {v.lower() for item in items for v in item.entry.variants if v.lower() in by_term}
        for term, items in by_term.items()
    }
    for item in read:
        for variant in item.entry.variants:
            low = variant.lower()
            if low not in by_term or low == item.entry.term.lower():
                continue
            place = item.variant(variant)
            other = by_term[low][0].entry
            if _reaches(leads, low, item.entry.term.lower()):
                what = f"{variant!r} becomes {item.entry.term!r} here and that becomes {variant!r} in {other.place}"
                yield _problem(place, "error", what, "keep one direction")
            elif not item.entry.when:
                what = f"the variant {variant!r} is the term of {other.place}, which would not survive"
                yield _problem(place, "warning", what, "say with 'when' in which company it is wrong")


def _reaches(leads: dict[str, set[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    left = [start]
    while left:
        term = left.pop()
        if goal in leads.get(term, ()):
            return True
        if term not in seen:
            seen.add(term)
            left += leads.get(term, ())
    return False


def _inside_own_term(read: Sequence[_Read]) -> Iterator[Problem]:
    for item in read:
        term = f" {item.entry.term.lower()} "
        for variant in item.entry.variants:
            if f" {variant.lower()} " in term:
                what = f"the variant {variant!r} is part of its own term {item.entry.term!r}"
                yield _problem(item.variant(variant), "warning", what, "say with 'when' where the rest is missing")


def _too_common(read: Sequence[_Read]) -> Iterator[Problem]:
    """Single words that mean something by themselves, in an entry without a condition."""
    from cleaners.names import gazetteer

    known = gazetteer.shipped()
    for item in read:
        if _is_bound(item.entry) or item.entry.keep or item.entry.forbid:
            continue
        for variant in item.entry.variants:
            if " " in variant or "-" in variant or not variant.isalpha():
                continue
            kind = "a place" if known.is_name(variant) else "an English word" if known.is_word(variant) else None
            if kind:
                what = f"the variant {variant!r} is {kind} of its own"
                yield _problem(item.variant(variant), "warning", what, "say with 'when' in which company it is wrong")


def _dead(read: Sequence[_Read]) -> Iterator[Problem]:
    """What can never take effect."""
    for item in read:
        entry = item.entry
        writes = bool(entry.variants or entry.regexes or entry.fuzzies)
        if entry.keep and writes:
            yield _problem(
                item.at("variants"), "warning", "an entry with 'keep' replaces nothing", "remove one of both"
            )
        if entry.forbid and not writes:
            yield _problem(
                item.at("forbid"), "warning", "'forbid' without variants reports nothing", "add the variants"
            )
        if "level" in item.node.value and not writes and not entry.expand:
            yield _problem(item.at("level"), "warning", "'level' without variants means nothing", "remove it")
        when = entry.when
        if when and entry.source and when.source and when.source != entry.source:
            what = f"the variants come from {entry.source} and are asked for in {when.source}"
            yield _problem(item.at("when"), "warning", what, "make both the same")
        if when and when.since and when.until and when.since > when.until:
            yield _problem(item.at("when"), "error", "'since' lies after 'until'", "swap them")
        if when and when == entry.unless:
            yield _problem(item.at("unless"), "error", "'unless' forbids all that 'when' asks for", "remove one")
        for variant in entry.variants:
            if not (variant[0].isalnum() and (variant[-1].isalnum() or variant[-1] == ".")):
                what = f"the variant {variant!r} starts or ends with no letter or figure, so it is no whole word"
                yield _problem(item.variant(variant), "warning", what, "leave blanks and marks out")


def _asks(entry: Entry) -> tuple[object, ...]:
    return entry.when, entry.unless, entry.level, entry.source


def _is_bound(entry: Entry) -> bool:
    return entry.when is not None or entry.unless is not None


def shipped_and(paths: Sequence[str]) -> list[tuple[Path, str]]:
    """The files to lint: those named, or the shipped ones where none is."""
    from cleaners import resources
    from cleaners.glossary import SHIPPED

    if paths:
        return [(Path(path), path) for path in paths]
    return [(resources.glossary_folder() / name, f"glossary/{name}") for name in SHIPPED]

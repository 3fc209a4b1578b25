"""Writes into a glossary file as its author would: every other character of it stays as it is.

ruamel.yaml says where each entry and each list stands, and writes the new pieces; they are put in between, so that
comments, order, quoting, folding and line ends cannot change. What would come out is read again and compared with what
was meant, and looked over by the lint, before the file is replaced in one step.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaners import files, glossary_lint, resources
from cleaners.errors import MtcleanError
from cleaners.glossary_file import Entry
from cleaners.glossary_lint import Problem

_WIDTH = 110  # columns at which new text is folded
_FLOW = ("variants", "document", "near", "before", "after", "ja", "zh", "inflect")  # lists that are written on one line
_BOM = "\ufeff"
_MAY_LACK = ("note", "examples")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file: entries that are new, variants that joined one, and what the lint says of it."""

    entries: int
    variants: int
    warnings: tuple[Problem, ...]


def add(path: Path, new: Sequence[Mapping[str, Any]], beside: Sequence[Entry] = ()) -> Added:
    """Add entries, each a mapping of keys as in the file; variants of a term that is there join its entry.

    An entry joins another of the same term where both ask for the same company; else it goes to the end.
    ``beside`` are the entries that will be loaded with the file. Raises :class:`MtcleanError` where the file is
    broken or would be; then it is left as it was.
    """
    text = _read(path)
    before = _lint(path, text, beside)
    for problem in before:
        if problem.severity == "error":
            place = f"{path}:{problem.line}:{problem.column}"
            raise MtcleanError(place, problem.message, problem.todo or "mend the file first")
    written, entries, variants = _edited(text, new, str(path))
    known = Counter(map(_told_of, before))
    fresh = [problem for problem in _lint(path, written, beside) if _is_new(problem, known)]
    for problem in fresh:
        if problem.severity == "error":
            place = f"{path}:{problem.line}:{problem.column}"
            raise MtcleanError(place, f"nothing was written: {problem.message}", problem.todo or "change what you add")
    if written != text:
        data = written.encode("utf-8")
        with files.atomic_output(str(path), mode_from=str(path) if path.exists() else None) as stream:
            stream.write(data)
    return Added(entries, variants, tuple(fresh))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        schema = resources.glossary_folder() / "glossary.schema.json"
        return f"# yaml-language-server: $schema={schema.as_posix()}\nentries: []\n"
    except UnicodeDecodeError as error:
        raise MtcleanError(str(path), "not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        raise MtcleanError(str(path), (error.strerror or "cannot be read").lower(), "name a YAML file") from error


def _lint(path: Path, text: str, beside: Sequence[Entry]) -> list[Problem]:
    import tempfile

    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MtcleanError(str(path), "what you add is no Unicode text", "check how the terminal is set") from error
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial.yaml"
        trial.write_bytes(data)
        return glossary_lint.lint([(trial, str(path))], beside)


def _told_of(problem: Problem) -> tuple[str, str]:
    return problem.severity, re.sub(r":\d+", "", problem.message)


def _is_new(problem: Problem, known: Counter[tuple[str, str]]) -> bool:
    told = _told_of(problem)
    known[told] -= 1
    return known[told] < 0


def _edited(text: str, new: Sequence[Mapping[str, Any]], place: str) -> tuple[str, int, int]:
    """The file with the entries in it, how many are new and how many variants joined another."""
    from ruamel.yaml.error import YAMLError

    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    known = _entries(body + "\n") or []
    appended, joined = _sorted_out(known, new)
    newline = "\r\n" if "\r\n" in body else "\n"
    by_hand = MtcleanError(place, "is laid out in a way that cannot be added to", "add the entry by hand")
    try:
        pieces = _pieces(body, appended, joined)
    except YAMLError as error:  # it reads YAML 1.2, and what was read till here is 1.1
        raise by_hand from error
    done, parts = 0, []
    for start, end, piece in sorted(pieces, key=lambda piece: piece[0]):
        parts += [body[done:start], piece.replace("\n", newline)]
        done = end
    body = "".join(parts) + body[done:]
    for index, variants in joined.items():
        known[index]["variants"] = [*known[index].get("variants", ()), *variants]
    if _entries(body + "\n") != [*known, *appended]:
        raise by_hand
    return mark + body, len(appended), sum(map(len, joined.values()))


def _entries(text: str) -> list[Any] | None:
    """The entries as YAML reads them; ``None`` where it cannot."""
    import yaml

    try:
        return (yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}).get("entries") or []
    except (yaml.YAMLError, ValueError):
        return None


def _sorted_out(
    known: Sequence[dict[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], dict[int, list[Any]]]:
    """New entries for the end, and new variants by the index of the known entry that they join."""
    places: dict[tuple[object, object], list[tuple[int | None, dict[str, Any]]]] = {}
    for index, entry in enumerate(known):
        places.setdefault((entry["term"], entry["kind"]), []).append((index, entry))
    appended: list[dict[str, Any]] = []
    joined: dict[int, list[Any]] = {}
    for entry in map(dict, new):
        same = places.setdefault((entry["term"], entry["kind"]), [])
        found = next((item for item in same if _goes_into(entry, item[1])), None)
        if found is None:
            appended.append(entry)
            same.append((None, entry))
            continue
        at, other = found
        have = other.get("variants", [])
        missing = [v for v in entry.get("variants", ()) if v not in have]
        if at is None and missing:
            other["variants"] = [*have, *missing]
        elif at is not None:
            joined[at] = [*joined.get(at, ()), *(v for v in missing if v not in joined.get(at, ()))]
    return appended, {index: variants for index, variants in joined.items() if variants}


def _goes_into(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the two say the same but for their variants; note and examples may be lacking."""
    keys = (entry.keys() | other.keys()) - {"variants", *_MAY_LACK}
    asks = {"when", "unless", "level", "keep", "forbid", "case"}
    alike = all(entry.get(key) == other.get(key) for key in keys if key in asks or key in entry)
    return alike and all(entry.get(key, other.get(key)) == other.get(key) for key in _MAY_LACK)


def _pieces(
    text: str, appended: Sequence[Mapping[str, Any]], joined: Mapping[int, Sequence[Any]]
) -> list[tuple[int, int, str]]:
    """What to put where: (start, end, text) of the file as it stands."""
    from ruamel.yaml import YAML

    root = YAML().compose(text)
    if root is None:
        lead = "" if not text or text.endswith("\n") else "\n"
        return [(len(text), len(text), f"{lead}entries:\n{_block(appended, 2)}")] if appended else []
    listed = next(value for key, value in root.value if key.value == "entries")
    pieces = [_joining(text, listed.value[index], variants) for index, variants in joined.items()]
    if not appended:
        return pieces
    start, end = listed.start_mark.index, listed.end_mark.index
    if not listed.flow_style:
        return [*pieces, _at_the_end(text, listed, appended)]
    if not text[start + 1 : end - 1].strip() and not root.flow_style:
        start = len(text[:start].rstrip(" "))
        lead, tail = "\n", "" if text[end : end + 1] in ("", "\r", "\n") else "\n"
        return [*pieces, (start, end, lead + _block(appended, 2).removesuffix("\n") + tail)]
    flow = ", ".join(map(_flow, appended))
    at = _end_of(listed.value[-1]) if listed.value else start + 1
    return [*pieces, (at, at, f", {flow}" if listed.value else flow)]


def _joining(text: str, entry: Any, variants: Sequence[Any]) -> tuple[int, int, str]:
    """Where and how variants go into an entry."""
    listed = next((value for key, value in entry.value if key.value == "variants"), None)
    flow = ", ".join(map(_flow, variants))
    if listed is None:
        at = _end_of(entry.value[-1][1])
        if entry.flow_style:
            return at, at, f", variants: [{flow}]"
        at, lead, tail = _next_line(text, at)
        return at, at, f"{lead}{' ' * entry.start_mark.column}variants: [{flow}]{tail}"
    if not listed.value:
        return listed.start_mark.index + 1, listed.start_mark.index + 1, flow
    at = _end_of(listed.value[-1])
    if not listed.flow_style:
        at, lead, tail = _next_line(text, at)
        dash = f"{' ' * listed.start_mark.column}- "
        return at, at, lead + "\n".join(dash + _flow(variant) for variant in variants) + tail
    line_start = text.rfind("\n", 0, at) + 1
    glue = ", "
    if at - line_start + len(flow) > _WIDTH and listed.value[0].start_mark.column < _WIDTH // 2:
        glue = ",\n" + " " * listed.value[0].start_mark.column
    return at, at, glue + flow


def _at_the_end(text: str, listed: Any, appended: Sequence[Mapping[str, Any]]) -> tuple[int, int, str]:
    """After the last entry and the comments that follow it, set off by a blank line where the others are."""
    last = _end_of(listed.value[-1])
    tail = re.search(r"(?m)^(?:\.\.\.|---)", text[last:])
    at = len(text[: last + tail.start() if tail else len(text)].rstrip())
    at, lead, end = _next_line(text, max(at, last))
    if len(listed.value) > 1 and "\n\n" in text[_end_of(listed.value[-2]) : last].replace("\r", ""):
        between = text[_end_of(listed.value[-2]) : listed.value[-1].start_mark.index].replace("\r", "")
        lead += "\n" if "\n\n" in between else ""
    return at, at, lead + _block(appended, listed.start_mark.column).removesuffix("\n") + end


def _next_line(text: str, at: int) -> tuple[int, str, str]:
    """The start of the line after ``at``, and what a line put there needs before and after itself."""
    if at and text[at - 1] == "\n":
        return at, "", "\n"
    newline = text.find("\n", at)
    if newline < 0:
        return len(text), "\n", ""
    return newline + 1, "", "\n"


def _end_of(node: Any) -> int:
    """Where the text of a node ends; a block's own end mark lies after the comments that follow it."""
    if not isinstance(node.value, list) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end_of(last[1] if isinstance(last, tuple) else last)


def _block(entries: Iterable[Mapping[str, Any]], column: int) -> str:
    """Entries as items of a list whose dashes stand in ``column``."""
    lines = []
    for entry in entries:
        lead = "- "
        for key, value in entry.items():
            for line in _lines(key, value, column + 2):
                lines.append(" " * column + lead + line if line else line)
                lead = "  "
    return "".join(f"{line}\n" for line in lines)


def _lines(key: str, value: Any, column: int) -> list[str]:
    """A key with its value, in as few lines as there is room for."""
    if isinstance(value, list) and key in _FLOW:
        return _wrapped(f"{key}: [", value, column)
    lines = _dumped({key: value}).splitlines()
    if not isinstance(value, Mapping) or column + max(map(len, lines)) <= _WIDTH:
        return lines
    inner = [f"  {line}" for name, item in value.items() for line in _lines(name, item, column + 2)]
    return [f"{key}:", *inner]


def _wrapped(head: str, values: Sequence[Any], column: int) -> list[str]:
    """A list in brackets, broken between its values where the line gets long."""
    lines = [head]
    for number, value in enumerate(values):
        shown = _flow(value) + (", " if number + 1 < len(values) else "]")
        if column + len(lines[-1]) + len(shown) > _WIDTH and lines[-1].strip() and number:
            lines.append(" " * len(head))
        lines[-1] += shown
    return [line.rstrip() for line in lines]


def _flow(value: Any) -> str:
    """A value as it stands inside brackets."""
    return _dumped([value], flow=True).strip()[1:-1]


def _dumped(value: Any, *, flow: bool = False) -> str:
    out = io.StringIO()
    _writer().dump(_styled(value, flow=flow), out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _writer() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 1 << 20
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _styled(value: Any, *, flow: bool = False) -> Any:
    """The same for ruamel.yaml: short lists on one line, and quotes where YAML 1.1 would read no text."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, Mapping):
        mapping = CommentedMap(
            (k, _styled(v, flow=flow or k in (*_FLOW, "when", "unless", "native"))) for k, v in value.items()
        )
        if flow:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        listed = CommentedSeq(_styled(item, flow=flow) for item in value)
        if flow:
            listed.fa.set_flow_style()
        return listed
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _is_text(value) else value


def _is_text(value: str) -> bool:
    import yaml

    try:
        return bool(yaml.safe_load(value) == value)
    except yaml.YAMLError:
        return False

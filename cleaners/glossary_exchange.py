"""Glossary entries as CSV for spreadsheets and as TBX for translation tools, there and back without loss.

TBX is written in the dialect TBX-Basic (ISO 30042) with the element names that translation tools read most widely
(``martif``, ``termEntry``, ``langSet``, ``tig``): the term is the preferred English one, its variants are deprecated
ones, and the native forms stand under their own language. What has no place in a format (expressions, examples,
conditions in TBX) goes as JSON into the column ``more``, in TBX into a second note.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cleaners import glossary_trial
from cleaners.company import Condition
from cleaners.core import Level
from cleaners.errors import MtcleanError
from cleaners.glossary_file import KEYS, KINDS, LANGUAGES, Entry

COLUMNS = ("term", "kind", "variants", "document", "near", "level", "source", "ja", "zh", "note", "more")
_LISTS = ("variants", "document", "near", *LANGUAGES)
_BETWEEN = " | "
_MORE = "mtclean: "  # how the second note of TBX begins
_XML = "{http://www.w3.org/XML/1998/namespace}"
_STATUS = "administrativeStatus"
_PREFERRED, _DEPRECATED = "preferredTerm-admn-sts", "deprecatedTerm-admn-sts"
_LIMIT = 50 * 1024 * 1024  # bytes
_DEPTH = 50  # elements inside elements
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def as_keys(entry: Entry) -> dict[str, Any]:
    """An entry as the mapping that a glossary file would hold."""
    variants: list[Any] = [{"text": v, "whole": False} if v in entry.partial else v for v in entry.variants]
    variants += [{"regex": regex} for regex in entry.regexes]
    variants += [{"fuzzy": fuzzy.text, "distance": fuzzy.distance} for fuzzy in entry.fuzzies]
    native: dict[str, list[str]] = {}
    for language, form in entry.native:
        native.setdefault(language, []).append(form)
    rest: dict[str, Any] = {
        "variants": variants,
        "surname": entry.surname,
        "case": None if entry.case == "smart" else entry.case,
        "inflect": list(entry.inflect),
        "when": _condition_keys(entry.when),
        "unless": _condition_keys(entry.unless),
        "keep": entry.keep,
        "forbid": entry.forbid,
        "level": None if entry.level is Level.SAFE else entry.level.value,
        "source": entry.source,
        "native": native,
        "expand": entry.expand,
        "note": entry.note,
        "examples": [{"bad": bad, "good": good} for bad, good in entry.examples],
    }
    return {"term": entry.term, "kind": entry.kind} | {key: value for key, value in rest.items() if value}


def _condition_keys(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    pairs = ((f.name, getattr(condition, f.name)) for f in fields(condition))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs if value}


def as_csv(entries: Iterable[Entry]) -> str:
    """A table with a header; several values in one cell stand between upright strokes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        keys = as_keys(entry)
        when, native = keys.get("when", {}), keys.get("native", {})
        cells = {key: keys.get(key, "") for key in ("term", "kind", "level", "source", "note")}
        cells["variants"] = _BETWEEN.join(_plain(keys))
        cells |= {key: _BETWEEN.join(when.get(key, ())) for key in ("document", "near")}
        cells |= {language: _BETWEEN.join(native.get(language, ())) for language in LANGUAGES}
        writer.writerow(cells | {"more": _more(keys, _kept(cells))})
    return out.getvalue()


def _plain(keys: Mapping[str, Any]) -> list[str]:
    return [v for v in keys.get("variants", ()) if isinstance(v, str) and _BETWEEN.strip() not in v]


def _more(keys: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """What of ``keys`` is not in ``told``, as JSON; nothing where all is."""
    rest = {key: value for key, value in keys.items() if key != "variants" and told.get(key) != value}
    variants = [variant for variant in keys.get("variants", ()) if variant not in told.get("variants", ())]
    rest |= {"variants": variants} if variants else {}
    return json.dumps(rest, ensure_ascii=False, default=date.isoformat) if rest else ""


def _joined(entry: dict[str, Any], more: str, place: str) -> dict[str, Any]:
    """The entry with what :func:`_more` wrote of it."""
    try:
        rest = json.loads(more) if more else {}
    except ValueError as error:
        raise MtcleanError(place, "'more' is no JSON", "leave it as it was exported, or empty") from error
    if not isinstance(rest, dict) or not isinstance(rest.get("variants", []), list):
        raise MtcleanError(place, "'more' is no mapping of keys", "leave it as it was exported, or empty")
    for condition in (rest.get("when"), rest.get("unless")):
        for key in ("since", "until"):
            if isinstance(condition, dict) and isinstance(condition.get(key), str):
                with contextlib.suppress(ValueError):  # told where the entry is checked
                    condition[key] = date.fromisoformat(condition[key])
    known = entry.get("variants", [])
    variants = [*known, *(variant for variant in rest.pop("variants", ()) if variant not in known)]
    return entry | rest | ({"variants": variants} if variants else {})


def as_tbx(entries: Iterable[Entry]) -> str:
    """A TBX file."""
    root = ElementTree.Element("martif", {"type": "TBX-Basic", _XML + "lang": "en"})
    header = ElementTree.SubElement(root, "martifHeader")
    described = ElementTree.SubElement(ElementTree.SubElement(header, "fileDesc"), "sourceDesc")
    ElementTree.SubElement(described, "p").text = "Written by mtclean from its glossary"
    body = ElementTree.SubElement(ElementTree.SubElement(root, "text"), "body")
    for number, entry in enumerate(entries, start=1):
        keys = as_keys(entry)
        node = ElementTree.SubElement(body, "termEntry", {"id": f"e{number}"})
        ElementTree.SubElement(node, "descrip", {"type": "subjectField"}).text = entry.kind
        if entry.note:
            ElementTree.SubElement(node, "note").text = entry.note
        english = ElementTree.SubElement(node, "langSet", {_XML + "lang": "en"})
        _add_term(english, entry.term, _PREFERRED)
        for variant in keys.get("variants", ()):
            if isinstance(variant, str):
                _add_term(english, variant, _DEPRECATED)
        for language, forms in keys.get("native", {}).items():
            group = ElementTree.SubElement(node, "langSet", {_XML + "lang": language})
            for form in forms:
                _add_term(group, form, None)
        more = _more(keys, _tbx_entry(node, Counter()) or {})
        if more:
            note = ElementTree.Element("note")
            note.text = _MORE + more
            node.insert(2 if entry.note else 1, note)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_term(group: ElementTree.Element, term: str, status: str | None) -> None:
    item = ElementTree.SubElement(group, "tig")
    ElementTree.SubElement(item, "term").text = term
    if status:
        ElementTree.SubElement(item, "termNote", {"type": _STATUS}).text = status


def read(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Entries as mappings for :func:`cleaners.glossary_edit.add`, from a file named ``.csv`` or ``.tbx``.

    With them, a line for each kind of thing that was left out. Raises :class:`MtcleanError` with the place of what
    cannot be read.
    """
    if path.suffix.lower() not in (".csv", ".tbx"):
        raise MtcleanError(str(path), "is neither .csv nor .tbx", "name it so, or convert it")
    try:
        if path.stat().st_size > _LIMIT:
            raise MtcleanError(str(path), "is larger than 50 MB", "split it")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MtcleanError(str(path), (error.strerror or "cannot be read").lower()) from error
    except UnicodeDecodeError as error:
        raise MtcleanError(str(path), "not UTF-8", "save the file as UTF-8") from error
    if path.suffix.lower() == ".tbx":
        return _from_tbx(text, path)
    return list(_from_csv(text, path)), []


def _from_csv(text: str, path: Path) -> Iterator[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_header(rows.fieldnames or (), path)
        for row in rows:
            if None in row:
                raise MtcleanError(
                    f"{path}:{rows.line_num}", "has more cells than the header", "put cells with commas in quotes"
                )
            cells = {key: (row.get(key) or "").strip() for key in COLUMNS}
            if any(cells.values()):
                place = f"{path}:{rows.line_num}"
                yield _checked(_joined(_kept(cells), cells["more"], place), place)
    except csv.Error as error:
        raise MtcleanError(f"{path}:{rows.line_num + 1}", f"not valid CSV: {error}", "save it anew") from error


def _check_header(names: Sequence[str], path: Path) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    twice = [name for name in names if names.count(name) > 1]
    if unknown or twice or "term" not in names:
        what = f"has a column {unknown[0][:40]!r}" if unknown else "has no column 'term'"
        what = f"has two columns {twice[0][:40]!r}" if twice else what
        raise MtcleanError(f"{path}:1", what, f"use {', '.join(COLUMNS)}, with commas in between")


def _kept(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells that hold anything, in the shape of an entry."""
    split = {
        key: list(dict.fromkeys(part.strip() for part in cells[key].split(_BETWEEN.strip()) if part.strip()))
        for key in _LISTS
    }
    entry: dict[str, Any] = {"term": cells["term"], "kind": cells["kind"] or "term"}
    when = {key: split[key] for key in ("document", "near") if split[key]}
    native = {language: split[language] for language in LANGUAGES if split[language]}
    rest = {
        "variants": split["variants"],
        "when": when,
        "level": cells["level"],
        "source": cells["source"],
        "native": native,
        "note": cells["note"],
    }
    return entry | {key: value for key, value in rest.items() if value}


def _checked(entry: dict[str, Any], place: str) -> dict[str, Any]:
    """The entry, if a glossary can hold it."""
    if not entry["term"]:
        raise MtcleanError(place, "has no term", "fill the cell or remove the row")
    if odd := _UNWRITABLE.search("\n".join(_texts_of(entry))):
        raise MtcleanError(place, f"the character U+{ord(odd.group()):04X} may not stand in YAML", "remove it")
    try:
        glossary_trial.entry_from(entry)
    except MtcleanError as error:
        raise MtcleanError(place, error.what, error.todo) from error
    return {key: entry[key] for key in KEYS if key in entry}


def _texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_of(item)
    elif isinstance(value, str):
        yield value


class _Shallow(ElementTree.TreeBuilder):
    """Builds the tree of a file that nests no deeper than any glossary does."""

    depth = 0

    def start(self, tag: str, attrs: dict[Any, Any], /) -> ElementTree.Element:
        self.depth += 1
        if self.depth > _DEPTH:
            raise ValueError("nests too deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


def _from_tbx(text: str, path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    if re.search(r"<!(?:DOCTYPE[^>]*\[|ENTITY)", text):
        raise MtcleanError(str(path), "declares entities of its own", "remove the internal DTD")
    parser = ElementTree.XMLParser(target=_Shallow())
    try:
        parser.feed(text)
        root = parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise MtcleanError(f"{path}:{line}:{column + 1}", "not well-formed XML", "export it anew") from error
    except ValueError as error:
        raise MtcleanError(str(path), str(error), "export it as TBX-Basic") from error
    found: list[dict[str, Any]] = []
    left: Counter[str] = Counter()
    for number, node in enumerate(_all(root, "termEntry", "conceptEntry"), start=1):
        entry = _tbx_entry(node, left)
        if entry:
            place = f"{path}: entry {node.get('id') or number}"
            more = next((n.text or "" for n in node if _local(n) == "note" and _is_more(n)), _MORE)
            found.append(_checked(_joined(entry, more[len(_MORE) :], place), place))
    if not found:
        raise MtcleanError(str(path), "holds no English term", "export it as TBX-Basic with a langSet 'en'")
    return found, [f"{count} {what} left out" for what, count in left.items() if count]


def _tbx_entry(node: ElementTree.Element, left: Counter[str]) -> dict[str, Any] | None:
    terms = _tbx_terms(node)
    english = terms.pop("en", [])
    if not any("deprecated" not in status for _, status in english):
        left["entries without an English term"] += 1
        return None
    lawful = sorted((status != _PREFERRED, n, term) for n, (term, status) in enumerate(english) if _is_lawful(status))
    preferred = lawful[0][2]
    left["further lawful terms"] += len({term for *_, term in lawful} - {preferred})
    kind = next((_text(d) for d in _all(node, "descrip") if d.get("type") == "subjectField"), "")
    entry: dict[str, Any] = {"term": preferred, "kind": kind if kind in KINDS else "term"}
    variants = [term for term, status in english if not _is_lawful(status)]
    native = {language: [term for term, _ in terms.pop(language)] for language in LANGUAGES if language in terms}
    left["terms in other languages"] += sum(map(len, terms.values()))
    note = next((_text(n) for n in node if _local(n) == "note" and not _is_more(n)), "")
    rest = {"variants": list(dict.fromkeys(variants)), "native": native, "note": note}
    return entry | {key: value for key, value in rest.items() if value}


def _tbx_terms(node: ElementTree.Element) -> dict[str, list[tuple[str, str]]]:
    """Language → its terms, each with its status."""
    terms: dict[str, list[tuple[str, str]]] = {}
    for group in _all(node, "langSet", "langSec"):
        language = re.split("[-_]", group.get(_XML + "lang") or group.get("lang") or "")[0].lower()
        for item in _all(group, "tig", "ntig", "termSec"):
            term = next((_text(t) for t in _all(item, "term")), "")
            status = next((_text(n) for n in _all(item, "termNote") if n.get("type") == _STATUS), "")
            if term:
                terms.setdefault(language, []).append((term, status))
    return terms


def _is_lawful(status: str) -> bool:
    return "deprecated" not in status


def _is_more(note: ElementTree.Element) -> bool:
    return (note.text or "").startswith(_MORE)


def _text(node: ElementTree.Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _all(node: ElementTree.Element, *names: str) -> list[ElementTree.Element]:
    return [child for child in node.iter() if _local(child) in names]


def _local(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]

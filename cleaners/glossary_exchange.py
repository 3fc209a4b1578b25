"""Glossary entries as CSV for spreadsheets and as TBX for translation tools, there and back.

TBX is written in the dialect TBX-Basic (ISO 30042) with the element names that translation tools read most widely
(``martif``, ``termEntry``, ``langSet``, ``tig``): the term is the preferred English one, its variants are deprecated
ones, and the native forms stand under their own language. What a format cannot hold (conditions on the company of a
variant in TBX, examples in CSV) is told, never lost in silence.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cleaners.core import Level
from cleaners.errors import MtcleanError
from cleaners.glossary_file import KINDS, LANGUAGES, Entry

COLUMNS = ("term", "kind", "variants", "document", "near", "level", "source", "ja", "zh", "note")
_BETWEEN = " | "
_XML = "{http://www.w3.org/XML/1998/namespace}"
_STATUS = "administrativeStatus"
_PREFERRED, _DEPRECATED = "preferredTerm-admn-sts", "deprecatedTerm-admn-sts"
_LIMIT = 50 * 1024 * 1024  # bytes


def as_csv(entries: Iterable[Entry]) -> str:
    """A table with a header; several values in one cell stand between upright strokes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        native = {language: [form for lang, form in entry.native if lang == language] for language in LANGUAGES}
        when = entry.when
        writer.writerow(
            (
                entry.term, entry.kind, _BETWEEN.join(entry.variants),
                _BETWEEN.join(when.document if when else ()), _BETWEEN.join(when.near if when else ()),
                "" if entry.level is Level.SAFE else entry.level.value, entry.source or "",
                *(_BETWEEN.join(native[language]) for language in LANGUAGES), entry.note,
            )
        )  # fmt: skip
    return out.getvalue()


def as_tbx(entries: Iterable[Entry]) -> str:
    """A TBX file."""
    root = ElementTree.Element("martif", {"type": "TBX-Basic", _XML + "lang": "en"})
    header = ElementTree.SubElement(root, "martifHeader")
    described = ElementTree.SubElement(ElementTree.SubElement(header, "fileDesc"), "sourceDesc")
    ElementTree.SubElement(described, "p").text = "Written by mtclean from its glossary"
    body = ElementTree.SubElement(ElementTree.SubElement(root, "text"), "body")
    for number, entry in enumerate(entries, start=1):
        node = ElementTree.SubElement(body, "termEntry", {"id": f"e{number}"})
        ElementTree.SubElement(node, "descrip", {"type": "subjectField"}).text = entry.kind
        if entry.note:
            ElementTree.SubElement(node, "note").text = entry.note
        english = ElementTree.SubElement(node, "langSet", {_XML + "lang": "en"})
        _add_term(english, entry.term, _PREFERRED)
        for variant in entry.variants:
            _add_term(english, variant, _DEPRECATED)
        for language in LANGUAGES:
            forms = [form for lang, form in entry.native if lang == language]
            if forms:
                group = ElementTree.SubElement(node, "langSet", {_XML + "lang": language})
                for form in forms:
                    _add_term(group, form, None)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_term(group: ElementTree.Element, term: str, status: str | None) -> None:
    item = ElementTree.SubElement(group, "tig")
    ElementTree.SubElement(item, "term").text = term
    if status:
        ElementTree.SubElement(item, "termNote", {"type": _STATUS}).text = status


def not_held(entries: Sequence[Entry], format_: str) -> list[str]:
    """What of these entries the format leaves out, a line for each kind of thing."""
    lost = {
        "expressions and near spellings": [e for e in entries if e.regexes or e.fuzzies],
        "examples": [e for e in entries if e.examples],
        "'unless', 'before', 'after' and dates": [e for e in entries if e.unless or _asks_more(e)],
        "inflections, case and expansions": [e for e in entries if e.inflect or e.expand or e.case != "smart"],
        "'keep' and 'forbid'": [e for e in entries if e.keep or e.forbid],
    }
    if format_ == "tbx":
        lost["'when'"] = [e for e in entries if e.when and (e.when.document or e.when.near)]
        lost["levels"] = [e for e in entries if e.level is not Level.SAFE]
    return [f"{what} of {len(them)} entries are left out" for what, them in lost.items() if them]


def _asks_more(entry: Entry) -> bool:
    when = entry.when
    return bool(when and (when.before or when.after or when.since or when.until or when.source))


def read(path: Path) -> list[dict[str, Any]]:
    """Entries as mappings, from a file named ``.csv`` or ``.tbx``, for :func:`cleaners.glossary_edit.add`.

    Raises :class:`MtcleanError` with the place of what cannot be read.
    """
    if path.suffix.lower() not in (".csv", ".tbx"):
        raise MtcleanError(str(path), "is neither .csv nor .tbx", "name it so, or convert it")
    try:
        if path.stat().st_size > _LIMIT:
            raise MtcleanError(str(path), "is larger than 50 MB", "split it")
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise MtcleanError(str(path), (error.strerror or "cannot be read").lower()) from error
    except UnicodeDecodeError as error:
        raise MtcleanError(str(path), "not UTF-8", "save the file as UTF-8") from error
    return _from_csv(text, path) if path.suffix.lower() == ".csv" else _from_tbx(text, path)


def _from_csv(text: str, path: Path) -> list[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    unknown = [name for name in rows.fieldnames or () if name not in COLUMNS]
    if unknown or "term" not in (rows.fieldnames or ()):
        what = f"has a column {unknown[0]!r}" if unknown else "has no column 'term'"
        raise MtcleanError(f"{path}:1", what, f"use {', '.join(COLUMNS)}")
    found = []
    for row in rows:
        place = f"{path}:{rows.line_num}"
        if None in row:
            raise MtcleanError(place, "has more cells than the header", "put cells with commas in quotes")
        entry = _kept({key: (row.get(key) or "").strip() for key in COLUMNS})
        if not entry.get("term"):
            raise MtcleanError(place, "has no term", "fill the cell or remove the row")
        entry.setdefault("kind", "term")
        for key, choices in (("kind", KINDS), ("level", tuple(Level)), ("source", LANGUAGES)):
            if key in entry and entry[key] not in choices:
                raise MtcleanError(place, f"{key} cannot be {entry[key]!r}", f"use one of {', '.join(choices)}")
        found.append(entry)
    return found


def _kept(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells that hold anything, in the shape of an entry."""
    split = {key: [part.strip() for part in cells[key].split(_BETWEEN.strip()) if part.strip()] for key in COLUMNS}
    entry: dict[str, Any] = {key: cells[key] for key in ("term", "kind") if cells[key]}
    if split["variants"]:
        entry["variants"] = split["variants"]
    when = {key: split[key] for key in ("document", "near") if split[key]}
    if when:
        entry["when"] = when
    entry |= {key: cells[key] for key in ("level", "source") if cells[key]}
    native = {language: split[language] for language in LANGUAGES if split[language]}
    if native:
        entry["native"] = native
    return entry | ({"note": cells["note"]} if cells["note"] else {})


def _from_tbx(text: str, path: Path) -> list[dict[str, Any]]:
    if re.search(r"<!(?:DOCTYPE[^>]*\[|ENTITY)", text):
        raise MtcleanError(str(path), "declares entities of its own", "remove the internal DTD")
    try:
        root = ElementTree.fromstring(text.encode("utf-8"))
    except (ElementTree.ParseError, ValueError) as error:
        line, column = getattr(error, "position", (1, 0))
        raise MtcleanError(f"{path}:{line}:{column + 1}", "not well-formed XML", "export it anew") from error
    found = []
    for node in _all(root, "termEntry", "conceptEntry"):
        entry = _tbx_entry(node)
        if entry:
            found.append(entry)
    if not found:
        raise MtcleanError(str(path), "holds no English term", "export it as TBX-Basic with a langSet 'en'")
    return found


def _tbx_entry(node: ElementTree.Element) -> dict[str, Any] | None:
    terms: dict[str, list[tuple[str, str]]] = {}
    for group in _all(node, "langSet", "langSec"):
        language = (group.get(_XML + "lang") or "").partition("-")[0].lower()
        for item in _all(group, "tig", "ntig", "termSec"):
            term = next((t.text or "" for t in _all(item, "term")), "").strip()
            status = next((n.text or "" for n in _all(item, "termNote") if n.get("type") == _STATUS), "")
            if term:
                terms.setdefault(language, []).append((term, status.strip()))
    english = terms.get("en", [])
    preferred = next((term for term, status in english if "deprecated" not in status), None)
    if preferred is None:
        return None
    kind = next((d.text or "" for d in _all(node, "descrip") if d.get("type") == "subjectField"), "").strip()
    entry: dict[str, Any] = {"term": preferred, "kind": kind if kind in KINDS else "term"}
    variants = [term for term, status in english if "deprecated" in status]
    if variants:
        entry["variants"] = variants
    native = {language: [term for term, _ in terms[language]] for language in LANGUAGES if language in terms}
    if native:
        entry["native"] = native
    note = next((n.text or "" for n in node if _local(n) == "note"), "").strip()
    return entry | ({"note": note} if note else {})


def _all(node: ElementTree.Element, *names: str) -> list[ElementTree.Element]:
    return [child for child in node.iter() if _local(child) in names]


def _local(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]

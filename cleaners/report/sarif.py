"""Findings as a SARIF 2.1.0 log (OASIS standard), which editors and code hosts read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cleaners import __version__
from cleaners.core import Level, Rule
from cleaners.files import is_url

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Level.SAFE: "warning", Level.SUGGEST: "warning", Level.REPORT: "note"}


def log(rows: Iterable[dict[str, Any]], rules: Iterable[Rule]) -> dict[str, Any]:
    """One run with its rules and results; offsets and columns count code points."""
    described = [_rule(rule) for rule in rules]
    index = {rule["id"]: number for number, rule in enumerate(described)}
    seen: Counter[str] = Counter()
    results = [_result(row, index, seen) for row in rows]
    driver = {
        "name": "mtclean",
        "semanticVersion": __version__,
        "rules": described,
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": rule.doc or rule.message},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": {"mqm": rule.mqm, "severity": rule.severity.value, "fixLevel": rule.level.value},
    }


def _result(row: dict[str, Any], index: dict[str, int], seen: Counter[str]) -> dict[str, Any]:
    region = {
        "startLine": row["line"],
        "startColumn": row["column"],
        "charOffset": row["start"],
        "charLength": row["end"] - row["start"],
        "snippet": {"text": row["raw"]},
    }
    artifact = {"uri": _uri(row["path"])}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if row["record"] is not None:
        location["logicalLocations"] = [{"name": str(row["record"]), "kind": "record"}]
    result: dict[str, Any] = {
        "ruleId": row["code"],
        "level": _LEVELS[Level(row["level"])],
        "message": {"text": row["message"]},
        "locations": [location],
        "partialFingerprints": {"hit/v1": _fingerprint(row, seen)},
        "properties": {"stage": row["stage"], "confidence": row["confidence"], "mqm": row["mqm"]},
    }
    if row["code"] in index:
        result["ruleIndex"] = index[row["code"]]
    if row["fix"] is not None and row["record"] is None:
        deleted = {"charOffset": row["start"], "charLength": row["end"] - row["start"]}
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": row["fix"]}}
        change = {"artifactLocation": artifact, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": row["message"]}, "artifactChanges": [change]}]
    return result


def _uri(path: str) -> str:
    """A URI reference; a file name that is no UTF-8 keeps its bytes."""
    return path if is_url(path) else quote(os.fsencode(PurePath(path).as_posix()))


def _fingerprint(row: dict[str, Any], seen: Counter[str]) -> str:
    """What tells a result apart in the next run, too: no line or offset, but its number among its equals."""
    hit = f"{row['path']}\0{row['record']}\0{row['code']}\0{row['raw']}"
    seen[hit] += 1
    return hashlib.sha256(f"{hit}\0{seen[hit]}".encode("utf-8", "replace")).hexdigest()[:32]

"""The schema that editors check glossaries against says the same as the loader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from cleaners import glossary_file
from cleaners.company import CLASSES
from cleaners.errors import MtcleanError
from cleaners.glossary import SHIPPED

FOLDER = Path(__file__).parent.parent / "glossary"
SCHEMA = json.loads((FOLDER / "glossary.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_glossaries_validate_and_name_the_schema(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=glossary.schema.json\n")
    Draft202012Validator(SCHEMA).validate(yaml.safe_load(text))


def test_schema_and_loader_know_the_same_keys_and_kinds():
    entry = SCHEMA["$defs"]["entry"]["properties"]
    assert set(entry) == set(glossary_file.KEYS)
    assert tuple(entry["kind"]["enum"]) == glossary_file.KINDS
    assert set(SCHEMA["$defs"]["condition"]["properties"]) == set(glossary_file.CONDITION_KEYS)
    assert tuple(entry["inflect"]["items"]["enum"]) == glossary_file.INFLECTIONS
    assert SCHEMA["$defs"]["beside"]["items"]["anyOf"][1]["enum"] == sorted(CLASSES)


def test_schema_and_loader_take_every_key(tmp_path):
    text = """entries:
- term: X
  kind: organisation
  variants: [Y, {text: Z, whole: false}, {regex: 'Q+'}, {fuzzy: Abcdef, distance: 2}]
  case: any
  inflect: [plural, the]
  when: {document: [A], near: [B], source: ja, before: [in], after: [<capital>], since: 2024-01-01, until: 2024-12-31}
  unless: {near: [C]}
  level: suggest
  source: zh
  native: {ja: エ, zh: [艾, 愛]}
  expand: The X (X)
  note: why
  examples: [{bad: no, good: no}]
- {term: V W, kind: person, surname: V, keep: true}
- {term: T, kind: term, forbid: true, variants: [U]}
"""
    path = tmp_path / "g.yaml"
    path.write_text(text.replace("bad: no, good: no", "bad: a, good: a"), encoding="utf-8")
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    Draft202012Validator(SCHEMA).validate(read)
    assert len(glossary_file.read_entries(path)) == 3
    assert {key for entry in read["entries"] for key in entry} == set(glossary_file.KEYS)


@pytest.mark.parametrize(
    "entry",
    [
        {"term": "X"},
        {"term": "X", "kind": "planet"},
        {"term": "X", "kind": "place", "varaints": ["Y"]},
        {"term": "X", "kind": "place", "when": {}},
        {"term": "X", "kind": "place", "when": {"before": ["<noun>"]}},
        {"term": "X", "kind": "place", "unless": {"after": [" "]}},
        {"term": "X", "kind": "place", "case": "upper"},
        {"term": "X", "kind": "place", "variants": [{"regex": "Y", "text": "Y"}]},
        {"term": "X", "kind": "place", "variants": [{"regex": "Y", "whole": True}]},
        {"term": "X", "kind": "place", "variants": [{"fuzzy": "Abc"}]},
        {"term": "X", "kind": "place", "variants": [{"fuzzy": "Abcdef", "distance": 3}]},
        {"term": "X", "kind": "place", "variants": [{"text": "Y", "whole": "no"}]},
        {"term": "X", "kind": "place", "variants": [7]},
        {"term": "X", "kind": "place", "native": {"ko": "서울"}},
        {"term": "X", "kind": "place", "native": {"ja": []}, "expand": " "},
        {"term": "X", "kind": "place", "when": {"since": 2024}},
    ],
)
def test_schema_refuses_what_the_loader_refuses(entry, tmp_path):
    path = tmp_path / "g.yaml"
    path.write_text(yaml.safe_dump({"entries": [entry]}), encoding="utf-8")
    assert list(Draft202012Validator(SCHEMA).iter_errors({"entries": [entry]}))
    with pytest.raises(MtcleanError):
        glossary_file.read_entries(path)

"""The schema that editors check glossaries against says the same as the loader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from cleaners import glossary

FOLDER = Path(__file__).parent.parent / "glossary"
SCHEMA = json.loads((FOLDER / "glossary.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", glossary.SHIPPED)
def test_shipped_glossaries_validate_and_name_the_schema(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=glossary.schema.json\n")
    Draft202012Validator(SCHEMA).validate(yaml.safe_load(text))


def test_schema_and_loader_know_the_same_keys_and_kinds():
    entry = SCHEMA["$defs"]["entry"]["properties"]
    assert set(entry) == set(glossary._KEYS)
    assert tuple(entry["kind"]["enum"]) == glossary.KINDS
    assert set(SCHEMA["$defs"]["condition"]["properties"]) == set(glossary._CONDITION_KEYS)
    assert tuple(entry["inflect"]["items"]["enum"]) == glossary.INFLECTIONS


@pytest.mark.parametrize(
    "entry",
    [
        {"term": "X"},
        {"term": "X", "kind": "planet"},
        {"term": "X", "kind": "place", "varaints": ["Y"]},
        {"term": "X", "kind": "place", "when": {}},
    ],
)
def test_schema_refuses_what_the_loader_refuses(entry, tmp_path):
    path = tmp_path / "g.yaml"
    path.write_text(yaml.safe_dump({"entries": [entry]}), encoding="utf-8")
    assert list(Draft202012Validator(SCHEMA).iter_errors({"entries": [entry]}))
    with pytest.raises(glossary.yamlsource.MtcleanError):
        glossary.read_entries(path)

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


@pytest.mark.parametrize(
    "entry",
    [
        {"term": "X"},
        {"term": "X", "kind": "planet"},
        {"term": "X", "kind": "place", "varaints": ["Y"]},
        {"term": "X", "kind": "place", "when": {}},
        {"term": "X", "kind": "place", "when": {"before": ["<noun>"]}},
        {"term": "X", "kind": "place", "unless": {"after": [" "]}},
    ],
)
def test_schema_refuses_what_the_loader_refuses(entry, tmp_path):
    path = tmp_path / "g.yaml"
    path.write_text(yaml.safe_dump({"entries": [entry]}), encoding="utf-8")
    assert list(Draft202012Validator(SCHEMA).iter_errors({"entries": [entry]}))
    with pytest.raises(MtcleanError):
        glossary_file.read_entries(path)

"""Correct English that looks like debris comes out as it went in.

``data/lawful.jsonl`` holds one text a line, each written to tempt one rule (the code in its ``id``). What the
cleaner makes of it all the same stands beside it, and is to become less: ``known`` lists the codes of edits
that are wrongly applied, ``suggested``, ``reported`` and ``refused`` those of findings that leave it as it is.
"""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from conftest import ROOT

from cleaners.core import Document, Stage, Verdict
from cleaners.engine import Cleaner

FEWEST = 14  # texts for each rule
VERDICTS = {
    "known": Verdict.APPLIED,
    "suggested": Verdict.SUGGESTED,
    "reported": Verdict.OPEN,
    "refused": Verdict.REFUSED,
}
LINES = (ROOT / "tests" / "data" / "lawful.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
RECORDS = [json.loads(line) for line in LINES]
CODES = sorted({record["id"][:6] for record in RECORDS})


def _param(record):
    wrong = f"{', '.join(record['known'])} still edits it" if "known" in record else None
    marks = [pytest.mark.xfail(reason=wrong, strict=True, raises=AssertionError)] if wrong else []
    return pytest.param(record, id=record["id"], marks=marks)


@pytest.mark.parametrize("record", map(_param, RECORDS))
def test_a_lawful_text_comes_out_untouched(cleaner, record):
    result = cleaner.clean(Document(record["text"]))
    assert not result.applied
    assert result.text == record["text"]


@pytest.mark.parametrize("code", CODES)
def test_every_finding_in_a_lawful_text_is_on_the_record(cleaner, code):
    changes = []
    for record in RECORDS:
        if not record["id"].startswith(code):
            continue
        decisions = cleaner.clean(Document(record["text"])).decisions
        for field, verdict in VERDICTS.items():
            found = sorted({d.finding.code for d in decisions if d.verdict is verdict})
            if found != record.get(field, []):
                changes.append(f"{record['id']}: {field} is {found} now, not {record.get(field, [])}")
    assert not changes, "\n".join(changes)


def test_ids_and_texts_are_unique():
    for field in ("id", "text"):
        assert [value for value, n in Counter(record[field] for record in RECORDS).items() if n > 1] == []


def test_every_record_says_what_it_is():
    for record in RECORDS:
        assert re.fullmatch(r"[A-Z]{3}\d{3}(?:-[a-z]+)?-\d\d", record["id"]), record["id"]
        assert record.keys() - VERDICTS.keys() == {"id", "text", "why"}, record["id"]
        assert record["text"].strip() and record["why"].strip(), record["id"]
        for field in VERDICTS.keys() & record.keys():
            assert record[field] and record[field] == sorted(set(record[field])), record["id"]


def test_every_rule_is_tempted():
    texts = Counter(record["id"][:6] for record in RECORDS)
    known = {rule.code for rule in Cleaner().known_rules if rule.stage is not Stage.REWRITE}  # which needs a finding
    assert set(texts) <= known
    assert {code: texts[code] for code in sorted(known) if texts[code] < FEWEST} == {}

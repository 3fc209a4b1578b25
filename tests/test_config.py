"""Settings: every mistake is told with its place, and paths mean what they say from any directory."""

from __future__ import annotations

import datetime
import pickle
from dataclasses import fields
from pathlib import Path

import pytest

from cleaners.config import Settings, find_file, load
from cleaners.errors import MtcleanError


def write(folder: Path, text: str, name: str = "mtclean.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(MtcleanError) as caught:
        load(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


WRONG = {
    "inputs": ['"raw"', "[1]", "true"],
    "output": ["3", "[]", "true"],
    "glossary": ['"x.yaml"', "[true]"],
    "no_glossary": ['"yes"', "1"],
    "no_names": ['"no"', "0"],
    "select": ['"SPC"', "[101]"],
    "ignore": ['"SPC"', "{a = 1}"],
    "rewrite": ['"yes"', "1"],
    "suggest": ['"true"', "[]"],
    "report": ["1", "false"],
    "source_lang": ['"jp"', "1", "[]"],
    "date": ['"July 11"', "12.5", "2023-07-11T10:00:00", "10:00:00", "true", "[]"],
    "text_field": ["1", "[]"],
    "source_field": ["1", "true"],
    "jobs": ["0", "-1", '"2"', "1.5", "true"],
    "engine": ['"thread"', "2"],
    "schedule": ['"0 6 * * *"', "true"],
    "batch": ["3", '"all"'],
}


def test_every_key_has_a_wrong_type_here():
    assert set(WRONG) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_wrong_type_is_told_with_file_line_and_key(tmp_path, key, value):
    path = write(tmp_path, f"# settings\n\n{key} = {value}\n")
    message = complaint(path)
    assert message.startswith(f"{path}:3: ")
    assert key in message or value.strip('"') in message


@pytest.mark.parametrize("key", [field.name for field in fields(Settings)])
def test_a_misspelt_key_names_the_nearest(tmp_path, key):
    wrong = key[:2] + key[3:]
    path = write(tmp_path, f'text_field = "body"\n{wrong} = 1\n' if key != "text_field" else f"\n{wrong} = 1\n")
    message = complaint(path)
    assert message.startswith(f"{path}:2: unknown key {wrong!r}")
    assert f"did you mean {key!r}?" in message


def test_a_key_like_no_other_lists_the_choices(tmp_path):
    message = complaint(write(tmp_path, "zzzz = 1\n"))
    assert "use one of inputs, output, glossary" in message


@pytest.mark.parametrize(("key", "wrong", "right"), [("engine", "thread", "threads"), ("source_lang", "aut", "auto")])
def test_a_near_miss_of_a_choice_is_named(tmp_path, key, wrong, right):
    assert f"did you mean {right!r}?" in complaint(write(tmp_path, f'{key} = "{wrong}"\n'))


def test_an_unknown_table_is_told_at_its_header(tmp_path):
    path = write(tmp_path, 'output = "clean"\n\n[shedule]\ncron = "0 6 * * *"\n')
    message = complaint(path)
    assert message.startswith(f"{path}:3: ")
    assert "did you mean 'schedule'?" in message


@pytest.mark.parametrize(
    ("text", "place"),
    [("a = 1\nselect = \n", ":2:10: "), ("a = 1\na = 2\n", ":2:"), ("jobs = 08\n", ":1:9: "), ("a = [\n", "")],
)
def test_broken_toml_is_told_with_its_place(tmp_path, text, place):
    path = write(tmp_path, text)
    message = complaint(path)
    assert message.startswith(f"{path}{place}")
    assert "not valid TOML: " in message
    assert "(at line" not in message


def test_other_tables_do_not_lend_their_lines(tmp_path):
    text = '[tool.other]\nselect = ["E"]\njobs = 0\n\n[tool.mtclean]\nsuggest = true\njobs = 0\n'
    path = write(tmp_path, text, "pyproject.toml")
    assert complaint(path).startswith(f"{path}:7: 'jobs' must be")


def test_text_that_looks_like_a_key_does_not_lend_its_line(tmp_path):
    path = write(tmp_path, 'inputs = [\n  "jobs = 0",\n]\njobs = 0\n')
    assert complaint(path).startswith(f"{path}:4: ")


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nmtclean.jobs = 0\n",
        '[tool]\n"mtclean"."jobs" = 0\n',
        "[project]\ntool.mtclean.jobs = 1\n[tool.mtclean]\n\njobs = 0 # none\n",
    ],
)
def test_the_line_of_a_key_is_found_however_it_is_written(tmp_path, text):
    path = write(tmp_path, text, "pyproject.toml")
    line = 5 if text.startswith("[project]") else 2
    assert complaint(path).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize("text", ["tool = 3\n", "[tool]\nmtclean = 3\n", "[[tool.mtclean]]\njobs = 1\n"])
def test_a_pyproject_whose_table_is_none_is_an_error_not_a_crash(tmp_path, text):
    path = write(tmp_path, text, "pyproject.toml")
    message = complaint(path)
    assert message.startswith(f"{path}:")
    assert "must be a table" in message


def test_a_pyproject_without_our_table_gives_the_defaults(tmp_path):
    assert load(write(tmp_path, "[tool.other]\na = 1\n", "pyproject.toml")) == Settings()
    assert load(write(tmp_path, "[project]\nname = 'x'\n", "pyproject.toml")) == Settings()


def test_an_unreadable_file_is_one_line(tmp_path):
    missing = tmp_path / "none.toml"
    assert complaint(missing).startswith(f"{missing}: no such file")
    assert complaint(tmp_path).startswith(f"{tmp_path}: ")
    latin = tmp_path / "mtclean.toml"
    latin.write_bytes('output = "Ö"\n'.encode("latin-1"))
    assert complaint(latin) == f"{latin}: not UTF-8; save the file as UTF-8"


def test_every_key_is_read(tmp_path):
    path = write(
        tmp_path,
        """\ufeff
        inputs = ["raw", "s3://bucket/x/*.txt", "/srv/raw", "-"]
        output = "clean"
        glossary = ["terms.yaml"]
        no_glossary = true
        no-names = true
        select = ["SPC"]
        ignore = ["SPC103"]
        rewrite = false
        suggest = true
        report = "report"
        source-lang = "ja"
        date = 2023-07-11
        text_field = "body"
        source_field = "ja"
        jobs = 3
        engine = "processes"
        [schedule]
        cron = "0 6 * * *"
        timezone = "Asia/Tokyo"
        [batch]
        retries = 1
        """,
    )
    assert load(path) == Settings(
        inputs=(str(tmp_path / "raw"), "s3://bucket/x/*.txt", "/srv/raw", "-"),
        output=str(tmp_path / "clean"),
        glossary=(str(tmp_path / "terms.yaml"),),
        no_glossary=True,
        no_names=True,
        select=("SPC",),
        ignore=("SPC103",),
        rewrite=False,
        suggest=True,
        report=str(tmp_path / "report"),
        source_lang="ja",
        date=datetime.date(2023, 7, 11),
        text_field="body",
        source_field="ja",
        jobs=3,
        engine="processes",
        schedule={"cron": "0 6 * * *", "timezone": "Asia/Tokyo"},
        batch={"retries": 1},
    )


def test_a_date_may_be_text(tmp_path):
    assert load(write(tmp_path, 'date = "2023-07-11"\n')).date == datetime.date(2023, 7, 11)


def test_paths_beside_the_working_directory_stay_short(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, 'inputs = ["raw"]\noutput = "out/x"\n')
    settings = load(Path("mtclean.toml"))
    assert (settings.inputs, settings.output) == (("raw",), "out/x")


def test_the_nearest_file_is_found(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    top = write(tmp_path, "[tool.mtclean]\njobs = 2\n", "pyproject.toml")
    write(tmp_path / "a", "[project]\nname = 'x'\n", "pyproject.toml")
    assert find_file(below) == top
    near = write(below, "jobs = 3\n")
    write(below, "[tool.mtclean]\njobs = 4\n", "pyproject.toml")
    assert find_file(below) == near


def test_no_file_is_no_error(tmp_path):
    assert find_file(tmp_path / "nowhere") is None or find_file(tmp_path) == find_file(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("settings", "code", "name", "wanted"),
    [
        (Settings(), "SPC101", "x", True),
        (Settings(select=("SPC",)), "SPC101", "x", True),
        (Settings(select=("spc1",)), "SPC101", "x", True),
        (Settings(select=("PUN",)), "SPC101", "x", False),
        (Settings(select=("missing-space",)), "SPC101", "missing-space-after-stop", False),
        (Settings(select=("missing-space-after-stop",)), "SPC101", "missing-space-after-stop", True),
        (Settings(ignore=("SPC101",)), "SPC101", "x", False),
        (Settings(ignore=("SPC101",)), "SPC102", "x", True),
        (Settings(select=("SPC",), ignore=("SPC101",)), "SPC101", "x", False),
        (Settings(no_names=True), "NAM101", "x", False),
        (Settings(no_names=True, select=("NAM",)), "NAM101", "x", False),
        (Settings(no_names=True), "TRM001", "x", True),
    ],
)
def test_select_and_ignore(settings, code, name, wanted):
    assert settings.selects(code, name) is wanted


def test_merging_keeps_what_is_not_given():
    base = Settings(output="out", select=("SPC",), jobs=2)
    assert base.merged(output=None, select=(), jobs=None) == base
    assert base.merged(output="x", suggest=True) == Settings(output="x", select=("SPC",), jobs=2, suggest=True)


def test_settings_are_frozen_and_travel_to_other_processes():
    settings = Settings(schedule={"cron": "0 6 * * *"}, date=datetime.date(2023, 7, 11))
    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(AttributeError):
        settings.jobs = 2


def test_the_known_source_language():
    assert Settings().known_source_lang is None
    assert Settings(source_lang="zh").known_source_lang == "zh"

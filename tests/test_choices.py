"""Decisions by hand: how they are kept, and that cleaning again goes by them."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import commandline
import pytest
from commandline import mtclean
from hypothesis import given
from hypothesis import strategies as st

from cleaners import choices, trail
from cleaners.choices import BY_HAND, FILE_NAME, Choice, Choices, Chosen, key_of, made_again
from cleaners.core import Decision, Finding, Level, Severity, Verdict, replay
from cleaners.errors import MtcleanError

RAW = "He met the the press. The Asia -Pacific states came.\nThey lie in in the east.\n"
CLEAN = "He met the press. The Asia-Pacific states came.\nThey lie in in the east.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def chosen(choice=Choice.REJECTED, **changes):
    text = "an the" if choice is Choice.EDITED else None
    made = Chosen(
        "a.txt", None, trail.sha256(RAW), "REP101", 7, 14, "the the", "the", "applied", "proved", choice, text
    )
    return replace(made, **changes)


def by_key(made):
    return {key: one.choice for about in made.by_home.values() for key, one in about.items()}


# ---------------------------------------------------------------- kept


def test_a_folder_without_the_file_holds_no_decisions(here):
    assert choices.load(here).count() == 0


@pytest.mark.parametrize("choice", list(Choice))
def test_what_was_written_is_read_back(here, choice):
    one = chosen(choice, record="日\ud83d", at="2026-01-01T00:00:00Z")
    choices.append(here, [one])
    read = choices.load(here)
    assert read.of("a.txt", "日\ud83d", RAW) == {one.key: one}
    assert read.count() == (choice is not Choice.WITHDRAWN)


def test_the_last_line_about_a_finding_counts(here):
    lines = [chosen(), chosen(Choice.ACCEPTED), chosen(start=40, end=47), chosen(Choice.EDITED)]
    choices.append(here, lines[:2])
    choices.append(here, lines[2:])
    assert (here / FILE_NAME).read_bytes().count(b"\n") == 4
    assert by_key(choices.load(here)) == {lines[0].key: Choice.EDITED, lines[2].key: Choice.REJECTED}


def test_a_decision_that_was_withdrawn_no_longer_counts(here):
    choices.append(here, [chosen(), chosen(Choice.WITHDRAWN)])
    assert choices.load(here).count() == 0
    choices.append(here, [chosen(Choice.ACCEPTED)])
    assert choices.load(here).count() == 1


def test_a_line_that_was_torn_costs_one_decision_and_no_later_one(here):
    choices.append(here, [chosen(), chosen(start=40, end=47)])
    whole = (here / FILE_NAME).read_bytes()
    torn = whole[: len(whole) - 20]
    (here / FILE_NAME).write_bytes(torn)
    assert by_key(choices.load(here)) == {chosen().key: Choice.REJECTED}


def test_a_decision_after_a_torn_line_has_a_line_of_its_own(here):
    choices.append(here, [chosen()])
    whole = (here / FILE_NAME).read_bytes()
    (here / FILE_NAME).write_bytes(whole + whole[:30])
    choices.append(here, [chosen(start=40, end=47)])
    assert (here / FILE_NAME).read_bytes().count(b"\n") == 2
    assert choices.load(here).count() == 2


@pytest.mark.parametrize("kind", ["link", "link to nothing", "folder"])
def test_what_is_no_file_of_the_folder_is_neither_read_nor_written(here, kind):
    folder, elsewhere = here / "out", here / "elsewhere"
    folder.mkdir()
    if kind == "folder":
        (folder / FILE_NAME).mkdir()
    else:
        (folder / FILE_NAME).symlink_to(elsewhere)
    if kind == "link":
        elsewhere.write_text("mine")
    with pytest.raises(MtcleanError):
        choices.load(folder)
    with pytest.raises(MtcleanError):
        choices.append(folder, [chosen()])
    assert not elsewhere.exists() or elsewhere.read_text() == "mine"


def test_a_last_line_that_lacks_only_its_end_counts(here):
    choices.append(here, [chosen()])
    (here / FILE_NAME).write_bytes((here / FILE_NAME).read_bytes().rstrip(b"\n"))
    assert choices.load(here).count() == 1
    choices.append(here, [chosen(start=40, end=47)])
    assert choices.load(here).count() == 2


def test_keys_of_a_later_version_and_blank_lines_are_passed_over(here):
    line = json.dumps(asdict(chosen()) | {"mood": "fine"})
    (here / FILE_NAME).write_text(f"\n{line}\n \n")
    assert choices.load(here).count() == 1


BROKEN = {
    "prose": "Leave it.",
    "a list": "[1]",
    "a number": "1",
    "cut": '{"path": "a.t',
    "no choice": json.dumps({k: v for k, v in asdict(chosen()).items() if k != "choice"}),
    "another choice": json.dumps(asdict(chosen()) | {"choice": "perhaps"}),
    "another verdict": json.dumps(asdict(chosen()) | {"verdict": "perhaps"}),
    "another span": json.dumps(asdict(chosen()) | {"end": 20}),
    "a text for no file": json.dumps(asdict(chosen(Choice.EDITED)) | {"text": "a\0"}),
    "half offsets": json.dumps(asdict(chosen()) | {"start": 7.0}),
    "a number for the text": json.dumps(asdict(chosen()) | {"raw": 7}),
    "a number for the fix": json.dumps(asdict(chosen()) | {"fix": 7}),
    "an edit without its text": json.dumps(asdict(chosen()) | {"choice": "edited"}),
    "a text without an edit": json.dumps(asdict(chosen()) | {"text": "x"}),
    "a list for the record": json.dumps(asdict(chosen()) | {"record": ["x"]}),
    "nested": "[" * 100_000,
    "binary": b"\xff\x00",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_line_that_is_no_decision_is_told_with_its_place(here, case):
    line = BROKEN[case] if isinstance(BROKEN[case], bytes) else BROKEN[case].encode()
    choices.append(here, [chosen()])
    with (here / FILE_NAME).open("ab") as stream:
        stream.write(line + b"\n")
    with pytest.raises(MtcleanError) as refused:
        choices.load(here)
    assert str(refused.value).startswith(f"{here / FILE_NAME}:2: this is no decision; delete the line")


# ---------------------------------------------------------------- made again

SPANS = st.tuples(st.integers(0, 20), st.integers(1, 6))


@st.composite
def decided(draw):
    """Decisions as a cleaner makes them, those applied being disjoint, and what people chose of some."""
    raw = "He met the the press in in Vernis ."
    decisions = []
    done = 0
    for number, (start, length) in enumerate(sorted(draw(st.lists(SPANS, max_size=7, unique=True)))):
        end = start + length
        may = start >= done
        verdict = draw(st.sampled_from([v for v in Verdict if may or v is not Verdict.APPLIED]))
        done = end if verdict is Verdict.APPLIED else done
        fix = draw(st.sampled_from(["", "x"] if verdict is Verdict.APPLIED else ["", "x", None]))
        finding = Finding(f"REP{number}", "n", start, end, fix, Level.SAFE, Severity.MINOR, "", 1.0, "m")
        decisions.append(Decision(finding, verdict, "proved", start, end, raw[start:end], fix))
    picked = {}
    for one in decisions:
        choice = draw(st.none() | st.sampled_from(list(Choice)))
        if choice is not None:
            text = "y" if choice is Choice.EDITED else None
            picked[key_of(one)] = Chosen("a", None, "h", *key_of(one), one.verdict.value, one.reason, choice, text)
    return raw, tuple(decisions), picked


@given(decided())
def test_what_is_made_again_can_be_spliced_and_goes_by_the_people_where_it_can(case):
    raw, decisions, picked = case
    made = made_again(decisions, picked)
    text = choices.text_of(raw, made)
    assert text == replay(raw, sorted(made, key=lambda d: (d.start, d.end)))
    for own, now in zip(decisions, made, strict=True):
        choice = picked[key_of(own)].choice if key_of(own) in picked else None
        if choice in (Choice.REJECTED, Choice.UNDONE):
            assert now.verdict is (Verdict.REFUSED if choice is Choice.REJECTED else Verdict.OPEN)
        elif choice is Choice.EDITED and now.verdict is Verdict.APPLIED:
            assert now.fix == "y"
        assert now == own or now.was == own
        assert key_of(now) == key_of(own)


@given(decided())
def test_making_again_twice_is_making_once_and_without_choices_leads_back(case):
    _, decisions, picked = case
    made = made_again(decisions, picked)
    assert made_again(made, picked) == made
    assert made_again(made, {}) == decisions


@given(decided())
def test_only_what_overlaps_an_edit_by_hand_gives_way(case):
    _, decisions, picked = case
    made = made_again(decisions, picked)
    by_hand = [d for d in made if d.verdict is Verdict.APPLIED and d.reason.endswith(BY_HAND)]
    for own, now in zip(decisions, made, strict=True):
        if now.reason.startswith("gives way"):
            assert any(d.start < own.end and own.start < d.end for d in by_hand)
        elif key_of(own) not in picked:
            assert now == own


def test_nothing_chosen_leaves_the_decisions_as_they_are():
    assert made_again((), {}) == ()
    assert Choices().of("a.txt", None, RAW) == {}


# ---------------------------------------------------------------- cleaning again


def text_file(raw=RAW):
    return "a.txt", raw.encode()


def records_file(raw=RAW):
    rows = [{"id": "r-1", "text": "Fine."}, {"id": "r-2", "text": raw}]
    return "r.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode()


def cleaned_again(name, content):
    commandline.put(name, content)
    run = mtclean("clean", name, "-o", "out", "--no-rewrite", "-q")
    assert (run.status, run.err) == (0, "")
    rows = [json.loads(line) for line in Path(f"out/{name}{trail.SUFFIX}").read_text().splitlines()[1:]]
    data = Path("out", name).read_text()
    return json.loads(data.splitlines()[1])["text"] if name == "r.jsonl" else data, {row["raw"]: row for row in rows}


def choose(name, row, choice, text=None):
    keys = ("record", "code", "start", "end", "raw", "fix", "verdict", "reason")
    told = {key: row[key] for key in keys}
    choices.append(Path("out"), [Chosen(path=name, raw_sha256=trail.sha256(RAW), choice=choice, text=text, **told)])


CASES = [
    ("the the", Choice.REJECTED, None, CLEAN.replace("met the", "met the the"), "refused"),
    ("the the", Choice.UNDONE, None, CLEAN.replace("met the", "met the the"), "open"),
    ("the the", Choice.EDITED, "all the", CLEAN.replace("met the", "met all the"), "applied"),
    ("the the", Choice.EDITED, "", CLEAN.replace("met the", "met "), "applied"),
    ("in in", Choice.ACCEPTED, None, CLEAN.replace("in in", "in"), "applied"),
]


@pytest.mark.parametrize("file", [text_file, records_file], ids=["text", "records"])
@pytest.mark.parametrize(("hit", "choice", "text", "expected", "verdict"), CASES)
def test_cleaning_again_keeps_what_was_decided(file, hit, choice, text, expected, verdict):
    name, content = file()
    before, rows = cleaned_again(name, content)
    assert before == CLEAN
    choose(name, rows[hit], choice, text)
    for _ in range(2):
        after, now = cleaned_again(name, content)
        assert after == expected
        assert (now[hit]["verdict"], now[hit]["reason"]) == (verdict, f"{choice} {BY_HAND}")
        assert now[hit]["was"]["verdict"] == rows[hit]["verdict"]
    choose(name, rows[hit], Choice.WITHDRAWN)
    assert cleaned_again(name, content) == (before, rows)


@pytest.mark.parametrize("file", [text_file, records_file], ids=["text", "records"])
def test_a_raw_text_that_has_changed_asks_anew(file):
    name, content = file()
    _, rows = cleaned_again(name, content)
    choose(name, rows["the the"], Choice.REJECTED)
    assert cleaned_again(name, content)[0] != CLEAN
    _, content = file(RAW + "A new line.\n")
    assert cleaned_again(name, content)[0] == CLEAN + "A new line.\n"


def test_a_decision_about_one_file_is_none_about_another_of_the_same_text():
    _, rows = cleaned_again(*text_file())
    choose("a.txt", rows["the the"], Choice.REJECTED)
    assert cleaned_again("b.txt", RAW.encode())[0] == CLEAN


def test_undo_takes_back_an_edit_by_hand_and_leads_to_the_raw_text():
    _, rows = cleaned_again(*text_file())
    choose("a.txt", rows["the the"], Choice.EDITED, "all the")
    cleaned_again(*text_file())
    assert mtclean("apply", f"out/a.txt{trail.SUFFIX}", "a.txt").out == Path("out/a.txt").read_bytes()
    assert mtclean("undo", "out/a.txt").status == 0
    assert Path("out/a.txt").read_text() == RAW
    (row, *_) = [json.loads(line) for line in Path(f"out/a.txt{trail.SUFFIX}").read_text().splitlines()[1:]]
    assert (row["fix"], row["verdict"], row["reason"]) == ("the", "open", f"undone {BY_HAND}")
    assert row["was"] == {"fix": "the", "verdict": "applied", "reason": rows["the the"]["reason"]}
    assert choices.choice_of(trail.decision_of(row)) is Choice.UNDONE


def test_what_goes_to_standard_output_or_in_place_asks_nobody():
    _, rows = cleaned_again(*text_file())
    choose("a.txt", rows["the the"], Choice.REJECTED)
    assert mtclean("clean", "a.txt", "-", "--no-rewrite").text == CLEAN


@pytest.fixture
def in_place():
    """Files in ``texts/``, cleaned in place, and in ``texts/deep.jsonl`` two records."""
    Path("texts").mkdir()
    Path("texts", "a.txt").write_text(RAW)
    Path("texts", "deep.jsonl").write_text("".join(json.dumps({"id": n, "text": f"{n}. {RAW}"}) + "\n" for n in "xy"))
    assert mtclean("clean", "--in-place", "--no-rewrite", "texts").status == 0
    Path("texts", FILE_NAME).touch()  # as a review leaves it
    return Path("texts")


def again(*options):
    assert mtclean("clean", "--in-place", "--no-rewrite", "texts", *options).status == 0


def tree(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_was_undone_in_place_stays_undone(in_place):
    assert mtclean("undo", "texts/a.txt", "--code", "SPC102").status == 0
    assert mtclean("undo", "texts/deep.jsonl", "--record", "y", "--code", "REP101").status == 0
    before = tree(in_place)
    again()
    assert tree(in_place) == before
    assert (in_place / "a.txt").read_text() == CLEAN.replace("Asia-Pacific", "Asia -Pacific")
    records = [json.loads(line)["text"] for line in (in_place / "deep.jsonl").read_text().splitlines()]
    assert records == [f"x. {CLEAN}", f"y. {CLEAN}".replace("met the", "met the the")]


def test_what_was_undone_in_place_stays_undone_when_something_before_it_is_cleaned(in_place):
    path = in_place / "b.txt"
    path.write_text(RAW)
    again("--select", "SPC102")
    assert mtclean("undo", "texts/b.txt").status == 0
    for _ in range(2):
        again()
        assert path.read_text() == CLEAN.replace("Asia-Pacific", "Asia -Pacific")
    # The trail tells of it still, at the place where the words are now.
    rows = [json.loads(line) for line in Path(f"{path}{trail.SUFFIX}").read_text().splitlines()[1:]]
    (row,) = [row for row in rows if row["code"] == "SPC102"]
    assert (row["verdict"], row["reason"]) == ("open", f"undone {BY_HAND}")


def test_what_was_all_undone_in_place_stays_raw(in_place):
    assert mtclean("undo", "texts/a.txt").status == 0
    again()
    assert (in_place / "a.txt").read_text() == RAW
    (in_place / f"a.txt{trail.SUFFIX}").unlink()  # the decisions of the folder know the raw text without it
    again()
    assert (in_place / "a.txt").read_text() == RAW


def test_a_text_that_was_changed_by_hand_after_it_was_cleaned_in_place_is_asked_about_anew(in_place):
    assert mtclean("undo", "texts/a.txt", "--code", "SPC102").status == 0
    with (in_place / "a.txt").open("a") as text:
        text.write("More came.\n")
    again()
    assert (in_place / "a.txt").read_text() == CLEAN + "More came.\n"


def test_without_decisions_in_its_folder_an_undone_text_is_cleaned_again_in_place(in_place):
    (in_place / FILE_NAME).unlink()
    assert mtclean("undo", "texts/a.txt").status == 0
    again()
    assert (in_place / "a.txt").read_text() == CLEAN


def test_decisions_that_cannot_be_read_stop_cleaning_in_place_and_change_nothing(in_place):
    assert mtclean("undo", "texts/a.txt", "--code", "SPC102").status == 0
    with (in_place / FILE_NAME).open("a") as log:
        log.write("{}\n")
    (in_place / "a.txt").write_text(RAW)
    run = mtclean("clean", "--in-place", "--no-rewrite", "texts/a.txt")
    assert run.status == 2
    assert "decisions.jsonl:2: this is no decision; delete the line" in run.err
    assert (in_place / "a.txt").read_text() == RAW


def test_an_edit_by_hand_in_place_is_left_alone_also_when_its_words_are_debris(in_place):
    _, rows = rows_of(in_place / "a.txt")
    line = choices.chosen("a.txt", None, RAW, rows["the the"], Choice.EDITED, "the the the")
    choices.append(in_place, [line])
    (in_place / "a.txt").write_text(RAW)
    again()
    kept = CLEAN.replace("met the press", "met the the the press")
    assert (in_place / "a.txt").read_text() == kept
    again()
    assert (in_place / "a.txt").read_text() == kept
    (in_place / f"a.txt{trail.SUFFIX}").write_text("")  # nothing tells of it any more
    again()
    assert (in_place / "a.txt").read_text() == CLEAN


def rows_of(path):
    rows = [json.loads(line) for line in Path(f"{path}{trail.SUFFIX}").read_text().splitlines()]
    return rows[0], {row["raw"]: trail.decision_of(row) for row in rows[1:]}


def test_a_refusal_in_place_outlasts_a_stop_between_trail_and_text(in_place):
    path = in_place / "b.txt"
    path.write_text(RAW)
    again("--select", "SPC102")
    assert mtclean("undo", "texts/b.txt").status == 0
    (in_place / FILE_NAME).write_text("")  # the trail alone tells of it
    again()
    kept = path.read_text()
    path.write_text(RAW)  # the new trail is in place, and the text is the one before
    again()
    assert path.read_text() == kept == CLEAN.replace("Asia-Pacific", "Asia -Pacific")


def test_undo_below_the_folder_is_kept_there_and_undo_elsewhere_is_not(in_place, monkeypatch):
    Path("other").mkdir()
    Path("other", "a.txt").write_text(RAW)
    assert mtclean("clean", "--in-place", "--no-rewrite", "other").status == 0
    (in_place / "sub").mkdir()
    (in_place / "sub" / "c.txt").write_text(RAW)
    again()
    monkeypatch.chdir(in_place)
    assert mtclean("undo", "../other/a.txt").status == 0
    assert Path(FILE_NAME).read_text() == ""
    monkeypatch.chdir("sub")
    assert mtclean("undo", "c.txt", "--code", "REP101").status == 0
    (line,) = [json.loads(line) for line in Path("..", FILE_NAME).read_text().splitlines()]
    assert (line["path"], line["choice"]) == ("sub/c.txt", "undone")


def test_a_file_of_the_same_name_that_keeps_no_decisions_is_no_matter(in_place):
    (in_place / FILE_NAME).write_text(json.dumps({"text": "The court met."}) + "\n")
    (in_place / "a.txt").write_text(RAW)
    again()
    assert (in_place / "a.txt").read_text() == CLEAN


@pytest.mark.parametrize("how", [["texts"], ["texts/*.jsonl"], ["texts/**/*"]], ids=" ".join)
def test_no_walk_and_no_glob_cleans_the_decisions_themselves(in_place, how):
    _, rows = rows_of(in_place / "a.txt")
    line = choices.chosen("a.txt", None, RAW, rows["the the"], Choice.EDITED, "the the the")
    choices.append(in_place, [line])
    before = (in_place / FILE_NAME).read_bytes()
    assert mtclean("clean", "--in-place", "--no-rewrite", *how).status == 0
    assert (in_place / FILE_NAME).read_bytes() == before
    assert not (in_place / f"{FILE_NAME}{trail.SUFFIX}").exists()


def test_decisions_that_are_named_themselves_are_refused_in_place(in_place):
    assert mtclean("undo", "texts/a.txt", "--code", "SPC102").status == 0
    run = mtclean("clean", "--in-place", f"texts/{FILE_NAME}")
    assert run.status == 2
    assert run.err == (
        f"mtclean: texts/{FILE_NAME}: it keeps what people decided about the clean texts, and is no text itself; "
        "leave it out\n"
    )

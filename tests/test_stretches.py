"""A record file in stretches: joined they are the whole file, with its numbers and lines, and a change is noticed."""

import io
import json
import os
import tracemalloc
from dataclasses import replace
from hashlib import sha256

import fsspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaners.errors import MtcleanError
from cleaners.files import Source, Stretch
from cleaners.formats import Fields, can_be_split, read_records, survey, transform

# One temporary folder serves all examples of a law: every example overwrites the file.
law = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

SKIP = Fields(source="ja", skip_bad=True)
CHANGED = "changed while it was read; clean it again"


@pytest.fixture
def put(tmp_path):
    """Put ``data`` into a file of a format and give its source."""

    def put_(data, format_):
        path = tmp_path / f"in.{format_}"
        path.write_bytes(data)
        return Source(str(path), path.name, format_, False)

    return put_


def digest(data):
    return sha256(data).hexdigest()


def shout(record):
    """An edit that changes most texts in length, and says to which record it was made."""
    return record.text if record.text.startswith("k") else f"{record.text}\n#{record.record}, {record.line}"


def transformed(source, fields=SKIP):
    """Transform a source; gives the bytes, the summary and the records seen, or the error instead of all three."""
    out, seen = io.BytesIO(), []

    def edit(record):
        seen.append(record)
        return shout(record)

    try:
        summary = transform(source, edit, fields, out)
    except MtcleanError as error:
        return str(error)
    return out.getvalue(), summary, seen


def parts_of(source, size, fields=SKIP):
    return [replace(source, stretch=stretch) for stretch in survey(source, fields, size).stretches]


# --- the law: parts make the whole ------------------------------------------------------------------

json_lines = st.one_of(
    st.builds(
        lambda item, ascii_: json.dumps(item, ensure_ascii=ascii_).encode(),
        st.fixed_dictionaries(
            {"text": st.none() | st.text(st.sampled_from("kab é\n\r\u2028"), max_size=12)},
            optional={"id": st.sampled_from([7, "", "a1", None]), "date": st.just("2024-05-01"), "ja": st.just("東")},
        ),
        st.booleans(),
    ),
    st.sampled_from([b"", b" ", b"\x0b\x0c", b"\r", b"not json", b"[1]", b'{"a": 1}', b"\xff", b"\xef\xbb\xbf"]),
)
line_ends = st.sampled_from([b"\n", b"\r\n"])
marks = st.sampled_from([b"", b"\xef\xbb\xbf"])


@st.composite
def json_files(draw):
    lines = draw(st.lists(st.tuples(json_lines, line_ends), max_size=12))
    data = draw(marks) + b"".join(line + end for line, end in lines)
    return data.rstrip(b"\r\n") if draw(st.booleans()) else data


@st.composite
def tables(draw, delimiter):
    """Draw a table with rows that are good, blank, too short, not UTF-8 or torn by line breaks and quotes."""
    quoted = st.text(st.sampled_from('kaé,;\t"\n\r'), max_size=8).map(lambda text: '"' + text.replace('"', '""') + '"')
    cell = (quoted | st.text(st.sampled_from("kab é"), max_size=8)).map(str.encode)
    good = st.lists(cell | st.just(b"\xff"), min_size=3, max_size=3).map(delimiter.join)
    odd = st.sampled_from([b"", b"", b"one cell", b'a"b', delimiter * 2, delimiter * 3])
    end = draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
    rows = draw(st.lists(good | odd, max_size=10))
    blank = draw(st.sampled_from([b"", b"\n", b"\r\n\n", b"\r"]))
    # Semicolons are only looked for in the header's first line.
    names = [b"id", b"date"] if delimiter == b";" else [b"id", b"date", b'"i\nd"']
    header = delimiter.join(draw(st.permutations([draw(st.sampled_from(names)), b"text", b"ja"])))
    last = draw(st.sampled_from([b"", end, end * 2, end + b'"never closed' + end + b"a"]))
    return draw(marks) + blank + end.join([header, *rows]) + last


loose_tables = st.text(st.sampled_from('ab,"\n\r\t'), max_size=60).map(lambda rows: f"text,b\n{rows}".encode())
cases = st.one_of(
    st.tuples(json_files(), st.just("jsonl")),
    st.tuples(tables(b",") | tables(b";") | loose_tables, st.just("csv")),
    st.tuples(tables(b"\t"), st.just("tsv")),
    st.tuples(st.binary(max_size=80), st.just("jsonl")),
)


@law
@given(case=cases, size=st.integers(0, 80))
def test_parts_joined_are_the_whole_byte_for_byte_with_its_numbers_and_lines(put, case, size):
    source = put(*case)
    out, summary, seen = transformed(source)
    made = [transformed(part) for part in parts_of(source, size)]
    assert b"".join(part_out for part_out, _, _ in made) == out
    assert [record for _, _, part_seen in made for record in part_seen] == seen
    for count in ("records", "changed", "skipped_bad"):
        assert sum(getattr(part, count) for _, part, _ in made) == getattr(summary, count)


@law
@given(case=cases, size=st.integers(0, 80))
def test_the_first_error_in_the_parts_is_the_error_of_the_whole(put, case, size):
    source, fields = put(*case), Fields()
    whole = transformed(source, fields)
    errors = [made for part in parts_of(source, size, fields) if isinstance(made := transformed(part, fields), str)]
    assert errors[:1] == ([whole] if isinstance(whole, str) else [])


@law
@given(case=cases, size=st.integers(0, 80))
def test_a_survey_covers_the_file_and_says_what_stands_before_each_stretch(put, case, size):
    data, _ = case
    source = put(*case)
    found = survey(source, SKIP, size)
    assert found.raw_sha256 == digest(data)
    assert found.stretches[0].start == 0
    assert found.stretches[-1].end == len(data)
    records = 0
    for stretch, following in zip(found.stretches, [*found.stretches[1:], None], strict=True):
        own = data[stretch.start : stretch.end]
        assert stretch.sha256 == digest(own)
        before = data[: stretch.start]
        # Of bytes, splitlines knows "\n", "\r" and "\r\n" alone; JSON lines end in "\n".
        assert stretch.lines == (before.count(b"\n") if source.format == "jsonl" else len(before.splitlines()))
        assert stretch.records == records
        out, summary, _ = transformed(replace(source, stretch=stretch))
        records += summary.records + summary.skipped_bad
        assert (summary.raw_sha256, summary.clean_sha256) == (stretch.sha256, digest(out))
        if following is not None:
            assert following.start == stretch.end
            assert len(own) >= max(size, 1)


@law
@given(case=cases, size=st.integers(0, 80))
def test_reading_the_parts_gives_the_records_of_the_whole(put, case, size):
    source = put(*case)
    read = [record for part in parts_of(source, size) for record in read_records(part, SKIP)]
    assert read == list(read_records(source, SKIP))


# --- where a stretch begins -------------------------------------------------------------------------

LINES = b'{"text":"a"}\n' + b"\n" + b"bad\n" + b'{"text":"bcd"}\n' + b" \n" + b'{"text":"e"}'
TABLE = b"\xef\xbb\xbf\n" + b"id,text\r\n" + b"\r\n" + b'1,"a\nb\r\nc"\r\n' + b"2\n" + b"3,d"


def places(source, size):
    return [replace(stretch, sha256="") for stretch in survey(source, Fields(), size).stretches]


@pytest.mark.parametrize(
    ("format_", "data", "size", "expected"),
    [
        ("jsonl", LINES, 1, [(0, 14, 0, 0), (14, 18, 1, 2), (18, 35, 2, 3), (35, 47, 3, 5)]),
        ("jsonl", LINES, 14, [(0, 14, 0, 0), (14, 35, 1, 2), (35, 47, 3, 5)]),
        ("jsonl", LINES, 15, [(0, 18, 0, 0), (18, 35, 2, 3), (35, 47, 3, 5)]),
        ("jsonl", LINES, 36, [(0, 47, 0, 0)]),
        ("jsonl", b"\xef\xbb\xbf\n" + LINES[:13], 4, [(0, 4, 0, 0), (4, 17, 0, 1)]),
        ("csv", TABLE, 1, [(0, 15, 0, 0, 13), (15, 27, 0, 3, 13), (27, 29, 1, 6, 13), (29, 32, 2, 7, 13)]),
        ("csv", TABLE, 16, [(0, 27, 0, 0, 13), (27, 32, 1, 6, 13)]),
        ("csv", TABLE, 99, [(0, 32, 0, 0, 13)]),
        ("csv", b"text\ra\r\rb\r", 1, [(0, 5, 0, 0, 5), (5, 8, 0, 1, 5), (8, 10, 1, 3, 5)]),
        ("tsv", b'id\ttext\n1\t"a\nb"\n2\tc\n', 9, [(0, 16, 0, 0, 8), (16, 20, 1, 3, 8)]),
    ],
)
def test_a_stretch_begins_at_the_first_record_after_so_many_bytes(put, format_, data, size, expected):
    assert places(put(data, format_), size) == [Stretch(*place) for place in expected]


@pytest.mark.parametrize("format_", ["jsonl", "csv", "tsv"])
@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n\n"], ids=["empty", "blank line", "blank lines"])
def test_a_file_without_records_is_one_stretch(put, format_, data):
    header = 0 if format_ == "jsonl" else len(data)
    source = put(data, format_)
    assert places(source, 1) == [Stretch(0, len(data), 0, 0, header)]
    assert [transformed(part)[0] for part in parts_of(source, 1)] == [data]


@pytest.mark.parametrize("fields", [Fields(), Fields(skip_bad=True)], ids=["strict", "skip bad"])
@pytest.mark.parametrize("data", [b"id,body\n1,a\n", b'id,"text\n1,a\n', b"\xff\xfei\0"])
def test_a_table_that_cannot_be_read_is_told_as_transform_tells_it(put, data, fields):
    source = put(data, "csv")
    with pytest.raises(MtcleanError) as caught:
        survey(source, fields, 1)
    assert str(caught.value) == transformed(source, fields)


@pytest.mark.parametrize(
    ("format_", "data", "line"), [("jsonl", LINES + b" " * 40, 6), ("csv", b'text\na\n"b\n' + b"c\n" * 30 + b'"\n', 3)]
)
def test_a_record_over_the_limit_is_told_with_its_line(put, monkeypatch, format_, data, line):
    monkeypatch.setattr("cleaners.formats.piece.DOCUMENT_LIMIT", 30)
    monkeypatch.setattr("cleaners.formats.delimited.DOCUMENT_LIMIT", 30)
    with pytest.raises(MtcleanError, match=rf"in\.{format_}:{line}: this record is over the limit"):
        survey(put(data, format_), Fields(), 1)


def test_a_quote_that_is_never_closed_makes_the_rest_of_the_file_one_bad_record(put):
    source = put(b'id,text\n1,a\n2,"b\n3,c\n4,d\n', "csv")
    first, second, third = parts_of(source, 1, Fields())
    assert [part.stretch.start for part in (first, second, third)] == [0, 8, 12]
    assert transformed(third, Fields()) == transformed(source, Fields())
    assert "in.csv:3: a quote that opens in this row is never closed" in transformed(source, Fields())
    _, summary, _ = transformed(third)
    (note,) = summary.notes
    assert note.startswith("1 bad record passed through unchanged, the first at ")
    assert "in.csv:3" in note


# --- what can be split ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "format_", "gzipped", "expected"),
    [
        ("a.jsonl", "jsonl", False, True),
        ("a.csv", "csv", False, True),
        ("s3://b/a.tsv", "tsv", False, True),
        ("a.jsonl.gz", "jsonl", True, False),
        ("a.parquet", "parquet", False, False),
        ("a.txt", "text", False, False),
        ("a.md", "markdown", False, False),
        ("-", "jsonl", False, False),
        (os.devnull, "jsonl", False, False),
    ],
)
def test_only_plain_bytes_of_records_can_be_split(path, format_, gzipped, expected):
    assert can_be_split(Source(path, "a", format_, gzipped)) is expected


def test_a_pipe_cannot_be_split_and_is_surveyed_as_one_stretch(tmp_path):
    assert can_be_split(Source(str(tmp_path), "a", "jsonl", False)) is False
    reader, writer = os.pipe()
    os.write(writer, LINES)
    os.close(writer)
    source = Source(f"/dev/fd/{reader}", "a", "jsonl", False)
    try:
        assert can_be_split(source) is False
        assert places(source, 1) == [Stretch(0, len(LINES), 0, 0)]
    finally:
        os.close(reader)


def test_remote_files_are_split_the_same(put):
    store = fsspec.filesystem("memory")
    store.pipe("/stretches/in.csv", TABLE)
    remote, local = Source("memory://stretches/in.csv", "in.csv", "csv", False), put(TABLE, "csv")
    assert survey(remote, SKIP, 1) == survey(local, SKIP, 1)
    outs = [[transformed(part)[0] for part in parts_of(source, 1)] for source in (remote, local)]
    assert outs[0] == outs[1]
    assert len(outs[0]) == 4
    store.rm("/stretches", recursive=True)


# --- a file that changes ----------------------------------------------------------------------------


GOOD_LINES = LINES.replace(b"bad", b'{"text":null}')
GOOD_TABLE = TABLE.replace(b"2\n", b"2,x\n")


def each_error(parts, fields):
    return [made for part in parts if isinstance(made := transformed(part, fields), str)]


@pytest.mark.parametrize("fields", [Fields(), SKIP], ids=["strict", "skip bad"])
@pytest.mark.parametrize(
    ("format_", "data", "old", "new"),
    [
        ("jsonl", GOOD_LINES, b"bcd", b"xyz"),
        ("jsonl", GOOD_LINES, b'{"text":"bcd"}\n', b'{"text":"bcd"\n}'),
        ("jsonl", GOOD_LINES, b'{"text":"e"}', b'{"text":"e"'),
        ("jsonl", GOOD_LINES, b'{"text":"e"}', b""),
        ("csv", GOOD_TABLE, b"id,", b"ID,"),
        ("csv", GOOD_TABLE, b'c"\r\n', b'd"\r\n'),
        ("csv", GOOD_TABLE, b"2,x\n", b"2,\nx"),
        ("csv", GOOD_TABLE, b"3,d", b"3"),
        ("csv", GOOD_TABLE, b"3,d", b'",d'),
    ],
)
def test_a_change_after_the_survey_is_told_by_the_stretch_that_holds_it(put, format_, data, old, new, fields):
    source = put(data, format_)
    parts = parts_of(source, 1)
    assert (len(parts), data.count(old)) == (4, 1)
    put(data.replace(old, new), format_)
    for part in parts:
        told = transformed(part, fields)
        if part.stretch.start <= data.index(old) < part.stretch.end:
            assert told == f"{source.path}: {CHANGED}"
        else:
            assert not isinstance(told, str)


@law
@given(case=cases, size=st.integers(0, 80), at=st.integers(0, 200), flip=st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(put, case, size, at, flip):
    data, format_ = case
    source = put(data, format_)
    parts = parts_of(source, size)
    if not data:
        return
    changed = bytearray(data)
    changed[at % len(data)] ^= flip
    put(bytes(changed), format_)
    assert each_error(parts, SKIP)


@law
@given(case=cases, size=st.integers(0, 80), kept=st.integers(0, 200))
def test_no_missing_end_goes_unnoticed_also_without_a_hash(put, case, size, kept):
    data, format_ = case
    source = put(data, format_)
    parts = [replace(part, stretch=replace(part.stretch, sha256="")) for part in parts_of(source, size)]
    if not data:
        return
    put(data[: kept % len(data)], format_)
    assert each_error(parts, SKIP)


def test_a_header_that_has_changed_is_told_also_by_the_stretches_below_it(put):
    source = put(TABLE, "csv")
    *_, last = parts_of(source, 1)
    for header in (b"id,text\n\n", b"       \r\n", b"\r\n\r\n\r\n\r\n\n"):
        put(TABLE.replace(b"id,text\r\n", header), "csv")
        assert "in.csv" in transformed(last)
        assert isinstance(transformed(last), str)


def test_reading_a_changed_stretch_raises_too(put):
    source = put(LINES, "jsonl")
    *_, last = parts_of(source, 1)
    put(LINES.replace(b'"e"', b'"f"'), "jsonl")
    with pytest.raises(MtcleanError, match=CHANGED):
        list(read_records(last, SKIP))


def test_lines_that_are_added_after_the_survey_are_left_out(put):
    source = put(LINES, "jsonl")
    parts, whole = parts_of(source, 1), transformed(source)
    put(LINES + b'{"text":"more"}\n', "jsonl")
    assert b"".join(transformed(part)[0] for part in parts) == whole[0]


# --- memory -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_neither_a_survey_nor_a_stretch_is_held_in_memory(put, format_):
    body = b"lorem ipsum " * 2000
    line = b'{"text": "' + body + b'"}\n' if format_ == "jsonl" else b"1," + body + b"\n"
    source = put((b"" if format_ == "jsonl" else b"id,text\n") + line * 800, format_)  # some 19 MB
    tracemalloc.start()
    try:
        first, last = parts_of(source, 10_000_000)
        for part in (first, last):
            assert transform(part, lambda record: record.text + "!", Fields(), None).changed >= 380
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000

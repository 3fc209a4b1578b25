"""Records in files: what is not the text stays byte for byte, and what is broken is told by its line."""

import csv
import gzip
import io
import json
import random
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaners.errors import MtcleanError
from cleaners.files import Source, atomic_output, decode, discover
from cleaners.formats import Fields, Record, columnar, read_records, transform

# One temporary folder serves all examples of a law: every example overwrites the file.
law = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def run(tmp_path):
    """Put ``data`` into a file of a format and transform it; gives the bytes written and the summary."""

    def run_(data, format_, edit=lambda record: record.text, fields=None, *, gzipped=False):
        path = tmp_path / f"in.{format_}"
        path.write_bytes(gzip.compress(data) if gzipped else data)
        out = io.BytesIO()
        source = Source(str(path), path.name, format_, gzipped)
        summary = transform(source, edit, fields or Fields(), out)
        return out.getvalue(), summary

    return run_


@pytest.fixture
def records(tmp_path):
    def records_(data, format_, fields=None):
        path = tmp_path / f"in.{format_}"
        path.write_bytes(data)
        return list(read_records(Source(str(path), path.name, format_, False), fields or Fields()))

    return records_


@pytest.fixture
def refusal(run, tmp_path):
    def refusal_(data, format_, fields=None):
        with pytest.raises(MtcleanError) as caught:
            run(data, format_, fields=fields)
        assert "\n" not in str(caught.value)
        caught.value.place = caught.value.place.replace(f"{tmp_path}/", "")
        return caught.value

    return refusal_


def upper(record):
    return record.text.upper()


def constant(text):
    return lambda _: text


def digest(data):
    return sha256(data).hexdigest()


# --- plain files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["text", "markdown"])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbfa\r\nb\rc", "Élysée\n".encode()])
def test_an_unchanged_text_comes_out_byte_for_byte(run, format_, data):
    out, summary = run(data, format_)
    assert out == data
    assert (summary.records, summary.changed, summary.notes) == (1, 0, [])
    assert summary.raw_sha256 == summary.clean_sha256 == digest(data)


def test_a_changed_text_is_written(run):
    out, summary = run(b"hello\r\n", "text", upper)
    assert out == b"HELLO\r\n"
    assert (summary.changed, summary.clean_sha256) == (1, digest(b"HELLO\r\n"))


def test_another_encoding_becomes_utf8_and_is_noted(run):
    data = "He said “hello” in the café.".encode("cp1252")
    out, summary = run(data, "text")
    assert out == "He said “hello” in the café.".encode()
    assert summary.notes == ["not UTF-8: read as cp1252, will be written as UTF-8"]
    assert summary.raw_sha256 == summary.clean_sha256 == digest(out)


def test_a_plain_file_is_one_record_without_a_number(records):
    assert records(b"hello", "text") == [Record("hello", None, None, None, None)]


def test_a_binary_text_file_is_told(refusal):
    assert "binary" in refusal(b"a\0b", "text").what


def test_a_document_over_the_limit_is_told(refusal, monkeypatch):
    monkeypatch.setattr("cleaners.files.streams.DOCUMENT_LIMIT", 10)
    assert "over the limit" in refusal(b"x" * 11, "text").what


# --- JSON lines -------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6)
objects = st.builds(
    lambda others, text, at: dict([*(items := list(others.items()))[:at], ("text", text), *items[at:]]),
    st.dictionaries(st.text().filter(lambda key: key != "text"), values, max_size=4),
    st.text(st.characters()),
    st.integers(0, 4),
)
styles = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "indent": st.none(),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :  ")]),
    }
)


@st.composite
def json_files(draw):
    """Draw a JSON-lines file and the objects in it."""
    items = draw(st.lists(objects, max_size=5))
    lines = []
    for item in items:
        style = draw(styles)
        body = json.dumps(item, **style).encode("utf-8", "surrogatepass")
        try:
            body.decode()
        except UnicodeDecodeError:  # half a surrogate pair is only valid as an escape
            body = json.dumps(item, **{**style, "ensure_ascii": True}).encode()
        lines.append(draw(st.sampled_from([b"", b" "])) + body + draw(st.sampled_from([b"\n", b"\r\n", b" \n"])))
        lines.append(draw(st.sampled_from([b"", b"", b"\n", b" \r\n"])))
    data = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + b"".join(lines)
    return (data.rstrip(b"\r\n") if draw(st.booleans()) else data), items


@law
@given(case=json_files())
def test_unchanged_json_lines_come_out_byte_for_byte(run, case):
    data, items = case
    out, summary = run(data, "jsonl")
    assert out == data
    assert (summary.records, summary.changed) == (len(items), 0)
    assert summary.raw_sha256 == summary.clean_sha256 == digest(data)


@law
@given(case=json_files(), new=st.text(st.characters()))
def test_a_changed_json_text_changes_nothing_else(run, case, new):
    data, items = case
    seen = []

    def edit(record):
        seen.append(record.text)
        return record.text + "!" + new.encode("utf-8", "ignore").decode()

    out, summary = run(data, "jsonl", edit)
    assert seen == [item["text"] for item in items]
    assert summary.changed == len(items)
    lines = [line for line in out.decode("utf-8-sig").split("\n") if line.strip()]
    again = [json.loads(line) for line in lines]
    for item, changed in zip(items, again, strict=True):
        assert changed == {**item, "text": item["text"] + "!" + new.encode("utf-8", "ignore").decode()}
        assert list(changed) == list(item)
    assert out.count(b"\n") == data.count(b"\n")
    assert out.endswith(b"\n") == data.endswith(b"\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # All but the literal stays: numbers, order, space, line end, doubled and nested keys.
        (
            r'{ "n":1.0e5 ,"text" : "old", "m": 1E400, "z":[1,  2]}' + "\r\n",
            r'{ "n":1.0e5 ,"text" : "né/w", "m": 1E400, "z":[1,  2]}' + "\r\n",
        ),
        ('{"text": "first", "text": "old"}', '{"text": "first", "text": "né/w"}'),
        ('{"text": null, "text": "old"}', '{"text": null, "text": "né/w"}'),
        ('{"a": {"text": "inner"}, "text": "old"}', '{"a": {"text": "inner"}, "text": "né/w"}'),
        ('{"a": "\\"text\\": \\"no\\"", "text": "old"}', '{"a": "\\"text\\": \\"no\\"", "text": "né/w"}'),
        ('{"te\\u0078t": "old"}', '{"te\\u0078t": "né/w"}'),
        ('{"text": "old" , "b": NaN}', '{"text": "old" , "b": NaN}'.replace("old", "né/w")),
        # The literal is escaped as it was, or as the rest of the line is.
        ('{"text": "caf\\u00e9"}', '{"text": "n\\u00e9/w"}'),
        ('{"text": "café"}', '{"text": "né/w"}'),
        ('{"text": "café \\u00e9"}', '{"text": "né/w"}'),
        ('{"text": "\\u000a"}', '{"text": "né/w"}'),
        ('{"text": "old", "ja": "\\u6771"}', '{"text": "n\\u00e9/w", "ja": "\\u6771"}'),
        ('{"text": "old", "ja": "東"}', '{"text": "né/w", "ja": "東"}'),
        ('{"text": "a\\/b"}', '{"text": "né\\/w"}'),
    ],
)
def test_only_the_literal_is_replaced_and_in_its_own_style(run, line, expected):
    assert run(line.encode(), "jsonl", constant("né/w"))[0] == expected.encode()


def test_only_changed_lines_are_rewritten(run):
    data = b'{"text":"a\\u0062"}\n{"text":"keep\\u0021"}\n'
    out, summary = run(data, "jsonl", lambda record: "x" if record.text == "ab" else record.text)
    assert out == b'{"text":"x"}\n{"text":"keep\\u0021"}\n'
    assert (summary.records, summary.changed) == (2, 1)


@pytest.mark.parametrize("text", ["\\ud800", "\\udc00\\ud800", "é\\ud83d", "\\ud83d\\ude00"])
def test_half_a_surrogate_pair_survives(run, text):
    line = f'{{"text": "{text}"}}\n'
    assert run(line.encode(), "jsonl")[0] == line.encode()
    out, _ = run(line.encode(), "jsonl", lambda record: record.text + "!")
    assert json.loads(out)["text"] == json.loads(line)["text"] + "!"


def test_records_carry_id_source_date_and_line(records):
    data = (
        b'\n{"id": "a1", "text": "x", "ja": "\xe6\x9d\xb1", "date": "2024-05-01"}\n'
        b'{"id": 7, "text": "y", "ja": 3, "date": 20240501}\n'
        b'{"id": true, "text": "z"}\n{"id": "", "text": "w"}\n'
    )
    assert records(data, "jsonl", Fields(source="ja")) == [
        Record("x", "a1", "東", "2024-05-01", 2),
        Record("y", 7, None, None, 3),
        Record("z", 2, None, None, 4),
        Record("w", 3, None, None, 5),
    ]


def test_null_texts_pass_through_and_count_and_are_numbered(run, records):
    data = b'{"text": null}\n{"text": "a"}\n'
    out, summary = run(data, "jsonl", upper)
    assert out == b'{"text": null}\n{"text": "A"}\n'
    assert (summary.records, summary.changed, summary.skipped_bad) == (2, 1, 0)
    assert [record.record for record in records(data, "jsonl")] == [1]


@pytest.mark.parametrize(
    ("line", "what", "todo"),
    [
        (b'{"text": "a"', "is not valid JSON: Expecting ',' delimiter at column", "--skip-bad"),
        (b"not json", "is not valid JSON", "--skip-bad"),
        (b'{"text": "\x01"}', "is not valid JSON: Invalid control character at column 11", "--skip-bad"),
        (b'{"text": "a"} {"text": "b"}', "is not valid JSON: Extra data", "--skip-bad"),
        (b'["text"]', "is not a JSON object", "--skip-bad"),
        (b'"text"', "is not a JSON object", "--skip-bad"),
        (b'{"a": 1}', "has no field 'text'", "pass --skip-bad"),
        (b'{"id": "1", "Text": "a"}', "has no field 'text'", "--text-field Text, or --skip-bad"),
        (b'{"id": "1", "content": "abcd"}', "has no field 'text'", "--text-field content, or --skip-bad"),
        (b'{"k": "1", "my body": "abcd"}', "has no field 'text'", "--text-field 'my body', or --skip-bad"),
        (b'{"text": 5, "texts": "a"}', "the field 'text' is not a string", "--text-field texts"),
        (b'{"text": ["a"]}', "the field 'text' is not a string", "--skip-bad"),
        (b'{"text": "caf\xe9"}', "is not UTF-8", "convert"),
        (b"[" * 100_000, "is nested too deeply", "--skip-bad"),
        (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "cannot be read", "--skip-bad"),
        (b'\xef\xbb\xbf{"text": "a"}', "is not valid JSON", "--skip-bad"),
    ],
)
def test_bad_json_lines_are_told_or_passed_through(run, refusal, line, what, todo):
    data = b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n'
    error = refusal(data, "jsonl")
    assert error.place == "in.jsonl:2"
    assert what in error.what
    assert todo in error.todo
    out, summary = run(data, "jsonl", upper, Fields(skip_bad=True))
    assert out == b'{"text": "A"}\n' + line + b'\n{"text": "B"}\n'
    assert (summary.records, summary.changed, summary.skipped_bad) == (2, 2, 1)
    (note,) = summary.notes
    assert note.startswith("1 bad record passed through unchanged, the first at ")
    assert "in.jsonl:2" in note


def test_many_bad_lines_make_one_note_and_keep_their_numbers(run, records):
    data = b"x\ny\nz\n" + b'{"text": "a"}\n'
    _, summary = run(data, "jsonl", fields=Fields(skip_bad=True))
    assert summary.skipped_bad == 3
    assert len(summary.notes) == 1
    assert summary.notes[0].startswith("3 bad records")
    assert records(data, "jsonl", Fields(skip_bad=True)) == [Record("a", 3, None, None, 4)]


def test_another_text_field_can_be_named(run):
    out, _ = run(b'{"text": "a", "body": "b"}', "jsonl", upper, Fields(text="body"))
    assert out == b'{"text": "a", "body": "B"}'


def test_a_source_field_that_no_record_has_is_noted(run):
    assert run(b'{"text": "a"}', "jsonl", fields=Fields(source="ja"))[1].notes == [
        "no record has the source field 'ja'"
    ]
    assert run(b'{"text": "a", "ja": "b"}', "jsonl", fields=Fields(source="ja"))[1].notes == []


def test_a_record_over_the_limit_is_told_also_where_bad_ones_are_skipped(refusal, monkeypatch):
    monkeypatch.setattr("cleaners.formats.piece.DOCUMENT_LIMIT", 30)
    error = refusal(b'{"text": "a"}\n{"text": "' + b"b" * 30 + b'"}\n', "jsonl", Fields(skip_bad=True))
    assert (error.place, error.todo) == ("in.jsonl:2", "split it")
    assert "over the limit" in error.what


def test_an_edit_that_raises_goes_through(run):
    def edit(_):
        raise KeyError("mine")

    for data, format_ in ((b"x", "text"), (b'{"text": "a"}', "jsonl"), (b"text\nx\n", "csv")):
        with pytest.raises(KeyError, match="mine"):
            run(data, format_, edit)


# --- CSV and TSV ------------------------------------------------------------------------------------

cells = st.text(st.sampled_from('ab é,;\t"\n\r'), max_size=8)


@st.composite
def csv_files(draw):
    """Draw a table written by Python's own csv module, and its rows."""
    tab = draw(st.booleans())
    width = draw(st.integers(1, 4))
    at = draw(st.integers(0, width - 1))
    header = [f"c{index}" for index in range(width)]
    header[at] = "text"
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5))
    buffer = io.StringIO(newline="")
    # Where rows end in "\n" the csv module leaves a cell with "\r" unquoted, and then cannot read it.
    quoting, ends = draw(st.sampled_from([(csv.QUOTE_MINIMAL, ["\r\n"]), (csv.QUOTE_ALL, ["\n", "\r\n"])]))
    writer = csv.writer(
        buffer,
        delimiter="\t" if tab else draw(st.sampled_from(",;")) if width > 1 else ",",
        quoting=quoting,
        lineterminator=draw(st.sampled_from(ends)),
    )
    writer.writerow(header)
    writer.writerows(rows)
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return (mark + buffer.getvalue()).encode(), "tsv" if tab else "csv", rows, at


def read_csv(data, format_):
    text = data.decode("utf-8-sig")
    header = text.splitlines()[0]
    delimiter = "\t" if format_ == "tsv" else ";" if ";" in header and "," not in header else ","
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row][1:]


@law
@given(case=csv_files())
def test_unchanged_tables_come_out_byte_for_byte(run, case):
    data, format_, rows, _ = case
    out, summary = run(data, format_)
    assert out == data
    assert (summary.records, summary.changed) == (len(rows), 0)


@law
@given(case=csv_files(), new=st.lists(cells, min_size=5, max_size=5))
def test_a_changed_cell_changes_nothing_else(run, case, new):
    data, format_, rows, at = case
    texts = iter(new)
    seen = []

    def edit(record):
        seen.append(record.text)
        return next(texts)

    out, _ = run(data, format_, edit)
    assert seen == [row[at] for row in rows]
    expected = [[*row[:at], text, *row[at + 1 :]] for row, text in zip(rows, new, strict=False)]
    assert read_csv(out, format_) == expected


@law
@given(data=st.text(st.sampled_from('ab,"\n\r'), max_size=40), width=st.integers(1, 3))
def test_any_table_is_read_as_pythons_csv_reads_it(run, data, width):
    header = ",".join(["text", "b", "c"][:width]) + "\n"
    whole = (header + data).encode()
    rows = [row for row in csv.reader(io.StringIO(header + data, newline="")) if row][1:]
    seen = []

    def edit(record):
        seen.append(record.text)
        return record.text

    out, _ = run(whole, "csv", edit, Fields(skip_bad=True))
    assert out == whole
    good = [row[0] for row in rows if len(row) == width]
    # A quote that is never closed is bad here, while the csv module takes the rest of the file for a cell.
    assert seen in (good, good[:-1])


@pytest.mark.parametrize(
    ("format_", "data", "new", "expected"),
    [
        ("csv", 'id,text\n1,old\n2,"o,ld"\n', "new", 'id,text\n1,new\n2,"new"\n'),
        ("csv", "id,text\r\n1,old\r\n", 'a,"b"\nc', 'id,text\r\n1,"a,""b""\nc"\r\n'),
        ("csv", "id;text\n1;old\n", "a,b", "id;text\n1;a,b\n"),
        ("csv", "id;text\n1;old\n", "a;b", 'id;text\n1;"a;b"\n'),
        ("csv", 'id,text,z\n1,5" pipe," z"\n', '6" pipe', 'id,text,z\n1,6" pipe," z"\n'),
        ("csv", "text\nold\n", "", 'text\n""\n'),
        ("csv", "text,b\nold,1\n", "", "text,b\n,1\n"),
        ("csv", "text,b\nold,1", '"', 'text,b\n"""",1'),
        ("csv", "text\rold\rold", "new", "text\rnew\rnew"),
        ("csv", 'text,b\n"a\n\n""b""",1\n', "c", 'text,b\n"c",1\n'),
        ("csv", "\n\r\ntext,b\n\nold,1\n\n", "new", "\n\r\ntext,b\n\nnew,1\n\n"),
        ("tsv", "id\ttext\n1\told, and\n", 'a "b", c', 'id\ttext\n1\ta "b", c\n'),
        ("tsv", "id\ttext\n1\told\n", "a\tb", 'id\ttext\n1\t"a\tb"\n'),
        ("tsv", 'id\ttext\n1\t"Yes," he said\n', '"No," he said', 'id\ttext\n1\t"No," he said\n'),
        ("tsv", "id\ttext\n1\told\n", '"No," he said', 'id\ttext\n1\t"""No,"" he said"\n'),
        ("tsv", 'id\ttext\n1\t"Yes," he said\n', '"No"', 'id\ttext\n1\t"""No"""\n'),
    ],
)
def test_cells_are_written_in_their_own_style(run, format_, data, new, expected):
    assert run(data.encode(), format_, constant(new))[0] == expected.encode()


def test_a_tsv_cell_that_only_begins_with_a_quotation_is_plain_text(records):
    assert records(b'id\ttext\n1\t"Yes," he said\n2\t"Yes"\n', "tsv") == [
        Record('"Yes," he said', "1", None, None, 2),
        Record("Yes", "2", None, None, 3),
    ]


def test_rows_carry_id_source_date_and_the_line_they_start_on(records):
    data = 'id,text,ja,date\na,"x\ny",東,2024-05-01\n,"\r\nz",京,\n'.encode()
    assert records(data, "csv", Fields(source="ja")) == [
        Record("x\ny", "a", "東", "2024-05-01", 2),
        Record("\r\nz", 1, "京", None, 4),
    ]


def test_other_columns_need_not_be_utf8(run):
    data = b"name,text\ncaf\xe9,old\n"
    assert run(data, "csv", constant("new"))[0] == b"name,text\ncaf\xe9,new\n"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (b"1", "has 1 cells where the header has 2"),
        (b"1,a,b", "has 3 cells where the header has 2"),
        (b"1,caf\xe9", "cell 2 is not UTF-8"),
    ],
)
def test_bad_rows_are_told_or_passed_through(run, refusal, row, what):
    data = b'id,text\n1,"a\nb"\n' + row + b"\n2,c\n"
    error = refusal(data, "csv")
    assert error.place == "in.csv:4"
    assert what in error.what
    out, summary = run(data, "csv", upper, Fields(skip_bad=True))
    assert out == b'id,text\n1,"A\nB"\n' + row + b"\n2,C\n"
    assert (summary.records, summary.skipped_bad, len(summary.notes)) == (2, 1, 1)


def test_a_quote_that_is_never_closed_is_told_where_it_opens(run, refusal):
    data = b'id,text\n1,a\n2,"b\n3,c\n4,d\n'
    error = refusal(data, "csv")
    assert (error.place, error.what) == ("in.csv:3", "a quote that opens in this row is never closed")
    out, summary = run(data, "csv", upper, Fields(skip_bad=True))
    assert out == b'id,text\n1,A\n2,"b\n3,c\n4,d\n'
    assert summary.skipped_bad == 1


@pytest.mark.parametrize(
    ("data", "place", "what", "todo"),
    [
        (b"id,Text\n1,a\n", "in.csv:1", "has no column 'text'", "pass --text-field Text"),
        (b"\nid,body\n", "in.csv:2", "has no column 'text'", "pass --text-field id"),
        (b"text,text\na,b\n", "in.csv:1", "has two columns named 'text'", "rename one of them"),
        (b'id,"text\n1,a\n', "in.csv:1", "a quote in the header is never closed", "repair the header"),
        ("\ufeffid,text\n".encode("utf-16-le"), "in.csv", "is UTF-16", "convert the file to UTF-8"),
    ],
)
def test_a_bad_header_is_told_also_where_bad_rows_are_skipped(refusal, data, place, what, todo):
    for fields in (Fields(), Fields(skip_bad=True)):
        error = refusal(data, "csv", fields)
        assert (error.place, error.what, error.todo) == (place, what, todo)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"id,text\n", b"id,text"])
def test_a_table_without_rows_passes_through(run, data):
    out, summary = run(data, "csv", upper)
    assert (out, summary.records, summary.changed) == (data, 0, 0)


def test_a_row_over_the_limit_is_told(refusal, monkeypatch):
    monkeypatch.setattr("cleaners.formats.delimited.DOCUMENT_LIMIT", 30)
    for row in (b"2," + b"b" * 40 + b"\n", b'2,"b\n' + b"c\n" * 30 + b'"\n'):
        error = refusal(b"id,text\n1,a\n" + row, "csv", Fields(skip_bad=True))
        assert error.place == "in.csv:3"
        assert "over the limit" in error.what


def test_a_cell_of_very_many_lines_takes_linear_time(run):
    data = b'text,b\n"' + b'a ""quoted"" line\n' * 200_000 + b'",1\n'
    out, summary = run(data, "csv")
    assert (out == data, summary.records) == (True, 1)


# --- parquet ----------------------------------------------------------------------------------------


def table_of(texts, text_type=None, **others):
    columns = {"id": list(range(len(texts))), "text": pa.array(texts, text_type or pa.string())}
    return pa.table({**columns, **others})


def parquet_bytes(table, **options):
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def upper_or_none(texts):
    return [None if text is None else text.upper() for text in texts]


text_types = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]


def own_metadata(file):
    """Give the file's key-value metadata but for Arrow's packed schema, which is compared unpacked."""
    return {key: value for key, value in file.metadata.metadata.items() if key != b"ARROW:schema"}


@pytest.mark.parametrize("text_type", text_types, ids=str)
def test_only_the_text_column_changes(run, text_type):
    table = table_of(
        ["a", None, "b", "a"],
        text_type,
        price=pa.array([1.5, None, 2.5, 0.0], pa.float32()),
        tags=pa.array([["x"], [], None, ["y", "z"]]),
        when=pa.array([1, 2, None, 4], pa.timestamp("us", "UTC")),
        nested=pa.array([{"text": "keep"}] * 4),
        label=pa.array(["p", "q", "p", None]).dictionary_encode(),
    ).replace_schema_metadata({"huggingface": '{"info": 1}', "pandas": "{}"})
    data = parquet_bytes(table, row_group_size=3)
    out, summary = run(data, "parquet", upper)
    again = pq.read_table(io.BytesIO(out))
    assert again.column("text").to_pylist() == ["A", None, "B", "A"]
    assert again.drop(["text"]).equals(table.drop(["text"]))
    before = pq.ParquetFile(io.BytesIO(data))
    after = pq.ParquetFile(io.BytesIO(out))
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert own_metadata(after) == own_metadata(before)
    assert after.num_row_groups == before.num_row_groups == 2
    assert (summary.records, summary.changed) == (4, 3)
    assert (summary.raw_sha256, summary.clean_sha256) == (digest(data), digest(out))


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "brotli", "lz4"])
def test_the_compression_is_kept(run, compression):
    data = parquet_bytes(table_of(["a"] * 10, other=["x"] * 10), compression={"text": compression, "id": "zstd"})
    out, _ = run(data, "parquet", upper)
    groups = [pq.ParquetFile(io.BytesIO(bytes_)).metadata.row_group(0) for bytes_ in (data, out)]
    before, after = ([group.column(index).compression for index in range(3)] for group in groups)
    assert after == before


def test_old_timestamps_and_the_missing_arrow_schema_are_kept(run):
    table = table_of(["a"], when=pa.array([10**9], pa.timestamp("ns")))
    data = parquet_bytes(table, use_deprecated_int96_timestamps=True, store_schema=False)
    out, _ = run(data, "parquet", upper)
    after = pq.ParquetFile(io.BytesIO(out))
    assert after.metadata.row_group(0).column(2).physical_type == "INT96"
    assert after.metadata.metadata is None
    assert after.read().column("when").equals(pq.read_table(io.BytesIO(data)).column("when"))


@pytest.mark.parametrize("texts", [[], ["a", None], [None]])
def test_unchanged_parquet_comes_out_byte_for_byte(run, texts):
    data = parquet_bytes(table_of(texts))
    out, summary = run(data, "parquet")
    assert out == data
    assert (summary.records, summary.changed) == (len(texts), 0)
    assert summary.raw_sha256 == summary.clean_sha256 == digest(data)


@law
@given(
    texts=st.lists(st.none() | st.sampled_from(["a", "A", "b", ""]), max_size=40),
    group=st.integers(1, 15),
    batch=st.integers(1, 7),
)
def test_a_first_change_anywhere_loses_and_repeats_nothing(run, texts, group, batch):
    table = table_of(texts)
    data = parquet_bytes(table, row_group_size=group)
    seen = []

    def edit(record):
        seen.append(record.text)
        return record.text.upper()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "_BATCH_ROWS", batch)
        out, summary = run(data, "parquet", edit)
    assert seen == [text for text in texts if text is not None]
    again = pq.ParquetFile(io.BytesIO(out))
    assert again.read().column("text").to_pylist() == upper_or_none(texts)
    assert again.read().column("id").to_pylist() == list(range(len(texts)))
    assert again.num_row_groups == pq.ParquetFile(io.BytesIO(data)).num_row_groups
    if not summary.changed:
        assert out == data


def test_a_large_row_group_is_split_but_complete(run, monkeypatch):
    monkeypatch.setattr(columnar, "_GROUP_BYTES", 100)
    monkeypatch.setattr(columnar, "_BATCH_ROWS", 10)
    texts = [f"text {number}" for number in range(100)]
    out, _ = run(parquet_bytes(table_of(texts, pa.dictionary(pa.int32(), pa.string()))), "parquet", upper)
    assert pq.read_table(io.BytesIO(out)).column("text").to_pylist() == upper_or_none(texts)


def test_parquet_records_carry_id_source_and_date(records):
    table = pa.table(
        {
            "id": ["k", None],
            "text": ["x", "y"],
            "ja": ["東", None],
            "date": ["2024-05-01", None],
            "nested": [{"text": "no"}, None],
        }
    )
    assert records(parquet_bytes(table), "parquet", Fields(source="ja")) == [
        Record("x", "k", "東", "2024-05-01", None),
        Record("y", 1, None, None, None),
    ]


def test_null_parquet_texts_are_numbered_but_not_given(records):
    table = pa.table({"text": ["x", None, "y"]})
    assert [record.record for record in records(parquet_bytes(table), "parquet")] == [0, 2]


@pytest.mark.parametrize(
    ("table", "what", "todo"),
    [
        (pa.table({"n": [1], "Text": ["a"]}), "has no column 'text'", "pass --text-field Text"),
        (
            pa.table({"text": [1], "body": ["a"]}),
            "the column 'text' holds int64, not text",
            "--text-field body",
        ),
        (pa.table([["a"], ["b"]], names=["text", "text"]), "has two columns named 'text'", "rename"),
        (pa.table({"n": [1]}), "has no column 'text'", "clean another file"),
    ],
)
def test_a_parquet_file_without_a_text_column_is_told(refusal, table, what, todo):
    error = refusal(parquet_bytes(table), "parquet")
    assert (error.place, error.what) == ("in.parquet", what)
    assert todo in error.todo


def broken_page():
    data = bytearray(parquet_bytes(table_of([f"some text {n}" for n in range(500)]), compression="zstd"))
    data[2000:3000] = bytes(1000)
    return bytes(data)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no parquet", parquet_bytes(table_of(["a"]))[:-20], broken_page()])
def test_a_broken_parquet_file_is_told(refusal, data):
    error = refusal(data, "parquet")
    assert error.place == "in.parquet"
    assert "is not a readable parquet file" in error.what


def test_parquet_text_that_is_no_utf8_is_told(refusal):
    broken = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    assert "is not a readable parquet file" in refusal(parquet_bytes(pa.table({"text": broken})), "parquet").what


def test_a_parquet_text_over_the_limit_is_told(refusal, monkeypatch):
    monkeypatch.setattr(columnar, "DOCUMENT_LIMIT", 10)
    assert "record 1 is over the limit" in refusal(parquet_bytes(table_of(["a", "b" * 11])), "parquet").what


@pytest.mark.parametrize("text_type", text_types, ids=str)
def test_failures_during_a_parquet_write_go_through_and_leave_nothing(tmp_path, text_type):
    path = tmp_path / "in.parquet"
    path.write_bytes(parquet_bytes(table_of(["a", "b"], text_type)))
    source = Source(str(path), path.name, "parquet", False)

    class FullDisk(io.BytesIO):
        def write(self, _):
            raise MtcleanError("out", "there is no space left for it")

    with pytest.raises(MtcleanError, match="no space left"):
        transform(source, upper, Fields(), FullDisk())

    def edit(record):
        if record.text == "b":
            raise KeyboardInterrupt
        return "x"

    target = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt), atomic_output(str(target)) as out:
        transform(source, edit, Fields(), out)
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.parquet"]


# --- all formats ------------------------------------------------------------------------------------

samples = {
    "text": b"hello\n",
    "markdown": b"# hello\n",
    "jsonl": b'{"text": "hello"}\n',
    "csv": b"id,text\n1,hello\n",
    "tsv": b"id\ttext\n1\thello\n",
    "parquet": parquet_bytes(table_of(["hello"])),
}


@pytest.mark.parametrize("format_", samples)
def test_gz_works_the_same(run, format_):
    plain, expected = run(samples[format_], format_, upper)
    out, summary = run(samples[format_], format_, upper, gzipped=True)
    assert (out, summary) == (plain, expected)
    assert summary.changed == 1


@pytest.mark.parametrize("format_", samples)
def test_a_truncated_gz_is_told_in_every_format(tmp_path, format_):
    path = tmp_path / "in.gz"
    path.write_bytes(gzip.compress(samples[format_])[:-4])
    with pytest.raises(MtcleanError, match="the gz data is cut short"):
        transform(Source(str(path), path.name, format_, True), upper, Fields(), io.BytesIO())


@pytest.mark.parametrize("format_", samples)
def test_without_an_output_all_is_read_and_nothing_hashed_as_written(tmp_path, format_):
    path = tmp_path / "in"
    path.write_bytes(samples[format_])
    summary = transform(Source(str(path), path.name, format_, False), upper, Fields(), None)
    assert (summary.records, summary.changed) == (1, 1)
    assert (summary.raw_sha256, summary.clean_sha256) == (digest(samples[format_]), None)


@pytest.mark.parametrize("format_", samples)
def test_a_missing_file_is_told_in_every_format(tmp_path, format_):
    source = Source(str(tmp_path / "gone"), "gone", format_, False)
    with pytest.raises(MtcleanError, match="no such file"):
        transform(source, upper, Fields(), None)
    with pytest.raises(MtcleanError, match="no such file"):
        list(read_records(source, Fields()))


@pytest.mark.parametrize("format_", samples)
def test_remote_files_work_the_same(run, format_):
    store = fsspec.filesystem("memory")
    store.pipe("/b/in", samples[format_])
    out = io.BytesIO()
    summary = transform(Source("memory://b/in", "in", format_, False), upper, Fields(), out)
    assert (out.getvalue(), summary) == run(samples[format_], format_, upper)
    store.rm("/b", recursive=True)


@pytest.mark.parametrize("format_", samples)
def test_reading_gives_the_records_that_transforming_gives(run, records, format_):
    seen = []

    def edit(record):
        seen.append(record)
        return record.text

    run(samples[format_], format_, edit)
    assert records(samples[format_], format_) == seen
    assert seen


def test_from_discovery_to_a_gz_output(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.jsonl.gz").write_bytes(gzip.compress(samples["jsonl"]))
    (source,) = discover([str(tmp_path / "raw")], output=str(tmp_path / "out"))
    target = tmp_path / "out" / source.relative
    with atomic_output(str(target), mode_from=source.path, gzipped=source.gzipped) as out:
        transform(source, upper, Fields(), out)
    assert gzip.decompress(target.read_bytes()) == b'{"text": "HELLO"}\n'


@law
@given(data=st.binary(max_size=200), format_=st.sampled_from(sorted(samples)), skip_bad=st.booleans())
def test_arbitrary_bytes_are_told_or_pass_through(run, data, format_, skip_bad):
    try:
        out, summary = run(data, format_, fields=Fields(skip_bad=skip_bad))
    except MtcleanError as error:
        assert "\n" not in str(error)
    else:
        assert out == (decode(data, "").text.encode() if format_ in ("text", "markdown") else data)
        assert summary.changed == 0


# --- memory -----------------------------------------------------------------------------------------

MEMORY_CODE = """
    import io, re, sys
    from pathlib import Path
    from cleaners.files import Source
    from cleaners.formats import Fields, transform

    class Nowhere(io.RawIOBase):
        def writable(self):
            return True
        def write(self, data):
            return len(data)

    def peak():
        # Not ru_maxrss, which begins at the size of the process that started this one.
        return int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024

    path, format_ = sys.argv[1:]
    summary = transform(Source(path, "x", format_, False), lambda record: record.text + "!", Fields(), Nowhere())
    print(summary.changed, peak())
"""


def memory_growth(tmp_path, small, large, format_):
    """Give the number of changed records and how much more memory (MiB) the large file took."""
    peaks = []
    for data in (small, large):
        (tmp_path / "in").write_bytes(data)
        command = [sys.executable, "-c", textwrap.dedent(MEMORY_CODE), tmp_path / "in", format_]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        changed, peak = (int(number) for number in done.stdout.split())
        peaks.append(peak)
    return changed, peaks[1] - peaks[0]


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own figures")


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_memory_stays_flat_on_a_large_file(tmp_path, format_):
    body = "lorem ipsum “dolor” " * 25
    line = (json.dumps({"text": body}) if format_ == "jsonl" else f"1,{body}").encode() + b"\n"
    head = b"" if format_ == "jsonl" else b"id,text\n"
    count = 60_000_000 // len(line)
    changed, growth = memory_growth(tmp_path, head + line * 100, head + line * count, format_)
    assert changed == count
    assert growth < 8


@pytest.mark.slow
@needs_proc
def test_memory_stays_flat_on_a_large_parquet_file(tmp_path):
    generator = random.Random(1)
    texts = [generator.randbytes(1000).hex() for _ in range(100_000)]  # 200 MB in one row group
    large = parquet_bytes(table_of(texts), row_group_size=len(texts))
    small = parquet_bytes(table_of(texts[:40_000]), row_group_size=40_000)
    changed, growth = memory_growth(tmp_path, small, large, "parquet")
    assert changed == len(texts)
    assert growth < 80  # of the 120 MB that the one row group is larger

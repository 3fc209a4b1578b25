"""YAML is read with the place of every value, and every complaint names one."""

from __future__ import annotations

import re

import pytest

from cleaners.errors import MtcleanError
from cleaners.yamlsource import Node, did_you_mean, load


@pytest.fixture
def read(tmp_path):
    def reader(text: str | bytes) -> Node:
        path = tmp_path / "x.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, "x.yaml")

    return reader


BROKEN = [
    ("a:\n\tb: 1\n", "x.yaml:2:1: not valid YAML: "),
    ("a: [1\nb: 2\n", "x.yaml:2:"),
    ('a: "b\n', "x.yaml:2:1: not valid YAML: "),
    ("a: 1\nb:\n  c: 1\n  c: 2\n", "x.yaml:4:3: the key 'c' stands here a second time; keep one of them"),
    ("- a: 1\n  b: 1\n  a: 1\n", "x.yaml:3:3: the key 'a' stands here a second time"),
    ("a: 1\n2: b\n", "x.yaml:2:1: a key must be text, not 2; put it in quotes"),
    ("? [a]\n: 1\n", "x.yaml:1:3: a key must be text"),
    ("~: 1\n", "x.yaml:1:1: a key must be text, not None"),
    ("a: 1\nb: 2021-13-45\n", "x.yaml:2:4: not valid YAML: "),
    ("a: !!int x\n", "x.yaml:1:4: not valid YAML: "),
    ("a: !!python/name:os.system x\n", "x.yaml:1:4: not valid YAML: "),
    ("a: *b\n", "x.yaml:1:4: not valid YAML: "),
    ("a: &b [*b]\n", "x.yaml:1:4: the value holds itself"),
    ("&a {k: *a}\n", "x.yaml:1:1: the value holds itself"),
    ("a: 1\n---\nb: 1\n", "x.yaml:2:1: not valid YAML: "),
    ("a: 1\nb: \x01c\n", "x.yaml:2:4: the character U+0001 may not stand in YAML"),
    (b"a: \xff\n", "x.yaml: not UTF-8; save the file as UTF-8"),
]


@pytest.mark.parametrize(("text", "start"), BROKEN, ids=[repr(text)[:30] for text, _ in BROKEN])
def test_broken_yaml_is_told_with_its_place(read, text, start):
    with pytest.raises(MtcleanError) as caught:
        read(text)
    assert str(caught.value).startswith(start)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_one_line(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(MtcleanError, match=re.escape(f"{path}: ")):
            load(path)


def test_every_value_knows_its_place(read):
    root = read("# head\nlist:\n  - one\n  -   two\nmap: {k: v}\nplain: 'text'\n")
    top = root.mapping(("list", "map", "plain"), "it")
    assert [(n.value, n.line, n.column) for n in top["list"].items("list")] == [("one", 3, 5), ("two", 4, 7)]
    assert (top["list"].line, top["list"].column) == (2, 1)
    assert (top["plain"].place, top["plain"].string("plain")) == ("x.yaml:6:1", "text")
    assert top["map"].mapping(("k",), "map")["k"].place == "x.yaml:5:7"


@pytest.mark.parametrize("value", ["1", "[1, 2]", "{a: 1}", "\n  - 1\n", "\n  deep: 1\n", ""])
def test_an_unknown_key_is_told_at_the_key_whatever_it_holds(read, value):
    root = read(f"term: x\nvarints: {value}\n")
    with pytest.raises(MtcleanError) as caught:
        root.mapping(("term", "variants"), "an entry")
    assert str(caught.value) == "x.yaml:2:1: unknown key 'varints' in an entry; did you mean 'variants'?"


@pytest.mark.parametrize(
    ("value", "check", "what"),
    [
        ("[a]", lambda n: n.mapping((), "it"), "it must be a mapping, not a list"),
        ("text", lambda n: n.mapping((), "it"), "it must be a mapping, not text"),
        ("", lambda n: n.mapping((), "it"), "it must be a mapping, not nothing"),
        ("{a: 1}", lambda n: n.items("it"), "it must be a list, not a mapping"),
        ("12", lambda n: n.items("it"), "it must be a list, not int 12"),
        ("NO", lambda n: n.string("it"), "it must be text, not true/false; put it in quotes"),
        ("2021-01-02", lambda n: n.string("it"), "it must be text, not date "),
        ("' '", lambda n: n.string("it"), "it must be text, not blank"),
        ("''", lambda n: n.string("it"), "it must be text, not blank"),
        ("", lambda n: n.string("it"), "it must be text, not nothing"),
        ("yse", lambda n: n.boolean("it"), "it must be true or false, not 'yse'"),
        ("1", lambda n: n.boolean("it"), "it must be true or false, not 1"),
        ("{a: 1}", lambda n: n.boolean("it"), "it must be true or false, not a mapping"),
        ("plce", lambda n: n.choice("it", ("place", "term")), "it cannot be 'plce'; did you mean 'place'?"),
        ("zzz", lambda n: n.choice("it", ("place", "term")), "it cannot be 'zzz'; use one of place, term"),
        ("[place]", lambda n: n.choice("it", ("place", "term")), "it cannot be a list; use one of place, term"),
    ],
)
def test_a_wrong_type_is_told_at_the_key(read, value, check, what):
    node = read(f"a: 1\nkey: {value}\n").mapping(("a", "key"), "a file")["key"]
    with pytest.raises(MtcleanError) as caught:
        check(node)
    assert str(caught.value).startswith(f"x.yaml:2:1: {what}")


def test_an_item_of_a_list_is_told_at_its_own_place(read):
    node = read("variants:\n  - a\n  - 1\n").mapping(("variants",), "an entry")["variants"]
    with pytest.raises(MtcleanError, match=r"^x\.yaml:3:5: each item of variants must be text, not int 1"):
        node.strings("variants")


def test_an_empty_file_and_a_byte_order_mark(read):
    assert read("").value is None
    assert read("# nothing\n").value is None
    assert read("\ufeffa: é\n").mapping(("a",), "it")["a"].string("a") == "é"


def test_shared_values_are_converted_once(read):
    levels = [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    root = read("a0: &a0 [x, x]\n" + "\n".join(levels))  # 2**60 texts if each were written out
    top = root.mapping(tuple(f"a{i}" for i in range(60)), "it")
    first, second = top["a59"].items("it")
    assert first is second


def test_advice_names_the_nearest_choice():
    assert did_you_mean("documnet", ("document", "near")) == "did you mean 'document'?"
    assert did_you_mean("", ("document", "near")) == "use one of document, near"

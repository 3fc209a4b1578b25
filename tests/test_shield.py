"""Stretches that no stage may touch."""

from __future__ import annotations

import time

import pytest
from conftest import damaged
from hypothesis import given

from cleaners import shield


def shown(text, **options):
    return [text[start:end] for start, end in shield.spans(text, **options)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("See https://example.org/a.B,c?x=1#y, he said.", ["https://example.org/a.B,c?x=1#y"]),
        ("(http://example.org/a).", ["http://example.org/a"]),
        ("Read https://example.org.", ["https://example.org"]),
        ("s3://bucket/x/*.txt and gs://b/c, ftp://h/f", ["s3://bucket/x/*.txt", "gs://b/c", "ftp://h/f"]),
        ('"https://example.org/"Then', ["https://example.org/"]),
        ("“https://example.org/a”", ["https://example.org/a"]),
        ("www.example.org/a.b and www.example.org.", ["www.example.org/a.b", "www.example.org"]),
        ("awww.example.org", []),
        ("Mail a.b+c@example.co.jp.", ["a.b+c@example.co.jp"]),
        ("@handle and a@b", []),
        ("Use `rice field.` here", ["`rice field.`"]),
        ("A ` alone and\n`another", []),
        ('<a href="x y">the the</a><br/>', ['<a href="x y">', "</a><br/>"]),
        ("a < b and c > d", []),
        ("<!-- the the -->x", ["<!-- the the -->"]),
        ("<!-- <!-- a -->", ["<!-- a -->"]),
        ("", []),
        ("Booking.Com and Lithuania.Japan", []),
    ],
)
def test_inline(text, wanted):
    assert shown(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\n```py\nthe the\n```\nb", ["```py\nthe the\n```"]),
        ("a\n~~~\nthe the", ["~~~\nthe the"]),
        ("---\ntitle: the the\n---\nThe the", ["---\ntitle: the the\n---"]),
        ("\ufeff---\r\na: b\r\n---\r\nx", ["\ufeff---\r\na: b\r\n---"]),
        ("a\n---\nb\n---\n", []),
        ("```\r\nthe the\r\n```\r\nOf of the text", ["```\r\nthe the\r\n```"]),
        ("[the the](a_b c) x", ["](a_b c)"]),
        ("[1]: the the\nx", ["[1]: the the"]),
        ("a ``` b", []),
    ],
)
def test_markdown(text, wanted):
    assert shown(text, markdown=True) == wanted
    if "`" not in text:
        assert shown(text) == []


def test_overlapping_stretches_are_one():
    assert shown("[x](https://example.org/a) b", markdown=True) == ["](https://example.org/a)"]
    assert shown("`https://example.org/a b`") == ["`https://example.org/a b`"]


@given(damaged)
def test_spans_are_sorted_disjoint_and_not_empty(text):
    for markdown in (False, True):
        done = 0
        for start, end in shield.spans(text, markdown=markdown):
            assert done <= start < end <= len(text)
            done = end
    assert shield.inline(text) == [] or shown(text)


def test_inline_gives_the_strings_in_order():
    assert shield.inline("b@c.de, then https://x.org/a") == ["b@c.de", "https://x.org/a"]


NOISE = ["<!--", "<!-- ", "<a ", "<a", "http://", "http://.", "www.a-", "a@", "a", "`", "`a", "](", "[", "---\n", "~~~"]


@pytest.mark.parametrize("noise", NOISE)
def test_time_is_linear(noise):
    start = time.process_time()
    shield.spans(noise * (300_000 // len(noise)), markdown=True)
    assert time.process_time() - start < 2

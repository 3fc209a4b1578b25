"""The settle loop: overlaps, order, refusals, the limit on passes, hits that are set aside."""

from __future__ import annotations

import re

import pytest

from cleaners.core import Document, Finding, Level, Severity, Verdict, replay
from cleaners.errors import MtcleanError
from cleaners.settle import MAX_PASSES, Policy, settle


def finding(start, end, fix, code="TST101", level=Level.SAFE, **rest):
    return Finding(code, "test", start, end, fix, level, Severity.MINOR, "x/y", 0.9, "told", **rest)


def swap(pattern, fix, code="TST101", level=Level.SAFE, **rest):
    """A finder that replaces each match of ``pattern``."""

    def find(document):
        for match in re.finditer(pattern, document.text):
            new = match.expand(fix) if fix is not None else None
            yield finding(match.start(), match.end(), new, code, level, **rest)

    return find


def together(*finders):
    return lambda document: (found for find in finders for found in find(document))


ALLOW = Policy(frozenset({Level.SAFE}), lambda document, found: None)
EAGER = Policy(frozenset({Level.SAFE, Level.SUGGEST}), lambda document, found: None)


def told(result):
    return [(d.finding.code, d.verdict.value, d.raw, d.fix) for d in result.decisions]


def test_nothing_found_is_one_pass_and_the_same_text():
    result = settle(Document("abc"), swap("x", "y"), ALLOW)
    assert (result.text, result.decisions, result.passes, result.ignored) == ("abc", (), 1, 0)
    assert not result.changed


def test_all_edits_that_stand_apart_go_in_one_pass():
    result = settle(Document("a b a b"), swap("a", "xx"), ALLOW)
    assert (result.text, result.passes) == ("xx b xx b", 2)
    assert told(result) == [("TST101", "applied", "a", "xx")] * 2
    assert [d.start for d in result.decisions] == [0, 4]


def test_of_two_overlapping_edits_the_longer_proof_wins():
    short, long = swap("bc", "X", "SHO101"), swap("ab", "Y", "LON101", proof=1)
    for find in (together(short, long), together(long, short)):
        assert settle(Document("abc"), find, ALLOW).text == "Yc"
    assert settle(Document("abcd"), together(swap("bcd", "X"), swap("ab", "Y")), ALLOW).text == "aX"


def test_of_two_equal_ones_the_first_in_the_text_wins_and_then_the_code():
    assert settle(Document("abc"), together(swap("bc", "X"), swap("ab", "Y")), ALLOW).text == "Yc"
    both = together(swap("abc", "X", "B1"), swap("abc", "Y", "A1"))
    assert settle(Document("abc"), both, ALLOW).text == "Y"


def test_touching_edits_wait_for_the_next_pass():
    seen = []

    def find(document):
        seen.append(document.text)
        yield from swap("a", "X")(document)
        yield from swap("b", "Y")(document)

    result = settle(Document("ab"), find, ALLOW)
    assert seen == ["ab", "Xb", "XY"]
    assert (result.text, result.passes) == ("XY", 3)
    assert told(result) == [("TST101", "applied", "a", "X"), ("TST101", "applied", "b", "Y")]


def test_an_edit_that_touches_a_later_one_of_longer_proof_waits_too():
    result = settle(Document("ab"), together(swap("a", "X"), swap("b", "Y", proof=5)), ALLOW)
    assert (result.text, result.passes) == ("XY", 3)


def test_an_edit_that_lays_bare_another_is_followed():
    result = settle(Document("a. did. did."), swap(r" did\.\Z", ""), ALLOW)
    assert (result.text, result.passes) == ("a.", 3)
    assert replay("a. did. did.", result.decisions) == "a."
    assert [(d.start, d.end) for d in result.decisions] == [(2, 7), (7, 12)]


def test_edits_of_two_passes_at_one_place_become_one_decision():
    result = settle(Document("a b c"), together(swap("b", "bb"), swap("bb", "d", "TST102")), ALLOW)
    assert told(result) == [("TST102", "applied", "b", "d")]
    assert result.decisions[0].reason == "proved and guarded; follows TST101 at the same place"


def test_levels_and_findings_without_a_fix():
    find = together(
        swap("a", "A", "SAF101"),
        swap("b", "B", "SUG101", Level.SUGGEST),
        swap("c", "C", "REP101", Level.REPORT),
        swap("d", None, "NOF101"),
    )
    result = settle(Document("a b c d"), find, ALLOW)
    assert result.text == "A b c d"
    assert told(result) == [
        ("SAF101", "applied", "a", "A"),
        ("SUG101", "suggested", "b", "B"),
        ("REP101", "open", "c", "C"),
        ("NOF101", "open", "d", None),
    ]
    assert settle(Document("a b c d"), find, EAGER).text == "A B c d"


def test_a_refused_edit_is_told_with_its_reason_and_makes_room():
    policy = Policy(frozenset({Level.SAFE}), lambda document, found: "no" if found.code == "BAD101" else None)
    find = together(swap("abc", "X", "BAD101"), swap("b", "Y", "GOO101"))
    result = settle(Document("abc"), find, policy)
    assert result.text == "aYc"
    find = together(swap("abc", "X", "BAD101"), swap("d", "Y", "GOO101"))
    result = settle(Document("abc d"), find, policy)
    assert told(result) == [("BAD101", "refused", "abc", "X"), ("GOO101", "applied", "d", "Y")]
    assert result.decisions[0].reason == "no"


def test_a_suggestion_is_guarded_even_where_it_is_not_applied():
    policy = Policy(frozenset({Level.SAFE}), lambda document, found: "no")
    result = settle(Document("a"), swap("a", "b", level=Level.SUGGEST), policy)
    assert told(result) == [("TST101", "refused", "a", "b")]
    result = settle(Document("a"), swap("a", "b", level=Level.REPORT), policy)
    assert told(result) == [("TST101", "open", "a", "b")]


def test_a_suggestion_that_is_not_applied_does_not_stand_in_the_way():
    find = together(swap("abc", "X", "SUG101", Level.SUGGEST), swap("b", "Y", "SAF101"))
    assert settle(Document("abc"), find, ALLOW).text == "aYc"


def test_the_guard_sees_the_text_of_its_pass():
    seen = []
    policy = Policy(frozenset({Level.SAFE}), lambda document, found: seen.append(document.text))
    settle(Document("ab"), together(swap("a", "xx"), swap("(?<=x)b", "c")), policy)
    assert seen == ["ab", "xxb"]


def test_findings_in_shielded_text_count_for_nothing():
    result = settle(Document("a https://x.org/a a"), swap("a", "b"), ALLOW)
    assert result.text == "b https://x.org/a b"
    assert len(result.decisions) == 2


def test_two_rules_that_undo_each_other_are_named():
    find = together(swap("a", "b", "ONE101"), swap("b", "a", "TWO102"))
    with pytest.raises(MtcleanError) as caught:
        settle(Document("a", path="raw/x.txt"), find, ALLOW)
    assert caught.value.place == "raw/x.txt"
    assert re.search(r"rules (ONE101|TWO102) still change the text after 8 passes", str(caught.value))
    assert "--ignore" in str(caught.value)


def test_the_last_allowed_pass_counts():
    """As many changes as there are passes settle; one more is an error."""
    find = swap("x", "")

    def one(document):
        yield from list(find(document))[:1]

    result = settle(Document("x" * MAX_PASSES), one, ALLOW)
    assert (result.text, result.passes) == ("", MAX_PASSES + 1)
    with pytest.raises(MtcleanError, match="TST101"):
        settle(Document("x" * (MAX_PASSES + 1)), one, ALLOW)


def test_a_hit_that_is_set_aside_is_counted_and_not_told():
    asked = []

    def ignored(document, start, end, found):
        asked.append((document.text, start, end, found.code))
        return document.text[start:end] == "b"

    policy = Policy(frozenset({Level.SAFE}), lambda document, found: None, ignored)
    find = together(swap("a", "xxx"), swap("[bc]", "d", "TST102"))
    result = settle(Document("a b c"), find, policy)
    assert result.text == "xxx b d"
    assert result.ignored == 1
    assert [d.raw for d in result.decisions] == ["a", "c"]
    # It is asked of the raw document at raw offsets, in later passes too.
    assert {text for text, *_ in asked} == {"a b c"}
    assert ("a b c", 2, 3, "TST102") in asked
    assert ("a b c", 6, 7, "TST102") not in asked


def test_open_findings_are_told_at_their_raw_place():
    find = together(swap("long", "s"), swap("end", None, "OPE101"), swap("s", None, "NEW101"))
    result = settle(Document("long end"), find, ALLOW)
    assert [(d.finding.code, d.start, d.end, d.raw) for d in result.decisions] == [
        ("NEW101", 0, 4, "long"),
        ("TST101", 0, 4, "long"),
        ("OPE101", 5, 8, "end"),
    ]
    assert result.decisions[2].verdict is Verdict.OPEN


def test_an_edit_that_is_deleted_again_leaves_the_gap():
    result = settle(Document("a b"), together(swap("b", "cc"), swap(" cc", "")), ALLOW)
    assert result.text == "a"
    assert told(result) == [("TST101", "applied", " b", "")]

"""Which double quotation marks belong together, and which stand alone."""

from __future__ import annotations

import pytest
from conftest import damaged
from hypothesis import given

from cleaners.core import Document


def read(text):
    return Document(text).quotation


def marked(text):
    """Strip ``text`` of its labels: ①②③ before a mark pair it with its like, ``¿`` says that it is alone."""
    bare, labels = "", {}
    for char in text:
        if char in "①②③¿":
            labels[len(bare)] = char
        else:
            bare += char
    return bare, labels


TABLE = [
    # plain pairs
    'He said, ①"Yes.①"',
    '①"Yes,①" he said. ②"No.②"',
    'It is ①"so①".',
    'It is ①"so①"; and ②"not②"!',
    "He said, ①“Yes.①”",
    "①“Yes,①” he said. ②“No.②”",
    "He said ¿„yes",
    'A (①"so①") and [②"so②"] and —③"so③"—',
    '①"A,①" ②"B,②" ③"C.③"',
    '①"1990 was it.①"',
    "①“'Yes,' he said.①”",
    # German shape
    "①„Ja①”, he said.",
    # mixed styles still pair
    '①"Yes.①”',
    '①“Yes.①"',
    '①"Yes,①” he said. ②“No.②"',
    # alone
    'He said, ¿"Yes.',
    'He said yes.¿"',
    "He said, ¿“Yes. She said, ①“No.①”",
    "He said yes.¿” She said ①“no.①”",
    # glued to text on both sides: what is open decides
    'The ①"four countries①".This is new.',
    'He said,①"Yes.①"',
    '①"Yes.①"He left.',
    '①"Yes①"and ②"no②"',
    # blanks on both sides
    '①" Yes ①"',
    'He said ¿" yes.',
    'our friends. ¿"',
    '①"We face this with our friends. ①"',
    # inch marks
    'The 5" gun fired.',
    'The 5" and the 6" gun.',
    '①"The 5 guns①" fired a 6" shell.',
    # over several paragraphs: each opens, the last closes
    '"It began.\n\n①"It ended.①"',
    '"It began.\n\n"It went on.\n\n①"It ended.①" ②"So②"',
    "“It began.\n\n①“It ended.①”",
    '¿"It began.\n\nIt ended.',
    '¿"It began\n\n①"It ended.①"',
    '"It began. ①"It ended.①"',  # run together
    '"It began:\n①"It ended.①"',
    '¿"It began.\n\nHe said, ①"It ended.①"',
    # paragraphs do not share marks
    'One ¿"open\nOne ¿"open',
    'One ¿"open\nOne closed¿"',
    # single quotes are none of its business
    "'Yes,' he said. 'No.' The '90s.",
    "",
    "No marks.",
]


@pytest.mark.parametrize("text", TABLE)
def test_the_table(text):
    bare, labels = marked(text)
    quotation = read(bare)
    wanted = {}
    for at, label in labels.items():
        wanted.setdefault(label, []).append(at)
    assert sorted(quotation.pairs) == sorted(tuple(w) for label, w in wanted.items() if label != "¿")
    assert sorted([*quotation.unclosed, *quotation.unopened]) == wanted.get("¿", [])
    assert quotation.alone == len(wanted.get("¿", []))


def test_which_side_is_missing():
    assert read('He said, "Yes.').unclosed == (9,)
    assert read("Yes.” he said").unopened == (4,)
    assert (read("„").unclosed, read("“").unclosed, read("”").unopened) == ((0,), (0,), (0,))


def test_glued_marks_are_told():
    quotation = read('NATO is "a body of Europe."Let us "go".')
    assert quotation.glued == frozenset({26})
    assert read('He said, "Yes."').glued == frozenset()
    assert read("Yes.”No").glued == frozenset()  # a curly mark tells its direction


@given(damaged)
def test_every_mark_is_told_once_at_most(text):
    quotation = read(text)
    told = [mark for pair in quotation.pairs for mark in pair]
    told += [*quotation.unclosed, *quotation.unopened]
    assert len(set(told)) == len(told)
    assert all(text[mark] in '"“”„' for mark in told)
    assert all(start < end for start, end in quotation.pairs)
    document = Document(text)
    for start, end in quotation.pairs:
        assert document.paragraph_at(start) == document.paragraph_at(end)
        assert text[start] != "”"
    assert quotation.glued <= {at for at, char in enumerate(text) if char == '"'}


@given(damaged)
def test_a_text_without_straight_marks_reads_the_same_in_a_frame(text):
    """Whole lines before and after change nothing within, unless a quotation is open between them."""
    text = text.replace('"', "")
    framed = f"A line, “quoted.”\n{text}\nAnother line"
    inside = read(text)
    shift = framed.index("\n") + 1
    assert [(a - shift, b - shift) for a, b in read(framed).pairs if a >= shift] == list(inside.pairs)

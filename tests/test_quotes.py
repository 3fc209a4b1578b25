"""Which double quotation marks belong together, and which stand alone."""

from __future__ import annotations

import pytest
from conftest import damaged
from hypothesis import given

from cleaners.core import Document, Level
from cleaners.rules import pun102_unpaired_quotation_mark, pun103_equals_apposition, pun108_lost_middle_dot


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
    # one quotation in another, in the same marks
    'He said, ①"She called it ②"a start②" and left.①"',
    "①“He called it ②“a start②” and left,①” she said.",
    'He said, ①"We signed the ②"Paris Accord②" (PA) today. ①"',
    "He said, ¿“Yes. She wrote ①“no①” there",
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


UNPAIRED = [
    ("The line stops at “the end.", None, []),  # a record whose quotation may go on in the next one
    ("It ended in May,” he said.", None, []),
    ("“It ended in May,” he said.” Then he left.", None, ["”"]),  # no record before this one can have opened it
    ("The line stops at “the", None, ["“"]),
    ("The line stops at “the end.", "「彼は言った」", ["“"]),  # the source closes it
    ("The line stops at “the end.", "「彼は言った", []),
    ("The line stops at “the", "「彼は言った", []),
    ("He read: “Dear Sir,\n\nI cannot come.\n\nYours, Hall.”\nHe wept.", None, []),
    ("He read: “Dear Sir.\n\nHe said “no.”\n\nYours, Hall.", None, ["“"]),
]


@pytest.mark.parametrize(("text", "source", "wanted"), UNPAIRED)
def test_a_mark_is_reported_where_neither_source_nor_style_excuses_it(text, source, wanted):
    found = pun102_unpaired_quotation_mark.find(Document(text, source_text=source))
    assert [text[f.start : f.end] for f in found] == wanted


def test_a_writer_without_a_rule_is_left_alone():
    text = "\n\n".join(f'He said, "part {n} of it is done. Then he left' for n in range(4)) + '\n\nSo "it" is.'
    assert list(pun102_unpaired_quotation_mark.find(Document(text))) == []


DOTS = [
    ("Coach Neil? Blake praised them.", "教练尼尔?布莱克称赞了他们。", [("", Level.SAFE)]),
    ("Coach Neil? Blake praised them.", "教练尼尔?他们称赞了吗？", []),
    ("Coach Neil? Neil Blake praised them.", "教练尼尔?布莱克称赞了他们。", [(None, Level.REPORT)]),
    ("Coach Neil·Blake praised them.", "教练尼尔·布莱克称赞了他们。", [(" ", Level.SAFE)]),
    ("The Neil·Blake Silver Cup began.", "尼尔·布莱克银杯开始。", [(" ", Level.SUGGEST)]),
    ("Coach Neil·Blake praised them.", None, [(" ", Level.SUGGEST)]),
    ("Coach Neil? Blake praised them.", None, [(None, Level.REPORT)]),
]


@pytest.mark.parametrize(("text", "source", "wanted"), DOTS)
def test_the_source_proves_a_lost_middle_dot(text, source, wanted):
    found = pun108_lost_middle_dot.find(Document(text, source_text=source))
    assert [(f.fix, f.level) for f in found] == wanted


EQUALS = [
    ("Ministers of all states in the EU = European Union.", "ja", ["EU (European Union)"]),
    ("Ministers of all states in the EU = European Union.", None, []),
    ("Children caught eels in the pond = Kosai City.", "ja", [None]),
    ("Children caught eels in the pond = Kosai City.", "zh", []),
    ("We set the first mass m = 3 and then the second.", "ja", []),
]


@pytest.mark.parametrize(("text", "language", "wanted"), EQUALS)
def test_an_equals_sign_in_a_text_from_japanese(text, language, wanted):
    assert [f.fix for f in pun103_equals_apposition.find(Document(text, source_lang=language))] == wanted

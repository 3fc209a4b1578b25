"""Numbers of three languages are read as exact values, and a source proves only what it says."""

from __future__ import annotations

import time
from datetime import date
from fractions import Fraction

import pytest

from cleaners.config import Settings
from cleaners.core import Document, Finding, Level, Severity, Stage, Verdict
from cleaners.engine import Cleaner
from cleaners.guard import Guards
from cleaners.numerals import Kind, cjk, compare, english, tenfold


def exact(text):
    return Fraction(text.replace(",", ""))


CJK = {
    "3.5万": ["35000"],
    "1億2000万円": ["120000000"],
    "3万亿元": ["3000000000000"],
    "２６０４．３亿": ["260430000000"],
    "二百五十万": ["2500000"],
    "两万五": ["25000"],
    "二万五は": ["20005"],
    "十一点一亿": ["1110000000"],
    "12万5千": ["125000"],
    "31 亿美元": ["3100000000"],
    "4个亿": ["400000000"],
    "１２，３４５人": ["12345"],
    "二〇一七年": ["2017"],
    "高于0.6个百分点": ["0.6"],
    "1兆2000億円の": ["1200000000000"],
    "20多万": ["200000"],
    "数百万人": [],
    "三四百人": [],
    "１２３４５６７８９０１２３４５６７８９０１２３４５６７８９０": [],
    "": [],
}


@pytest.mark.parametrize("text", CJK)
def test_chinese_and_japanese_numbers(text):
    assert [f.value for f in cjk.read(text)] == [exact(v) for v in CJK[text]]


ENGLISH = {
    "1.2 billion": ["1200000000"],
    "26043 billion": ["26043000000000"],
    "two hundred million": ["200000000"],
    "one hundred and twenty-three thousand": ["123000"],
    "1 million 200 thousand": ["1200000"],
    "110 million and 112 million": ["110000000", "112000000"],
    "$1.2bn": ["1200000000"],
    "£211billion": ["211000000000"],
    "£5m": ["5000000"],
    "500 ten thousand": ["5000000"],
    "2.22 hundred million": ["222000000"],
    "400-million-yuan": ["400000000"],
    "1,234,567.5": ["1234567.5"],
    "hundreds of thousands": ["100", "1000"],
    "9" * 40: [],
    "": [],
}


@pytest.mark.parametrize("text", ENGLISH)
def test_english_numbers(text):
    assert [f.value for f in english.read(text)] == [exact(v) for v in ENGLISH[text]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5%", Kind.PERCENT),
        ("30 percent", Kind.PERCENT),
        ("the 30th", Kind.ORDINAL),
        ("in 2018", Kind.DATE),
        ("G7", Kind.LABEL),
        ("F-35", Kind.LABEL),
        ("call 021", Kind.LABEL),
        ("30 men", Kind.COUNT),
        ("RMB250", Kind.COUNT),
    ],
)
def test_what_a_figure_counts(text, kind):
    assert [f.kind for f in english.read(text)] == [kind]


def test_readings_of_eras_short_years_and_ranges():
    assert [f.value for f in cjk.read("令和5年")] == [2023]
    assert cjk.read("平成元年")[0].value == 1989
    assert 2018 in cjk.read("18年")[0].readings
    assert 2 * 10**9 in english.read("2 to 3 billion")[0].readings
    assert [f.kind for f in english.read("2-3%")] == [Kind.PERCENT, Kind.PERCENT]


@pytest.mark.parametrize("value", ["26043000000", "280000", "1500000", "12060700", "1000", "12", "3000000000000"])
def test_what_is_written_reads_back(value):
    written = english.write(Fraction(value))
    assert written is not None
    assert [f.value for f in english.read(written)] == [Fraction(value)]


def test_a_value_is_written_as_the_news_does():
    assert english.write(Fraction(26043000000)) == "26.043 billion"
    assert english.write(Fraction(30000000), "3-billion") == "30-million"
    assert english.write(Fraction(1, 2)) is None


def test_tenfold():
    assert tenfold(Fraction(2 * 10**9), Fraction(2 * 10**8)) == 1
    assert tenfold(Fraction(35), Fraction(35000)) == -3
    assert tenfold(Fraction(3), Fraction(2)) is None
    assert tenfold(Fraction(0), Fraction(2)) is None


def slips(text, source):
    return [(text[s.figure.start : s.figure.end], s.power, s.sure) for s in compare.unit_slips(text, source)]


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("Sales were 2 billion yen.", "売上は2億円。", [("2 billion", 1, True)]),
        ("About 1 million people came.", "大约1万人到场。", [("1 million", 2, True)]),
        ("About 10,000 people came.", "大约1万人到场。", []),
        ("About 1.5 million people came.", "大约149万人到场。", []),  # rounded
        ("It made 50,000 tons.", "产量5000万公斤。", []),  # converted
        ("It made 50 million kilograms.", "产量500万公斤。", [("50 million kilograms"[:10], 1, True)]),
        ("It sold 2 billion yen in 7600 days.", "2日間で7600億円を売る。", [("7600", -8, False)]),  # figures swapped
        ("It sold 3 million cars.", "3 Millionen Autos", []),  # units of another language
        ("3백만", "", []),
        ("Some 300 million people.", "数百万人", []),
    ],
)
def test_unit_slips(text, source, found):
    assert slips(text, source) == found


def asked(text, old, fix, source=None, stage=Stage.RULE):
    start = text.index(old)
    finding = Finding(
        "TST101", "test", start, start + len(old), fix, Level.SAFE, Severity.MINOR, "x/y", 0.9, "told", stage=stage
    )
    return Guards()(Document(text, source_text=source), finding)


TEXT, SOURCE = "Sales were 2 billion yen in May.", "5月の売上は2億円だった。"


def test_a_number_changes_only_where_the_source_proves_the_new_and_disproves_the_old():
    assert asked(TEXT, "2 billion", "200 million", SOURCE) is None
    assert asked(TEXT, "2 billion", "200 million") is not None
    assert asked(TEXT, "2 billion", "200 million", "Sales: 200 million") is not None  # no source of this kind
    assert asked(TEXT, "2 billion", "300 million", SOURCE) is not None  # not the source's
    assert (
        asked(TEXT, "2 billion", "200 million", SOURCE + "昨年は20億円だった。") is not None
    )  # the old one stands there
    assert asked(TEXT, "2 billion", "200 million", SOURCE, Stage.REWRITE) is not None
    assert asked(TEXT, "billion", "million", SOURCE) is not None  # the figure is judged whole
    assert asked(TEXT, "2", "200", SOURCE) is not None  # 200 billion


def test_a_proved_number_must_still_be_missing():
    text = "Sales were 2 billion yen, up from 200 million yen."
    assert asked(text, "2 billion", "200 million", SOURCE) is not None
    assert asked(text, "2 billion", "200 million", SOURCE + "前年も2億円。") is None


def test_the_same_value_in_another_form_needs_no_source():
    assert asked("It cost 4000 ten thousand pounds.", "4000 ten thousand", "40 million") is None
    assert asked("It cost 4000 ten thousand pounds.", "4000 ten thousand", "4 million") is not None
    assert asked("Use version 1.2.3 now.", "1.2.3", "1.2.4") is not None
    assert asked("See " + "9" * 40 + " here.", "9" * 40, "8" * 40) is not None


def test_a_unit_is_part_of_its_number():
    assert asked("It cost 5 million yen.", "million", "billion") is not None
    assert asked("It cost 5 million yen.", " million", "") is not None
    assert asked("It cost 5 million yen.", "yen", "won") is None


CLEANER = Cleaner(Settings(suggest=True))


def cleaned(text, source=None, **known):
    return CLEANER.clean(Document(text, source_text=source, **known))


@pytest.mark.parametrize(
    ("text", "source", "good"),
    [
        (TEXT, SOURCE, "Sales were 200 million yen in May."),
        (
            "Signed were deals worth 26043 billion yuan.",
            "签约260.43亿元。",
            "Signed were deals worth 26.043 billion yuan.",
        ),
        ("It paid RMB250 trillion for it.", "支付2.5万亿元。", "It paid RMB2.5 trillion for it."),
        ("It is $22 billion yuan in all.", "共220亿元。", "It is 22 billion yuan in all."),
        (
            "It was built in Showa 20 (1946) in Kobe.",
            "昭和20年に神戸で建てられた。",
            "It was built in Showa 20 (1945) in Kobe.",
        ),
    ],
)
def test_what_the_source_proves_is_put_right(text, source, good):
    result = cleaned(text, source)
    assert result.text == good
    assert cleaned(good, source).text == good
    assert not [d for d in cleaned(good, source).decisions if d.finding.code.startswith("NUM")]


def test_a_number_the_source_lacks_is_reported():
    found = cleaned("Exports rose to 1.71 billion yuan.", "出口达1271亿元。").decisions
    assert [(d.finding.code, d.verdict) for d in found] == [("NUM103", Verdict.OPEN)]
    assert cleaned("Of the G7, some 1,300 came in 2019.", "2019年G7有1271人到场。").decisions == ()


BARE = "The premier arrived on the 30th. He will leave on the 5th."


def test_a_bare_day_gets_its_month_from_the_date():
    known = {"date": date(2023, 7, 3), "source_lang": "ja"}
    result = cleaned(BARE, **known)
    assert result.text == "The premier arrived on June 30. He will leave on July 5."
    assert cleaned(result.text, **known).text == result.text
    assert cleaned(BARE, date=date(2023, 7, 3)).text == BARE  # of no known origin
    assert cleaned(BARE, source_lang="ja").text == BARE
    assert cleaned(BARE, date=date(2023, 7, 18), source_lang="ja").text == BARE  # too far


def test_a_day_that_the_source_does_not_have_is_none():
    text = "The office is small. She works on the 30th with others."
    assert [d.finding.code for d in cleaned(text, "她和其他人在30楼工作。").decisions] == []
    assert [d.finding.code for d in cleaned(text, "她三十日工作。").decisions] == ["NUM101"]


@pytest.mark.parametrize(
    "noise", ["1", "1,", "1.", "1 ", "万", "1万", "one ", "million ", "1 to ", "百", "点", "June ", "1 万"]
)
def test_reading_takes_linear_time(noise):
    text = noise * (50_000 // len(noise))
    start = time.process_time()
    cjk.read(text)
    english.read(text)
    assert time.process_time() - start < 5

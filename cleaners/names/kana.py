"""Katakana to Hepburn romaji, the foreign sounds of Cabinet Notice 2 of 1991 included."""

from __future__ import annotations

import re

# Two signs before one where they are one sound.
_ROMAN = {
    kana: roman
    for row in (
        "ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko ガ ga ギ gi グ gu ゲ ge ゴ go サ sa シ shi",
        "ス su セ se ソ so ザ za ジ ji ズ zu ゼ ze ゾ zo タ ta チ chi ツ tsu テ te ト to ダ da ヂ ji ヅ zu",
        "デ de ド do ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho バ ba ビ bi ブ bu ベ be",
        "ボ bo パ pa ピ pi プ pu ペ pe ポ po マ ma ミ mi ム mu メ me モ mo ヤ ya ユ yu ヨ yo ラ ra リ ri",
        "ル ru レ re ロ ro ワ wa ヲ o ン n ヴ vu キャ kya キュ kyu キョ kyo ギャ gya ギュ gyu ギョ gyo",
        "シャ sha シュ shu ショ sho シェ she ジャ ja ジュ ju ジョ jo ジェ je チャ cha チュ chu チョ cho",
        "チェ che ニャ nya ニュ nyu ニョ nyo ヒャ hya ヒュ hyu ヒョ hyo ビャ bya ビュ byu ビョ byo",
        "ピャ pya ピュ pyu ピョ pyo ミャ mya ミュ myu ミョ myo リャ rya リュ ryu リョ ryo ティ ti ディ di",
        "デュ dyu テュ tyu トゥ tu ドゥ du ファ fa フィ fi フェ fe フォ fo フュ fyu ヴァ va ヴィ vi",
        "ヴェ ve ヴォ vo ウィ wi ウェ we ウォ wo ツァ tsa ツィ tsi ツェ tse ツォ tso クァ kwa クィ kwi",
        "クェ kwe クォ kwo グァ gwa イェ ye",
    )
    for kana, roman in zip(row.split()[::2], row.split()[1::2], strict=True)
}
_SIGN = re.compile("|".join(sorted(map(re.escape, _ROMAN), key=len, reverse=True)) + "|ッ|ー")


def romanised(katakana: str) -> str:
    """Hepburn romaji without long marks: ``ヴィリニュス`` → ``virinyusu``; other signs fall away."""
    found = ""
    doubled = False
    for match in _SIGN.finditer(katakana):
        roman = _ROMAN.get(match.group(), "")
        if roman:
            found += (("t" if roman.startswith("ch") else roman[0]) if doubled else "") + roman
        doubled = match.group() == "ッ"
    return found

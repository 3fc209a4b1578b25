"""Measures that a translator may lawfully convert by a power of ten: 5000万公斤 is 50,000 tons."""

from __future__ import annotations

import re

from cleaners.lazily import lazy

# English name at the beginning of a word -> how Chinese and Japanese write the very same measure.
_SAME = {
    "ton": ("吨", "噸", "トン", "公吨", "t"),
    "kilogram": ("公斤", "千克", "キログラム", "キロ", "kg"),
    "gram": ("克", "グラム", "g"),
    "square kilomet": ("平方公里", "平方千米", "平方キロ", "km2", "km²"),
    "square met": ("平方米", "平米", "平方メートル", "平方", "㎡", "m2", "m²"),
    "cubic met": ("立方米", "立方メートル", "立方", "方", "m3"),
    "kilomet": ("公里", "千米", "キロ", "km"),
    "met": ("米", "メートル", "m"),
    "hectare": ("公顷", "公頃", "ヘクタール", "ha"),
    "lit": ("升", "リットル", "公升"),
    "kilowatt hour": ("千瓦时", "度", "キロワット時"),
    "kilowatt": ("千瓦", "キロワット"),
    "megawatt": ("兆瓦", "メガワット"),
    "gigawatt": ("吉瓦", "ギガワット"),
    "share": ("股", "株", "多股", "余股"),
}
_SHORT = {"kg": "kilogram", "km": "kilomet", "kwh": "kilowatt hour", "kw": "kilowatt", "mw": "megawatt"}
_SHORT |= {"gw": "gigawatt", "ha": "hectare", "t": "ton", "m": "met", "g": "gram"}
_UNIT = lazy(
    r"[ -]?(?:(?:metric|long|short) )?(?P<name>tonne|ton|kilogram|gram|square[ -]kilomet|square[ -]met"
    r"|cubic[ -]met|kilomet|metres?\b|meters?\b|hectare|lit(?=re|er)|kilowatt[ -]hour|kilowatt"
    r"|megawatt|gigawatt|terawatt|share"
    r"|(?:kg|km|kwh|kw|mw|gw|twh|ha|t|m|g)\b)",
    re.IGNORECASE,
)


def may_be_converted(text: str, end: int, source: str, source_end: int) -> bool:
    """Whether the English figure that ends at ``end`` counts another measure than the source's does."""
    match = _UNIT.match(text, end)
    if match is None:
        return False
    name = match["name"].lower().replace("-", " ").replace("tonne", "ton")
    name = "met" if name.startswith("met") else _SHORT.get(name, name)
    after = source[source_end : source_end + 8].lstrip(" 多余餘几来")
    return not after.startswith(_SAME.get(name, ()))

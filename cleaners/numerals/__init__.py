"""The numbers of Chinese, Japanese and English text as exact values, and what one text proves about the other's."""

from cleaners.numerals import cjk, compare, english
from cleaners.numerals.figure import Figure, Kind, tenfold

__all__ = ["Figure", "Kind", "cjk", "compare", "english", "tenfold"]

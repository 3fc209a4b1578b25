"""Puts a known person's surname in place of one that only sounds like it.

**What.** ``Prime Minister Fumio Kishita`` becomes ``Prime Minister Fumio Kishida``; where the full name stands
elsewhere in the text behind the same title, so does ``Prime Minister Kishita``.

**Mechanism.** The system spells a name by ear, differently from sentence to sentence: t for d, l for r, a vowel
more or less.

**Left alone.** Names that are known as somebody's or as a place, and words of English. A person introduced by another
given name ("Goro Kishita") is another person. An edit needs, beside the sound, a title and either the given name or
the right name elsewhere in the text behind that very title, else the name is only suggested; a European name
with the given name alone ("Mark Rutter") is left. Other ways to romanise a name ("Zelenskyy", "Kisida") are no garble.

**Source.** Persons of the glossary; sounds as in the tables of the Japanese syllabary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lexicon import Lexicon

# One consonant for another, as systems that write by ear do.
_MISHEARD = (("shida", "shita"), ("berg", "burg"), ("moto", "modo"), ("guchi", "kuchi"), ("no", "noh"), ("er", "al"))


def build(lexicon: Lexicon) -> Rule:
    """The rule with the persons of ``lexicon``."""

    def find(document: Document) -> Iterator[Finding]:
        """Words that sound like the surname of a person who is spoken of."""
        from cleaners.names import persons

        for garbled in persons.garbled(document, lexicon.full_names):
            word = document.text[garbled.start : garbled.end]
            yield rule.finding(
                garbled.start,
                garbled.end,
                garbled.surname,
                level=Level.SAFE if garbled.is_sure else Level.SUGGEST,
                confidence=0.96 if garbled.is_sure else 0.7,
                message=f"{word!r} may stand for {garbled.full_name}",
                drops=word,
            )

    rule = Rule(
        code="NAM105",
        name="garbled-person",
        message="the name of a known person is garbled",
        level=Level.SAFE,
        severity=Severity.MAJOR,
        mqm="accuracy/mistranslation",
        confidence=0.96,
        find=find,
        damage=lambda document, random: _damage(document, lexicon),
        stage=Stage.NAME,
        bad=(
            Example("Prime Minister Fumio Kishita spoke.", "Prime Minister Fumio Kishida spoke."),
            Example(
                "Prime Minister Fumio Kishida came on Monday. On Tuesday Prime Minister Kishita said so.",
                "Prime Minister Fumio Kishida came on Monday. On Tuesday Prime Minister Kishida said so.",
            ),
            Example("Foreign Minister Yoko Kamikava agreed.", "Foreign Minister Yoko Kamikawa agreed."),
            Example("Secretary General Sturtenberg said so.", None),
        ),
        good=(
            "Goro Kishita, a potter, met Fumio Kishida.",
            "Mr. Kishita said that he knows no Kishida.",
            "President Volodymyr Zelenskyy spoke.",
            "Fumio Kishida met President Kishi Nobusuke's heirs.",
            "President Shimon Peres met Mark Rodda.",
            "Fumio Kishi and Jens Stolt left.",
            "Mark Rutter, a carpenter, works for NATO.",
            "Prime Minister Fumio Kishida met President Kishita of the chess club.",
        ),
    )
    return rule


def _damage(document: Document, lexicon: Lexicon) -> Iterator[Damage]:
    """A misheard surname behind the given name of every known person."""
    from cleaners.names import persons, suspects

    for surname, names in lexicon.full_names.items():
        wrong = next((surname.removesuffix(a) + b for a, b in _MISHEARD if surname.endswith(a)), None)
        if wrong is None or surname not in document.text or suspects.is_known(wrong):
            continue
        for name in names:
            if not name.endswith(f" {surname}"):
                continue
            for match in re.finditer(rf"(?<![\w’'-]){re.escape(name)}(?![\w’'-]| [A-Z])", document.text):
                start = match.end() - len(surname)
                changed = document.with_text(document.text[:start] + wrong + document.text[match.end() :])
                found = [g for g in persons.garbled(changed, lexicon.full_names) if g.start == start]
                if found and found[0].surname == surname and found[0].is_sure:
                    yield Damage(start, match.end(), wrong)

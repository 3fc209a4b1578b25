"""Reports the marks that a system writes for what it does not know: ``<unk>``, ``⁇``, ``[UNK]``.

**What.** The placeholder of an unknown word, and other tokens of a vocabulary (``<pad>``, ``<url>``).

**Mechanism.** A word that the vocabulary does not have becomes one token; what it stood for cannot be told from
the text. SentencePiece writes it ``⁇`` with a blank on either side.

**Left alone.** Texts on language models and tokens, which speak of these marks; ``⁇`` right behind a word (two
question marks, in chess a blunder); UNK in capitals without brackets (a university);
``<url>`` in a command; ``[SEP]`` and the like among other labels of that shape.

**Source.** The vocabularies of OpenNMT, Marian, SentencePiece and BERT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_TOKEN = lazy(
    # Each part begins with its mark, so that nothing is tried where none of the marks stands.
    r"<(?:unk|UNK|pad|PAD|eos|bos|mask|url)>|\[(?:UNK|PAD|CLS|SEP|MASK)\]|⁇(?:(?<= ⁇)|(?<![\s\S]⁇))(?= |\Z)"
)
_COMMAND = lazy(r"\b(?:git|curl|wget|clone|fetch|download|open|[Uu]sage|[Rr]un|[Tt]ype|[Ee]nter|[Rr]eplace)\b")
_OTHER_LABEL = lazy(r"\[(?!UNK|PAD|CLS|SEP|MASK)[A-Z]{3,5}\]")
_TALK_OF_TOKENS = lazy(r"\btoken|\bvocabular|\blanguage model|\bneural|\bbert\b|\bchess\b|\bembedding")
_WORD = lazy(r"(?<=[a-z] )[A-Z][a-z]{3,12}(?= [a-z])")


def find(document: Document) -> Iterator[Finding]:
    """Tokens of a system's vocabulary, in texts that do not speak of such."""
    text = document.text
    if "<" not in text and "[" not in text and "⁇" not in text:
        return
    hits = [match.span() for match in _TOKEN.finditer(text) if not _is_filled_in(text, match)]
    if _OTHER_LABEL.search(text):  # months, keys: [AUG] [SEP], [CLS] [RUN]
        hits = [span for span in hits if text[span[0]] != "[" or text.startswith("[UNK]", span[0])]
    if hits and not _TALK_OF_TOKENS.search(document.lowered):
        for span in hits:
            yield RULE.finding(*span, None)


def _is_filled_in(text: str, match: re.Match[str]) -> bool:
    """Whether the reader is to put an address there: the placeholder of a command."""
    return match.group() == "<url>" and _COMMAND.search(text, max(0, match.start() - 40), match.start()) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Names as unknown words; they are what a vocabulary lacks most."""
    if _TALK_OF_TOKENS.search(document.lowered):
        return
    for match in _WORD.finditer(document.text):
        if not document.is_shielded(*match.span()):
            yield Damage(*match.span(), random.choice(("⁇", "[UNK]")))


RULE = Rule(
    code="ENC105",
    name="unknown-token",
    message="a mark for an unknown word stands in the text",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/omission",
    confidence=0.95,
    find=find,
    damage=damage,
    bad=(
        Example("The mayor of ⁇ opened the fair.", None),
        Example("Mr. [UNK] of Ghent spoke first.", None),
        Example("⁇ and his brother were found.", None),
    ),
    good=(
        "The model writes ⁇ for a token that it does not know.",
        "Then came Qxf7⁇ and the game was lost.",
        "UNK beat Wayne State by nine points.",
        "What did he say⁇",
        "BERT fills the [MASK] from both sides.",
        "The list names [A], [B] and [C]; 3 < 5 > 4.",
    ),
)

"""What the tests of the engine share: documents, a cleaner, and a strategy for damaged prose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cleaners.config import Settings
from cleaners.engine import Cleaner

ROOT = Path(__file__).resolve().parent.parent

# "deep" hunts for an hour or so: pytest tests/test_laws.py --hypothesis-profile=deep
hypothesis_settings.register_profile("quick", deadline=None, max_examples=100)
hypothesis_settings.register_profile("deep", deadline=None, max_examples=5000)
hypothesis_settings.load_profile("quick")


def read_texts(folder: Path) -> dict[str, str]:
    """The ``.txt`` files of a folder by name, line ends and all; none where there is no such folder."""
    return {path.name: path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.txt"))}


SEEDS = read_texts(ROOT / "seeds")
# Real documents that may lie beside the checkout and are not part of it.
REAL = read_texts(ROOT.parent / "shared" / "seeds")

_SENTENCES = (
    "The ministers agreed to meet again in Tokyo in the autumn of next year.",
    "Prime Minister Kishida Kishida visited Vernis in Lithuania.",
    "The summit was held in Lithuania.Japan was invited.",
    "He will chair the the Group of Seven summit.",
    "Talks on the Asia -Pacific region and the so -called US -Japan -Korea pact began.",
    "They noted drills around Japan. and shared their concerns.",
    "It was held in the Cordonia capital of the Cordonor of Lithuania.",
    "Four Asian countries came. The leaders of the Sikoku to attend met.",
    "Turnout was 98%of the roll, 3.5 points below 2021.",
    "They met in Tokyo , and then left .",
    "He joined the IMF＝International Monetary Fund in May.",
    "The question went to the NATO board on Monday.",
    "NATO's board of directors did not say no.",
    "He will visit Japan from the 30th.",
    "It is difficult for themselves to stay away.",
    "NATO, the largest alliance, Stoltenberg, its Secretary General, will visit Japan.",
    "the war goes on",
    "The plan was dropped. Essence Essence",
    "Troops left Russia.EssenceThe talks go on.",
    "Secretary Matsuno Matsno's view is known. I did.",
)
_QUOTED = (
    '"We will keep talking," he said.',
    'The minister said, "Our ties have never been closer."',
    'The envoy said,"We are ready."',
    '"We are ready."He left at once.',
    "“We agree,” she said. “We go on.”",
    'He said, "Ties were strengthened.”',
    '“We agree," she said.',
    'They are called the "four countries".This is new.',
    'He said, "We face this with our friends. "',
    "She said, “ We go on. ” Then she left.",
    'The official told NHK, "It is an important step," he said.',
    'The 5" gun fired.',
    '"It began in May.\n\n"It ended in June."',
    '"Were you at the border that night?" "I was."',
)
_TAILS = (
    *(" rice field.", " rice fields.", " did.", " is big.", " I was.", " I did.", " It was.", " I think.", "did."),
    *(" Become.", " Announced.", ".Essence", " Essence Essence", "Essence", ".EssenceThe"),
)
_HEADS = ("(Brussels Comprehensive) ", "\ufeff", "\ufeff(Tokyo Comprehensive News)", "---\ntitle: x\n---\n", "• ")
_LINK_LISTS = (
    '\n"World" POPULAR ARTICLE\n-\nRice Prices Rise Again\n-\nA Bridge Is Opened\nJN ACCESS RANKING\n- Snow in May\n',
    "\n\nRelated Articles\n• One\n• Two",
    "\r\nMOST READ\r\n- One\r\n- Two\r\n- Three\r\nThen the talks went on.",
)
_LITERALS = (
    *("https://www.example.com/a.B,c/the-the?q=50%of", "a.b@example.com", "`rice field. Vernis`", "<b>the the</b>"),
    *("www.example.org/Kishida.Kishida", "<!-- did. -->", "[link](https://example.org/x_y)"),
)
_ODD = (
    *("会談は終わった。", "四国", "「はい」と述べました。", "한국"),
    *("😀", "👩‍👩‍👧", "e\u0301", "\u0301", "ß", "İ", "ſ", "ﬁ"),
    *("\u00a0", "\u3000", "\u2028", "\u2029", "\x85", "\x0b", "\x00", "\ud800", "\t", "\u200b", "\ufeff", "＝"),
)
_GLUE = ("", " ", " ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\u00a0", ". ", ", ", " - ", '"', "”")
_CHIPS = (
    *'""“”‘’\'.,!?;:…-–—()[]【】=%',
    *("a", "A", "I", "the", "the the", "and", "not", "12", "3.5", "1,000", "said", "NATO", "Vernis", "Lithuania"),
    *("Kishida", "Fumio", "Shikoku", "four countries", "EU", "European Union", "U.S.", "Inc.", "Mr.", "Mc", "Asia"),
    *("Pacific", "-Pacific", "Asia -", "%of", " ,", " .", ". ", ".The", "Essence", "rice field."),
)

_words = st.sampled_from(_CHIPS + _GLUE + _ODD)
_chips = st.lists(_words, max_size=20).map("".join)
_piece = st.one_of(
    st.sampled_from(_SENTENCES),
    st.sampled_from(_SENTENCES + _QUOTED),
    st.sampled_from(_QUOTED),
    st.sampled_from(_TAILS),
    st.sampled_from(_LITERALS + _ODD),
    _chips,
)
_glued = st.tuples(_piece, st.sampled_from(_GLUE)).map("".join)
_prose = st.builds(
    "{}{}{}".format,
    st.sampled_from(("", "", "", *_HEADS)),
    st.lists(_glued, max_size=8).map("".join),
    st.sampled_from(("", "", "", *_LINK_LISTS)),
)


@st.composite
def _cuttings(draw: st.DrawFn) -> str:
    """Slices of the sample documents, one after the other."""
    texts = [text for _, text in sorted(SEEDS.items())]
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(texts))
        start = draw(st.integers(0, len(text)))
        parts.append(text[start : start + draw(st.integers(0, 500))])
    return draw(st.sampled_from(_GLUE)).join(parts)


#: Prose as it comes out of bad systems and worse scrapers, plain noise now and then.
damaged = st.one_of(_prose, _prose, _prose, _cuttings(), _chips, st.text(max_size=60))


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """A cleaner with the settings a user starts with."""
    return Cleaner(Settings())


@pytest.fixture(scope="session")
def eager() -> Cleaner:
    """A cleaner that applies suggestions too."""
    return Cleaner(Settings(suggest=True))

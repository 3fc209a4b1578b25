"""Tells text of another language from English, surely or not at all.

Three sieves, each asked only where the one before it is in doubt. Nearly every English passage holds ``the`` or
``and``; what does not is counted word by word against the function words of English; what is left is put to
langdetect. That is slow, and takes any list of names for some language, so that the function words of the language
that it names must bear it out. Text in another script needs no such proof. Text too short to judge is English.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cleaners.core import Document
from cleaners.lazily import lazy
from cleaners.segment import Span

#: Letters that a passage needs before anything is said of its language; Chinese and Japanese say more with one.
FEWEST_LETTERS = 100
FEWEST_CHARACTERS = 40

_ENGLISH_WORDS = (
    "the and of to that with for from by which have has had not but they this their said were been it his are will "
    "would who he she you we our your my what when there than its into about could should these those did does i'm "
    "don't it's can may"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
# The commonest function words of every language in Latin script that langdetect knows.
_FUNCTION_WORDS = {
    "af": "die het van en nie dat wat sy vir ook aan deur hulle is om met te as by",
    "ca": "els les dels amb que per una va són ha més del seva aquest de la els en i no es",
    "cs": "je se na že do ale jako podle po které které jsou byl za ve pro od který by si také bude",
    "cy": "yn y yr ei ac gan ar wedi mae bod oedd hefyd am eu fod nid cael ond",
    "da": "og det af til er den en ikke på med der har som fra blev at de var vil kan et men over",
    "de": "der die und das den von zu mit ist dem sich nicht auch auf für ein eine einer einem einen eines werden wird "
    "wurde im des als dass daß kann man bis zum zur bei nach aus wie vom sind hat haben oder noch nur vor über wenn "
    "aber wir sie er es um durch",
    "es": "el la los las de del que en y por con una se su para es al lo más como un ha sobre pero sus le fue",
    "et": "ja on ei see et mis kui oli ning ka oma aga ta",
    "fi": "ja on ei että se oli myös joka hän ovat mutta sen kun kuin ole oli tai",
    "fr": "le la les des du de et que qui dans une un est pour par au aux sur pas il elle ce cette avec sont en ne se "
    "leur ses plus mais comme ou nous vous ils été",
    "hr": "je se na da su za koji od kao ali bio što nije iz će to bi sa",
    "hu": "az és hogy nem egy is volt meg már csak ezt ami ez vagy de mint",
    "id": "yang dan di untuk dengan ini dari pada tidak akan itu dalam oleh telah para ada juga",
    "it": "il la di che e un una per del della dei con non sono le gli nel alla si anche da in al lo ha più come i",
    "lt": "ir kad su iš yra buvo kaip tai bei dėl į ne apie bet",
    "lv": "un ir ka ar no par uz tas bija kas arī gan pie bet",
    "nl": "de het een van en dat te niet voor met zijn die aan op ook naar werd door om bij uit was als er maar zou",
    "no": "og det av til er den en ikke på med som har fra ble var at de vil kan et men for",
    "pl": "w i na z się że nie jest do przez po oraz który jak dla był od za o ale to są",
    "pt": "o os de que e do da em um uma para com não por no na se dos das mais ao foi as como a pela",
    "ro": "și de în la cu că care nu pe este mai din pentru un o a fost sau le se",
    "sk": "je sa na že do ale ako podľa po ktoré sú bol za pre od aj by si",
    "sl": "je se na da so za ki in od kot pa bil tudi ne bi iz po",
    "so": "iyo ka ee in oo waa ku la soo uu ay ah",
    "sq": "të dhe në një për me që është nga i e se ka si",
    "sv": "och det av att är den en inte på med som har från för var ett de om till vid kan men",
    "sw": "ya na wa kwa ni katika za la kuwa huo cha kama hiyo",
    "tl": "ang ng sa na mga at ay ito siya hindi para kung",
    "tr": "ve bir bu için ile da de olarak olan çok daha ise ne gibi kadar",
    "vi": "và của là các không có được cho trong với những một người đã này khi đến",
}
_WORDS_OF = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "kn": "Kannada",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi",
    "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovene", "so": "Somali", "sq": "Albanian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_KANA = lazy(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = lazy(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HANGUL = lazy(r"[\uac00-\ud7a3]")
# Letters of any script but Latin; the last Latin block before Greek ends at U+02AF.
_OTHER_LETTER = lazy(r"[^\W\d_\u0000-\u02ff\u1e00-\u1eff\uff21-\uff5a]")
_LATIN_LETTER = lazy(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")

_THE_PER_CHARACTER = 1 / 250  # "the" and "and" in English prose: five times as many
_ENGLISH_ENOUGH = 0.10  # of the words; English prose has some 0.3
_FOREIGN_ENOUGH = 0.14
_CLEARLY_MORE = 4
_FEWEST_KINDS = 5  # different function words; a list of names has "de", "la" and "van" over and over
_SURE = 0.9
_READ = 8_000  # code points that are read for a judgement: three pages
_GLANCE = 1_200  # code points that show English at first sight


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a text is, where it is surely not English: the language's code and name."""

    code: str
    name: str


def of_document(document: Document) -> Judgement | None:
    """The language of a document that is not English; ``None`` for English and for what is too short to tell."""
    text = document.text
    if len(text) < FEWEST_CHARACTERS or _is_plainly_english(text):
        return None
    if len(text) <= _READ:
        return _judge(text)
    # A long document may open with a foreign motto: it is foreign where its beginning, middle and end are.
    middle = (len(text) - _READ) // 2
    parts = {_judge(text[start : start + _READ]) for start in (0, middle, len(text) - _READ)}
    return parts.pop() if len(parts) == 1 else None


def passages(document: Document) -> Iterator[tuple[Span, Judgement]]:
    """Long paragraphs of an English document that are surely in another language."""
    text, find = document.text, document.text.find
    for paragraph in document.paragraphs:
        start, end = paragraph
        if end - start < FEWEST_CHARACTERS or find(" the ", start, end) >= 0 or find(" and ", start, end) >= 0:
            continue
        judgement = _judge(text[start : min(end, start + _READ)])
        if judgement:
            yield paragraph, judgement


def _is_plainly_english(text: str) -> bool:
    """Whether ``the`` and ``and`` are so frequent at its beginning that it can only be English."""
    wanted = min(len(text), _GLANCE) * _THE_PER_CHARACTER
    found = text.count(" the ", 0, _GLANCE)
    return found >= max(wanted, 1) or found + text.count(" and ", 0, _GLANCE) >= max(wanted, 1)


def _judge(text: str) -> Judgement | None:
    """The language of a text that is surely not English."""
    if not text.isascii():
        script = _by_script(text)
        if script:
            return _named(script)
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    if sum(map(len, words)) < FEWEST_LETTERS:
        return None
    counts = Counter(words)
    english = _share(counts, _ENGLISH, len(words))
    if english >= _ENGLISH_ENOUGH:
        return None
    least = max(_FOREIGN_ENOUGH, english * _CLEARLY_MORE)
    candidates = {code for code, known in _WORDS_OF.items() if _bears_out(counts, known, len(words) * least)}
    if not candidates:
        return None
    code = _detected(text)
    return _named(code) if code in candidates else None


def _share(counts: Counter[str], known: frozenset[str], total: int) -> float:
    return sum(counts[word] for word in known) / total


def _bears_out(counts: Counter[str], known: frozenset[str], least: float) -> bool:
    """Whether a language's function words are many, and not a few of them over and over."""
    found = [counts[word] for word in known if word in counts]
    return len(found) >= _FEWEST_KINDS and sum(found) >= least


def _by_script(text: str) -> str | None:
    """The language of text that is for the most part in another script than Latin."""
    others = len(_OTHER_LETTER.findall(text))
    if others <= len(_LATIN_LETTER.findall(text)):
        return None
    kana, hangul, han = (len(pattern.findall(text)) for pattern in (_KANA, _HANGUL, _HAN))
    if kana + hangul + han > others // 2:
        if others < FEWEST_CHARACTERS:
            return None
        if hangul > kana + han:
            return "ko"
        return "ja" if kana * 10 > han else "zh"
    return _detected(text) if others >= FEWEST_LETTERS else None


def _named(code: str) -> Judgement:
    return Judgement(code, _NAMES.get(code, code))


def _detected(text: str) -> str | None:
    """What langdetect is sure of, less the regional part of the code; ``None`` where it wavers or says English."""
    detect_langs, failure = _langdetect()
    try:
        best = detect_langs(text)[0]
    except failure:  # nothing but digits and marks
        return None
    code = str(best.lang).partition("-")[0]
    return code if best.prob >= _SURE and code != "en" else None


@lru_cache(maxsize=1)
def _langdetect() -> tuple[Any, type[Exception]]:
    """langdetect, loaded when first asked and made to give the same answer every time."""
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0
    return detect_langs, LangDetectException

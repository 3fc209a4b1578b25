"""Guesses from its own debris which language a document was translated from, and says what the guess rests on.

*Evidence* is what the rules found of one language's debris at level safe; text that was left in kana, or in characters
that only one of the two languages writes; and the script of the original where it came along. Names in pinyin or
of Japanese families are evidence beside one of these only, since English news is full of them.

The guess is *clear* where one language has evidence and the other none, or three times as much. One finding that is
as good as certain is enough; of those that a slip of the pen may cause it takes two. The guess is leave to act
(:attr:`Document.origin`), never a ban. So that cleaning a clean text changes nothing, what cleaning leaves in place
(scripts, the original) decides before what it removes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from cleaners.core import Document, Finding, Level
from cleaners.guess import Evidence, Guess
from cleaners.lazily import lazy

LANGUAGES = ("ja", "zh")
_CLEAR = 3  # times as much evidence as there is for the other language
_CERTAIN = 0.97  # confidence from which a single finding is enough
_DOUBTFUL_WEIGHT = 0.5
_NAME_WEIGHT, _MOST_FOR_NAMES = 0.1, 0.5
_MOST_WORDS = 5  # shown for each piece of evidence
_LONGEST = 40  # code points of each of them

_KANA = lazy(r"[\u3041-\u3096\u30a1-\u30fa][\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff]*")
# Characters that only the mainland's simplified script has, and such as only Japan's reformed script has.
_SIMPLIFIED = frozenset(
    "们这说为对时问门车东马鸟鱼龙风飞电书见贝长张陈刘赵杨吴孙郑冯韩邓许谢习华产业发动务员报记讯编辑责经济进过还选亿军农决议论让认识订评试请课调"
    "谁谈负财贵费资赛转轮边达运远连遗邮针钱铁银错闻阳阴阶际陆难韦页顶项顺须顾预领频题额饭饮馆驻鲁鸡总"
)
_REFORMED = frozenset(
    "気実図売読変応帰広庁徳恵戦択拠挙掲撃暁栄桜楽権歩歳沢浄済渋焼県発竜経絵続総繊臓薬蔵訳豊転軽辺込遅郷鉄銭関険雑霊頼顔駅験黒斎縄働畑峠辻榊"
)
_HAN = lazy(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_PINYIN = lazy(
    r"\b(?:Wang|Li|Zhang|Liu|Chen|Yang|Zhao|Huang|Zhou|Wu|Xu|Sun|Zhu|Hu|Guo|Lin|Gao|Luo|Zheng|Liang|Xie|Song|Tang|Deng|Han|"
    r"Feng|Cao|Zeng|Peng|Xiao|Cai|Pan|Tian|Dong|Yuan|Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lu|Ding|Ren|Shen|Yao|Xi|Qian|Qin) "
    r"(?:[BCDFGHJKLMNPQRSTWXYZ][a-z]?)?(?:[aeiou]{1,3}(?:n|ng)?)(?:[bcdfghjklmnpqrstwxyz]h?[aeiou]{1,3}(?:n|ng)?)?\b"
)
_JAPANESE = lazy(
    r"\b(?:Abe|Kishida|Suga|Ishiba|Takaichi|Koizumi|Hayashi|Matsuno|Kono|Motegi|Noda|Hatoyama|Sato|Suzuki|Takahashi|Tanaka|"
    r"Watanabe|Ito|Yamamoto|Nakamura|Kobayashi|Kato|Yoshida|Yamada|Sasaki|Yamaguchi|Matsumoto|Inoue|Kimura|Shimizu|"
    r"Yamazaki|Mori|Ikeda|Hashimoto|Ishikawa|Yamashita|Nakajima|Ogawa|Fujita|Okada|Goto|Hasegawa|Murakami|Kondo|"
    r"Ishii|Sakamoto|Endo|Aoki|Fujii|Nishimura|Fukuda|Ota|Miura|Fujiwara|Okamoto|Matsuda|Nakagawa|Nakano|Harada)\b"
)


NO_GUESS = Guess()


def guess(document: Document, findings: Iterable[Finding]) -> Guess:
    """What the raw document and what was found in it tell; nothing where the language is told."""
    if document.source_lang:
        return NO_GUESS
    lasting = _of_source(document) or _of_script(document.text)
    removable = _of_findings(document, findings)
    if not lasting and not removable:
        return NO_GUESS
    evidence = (*removable, *lasting, *_of_names(document.text))
    for pieces in (lasting, evidence):
        weights = {language: sum(p.weight for p in pieces if p.language == language) for language in LANGUAGES}
        for language, other in (LANGUAGES, LANGUAGES[::-1]):
            if weights[language] >= 1 and weights[language] >= _CLEAR * weights[other]:
                return Guess(language, evidence)
    return Guess(None, evidence)


def informed(document: Document, language: str) -> Document:
    """The same document with the guess in it; views that were computed are kept."""
    known = replace(document, guessed_lang=language)
    own = {f.name for f in fields(document)}
    vars(known).update((name, view) for name, view in vars(document).items() if name not in own)
    return known


def weighed(finding: Finding, origin: str | None) -> Finding:
    """The finding with its confidence told by where the document comes from.

    Debris of the document's own language is half as likely to be a mistake as it would be without the guess;
    debris of the other language is half as likely to be right.
    """
    if origin is None or finding.origin is None:
        return finding
    sure = finding.confidence
    confidence = 1 - (1 - sure) / 2 if finding.origin == origin else sure / 2
    return replace(finding, confidence=round(confidence, 4))


def _of_findings(document: Document, findings: Iterable[Finding]) -> list[Evidence]:
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.origin not in LANGUAGES or finding.level is not Level.SAFE:
            continue
        if not document.is_shielded(finding.start, finding.end):
            key = (finding.origin, finding.code)
            found.setdefault(key, []).append(finding)
    evidence = []
    for (language, code), mine in sorted(found.items()):
        words = [document.text[f.start : f.end] for f in mine]
        weight = sum(1.0 if f.confidence >= _CERTAIN else _DOUBTFUL_WEIGHT for f in mine)
        evidence.append(_evidence(language, code, words, weight))
    return evidence


def _of_source(document: Document) -> list[Evidence]:
    """The script of the original, which leaves no doubt: Japanese has kana in every sentence."""
    source = document.source_text
    if not source:
        return []
    kana = _KANA.findall(source)
    if kana:
        return [_evidence("ja", "source", kana)]
    written = _HAN.findall(source)
    return [_evidence("zh", "source", written)] if written else []


def _of_script(text: str) -> list[Evidence]:
    """Words left in kana, or in characters of one of the two languages alone."""
    if text.isascii():
        return []
    han = _HAN.findall(text)
    japanese = _KANA.findall(text) + [word for word in han if not _REFORMED.isdisjoint(word)]
    chinese = [word for word in han if not _SIMPLIFIED.isdisjoint(word)]
    return [_evidence(code, "script", words) for code, words in (("ja", japanese), ("zh", chinese)) if words]


def _of_names(text: str) -> list[Evidence]:
    names = (("ja", _JAPANESE.findall(text)), ("zh", _PINYIN.findall(text)))
    return [
        _evidence(language, "names", words, min(len(words) * _NAME_WEIGHT, _MOST_FOR_NAMES))
        for language, words in names
        if words
    ]


def _evidence(language: str, kind: str, words: Sequence[str], weight: float | None = None) -> Evidence:
    """A piece of evidence; each word weighs one where no ``weight`` is given."""
    shown = Counter(" ".join(word.split())[:_LONGEST] for word in words)
    most = tuple(word for word, _ in shown.most_common(_MOST_WORDS))
    return Evidence(language, kind, len(words), most, len(words) if weight is None else weight)


@dataclass(slots=True)
class Tally:
    """The guesses of one file, record by record, as its trail's header and ``-v`` tell them."""

    documents: Counter[str]
    evidence: dict[tuple[str, str], tuple[int, Counter[str]]]

    def __init__(self) -> None:
        """Start with nothing."""
        self.documents = Counter()
        self.evidence = {}

    def add(self, made: Guess | None) -> None:
        """Take in one document's guess; an unclear one leaves no trace."""
        if made is None or made.language is None:
            return
        self.documents[made.language] += 1
        for piece in made.evidence:
            count, words = self.evidence.setdefault((piece.language, piece.kind), (0, Counter()))
            words.update(piece.words)
            self.evidence[piece.language, piece.kind] = count + piece.count, words

    def fields(self) -> dict[str, Any]:
        """The guesses as they stand in a header: for each language how many documents, and what spoke for it."""
        return {
            language: {
                "documents": self.documents[language],
                "evidence": [piece.fields() for piece in self._pieces() if piece.language == language],
            }
            for language in LANGUAGES
            if self.documents[language] or any(piece.language == language for piece in self._pieces())
        }

    def full(self) -> dict[str, Any]:
        """All that is known, for :meth:`add_full`: a part of a file must not forget what the whole would tell."""
        return {
            "documents": dict(self.documents),
            "evidence": [[*key, count, dict(words)] for key, (count, words) in self.evidence.items()],
        }

    def add_full(self, full: Mapping[str, Any]) -> None:
        """Take in what :meth:`full` gave for another part of the file; nothing where it guessed nothing."""
        self.documents.update(full.get("documents", {}))
        for language, kind, count, words in full.get("evidence", ()):
            before, known = self.evidence.setdefault((language, kind), (0, Counter()))
            known.update(words)
            self.evidence[language, kind] = before + count, known

    def told(self) -> str:
        """One short line: the languages, and the evidence with its counts."""
        parts = []
        for language in LANGUAGES:
            if self.documents[language]:
                pieces = (f"{p.kind} x{p.count}" for p in self._pieces() if p.language == language)
                parts.append(f"{language} ({', '.join(pieces)})")
        return ", ".join(parts)

    def _pieces(self) -> list[Evidence]:
        return [
            Evidence(language, kind, count, tuple(word for word, _ in words.most_common(_MOST_WORDS)))
            for (language, kind), (count, words) in sorted(self.evidence.items())
        ]

"""Text in another language is told, and English never is taken for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import SEEDS

from cleaners import language
from cleaners.config import Settings
from cleaners.core import Document, Verdict
from cleaners.engine import Cleaner

ENGLISH = "The ministers met in the capital to talk about the security of the region, and agreed to meet again.\n"
FOREIGN = {
    "fr": "Le maire a expliqué que la bibliothèque serait fermée pour des travaux et que les lecteurs pourraient "
    "rendre leurs livres dans une autre salle jusqu'au mois de juin.",
    "de": "Der Bürgermeister erklärte, dass die Bibliothek wegen der Arbeiten geschlossen wird und dass man die Bücher "
    "bis zum Juni in einem anderen Saal abgeben kann.",
    "es": "El alcalde explicó que la biblioteca estaría cerrada por las obras y que los lectores podrían devolver sus "
    "libros en otra sala hasta el mes de junio.",
    "it": "Il sindaco ha spiegato che la biblioteca sarà chiusa per i lavori e che i lettori potranno restituire i "
    "libri in un'altra sala fino al mese di giugno, con il solito orario.",
    "pt": "O prefeito explicou que a biblioteca ficaria fechada por causa das obras e que os leitores poderiam "
    "devolver os livros em uma outra sala até o mês de junho, como no ano passado.",
    "nl": "De burgemeester legde uit dat de bibliotheek voor het werk gesloten zou zijn en dat de lezers hun boeken "
    "tot juni in een andere zaal konden inleveren, zoals het ook vorig jaar was.",
    "pl": "Burmistrz wyjaśnił, że biblioteka będzie zamknięta na czas prac i że czytelnicy mogą oddać książki w innej "
    "sali do czerwca, jak to było po powodzi, która nie jest jeszcze zapomniana.",
    "ru": "Мэр объяснил, что библиотека будет закрыта на время работ и что читатели смогут вернуть книги в другом "
    "зале до июня, как это было в прошлом году после наводнения.",
    "ko": "시장은 공사 때문에 도서관이 문을 닫을 것이며 독자들은 유월까지 다른 방에서 "
    "책을 돌려줄 수 있다고 설명했다고 한다.",
    "ja": "市長は、工事のため図書館が閉まること、読者は六月まで別の部屋で本を返せることを説明したということです。",
    "zh": "市长解释说，图书馆将因施工而关闭，读者可以在六月之前到另一个房间归还图书，去年洪水之后也是这样安排的。",
}
LAWFUL = {
    "headline": "STORM CLOSES PORTS; FERRY COMPANY ORDERS SHIPS; MUSEUM FINDS LOST MAP; LIGHTHOUSE OPENS DOORS AGAIN",
    "names": "Giuseppe Moretti, Marie-Claire Dubois, Jean-Luc Perrin, Carlos Álvarez, Luis de la Torre, Anna Müller, "
    "Jürgen von der Heyde, Paulo da Silva, Inês dos Santos, Pieter van den Berg, Jan de Vries, Ana de los Ríos",
    "dishes": "Chorizo, jamón ibérico, queso manchego, gazpacho andaluz, tortilla española, churros con chocolate, "
    "horchata de chufa, paella valenciana, pulpo a la gallega, pan con tomate y aceite",
    "table": "Hamburg 12 3 4 19\nSevilla 11 5 3 19\nLyon 10 5 4 19\nPorto 9 6 4 19\nGent 9 5 5 19\nBari 8 7 4 19\n" * 3,
    "poem": "Tyger tyger, burning bright,\nIn forests dim beneath black night,\nWhat immortal hand, what eye,\n"
    "Dared so dread a symmetry?",
    "foreign names": "Prime Minister Jean-Claude Dupont-Moretti of Basse-Terre flew from Aix-en-Provence via "
    "Saint-Jean-de-Luz to Santiago de Compostela, where Rafael García de la Cruz received him.",
    "scots": "Ma faither was a fisher, an his faither afore him, an they kent ilka rock o the coast frae the brig tae "
    "the heid, an aye cam hame wi the tide whan ithers didna.",
    "pidgin": "Dem go do meeting for capital on top di matter of light, na so minister talk am, but pipol no believe "
    "am at all at all, say wetin dem don hear before.",
    "latin": "Panthera leo, Panthera pardus, Acinonyx jubatus, Felis silvestris, Lynx lynx, Canis lupus, "
    "Vulpes vulpes, Ursus arctos, Meles meles, Lutra lutra, Martes martes",
    "chemicals": "acetic acid, ethanol, toluene, benzene, sodium hydroxide, potassium nitrate, calcium carbonate, "
    "ammonia, methanol, propane, butane, glycerol, urea",
    "code": "for (int i = 0; i < n; i++) { if (a[i] > b[i]) { swap(&a[i], &b[i]); } } return sum(a, n) - sum(b, n);",
    "telegraphic": "Wind northwest force five, sea rough, visibility good, barometer rising slowly, rain later, "
    "outlook fair, ports open, ferries running late",
    "short foreign": "«Je ne regrette rien», dit-elle en partant.",
    "quoted": "The sign read 「本日は都合により休業させていただきます」 and nobody in our party could read it.",
}


def codes(result):
    return [d.finding.code for d in result.decisions]


@pytest.mark.parametrize("code", FOREIGN)
def test_a_document_in_another_language_is_left_alone_with_one_notice(cleaner, code):
    raw = f"\n{FOREIGN[code]} Essence Essence\n{FOREIGN[code]}  rice field.\nthe the\n"
    result = cleaner.clean(Document(raw))
    assert result.text == raw
    (decision,) = result.decisions
    assert decision.finding.code == "ENC109"
    assert decision.verdict is Verdict.OPEN
    assert language._NAMES[code] in decision.finding.message
    assert (decision.start, raw[decision.end]) == (1, "\n")


@pytest.mark.parametrize("code", FOREIGN)
def test_a_passage_in_another_language_is_reported_where_it_stands(cleaner, code):
    raw = ENGLISH * 4 + FOREIGN[code] + "\n" + ENGLISH * 4
    result = cleaner.clean(Document(raw))
    (decision,) = (d for d in result.decisions if d.finding.code == "ENC108")
    assert decision.raw == FOREIGN[code]
    assert language._NAMES[code] in decision.finding.message
    assert result.text == raw


@pytest.mark.parametrize("kind", LAWFUL)
def test_english_and_what_has_no_language_is_not_flagged(kind):
    document = Document(LAWFUL[kind])
    assert language.of_document(document) is None
    assert list(language.passages(document)) == []
    longer = Document("\n\n".join([LAWFUL[kind]] * 6))
    assert language.of_document(longer) is None
    assert list(language.passages(longer)) == []


@pytest.mark.parametrize("name", SEEDS)
def test_the_sample_documents_are_english(name):
    assert language.of_document(Document(SEEDS[name])) is None
    assert language.of_document(Document(SEEDS[name].upper())) is None


def test_short_text_is_never_judged():
    for text in FOREIGN.values():
        assert language.of_document(Document(text[:30])) is None


def test_what_is_partly_english_is_cleaned():
    raw = FOREIGN["fr"] + "\n" + ENGLISH.replace("the capital", "the the capital") * 3
    result = Cleaner(Settings()).clean(Document(raw))
    assert "the the" not in result.text
    assert codes(result).count("ENC108") == 1
    assert "ENC109" not in codes(result)


@pytest.mark.parametrize("settings", [Settings(ignore=("ENC109",)), Settings(select=("REP",))])
def test_without_the_rule_the_document_is_cleaned_as_usual(settings):
    raw = FOREIGN["de"] + " He met the the press."
    result = Cleaner(settings).clean(Document(raw))
    assert result.text == raw.replace("the the", "the")


def test_the_answer_is_the_same_every_time():
    answers = {language.of_document(Document(FOREIGN["nl"] + " " * n)) for n in range(5)}
    assert answers == {language.Judgement("nl", "Dutch")}


def test_a_long_document_is_foreign_only_where_all_of_it_is():
    foreign = (FOREIGN["fr"] + "\n") * 120
    assert language.of_document(Document(foreign)) == language.Judgement("fr", "French")
    assert language.of_document(Document(foreign + ENGLISH * 200)) is None


def test_langdetect_is_not_loaded_for_english():
    program = (
        "import sys; from cleaners.engine import Cleaner; from cleaners.core import Document; "
        "Cleaner().clean(Document(sys.argv[1])); sys.exit('langdetect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, ENGLISH * 3], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", program, FOREIGN["fr"]], check=False).returncode == 1

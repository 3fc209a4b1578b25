"""The parts of the rewrite step that need no model: masks, vocabulary, noise, corpus, alignment, and the proof."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaners import lexicon, rules
from cleaners.core import Document, Finding, Level, Severity
from cleaners.errors import MtcleanError
from cleaners.glossary import shipped_glossary
from cleaners.rewrite import contact, corpus, masking, proof, vocabulary, wording
from cleaners.rewrite.aligning import Change, Repair, changes, merged, repair
from cleaners.rewrite.masking import Masker, MaskingError, mask, renumbered, unmask
from cleaners.rewrite.noise import structure, words
from cleaners.rewrite.noise.pairs import Noiser, Pair, joined, tokenised, translationese
from cleaners.rewrite.proof import Candidate, Request
from cleaners.segment import Span

# Noise that the shipped model was not trained with; to mend it makes other training pairs.
NEXT_TRAINING = pytest.mark.xfail(strict=True, reason="the shipped model's noise lacks it")


def pairs(noiser, segments, random):
    """A pair for each segment that gives one."""
    return (pair for segment in segments if (pair := noiser.pair(segment, random)) is not None)


STRAIGHT = str.maketrans("’‘“”\u00a0–—", "''\"\" --")


def straight(text):
    return text.translate(STRAIGHT)


def shape(text):
    """A masked text with its sentinels counted in its own order."""
    return renumbered(text, "")[0]


_BITS = (
    *("Oslo", "Mbeki", "President Mbeki", "O’Brien", "Asia-Pacific", "U.S.", "Mr. Haddad", "Bank of Ghana", "F-16s"),
    *("40", "3,400", "2.5 million", "US$12", "45%", "7th", "12:30", "10–15"),
    *("March 2019", "7 May", "Monday", "1998", "June 3, 2004"),
    *("the", "The", "harbour", "closed", "I", "I’m", "of", "It’s", "don't", "well-known", "a—b"),
    *("Oslo’s", "Mbeki's", "ministers’", "https://example.org/a.b", "me@example.org", "`x y`"),
    *(",", ".", "“", "”", "‘", "’", '"', "'", "—", "–", "(", ")", "\u00a0", "é", "港"),
)
_GLUE = st.sampled_from((" ", " ", " ", "", "  ", "\n", ", ", ". "))
prose = st.one_of(
    st.lists(st.tuples(st.sampled_from(_BITS), _GLUE).map("".join), max_size=12).map("".join),
    st.text(st.characters(exclude_categories=("Co", "Cs")), max_size=40),
)


def masked_or_passed(raw, protected=()):
    try:
        return mask(raw, protected)
    except MaskingError:
        return assume(False)


# ---------------------------------------------------------------------------------------------------- masking


@given(prose)
def test_unmasking_gives_the_text_again_with_straight_marks(raw):
    masked = masked_or_passed(raw)
    assert straight(unmask(masked.text, masked.kept)) == straight(raw)
    assert not re.search("[’‘“”]", masked.text)


@given(prose)
def test_every_place_of_a_masked_text_leads_back_to_the_raw_one(raw):
    masked = masked_or_passed(raw)
    back = []
    for i, char in enumerate(masked.text):
        start, end = masked.raw_span(i, i + 1)
        assert raw[start:end] == masked.kept[char] if char in masked.kept else straight(raw[start:end]) == char
        back.append(raw[start:end])
    assert "".join(back) == raw
    assert masked.raw_span(0, len(masked.text)) == (0, len(raw))


@given(st.data())
def test_protected_spans_come_back_like_names(data):
    raw = data.draw(prose)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(raw)), max_size=4)))
    protected = list(zip(cuts[::2], cuts[1::2], strict=False))
    masked = masked_or_passed(raw, protected)
    assert straight(unmask(masked.text, masked.kept)) == straight(raw)


@pytest.mark.parametrize(
    ("raw", "text", "kept"),
    [
        pytest.param("Rain fell on Oslo.", "Rain fell on {0}.", ["Oslo"], id="name"),
        pytest.param("A crane in Port Said fell.", "A crane in {0} fell.", ["Port Said"], id="name-of-two-words"),
        pytest.param("The Bank of Ghana lent it.", "The {0} lent it.", ["Bank of Ghana"], id="name-with-a-small-word"),
        pytest.param("Then Mr. Haddad left.", "Then {0} left.", ["Mr. Haddad"], id="title"),
        pytest.param("We saw Oslo’s harbour.", "We saw {0}'s harbour.", ["Oslo"], id="curly-possessive"),
        pytest.param("We saw Oslo's harbour.", "We saw {0}'s harbour.", ["Oslo"], id="straight-possessive"),
        pytest.param("Then O’Brien spoke.", "Then {0} spoke.", ["O’Brien"], id="apostrophe-in-a-name"),
        pytest.param("It took 3,400 tonnes.", "It took {0} tonnes.", ["3,400"], id="figure"),
        pytest.param("It took 45 % of it.", "It took {0} of it.", ["45 %"], id="percentage"),
        pytest.param("It cost $2.5 million then.", "It cost {0} then.", ["$2.5 million"], id="money"),
        pytest.param("It closed on 7 May for good.", "It closed on {0} for good.", ["7 May"], id="date"),
        pytest.param("It closed in March 2019.", "It closed in {0}.", ["March 2019"], id="month-and-year"),
        pytest.param("It was closed in 1998.", "It was closed in {0}.", ["1998"], id="year"),
        pytest.param("See https://example.org/a.b, please.", "See {0}, please.", ["https://example.org/a.b"], id="url"),
        pytest.param("Write to me@example.org now.", "Write to {0} now.", ["me@example.org"], id="e-mail"),
        pytest.param("Boats came. Ships left.", "Boats came. Ships left.", [], id="common-word-starts-a-sentence"),
        pytest.param("He said, “Boats came.”", 'He said, "Boats came."', [], id="common-word-starts-a-quotation"),
        pytest.param("It’s late and I’m told so.", "It's late and I'm told so.", [], id="pronoun"),
        pytest.param("Ministers of Ghana met.", "Ministers of {0} met.", ["Ghana"], id="first-word-is-no-name"),
        pytest.param("They, Ministers, met.", "They, {0}, met.", ["Ministers"], id="common-word-inside-a-sentence"),
    ],
)
def test_what_is_masked_and_what_is_not(raw, text, kept):
    masked = mask(raw)
    assert [masked.kept[s] for s in masking.IS_SENTINEL.findall(masked.text)] == kept
    assert masking.IS_SENTINEL.sub("{0}", masked.text) == text


def test_each_kind_has_sentinels_of_its_own():
    masked = mask("Oslo paid 40 crowns on 7 May, see https://example.org/a today.")
    kinds = {surface: sentinel for sentinel, surface in masked.kept.items()}
    assert kinds == {
        "Oslo": masking.NAMES,
        "40": masking.FIGURES,
        "7 May": masking.DATES,
        "https://example.org/a": masking.OTHERS,
    }


def test_equal_strings_share_a_sentinel_and_others_do_not():
    masked = mask("Then Mbeki met Haddad, and Mbeki’s 40 boats met 40 ships and 41 rafts.")
    found = [masked.kept[s] for s in masking.IS_SENTINEL.findall(masked.text)]
    assert found == ["Mbeki", "Haddad", "Mbeki", "40", "40", "41"]
    assert len(set(masking.IS_SENTINEL.findall(masked.text))) == len(masked.kept) == 4


def test_one_masker_gives_two_texts_the_same_sentinels():
    masker = Masker()
    first = masker.mask("Then Haddad met Mbeki.")
    second = masker.mask("Then Mbeki met Conteh.")
    given = {surface: sentinel for sentinel, surface in (first.kept | second.kept).items()}
    assert second.text == f"Then {given['Mbeki']} met {given['Conteh']}."
    assert len(given) == 3


def test_a_protected_term_is_masked_whole():
    raw = "The coast guard reached the wreck."
    masked = mask(raw, [(4, 15)])
    assert masked.text == f"The {masking.NAMES} reached the wreck."
    assert masked.kept == {masking.NAMES: "coast guard"}


def test_a_name_that_runs_on_from_a_protected_term_is_masked_too():
    raw = "Then Harbour Police Chief Haddad spoke."
    masked = mask(raw, [(5, 19)])
    assert "Harbour Police" in masked.kept.values()
    assert "Haddad" not in masked.text
    assert unmask(masked.text, masked.kept) == raw


def test_protected_terms_that_overlap_are_not_told_twice():
    raw = "The coast guard cutter sank."
    masked = mask(raw, [(4, 15), (10, 22)])
    assert unmask(masked.text, masked.kept) == raw


def test_a_protected_term_inside_a_url_stays_part_of_the_url():
    masked = mask("See https://example.org/oslo today.", [(24, 28)])
    assert list(masked.kept.values()) == ["https://example.org/oslo"]


@pytest.mark.parametrize("char", ["\ue000", "\ue040", "\ue07f"])
def test_a_sentinel_in_the_raw_text_is_an_error(char):
    with pytest.raises(MaskingError, match="private use"):
        mask(f"Rain fell{char} on the quay.")


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        pytest.param("then Za{} spoke, ", masking.NAMES, id="names"),
        pytest.param("with 3{} boats, ", masking.FIGURES, id="figures"),
        pytest.param("on {} May, ", masking.DATES, id="dates"),
        pytest.param("at https://example.org/{}, ", masking.OTHERS, id="urls"),
    ],
)
def test_more_than_there_are_sentinels_is_an_error(one, kind):
    def some(count):
        letters = "abcdefghijklmnopqrstuvwxyz"
        return "".join(one.format(letters[i] if kind is masking.NAMES else i + 1) for i in range(count))

    assert len(mask(some(masking.CAPACITY[kind])).kept) == masking.CAPACITY[kind]
    with pytest.raises(MaskingError, match="more names and figures"):
        mask(some(masking.CAPACITY[kind] + 1))


def test_a_sentinel_that_stands_for_nothing_is_an_error():
    with pytest.raises(MaskingError, match="does not have"):
        unmask("\ue000 met \ue001.", {"\ue000": "Oslo"})


def test_renumbering_counts_each_kind_in_the_order_of_the_source():
    source, target = renumbered("\ue005 \ue041 \ue002 \ue005 \ue060", "\ue002 \ue005 \ue041")
    assert source == "\ue000 \ue040 \ue001 \ue000 \ue060"
    assert target == "\ue001 \ue000 \ue040"


def test_sentinels_of_the_target_alone_follow_those_of_the_source():
    assert renumbered("\ue007 and \ue003", "\ue001, \ue003, \ue042") == ("\ue000 and \ue001", "\ue002, \ue001, \ue040")


# ------------------------------------------------------------------------------------------------- vocabulary


def test_the_words_stand_most_frequent_first_each_once():
    counts = list(vocabulary.counts().values())
    lines = (vocabulary._PATH).read_text(encoding="utf-8").splitlines()
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] >= 10
    assert len(lines) == len(counts) > 5000
    assert all(word == word.lower() for word in vocabulary.common_words())


@pytest.mark.parametrize(
    ("table", "word", "others"),
    [
        pytest.param(
            vocabulary.verb_forms, "agree", {"agrees", "agreed", "agreeing"}, marks=NEXT_TRAINING, id="verb-in-ee"
        ),
        (vocabulary.verb_forms, "stopped", {"stop", "stops", "stopping"}),
        (vocabulary.verb_forms, "carry", {"carries", "carried", "carrying"}),
        (vocabulary.verb_forms, "went", {"go", "goes", "gone", "going"}),
        (vocabulary.number_forms, "city", {"cities"}),
        (vocabulary.number_forms, "churches", {"church"}),
        (vocabulary.number_forms, "days", {"day"}),
        (vocabulary.derived_forms, "cooperation", {"cooperate"}),
        (vocabulary.derived_forms, "agree", {"agreement"}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_forms_of_a_word(table, word, others):
    assert set(table()[word]) == others


@pytest.mark.parametrize(
    "table", [vocabulary.verb_forms, vocabulary.number_forms, vocabulary.derived_forms], ids=lambda t: t.__name__
)
def test_forms_lead_both_ways_and_never_to_the_word_itself(table):
    forms = table()
    assert len(forms) > 100
    assert [word for word, others in forms.items() if word in others or not others] == []
    assert [(a, b) for a, others in forms.items() for b in others if a not in forms[b]] == []


def test_a_noun_is_no_verb():
    assert vocabulary.number_forms()["rivers"] == ("river",)
    assert not {"river", "rivers"} & set(vocabulary.verb_forms())


# ------------------------------------------------------------------------------------------------------ noise

STRUCK = {
    words.lost_article: "The mayor opened a bridge over the river.",
    words.wrong_article: "She bought an old boat.",
    words.added_article: "Heavy rain closed schools.",
    words.wrong_preposition: "They waited for him in silence.",
    words.lost_preposition: "The road leads to town.",
    words.added_preposition: "He left the house.",
    words.wrong_agreement: "The bridge is open again.",
    words.wrong_tense: "The bridge will open soon.",
    words.wrong_number: "Two cities built roads.",
    words.wrong_verb_form: "The council agreed to build it.",
    words.wrong_word_class: "They cooperate every year.",
    words.doubled_verb: "The council voted at once.",
    words.lost_verb: "The bridge was open.",
    words.wrong_pronoun: "Then he saw them there.",
    words.lost_conjunction: "Rain and snow fell.",
    words.added_conjunction: "When it rained, they stayed home.",
    words.doubled_comparison: "The new bridge is greater than the old one.",
    structure.cut_at_comma: "When the rain had stopped, the crew went back to work.",
    structure.cut_before_word: "The crew stopped work because the storm came nearer.",
    structure.joined: "The rain stopped at noon. The crew went back to work.",
    structure.displaced_tail: "The crew of the ferry went back to work again.",
    structure.stray_tail: "The crew went back to work.",
    structure.doubled_word: "The crew slept.",
    structure.doubled_phrase: "The crew of the ferry went back to work again.",
    structure.doubled_word_apart: "The small harbours were closed.",
    structure.lost_subject: "They went back to work.",
    structure.displaced_adverb: "The crew had already gone home when the storm came.",
    structure.swapped_words: "The crew went back to work.",
    structure.moved_clause: "When the rain had stopped, the crew went back to work.",
    structure.wrong_case: "The crew went home.",
    structure.lost_comma: "In winter, the port sleeps.",
    structure.added_comma: "The crew went back to work.",
    structure.lost_quotation_mark: 'She called it "a good year" for boats.',
    structure.double_attribution: 'The pilot told us, "The boats are late."',
}
UNSTRUCK = "\ue000."
MECHANISMS = {**words.MECHANISMS, **structure.MECHANISMS}
each_mechanism = pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.__name__)


def strike(mechanism, text, seed):
    tokens = tokenised(text)
    return mechanism(tokens, Random(seed)), joined(tokens)


@each_mechanism
def test_every_mechanism_strikes_where_it_can(mechanism):
    text = STRUCK[mechanism]
    outcomes = [strike(mechanism, text, seed) for seed in range(40)]
    assert all(found for found, _ in outcomes)
    changed = [new for _, new in outcomes if new != text]
    assert len(changed) >= 20  # an adverb may by chance be put back where it was
    assert outcomes == [strike(mechanism, text, seed) for seed in range(40)]


@each_mechanism
def test_every_mechanism_passes_by_where_it_cannot(mechanism):
    assert {strike(mechanism, UNSTRUCK, seed) for seed in range(20)} == {(False, UNSTRUCK)}


_TOKENS = st.sampled_from(
    (
        *("the", "The", "of", "is", "he", "They", "not", "already", "because", "cities", "build", "greater"),
        *(".", ",", '"', "(", "?", "\ue000"),
    )
)


@each_mechanism
@given(tokens=st.lists(_TOKENS, min_size=1, max_size=12), seed=st.integers(0, 99))
def test_a_mechanism_that_finds_nothing_changes_nothing(mechanism, tokens, seed):
    after = list(tokens)
    if not mechanism(after, Random(seed)):
        assert after == tokens
    else:
        assert all(after)  # no empty token
        assert Counter(t for t in after if t == "\ue000") >= Counter(t for t in tokens if t == "\ue000")


@pytest.mark.parametrize(
    ("mechanism", "text", "outcomes"),
    [
        (words.lost_article, "Then the boat sank.", {"Then boat sank."}),
        (words.wrong_article, "It was an ox.", {"It was a ox.", "It was the ox."}),
        (words.wrong_agreement, "Its boats sank and has.", {"Its boats sank and have."}),
        (words.lost_verb, "The port was shut.", {"The port shut."}),
        (words.doubled_comparison, "A greater risk.", {"A more greater risk."}),
        pytest.param(
            words.doubled_comparison,
            "The greatest risk.",
            {"The most greatest risk."},
            marks=NEXT_TRAINING,
            id="superlative",
        ),
        (words.wrong_word_class, "Cooperation helps.", {"Cooperate helps."}),
        (structure.joined, "All the rain stopped. We left at once.", {"All the rain stopped, we left at once."}),
        (structure.lost_comma, "In winter, it sleeps.", {"In winter it sleeps."}),
        (structure.lost_subject, "They went back home.", {"Went back home."}),
        (
            structure.moved_clause,
            "When the rain stopped, the crew went back.",
            {"The crew went back, when the rain stopped."},
        ),
        (structure.lost_quotation_mark, 'A "big ship.', {"A big ship."}),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_what_a_mechanism_leaves(mechanism, text, outcomes):
    assert {strike(mechanism, text, seed)[1] for seed in range(60)} == outcomes


SET_AS_ENGLISH = (
    "The crew went back to work.",
    'She said, "We are late," and left.',
    'The pilot asked: "Where is the quay?" Nobody knew.',
    "Their well-known ferry (the old one) doesn't sail; it can't.",
    "It's \ue000's boat, isn't it? No!",
    "The \ue000-\ue001 route, \ue040 miles long, closed on \ue060.",
    "He said, \"It is the 'old' quay.\"",
    "The and/or clause was dropped.",
)


@pytest.mark.parametrize("text", SET_AS_ENGLISH)
def test_a_text_cut_into_tokens_is_joined_again(text):
    assert joined(tokenised(text)) == text


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("crew", "isn't", "well-known", "\ue000", "\ue000's", '"quay"', "(old)", "a")),
            st.sampled_from(("", "", ",", ".", ";", "?", '."')),
        ).map("".join),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_with_single_blanks_is_joined_again(text):
    assert joined(tokenised(text)) == text


def test_a_word_that_is_put_in_is_set_as_english_sets_it():
    tokens = tokenised('She left, "at last" (it is said).')
    tokens[1:1] = ["also", ","]
    tokens.insert(tokens.index("it"), "as")
    assert joined(tokens) == 'She also, left, "at last" (as it is said).'


_SUBJECTS = (
    "The harbour master",
    "A spokesman for the fishermen",
    "Mayor Conteh of Freetown",
    "The new ferry company, which owns 14 boats,",
    "Every skipper on the west coast",
    "The council in Bergen",
    "Their oldest union",
    "Nobody in the small town",
    "Mr. Haddad, the owner of the shipyard,",
    "She",
)
_PREDICATES = (
    "agreed to build a longer quay",
    "will discuss the price of diesel with the ministry",
    "has refused to pay the fees since March 2019",
    "wanted to know why the crane had fallen",
    "called for an investigation into the accident",
    "sold 3,400 tonnes of cod to buyers in Lagos",
    "did not expect the storm to last for so long",
    "is developing a plan that protects the reef",
    'said, "We have never seen such waves,"',
    "can only hope that the insurance covers the damage",
)
_CLOSES = (
    "after the winter, and the work began at once.",
    "on Monday. They also closed the road to the lighthouse.",
    "because the bridge was too weak for heavier trucks.",
    "while the other towns were still waiting for an answer.",
)
SEGMENTS = [f"{subject} {verb} {close}" for subject in _SUBJECTS for verb in _PREDICATES for close in _CLOSES]
Random(3).shuffle(SEGMENTS)
NOISER = Noiser.of(rules.all_rules(lexicon.from_glossary(shipped_glossary())))


@pytest.fixture(scope="module")
def made():
    """Each segment with its pair, or with ``None``."""
    random = Random(11)
    return [(segment, NOISER.pair(segment, random)) for segment in SEGMENTS]


def test_of_many_pairs_a_quarter_to_nine_in_twenty_are_left_alone(made):
    found = [pair for _, pair in made if pair is not None]
    assert len(found) >= 0.9 * len(made) == 360
    alone = sum(pair.source == pair.target for pair in found)
    assert 0.25 <= alone / len(found) <= 0.45


def test_the_target_of_a_pair_is_the_clean_segment_masked(made):
    for segment, pair in made:
        if pair is not None:
            assert shape(pair.target) == shape(mask(segment).text)
            assert set(masking.IS_SENTINEL.findall(pair.target)) <= set(masking.IS_SENTINEL.findall(pair.source))
            assert shape(pair.source) == pair.source


def test_the_same_seed_makes_the_same_pair_and_others_make_others():
    for segment in SEGMENTS[:20]:
        drawn = [NOISER.pair(segment, Random(seed)) for seed in range(12)]
        assert drawn == [NOISER.pair(segment, Random(seed)) for seed in range(12)]
        assert len({pair.source for pair in drawn if pair}) > 3


def test_segments_that_cannot_be_masked_give_no_pair():
    random = Random(1)
    assert NOISER.pair("Rain fell \ue000 on the quay.", random) is None
    assert NOISER.pair("Rain fell  on the quay , twice.", random) is None
    assert len(list(pairs(NOISER, ["Rain fell\ue000 on it.", SEGMENTS[0], SEGMENTS[1]], Random(0)))) <= 2


def test_the_noiser_takes_rules_that_leave_something_to_a_model():
    codes = {rule.code for rule in NOISER.rules}
    assert {code[:3] for code in codes} <= {"CUT", "STR", "SYN", "REP"}
    assert codes and not codes & {"CUT102", "CUT105"}


def test_no_strike_changes_nothing_and_strikes_bring_no_name():
    for segment in SEGMENTS[:60]:
        text = mask(segment).text
        assert translationese(text, 0, Random(0)) == text
        struck = translationese(text, 3, Random(0))
        assert set(masking.IS_SENTINEL.findall(struck)) == set(masking.IS_SENTINEL.findall(text))


def test_a_pair_is_left_alone_where_no_mechanism_finds_a_place():
    assert {Noiser(()).pair("Oslo.", Random(seed)) for seed in range(9)} == {Pair("\ue000.", "\ue000.")}


# ----------------------------------------------------------------------------------------------------- corpus

FREE = "CC0-1.0"
GOOD_TEXT = "The ferry left the old quay at noon."


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def row(identity, text=GOOD_TEXT, licence=FREE):
    return {"id": identity, "text": text, "license": licence}


def write(folder, content, name="a.jsonl"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("licence", ["CC0-1.0", "cc0", "Public Domain", "U.S. Government work, public domain"])
def test_free_text_is_read(tmp_path, licence):
    read = corpus.read(write(tmp_path, lines(row("x", licence=licence))))
    assert read.training + read.held_out == (GOOD_TEXT,)


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "CC BY-SA 3.0", "MIT", "", "all rights reserved", None])
def test_a_licence_that_is_not_free_is_an_error_with_its_line(tmp_path, licence):
    folder = write(tmp_path, lines(row("x"), row("y", licence=licence)))
    with pytest.raises(MtcleanError) as error:
        corpus.read(folder)
    assert error.value.place == f"{tmp_path / 'a.jsonl'}:2"
    assert repr(str(licence)) in error.value.what


@pytest.mark.parametrize(
    "broken",
    ['{"id": "x", ', "[1, 2]", "7", '"text"', '{"id": "x", "text": "y"}', '{"text": "y", "license": "CC0"}'],
)
def test_a_line_that_is_no_document_is_an_error_with_its_line(tmp_path, broken):
    folder = write(tmp_path, lines(row("x"), row("y")) + broken + "\n")
    with pytest.raises(MtcleanError) as error:
        corpus.read(folder)
    assert error.value.place == f"{tmp_path / 'a.jsonl'}:3"


def test_a_file_in_another_encoding_is_an_error_of_one_line(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines(row("x")).encode() + b'{"id": "\xff\xfe"}\n')
    with pytest.raises(MtcleanError, match=r"a\.jsonl"):
        corpus.read(tmp_path)


def test_a_packed_file_that_breaks_off_is_an_error_of_one_line(tmp_path):
    packed = gzip.compress(lines(*(row(f"x{i}") for i in range(200))).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(MtcleanError, match=r"a\.jsonl\.gz"):
        corpus.read(tmp_path)


def test_a_folder_without_documents_is_an_error(tmp_path):
    write(tmp_path, "text", "a.txt")
    with pytest.raises(MtcleanError, match="holds no"):
        corpus.read(tmp_path)


def test_packed_files_and_folders_below_are_read_too(tmp_path):
    write(tmp_path / "deep", lines(row("x", "The crane fell into the water.")))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(row("y", "The crew was safe and sound.")).encode()))
    read = corpus.read(tmp_path)
    assert {*read.training, *read.held_out} == {"The crane fell into the water.", "The crew was safe and sound."}


def test_the_limit_counts_the_documents_of_each_file(tmp_path):
    for name in ("a.jsonl", "b.jsonl"):
        write(tmp_path, lines(*(row(f"{name}{i}") for i in range(5))), name)
    assert sum(map(len, _sides(corpus.read(tmp_path, limit=2)))) == 4
    assert sum(map(len, _sides(corpus.read(tmp_path)))) == 10


def _sides(read):
    return read.training, read.held_out


def _named(identity):
    """A word that no other identity gives, of letters alone."""
    return "".join("abcdefghij"[int(digit)] for digit in identity)


def test_which_documents_are_held_out_depends_on_their_id_alone(tmp_path):
    ids = [f"{i:03}" for i in range(400)]
    expected = {_named(i) for i in ids if corpus.is_held_out(i)}
    assert 2 <= len(expected) <= 20
    first = [row(i, f"The ferry {_named(i)} left the quay.") for i in ids]
    second = [row(i, f"Nobody has seen the ferry {_named(i)} again.") for i in reversed(ids)]
    for name, rows, seed, limit in (("a", first, 0, None), ("b", second, 7, None), ("c", first, 1, 400)):
        read = corpus.read(write(tmp_path / name, lines(*rows)), seed, limit)
        assert {re.search(r"ferry (\w+)", text)[1] for text in read.held_out} == expected
        assert len(read.training) == 400 - len(expected)


def test_the_order_of_a_corpus_depends_on_the_seed(tmp_path):
    folder = write(tmp_path, lines(*(row(f"{i}", f"The ferry {_named(f'{i:03}')} left the quay.") for i in range(60))))
    assert corpus.read(folder, 5) == corpus.read(folder, 5)
    assert corpus.read(folder, 5).training != corpus.read(folder, 6).training
    assert set(corpus.read(folder, 5).training) == set(corpus.read(folder, 6).training)


@pytest.mark.parametrize(
    "piece",
    [
        "The boat sank today.",
        "Where is the boat now?",
        "What a storm that was!",
        "“The boat sank,” she said.",
        'She said, "The boat sank."',
        "(The boat sank at noon.)",
        "The boat cost $2,000 in 1998.",
        "The boat sank. Nobody was hurt.",
        " ".join(["The", *["old"] * 58, "boat."]),
    ],
)
def test_running_text_is_prose(piece):
    assert corpus.is_prose(piece)


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("The boat sank.", id="three-words"),
        pytest.param(" ".join(["The", *["old"] * 59, "boat."]), id="61-words"),
        pytest.param("the boat sank at noon.", id="begins-small"),
        pytest.param("The boat sank at noon", id="no-stop"),
        pytest.param("The boat sank at noon:", id="ends-in-a-colon"),
        pytest.param("The boat | the crew | noon.", id="table"),
        pytest.param("The boat [1] sank at noon.", id="brackets"),
        pytest.param("The boat sank .... at noon.", id="leader"),
        pytest.param("The boat -- it sank -- was old.", id="two-hyphens"),
        pytest.param("The boat 123456 sank at noon.", id="long-number"),
        pytest.param("The boat  sank at noon.", id="two-blanks"),
        pytest.param('The "boat sank at noon.', id="quotation-mark-alone"),
        pytest.param("The “boat sank at noon.", id="curly-mark-alone"),
        pytest.param("Write to boat@example.org at noon.", id="address"),
        pytest.param("The boat sank\nat noon today.", id="two-lines"),
    ],
)
def test_what_is_no_prose(piece):
    assert not corpus.is_prose(piece)


_SAMPLE = tuple(
    f"The {_named(f'{i:02}')} {verb} the quay before the storm came."
    for i, verb in enumerate(["reached", "left", "touched", "missed", "saw"] * 6)
)


@pytest.mark.parametrize("seed", range(8))
def test_each_sentence_stands_in_one_segment_whole(seed):
    text = "\n".join(" ".join(_SAMPLE[i : i + 6]) for i in range(0, 30, 6))
    found = list(corpus.segments(text, Random(seed)))
    assert " ".join(found) == " ".join(_SAMPLE)
    sizes = [piece.count(".") for piece in found]
    assert set(sizes) <= {1, 2, 3} and len(set(sizes)) > 1


def test_what_is_no_prose_is_passed_by_with_nothing_told_twice():
    text = f"12. {_SAMPLE[0]} {_SAMPLE[1]}\nTABLE | OF | BOATS\n\n{_SAMPLE[2]}\nsee above"
    for seed in range(6):
        found = " ".join(corpus.segments(text, Random(seed)))
        assert found == " ".join(_SAMPLE[:3])


# --------------------------------------------------------------------------------------------------- aligning

_ANY = st.text(st.sampled_from("ab cd-'’,.\"\n\t\ue000\ue041é1_"), max_size=25)
_WORDY = st.lists(st.sampled_from(("the", "boat", "\ue000", "\ue000's", ",", ".", "a-b", "it's", " ")), max_size=12)
aligned = st.one_of(_ANY, _WORDY.map(" ".join), _WORDY.map("".join))


@given(aligned, aligned)
def test_all_changes_put_into_the_source_give_the_candidate(source, candidate):
    found = changes(source, candidate)
    assert merged(source, found) == candidate
    assert merged(source, []) == source


@given(aligned, aligned)
def test_changes_stand_in_order_apart_and_change_something(source, candidate):
    found = changes(source, candidate)
    assert (found == []) == (source == candidate)
    assert all(first.end < second.start for first, second in pairwise(found))
    assert all(source[change.start : change.end] != change.new for change in found)


@pytest.mark.parametrize(
    ("source", "candidate", "expected"),
    [
        pytest.param("The boat sank.", "The boat sank.", [], id="none"),
        pytest.param("The boat sink.", "The boat sank.", [(" sink", " sank")], id="exchanged"),
        pytest.param("The boat sank.", "The old boat sank.", [("", " old")], id="put-in"),
        pytest.param("The the boat sank.", "The boat sank.", [(" the", "")], id="left-out"),
        pytest.param("Boat sank in at sea.", "The boat sank at sea.", [("Boat", "The boat"), (" in", "")], id="two"),
        pytest.param("It sank. and burned.", "It sank, and burned.", [(".", ",")], id="mark"),
        pytest.param("It sank", "It sank ", [("", " ")], id="blank-at-the-end"),
        pytest.param("A well-know boat.", "A well-known boat.", [(" well-know", " well-known")], id="hyphenated"),
        pytest.param("\ue000 and \ue001 met.", "\ue000 met.", [(" and \ue001", "")], id="sentinel"),
    ],
)
def test_single_changes(source, candidate, expected):
    assert [(source[c.start : c.end], c.new) for c in changes(source, candidate)] == expected


def test_some_of_the_changes_can_be_had_without_the_rest():
    source, candidate = "Boat sank in at sea on on Monday.", "The boat sank at sea on Monday."
    first, second, third = changes(source, candidate)
    assert merged(source, [second]) == "Boat sank at sea on on Monday."
    assert merged(source, [first, third]) == "The boat sank in at sea on Monday."


def repaired(raw, new):
    """The raw segment, the edit that makes it say ``new``, and the segment with it made."""
    masker = Masker()
    masked, answer = masker.mask(raw), masker.mask(new).text
    edit = repair(masked, changes(masked.text, answer))
    return edit, raw[: edit.start] + edit.new + raw[edit.end :]


@pytest.mark.parametrize(
    ("raw", "new", "old", "fix"),
    [
        pytest.param("It’s boat of Oslo’s mayor.", "It's the boat of Oslo's mayor.", "It’s", "It’s the", id="curly"),
        pytest.param("Oslo’s old boats sinks.", "Oslo's old boat's sunk.", "boats sinks", "boat’s sunk", id="style"),
        pytest.param("It's Oslo’s boat sink.", "It's Oslo's boat's sunk.", "sink", "'s sunk", id="both-styles"),
        pytest.param("Mayor of Oslo met.", "The mayor of Oslo met.", "Mayor", "The mayor", id="at-the-start"),
        pytest.param("In Oslo boat sank.", "In Oslo a boat sank.", "Oslo", "Oslo a", id="only-puts-in"),
        pytest.param("“We goes,” he said.", '"We go," he said.', "goes", "go", id="curly-marks-stay"),
        pytest.param("It sank — in at sea.", "It sank - at sea.", "in ", "", id="dash-stays"),
    ],
)
def test_a_repair_of_the_raw_segment(raw, new, old, fix):
    edit, after = repaired(raw, new)
    assert straight(after) == new
    assert (raw[edit.start : edit.end].strip(), edit.new.strip()) == (old.strip(), fix.strip())
    assert edit.start < edit.end


def test_a_dash_between_two_words_is_no_hyphen_after_a_repair():
    assert repaired("The plan—a old one—failed.", "The plan-an old one-failed.")[1] == "The plan—an old one—failed."


def test_a_repair_at_the_very_start_takes_the_word_behind_with_it():
    edit, after = repaired("boats sank.", "Old boats sank.")
    assert after == "Old boats sank."
    assert edit == Repair(0, 5, "Old boats")


def test_what_stands_between_two_changes_is_kept_as_it_is():
    raw = "Boat sank near Oslo’s “old” quay in at noon."
    edit, after = repaired(raw, 'The boat sank near Oslo\'s "old" quay at noon.')
    assert after == "The boat sank near Oslo’s “old” quay at noon."
    assert raw[edit.start : edit.end].startswith("Boat sank")


@given(st.data())
def test_a_repair_says_what_the_candidate_says_and_points_at_something(data):
    raw = data.draw(prose)
    assume(raw.strip())
    masked = masked_or_passed(raw)
    bits = [*re.findall(r"\s*\S+|\s+\Z", masked.text), " the", ",", " boat's"]
    candidate = "".join(data.draw(st.lists(st.sampled_from(bits), max_size=10)))
    chosen = changes(masked.text, candidate)
    assume(chosen)
    edit = repair(masked, chosen)
    assert 0 <= edit.start < edit.end <= len(raw)
    after = raw[: edit.start] + edit.new + raw[edit.end :]
    assert straight(after) == straight(unmask(candidate, masked.kept))


def test_a_repair_with_a_name_that_nobody_gave_is_an_error():
    masked = mask("Boats sank near Oslo.")
    with pytest.raises(MaskingError):
        repair(masked, [Change(0, 5, "\ue009")])


# ---------------------------------------------------------------------------------------------------- wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("agree", "agrees"), ("agree", "agreed"), ("agree", "agreement"), ("go", "went"), ("is", "were")),
        *(("city", "cities"), ("man", "men"), ("boat", "boats"), ("cooperate", "cooperation"), ("hold", "held")),
        *(("its", "their"), ("he", "him"), ("they", "them"), ("we", "our"), ("boat", "boat")),
    ],
)
def test_forms_of_one_word(one, other):
    assert wording.is_form(one, other)
    assert wording.is_form(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("waterfall", "water"), ("crab", "crabis"), ("boat", "bear"), ("he", "she"), ("we", "they")),
        *(("will", "would"), ("because", "before"), ("rise", "rice"), ("able", "unable"), ("lose", "close")),
    ],
)
def test_words_that_are_no_forms_of_each_other(one, other):
    assert not wording.is_form(one, other)
    assert not wording.is_form(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("police", "policy"), ("three", "threat"), ("support", "suppose"), ("attack", "attach")),
        *(("export", "expose"), ("contest", "content"), ("part", "party"), ("four", "fourth")),
        *(("even", "event"), ("import", "important"), ("general", "generous"), ("interest", "internal")),
    ],
)
def test_words_that_only_begin_alike_are_no_forms(one, other):
    assert wording.is_word(one) and wording.is_word(other)
    assert not wording.is_form(one, other)


@pytest.mark.parametrize(
    ("before", "after", "came", "went"),
    [
        pytest.param("The boat sank.", "A boat sank.", (), (), id="article"),
        pytest.param("They waited for rain.", "They waited in rain.", (), (), id="preposition"),
        pytest.param("He agree it.", "He agreed to it.", (), (), id="verb-form"),
        pytest.param("The boats sank.", "The boat was sank.", (), (), id="number-and-auxiliary"),
        pytest.param("Port and its boats.", "Port and their boats.", (), (), id="pronoun-of-one-family"),
        pytest.param("He left.", "She left.", ("she",), ("he",), id="pronoun-of-another"),
        pytest.param("The boat boat sank.", "The boat sank.", (), (), id="doubling-undone"),
        pytest.param("The boats of the boat sank.", "The boat sank.", (), ("boats",), id="two-forms-one-left"),
        pytest.param("They left.", "Because they left.", ("because",), (), id="because-is-no-grammar"),
        pytest.param("He came before noon.", "He came noon.", (), ("before",), id="before-is-no-grammar"),
        pytest.param("Rain or snow.", "Rain and snow.", (), ("or",), id="or-is-no-grammar"),
        pytest.param("It did not sink.", "It did sink.", (), ("not",), id="not-is-no-grammar"),
        pytest.param("It may sink.", "It will sink.", ("will",), ("may",), id="modal"),
        pytest.param("The old boat sank.", "The boat sank.", (), ("old",), id="content-lost"),
        pytest.param("The boat sank.", "The small old boat sank.", ("old", "small"), (), id="content-added"),
        pytest.param("The boat isn’t old.", "The boat isn't old.", (), (), id="curly-apostrophe"),
        pytest.param("A BOAT sank.", "a boat Sank.", (), (), id="case"),
    ],
)
def test_the_difference_of_two_wordings(before, after, came, went):
    found = wording.difference(before, after)
    assert (found.came, found.went) == (came, went)
    assert found.is_grammar == (not came and not went)


def test_modal_verbs_are_counted():
    assert wording.modality("He may go. He MAY, and will; the goodwill stays.") == {"may": 2, "will": 1}
    assert wording.modality("He goes.") == {}


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("The boat sank.", "The boat sank.", 0),
        ("It sank. and burned.", "It sank. And burned.", 1),
        ("It sank. The crew left.", "It sank, the crew left.", 1),
        ("the boat sank at sea.", "The Boat sank at Sea.", 3),
        ("The boat sank.", "An old Boat sank.", 1),
        ("The boat sank.", "The ship sank.", 0),
    ],
)
def test_words_that_changed_their_case_are_counted(before, after, count):
    assert wording.recased(before, after) == count


@pytest.mark.parametrize(
    ("before", "after", "brings"),
    [
        ("The boat boat sank.", "The boat sank.", False),
        ("The boat sank.", "The boat boat sank.", True),
        ("The boat sank.", "Sank the BOAT.", False),
        ("The boat sank.", "The boats sank.", True),
        ("It sank.", "It sank!", False),
    ],
)
def test_whether_a_word_stands_oftener_than_before(before, after, brings):
    assert wording.brings_words(before, after) is brings


def test_content_is_what_is_no_grammar():
    assert wording.content("The Boat of the port was not old.") == ("boat", "not", "old", "port")


# ------------------------------------------------------------------------------------------------------ proof


def finding(text, flagged, code="SYN102", fix=None, nth=0):
    start = [match.start() for match in re.finditer(re.escape(flagged), text)][nth]
    rest = (fix, Level.SUGGEST, Severity.MINOR, "fluency/grammar", 0.5, "told")
    return Finding(code, "test", start, start + len(flagged), *rest)


def asked(text, *findings, segment=None):
    """The request for a document, or for one segment of it."""
    segment = text if segment is None else segment
    start = text.index(segment)
    return Request(Document(text), Span(start, start + len(segment)), mask(segment), findings)


def answered(request, new):
    """A candidate that says ``new``, written with names and figures as they are."""
    masker = Masker()
    assert masker.mask(request.masked.raw) == request.masked
    answer = masker.mask(new).text
    chosen = tuple(changes(request.masked.text, answer))
    try:
        edit = repair(request.masked, chosen)
    except MaskingError:
        edit = Repair(0, 1, "")  # nothing to write for a name that came from nowhere
    return Candidate(chosen, answer, edit)


def objected(text, new, flagged, code="SYN102"):
    request = asked(text, finding(text, flagged, code))
    return proof.objection(request, answered(request, new))


QUOTED = 'The pilot told us, "The boats are late," she said.'


@pytest.mark.parametrize(
    ("text", "new", "flagged", "code", "reason"),
    [
        pytest.param(
            "The ferry took 40 cars of 12 lorries.",
            "The ferry took 40 cars and lorries.",
            "of",
            "SYN102",
            "lose or add a name or figure",
            id="figure-lost",
        ),
        pytest.param(
            "Then Haddad of called Mbeki.",
            "Then Haddad called.",
            "of",
            "SYN102",
            "lose or add a name or figure",
            id="name-lost",
        ),
        pytest.param(
            "Then the ferry of left Oslo.",
            "Then the ferry to Lagos left Oslo.",
            "of",
            "SYN102",
            "lose or add a name or figure",
            id="name-added",
        ),
        pytest.param(
            "Then the ferry of left Oslo.",
            "Then the ferry of Oslo left Oslo.",
            "of",
            "REP103",
            "lose or add a name or figure",
            id="name-told-once-more",
        ),
        pytest.param(
            "It took 40 and 40 cars.",
            "It took 40 cars.",
            "and",
            "SYN102",
            "once where it stands twice",
            id="figure-once-where-nothing-is-said-to-be-doubled",
        ),
        pytest.param(
            "They may to leave soon.", "They will leave soon.", "to", "SYN102", "modal verb", id="modal-changed"
        ),
        pytest.param("They may to leave soon.", "They leave soon.", "to", "SYN102", "modal verb", id="modal-lost"),
        pytest.param(
            "They did not to leave.", "They did leave.", "not to", "SYN102", "negation", id="negation-lost-in-the-flag"
        ),
        pytest.param("They has to leave.", "They have not to leave.", "has", "SYN102", "negation", id="negation-added"),
        pytest.param("They has no boats.", "They have boats.", "has no", "SYN102", "negation", id="no-lost"),
        pytest.param("They didn’t to leave.", "They did leave.", "to", "SYN102", "negation", id="contraction-lost"),
        pytest.param(
            "They never to leave.", "They nor leave.", "never to", "SYN102", "negation", id="negation-exchanged"
        ),
        pytest.param(
            "It is not not late.", "It is late.", "not not", "REP101", "negation", id="two-negations-lost-as-a-doubling"
        ),
        pytest.param(
            'She said, "We is late."',
            'She said, "We are late.',
            "is",
            "SYN102",
            "quotation mark",
            id="quotation-mark-lost",
        ),
        pytest.param(
            "The boat sank. of the port was old.",
            "The boat sank. The port was.",
            "of",
            "CUT101",
            "leave out 'old'",
            id="content-lost-outside-the-flag",
        ),
        pytest.param(
            "He saw of the crab there.",
            "He saw the crabis there.",
            "of the crab",
            "SYN102",
            "'crabis', which is no word",
            id="word-invented",
        ),
        pytest.param(
            "The boat of sank at sea.",
            "The small old boat sank at sea.",
            "of",
            "SYN102",
            "put in 'old' and 'small'",
            id="two-new-words",
        ),
        pytest.param(
            "The boat the boat sank.",
            "The boat of the boat sank.",
            "The boat the boat",
            "REP102",
            "where one stands twice",
            id="doubling-undone-by-putting-in",
        ),
        pytest.param(
            QUOTED,
            'The pilot told us, "The boats are late," she.',
            '," she said',
            "SYN101",
            "half an attribution",
            id="half-an-attribution",
        ),
        pytest.param(
            '"The boats are late." he said.',
            '"The boats are late." said.',
            " he said.",
            "REP107",
            "half an attribution",
            id="attribution-without-its-subject",
        ),
    ],
)
def test_what_stands_against_a_candidate(text, new, flagged, code, reason):
    told = objected(text, new, flagged, code)
    assert told is not None
    assert reason in told


@pytest.mark.parametrize(
    ("text", "new", "flagged", "code"),
    [
        pytest.param("Boat sank near Oslo.", "The boat sank near Oslo.", "Boat", "SYN102", id="article"),
        pytest.param("They waited of rain.", "They waited for rain.", "of", "SYN102", id="preposition"),
        pytest.param("The crew agree to went.", "The crew agreed to go.", "agree to went", "SYN102", id="verb-forms"),
        pytest.param("The boat boat sank.", "The boat sank.", "boat boat", "REP101", id="doubling-undone"),
        pytest.param("It took 40 and 40 cars.", "It took 40 cars.", "40 and 40", "REP102", id="figure-told-twice"),
        pytest.param("It will will sink.", "It will sink.", "will will", "REP101", id="modal-told-twice"),
        pytest.param("It sank. and burned.", "It sank, and burned.", "and", "CUT101", id="comma-for-the-stop"),
        pytest.param("It sank. the crew left.", "It sank. The crew left.", "the", "CUT101", id="capital"),
        pytest.param("The boat of sank.", "The old boat sank.", "of", "SYN102", id="one-new-word"),
        pytest.param("The old boat sank.", "The boat sank.", "old", "STR101", id="content-lost-in-the-flag"),
        pytest.param(QUOTED, 'The pilot told us, "The boats are late."', '," she said', "SYN101", id="attribution"),
        pytest.param("He don’t has it.", "He don't have it.", "has", "SYN102", id="contraction-kept"),
    ],
)
def test_a_good_candidate_meets_no_objection(text, new, flagged, code):
    assert objected(text, new, flagged, code) is None


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        pytest.param("The car that he drove drove him crazy.", "drove", id="that-he"),
        pytest.param("The people we help help us.", "help", id="we"),
        pytest.param("The friend she loved loved another.", "loved", id="she"),
        pytest.param("The book he read read like a novel.", "read", id="he"),
        pytest.param("Those who work work hard.", "work", id="relative-word-alone"),
        pytest.param("Everyone Haddad knew knew him.", "knew", id="name"),
        pytest.param("The songs the children sang sang of home.", "sang", id="article-and-noun"),
        pytest.param("The horses people rode rode well.", "rode", id="plural-noun"),
        pytest.param("The things money buys buys nothing.", "buys", id="noun-behind-a-plural"),
        pytest.param("The friend she had loved loved another.", "loved", id="auxiliary-between"),
        pytest.param("The people we want to help help us.", "help", id="infinitive-between"),
        pytest.param("The men hired hired others.", "hired", id="participle"),
    ],
)
def test_a_verb_that_may_begin_beside_the_verb_of_another_clause_stays(text, doubled):
    told = objected(text, text.replace(f"{doubled} {doubled}", doubled), f"{doubled} {doubled}", "REP102")
    assert told == f"it would leave out '{doubled}', which may be the verb of its own clause"


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        pytest.param("The people we help want the the sea.", "the", id="function-word"),
        pytest.param("The people we help left the market market.", "market", id="behind-an-article"),
        pytest.param("The people we help live by trade trade.", "trade", id="behind-a-preposition"),
        pytest.param("The people we help like foreign trade trade.", "trade", id="behind-an-adjective"),
        pytest.param("The people we help see the world world map.", "world", id="no-verb"),
        pytest.param("He drove drove to the market.", "drove", id="pronoun-that-opens-the-sentence"),
        pytest.param("The firm opened the stock market market to all.", "market", id="one-clause"),
        pytest.param("We met at that time in the spring market market.", "market", id="demonstrative"),
        pytest.param("It was all he had. They sold sold it.", "sold", id="clause-of-the-sentence-before"),
    ],
)
def test_a_word_that_cannot_be_the_verb_of_a_second_clause_may_go(text, doubled):
    assert objected(text, text.replace(f"{doubled} {doubled}", doubled), f"{doubled} {doubled}", "REP102") is None


@pytest.mark.parametrize(
    ("word", "may_be"),
    [
        pytest.param("sang", True, id="irregular-past"),
        pytest.param("sings", True, id="irregular-present"),
        pytest.param("carries", True, id="regular-in-y"),
        pytest.param("zorped", True, id="unknown-past"),
        pytest.param("zorp", True, id="unknown"),
        pytest.param("zorpness", False, id="unknown-noun"),
        pytest.param("people", False, id="noun"),
        pytest.param("working", False, id="participle"),
        pytest.param("would", False, id="function-word"),
    ],
)
def test_which_words_may_be_finite_verbs(word, may_be):
    assert contact.may_be_verb(word) is may_be


def test_a_doubled_verb_that_the_candidate_keeps_meets_no_objection():
    assert contact.lost_verb("The people we help help us.", "The people we help, help us.") is None


@pytest.mark.parametrize(
    ("text", "answer", "reason"),
    [
        pytest.param("the old boat of sank at sea.", "The Old Boat sank at Sea.", "capitals", id="four-words-recased"),
        pytest.param("The boat of sank at sea.", "The boat Lagos sank at sea.", "'lagos', which is no word", id="name"),
        pytest.param("The boat of sank in 1998.", "The boat sank in 1997.", "name or figure", id="figure-exchanged"),
    ],
)
def test_what_a_model_writes_out_itself_is_held_against_it(text, answer, reason):
    request = asked(text, finding(text, "of"))
    told = proof.objection(request, Candidate((), answer, Repair(0, 1, "")))
    assert told is not None
    assert reason in told


def test_a_word_lost_in_the_flag_of_another_finding_was_pointed_at():
    text = "The old boat of sank."
    request = asked(text, finding(text, "of"), finding(text, "old", "STR101"))
    assert proof.objection(request, answered(request, "The boat sank.")) is None


@pytest.mark.parametrize(
    ("new", "level"),
    [
        pytest.param("The boat of Oslo sank at noon.", Level.SAFE, id="grammar"),
        pytest.param("The old boat at Oslo sank at noon.", Level.SUGGEST, id="new-word"),
        pytest.param("The boat at Oslo sank.", Level.SUGGEST, id="lost-word"),
    ],
)
def test_how_far_a_candidate_may_go(new, level):
    text = "Boat at Oslo sank at noon."
    request = asked(text, finding(text, "Boat"))
    assert proof.highest_level(request, answered(request, new)) is level


@pytest.mark.parametrize(
    ("text", "new"),
    [
        pytest.param("Ghana of attacked Togo.", "Togo attacked Ghana.", id="names"),
        pytest.param("It rose of from 40 to 60 crowns.", "It rose from 60 to 40 crowns.", id="figures"),
    ],
)
def test_a_candidate_that_exchanges_names_or_figures_is_never_applied_by_itself(text, new):
    request = asked(text, finding(text, "of"))
    candidate = answered(request, new)
    assert Counter(candidate.text) - Counter(request.masked.text) == Counter()
    assert proof.objection(request, candidate) or proof.highest_level(request, candidate) is Level.SUGGEST


@pytest.mark.parametrize(
    ("text", "flagged", "code", "window"),
    [
        pytest.param("The boat of sank at sea.", "of", "SYN102", "The boat of sank at sea.", id="no-mark"),
        pytest.param(
            "Rain fell, the boat of sank, and cranes fell.", "of", "SYN102", " the boat of sank,", id="clause"
        ),
        pytest.param("It rained. and the boat sank, too.", "and", "CUT101", "It rained. and the boat sank,", id="edge"),
        pytest.param("It rained. The boat sank.", "rained.", "STR101", "It rained. The boat sank.", id="mark-in-it"),
        pytest.param("Rain fell, the boat boat sank.", "boat boat", "REP101", " boat boat ", id="repeated"),
        pytest.param("The the boat sank.", "The the", "REP101", "The the ", id="repeated-at-the-start"),
        pytest.param(
            "Near Port Said, the boat of sank, and so on.", "of", "SYN102", " the boat of sank,", id="behind-a-name"
        ),
    ],
)
def test_the_clauses_that_a_finding_touches(text, flagged, code, window):
    flag = finding(text, flagged, code)
    request = asked(text, flag)
    start, end = request.window(flag)
    assert request.masked.text[start:end] == window


def test_a_window_counts_from_the_segment():
    text = "In Lagos, nothing happened.\nRain fell, the boat of sank, and so on."
    flag = finding(text, "of")
    request = asked(text, flag, segment="Rain fell, the boat of sank, and so on.")
    start, end = request.window(flag)
    assert request.masked.text[start:end] == " the boat of sank,"


def proposed(request, *answers):
    masker = Masker()
    masker.mask(request.masked.raw)
    found = list(proof.candidates(request, [masker.mask(answer).text for answer in answers]))
    raw = request.masked.raw
    for candidate in found:
        assert candidate.text == merged(request.masked.text, candidate.changes)
    return [raw[: c.repair.start] + c.repair.new + raw[c.repair.end :] for c in found]


def test_of_an_answer_only_what_lies_in_the_flagged_clause_is_taken():
    text = "Rain fell on Oslo, the boat of sank, and cranes falls."
    request = asked(text, finding(text, "of"))
    assert proposed(request, "Snow fell on Oslo, the boat sank, and cranes fell.") == [
        "Rain fell on Oslo, the boat sank, and cranes falls."
    ]


def test_changes_are_taken_together_and_one_by_one():
    text = "Boat of sank on sea."
    request = asked(text, finding(text, "of"))
    assert proposed(request, "The boat sank at sea.") == [
        "The boat sank at sea.",
        "The boat sank on sea.",
        "Boat of sank at sea.",
    ]


def test_no_candidate_comes_twice_or_is_the_segment_itself():
    text = "The boat of sank."
    request = asked(text, finding(text, " of", fix=""))
    assert proposed(request, text, "The boat sank.", "The boat sank.") == ["The boat sank."]


def test_an_answer_with_a_name_from_nowhere_is_no_candidate():
    text = "The boat of sank near Oslo."
    request = asked(text, finding(text, "of"))
    assert proposed(request, "The boat of Lagos sank near Oslo.") == []
    assert proposed(request, "The boat of Lagos sank near Oslo.", "The boat sank near Oslo.") == [
        "The boat sank near Oslo."
    ]


def test_what_a_rule_would_suggest_is_a_candidate():
    text = "Near Oslo’s quay the the boat sank."
    request = asked(text, finding(text, " the the", "REP101", fix=" the"))
    assert proposed(request) == ["Near Oslo’s quay the boat sank."]


def test_a_fix_that_would_cut_a_name_in_two_is_no_candidate():
    text = "Then Port Said closed."
    request = asked(text, finding(text, "Said", "SYN102", fix="said"))
    assert proposed(request) == []


def test_a_fix_may_hold_the_names_of_the_segment():
    text = "Then the of Oslo boat sank."
    request = asked(text, finding(text, "the of Oslo", fix="Oslo's"))
    (candidate,) = proof.candidates(request, [])
    assert candidate.text == f"Then {masking.NAMES}'s boat sank."
    assert proof.objection(request, candidate) is None


def test_a_joint_is_mended_in_each_way():
    text = "It sank. and the crew left."
    request = asked(text, finding(text, "and", "CUT101"))
    assert sorted(proposed(request)) == [
        "It sank and the crew left.",
        "It sank, and the crew left.",
        "It sank. And the crew left.",
    ]


@pytest.mark.parametrize(
    ("text", "flagged", "code"),
    [
        pytest.param("It sank. and the crew left.", "and", "SYN102", id="nobody-speaks-of-a-cut"),
        pytest.param("It sank. And the crew left.", "And", "CUT101", id="no-small-letter"),
        pytest.param("It sank. the crew, the cook, of the mate left.", "of", "CUT101", id="elsewhere"),
    ],
)
def test_a_joint_is_left_where_none_is_flagged(text, flagged, code):
    request = asked(text, finding(text, flagged, code))
    assert proposed(request) == []


def test_a_candidate_becomes_a_finding_of_the_document():
    text = "Nothing happened.\nThe boat of sank."
    flag = finding(text, " of")
    request = asked(text, flag, segment="The boat of sank.")
    found = answered(request, "The boat sank.").as_finding(request, flag)
    assert text[: found.start] + found.fix + text[found.end :] == "Nothing happened.\nThe boat sank."
    assert (found.code, found.level) == (flag.code, flag.level)


def finder(**patterns):
    """Finds each pattern under its code, and keeps the texts that it was shown."""

    def find(document):
        seen.append(document.text)
        for code, pattern in patterns.items():
            for match in re.finditer(pattern, document.text):
                yield finding(document.text, match.group(), code)

    seen = find.seen = []
    return find


WHOLE = "Nothing happened in Oslo.\nThe boat of sank. The crew left.\nThe boat of the mayor did not."
FLAGGED = "The boat of sank. The crew left."


def judged(new, find, code="SYN102"):
    request = asked(WHOLE, finding(WHOLE, "of", code), segment=FLAGGED)
    return proof.still_wrong(request, answered(request, new), find)


def test_a_finding_that_is_gone_satisfies_the_rules():
    find = finder(SYN102="of sank")
    assert judged("The boat sank. The crew left.", find) is None
    assert find.seen == [FLAGGED, "The boat sank. The crew left."]  # the paragraph alone tells


def test_a_finding_that_is_still_there_is_told():
    told = judged("The old boat of sank. The crew left.", finder(SYN102="of sank"))
    assert told == "SYN102 would still be found"


def test_a_new_finding_is_told():
    told = judged("The boat boat sank. The crew left.", finder(SYN102="of sank", REP101="boat boat"))
    assert told == "the text would have REP101"


def test_one_more_of_the_same_kind_is_new():
    told = judged("The of boat of sank of. The crew left.", finder(SYN102=r"\bof\b"))
    assert told == "the text would have SYN102"


def test_one_of_two_gone_is_enough():
    find = finder(SYN102=r"of sank|crew")
    assert judged("The boat sank. The crew left.", find) is None


def test_the_whole_document_is_read_where_the_paragraph_alone_shows_nothing():
    find = finder(SYN102=r"of sank(?=[^\0]*mayor)")
    assert judged("The boat sank. The crew left.", find) is None
    assert find.seen[-1] == WHOLE.replace("of sank", "sank")
    assert judged("The old boat of sank. The crew left.", find) == "SYN102 would still be found"


def test_what_the_rest_of_the_document_holds_is_nothing_new():
    assert judged("The boat sank. The crew left.", finder(SYN102=r"of sank(?=[^\0]*mayor)", TRM101="Oslo")) is None


@pytest.mark.parametrize(
    ("code", "new", "words_left_out"),
    [
        pytest.param("REP102", "The boat sank.", ["of", "the", "boat"], id="doubling"),
        pytest.param("REP102", "The boat of the boat has sank.", [], id="nothing-goes"),
        pytest.param("SYN102", "The boat sank.", [], id="nothing-said-to-be-doubled"),
    ],
)
def test_the_words_that_an_edit_leaves_out_are_told(code, new, words_left_out):
    text = "The boat of the boat sank."
    request = asked(text, finding(text, "of the boat", code))
    told = proof.dropped(request, answered(request, new))
    assert Counter(told.split()) == Counter(words_left_out)


def test_the_best_candidate_comes_first():
    text = "The boat of sank."
    request = asked(text, finding(text, "of"))
    one, two, three = (answered(request, new) for new in ("The boat sank.", "A boat sank.", "The boats sank."))
    assert [len(c.changes) for c in (one, two, three)] == [1, 2, 1]
    ranked = proof.best_first([(two, 2.0), (three, 2.0004), (one, 2.0001)])
    assert [candidate for candidate, _ in ranked] == [one, three, two]
    assert proof.best_first([(one, 1.0), (two, 2.0)])[0][0] is two

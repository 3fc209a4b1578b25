"""The rewrite step without a model: what is asked, what counts, what is refused; and a tiny model trained for real."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict, replace
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest
from commandline import mtclean, put

from cleaners import choices, comparing, files, ignore, jobs
from cleaners import cleaned as cleaned_files
from cleaners.choices import Choice
from cleaners.config import Settings
from cleaners.core import Document, Level, Severity, Stage, Verdict, replay
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.formats import Fields
from cleaners.rewrite import (
    backends,
    calibration,
    ctranslate2_backend,
    learning,
    loading,
    masking,
    transformers_backend,
)
from cleaners.rewrite.backends import Options, Spelling, UnavailableError
from cleaners.rewrite.noise.pairs import Noiser, Pair
from cleaners.rewrite.rewriter import Rewriter, Thresholds, confidence

FLAGGED = "The harvest would was counted in the autumn."
MENDED = "The harvest would be counted in the autumn."
BASE = -20.0  # nats; what the fake holds every segment to be worth as it stands
SURE, UNSURE, UNLIKELY = 8.0, 1.5, 0.4
OPTIONS = Options(model="no-model", safe_gain=4.0, suggest_gain=1.0)
BE = {"would was": {"would be": SURE}}


class Fake:
    """A model that answers by ``swaps``: words in the segment, what it would put there, and the gain of that in nats.

    Gains of several swaps add up. Whatever else it is asked to score it holds for very unlikely.
    """

    def __init__(self, swaps):
        self.swaps = swaps
        self.proposed = []
        self.scored = []

    def answers(self, text):
        found = {text: 0.0}
        for old, news in self.swaps.items():
            for made, total in list(found.items()):
                found |= {made.replace(old, new): total + gain for new, gain in news.items() if old in made}
        return {made: gain for made, gain in found.items() if made != text}

    def propose(self, texts, beams):
        self.proposed += texts
        return [sorted(found, key=lambda made: -found[made])[:beams] for found in map(self.answers, texts)]

    def score(self, pairs):
        self.scored += pairs
        return [BASE if old == new else BASE + self.answers(old).get(new, -50.0) for old, new in pairs]


def rewriter_with(backend, **options):
    rewriter = Rewriter(replace(OPTIONS, **options))
    rewriter.__dict__["backend"] = backend
    return rewriter


def cleaner_with(swaps, **settings):
    return Cleaner(Settings(**settings), rewriter=rewriter_with(Fake(swaps)))


def proposed_by(cleaner):
    return cleaner.rewriter.backend.proposed


def rewrites(result):
    return [d for d in result.decisions if d.finding.code == "RWT101"]


def only(result):
    (decision,) = rewrites(result)
    return decision


def one_line(error):
    text = str(error.value)
    assert "\n" not in text and "Traceback" not in text
    return text


class TestVerdicts:
    def test_an_accepted_rewrite_is_one_finding_with_its_exact_place(self):
        raw = f"He saw the the sea. {FLAGGED} It was a good year."
        result = cleaner_with(BE).clean(Document(raw))
        decision = only(result)
        assert result.text == f"He saw the sea. {MENDED} It was a good year."
        assert (decision.verdict, decision.raw, decision.fix) == (Verdict.APPLIED, "was", "be")
        assert (decision.start, decision.end) == (raw.index("was counted"), raw.index("was counted") + 3)
        assert raw[decision.start : decision.end] == "was"
        assert (decision.finding.stage, decision.finding.level) == (Stage.REWRITE, Level.SAFE)
        assert replay(raw, result.decisions) == result.text
        assert "SYN108" not in [d.finding.code for d in result.decisions], "what was mended is no longer open"

    def test_it_carries_the_severity_of_what_called_for_it_and_the_belief_of_the_model(self):
        raw = "The clinics give the vaccine free of charge. for the convenience of the old, they open early."
        (called,) = (d.finding for d in Cleaner(Settings()).clean(Document(raw)).decisions)
        result = cleaner_with({"charge. for": {"charge. For": SURE}}).clean(Document(raw))
        made = only(result).finding
        assert (result.text, called.severity) == (raw.replace(". for", ". For"), Severity.MAJOR)
        assert (made.severity, made.mqm) == (called.severity, called.mqm)
        assert called.code in made.message
        assert made.confidence == pytest.approx(0.9997, abs=1e-4)

    @pytest.mark.parametrize(("gain", "belief"), [(0.0, 0.5), (1e6, 1.0), (-1e6, 0.0)], ids=["even", "sure", "never"])
    def test_confidence_is_a_probability_at_any_gain(self, gain, belief):
        assert confidence(gain) == pytest.approx(belief)

    def test_below_the_safe_threshold_it_is_a_suggestion(self):
        swaps = {"would was": {"would be": UNSURE}}
        result = cleaner_with(swaps).clean(Document(FLAGGED))
        assert (result.text, only(result).verdict, only(result).fix) == (FLAGGED, Verdict.SUGGESTED, "be")
        eager = cleaner_with(swaps, suggest=True).clean(Document(FLAGGED))
        assert (eager.text, only(eager).verdict, only(eager).finding.level) == (MENDED, Verdict.APPLIED, Level.SUGGEST)

    @pytest.mark.parametrize("suggest", [False, True], ids=["careful", "eager"])
    def test_below_the_suggest_threshold_it_is_refused_with_a_reason(self, suggest):
        result = cleaner_with({"would was": {"would be": UNLIKELY}}, suggest=suggest).clean(Document(FLAGGED))
        assert (result.text, only(result).verdict) == (FLAGGED, Verdict.REFUSED)
        assert only(result).reason == "the model is not sure enough of it (+0.4 nats, 1.0 are needed)"
        assert [d.verdict for d in result.decisions if d.finding.code == "SYN108"] == [Verdict.OPEN]

    @pytest.mark.parametrize(
        ("gain", "verdict"),
        [(4.0, "applied"), (3.99, "suggested"), (1.0, "suggested"), (0.99, "refused")],
        ids=["safe", "under-safe", "suggest", "under-suggest"],
    )
    def test_a_threshold_belongs_to_what_it_lets_through(self, gain, verdict):
        result = cleaner_with({"would was": {"would be": gain}}).clean(Document(FLAGGED))
        assert only(result).verdict.value == verdict

    def test_a_rewrite_that_brings_a_word_of_content_is_never_more_than_a_suggestion(self):
        result = cleaner_with({"would was": {"would be safely": 30.0}}).clean(Document(FLAGGED))
        assert (result.text, only(result).verdict) == (FLAGGED, Verdict.SUGGESTED)

    def test_a_model_that_answers_with_the_segment_itself_proposes_nothing(self):
        result = cleaner_with({"would was": {"would was": SURE}}).clean(Document(FLAGGED))
        assert (result.text, rewrites(result)) == (FLAGGED, [])

    def test_a_model_without_an_answer_proposes_nothing(self):
        assert rewrites(cleaner_with({}).clean(Document(FLAGGED))) == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("raw", "old", "new", "reason"),
        [
            pytest.param(FLAGGED, "was counted", "was counting", r"^SYN108 would still be found$", id="still-found"),
            pytest.param(FLAGGED, "would was", "would be be", r"^the text would have REP101$", id="new-finding"),
            pytest.param(
                "Counting would was done in May.",
                "Counting would was",
                "Counts would be",
                r"^it would lose the name 'counting'$",
                id="guard",
            ),
            pytest.param(FLAGGED, "would was", "was", "change a modal verb", id="modal"),
            pytest.param(FLAGGED, "would was", "would not be", "change a negation", id="negation"),
            pytest.param(FLAGGED, "would was counted", "would be", "leave out 'counted'", id="lost-word"),
            pytest.param(FLAGGED, "would was", "would be wibbly", "'wibbly', which is no word", id="no-word"),
            pytest.param(FLAGGED, "would was", "would be soon with care", "put in 'care' and 'soon'", id="two-words"),
            pytest.param(FLAGGED, "would was", 'would "be', "change a quotation mark", id="quotation-mark"),
            pytest.param(
                "Oslo said the plan would was sent.", "would was", "would be \ue000", "lose or add a name", id="name"
            ),
        ],
    )
    def test_a_candidate_that_does_not_prove_itself_is_refused_and_says_why(self, raw, old, new, reason):
        result = cleaner_with({old: {new: SURE}}, suggest=True).clean(Document(raw))
        assert (result.text, only(result).verdict) == (raw, Verdict.REFUSED)
        assert re.search(reason, only(result).reason), only(result).reason

    def test_an_invented_name_is_no_candidate(self):
        result = cleaner_with({"would was": {"would be \ue005": SURE}}).clean(Document(FLAGGED))
        assert (result.text, [d for d in rewrites(result) if d.verdict is not Verdict.REFUSED]) == (FLAGGED, [])

    def test_the_guard_it_is_given_has_the_last_word(self):
        cleaner, document = cleaner_with(BE), Document(FLAGGED)
        (proposal,) = cleaner.rewriter.proposals(
            document, list(cleaner.find(document)), cleaner.find, lambda _, finding: f"no {finding.fix} here"
        )
        assert (proposal.refusal, proposal.finding.fix) == ("no be here", "be")

    def test_where_the_likeliest_is_refused_the_next_one_is_taken(self):
        result = cleaner_with({"would was": {"would be be": 12.0, "would be": SURE}}, suggest=True).clean(
            Document(FLAGGED)
        )
        assert (result.text, only(result).verdict) == (MENDED, Verdict.APPLIED)

    def test_what_lies_outside_the_flagged_clause_is_not_taken_over(self):
        raw = "The rooms was cold, the harvest would was counted, and nobody were glad."

        class Eager(Fake):
            def answers(self, text):
                whole = text.replace("rooms was", "rooms were").replace("nobody were", "nobody was")
                return {whole.replace("would was", "would be"): SURE, text.replace("would was", "would be"): SURE}

            def propose(self, texts, beams):
                self.proposed += texts
                return [list(self.answers(text))[:1] for text in texts]

        result = Cleaner(Settings(), rewriter=rewriter_with(Eager({}))).clean(Document(raw))
        assert [d.raw for d in rewrites(result) if d.verdict is Verdict.APPLIED] == ["was"]
        assert result.text == raw.replace("would was", "would be")


class TestMargin:
    @pytest.mark.parametrize(
        ("rival", "verdict"),
        [(7.5, "suggested"), (7.01, "suggested"), (7.0, "applied"), (3.0, "applied")],
        ids=["near", "just-inside", "at-the-margin", "far"],
    )
    def test_of_two_candidates_within_the_margin_neither_is_applied_by_itself(self, rival, verdict):
        result = cleaner_with({"would was": {"would be": SURE, "would have been": rival}}).clean(Document(FLAGGED))
        assert (only(result).verdict.value, only(result).fix) == (verdict, "be")
        assert result.text == (MENDED if verdict == "applied" else FLAGGED)

    def test_the_likelier_of_the_two_is_what_a_user_is_offered(self):
        swaps = {"would was": {"would be": SURE, "would have been": SURE + 0.5}}
        result = cleaner_with(swaps, suggest=True).clean(Document(FLAGGED))
        assert result.text == "The harvest would have been counted in the autumn."


TEXTS = {
    "one": FLAGGED,
    "two-paragraphs": f"{FLAGGED}\n\nThe bus would was late again.\r\n",
    "with-rules": f"He saw the the sea. {FLAGGED} They met in Tokyo , and left.",
    "curly": "He said the harvest would was counted at “the farm” and wasn’t late.",
    "cut": "The bridge is open. and the road would was closed.",
    "lines": f"A headline\n\n- {FLAGGED}\n- The bus has went home.\n",
}


class TestFixedPoint:
    @pytest.mark.parametrize("suggest", [False, True], ids=["careful", "eager"])
    @pytest.mark.parametrize("gain", [SURE, UNSURE, UNLIKELY], ids=["sure", "unsure", "unlikely"])
    @pytest.mark.parametrize("raw", TEXTS.values(), ids=TEXTS)
    def test_cleaning_twice_is_cleaning_once(self, raw, gain, suggest):
        swaps = {"would was": {"would be": gain}, "has went": {"has gone": gain}, ". and": {", and": gain}}
        cleaner = cleaner_with(swaps, suggest=suggest)
        once = cleaner.clean(Document(raw))
        assert rewrites(once), "nothing was proposed"
        assert cleaner.clean(Document(once.text)).text == once.text
        assert replay(raw, once.decisions) == once.text
        if gain == SURE or (suggest and gain == UNSURE):
            assert "would be" in once.text and "would was" not in once.text
        else:
            assert "would was" in once.text

    def test_a_mended_cut_may_lay_bare_what_a_rule_then_repairs(self):
        raw = "The bridge is open. The the road would was closed."
        result = cleaner_with(BE).clean(Document(raw))
        assert result.text == "The bridge is open. The road would be closed."


class TestRequests:
    @pytest.mark.parametrize(
        "raw",
        [
            "The ministers met in the spring and agreed on a plan.",
            "They met in Tokyo , and then left .",
            "He will chair the the meeting.",
            "After a long debate that lasted well into the night the members of the committee voted for the plan of",
            "",
        ],
        ids=["sound", "spacing", "mended-by-a-rule", "cut-off", "empty"],
    )
    def test_a_text_with_nothing_to_answer_never_touches_the_backend(self, raw, monkeypatch):
        monkeypatch.setattr(loading, "load", lambda options: pytest.fail("the model was loaded"))
        result = Cleaner(Settings(), rewriter=Rewriter(OPTIONS)).clean(Document(raw))
        assert result.text == Cleaner(Settings()).clean(Document(raw)).text
        assert rewrites(result) == []

    def test_the_same_segment_twice_in_a_document_is_proposed_once(self):
        cleaner = cleaner_with(BE)
        result = cleaner.clean(Document(f"{FLAGGED}\n\nThe rain kept on for a week.\n\n{FLAGGED}"))
        assert result.text.count(MENDED) == 2
        assert proposed_by(cleaner) == [FLAGGED]

    @pytest.mark.parametrize("gain", [SURE, UNSURE, UNLIKELY], ids=["applied", "suggested", "refused"])
    def test_the_same_segment_in_two_documents_is_asked_about_in_each(self, gain):
        """What a document becomes must not hang on which others were cleaned before it."""
        cleaner = cleaner_with({"would was": {"would be": gain}})
        first, second = (cleaner.clean(Document(FLAGGED, path=path)) for path in ("a.txt", "b.txt"))
        assert proposed_by(cleaner) == [FLAGGED, FLAGGED]
        scored = cleaner.rewriter.backend.scored
        assert len(scored) == 2 * len(set(scored))
        assert only(first).verdict is only(second).verdict
        assert first.text == second.text

    def test_segments_that_differ_in_names_alone_are_one_to_the_model(self):
        cleaner = cleaner_with(BE)
        result = cleaner.clean(Document("Mori said the bus would was late.\n\nBerg said the bus would was late."))
        assert result.text == "Mori said the bus would be late.\n\nBerg said the bus would be late."
        assert proposed_by(cleaner) == ["\ue000 said the bus would was late."]

    def test_the_model_sees_neither_names_nor_figures_nor_what_is_protected(self):
        rewriter = rewriter_with(Fake(BE))
        rewriter.protected = lambda text: [match.span() for match in re.finditer("harvest", text)]
        raw = "Mori said the harvest would was counted at 35 farms in May 2021."
        result = Cleaner(Settings(), rewriter=rewriter).clean(Document(raw))
        assert result.text == raw.replace("would was", "would be")
        (seen,) = rewriter.backend.proposed
        assert len(masking.IS_SENTINEL.findall(seen)) == 4
        assert not {"Mori", "harvest", "35", "May", "2021"} & set(re.findall(r"\w+", seen))

    def test_proposals_are_disjoint_and_in_the_order_of_the_text(self):
        swaps = BE | {"has went": {"has gone": UNSURE}, ". and": {", and": SURE}}
        raw = (
            "The old mill would was sold in May. The bridge is open. and the road would was closed. The boat has went "
            f"home.\n\n{FLAGGED} The press came early. Stressed the need for calm."
        )
        cleaner, document = cleaner_with(swaps), Document(raw)
        findings = list(cleaner.find(document))
        proposals = cleaner.rewriter.proposals(document, findings[::-1], cleaner.find, lambda *_: None)
        assert len(proposals) >= 3
        assert all(a.finding.end <= b.finding.start for a, b in pairwise(proposals))
        requests = cleaner.rewriter.requests(document, findings[::-1])
        assert all(a.span.end <= b.span.start for a, b in pairwise(requests))
        called = [f for f in findings if f.code.startswith(("CUT", "SYN"))]
        assert len(called) >= 6
        assert sorted(f.start for r in requests for f in r.findings) == sorted(f.start for f in called)
        assert all(r.span.start <= f.start and f.end <= r.span.end for r in requests for f in r.findings)

    def test_a_cut_sentence_is_seen_with_the_one_before_it(self):
        raw = "It rained. The firm makes white paint. Announced that it will open a second plant. It is small."
        cleaner, document = cleaner_with({}), Document(raw)
        (request,) = cleaner.rewriter.requests(document, list(cleaner.find(document)))
        shown = raw[request.span.start : request.span.end]
        assert shown == "The firm makes white paint. Announced that it will open a second plant."

    def test_a_sentence_that_was_cut_before_its_conjunction_is_seen_with_both_halves(self):
        raw = "It rained. The bridge is open. and the road was closed. It is small."
        cleaner, document = cleaner_with({". and": {", and": SURE}}), Document(raw)
        (request,) = cleaner.rewriter.requests(document, list(cleaner.find(document)))
        assert raw[request.span.start : request.span.end].endswith("The bridge is open. and the road was closed.")
        result = cleaner.clean(document)
        assert (result.text, only(result).verdict) == (raw.replace(". and", ", and"), Verdict.APPLIED)

    def test_the_one_before_a_cut_is_not_taken_from_another_paragraph(self):
        raw = "The firm makes white paint.\nAnnounced that it will open a second plant. It is small."
        cleaner, document = cleaner_with({}), Document(raw)
        finding = Cleaner(Settings()).known_rules[0].finding(raw.index("Announced"), raw.index(" that"), None)
        (request,) = cleaner.rewriter.requests(document, [replace(finding, code="CUT105")])
        assert raw[request.span.start : request.span.end] == "Announced that it will open a second plant."

    @pytest.mark.parametrize(
        "raw",
        [
            "The report would was posted at https://example.org/a/b in May.",
            "The report would was sent to `the.press` in May.",
            "The report would was sent to press@example.org in May.",
        ],
        ids=["url", "code", "address"],
    )
    def test_a_segment_with_something_shielded_in_it_is_left_alone(self, raw):
        cleaner = cleaner_with(BE)
        result = cleaner.clean(Document(raw))
        assert [d.finding.code for d in result.decisions] == ["SYN108"]
        assert (result.text, proposed_by(cleaner)) == (raw, [])

    def test_a_url_beside_the_segment_stays_as_it_was(self):
        raw = f"{FLAGGED} See https://example.org/would-was for more."
        assert cleaner_with(BE).clean(Document(raw)).text == raw.replace(FLAGGED, MENDED)

    @pytest.mark.parametrize(("words", "is_asked"), [(70, True), (71, False)], ids=["seventy", "one-more"])
    def test_a_segment_of_more_than_seventy_words_is_left_alone(self, words, is_asked):
        raw = "The harvest would was counted" + " and weighed" * ((words - 5) // 2) + " twice" * (words % 2 == 0) + "."
        assert len(raw.split()) == words
        cleaner = cleaner_with(BE)
        result = cleaner.clean(Document(raw))
        assert "SYN108" in [d.finding.code for d in Cleaner(Settings()).clean(Document(raw)).decisions]
        assert ("would be" in result.text, bool(proposed_by(cleaner))) == (is_asked, is_asked)

    def test_a_segment_that_cannot_be_masked_is_left_alone(self):
        cleaner = cleaner_with(BE)
        raw = "The harvest would was counted \ue123\ue001 in the autumn."
        assert cleaner.clean(Document(raw)).text == raw
        many = "The harvest would was counted by " + " and by ".join(f"Mori-{chr(65 + i)}o" for i in range(25)) + "."
        assert cleaner.clean(Document(many)).text == many
        assert proposed_by(cleaner) == []

    def test_a_full_memory_is_emptied_and_nothing_is_lost(self, monkeypatch):
        monkeypatch.setattr("cleaners.rewrite.rewriter._MEMORY", 2)
        things = ["bus", "boat", "train", "plane"]
        cleaner = cleaner_with(BE)
        for thing in [*things, *things]:
            result = cleaner.clean(Document(f"The {thing} would was late again."))
            assert result.text == f"The {thing} would be late again."
        many = "\n\n".join(f"The {thing} would was late again." for thing in things)
        assert cleaner.clean(Document(many)).text == many.replace("would was", "would be")


class TestSwitches:
    @pytest.mark.parametrize("wanted", ["RWT101", "RWT", "rewritten-clause"], ids=["code", "family", "name"])
    def test_an_ignored_rule_rewrites_nothing_and_asks_no_model(self, wanted):
        cleaner = cleaner_with(BE, ignore=(wanted,))
        result = cleaner.clean(Document(FLAGGED))
        assert (result.text, rewrites(result), proposed_by(cleaner)) == (FLAGGED, [], [])

    def test_where_other_rules_are_selected_nothing_is_rewritten(self):
        assert cleaner_with(BE, select=("SYN",)).clean(Document(FLAGGED)).text == FLAGGED
        assert cleaner_with(BE, select=("SYN", "RWT101")).clean(Document(FLAGGED)).text == MENDED

    @pytest.mark.parametrize("suggest", [False, True], ids=["careful", "eager"])
    def test_a_hit_that_was_set_aside_is_not_applied(self, suggest, tmp_path):
        document = Document(f"{FLAGGED}\n\nThe bus would was late again.")
        cleaner = cleaner_with(BE, suggest=suggest)
        hit = next(d for d in rewrites(cleaner.clean(document)) if d.start < len(FLAGGED))
        ignore.write(tmp_path / ignore.FILE_NAME, [(document, hit)])
        result = replace(cleaner, ignore=ignore.load(tmp_path / ignore.FILE_NAME)).clean(document)
        assert result.text == f"{FLAGGED}\n\nThe bus would be late again."
        assert only(result).start > len(FLAGGED)

    @pytest.mark.parametrize("option", [("--ignore", "RWT101"), ("--no-rewrite",)], ids=["ignore", "no-rewrite"])
    def test_the_command_line_switches_it_off(self, option, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        loaded = []

        def load(options):
            loaded.append(options)
            return Fake(BE)

        monkeypatch.setattr(loading, "load", load)
        put("a.txt", FLAGGED)
        settings = put("mtclean.toml", "[rewrite]\nsafe_gain = 4\nsuggest_gain = 1\n")
        assert mtclean("clean", "a.txt", "-o", "off", "--config", settings, *option).status == 0
        assert (Path("off/a.txt").read_text(), loaded) == (FLAGGED, [])
        assert mtclean("clean", "a.txt", "-o", "on", "--config", settings).status == 0
        assert (Path("on/a.txt").read_text(), len(loaded)) == (MENDED, 1)

    def test_checking_loads_no_model(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(loading, "load", lambda options: pytest.fail("the model was loaded"))
        put("a.txt", FLAGGED)
        assert mtclean("check", "a.txt").status == 1


class TestMissingModel:
    @pytest.fixture
    def tries(self, monkeypatch):
        tries = []

        def load(options):
            tries.append(options)
            raise UnavailableError("rewrite.model x", "is not there", "give another")

        monkeypatch.setattr(loading, "load", load)
        return tries

    def test_the_text_is_cleaned_by_rules_alone_and_loading_is_tried_once(self, tries):
        cleaner = Cleaner(Settings(), rewriter=Rewriter(OPTIONS))
        for raw in (FLAGGED, f"He saw the the sea. {FLAGGED}", "The bus would was late again."):
            assert cleaner.clean(Document(raw)).text == Cleaner(Settings()).clean(Document(raw)).text
        assert len(tries) == 1
        assert "\n" not in cleaner.rewriter.missing
        assert cleaner.rewriter.missing.startswith("rewrite.model x: is not there; give another; ")
        assert "--no-rewrite" in cleaner.rewriter.missing

    def test_where_it_is_required_it_is_an_error(self, tries):
        cleaner = Cleaner(Settings(), rewriter=Rewriter(replace(OPTIONS, required=True)))
        assert cleaner.clean(Document("He saw the the sea.")).text == "He saw the sea."
        with pytest.raises(UnavailableError) as error:
            cleaner.clean(Document(FLAGGED))
        assert one_line(error) == "rewrite.model x: is not there; give another"

    def test_a_run_over_files_says_so_once_a_file_and_cleans_them(self, tries, tmp_path):
        sources = [put(tmp_path / name, f"He saw the the sea. {FLAGGED}") for name in ("a.txt", "b.txt")]
        tasks = jobs.targets(files.discover(list(map(str, sources))), str(tmp_path / "out"))
        reports = list(jobs.clean_many(Settings(), tasks))
        assert [r.error for r in reports] == [None, None]
        assert all("is not there" in r.unrewritten and "\n" not in r.unrewritten for r in reports)
        assert (tmp_path / "out" / "a.txt").read_text() == f"He saw the sea. {FLAGGED}"
        assert len(tries) == 1

    def test_a_required_model_that_is_missing_fails_the_file_in_one_line(self, tries, tmp_path):
        source = put(tmp_path / "a.txt", FLAGGED)
        tasks = jobs.targets(files.discover([str(source)]), str(tmp_path / "out"))
        (report,) = jobs.clean_many(Settings(rewrite={"required": True}), tasks)
        assert report.error == "rewrite.model x: is not there; give another"
        assert not (tmp_path / "out" / "a.txt").exists()

    def test_the_trail_tells_a_text_that_wanted_the_model_from_one_that_did_not(self, tries, tmp_path):
        sources = [put(tmp_path / f"{i}.txt", text) for i, text in enumerate((FLAGGED, "All is well here.", FLAGGED))]
        tasks = jobs.targets(files.discover(list(map(str, sources))), str(tmp_path / "out"))
        list(jobs.clean_many(Settings(), tasks))
        trails = [(tmp_path / "out" / f"{i}.txt.trail.jsonl").read_text().splitlines()[0] for i in range(3)]
        wanted, other, again = (json.loads(line)["fingerprint"] for line in trails)
        assert wanted == again != other
        assert other == jobs.make_cleaner(Settings(), rewriting=True).fingerprint


class TestMakeCleaner:
    def test_a_rewriter_is_made_where_it_is_wanted_and_not_forbidden(self):
        assert jobs.make_cleaner(Settings()).rewriter is None
        assert jobs.make_cleaner(Settings(rewrite=False), rewriting=True).rewriter is None
        assert jobs.make_cleaner(Settings(), rewriting=True).rewriter.options == Options()
        table = {"model": "here", "device": "cuda"}
        made = jobs.make_cleaner(Settings(rewrite=table), rewriting=True).rewriter
        assert made.options == Options(model="here", device="cuda")

    def test_the_terms_of_the_glossary_are_kept_from_the_model(self, tmp_path):
        entry = "entries:\n  - term: barley harvest\n    kind: term\n    keep: true\n"
        path = put(tmp_path / "own.yaml", entry)
        made = jobs.make_cleaner(Settings(glossary=(str(path),)), rewriting=True)
        text = "The barley harvest was late."
        assert [text[a:b] for a, b in made.rewriter.protected(text)] == ["barley harvest"]

    def test_processes_share_the_cores(self):
        alone = jobs.make_cleaner(Settings(), rewriting=True).rewriter.options
        shared = jobs.make_cleaner(Settings(jobs=64), rewriting=True).rewriter.options
        told = jobs.make_cleaner(Settings(jobs=64, rewrite={"threads": 3}), rewriting=True).rewriter.options
        assert alone.cores >= 1
        assert (shared.cores, told.cores) == (max(1, alone.cores // 64), 3)

    def test_no_model_is_loaded_yet(self, monkeypatch):
        monkeypatch.setattr(loading, "load", lambda options: pytest.fail("the model was loaded"))
        cleaner = jobs.make_cleaner(Settings(rewrite={"required": True}), rewriting=True)
        assert cleaner.rewriter.missing is None


def model_folder(path, **contents):
    path.mkdir(parents=True)
    for name, text in contents.items():
        put(path / name.replace("_DOT_", "."), text)
    return str(path)


class TestFingerprint:
    def test_it_tells_a_cleaner_with_a_model_from_one_without(self):
        with_one, without = Cleaner(Settings(), rewriter=Rewriter(OPTIONS)), Cleaner(Settings())
        assert with_one.fingerprint != without.fingerprint
        assert re.fullmatch("[0-9a-f]{16}", with_one.fingerprint)

    @pytest.mark.parametrize(
        "change",
        [{"model": "other"}, {"prompt": "Mend: {text}"}, {"safe_gain": 5.0}, {"dtype": "bfloat16"}],
        ids=["model", "prompt", "threshold", "dtype"],
    )
    def test_it_changes_with_what_decides_a_rewrite(self, change):
        assert Rewriter(replace(OPTIONS, **change)).fingerprint != Rewriter(OPTIONS).fingerprint

    def test_it_does_not_change_with_the_threads(self):
        assert Rewriter(replace(OPTIONS, threads=3)).fingerprint == Rewriter(OPTIONS).fingerprint

    def test_that_of_a_run_does_not_change_with_the_threads(self):
        made = [jobs.make_cleaner(Settings(rewrite={"threads": n}), rewriting=True).fingerprint for n in (1, 2)]
        assert made[0] == made[1]

    @pytest.mark.parametrize(
        "name", ["model.safetensors", "config.json", "tokenizer.json", "thresholds.json", "model.bin"]
    )
    def test_another_content_of_the_model_folder_is_another_model(self, name, tmp_path):
        options = replace(OPTIONS, model=model_folder(tmp_path / "m"))
        put(tmp_path / "m" / name, b"one")
        first, again = Rewriter(options).fingerprint, Rewriter(options).fingerprint
        put(tmp_path / "m" / name, b"two")
        assert first == again
        assert Rewriter(options).fingerprint != first

    def test_it_is_in_the_trail(self, tmp_path, monkeypatch):
        monkeypatch.setattr(loading, "load", lambda options: Fake(BE))
        source = put(tmp_path / "a.txt", FLAGGED)
        tasks = jobs.targets(files.discover([str(source)]), str(tmp_path / "out"))
        settings = Settings(rewrite={"safe_gain": 4.0, "suggest_gain": 1.0})
        (report,) = jobs.clean_many(settings, tasks)
        header, row = map(json.loads, (tmp_path / "out" / "a.txt.trail.jsonl").read_text().splitlines())
        assert report.unrewritten is None
        assert header["fingerprint"] == jobs.make_cleaner(settings, rewriting=True).fingerprint
        assert header["fingerprint"] != jobs.make_cleaner(settings).fingerprint
        assert (row["code"], row["stage"], row["verdict"]) == ("RWT101", "rewrite", "applied")


class TestThresholds:
    def test_they_are_those_of_the_folder_unless_the_options_say_otherwise(self, tmp_path):
        folder = model_folder(tmp_path / "m", thresholds_DOT_json='{"safe": 6.5, "suggest": 2.5}')
        assert Rewriter(Options(model=folder)).thresholds == Thresholds(6.5, 2.5)
        assert Rewriter(Options(model=folder, safe_gain=0.0)).thresholds == Thresholds(0.0, 2.5)
        assert Rewriter(Options(model=folder, suggest_gain=0.0)).thresholds == Thresholds(6.5, 0.0)

    def test_a_folder_without_any_has_the_defaults(self, tmp_path):
        assert Rewriter(Options(model=str(tmp_path))).thresholds == Thresholds()

    @pytest.mark.parametrize("content", ["{", '{"sure": 3}', "[1, 2]"], ids=["broken", "other-key", "list"])
    def test_a_broken_file_of_them_is_told_in_one_line(self, content, tmp_path):
        folder = model_folder(tmp_path / "m", thresholds_DOT_json=content)
        with pytest.raises(MtcleanError, match=r"thresholds\.json") as error:
            _ = Rewriter(Options(model=folder)).thresholds
        one_line(error)


class TestSpelling:
    KNOWN = "".join(masking.SENTINELS)

    def test_a_model_that_does_not_know_the_sentinels_gets_words(self):
        spelling = Spelling()
        masked = "On \ue060, \ue001's \ue040 boats left \ue000 (\ue070)."
        assert spelling.given(masked) == "On DATE_0, NAME_1's NUM_0 boats left NAME_0 (ITEM_0)."
        assert spelling.read(spelling.given(masked)) == masked
        assert spelling.target(masked) == spelling.given(masked)

    @pytest.mark.parametrize("own", [False, True], ids=["words", "sentinels"])
    def test_every_sentinel_comes_back(self, own):
        spelling = Spelling(own=own)
        masked = f"From {', '.join(self.KNOWN)}."
        assert spelling.read(spelling.given(masked)) == masked
        assert (spelling.given(masked) == masked) is own

    @pytest.mark.parametrize(
        ("raw", "touching"),
        [("Mr.Mori left for Oslo.", True), ("The Oslo-Paris line is shut.", False), ("Oslo/Paris ties grew.", False)],
        ids=["title", "hyphen", "slash"],
    )
    def test_sentinels_that_stand_close_come_back(self, raw, touching):
        masked = masking.mask(raw).text
        assert (re.search("[\ue000-\ue07f]{2}", masked) is not None) is touching
        assert Spelling().read(Spelling().given(masked)) == masked

    def test_a_prompt_frames_what_the_model_reads_and_nothing_it_writes(self):
        spelling = Spelling("Mend this sentence: {text}\nMended:")
        masked = "\ue000 would was late."
        assert spelling.given(masked) == "Mend this sentence: NAME_0 would was late.\nMended:"
        assert spelling.target(masked) == "NAME_0 would was late."
        assert spelling.read(" NAME_0 would be late.\n") == "\ue000 would be late."

    @pytest.mark.parametrize("told", ["NAME_24", "NUM_12", "DATE_8", "ITEM_4", "NAME_x", "FILENAME_1", "NAMES"])
    def test_a_word_that_names_no_sentinel_stays(self, told):
        assert Spelling().read(f"Here {told} stands.") == f"Here {told} stands."

    def test_a_model_that_drops_the_underscore_is_understood(self):
        assert Spelling().read("NAME 1, NAME1 and NUM0") == "NAME 1, \ue001 and \ue040"


class TestOptions:
    def test_a_table_sets_what_it_names(self):
        assert Options.of(True) == Options.of({}) == Options()
        table = {"model": "m", "backend": "transformers", "threads": 2, "required": True, "safe_gain": 3}
        made = Options.of(table)
        assert {key: getattr(made, key) for key in table} == table
        assert (made.device, made.suggest_gain, made.cores) == ("cpu", None, 2)

    def test_the_shipped_model_is_known_by_its_folder(self, tmp_path):
        assert Options().is_shipped
        assert not Options(model=str(tmp_path)).is_shipped

    @pytest.mark.parametrize(
        ("options", "has_recipe", "is_missing", "chosen"),
        [
            ({"backend": "transformers"}, True, False, "transformers"),
            ({"backend": "ctranslate2", "device": "cuda"}, False, False, "ctranslate2"),
            ({}, True, False, "ctranslate2"),
            ({}, False, False, "transformers"),
            ({}, True, True, "transformers"),
            ({"device": "cuda"}, True, False, "transformers"),
        ],
        ids=["told-slow", "told-fast", "auto-own", "auto-foreign", "auto-not-installed", "auto-cuda"],
    )
    def test_auto_takes_the_faster_one_where_it_can(
        self, options, has_recipe, is_missing, chosen, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(transformers_backend, "load", lambda options: "transformers")
        monkeypatch.setattr(ctranslate2_backend, "load", lambda options: "ctranslate2")
        monkeypatch.setattr(backends, "is_missing", lambda package: is_missing)
        folder = model_folder(tmp_path / "m", **({"recipe_DOT_json": "{}"} if has_recipe else {}))
        assert loading.load(Options(model=folder, **options)) == chosen

    @pytest.mark.parametrize("backend", ["auto", "transformers", "ctranslate2"])
    def test_a_prompt_without_a_place_for_the_text_is_an_error(self, backend):
        with pytest.raises(MtcleanError, match=r"rewrite\.prompt: 'Mend this' has no place.*\{text\}") as error:
            loading.load(Options(model="no-model", backend=backend, prompt="Mend this"))
        assert not isinstance(error.value, UnavailableError)
        one_line(error)

    @pytest.mark.parametrize(
        ("load", "extra"),
        [(transformers_backend.load, "mtclean[rewrite]"), (ctranslate2_backend.load, "mtclean[fast]")],
        ids=["transformers", "ctranslate2"],
    )
    def test_a_package_that_is_not_installed_is_told_with_the_extra_to_install(self, load, extra, monkeypatch):
        monkeypatch.setattr(backends, "is_missing", lambda package: True)
        with pytest.raises(UnavailableError, match="is not installed") as error:
            load(OPTIONS)
        assert extra in one_line(error)


def tokenizer_json():
    """The smallest vocabulary that can be loaded."""
    tokenizers = pytest.importorskip("tokenizers")
    return tokenizers.Tokenizer(tokenizers.models.WordLevel({"<unk>": 0}, unk_token="<unk>")).to_str()


class TestUnloadable:
    BART = '{"model_type": "bart", "activation_function": "gelu", "max_position_embeddings": 130}'
    LOADERS = pytest.mark.parametrize("backend", ["transformers", "ctranslate2"], ids=["transformers", "ctranslate2"])

    @LOADERS
    @pytest.mark.parametrize(
        "names",
        [
            None,
            (),
            ("config",),
            ("tokenizer",),
            ("config", "tokenizer"),
            ("tokenizer", "broken-weights"),
            ("config", "tokenizer", "broken-weights"),
            ("config", "broken-tokenizer", "broken-weights"),
            ("broken-config", "tokenizer", "broken-weights"),
            ("broken-config", "tokenizer", "broken-model.bin"),
        ],
        ids=lambda names: "absent" if names is None else "+".join(names) or "empty",
    )
    def test_a_folder_that_holds_no_whole_model_is_told_in_one_line(self, backend, names, tmp_path, monkeypatch):
        pytest.importorskip("torch" if backend == "transformers" else backend)
        monkeypatch.setenv("MTCLEAN_CACHE", str(tmp_path / "cache"))
        folder = tmp_path / "m"
        contents = {
            "config": ("config.json", self.BART),
            "broken-config": ("config.json", "{"),
            "tokenizer": ("tokenizer.json", tokenizer_json()),
            "broken-tokenizer": ("tokenizer.json", "{}"),
            "broken-weights": ("model.safetensors", b"none"),
            "broken-model.bin": ("model.bin", b"none"),
        }
        if names is not None:
            folder.mkdir()
        for name in names or ():
            put(folder / contents[name][0], contents[name][1])
        with pytest.raises(UnavailableError) as error:
            loading.load(Options(model=str(folder), backend=backend))
        assert str(folder) in one_line(error)
        assert len(one_line(error)) < 160 + 200 + len(str(folder)) * 2

    def test_a_folder_without_safetensors_says_that(self, tmp_path):
        pytest.importorskip("torch")
        folder = model_folder(tmp_path / "m", config_DOT_json=self.BART, tokenizer_DOT_json=tokenizer_json())
        with pytest.raises(UnavailableError, match="holds no weights in safetensors") as error:
            transformers_backend.load(Options(model=folder))
        assert "pickled" not in one_line(error)
        put(Path(folder, "pytorch_model.bin"), b"none")
        with pytest.raises(UnavailableError, match=r"set rewrite\.pickled_weights = true if you trust"):
            transformers_backend.load(Options(model=folder))

    def test_a_folder_that_is_not_converted_and_cannot_be_says_what_it_lacks(self, tmp_path):
        pytest.importorskip("ctranslate2")
        with pytest.raises(UnavailableError, match=r"holds no tokenizer\.json"):
            ctranslate2_backend.load(Options(model=model_folder(tmp_path / "empty")))
        folder = model_folder(tmp_path / "m", config_DOT_json=self.BART, tokenizer_DOT_json=tokenizer_json())
        with pytest.raises(UnavailableError, match=r"neither model\.bin nor model\.safetensors"):
            ctranslate2_backend.load(Options(model=folder))

    def test_an_unknown_dtype_is_no_missing_model(self):
        pytest.importorskip("torch")
        with pytest.raises(MtcleanError, match=r"rewrite\.dtype: 'int3' is none of auto, float32, ") as error:
            transformers_backend.load(replace(OPTIONS, dtype="int3"))
        assert not isinstance(error.value, UnavailableError)

    @pytest.mark.parametrize("lacking", ["config.json", "model.safetensors", "tokenizer.json"])
    def test_a_model_to_tune_must_be_whole(self, lacking, tmp_path):
        for name in {"config.json", "model.safetensors", "tokenizer.json"} - {lacking}:
            put(tmp_path / name, "x")
        with pytest.raises(UnavailableError, match=re.escape(f"holds no {lacking}")):
            backends.check_folder(str(tmp_path))


THINGS = ("mill", "bridge", "school", "ferry", "market", "tunnel", "garden", "station")
DEEDS = ("closed", "opened", "painted", "cleaned", "rebuilt", "sold", "visited", "guarded")
SEASONS = ("spring", "summer", "autumn", "winter")
SEGMENTS = [f"The old {a} was {b} in the {c}." for a, b, c in product(THINGS, DEEDS, SEASONS)][:240]


PLACES = {segment: number for number, segment in enumerate(SEGMENTS)}


class Breaker:
    """A noiser that always does the same damage."""

    def __init__(self, old=" was ", new=" were "):
        self.old, self.new = old, new

    def pair(self, segment, random):
        return Pair(segment.replace(self.old, self.new), segment)


class Judge:
    """A model that answers each text by ``answer``: (what it would write, its gain), or nothing."""

    def __init__(self, answer):
        self.answer = answer

    def propose(self, texts, beams):
        return [[told[0]] if (told := self.answer(text)) else [] for text in texts]

    def score(self, pairs):
        return [BASE if old == new else BASE + self.answer(old)[1] for old, new in pairs]


class TestCalibration:
    def test_a_model_that_is_always_right_is_trusted_from_its_least_sure_answer_on(self):
        def answer(text):
            right = text.replace(" were ", " was ")
            return None if right == text else (right, 3.0 + PLACES[right] / 100)

        found = calibration.calibrate(Judge(answer), Breaker(), SEGMENTS)
        # Every other segment is damaged, from the second on.
        assert (found.safe, found.suggest) == (3.01, 3.01)
        precision, recall, changed = found.rates(found.safe)
        assert (precision, recall, changed) == (1.0, pytest.approx(1.0, abs=0.01), 0.0)
        assert sum(o.is_damaged for o in found.outcomes) == len(SEGMENTS) // 2

    @pytest.mark.parametrize("gain", [0.5, 30.0], ids=["unsure", "sure"])
    def test_a_model_that_is_always_wrong_is_never_trusted(self, gain):
        def answer(text):
            return re.sub(" (were|was) ", " is ", text), gain

        found = calibration.calibrate(Judge(answer), Breaker(), SEGMENTS)
        assert min(found.safe, found.suggest) > 1000
        precision, recall, changed = found.rates(gain)
        assert (precision, recall, changed) == (0.0, 0.0, 1.0)
        assert found.rates(found.safe) == (0.0, 0.0, 0.0)

    def test_a_model_that_is_right_by_chance_is_never_trusted(self):
        def answer(text):
            number = PLACES[text.replace(" were ", " was ")]
            right = number % 4 == 1
            return text.replace(" were ", " was " if right else " is ").replace(
                " was ", " was " if right else " is "
            ), 5.0

        found = calibration.calibrate(Judge(answer), Breaker(), SEGMENTS)
        assert min(found.safe, found.suggest) > 1000

    @pytest.mark.parametrize("step", [0.01, 0.0], ids=["distinct", "tied"])
    def test_a_model_that_is_right_where_it_is_sure_is_trusted_there(self, step):
        def answer(text):
            if " were " in text:
                right = text.replace(" were ", " was ")
                return right, round(6.0 + step * PLACES[right], 2)
            return text.replace(" was ", " were "), round(3.0 - step * PLACES[text], 2)

        found = calibration.calibrate(Judge(answer), Breaker(), SEGMENTS)
        assert 0.0 <= found.suggest <= found.safe <= 6.01
        assert found.rates(found.safe)[0] >= calibration.SAFE_PRECISION
        assert found.rates(found.suggest)[0] >= calibration.SUGGEST_PRECISION
        assert found.rates(found.safe)[1] == found.rates(found.suggest)[1] == 1.0

    def test_what_is_applied_leaves_sound_segments_alone(self):
        def answer(text):
            damaged = " were " in text
            return (text.replace(" were ", " was "), 9.0) if damaged else (text.replace(" was ", " is "), 6.0)

        found = calibration.calibrate(Judge(answer), Breaker(), SEGMENTS)
        assert 6.0 < found.safe <= 9.0
        assert found.rates(found.safe)[2] == 0.0
        assert found.rates(6.0)[2] > 0.5

    def test_a_handful_of_right_answers_proves_nothing(self):
        def answer(text):
            right = text.replace(" were ", " was ")
            return None if right == text or PLACES[right] > 60 else (right, 9.0)

        found = calibration.calibrate(Judge(answer), Breaker(), SEGMENTS)
        assert 10 < sum(o.is_right for o in found.outcomes) < 50
        assert min(found.safe, found.suggest) > 1000

    def test_segments_that_cannot_be_damaged_do_not_count(self):
        class Half(Breaker):
            def pair(self, segment, random):
                return None if "mill" in segment else super().pair(segment, random)

        found = calibration.calibrate(Judge(lambda text: None), Half(), SEGMENTS)
        assert len(found.outcomes) == sum("mill" not in segment for segment in SEGMENTS) < len(SEGMENTS)
        assert found.rates(0.0) == (0.0, 0.0, 0.0)

    def test_the_shipped_noise_gives_damage_that_follows_from_the_seed(self):
        noiser = Noiser.of(Cleaner().known_rules)
        seen = []

        def answer(text):
            seen.append(text)

        def run(seed):
            seen.clear()
            calibration.calibrate(Judge(answer), noiser, SEGMENTS[:60], seed)
            return list(seen)

        assert run(1) == run(1)
        assert run(1) != run(2)


FIRST = """The envoys met in Oslo at dawn.
They praised the the plan for the port.
"We will keep the harbour open," she said. rice field.
The fog was thick and the boats stayed in.
"""
SECOND = """The market opened late in the week.
The old bridge was closed in the the storm.
The shops stayed shut until the water fell.
"""


def cleaned(folder, texts, **settings):
    """Really clean the texts, by rules alone, into ``folder / 'clean'``."""
    for name, text in texts.items():
        put(folder / "raw" / name, text)
    sources = files.discover([str(folder / "raw")])
    tasks = jobs.targets(sources, str(folder / "clean"))
    reports = list(jobs.clean_many(Settings(rewrite=False, **settings), tasks))
    assert [report.error for report in reports] == [None] * len(texts)
    return folder / "clean"


def cleaned_file(path):
    return cleaned_files.load(files.discover([str(path)])[0])


def undo(path, code):
    assert comparing.undo(str(path), code=code, edit=None, only_list=False) == 0


PLAN = Pair("They praised the the plan for the port.", "They praised the plan for the port.")
TAIL = Pair('"We will keep the harbour open," she said. rice field.', '"We will keep the harbour open," she said.')
STORM = Pair("The old bridge was closed in the the storm.", "The old bridge was closed in the storm.")


class TestLessons:
    @pytest.fixture
    def folder(self, tmp_path):
        return cleaned(tmp_path, {"a.txt": FIRST, "b.txt": SECOND})

    def test_an_edit_that_stands_was_accepted(self, folder):
        taught = learning.lessons(folder)
        assert set(taught.accepted) == {PLAN, TAIL, STORM}
        assert taught.rejected == ()

    def test_an_edit_that_was_undone_was_rejected(self, folder):
        undo(folder / "b.txt", "REP101")
        taught = learning.lessons(folder)
        assert set(taught.accepted) == {PLAN, TAIL}
        assert taught.rejected == (Pair(STORM.source, STORM.source),)

    def test_of_two_edits_in_a_file_one_may_be_undone(self, folder):
        undo(folder / "a.txt", "STR101")
        taught = learning.lessons(folder)
        assert set(taught.accepted) == {PLAN, STORM}
        assert taught.rejected == (Pair(TAIL.source, TAIL.source),)

    @pytest.mark.parametrize(
        ("choice", "kind"), [(Choice.REJECTED, "rejected"), (Choice.ACCEPTED, "accepted")], ids=lambda value: str(value)
    )
    def test_what_is_decided_about_a_suggestion_teaches_too(self, tmp_path, choice, kind):
        texts = {"a.txt": "The plan was good. They met at at six.\n"}
        folder = cleaned(tmp_path, texts)
        (text,) = cleaned_file(folder / "a.txt").texts(Fields())
        (decision,) = text.decisions
        assert decision.verdict is Verdict.SUGGESTED
        choices.append(folder, [choices.chosen("a.txt", None, text.raw, decision, choice)])
        cleaned(tmp_path, texts, output=str(folder))
        taught = learning.lessons(folder)
        (pair,) = getattr(taught, kind)
        assert taught.accepted + taught.rejected == (pair,)
        assert (pair.source == pair.target) is (kind == "rejected")

    def test_as_many_sound_sentences_keep_it_from_forgetting(self, folder):
        taught = learning.lessons(folder)
        assert 0 < len(taught.untouched) <= 3
        clean = "".join(path.read_text() for path in folder.glob("*.txt"))
        for pair in taught.untouched:
            assert pair.source == pair.target
            assert all(part in clean for part in re.split(masking.IS_SENTINEL, pair.source))
        assert taught.pairs == taught.accepted + taught.rejected + taught.untouched
        assert learning.lessons(folder) == taught

    def test_names_are_masked_in_what_is_taught(self, tmp_path):
        folder = cleaned(tmp_path, {"a.txt": "Berg praised the the port of Oslo and Mori praised Berg.\n"})
        (pair,) = learning.lessons(folder).accepted
        assert pair.target == "\ue000 praised the port of \ue001 and \ue002 praised \ue000."
        assert pair.source == pair.target.replace("the", "the the")

    def test_edits_of_other_families_teach_nothing_and_are_made_first(self, tmp_path):
        folder = cleaned(
            tmp_path, {"a.txt": "They met in the hall , and left.\nThey praised the the port , and the town.\n"}
        )
        taught = learning.lessons(folder)
        told = Pair("They praised the the port, and the town.", "They praised the port, and the town.")
        assert taught.accepted == (told,)

    def test_a_sentence_that_was_cut_in_two_is_taught_with_both_halves(self, tmp_path):
        raw = "They praised the plan for the port. but asked for more time."
        folder = cleaned(tmp_path, {"a.txt": f"{raw}\n"})
        mended = raw.replace(". but", ", but")
        assert (folder / "a.txt").read_text() == f"{mended}\n"
        assert learning.lessons(folder).accepted == (Pair(raw, mended),)
        undo(folder / "a.txt", "CUT101")
        assert learning.lessons(folder).rejected == (Pair(raw, raw),)

    def test_the_same_lesson_in_two_files_is_one(self, tmp_path):
        folder = cleaned(tmp_path, {"a.txt": SECOND, "sub/b.txt": SECOND})
        assert learning.lessons(folder).accepted == (STORM,)

    def test_a_text_with_the_line_ends_of_windows_is_read_as_it_lies_there(self, tmp_path):
        folder = cleaned(tmp_path, {"a.txt": SECOND.replace("\n", "\r\n")})
        assert learning.lessons(folder).accepted == (STORM,)

    def test_a_packed_text_is_read_or_left_out(self, tmp_path):
        folder = cleaned(tmp_path, {"a.txt": FIRST, "b.txt.gz": gzip.compress(SECOND.encode())})
        assert {PLAN, TAIL} <= set(learning.lessons(folder).accepted) <= {PLAN, TAIL, STORM}

    def test_files_of_records_are_left_out(self, tmp_path):
        folder = cleaned(tmp_path, {"a.txt": SECOND, "b.jsonl": json.dumps({"text": FIRST}) + "\n"})
        assert learning.lessons(folder).accepted == (STORM,)

    def test_a_trail_without_its_text_is_left_out(self, folder):
        (folder / "a.txt").unlink()
        assert learning.lessons(folder).accepted == (STORM,)

    def test_a_text_that_was_changed_by_hand_is_an_error(self, folder):
        put(folder / "b.txt", SECOND + "More.\n")
        with pytest.raises(MtcleanError, match=r"b\.txt.*its hash differs"):
            learning.lessons(folder)

    @pytest.mark.parametrize("exists", [True, False], ids=["empty", "absent"])
    def test_a_folder_without_trails_is_an_error(self, exists, tmp_path):
        folder = tmp_path / "none"
        if exists:
            put(folder / "a.txt", FIRST)
        with pytest.raises(MtcleanError, match=r"holds no \.trail\.jsonl file; give a folder") as error:
            learning.lessons(folder)
        assert one_line(error).startswith(str(folder))


class TestTrainCommand:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize("arguments", [(), ("text", "--from-trails", "out")], ids=["neither", "both"])
    def test_it_wants_either_text_or_trails(self, arguments):
        refusal = mtclean("train", "-o", "model", *arguments).refusal
        assert refusal == "train: what to learn from is not clear; give a folder TEXT, or --from-trails DIR"
        assert not Path("model").exists()

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("text",), "--output"),
            (("text", "-o", "m", "--steps", "0"), "--steps"),
            (("text", "-o", "m", "--seed", "x"), "--seed"),
            (("text", "-o", "m"), "text: holds no .jsonl or .jsonl.gz file; give the folder of the training text"),
            (("--from-trails", "out", "-o", "m"), "out: holds no .trail.jsonl file"),
        ],
        ids=["no-output", "no-steps", "odd-seed", "no-text", "no-trails"],
    )
    def test_a_wrong_argument_is_one_line(self, arguments, told):
        pytest.importorskip("torch")
        assert told in mtclean("train", *arguments).refusal
        assert not Path("m").exists()

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ('{"stepps": 3}', "'stepps' is no part of a recipe; known: seed, steps,"),
            ("{", "is no recipe: "),
            (None, "is no recipe: "),
        ],
        ids=["unknown-key", "broken", "absent"],
    )
    def test_a_wrong_recipe_is_one_line(self, content, told):
        pytest.importorskip("torch")
        if content is not None:
            put("recipe.json", content)
        put("text/a.jsonl", json.dumps({"id": "1", "text": FIRST, "license": "CC0"}) + "\n")
        refusal = mtclean("train", "text", "-o", "m", "--recipe", "recipe.json").refusal
        assert refusal.startswith("recipe.json: ") and told in refusal

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            (json.dumps({"id": "1", "text": FIRST, "license": "CC BY 4.0"}), "is under 'CC BY 4.0'"),
            (json.dumps({"id": "1", "text": FIRST}), "is no JSON object with id, text and license"),
        ],
        ids=["licence", "keys"],
    )
    def test_text_that_is_not_free_is_refused_with_its_line(self, line, told):
        pytest.importorskip("torch")
        good = json.dumps({"id": "1", "text": FIRST, "license": "CC0"})
        put("text/a.jsonl", f"{good}\n{line}\n")
        refusal = mtclean("train", "text", "-o", "m").refusal
        assert refusal.startswith(str(Path("text", "a.jsonl:2: "))) and told in refusal

    @pytest.mark.parametrize("arguments", [("text",), ("--from-trails", "out")], ids=["text", "trails"])
    def test_a_package_that_is_not_installed_is_told_first(self, arguments, monkeypatch):
        monkeypatch.setattr(backends, "is_missing", lambda package: package == "safetensors")
        refusal = mtclean("train", "-o", "m", *arguments).refusal
        assert refusal == "train: the package safetensors is not installed; pip install 'mtclean[rewrite]'"

    def test_a_folder_that_is_there_is_not_written_over(self):
        pytest.importorskip("torch")
        cleaned(Path(), {"a.txt": SECOND})
        put("m/note.txt", "mine")
        assert mtclean("train", "--from-trails", "clean", "-o", "m").refusal.startswith("m: is there already;")

    def test_a_model_to_tune_that_is_not_there_is_one_line(self):
        pytest.importorskip("torch")
        cleaned(Path(), {"a.txt": SECOND})
        refusal = mtclean("train", "--from-trails", "clean", "-o", "m", "--model", "none").refusal
        assert refusal.startswith("rewrite.model none: holds no config.json;")
        assert not Path("m").exists()


def prose(count):
    """As many different plain sentences, the same ones every time."""
    whos = ("The mayor", "A nurse", "Ms Berg", "The council", "Mori", "The crew", "Two teachers", "The firm")
    dids = ("opened", "visited", "praised", "repaired", "painted", "closed", "inspected", "will be asked to clean")
    whats = ("the old mill", "a small school", "the bridge", "35 houses", "the ferry", "a new clinic", "the park")
    whens = ("in the spring", "on Monday", "in May 2021", "after the storm", "before the vote", "in Oslo")
    ends = (".", ", and the work was done well.", ", which has been shut since 2019.", " because the roof leaked.")
    every = ["{} {} {} {}{}".format(*parts) for parts in product(whos, dids, whats, whens, ends)]
    return Random(7).sample(every, count)


@pytest.mark.slow
class TestTraining:
    """One tiny model, trained for about a minute."""

    @pytest.fixture(scope="class")
    def parts(self):
        pytest.importorskip("torch")
        pytest.importorskip("transformers")
        from cleaners.rewrite.corpus import Corpus
        from cleaners.rewrite.training import Recipe

        sentences = prose(300)
        recipe = Recipe(
            seed=3,
            steps=150,
            batch=1_200,
            learning_rate=4e-3,
            warmup=15,
            vocabulary=600,
            width=64,
            encoder_layers=2,
            decoder_layers=1,
            heads=2,
            feed_forward=128,
            longest=64,
        )
        return recipe, Corpus(tuple(sentences[:260]), tuple(sentences[260:])), Noiser.of(Cleaner().known_rules)

    @staticmethod
    def train(parts, output, **changed):
        from cleaners.rewrite.training import LOG, Training

        recipe, corpus, noiser = parts
        told = []
        model = Training(replace(recipe, **changed), corpus, noiser, output, told.append, every=10).run()
        rows = [json.loads(line) for line in (output / LOG).read_text().splitlines()]
        assert len(told) <= len(rows)
        return model, rows

    @pytest.fixture(scope="class")
    def trained(self, parts, tmp_path_factory):
        return self.train(parts, tmp_path_factory.mktemp("training"))

    def test_the_loss_falls_and_the_log_tells_of_it(self, trained):
        _, rows = trained
        assert [row["step"] for row in rows] == list(range(10, 151, 10))
        assert rows[0]["loss"] > 4
        assert rows[-1]["loss"] < 0.6 * rows[0]["loss"]
        assert rows[-1]["held_out"] < 0.6 * rows[0]["held_out"]
        assert rows[-1]["rate"] < rows[5]["rate"] == pytest.approx(4e-3)
        assert all(one["pieces"] < two["pieces"] for one, two in pairwise(rows))

    def test_the_same_seed_in_another_folder_gives_the_same_losses_and_may_go_on(self, parts, trained, tmp_path):
        _, rows = trained
        _, again = self.train(parts, tmp_path, steps=20, cooldown=0.0)
        assert [row["step"] for row in again] == [10, 20]
        _, further = self.train(parts, tmp_path, steps=30, cooldown=0.0)
        assert [row["step"] for row in further] == [10, 20, 30]
        for one, two in zip(rows, further, strict=False):
            assert two["loss"] == pytest.approx(one["loss"], abs=0.01)
            assert two["held_out"] == pytest.approx(one["held_out"], abs=0.01)
        (tmp_path / "other").mkdir()
        _, other = self.train(parts, tmp_path / "other", steps=10, cooldown=0.0, seed=4)
        assert abs(other[0]["loss"] - rows[0]["loss"]) > 0.001

    def test_a_folder_with_the_run_of_another_recipe_is_left_alone(self, parts, tmp_path):
        from cleaners.rewrite.training import Training

        recipe, corpus, noiser = parts
        (tmp_path / "recipe.json").write_text(json.dumps(asdict(replace(recipe, width=32))))
        with pytest.raises(MtcleanError, match=r"the run in it has width 32, this one 64; give another folder"):
            Training(recipe, corpus, noiser, tmp_path).run()
        assert [path.name for path in tmp_path.iterdir()] == ["recipe.json"]

    def test_masked_text_comes_back_through_the_vocabulary(self, trained):
        from tokenizers import Tokenizer
        from transformers import AutoTokenizer

        model, _ = trained
        tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        wrapped = AutoTokenizer.from_pretrained(model)
        texts = [masking.mask(sentence).text for sentence in prose(60)]
        texts += ['"We\'re late," \ue000 said — café, 7°C.', "  two  blanks ", "\ue000\ue001 \ue002's \ue040%"]
        for text in texts:
            pieces = tokenizer.encode(text).ids
            assert tokenizer.decode(pieces, skip_special_tokens=True) == text
            assert wrapped(text)["input_ids"] == pieces
            assert wrapped.decode(pieces, skip_special_tokens=True, clean_up_tokenization_spaces=False) == text
        for sentinel in masking.SENTINELS:
            assert len(tokenizer.encode(sentinel).ids) == 2, "one piece and the end mark"
        again = [masking.mask(sentence) for sentence in prose(60)]
        assert [masking.unmask(masked.text, masked.kept) for masked in again] == prose(60)

    def test_both_backends_load_it_and_agree(self, parts, trained, tmp_path, monkeypatch):
        pytest.importorskip("ctranslate2")
        monkeypatch.setenv("MTCLEAN_CACHE", str(tmp_path))
        model, _ = trained
        slow, fast = (loading.load(Options(str(model), kind)) for kind in ("transformers", "ctranslate2"))
        assert isinstance(loading.load(Options(str(model))), type(fast)), "auto takes the faster one"
        assert slow.spelling.own and fast.spelling.own
        sentences = [masking.mask(sentence).text for sentence in parts[1].held_out[:6]]
        pairs = [(text, text) for text in sentences]
        pairs += [(text.replace(" the ", " the the "), text) for text in sentences]
        pairs += [(text, "\ue000 went home.") for text in sentences]
        scores = slow.score(pairs)
        assert fast.score(pairs) == pytest.approx(scores, abs=0.2, rel=0.01)
        assert all(score < 0 for score in scores)
        assert scores[0] > scores[-6], "what stands there is likelier than something else"
        for backend in (slow, fast):
            answers = backend.propose(sentences, 3)
            assert [0 < len(found) <= 3 for found in answers] == [True] * len(sentences)
            assert all(len(set(found)) == len(found) for found in answers)
            long = " ".join(sentences * 10)
            assert backend.propose([long], 2) == [[]]
            assert backend.score([]) == []

    def test_a_cleaner_runs_with_it(self, trained, tmp_path, monkeypatch):
        pytest.importorskip("ctranslate2")
        monkeypatch.setenv("MTCLEAN_CACHE", str(tmp_path))
        model, _ = trained
        table = {"model": str(model), "required": True, "safe_gain": 0.0, "suggest_gain": 0.0}
        cleaner = jobs.make_cleaner(Settings(rewrite=table, suggest=True), rewriting=True)
        raw = f"{FLAGGED} Mori opened the the bridge on Monday."
        result = cleaner.clean(Document(raw))
        assert replay(raw, result.decisions) == result.text
        assert cleaner.clean(Document(result.text)).text == result.text
        assert "Mori opened the bridge on Monday." in result.text

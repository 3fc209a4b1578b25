"""Measures the rewrite step: what it leaves alone, what it restores, what it does to real output, and how fast.

    python benchmarks/rewrite.py clean   HUMAN...   [--sentences 4000]
    python benchmarks/rewrite.py planted TEXTS...   [--passages 1500]
    python benchmarks/rewrite.py output  MT...      [--write FILE]
    python benchmarks/rewrite.py harm    HUMAN...   [--write FILE]
    python benchmarks/rewrite.py speed   MT...

``HUMAN`` and ``TEXTS`` are JSON lines with ``id`` and ``text``, ``MT`` lines as `mtclean eval --reference` reads them,
each gzipped or not; ``--held-out`` takes only documents that training holds out. Common options: ``--model FOLDER``,
``--backend``, ``--safe N`` and ``--suggest N`` (thresholds in nats), ``--seed``. The figures end with the seed and the
fingerprint of the model that they were made with.

``clean`` flags one sentence in each passage at random and counts what comes out unchanged, where any change would pass
for a repair of the flag. ``planted`` damages one place of each passage by a mechanism of the families CUT, STR and SYN
and counts a passage as restored only where cleaning gives what cleaning the undamaged one gives, to the letter.
``output`` compares rules and glossary with and without rewrites on lines where a rewrite was made, by sentence TER
against the reference. ``harm`` cleans whole human texts as a user would and lists every rewrite that is applied.
``speed`` rewrites the same flagged sentences three ways.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from cleaners import inject
from cleaners.config import Settings
from cleaners.core import Decision, Document, Finding, Level, Result, Severity, Verdict
from cleaners.engine import Cleaner
from cleaners.evaluate import effect
from cleaners.rewrite import corpus
from cleaners.rewrite.backends import Options
from cleaners.rewrite.rewriter import Rewriter
from cleaners.rewrite.rule import CODE

PASSAGE = 8  # sentences
FAMILIES = ("CUT", "STR", "SYN")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:not|no|never|nor|neither|none|nobody|nothing|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?\"“] )(?<!\A)\b[A-Z][\w-]+")


def rewriter(args: argparse.Namespace) -> Rewriter:
    options = Options(backend=args.backend, threads=args.threads, safe_gain=args.safe, suggest_gain=args.suggest)
    if args.model:
        options = replace(options, model=args.model)
    return Rewriter(options, Cleaner().glossary.protected_spans)


def cleaners_of(args: argparse.Namespace, **settings: Any) -> tuple[Cleaner, Cleaner]:
    """A cleaner without and one with rewrites."""
    plain = Cleaner(Settings(**settings))
    return plain, replace(plain, rewriter=rewriter(args))


def passages(paths: Iterable[str], count: int, random: Random, *, held_out: bool) -> list[str]:
    """Passages of a few sentences of prose, at most one a paragraph and three a document."""
    found = []
    for _, row in effect.read_rows(paths):
        if held_out and not corpus.is_held_out(str(row["id"])):
            continue
        document = Document(row["text"])
        starts = range(0, len(document.sentences) - PASSAGE, PASSAGE)
        for first in random.sample(starts, min(3, len(starts))):
            spans = document.sentences[first : first + PASSAGE]
            pieces = [" ".join(row["text"][s.start : s.end].split()) for s in spans]
            if all(corpus.is_prose(piece) for piece in pieces):
                found.append(" ".join(pieces))
    random.shuffle(found)
    return found[:count]


def facts(text: str) -> tuple[Counter[str], Counter[str], int]:
    """Numbers, names and negations of a text, read by patterns of this file's own, not those of the proof."""
    return Counter(_NUMBER.findall(text)), Counter(_NAME.findall(text)), len(_NEGATION.findall(text))


def rewrites(result: Result) -> list[Decision]:
    return [d for d in result.decisions if d.finding.code == CODE]


def measure_clean(args: argparse.Namespace) -> None:
    random = Random(args.seed)
    plain, rewriting = cleaners_of(args)
    step = rewriting.rewriter
    assert step is not None
    verdicts: Counter[str] = Counter()
    shown: list[str] = []
    requests = []
    for passage in passages(args.paths, args.sentences, random, held_out=False):
        document = Document(passage)
        flagged = random.choice(document.sentences)
        words = passage[flagged.start : flagged.end].split(" ")
        at = random.randrange(len(words))
        start = flagged.start + sum(len(word) + 1 for word in words[:at])
        end = min(flagged.end, start + len(" ".join(words[at : at + 3])))
        code = random.choice(("CUT103", "REP102", "STR103", "SYN108"))
        requests.append((document, Finding(code, "flagged at random", start, end, None, Level.REPORT, Severity.MINOR,
                                           "fluency/grammar", 0.5, "flagged at random")))  # fmt: skip
    step.prepare([r for document, finding in requests for r in step.requests(document, [finding])])
    for document, finding in requests:
        sentence = document.sentence_at(finding.start)
        held = document.text[sentence.start : sentence.end]

        def find(current: Document, held: str = held, finding: Finding = finding) -> Iterator[Finding]:
            yield from plain.find(current)
            if held in current.text:  # any change of the flagged sentence passes for its repair
                yield finding

        proposals = step.proposals(document, [finding], find, plain._policy.guard)
        accepted = [p for p in proposals if p.refusal is None]
        level = accepted[0].finding.level.value if accepted else "unchanged"
        verdicts[level] += 1
        if accepted:
            f = accepted[0].finding
            shown.append(f"{level} {f.confidence} {finding.code}: {document.text[f.start : f.end]!r} -> {f.fix!r}"
                         f" | {held}")  # fmt: skip
    total = sum(verdicts.values())
    print(f"clean: {total} flagged sentences, {dict(verdicts)}; unchanged by default "
          f"{100 * (total - verdicts['safe']) / total:.2f} %, with suggestions "
          f"{100 * verdicts['unchanged'] / total:.2f} %")  # fmt: skip
    print("\n".join(shown[: args.show]))


def measure_planted(args: argparse.Namespace) -> None:
    random = Random(args.seed)
    plain, rewriting = cleaners_of(args, suggest=True)
    default, _ = cleaners_of(args)
    default = replace(default, rewriter=rewriting.rewriter)
    rules = [rule for rule in plain.rules if rule.code.startswith(FAMILIES)]
    tallies: dict[str, Counter[str]] = {}
    losses: Counter[str] = Counter()
    for passage in passages(args.paths, args.passages, random, held_out=args.held_out):
        document = Document(passage)
        found = inject.sites(document, rules, random)
        if not found:
            continue
        # The mechanism that had the fewest turns so far: few passages have a place for most of SYN.
        code = min({site.rule.code for site in found}, key=lambda code: (tallies.get(code, Counter())["planted"], code))
        site = random.choice([site for site in found if site.rule.code == code])
        damaged = document.with_text(inject.damaged(document, [site]).text)
        tally = tallies.setdefault(code, Counter())
        tally["planted"] += 1
        aim, aim_suggested = default.clean(document).text, rewriting.clean(document).text
        by_rules = plain.clean(damaged)
        whole, suggested = default.clean(damaged), rewriting.clean(damaged)
        tally["rules"] += by_rules.text == aim_suggested
        tally["default"] += whole.text == aim
        tally["suggested"] += suggested.text == aim_suggested
        made = [d for d in rewrites(suggested) if d.verdict is Verdict.APPLIED]
        tally["rewrites"] += len(made)
        for decision in made:
            for name, one, two in zip(("number", "name", "negation"), facts(decision.raw), facts(decision.fix or ""),
                                      strict=True):  # fmt: skip
                losses[name] += one != two
        if args.show and suggested.text != aim_suggested and made:
            args.show -= 1
            there = document.text[max(0, site.damage.start - 60) : site.damage.end + 60]
            print(f"  {code}: {made[0].raw!r} -> {made[0].fix!r} | {there!r}")
    print(f"{'rule':8} {'planted':>8} {'rules':>8} {'default':>8} {'suggested':>9} {'rewrites':>8}")
    total: Counter[str] = Counter()
    for code, tally in sorted(tallies.items()):
        total.update(tally)
        print_row(code, tally)
    print_row("all", total)
    print(f"accepted rewrites that change a number, name or negation: {dict(losses)}")


def print_row(name: str, tally: Counter[str]) -> None:
    count = tally["planted"]
    shares = " ".join(f"{100 * tally[key] / count:8.1f}" for key in ("rules", "default", "suggested"))
    print(f"{name:8} {count:8} {shares} {tally['rewrites']:8}")


def flagged(args: argparse.Namespace, plain: Cleaner, step: Rewriter) -> Iterator[tuple[effect.Line, Document, str]]:
    """Lines that the rules leave something to rewrite in, each system's wording of a sentence once."""
    seen: set[tuple[str, str]] = set()
    for line in effect.read_lines(args.paths):
        if (line.text, line.set) in seen:
            continue
        seen.add((line.text, line.set))
        document = Document(line.text, source_lang=line.source_lang, source_text=line.source_text)
        settled = left_open(plain, step, document)
        if settled is not None:
            yield line, document, settled.text


def measure_output(args: argparse.Namespace) -> None:
    plain, rewriting = cleaners_of(args, suggest=args.with_suggestions)
    step = rewriting.rewriter
    assert step is not None
    metrics, bleu = tuple(effect._metrics().values()), effect._sentence_bleu()
    touched: dict[str, list[effect.Touched]] = {"safe": [], "suggest": []}
    verdicts: Counter[str] = Counter()
    records = []
    count = 0
    for line, document, before in flagged(args, plain, step):
        count += 1
        result = rewriting.clean(document)
        for decision in rewrites(result):
            verdicts[f"{decision.finding.level.value} {decision.verdict.value}"] += 1
            records.append({"set": line.set, "system": line.system, "raw": decision.raw, "fix": decision.fix,
                            "start": decision.start, "end": decision.end, "level": decision.finding.level.value,
                            "verdict": decision.verdict.value, "confidence": decision.finding.confidence,
                            "message": decision.finding.message, "reason": decision.reason, "text": document.text,
                            "reference": line.references[0], "source": line.source_text})  # fmt: skip
        if result.text != before:
            known = effect._statistics(metrics, line.references, (before, result.text))
            scores = [effect._scores((*metrics[:-1], bleu), stats) for stats in known]
            levels = {d.finding.level.value for d in rewrites(result) if d.verdict is Verdict.APPLIED}
            codes = tuple(sorted(levels))
            touched["safe" if levels == {"safe"} else "suggest"].append(
                effect.Touched(replace(line, text=before), result.text, codes, *scores, *known)
            )
    print(f"output: {count} flagged lines, {dict(verdicts)}")
    for level, found in touched.items():
        if found:
            gain = effect.gain(found)
            low, high = gain.intervals.get("TER", (math.nan, math.nan))
            print(f"{level}: {gain.lines} lines, TER {gain.delta.ter:+.2f} [{low:+.2f}, {high:+.2f}], "
                  f"better {gain.better}, equal {gain.equal}, worse {gain.worse}, "
                  f"chrF {gain.delta.chrf:+.2f}, BLEU {gain.delta.bleu:+.2f}")  # fmt: skip
    write(args, records)


def measure_harm(args: argparse.Namespace) -> None:
    plain, rewriting = cleaners_of(args)
    step = rewriting.rewriter
    assert step is not None
    words = 0
    verdicts: Counter[str] = Counter()
    records = []
    for _, row in effect.read_rows(args.paths):
        document = Document(row["text"])
        words += len(row["text"].split())
        if left_open(plain, step, document) is None:
            continue
        for decision in rewrites(rewriting.clean(document)):
            verdicts[f"{decision.finding.level.value} {decision.verdict.value}"] += 1
            if decision.verdict in (Verdict.APPLIED, Verdict.SUGGESTED):
                around = document.text[max(0, decision.start - 80) : decision.end + 80]
                records.append({"id": row["id"], "raw": decision.raw, "fix": decision.fix, "around": around,
                                "verdict": decision.verdict.value, "confidence": decision.finding.confidence,
                                "message": decision.finding.message})  # fmt: skip
    print(f"harm: {words} words, {dict(verdicts)}")
    for record in [r for r in records if r["verdict"] == "applied"][: args.show]:
        print(f"  {record['message'].split(': ')[-1]} {record['raw']!r} -> {record['fix']!r} | {record['around']!r}")
    write(args, records)


def left_open(plain: Cleaner, step: Rewriter, document: Document) -> Result | None:
    """What the rules make of the document, where they leave something in it that a rewrite would be asked for."""
    result = plain.clean(document)
    if all(d.verdict is Verdict.APPLIED for d in result.decisions):
        return None
    left = document.with_text(result.text) if result.changed else document
    return result if step.requests(left, list(plain.find(left))) else None


def write(args: argparse.Namespace, records: list[dict[str, Any]]) -> None:
    if args.write:
        with Path(args.write).open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def measure_speed(args: argparse.Namespace) -> None:
    from cleaners.rewrite import ctranslate2_backend, transformers_backend

    plain, rewriting = cleaners_of(args)
    step = rewriting.rewriter
    assert step is not None
    texts: list[str] = []
    for _, _, before in flagged(args, plain, step):
        document = Document(before)
        texts += [r.masked.text for r in step.requests(document, list(plain.find(document)))]
        if len(texts) >= args.sentences:
            break
    texts = list(dict.fromkeys(texts))[: args.sentences]
    started = time.perf_counter()
    slow = transformers_backend.load(step.options)
    loaded = time.perf_counter() - started
    started = time.perf_counter()
    fast = ctranslate2_backend.load(step.options)
    print(f"speed: {len(texts)} sentences; load: transformers {loaded:.2f} s with its import, "
          f"ctranslate2 {time.perf_counter() - started:.2f} s")  # fmt: skip
    figures = {}
    # Bare generate goes first, with every core: the streams of the backend take a core each, and torch remembers that.
    for name, run in (
        ("generate one by one", lambda: bare(step.options.model, texts)),
        ("transformers in batches", lambda: slow.propose(texts, 4)),
        ("ctranslate2", lambda: fast.propose(texts, 4)),
    ):
        started = time.perf_counter()
        run()
        figures[name] = len(texts) / (time.perf_counter() - started)
        ratio = figures[name] / figures["generate one by one"]
        print(f"  {name:24} {figures[name]:8.1f} sentences/s, {ratio:5.1f} times")
    same = sum(a[:1] == b[:1] for a, b in zip(slow.propose(texts, 4), fast.propose(texts, 4), strict=True))
    pairs = [(text, text) for text in texts]
    gaps = sorted(abs(a - b) for a, b in zip(slow.score(pairs), fast.score(pairs), strict=True))
    print(f"  first candidate the same: {100 * same / len(texts):.1f} %; scores differ by {gaps[len(gaps) // 2]:.3f} "
          f"nats in the middle, {gaps[int(len(gaps) * 0.99)]:.3f} at most in 99 of 100")  # fmt: skip


MEASURES = {"clean": measure_clean, "planted": measure_planted, "output": measure_output, "harm": measure_harm,
            "speed": measure_speed}  # fmt: skip


def bare(folder: str, texts: list[str]) -> None:
    """What `generate` does by itself for one text at a time, in float32: the shipped half width is slow as it is."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    for text in texts:
        inputs = tokenizer([text], return_tensors="pt", return_token_type_ids=False)
        longest = inputs["input_ids"].shape[1] * 5 // 4 + 12
        with torch.inference_mode():
            answers = model.generate(**inputs, num_beams=4, num_return_sequences=4, max_new_tokens=longest)
        tokenizer.batch_decode(answers, skip_special_tokens=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=tuple(MEASURES))
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--model")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--safe", type=float)
    parser.add_argument("--suggest", type=float)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--passages", type=int, default=1500)
    parser.add_argument("--held-out", action="store_true", help="take only documents that training holds out")
    parser.add_argument("--with-suggestions", action="store_true", help="apply suggestions, too")
    parser.add_argument("--write", help="write every rewrite and refusal to this file")
    parser.add_argument("--show", type=int, default=20)
    args = parser.parse_args()
    MEASURES[args.what](args)
    print(f"seed {args.seed}, model {rewriter(args).fingerprint}")


if __name__ == "__main__":
    main()

"""Counts what every rule finds in human text and in system output, and draws hits to be read.

    python benchmarks/rule_rates.py --human CLEAN/*.jsonl* --output MT/*.jsonl.gz --write docs/rules/measured.json
    python benchmarks/rule_rates.py --output MT/*.jsonl.gz --sample 30 --seed 1 --unread hits.jsonl

Human text: JSON lines with ``text``. System output: JSON lines with ``mt``, ``src``, ``src_lang`` and ``ref``; it is
read twice, as English alone and with its source. The second form writes up to ``--sample`` hits of each rule that
nobody has read yet, with the source and a reference beside them; a reader sets ``answer`` to ``right`` (the place is
defective and the fix, where one is proposed, is what an editor would do) or ``wrong``. The answers are kept in
``docs/rules/read.jsonl`` by key, without the text, which is not ours to pass on.
"""

from __future__ import annotations

import argparse
import fileinput
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from cleaners.core import Document, Verdict
from cleaners.engine import Cleaner
from cleaners.evaluate.harm import edit_of
from cleaners.evaluate.signature import signature

READ = Path(__file__).parent.parent / "docs" / "rules" / "read.jsonl"
BATCH = 500
Hit = dict[str, Any]


def rows(paths: list[str]) -> Iterator[dict[str, Any]]:
    """The records of JSON-lines files, gzipped or not, in the order of their names."""
    if paths:
        with fileinput.input(sorted(paths), openhook=fileinput.hook_compressed, encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def hits_of(cleaner: Cleaner, document: Document) -> Iterator[Hit]:
    """Every decision on a document, as it is counted and read."""
    result = cleaner.clean(document)
    for decision in result.decisions:
        edit = edit_of(result, decision)
        applied = decision.verdict is Verdict.APPLIED
        yield {
            "key": edit.key,
            "code": edit.code,
            "level": decision.finding.level.value,
            "verdict": decision.verdict.value,
            "edit": edit.context if applied or decision.fix is not None else edit.context.replace(" → ]", "]"),
        }


def of_human(batch: list[dict[str, Any]]) -> tuple[int, list[Hit]]:
    """Words and hits of human documents."""
    cleaner = Cleaner()
    found = [hit for row in batch for hit in hits_of(cleaner, Document(row["text"]))]
    return sum(len(row["text"].split()) for row in batch), found


def of_output(batch: list[dict[str, Any]]) -> tuple[int, list[Hit], list[Hit]]:
    """Words, hits on the English alone, and hits with the source told."""
    cleaner = Cleaner()
    alone: list[Hit] = []
    proved: list[Hit] = []
    for row in batch:
        beside = {"src": row.get("src"), "mt": row["mt"], "ref": first_reference(row)}
        alone += [hit | beside for hit in hits_of(cleaner, Document(row["mt"]))]
        told = Document(row["mt"], source_lang=row.get("src_lang"), source_text=row.get("src"))
        proved += [hit | beside for hit in hits_of(cleaner, told)]
    return sum(len(row["mt"].split()) for row in batch), alone, proved


def first_reference(row: dict[str, Any]) -> str | None:
    """One reference of a line, for the reader."""
    found = row.get("ref") or row.get("post_edits") or {}
    return next(iter(found.values()), None) if isinstance(found, dict) else found


def batches(paths: list[str]) -> Iterator[list[dict[str, Any]]]:
    """The records in batches for the processes."""
    left = rows(paths)
    while batch := list(islice(left, BATCH)):
        yield batch


def tally(hits: list[Hit]) -> dict[str, dict[str, int]]:
    """Code → verdict → how many."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for hit in hits:
        counts[hit["code"]][hit["verdict"]] += 1
    return {code: dict(sorted(counts[code].items())) for code in sorted(counts)}


def draw(hits: list[Hit], size: int, seed: int) -> list[Hit]:
    """Up to ``size`` different unread hits of each code."""
    read = {json.loads(line)["key"] for line in READ.read_text().splitlines()} if READ.exists() else set()
    by_code: dict[str, dict[str, Hit]] = defaultdict(dict)
    for hit in hits:
        if hit["key"] not in read:
            by_code[hit["code"]].setdefault(hit["key"], hit)
    random = Random(seed)
    drawn = []
    for _, mine in sorted(by_code.items()):
        chosen = sorted(mine.values(), key=lambda hit: hit["key"])
        random.shuffle(chosen)
        drawn += chosen[:size]
    return drawn


def main() -> None:
    """Read the arguments, measure, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--human", action="extend", nargs="+", default=[])
    parser.add_argument("--output", action="extend", nargs="+", default=[])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unread", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    human: list[Hit] = []
    alone: list[Hit] = []
    proved: list[Hit] = []
    human_words = output_words = 0
    with ProcessPoolExecutor(asked.jobs) as pool:
        for words, found in pool.map(of_human, batches(asked.human)):
            human_words += words
            human += found
        for words, found, with_source in pool.map(of_output, batches(asked.output)):
            output_words += words
            alone += found
            proved += with_source
    if asked.write:
        measured = {
            "signature": signature(Cleaner(), {}, {}),
            "human": {"words": human_words, "verdicts": tally(human)},
            "output": {"words": output_words, "verdicts": tally(alone)},
            "output with source": {"words": output_words, "verdicts": tally(proved)},
        }
        asked.write.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    if asked.sample and asked.unread:
        drawn = draw(proved, asked.sample, asked.seed)
        asked.unread.write_text(
            "".join(json.dumps(hit | {"answer": None}, ensure_ascii=False) + "\n" for hit in drawn), encoding="utf-8"
        )
        print(f"{len(drawn)} hits to read in {asked.unread}")


if __name__ == "__main__":
    main()

"""How often the right name of a garble is ranked first, and among the first three.

    python benchmarks/names.py PAIRS [--labels tests/data/repairable_names.jsonl] [--misses]

PAIRS holds JSON lines: ``name`` in the reference, ``garble`` in the output, ``mt`` the sentence, ``src`` and
``src_lang`` its source, ``place`` whether a gazetteer has the name. Labels name the pairs (``name``, ``garble``) that
a careful editor could repair from the English alone. Each pair is ranked twice: without its source and with it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cleaners.names import sound
from cleaners.names.candidates import candidates, context

LABELS = Path(__file__).parent.parent / "tests" / "data" / "repairable_names.jsonl"


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def groups(pair: dict, labelled: set[tuple[str, str]]) -> Iterator[str]:
    yield "all pairs"
    if pair["place"]:
        yield "places"
    if (pair["name"], pair["garble"]) in labelled:
        yield "repairable"
        yield "repairable places" if pair["place"] else "repairable, place unknown to the miner"


def wanted(pair: dict) -> str:
    return sound.plain(pair["name"].removesuffix("'s").removesuffix("’s"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--misses", action="store_true", help="print the repairable pairs that are not ranked first")
    options = parser.parse_args()
    pairs = rows(options.pairs)
    labelled = {(row["name"], row["garble"]) for row in rows(options.labels)}
    print(f"{'':42}{'pairs':>7}{'first':>14}{'in three':>14}{'ms a name':>12}")
    for with_source in (False, True):
        count: Counter[str] = Counter()
        first: Counter[str] = Counter()
        three: Counter[str] = Counter()
        spent = 0.0
        for pair in pairs:
            around = context(pair["mt"])
            if with_source:
                around = around.of_source(pair["src"], pair["src_lang"])
            started = time.perf_counter()
            ranked = [sound.plain(found.name) for found in candidates(pair["garble"], around, 3)]
            spent += time.perf_counter() - started
            for group in groups(pair, labelled):
                count[group] += 1
                first[group] += ranked[:1] == [wanted(pair)]
                three[group] += wanted(pair) in ranked
                if options.misses and group == "repairable" and ranked[:1] != [wanted(pair)]:
                    print(f"    {pair['name']} | {pair['garble']} | {', '.join(ranked)}")
        for group, number in count.items():
            label = f"{group}, {'with' if with_source else 'without'} source"
            shares = "".join(f"{hits[group]:>6} ({hits[group] / number:5.1%})" for hits in (first, three))
            print(f"{label:42}{number:>7}{shares}{1000 * spent / len(pairs):>12.1f}")


if __name__ == "__main__":
    main()

"""The process that lists the documents of a run: ``python -m cleaners.batch.listing DESCRIPTOR``, for a plan."""

from __future__ import annotations

import os
import pickle
import sys

from cleaners.batch import plan
from cleaners.errors import MtcleanError


def main() -> None:
    """Write the plan into the descriptor, and to standard output what it holds, or the error that was in the way."""
    settings, place = pickle.load(sys.stdin.buffer)
    answer: plan.Listed | MtcleanError
    with os.fdopen(int(sys.argv[1]), "wb", closefd=False) as spool:
        try:
            answer = plan.write(settings, place, spool)
        except MtcleanError as error:
            answer = error
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()

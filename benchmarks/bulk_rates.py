"""What one document costs: processor time with tables and Parquet files, bytes in and bytes out. docs/scale.md does its sums with it.

    python benchmarks/bulk_rates.py PLACE [PLACE ...] [--rounds 5]

A place is what `extract` takes: a folder, a quoted pattern, an archive. One line each, of the fastest round; pages are those of PDFs.
"""

from __future__ import annotations

import argparse
import time

import msgspec

from extractor import extract
from extractor.bulk.batches import Batch, BatchResult, Plan, run_batch
from extractor.inputs import each_unit, read_unit


def main() -> None:
    """Prints a line for every place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", metavar="PLACE")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    for place in args.places:
        rounds = [_round(place) for _ in range(args.rounds)]
        seconds = min(seconds for seconds, _ in rounds)
        result = rounds[0][1]
        written = [outcome for outcome in result.outcomes if outcome.state == "written"]
        pages = _pages(place)
        count = pages or len(written)
        size, made = sum(outcome.bytes for outcome in written), sum(map(len, result.files.values()))
        told = f"{size / count / 1000:.1f} kB in, {seconds / count * 1000:.1f} ms, {made / count / 1000:.1f} kB out a {'page' if pages else 'document'}"
        print(f"{place}: {len(written)} of {len(result.outcomes)} documents; {told}")


def _round(place: str) -> tuple[float, BatchResult]:
    batch = Batch(list(each_unit([place])))
    begun = time.process_time()
    result = run_batch(batch, Plan())
    return time.process_time() - begun, result


def _pages(place: str) -> int:
    """How many pages the PDFs of a place have; 0 where there is none."""
    pieces = (piece for unit in each_unit([place]) if unit.name.lower().endswith(".pdf") for piece in read_unit(unit))
    return sum(
        record.source.pages for piece in pieces for record in extract(piece.data, piece.name) if record.source.pages is not msgspec.UNSET
    )


if __name__ == "__main__":
    main()

"""A folder of review pages for a run: the arguments to one call of `extractor.reviews`, what came of it to an exit code."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.command import plural, tell, unwritable
from extractor.command.writing import options_of
from extractor.inputs import find_inputs
from extractor.reviews import NoReviewFolder, write_reviews


def write_review_folder(args: argparse.Namespace) -> int:
    """Writes a page a record and an index; 1 where a document could not be read."""
    try:
        done = write_reviews(find_inputs(args.inputs), args.output, options_of(args))
    except NoReviewFolder as error:
        tell(str(error))
        return 1
    except OSError as error:
        tell(unwritable(args.output, error))
        return 1
    for failure in done.failures:
        tell(failure)
    if not args.quiet:
        tell(f"{plural(done.records, 'record')}: open {Path(args.output) / 'index.html'}")
    return int(bool(done.failures))

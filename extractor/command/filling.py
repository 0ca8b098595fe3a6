"""A dataset for a run: the arguments to one call of `extractor.bulk`, its account to an exit code."""

from __future__ import annotations

import argparse

from extractor import bulk
from extractor.command import LIMIT, install_hint, tell, unwritable
from extractor.command.writing import options_of
from extractor.distributed import find_engine
from extractor.write.dataset_names import is_lines


def fill_dataset(args: argparse.Namespace) -> int:
    """Fills a dataset; 1 where anything went to quarantine, or where it holds fewer records than expected."""
    plan = bulk.Plan(options_of(args), lines=is_lines(args.output), limit=args.limit or LIMIT)
    try:
        job = bulk.Job(plan, args.workers, find_engine(args.engine), args.quiet, args.compare)
        return _tell_account(args, bulk.run(args.inputs, args.output, job))
    except (bulk.DatasetInUse, bulk.DatasetDamaged, bulk.WorkersFail) as error:
        tell(str(error))
        return 1
    except OSError as error:
        tell(unwritable(args.output, error))
        return 1
    except ImportError as error:
        name = error.name or str(error)
        tell(f"this needs {name}: {install_hint(['ray[data]' if name == 'ray' else name])}")
        return 2


def _tell_account(args: argparse.Namespace, account: bulk.Account) -> int:
    for address, reason in account.reasons:
        tell(f"{address}: {reason}")
    if not args.quiet:
        tell(account.line())
    missing = args.expect - account.totals.records
    if missing > 0:
        tell(f"{args.expect:,} records were expected: {missing:,} are missing")
    return int(account.quarantined > 0 or missing > 0)

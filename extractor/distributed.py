"""The same batches on a Ray cluster: Ray Data maps the same pure function, and the driver writes the same dataset, row for row.

Every Ray worker reads its batches in a process of its own, so that a document that kills or blocks it costs one document there
too; a Ray worker that is lost costs nothing, since Ray runs its batch again elsewhere. Files must be readable where the workers
run: on a shared file system, or in an object store ("s3://…").
"""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterable, Iterator
from functools import lru_cache, partial
from importlib import import_module
from itertools import islice
from typing import Any

from extractor.bulk import Engine
from extractor.bulk.batches import Batch, BatchResult, Plan
from extractor.bulk.pool import Pool

WINDOW = 16  # batches a core that are given to Ray Data at a time


def find_engine(name: str) -> Engine | None:
    """What runs batches under a name of the command line; none for this machine's own processes.

    Raises ImportError where its library is not installed.
    """
    if name == "local":
        return None
    import_module(name)
    return run_on_ray


def run_on_ray(plan: Plan, batches: Iterable[Batch]) -> Generator[BatchResult, None, None]:
    """The results of the batches in their order. Uses the cluster that RAY_ADDRESS names or that runs here, else starts a local one.

    Raises ImportError where Ray is not installed.
    """
    import ray  # noqa: PLC0415 (an extra)

    if not ray.is_initialized():
        ray.init(log_to_driver=False, configure_logging=False)
    resources: Any = ray.cluster_resources  # it has no types
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    size = max(1, int(resources().get("CPU", 1))) * WINDOW
    source = iter(batches)
    while window := list(islice(source, size)):
        yield from _run_window(ray, plan, window)


def _run_window(ray: Any, plan: Plan, window: list[Batch]) -> Iterator[BatchResult]:
    """One execution of Ray Data: a block a batch, so that every batch is a task of its own."""
    rows = [{"batch": pickle.dumps(batch)} for batch in window]
    dataset = ray.data.from_items(rows, override_num_blocks=len(rows))
    for row in dataset.map(partial(_run_row, pickle.dumps(plan))).iter_rows():
        yield pickle.loads(row["result"])  # noqa: S301 (made by our own workers)


def _run_row(plan: bytes, row: dict[str, Any]) -> dict[str, bytes]:
    """A batch in, its result out, on whatever machine this runs."""
    results = _pool(plan).run([pickle.loads(row["batch"])])  # noqa: S301 (made by our own driver)
    return {"result": pickle.dumps(next(results))}


@lru_cache(maxsize=1)
def _pool(plan: bytes) -> Pool:
    """The process that reads for this Ray worker, for all of its batches."""
    return Pool(pickle.loads(plan), 1)  # noqa: S301 (made by our own driver)

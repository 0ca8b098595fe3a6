"""Everything that workers need, loaded once by the process that all of them are forked from: each starts at once, and they share it.

Importing this module is what does it; nothing but a worker, or that process, imports it.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module
from importlib.abc import MetaPathFinder

from extractor.decode import MODULES
from extractor.sources import FORMATS, load


class _WithoutPandas(MetaPathFinder):
    """Says that pandas is not installed: Arrow would load it with its first array, for 50 MB a worker and no use."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 (the protocol's)
        """None for every other module."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _load_arrow() -> None:
    """Arrow, with what its first array loads, and with the memory that goes back to the system between batches."""
    arrow = import_module("pyarrow")
    import_module("pyarrow.parquet")
    arrow.set_memory_pool(arrow.system_memory_pool())
    arrow.array([""])


sys.meta_path.insert(0, _WithoutPandas())
for _name in MODULES.values():
    import_module(f"extractor.decode.{_name}")
for _name in FORMATS:
    load(_name)
for _name in ("extractor.criteria", "extractor.label"):
    import_module(_name)
with suppress(ImportError):  # an extra, which JSON lines do without
    _load_arrow()

gc.collect()
gc.freeze()  # the collector leaves alone what is shared: what it touched would be copied

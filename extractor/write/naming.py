"""Which outputs are folders of review pages, by their names."""

from __future__ import annotations

import os
import re
from pathlib import Path

_review = re.compile(r"(?:.+[-_.])?reviews?$", re.IGNORECASE)


def is_reviews(output: str) -> bool:
    """Whether an output is a folder of review pages: a folder whose name is, or ends in, "review".

    >>> [is_reviews(output) for output in ("review/", "trials/review/", "my-review/", "trials/", "review.html", "preview/")]
    [True, True, True, False, False, False]
    """
    return bool(_review.fullmatch(Path(output).name)) and (output.endswith(("/", os.sep)) or Path(output).is_dir())

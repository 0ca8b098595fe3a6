"""The node that the stages of segmentation pass on: an item with the places of its words."""

from __future__ import annotations

from msgspec import Struct, field

Range = tuple[int, int]
"""A stretch of the text that is read: the offset of its first character, and the one behind its last."""


class Unsure(Struct, frozen=True, gc=False):
    """That another tree fits almost as well: what it says of the words between two offsets."""

    message: str
    start: int
    end: int


class Node(Struct, eq=False, gc=False):
    """One item, heading, lead-in or note. Offsets point into the text that is being read.

    `ranges` bound its own words (several where a lead-in was cut), `mark` is where its marker starts; `family`, `value`, `number`
    describe the marker ("" and 0: none); `indent` and `content` are the columns of marker and words; `gap` says that an empty line
    goes before, `inline` that it begins inside a line, `doubled` that a bullet goes before its marker, `broken` that the
    line before it breaks off in the middle of a sentence, `bare` that it is a line without a marker where items may stand; `unsure` tells that its place is not sure.
    """

    ranges: list[Range]
    mark: int
    family: str = ""
    value: int = 0
    number: str = ""
    indent: int = 0
    content: int = 0
    gap: bool = False
    inline: bool = False
    doubled: bool = False
    broken: bool = False
    bare: bool = False
    text: str = ""
    role: str = "CRITERION"
    combine: str = ""
    at_least: int = 0
    unsure: Unsure | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where its words begin."""
        return self.ranges[0][0]

    @property
    def end(self) -> int:
        """Where its words end."""
        return self.ranges[-1][1]

    @property
    def plain(self) -> bool:
        """Whether it has no marker of its own."""
        return not self.family

    @property
    def bullet(self) -> bool:
        """Whether its marker is a bullet, which does not count."""
        return self.family[:1] == "b"

    def extend(self, end: int) -> None:
        """Let its words go on to `end`."""
        start, _ = self.ranges[-1]
        self.ranges[-1] = (start, end)

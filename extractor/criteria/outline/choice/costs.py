"""The costs of the choice, read from `tables/costs.tsv`, where each says what it is paid for."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from extractor.tables import read_table


class Costs(Struct, frozen=True, gc=False):
    """One field for each row of the table."""

    drop_marker: float
    drop_broken: float
    false_marker: float
    inline_comma: float
    inline_words: float
    inline_sign: float
    inline_refers: float
    inline_bracket: float
    inline_lower: float
    inline_glued: float
    inline_empty: float
    inline_dash: float
    inline_bullet: float
    pass_clear: float
    pass_comma: float
    pass_words: float
    pass_refers: float
    run_on: float
    pass_again: float
    pass_skip: float
    pass_first: float
    pass_alone: float
    pass_sign: float
    pass_bullet: float
    again: float
    skip: float
    far: float
    style: float
    restyle: float
    mixed: float
    mixed_back: float
    lost_sign: float
    sign: float
    column: float
    slip: float
    inline_mix: float
    under_item: float
    under_sentence: float
    other_kind: float
    deeper: float
    doubled: float
    staircase: float
    shallow: float
    outdented: float
    late: float
    one_kind: float
    reopen: float
    plain_parent: float
    inline_child: float
    inline_run: float
    barren: float
    leave: float
    leave_counted: float
    short: float
    lonely: float
    lonely_inline: float
    lonely_plain: float
    link: float
    stay: float
    linger: float
    form: float
    first_word: float
    echo: float
    same_label: float
    other_label: float
    label_child: float
    width: float
    bare_line: float
    more_lines: float
    join_line: float
    join_more: float
    full_line: float
    lower_line: float
    join_paragraph: float
    apart: float
    leave_heading: float
    bare_number: float
    species: float
    pass_heading: float
    pass_prose: float
    pass_tail: float
    after_prose: float


@cache
def read_costs() -> Costs:
    """The shipped costs."""
    return Costs(**{name: float(cost) for name, cost, _ in read_table("extractor.criteria.outline", "costs")})

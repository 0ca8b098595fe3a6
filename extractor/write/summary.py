"""A page of pictures: figures, bars and columns, drawn as HTML and SVG without any library, and the titles of what is behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from extractor.write.pages import HtmlPage, escape, read_asset


class Picture(NamedTuple):
    """A picture: `rows` are (label, count); `shape` is "bars" for names, "sentences" for long ones, "columns" for whole numbers.

    `query` is the SQL that finds the rows behind one of them, with `{label}` in its place.
    """

    title: str
    note: str
    shape: str
    rows: list[tuple[str, int]]
    query: str = ""


class Title(NamedTuple):
    """A record of the dataset: its number, its title, and the page on which it is reviewed, where there is one."""

    record: str
    title: str
    source: str
    page: str = ""


class NamedRecords(NamedTuple):
    """Records of the dataset by name, and how many there are in all; `review` is the index of their review pages, where there is one."""

    records: list[Title]
    total: int
    review: str = ""


HEIGHT = 150  # of a chart of columns, in its own units
WIDTH = {"wide": 1100, "card": 360}
MARKS = 8  # labels under a chart of columns, about
HEAD = 20  # units above the highest column, for its number
FAR = 20  # a number that so many empty ones part from the rest lies outside the picture
TALL = 4  # a column more than so many times the usual highest is cut off and says its number
FEWEST = 6  # columns among which one can be called outlying
USUAL = 0.9  # share of the columns that are no higher than the usual highest


def render(figures: Iterable[tuple[str, int]], charts: Iterable[Picture], titles: NamedRecords | None = None) -> bytes:
    """The page as UTF-8 HTML. Sentences take the whole width, and so does a first chart of columns."""
    heads = "".join(f'<div class="figure"><b>{count:,}</b><span>{escape(name)}</span></div>' for name, count in figures)
    cards = "".join(_card(chart, wide=chart.shape == ("sentences" if at else "columns")) for at, chart in enumerate(charts))
    body = (
        '<main><h1>Dataset in pictures</h1><p class="lead">Clinical trials and drug labels, as they were read. A number opens to the query '
        "that finds the rows behind it: copy it and run it with DuckDB in this folder.</p>"
        f'<div class="figures">{heads}</div><div class="cards">{cards}</div>{_titles(titles) if titles and titles.records else ""}</main>'
    )
    return str(HtmlPage("Dataset in pictures", body, style=read_asset("extractor.write", "summary.css"))).encode()


def _titles(titles: NamedRecords) -> str:
    """The records by name, each leading to its review page."""
    rows = "".join(_title(item) for item in titles.records)
    more = f"; the first {len(titles.records):,} are shown" if titles.total > len(titles.records) else ""
    index = f' · <a href="{escape(titles.review)}">review pages</a>' if titles.review else ""
    return (
        f'<section class="card titles"><h2>Records</h2><p class="note">{titles.total:,} records{more}{index}</p><ul>{rows}</ul></section>'
    )


def _title(item: Title) -> str:
    words = escape(item.title or item.record)
    named = f'<a href="{escape(item.page)}">{words}</a>' if item.page else words
    return f"<li>{named} <small>{escape(item.record)} · {escape(item.source)}</small></li>"


def _card(chart: Picture, *, wide: bool) -> str:
    head = f'<h2>{escape(chart.title)}</h2><p class="note">{escape(chart.note)}</p>'
    drawn = _columns(chart, "wide" if wide else "card") if chart.shape == "columns" else _bars(chart)
    return f'<section class="card {chart.shape}{" wide" if wide else ""}">{head}{drawn}</section>'


def _bars(chart: Picture) -> str:
    most = max(count for _, count in chart.rows)
    return "".join(_bar(chart, label, count, most) for label, count in chart.rows)


def _bar(chart: Picture, label: str, count: int, most: int) -> str:
    """A bar with its label and number, which opens to the query behind it."""
    share = f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="{100 * count / most:.1f}" height="10"/></svg>'
    name = re.sub(r"([_./·])", r"\1<wbr>", escape(label))  # a long code breaks between its words
    line = f'<span class="name">{name}</span>{share}<em>{count:,}</em>'
    return (
        f'<details class="bar"><summary>{line}</summary>{_query(chart, label)}</details>'
        if chart.query
        else f'<div class="bar"><p>{line}</p></div>'
    )


def _query(chart: Picture, label: str) -> str:
    """The query of one row, to be copied whole with one click."""
    quoted = label.replace("'", "''")
    return f'<code tabindex="0">{escape(chart.query.replace("{label}", quoted))}</code>'


def _columns(chart: Picture, size: str) -> str:
    """Columns over a scale of whole numbers, with what lies far off told below, and the numbers in a list with their queries."""
    inside, outside = split_far({int(label): count for label, count in chart.rows})
    first, last, top = min(inside), max(inside), usual_height(list(inside.values()))
    slots = last - first + 1
    step = WIDTH[size] / slots
    drawn = [_column(at - first, count, top, step, f"{at}: {count:,}") for at, count in sorted(inside.items())]
    every = max(1, -(-slots // MARKS))
    marks = [_mark((at - first + 0.5) * step, HEIGHT + 18, str(at)) for at in range(first, last + 1) if (at - first) % every == 0]
    scale = f'<text x="0" y="12">{top:,}</text><line x1="0" x2="{WIDTH[size]}" y1="{HEIGHT}" y2="{HEIGHT}"/>'
    told = f"{chart.title}: {', '.join(f'{at}: {count:,}' for at, count in sorted(inside.items()))}"
    picture = (
        f'<div class="scroll" tabindex="0"><svg class="columns" viewBox="0 0 {WIDTH[size]} {HEIGHT + 24}" role="img" aria-label="{escape(told)}">'
        f"{scale}{''.join(drawn)}{''.join(marks)}</svg></div>"
    )
    far = ", ".join(f"{at} ({count:,})" for at, count in sorted(outside.items()))
    beyond = f'<p class="note">Far from the rest and not drawn: {far}.</p>' if far else ""
    rows = "".join(_bar(chart, label, count, max(count for _, count in chart.rows)) for label, count in chart.rows)
    return f'{picture}{beyond}<details class="numbers"><summary>Numbers</summary>{rows}</details>'


def split_far(counts: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """The numbers that stand together, and those that lie far from most: a single year 2099 must not press a century into a corner.

    >>> split_far({2001: 5, 2002: 7, 2099: 1})
    ({2001: 5, 2002: 7}, {2099: 1})
    """
    runs: list[dict[int, int]] = []
    before = None
    for at in sorted(counts):
        if before is None or at - before > FAR:
            runs.append({})
        runs[-1][at] = counts[at]
        before = at
    most = max(runs, key=lambda run: sum(run.values()))
    return most, {at: count for run in runs if run is not most for at, count in run.items()}


def usual_height(counts: list[int]) -> int:
    """What the highest column stands for: the highest number, or where that dwarfs the others, the highest of the others.

    >>> usual_height([3, 5, 4]), usual_height([3, 5, 4, 2, 6, 3, 5, 4, 3, 900])
    (5, 6)
    """
    ordered = sorted(counts)
    usual = ordered[max(0, int(USUAL * len(ordered)) - 1)]
    return ordered[-1] if ordered[-1] <= TALL * usual or len(ordered) < FEWEST else usual


def _column(slot: int, count: int, top: int, step: float, told: str) -> str:
    """One column; one that is cut off is open at its top and says its number."""
    cut = count > top
    height = max(1.0, min(count / top, 1.0) * (HEIGHT - HEAD))
    width = max(1.0, min(step * 0.86, 48))
    left = (slot + 0.5) * step - width / 2
    bar = f'<rect x="{left:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"><title>{told}</title></rect>'
    if not cut:
        return bar
    gap = f'<line class="cut" x1="{left - 1:.1f}" x2="{left + width + 1:.1f}" y1="{HEIGHT - height + 12:.1f}" y2="{HEIGHT - height + 7:.1f}"/>'
    return bar + gap + _mark(max(left + width / 2, 18), HEAD - 6, f"{count:,}")


def _mark(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{text}</text>'

"""A page of pictures: figures, bars and columns, drawn as HTML and SVG without any library, in the colours of day or night."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple


class Chart(NamedTuple):
    """A picture: `rows` are (label, count); `shape` is "bars" for names, "sentences" for long ones, "columns" for whole numbers."""

    title: str
    note: str
    shape: str
    rows: list[tuple[str, int]]


STYLE = """
:root{--ink:#1c2733;--soft:#5d6b7a;--paper:#f6f7f9;--card:#fff;--line:#e3e7ec;--bar:#2f6fb3;--pale:#dbe7f4}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa8b6;--paper:#12181f;--card:#1a222b;--line:#2a3540;--bar:#6ba5e0;--pale:#24384d}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,"Noto Sans","Noto Sans CJK SC",sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 20px 60px}h1{font-size:26px;margin:0 0 4px;font-weight:650}
.lead{color:var(--soft);margin:0 0 24px}.figures{display:flex;flex-wrap:wrap;gap:12px;margin-bottom:20px}
.figure{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 18px;min-width:130px}
.figure b{display:block;font-size:24px;font-weight:650;font-variant-numeric:tabular-nums}.figure span{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(350px,1fr));gap:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;min-width:0}.wide{grid-column:1/-1}
h2{font-size:16px;margin:0;font-weight:650}.note{color:var(--soft);font-size:13px;margin:0 0 12px}
.row{display:grid;grid-template-columns:minmax(0,13em) 1fr 4.6em;gap:10px;align-items:center;font-size:13.5px;padding:2.5px 0}
.row span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.row i{height:14px;background:var(--bar);border-radius:3px;min-width:2px}
.sentences .row{grid-template-columns:minmax(0,5fr) 2fr 4.6em}.row em{font-style:normal;text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto}svg rect{fill:var(--bar)}svg rect:hover{opacity:.75}svg text{fill:var(--soft);font-size:12px}
svg line{stroke:var(--line)}
"""
HEIGHT = 150  # of a chart of columns, in its own units
WIDTH = {"wide": 1100, "card": 360}
MARKS = 8  # labels under a chart of columns, about


def render(figures: Iterable[tuple[str, int]], charts: Iterable[Chart]) -> bytes:
    """The page as UTF-8 HTML. Sentences take the whole width, and so does a first chart of columns."""
    heads = "".join(f'<div class="figure"><b>{count:,}</b><span>{escape(name)}</span></div>' for name, count in figures)
    cards = "".join(_card(chart, wide=chart.shape == ("sentences" if at else "columns")) for at, chart in enumerate(charts))
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Dataset in pictures</title><style>{STYLE}</style></head><body><main><h1>Dataset in pictures</h1>"
        '<p class="lead">Clinical trials and drug labels, as they were read. Every count can be asked for again in the tables.</p>'
        f'<div class="figures">{heads}</div><div class="cards">{cards}</div></main></body></html>\n'
    )
    return page.encode()


def _card(chart: Chart, *, wide: bool) -> str:
    drawn = _columns(chart.rows, "wide" if wide else "card") if chart.shape == "columns" else _bars(chart.rows)
    head = f'<h2>{escape(chart.title)}</h2><p class="note">{escape(chart.note)}</p>'
    return f'<section class="card {chart.shape}{" wide" if wide else ""}">{head}{drawn}</section>'


def _bars(rows: list[tuple[str, int]]) -> str:
    most = max(count for _, count in rows)
    return "".join(
        f'<div class="row"><span title="{escape(label)}">{escape(label)}</span>'
        f'<i style="width:{100 * count / most:.1f}%"></i><em>{count:,}</em></div>'
        for label, count in rows
    )


def _columns(rows: list[tuple[str, int]], size: str) -> str:
    """Columns over a scale of whole numbers: what lies between two of them and has no count stays empty."""
    counts = {int(label): count for label, count in rows}
    first, last, most = min(counts), max(counts), max(counts.values())
    slots = last - first + 1
    step = WIDTH[size] / slots
    drawn = [_column(at - first, count / most, step, f"{at}: {count:,}") for at, count in sorted(counts.items())]
    every = max(1, -(-slots // MARKS))
    marks = [_mark((at - first + 0.5) * step, HEIGHT + 18, str(at)) for at in range(first, last + 1) if (at - first) % every == 0]
    top = f'<text x="0" y="12">{most:,}</text><line x1="0" x2="{WIDTH[size]}" y1="{HEIGHT}" y2="{HEIGHT}"/>'
    return f'<svg viewBox="0 0 {WIDTH[size]} {HEIGHT + 24}" role="img">{top}{"".join(drawn)}{"".join(marks)}</svg>'


def _column(slot: int, share: float, step: float, told: str) -> str:
    height = max(1.0, share * (HEIGHT - 20))
    width = max(1.0, min(step * 0.86, 48))
    left = (slot + 0.5) * step - width / 2
    return f'<rect x="{left:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"><title>{told}</title></rect>'


def _mark(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{text}</text>'

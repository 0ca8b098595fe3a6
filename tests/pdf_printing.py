"""A press for tests: PDF pages with Chinese and Latin text and rules at given places, without embedding a font.

All of it stands in the predefined font STSong-Light (UniGB-UCS2-H); places are points from the top left.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842


def advance(character: str, size: float) -> float:
    """How far a character moves the pen: half an em for ASCII, an em for the rest."""
    return size / 2 if character < "\x7f" else size


@dataclass
class Sheet:
    """One page in the making."""

    width: float = WIDTH
    height: float = HEIGHT
    operators: list[str] = field(default_factory=list)

    def text(
        self, left: float, base: float, words: str, size: float = 10.5, *, spacing: float = 0.0, matrix: str = "", bold: bool = False
    ) -> float:
        """Prints words from `left` on the baseline `base`; returns where the pen ends. `spacing` is put behind each character."""
        place = matrix or f"1 0 0 1 {left:.2f} {self.height - base:.2f}"
        coded = words.encode("utf-16-be").hex()
        self.operators.append(f"BT /{'B' if bold else 'C'} {size} Tf {spacing} Tc {place} Tm <{coded}> Tj ET")
        return left + sum(advance(c, size) + spacing for c in words)

    def rule(self, left: float, top: float, right: float, bottom: float, width: float = 0.7, *, dotted: bool = False) -> None:
        """Draws a straight line, or a row of dots."""
        dash = "[1 1.5] 0 d " if dotted else "[] 0 d "
        self.operators.append(f"{dash}{width} w {left:.2f} {self.height - top:.2f} m {right:.2f} {self.height - bottom:.2f} l S")

    def ground(self, left: float, top: float, right: float, bottom: float) -> None:
        """Fills a box with light grey, under what is printed."""
        box = f"{left:.2f} {self.height - bottom:.2f} {right - left:.2f} {bottom - top:.2f}"
        self.operators.insert(0, f"0.9 g {box} re f 0 g")

    def table(self, left: float, top: float, widths: list[float], rows: list[list[str]], height: float = 18.0) -> float:
        """A table with all its rules, one line a cell; returns where it ends."""
        right, bottom = left + sum(widths), top + height * len(rows)
        for n in range(len(rows) + 1):
            self.rule(left, top + n * height, right, top + n * height)
        x = left
        for width in [*widths, 0]:
            self.rule(x, top, x, bottom)
            x += width
        for n, row in enumerate(rows):
            x = left
            for width, cell in zip(widths, row, strict=True):
                self.text(x + 5, top + n * height + 12.5, cell)
                x += width
        return bottom


def press(sheets: list[Sheet], tail: str = "") -> bytes:
    """The sheets as a PDF; `tail` goes into the trailer."""
    count = len(sheets)
    kids = " ".join(f"{9 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
            "/FontDescriptor 6 0 R /DW 1000 /W [1 95 500] >>"
        ),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light,Bold /Encoding /UniGB-UCS2-H /DescendantFonts [8 0 R] >>",
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light,Bold /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
            "/Supplement 2 >> /FontDescriptor 6 0 R /DW 1000 /W [1 95 500] >>"
        ),
    ]
    for n, sheet in enumerate(sheets):
        stream = "\n".join(sheet.operators)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.width} {sheet.height}] "
            f"/Resources << /Font << /C 4 0 R /B 7 0 R >> >> /Contents {10 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _written(objects, tail)


def _written(objects: list[str], tail: str) -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R {tail}>>\nstartxref\n{start}\n%%EOF\n".encode()

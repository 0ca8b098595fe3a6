"""Tolerances of the PDF decoder: every distance, share and count that a rule of geometry leans on, with its reason.

Lengths are points (a point is 1/72 inch), unless they are said to be in ems (multiples of the type size).
"""

from __future__ import annotations

# Characters
VISIBLE_WIDTH = 1.0  # a character without a name that is narrower prints nothing that a reader could miss
BOLD_WEIGHT = 600  # weights of OpenType: 400 regular, 700 bold
QUARTER_TURN = 0.03  # of a right angle: text askew by 2.7 degrees is still set straight
SAME_STYLE = 0.01  # pdfium gives floats: equal places differ in the fifth decimal

# Drawings
RULE_THICKNESS = 3.0  # thicker boxes are pictures or shades
DEEPEST_FORM = 4  # forms within forms; printing programs use two
FAINT = (120, 249)  # brightness from 0 to 255: darker is a bar behind white type, lighter is paper

# Lines, in ems of the type
SMALL_TYPE = 0.85  # of the line's size: smaller is a superscript or subscript (0.6 to 0.75 in print)
LARGER = 1.05  # a size that exceeds another by less is the same
RAISED = 0.12  # above the baseline; superscripts stand a third of an em up
LOWERED = -0.04  # below the baseline; subscripts hang a sixth of an em down, and less in some fonts
OTHER_BASELINE = 0.2  # type of full size this far off stands on another line
FAR_BACK = 0.6  # overlap of accents and kerning; farther back is another line, or another cell
SAME_LINE = 0.45  # runs of one line may sit on baselines this far apart (a cell with a superscript)
OVERLAP = 0.3  # how far the next run of a line may begin inside the last
BLANK = 0.22  # a gap beside Latin type this wide is a blank (a quarter of an em in most fonts)
WIDE_BLANK = 0.6  # between Chinese characters, that print without blanks
SPACED_OUT = (0.5, 0.1)  # how much wider than the usual distance of a letter-spaced run a blank is: between Chinese characters, else
CELL_GAP = 1.6  # wider than any blank of justified text: another cell, or a tab stop

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

# Rules of tables, in points
SAME_RULE = 2.5  # pieces of one rule are drawn at heights this near
PIECES_TOUCH = 4.0  # the space between dots of a dotted rule
RULES_TOUCH = 3.0  # rules of a grid may miss one another by this
MOST_RULES = 1500  # of a page's rules across and down: more draw a picture (a leaflet's largest grid has 400)
SHORTEST_STROKE = 8.0  # shorter ones are minus signs, ticks of a figure, underlines of a word
SAME_ENDS = 8.0  # rules of one table end this near to one another
SHORTEST_TABLE_RULE = 100.0  # the narrowest column of a leaflet in four columns is 110 points wide
BESIDE = 3.0  # words may stand this far outside of their table's rules

# Tables: lines and parts, in ems
SAME_BASELINE = 0.3  # cells of a row that are set in the middle stand half a line apart, at least 0.5
PART_GAP = 0.8  # a gap that no blank of the stream fills: narrower ones are kerning or justified type
WORD_GAP = 1.25  # a gap with a blank in the stream: justified type stretches blanks to an em
CUT_GAP = 0.45  # where a strip between columns is known, words may stand as near as this; a blank in Chinese text is a quarter
SPACED_TYPE = 0.4  # distance of letter-spaced characters
CLOSE_LINES = 1.75  # lines of one cell: leading is 1.0 to 1.6
WIDER = 1.25  # times CLOSE_LINES: rows of one line that stand up to here apart tell how far rows are set from one another
TALLEST_ROW = 5.5  # from a line of a table to its next; cells of one line beside one of many stand apart as far

# Tables: what a block is
FEWEST_TABULAR = 2  # lines of several parts; one alone is a label with its value, or a tab stop
MOST_WRAPS = 3  # lines that a cell goes on for below the last line of several parts
MOST_HEADING_LINES = 8  # of a heading over later columns, above its first line of several parts: two arms of four lines, set in the middle
TALLEST_HEADER = 90.0  # points: a heading of four lines
WIDE_LINE = 0.62  # of the block's width: a single line this wide is running text
INDENTED = 0.2  # of the block's width: text that begins farther in stands in a later column

# Tables: columns, in ems unless said otherwise
NARROW_STRIP = 0.3  # the least blank strip that parts two columns
PROJECTED_STRIP = 0.5  # the least strip that no word of any line reaches into
BESIDE_PARTS = 0.8  # cells of one row that are set in the middle stand half a line apart in height
JOINT_REACH = 4.0  # points: padding may set the words of a cell this far from the place where its rules meet
HANGING = 0.5  # how far a word may reach over its column's edge
CENTRED = 1.2  # how far the middle of a cell over several columns may lie from the middle of those: columns are seen by their words

# Cells of tables
MIDDLE_OF_TYPE = 0.3  # ems above the baseline: the middle of a capital or of a digit
LEADING = 1.35  # ems: paragraphs are set with 1.15 to 1.35 where they are not widely leaded
FEW_GROUPS = 2  # lines with a first cell only: more of them are headings of groups of rows, not cells that wrap
FEW_RULES = 2  # below the heading: more of them part the rows
SAME_PITCH = 0.1  # ems: distances of lines that differ by less are one; browsers set lines on whole pixels, 0.08 em of 9-point type
FULL_SHARE = (0.5, 0.8)  # of a column: a line that fills half of it has room left, one that fills most of it has not
NEAR_FULL = 5.0  # ems: a line shorter than this says little when it is the widest of its column
VALUE_SHARE = 0.6  # of a value's characters are digits, signs and brackets
MOST_VALUES = 0.6  # of a column's cells are values in a column of values
NEARER_ROW = 0.8  # of the distance to the line above: less than this below a line, the next row's other cells stand beside it

# Rows of tables
BESIDE_ROW = 0.2  # ems: baselines of cells of one row may miss one another by this
CENTRED_LABEL = 0.35  # ems: how far a first cell may stand from the middle of its rows
FEWEST_TO_SPAN = 4  # columns: with one or two beside the first, a cell in their middle stands in its own
NEARER = 0.3  # ems: words of a heading stand nearer to the middle of more columns by this, where they head those
BESIDE_HEADING = 1.2  # ems: cells of a heading that are set in the middle stand this near to the lines of another
MOST_HEADING_ROWS = 4  # an arm, its size, its grades, their unit

# Tables: going on in the next column or on the next page
SAME_COLUMNS = 8.0  # points: edges of columns are seen by their words, and move with them
RUNNING_ZONE = 0.1  # of the page's height at its head and foot: where running lines stand
SET_APART = 1.9  # ems from a running line to the text

# Pages
ASCENT, DESCENT = 0.9, 0.25  # ems that a line's box reaches above and below its baseline
ROOM_SLACK = 0.9  # ems: a line that leaves less room than a word and this was broken by the press
CELL_PADDING = 4.0  # points between a cell's rule and its words
PAGE_EDGE = 0.07  # of the page's height: where a running line stands that the stream has out of order
TABLE_LINE = 12.0  # points: a table fills its column as lines this far apart would
FORM_SHARE = 0.2  # of the words of a block end in a colon: a page of a registry has a label beside or above nearly every value, a table has hardly any

"""Characters that fonts name in ways of their own: ligatures, symbol fonts, radicals that stand for whole characters."""

from __future__ import annotations

import unicodedata

HYPHENS = {0x02: "-", 0xFFFE: "-"}  # what pdfium gives for a hyphen at a line end
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
# Wingdings and Symbol, as Word puts their bullets into the private use area.
_BULLETS = {0xF06C: "●", 0xF0B7: "•", 0xF09F: "•", 0xF0A7: "▪", 0xF075: "◆", 0xF06E: "■", 0xF0D8: "➢", 0xF0FC: "✓"}
# Radicals that some printing programs store in place of the characters they look like: the Kangxi block folds by
# compatibility, the supplement by this table of the simplified forms (Unicode's EquivalentUnifiedIdeograph).
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = dict(
    zip(
        map(ord, "⺟⺠⺮⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳"),
        "母民竹虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
# Adobe's Symbol encoding, as fonts without names put it into the private use area.
_SYMBOLS = {
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0B3: "≥",
    0xF0A3: "≤",
    0xF0B4: "×",
    0xF0D7: "·",
    0xF061: "α",
    0xF062: "β",
    0xF067: "γ",
    0xF06D: "μ",
}
NAMED = _BULLETS | _SYMBOLS
SPECIAL = HYPHENS | _LIGATURES | NAMED | _KANGXI | _SUPPLEMENT
LOST = 0xFFFD  # stands where a visible character has no Unicode value: a word that lost one must not look whole

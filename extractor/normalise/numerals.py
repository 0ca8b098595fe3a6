"""Numerals that are not digits: Roman, Chinese and circled. The only place that knows their signs and values.

Origin: Roman numerals as lists and classes use them, in letters and as single signs (Unicode Number Forms); Chinese numerals of
GB/T 15835 with 两; circled, bracketed and dotted signs of Unicode's Enclosed Alphanumerics and Dingbats.
"""

from __future__ import annotations

import unicodedata

ROMAN_SIGNS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
SMALL_ROMAN_SIGNS = "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ"
CHINESE_DIGITS = "零一二三四五六七八九"
CHINESE_NUMERALS = "一二三四五六七八九十"
_TENS = ("", "x", "xx", "xxx")  # lists and classes count no further than thirty-nine
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN: dict[str, int] = {tens + ones: 10 * ten + one for ten, tens in enumerate(_TENS) for one, ones in enumerate(_ONES) if tens or ones}
# First signs of the runs of ten that enclose numbers: ①, ⑴, ⒈, ❶, ➀, ➊; and ⑪ to ⑳, ㉑ to ㉚ behind them.
_ENCLOSED = {0x2460: 20, 0x2474: 20, 0x2488: 20, 0x2776: 10, 0x2780: 10, 0x278A: 10}
CIRCLED: dict[str, int] = {chr(first + n): n + 1 for first, count in _ENCLOSED.items() for n in range(count)}
_CHINESE_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CHINESE = {sign: value for value, sign in enumerate(CHINESE_DIGITS)} | {"〇": 0, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3}
CHINESE_SIGNS = _CHINESE.keys() | _CHINESE_PLACES.keys()


def parse_roman(text: str) -> int:
    """The value of a Roman numeral up to 39, in letters of either case or as signs. ValueError when it is none.

    >>> [parse_roman(numeral) for numeral in ("iv", "XII", "Ⅲ", "ⅱ")]
    [4, 12, 3, 2]
    """
    value = ROMAN.get(unicodedata.normalize("NFKC", text).lower())
    if value is None:
        raise ValueError(f"no Roman numeral: {text[:20]!r}")
    return value


def parse_chinese(text: str) -> int:
    """The value of a Chinese numeral: sections of 万 and 亿, in them digits before 十 百 千. ValueError when it is none.

    >>> [parse_chinese(numeral) for numeral in ("十", "二十一", "两千", "三百六十五", "二〇一九")]
    [10, 21, 2000, 365, 2019]
    """
    if not text or not set(text) <= CHINESE_SIGNS:
        raise ValueError(f"no Chinese numeral: {text[:20]!r}")
    total = section = digit = 0
    for sign in text:
        place = _CHINESE_PLACES.get(sign)
        if place is None:
            digit = digit * 10 + _CHINESE[sign]
        elif place >= _CHINESE_PLACES["万"]:
            total, section, digit = (total + section + digit) * place, 0, 0
        else:
            section, digit = section + (digit or 1) * place, 0
    return total + section + digit

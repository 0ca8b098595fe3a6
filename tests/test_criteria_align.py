"""Chinese and English lists of one page as one list. All texts are invented."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from constraint_brief import said

from extractor.criteria import PlacedCriteria, structure_list, structure_sections
from extractor.criteria.bilingual.disagreement import find_difference, find_numbers
from extractor.criteria.bilingual.merging import merge_constraints
from extractor.criteria.constraints import find_constraints
from extractor.document import Found, Span


def found(text: str, at: int) -> Found:
    return Found(text, (Span(at, at + len(text)),))


def both(zh: str, en: str, zh_out: str = "", en_out: str = "") -> PlacedCriteria:
    inclusion = {language: found(text, at) for language, text, at in (("zh", zh, 0), ("en", en, 1000)) if text}
    exclusion = {language: found(text, at) for language, text, at in (("zh", zh_out, 2000), ("en", en_out, 3000)) if text}
    return structure_sections(inclusion, exclusion)


def pairs(done: PlacedCriteria, side: str = "inclusion") -> list[tuple[object, object]]:
    return [(criterion.text.zh or None, criterion.text.en or None) for criterion in getattr(done, side)]


def codes(done: PlacedCriteria) -> list[str]:
    return [doubt.code for doubt in done.doubts]


def test_equal_lists_are_paired_by_their_markers():
    done = both("1.有风筝；\n2.能放飞；\n3.自愿。", "1. Owns a kite; 2. Flies it; 3. Volunteers.")
    assert pairs(done) == [("有风筝", "Owns a kite"), ("能放飞", "Flies it"), ("自愿。", "Volunteers.")]
    assert codes(done) == []


def test_an_item_that_one_language_lacks_stays_alone():
    done = both("1.年龄18-60岁；\n2.自愿参加。", "1. Age 18-60 years; 2. String of 30 m (PE8); 3. Volunteers to take part.")
    assert pairs(done) == [("年龄18-60岁", "Age 18-60 years"), (None, "String of 30 m (PE8)"), ("自愿参加。", "Volunteers to take part.")]
    assert codes(done) == ["criteria.unaligned"]


def test_two_items_of_one_language_may_be_one_of_the_other():
    done = both("1.年龄18-60岁，性别不限；\n2.BMI 20-25；\n3.自愿", "1. Age 18-60 years\n2. Male or female\n3. BMI 20-25\n4. Volunteers")
    assert pairs(done)[1:] == [("BMI 20-25", "BMI 20-25"), ("自愿", "Volunteers")]
    assert pairs(done)[0] == ("年龄18-60岁，性别不限", "Age 18-60 years Male or female")
    assert len(done.provenance["/inclusion/0/text/en"]) == 2


def test_children_are_paired_below_their_stems():
    done = both(
        "1.符合任一项：\n①风筝长度≥2m；\n②尾长≥5m；\n2.自愿",
        "1. Any of the following:\n1) kite of >= 2 m\n2) tail of >= 5 m\n2. Volunteers",
    )
    assert [(child.text.zh, child.text.en) for child in done.inclusion[0].children] == [
        ("风筝长度≥2m", "kite of >= 2 m"),
        ("尾长≥5m", "tail of >= 5 m"),
    ]
    assert done.inclusion[0].combine == "ANY"


def test_each_language_points_into_its_own_text():
    done = both("1.有风筝", "1. Owns a kite")
    assert done.provenance["/inclusion/0/text/zh"] == (Span(2, 5),)
    assert done.provenance["/inclusion/0/text/en"] == (Span(1003, 1014),)


def test_a_section_may_hold_the_other_one_too():
    done = both(
        "纳入标准：1.有风筝；2.自愿。排除标准：1.恐高；2.雷雨",
        "Inclusion: 1. Owns a kite; 2. Volunteers.\nExclusion: 1. Fears heights; 2. Thunder",
    )
    assert pairs(done) == [("有风筝", "Owns a kite"), ("自愿。", "Volunteers.")]
    assert pairs(done, "exclusion") == [("恐高", "Fears heights"), ("雷雨", "Thunder")]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("年龄≥18岁", "Age >= 18 years"),
        ("血小板≥100×10⁹/L", "Platelets >= 100 x 10^9/L"),
        ("血小板≥100×109/L", "Platelets >= 100 × 10⁹/L"),
        ("心功能Ⅲ级", "NYHA class 3"),
        ("半年内手术史", "Surgery within 6 months"),
        ("两周内用药", "Drugs within 2 weeks"),
        ("14天内用药", "Drugs within 2 weeks"),
        ("十八周岁以上", "Over 18 years"),
        ("至少一处病灶", "At least one lesion"),
        ("体重1000g以上", "Weight over 1 kg"),
        ("１０ ml以上", "Over 10 ml"),
        ("无数字", "No number at all"),
        ("病程超过2年", "Ill for more than two years (grade 1)"),
    ],
)
def test_the_same_value_in_another_script_is_no_difference(zh, en):
    assert find_difference(zh, en, {}) == ""


@pytest.mark.parametrize(
    ("zh", "en"),
    [("年龄≥18岁", "Age >= 20 years"), ("6个月内", "within 3 months"), ("ALT>2×ULN", "ALT > 3 x ULN"), ("2~3次", "2 to 5 times")],
)
def test_other_numbers_are_a_difference(zh, en):
    assert find_difference(zh, en, {}) != ""


def test_a_difference_names_both_quotes():
    done = both("1.年龄≥18岁；\n2.自愿", "1. Age >= 20 years; 2. Volunteers")
    assert [(doubt.code, doubt.path, doubt.quote) for doubt in done.doubts] == [
        ("criteria.languages_differ", "/inclusion/0", "年龄≥18岁 | Age >= 20 years")
    ]


def test_another_comparator_is_a_difference():
    assert codes(both("1.年龄≥18岁；\n2.自愿", "1. Age > 18 years; 2. Volunteers")) == ["criteria.languages_differ"]


def test_equal_constraints_are_one_with_both_quotes():
    criterion = both("1.年龄≥18岁；\n2.自愿", "1. Age >= 18 years; 2. Volunteers").inclusion[0]
    assert len(criterion.constraints) == 1
    quote = criterion.constraints[0].quote
    assert (quote.zh in "年龄≥18岁", quote.en in "Age >= 18 years") == (True, True)


def test_numbers_are_read_in_every_script():
    assert find_numbers("Ⅲ级，半年，1,000 次，两种") == {3.0, 0.5, 1000.0, 2.0}


def test_a_plain_list_has_the_prefix_that_is_asked_for():
    text = "1.用于风筝手；\n2.用于船手。"
    done = structure_list(found(text, 0), "IND")
    assert [(criterion.id, criterion.text.zh) for criterion in done.inclusion] == [("IND1", "用于风筝手"), ("IND2", "用于船手。")]
    assert structure_list(found("对排除标准中的成分过敏者禁用。", 0), "CON").inclusion[0].id == "CON1"


def test_the_section_as_printed_keeps_markers_and_repeats():
    text: Mapping[str, Found] = {"en": found("1. Owns a\nkite;\n2. Flies it;\n2. Flies it;", 0)}
    done = structure_sections(text, {})
    assert done.text is not None
    assert done.text.inclusion.en == "1. Owns a kite;\n2. Flies it;\n2. Flies it;"


@pytest.mark.parametrize(
    ("zh", "en", "difference"),
    [
        ("7个月内手术", "surgery within 7 weeks", "zh says within 7 mo, en says within 7 wk"),
        ("年龄≥7个月", "age ≥ 7 years", "zh says ≥ 7 mo, en says ≥ 7 a"),
        ("血红蛋白≥85 g/L", "hemoglobin ≥ 85 g/dL", "zh says ≥ 85 g/L, en says ≥ 85 g/dL"),
        ("年龄≥19岁", "age > 19 years", "the comparators of 19 differ: zh says ≥ 19 a, en says > 19 a"),
        ("7个月内手术", "surgery within 7 months", ""),
        ("半年内手术", "surgery within 6 months", ""),
        ("血小板≥85×10⁹/L", "platelets ≥ 85 x 10^3/µL", ""),
        ("病程≥3年", "a history of at least 3 years", ""),
    ],
)
def test_a_difference_names_what_each_language_says(zh, en, difference):
    assert find_difference(zh, en, {"zh": find_constraints(zh), "en": find_constraints(en)}) == difference


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        ("血红蛋白≥88 g/L", "Hemoglobin ≥ 8.8 g/dL", ["MEASUREMENT >=88 g/L"]),
        ("血红蛋白≥88 g/L", "Hemoglobin ≥ 88 g/dL", ["MEASUREMENT >=88 g/L", "MEASUREMENT >=88 g/dL"]),
        ("年龄≤71岁", "Aged 19 to 71 years", ["AGE >=19 <=71 a"]),
        ("年龄19-71岁", "Aged > 19 years", ["AGE >=19 <=71 a", "AGE >19 a"]),
        ("筛选前9天内血红蛋白≥88g/L", "Hemoglobin ≥ 88 g/L", ["MEASUREMENT >=88 g/L [WITHIN 9 DAY SCREENING]"]),
        ("血小板≥88×10^9/L", "ALT ≥ 88 U/L", ["MEASUREMENT >=88 10*9/L", "MEASUREMENT >=88 U/L"]),
    ],
)
def test_the_richer_reading_wins_where_the_other_does_not_contradict_it(chinese, english, expected):
    found = merge_constraints({"zh": find_constraints(chinese, "zh"), "en": find_constraints(english, "en")})
    assert [said(constraint) for constraint in found] == expected

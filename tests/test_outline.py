"""The outline of criteria: which list each item stands in, how items combine, what is told where a heading was not read."""

from __future__ import annotations

import msgspec
import pytest
from case_rows import read_cases

import extractor
from extractor.criteria import structure_sections, structure_whole
from extractor.document import Found, Span

UNREAD = "criteria.exclusion_unread"
UNCERTAIN = "criteria.uncertain"
EXCLUDES = "criteria.excludes_itself"


def whole(text):
    return structure_whole(Found(text, (Span(0, len(text)),)))


def told(criteria):
    """A list in one line: "a | b (ANY: c | d)"."""
    return " | ".join(_told(criterion) for criterion in criteria)


def _told(criterion):
    words = next(text for text in msgspec.structs.astuple(criterion.text) if text is not msgspec.UNSET)
    if not criterion.children:
        return words
    return f"{words} ({criterion.combine or ''}: {told(criterion.children)})"


@pytest.mark.parametrize(("text", "inclusion", "exclusion", "unread"), read_cases("outline_sections"))
def test_no_exclusion_stands_silently_as_inclusion(text, inclusion, exclusion, unread):
    done = whole(text)
    assert (told(done.inclusion), told(done.exclusion)) == (inclusion, exclusion)
    assert (UNREAD in [doubt.code for doubt in done.doubts]) == (unread == "unread")


@pytest.mark.parametrize(("text", "inclusion", "exclusion"), read_cases("outline_trees"))
def test_the_cheapest_tree_is_the_one_that_was_meant(text, inclusion, exclusion):
    done = whole(text)
    assert (told(done.inclusion), told(done.exclusion)) == (inclusion, exclusion)


@pytest.mark.parametrize(("text", "unsure"), read_cases("outline_unsure"))
def test_a_tree_that_is_not_sure_is_told(text, unsure):
    assert (UNCERTAIN in [doubt.code for doubt in whole(text).doubts]) == (unsure == "unsure")


def test_what_is_not_sure_is_told_at_its_item():
    text = "排除标准：(1)暴雨；(2)雷电；(2)冰雹；(3)断线"
    [doubt] = [doubt for doubt in whole(text).doubts if doubt.code == UNCERTAIN]
    assert (doubt.path, doubt.quote) == ("/exclusion/2", "冰雹；")


@pytest.mark.parametrize(("text", "moved"), read_cases("outline_moved"))
def test_an_item_that_goes_to_the_other_list_is_told(text, moved):
    done = whole(text)
    assert [doubt.quote for doubt in done.doubts if doubt.code == "criteria.moved"] == ([moved] if moved else [])


@pytest.mark.parametrize(("text", "inclusion", "exclusion"), read_cases("lost_bullets"))
def test_question_marks_where_items_begin_are_lost_bullets(text, inclusion, exclusion):
    done = whole(text)
    assert (told(done.inclusion), told(done.exclusion)) == (inclusion, exclusion)


def test_an_exclusion_heading_in_the_inclusion_field_is_told():
    text = "1. kites\n2. strings\n3. Contraindications\n4. storms"
    found = Found(text, (Span(0, len(text)),))
    done = structure_sections({"en": found}, {"en": Found("rain", (Span(90, 94),))})
    assert UNREAD in [doubt.code for doubt in done.doubts]


@pytest.mark.parametrize(
    ("criterion", "side"),
    [
        ("Pilots over 70 will be excluded", "inclusion"),
        ("Pilots with ANC < 1000/uL are not eligible", "inclusion"),
        ("Pilots with ANC < 1000/uL are not eligible", "exclusion"),
        ("Pilots who fly in the rain should not be included in the study", "inclusion"),
        ("年龄大于70岁者不得入选", "inclusion"),
        ("血小板低于50×10^9/L者予以排除", "inclusion"),
        ("血小板低于50×10^9/L者不得入选", "exclusion"),
        ("Pilots over 18 years, excluding those with vertigo", "inclusion"),
        ("年满18岁，并排除恐高者", "inclusion"),
        ("剔除恐高症患者", "inclusion"),
    ],
)
def test_a_criterion_that_excludes_in_its_own_words_is_told(criterion, side):
    assert EXCLUDES in _codes(criterion, side)


@pytest.mark.parametrize(
    ("criterion", "side"),
    [
        ("Pilots with ANC < 1000/uL will be excluded", "exclusion"),
        ("Other causes of a fall have been excluded", "inclusion"),
        ("Diseases of the ear are excluded by examination", "inclusion"),
        ("Pilots with a small kite will not be excluded", "inclusion"),
        ("Not eligible for the cup", "inclusion"),
        ("不参加其他比赛", "inclusion"),
        ("排除其他原因引起的断线", "inclusion"),
        ("不能参加其他比赛", "inclusion"),
        ("经检查排除妊娠", "inclusion"),
        ("Tumours, excluding basal cell carcinoma", "inclusion"),
        ("Not suitable to participate in the opinion of the referee, ANC not below 1000/uL", "exclusion"),
    ],
)
def test_a_criterion_that_speaks_of_exclusion_otherwise_is_not_told(criterion, side):
    assert EXCLUDES not in _codes(criterion, side)


def _codes(criterion, side):
    lists = {"inclusion": "- kites", "exclusion": "- storms"}
    lists[side] += f"\n- {criterion}"
    return [doubt.code for doubt in whole(f"Inclusion Criteria:\n{lists['inclusion']}\n\nExclusion Criteria:\n{lists['exclusion']}").doubts]


@pytest.mark.parametrize(
    "text",
    ["Inclusion Criteria:\n- kites\n\nExclusion Criteria:\n- storms\n", "【入选标准】\n1、有风筝；\n【排除标准】\n1、暴雨。\n"],
)
def test_a_bare_eligibility_text_is_a_record(text):
    (record,) = extractor.extract(text.encode(), "criteria.txt")
    assert record.source.name == "listing"
    assert len(record.trial.eligibility.inclusion) == len(record.trial.eligibility.exclusion) == 1


def test_prose_round_the_lists_is_unmapped():
    text = "1.2 纳入标准：(1)有风筝；(2)有线。1.3 排除标准：(1)暴雨；(2)雷电。本研究经某医院伦理委员会批准，所有放飞者均签署知情同意书。"
    (record,) = extractor.extract(text.encode(), "article.txt")
    assert told(record.trial.eligibility.exclusion) == "暴雨 | 雷电。"
    assert [item.text for item in record.unmapped] == ["本研究经某医院伦理委员会批准，所有放飞者均签署知情同意书。"]

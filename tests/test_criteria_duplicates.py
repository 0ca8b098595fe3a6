"""Lists that a page printed more than once, and lists that only look so. All texts are invented."""

from __future__ import annotations

import pytest
from test_criteria_segmentation import exclusion, inclusion

from extractor.criteria import structure_whole
from extractor.document import Found, Span

STEM = "Any of the following within the past year:"
CHILDREN = ["a broken string;", "two torn tails;", "three lost spools;", "a flight in a storm."]
EXPECTED = ("", STEM.rstrip(":"), [("", child.rstrip(";")) for child in CHILDREN])


def page(*bullets: str) -> str:
    return "\n".join(["Inclusion Criteria:", "- Owns a kite;", *(f"- {bullet}" for bullet in bullets), "- Flies it."])


def found(text: str) -> list[str]:
    return [doubt.message for doubt in structure_whole(Found(text, (Span(0, len(text)),))).doubts]


def test_a_list_printed_on_the_way_in_and_out():
    text = page(STEM, *CHILDREN, *CHILDREN[-2::-1])
    assert inclusion(text) == [("", "Owns a kite"), EXPECTED, ("", "Flies it.")]
    assert found(text) == ["3 statements, printed again backwards: lines 8-10"]


def test_a_list_printed_twice():
    text = page(STEM, *CHILDREN, *CHILDREN)
    assert inclusion(text) == [("", "Owns a kite"), EXPECTED, ("", "Flies it.")]
    assert found(text) == ["4 statements, printed twice: lines 8-11"]


def test_a_parent_that_holds_the_text_of_its_children():
    text = page(f"{STEM} {' '.join(CHILDREN)}", *CHILDREN)
    assert inclusion(text) == [("", "Owns a kite"), EXPECTED, ("", "Flies it.")]


def test_levels_printed_again_when_the_walk_leaves_them():
    inner = ["silk of any kind:", "red silk;", "blue silk;"]
    inside = ["Kites made of:", "paper;", *inner, *inner[1:], "paper;", *inner]
    assert inclusion(page(*inside))[1] == (
        "",
        "Kites made of",
        [("", "paper"), ("", "silk of any kind", [("", "red silk"), ("", "blue silk")])],
    )


def test_each_section_printed_twice():
    first, second = "Inclusion Criteria:\n* Owns a kite\n* Flies it\n", "Exclusion Criteria:\n* Storm\n* Rain\n"
    for text in (first + first + second + second, first + second + first + second):
        assert inclusion(text) == [("", "Owns a kite"), ("", "Flies it")]
        assert exclusion(text) == [("", "Storm"), ("", "Rain")]


def test_the_inclusion_form_pasted_into_the_exclusion_section():
    form = "1. Owns a kite\n2. Flies it\n"
    text = f"Inclusion Criteria:\n\n{form}\nExclusion Criteria:\n\n* Inclusion Criteria: All answers must be YES.\n\n{form}\nExclusion Criteria: All answers must be NO.\n\n1. Storm\n2. Rain"
    assert inclusion(text) == [("1", "Owns a kite"), ("2", "Flies it")]
    assert [node[1] for node in exclusion(text)] == ["Storm", "Rain"]


def test_a_stem_cut_into_bullets_with_an_empty_one_at_its_end():
    text = page("Has flown a kite in a storm that was declared by the judge as one of the", "following", "", *CHILDREN, *CHILDREN[-2::-1])
    stem = "Has flown a kite in a storm that was declared by the judge as one of the following"
    assert inclusion(text)[1] == ("", stem, EXPECTED[2])


def test_a_cut_stem_has_a_span_for_every_piece():
    text = page("Has flown a kite in a storm that was declared by the judge as one of the", "following", "", *CHILDREN, *CHILDREN[-2::-1])
    done = structure_whole(Found(text, (Span(0, len(text)),)))
    pieces = [text[span.start : span.end] for span in done.provenance["/inclusion/1/text/en"]]
    assert pieces == ["Has flown a kite in a storm that was declared by the judge as one of the", "following"]


def test_the_wraps_of_a_repeat_may_differ():
    text = page(
        STEM,
        "a string that broke in a gale while the pilot\nslept;",
        "two torn tails;",
        "a string that broke in a gale while the pilot slept;",
    )
    assert inclusion(text)[1] == (
        "",
        STEM.rstrip(":"),
        [("", "a string that broke in a gale while the pilot slept"), ("", "two torn tails")],
    )


@pytest.mark.parametrize(
    "children",
    [
        ["string ≤ 2 × ULN", "tail ≤ 2 × ULN", "string ≤ 3 × ULN", "tail ≤ 3 × ULN"],
        ["flown < 3 months", "spool of 5 m", "flown > 3 months"],
        ["string of 2.5 m", "tail of 1 m", "string of 25 m"],
    ],
)
def test_look_alikes_stay(children):
    nested = "\n".join(["* Owns a kite", f"* {STEM}", *(f"  * {child}" for child in children)])
    assert [node[1] for node in inclusion(nested)[1][2]] == children
    flat = "\n".join(f"* {child}" for child in children)
    assert [node[1] for node in inclusion(flat)] == children


def test_one_list_under_two_stems_stays():
    children = "\n".join(f"  * {child}" for child in CHILDREN)
    text = f"* Any of the following before screening:\n{children}\n* Any of the following at any time:\n{children}"
    assert [len(node[2]) for node in inclusion(text)] == [4, 4]
    assert found(text) == ["no section heading: read as inclusion"]


def test_one_list_for_two_cohorts_stays():
    items = "- a kite;\n- a boat;\n"
    assert [len(node[2]) for node in inclusion(f"Inclusion Criteria:\nPart 1:\n{items}Part 2:\n{items}")] == [2, 2]


def test_a_statement_in_both_sections_stays():
    text = "Inclusion Criteria:\n- a kite;\n- a boat;\nExclusion Criteria:\n- storm;\n- a kite;"
    assert (len(inclusion(text)), len(exclusion(text))) == (2, 2)


def test_short_statements_that_come_back_under_other_topics_stay():
    text = "- Age\n- Not specified\n- Eyesight\n- Not specified\n- Hearing\n- Good"
    assert len(inclusion(text)) == 6


def test_items_that_count_on_are_no_repeat():
    assert len(inclusion("1. a kite\n2. a boat\n3. a kite\n4. a boat")) == 4

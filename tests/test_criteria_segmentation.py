"""Eligibility text to trees: sections, markers, wraps, stems, notes. All texts are invented."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from extractor.criteria import parse_criteria


def tree(items: list[dict[str, Any]]) -> list[Any]:
    """A list as nested tuples: (number, text, children), children left out where there are none."""
    found: list[Any] = []
    for item in items:
        text = next(iter(item["text"].values()))
        node = (item.get("number", ""), text)
        found.append((*node, tree(item["children"])) if item.get("children") else node)
    return found


def read(text: str) -> dict[str, list[dict[str, Any]]]:
    plain = msgspec.json.decode(msgspec.json.encode(parse_criteria(text)))
    return {"inclusion": plain.get("inclusion", []), "exclusion": plain.get("exclusion", [])}


def inclusion(text: str) -> list[Any]:
    return tree(read(text)["inclusion"])


def exclusion(text: str) -> list[Any]:
    return tree(read(text)["exclusion"])


@pytest.mark.parametrize(
    "heading",
    [
        "Inclusion Criteria:",
        "INCLUSION CRITERIA",
        "Key Inclusion Criteria:",
        "Main inclusion criteria :",
        "-INCLUSION CRITERIA:",
        "Inclusion Criteria (must all be answered yes):",
        "Participants Must:",
        "Inclusion:",
        "Inclusion Criteria--",
    ],
)
def test_headings_open_inclusion(heading):
    text = f"{heading}\n\n* Owns a kite\n\nExclusion Criteria:\n\n* Fears heights"
    assert inclusion(text) == [("", "Owns a kite")]
    assert exclusion(text) == [("", "Fears heights")]


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria:",
        "EXCLUSION CRITERIA",
        "Key Exclusion Criteria",
        "Non-inclusion criteria:",
        "Participants Must Not:",
        "Exclusion",
        "Main criteria for exclusion:",
    ],
)
def test_headings_open_exclusion(heading):
    assert exclusion(f"Inclusion Criteria:\n\n* Owns a kite\n\n{heading}\n\n* Fears heights") == [("", "Fears heights")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Does not meet the inclusion criteria",
        "Violates any exclusion criterion",
        "Meets all inclusion criteria of study KITE-1",
        "No exclusion criteria apply",
    ],
)
def test_sentences_about_criteria_are_items(sentence):
    assert inclusion(f"Inclusion Criteria:\n\n* Owns a kite\n* {sentence}\n* Flies it") == [
        ("", "Owns a kite"),
        ("", sentence),
        ("", "Flies it"),
    ]


def test_heading_inside_a_line_splits_it():
    text = "Inclusion Criteria: - owns a kite - flies it weekly Exclusion Criteria: - fears heights - has no thumb"
    assert inclusion(text) == [("", "owns a kite"), ("", "flies it weekly")]
    assert exclusion(text) == [("", "fears heights"), ("", "has no thumb")]


def test_heading_at_the_end_of_an_item():
    text = "Inclusion Criteria:\n\n* Kite weighs between 1 and 3 kg Exclusion Criteria\n* Broken string"
    assert inclusion(text) == [("", "Kite weighs between 1 and 3 kg")]
    assert exclusion(text) == [("", "Broken string")]


def test_no_heading_is_inclusion():
    assert inclusion("Children who own a kite.") == [("", "Children who own a kite.")]


def test_a_sentence_can_open_the_exclusion_list():
    text = "Participants were eligible if they:\n\n1. Own a kite\n2. Fly it\n\nParticipants were ineligible if they:\n\n1. Fear heights\n2. Lost the string"
    assert inclusion(text) == [("1", "Own a kite"), ("2", "Fly it")]
    assert exclusion(text) == [("1", "Fear heights"), ("2", "Lost the string")]


def test_heading_with_a_scope_stays_in_the_tree():
    text = "Inclusion Criteria for Pilots:\n\n* Owns a kite\n\nInclusion Criteria for Judges:\n\n* Owns a whistle"
    assert inclusion(text) == [
        ("", "Inclusion Criteria for Pilots", [("", "Owns a kite")]),
        ("", "Inclusion Criteria for Judges", [("", "Owns a whistle")]),
    ]
    assert {item["role"] for item in read(text)["inclusion"]} == {"HEADING"}


def test_cohort_headings_are_nodes():
    text = "Inclusion Criteria:\n\nPart 1:\n\n* Owns a kite\n\nPart 2:\n\n* Owns a boat\n* Can swim"
    assert inclusion(text) == [("", "Part 1", [("", "Owns a kite")]), ("", "Part 2", [("", "Owns a boat"), ("", "Can swim")])]


def test_a_group_label_heads_both_lists():
    text = "Group 1\n\nInclusion Criteria:\n\n* a kite\n\nExclusion Criteria:\n\n* no string\n\nGroup 2\n\nInclusion Criteria:\n\n* a boat\n\nExclusion Criteria:\n\n* no oar"
    assert inclusion(text) == [("", "Group 1", [("", "a kite")]), ("", "Group 2", [("", "a boat")])]
    assert exclusion(text) == [("", "Group 1", [("", "no string")]), ("", "Group 2", [("", "no oar")])]


def test_capital_headings_with_topics_below():
    text = """
        KITE CHARACTERISTICS:

          -  Made of paper

        PILOT CHARACTERISTICS:

        Age

          -  Over 12

        Eyesight

          -  Not specified

        PRIOR FLIGHTS:

          -  See Kite Characteristics
    """
    assert inclusion(text) == [
        ("", "KITE CHARACTERISTICS", [("", "Made of paper")]),
        ("", "PILOT CHARACTERISTICS", [("", "Age", [("", "Over 12")]), ("", "Eyesight", [("", "Not specified")])]),
        ("", "PRIOR FLIGHTS", [("", "See Kite Characteristics")]),
    ]


def test_exclusion_numbers_go_on_from_inclusion():
    text = "Inclusion Criteria:\n\n1. Owns a kite\n2. Flies it\n\n   Exclusion Criteria:\n3. Fears heights\n4. Lost the string"
    assert exclusion(text) == [("3", "Fears heights"), ("4", "Lost the string")]


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ("1.", "2.", ("1", "2")),
        ("1)", "2)", ("1", "2")),
        ("(1)", "(2)", ("1", "2")),
        ("（1）", "（2）", ("1", "2")),
        ("1、", "2、", ("1", "2")),
        ("①", "②", ("①", "②")),
        ("a.", "b.", ("a", "b")),
        ("A)", "B)", ("A", "B")),
        ("i.", "ii.", ("i", "ii")),
        ("一、", "二、", ("一", "二")),
        ("Ⅰ.", "Ⅱ.", ("Ⅰ", "Ⅱ")),
        ("1\\.", "2\\.", ("1", "2")),
        ("-", "-", ("", "")),
        ("•", "•", ("", "")),
        ("* 1.", "* 2.", ("1", "2")),
    ],
)
def test_every_enumerator_family(first, second, numbers):
    assert inclusion(f"{first} Owns a kite\n{second} Flies it") == [(numbers[0], "Owns a kite"), (numbers[1], "Flies it")]


@pytest.mark.parametrize(
    "text",
    [
        "Lesions measurable by RECIST 1.1 criteria",
        "Weight of 2.5 kg or more",
        "Grade 3 or 4. Grade 5. Not allowed",
        "HER2. Positive tumours",
        "See items 5 and 11. These are closed",
        "Born before May 12. 1990",
        "Dose of 10 mg b.i.d. Twice",
        "E. coli infection",
    ],
)
def test_numbers_that_are_no_markers(text):
    assert inclusion(f"* Owns a kite\n* {text}\n* Flies it") == [("", "Owns a kite"), ("", text.rstrip(":")), ("", "Flies it")]


def test_a_number_glued_to_its_text():
    assert inclusion("5.无发热；\n6.无咳嗽；\n7.3级以上风筝；\n8.自愿。") == [
        ("5", "无发热"),
        ("6", "无咳嗽"),
        ("7", "3级以上风筝"),
        ("8", "自愿。"),
    ]
    assert inclusion("1.18-60岁；2.有风筝；3.自愿") == [("1", "18-60岁"), ("2", "有风筝"), ("3", "自愿")]


def test_bare_numbers_count():
    assert inclusion("1 有风筝\n2 能放飞\n3 自愿参加") == [("1", "有风筝"), ("2", "能放飞"), ("3", "自愿参加")]


def test_items_run_together_on_one_line():
    assert inclusion("1. Owns a kite; 2. Flies it. 3. Has string") == [("1", "Owns a kite"), ("2", "Flies it."), ("3", "Has string")]
    assert inclusion("1.有风筝；2.能放飞；3.自愿") == [("1", "有风筝"), ("2", "能放飞"), ("3", "自愿")]


def test_children_run_together_under_a_stem():
    text = "1. Owns one of the following: 1. a kite. 2. a boat. 3. a drone.\n2. Lives outdoors"
    assert inclusion(text) == [
        ("1", "Owns one of the following", [("1", "a kite."), ("2", "a boat."), ("3", "a drone.")]),
        ("2", "Lives outdoors"),
    ] or inclusion(text) == [("1", "Owns one of the following: 1. a kite. 2. a boat. 3. a drone."), ("2", "Lives outdoors")]


def test_capital_children_run_together_under_a_stem():
    text = "1. Owns any of the following: 1. Kite of paper. 2. Boat of wood. 3. Drone.\n2. Lives outdoors"
    assert inclusion(text) == [
        ("1", "Owns any of the following", [("1", "Kite of paper."), ("2", "Boat of wood."), ("3", "Drone.")]),
        ("2", "Lives outdoors"),
    ]


def test_an_enumeration_in_a_running_sentence_stays_whole():
    text = "1. Flights on or after i. May 2012 in the north, ii. June 2013 in the south, or iii. July 2014 in the east."
    assert len(inclusion(text)) == 1


def test_a_chinese_stem_with_circled_children():
    text = "1.有风筝；2.符合以下任一项：①纸制；②布制；3.自愿。"
    assert inclusion(text) == [("1", "有风筝"), ("2", "符合以下任一项", [("①", "纸制"), ("②", "布制")]), ("3", "自愿。")]
    assert read(text)["inclusion"][1]["combine"] == "ANY"


def test_wrapped_lines_belong_to_the_item_before_them():
    text = """
        Inclusion Criteria:

          1. Owns a kite that was flown at least once within the year and whose string has been measured by
             a judge.

          2. Agrees to fly it on Day
             1. The flight lasts an hour.
    """
    assert inclusion(text) == [
        ("1", "Owns a kite that was flown at least once within the year and whose string has been measured by a judge."),
        ("2", "Agrees to fly it on Day 1. The flight lasts an hour."),
    ]


def test_nesting_by_indentation():
    text = "* Kites:\n\n  * of paper\n  * of silk:\n\n    * red\n    * blue\n* Boats"
    assert inclusion(text) == [("", "Kites", [("", "of paper"), ("", "of silk", [("", "red"), ("", "blue")])]), ("", "Boats")]


def test_nesting_by_markers_without_indentation():
    text = "1. Has a kite as follows:\n- of paper\n- of silk\n2. Treatment of the string\na. waxed\nb. dyed\n3. Flies it"
    assert inclusion(text) == [
        ("1", "Has a kite as follows", [("", "of paper"), ("", "of silk")]),
        ("2", "Treatment of the string", [("a", "waxed"), ("b", "dyed")]),
        ("3", "Flies it"),
    ]


def test_the_count_beats_the_indentation():
    text = "* 1. Owns a kite. 2. Any of the following at Visit 1:\n\n  1. broken string\n  2. torn tail\n\n     3. lost the spool"
    assert inclusion(text) == [
        ("1", "Owns a kite."),
        ("2", "Any of the following at Visit 1", [("1", "broken string"), ("2", "torn tail"), ("3", "lost the spool")]),
    ] or [item[0] for item in inclusion(text)] == ["1", "2", "3"]


def test_links_adopt_items_printed_beside_their_stem():
    text = "* Over 20 years\n* Risky pilots:\n* without a string, or\n* without a tail, or\n* without wind\n* Consent"
    assert inclusion(text)[1] == ("", "Risky pilots", [("", "without a string, or"), ("", "without a tail, or"), ("", "without wind")])
    assert read(text)["inclusion"][1]["combine"] == "ANY"


def test_a_staircase_of_single_children_is_flat():
    text = "* Owns a kite;\n\n  * Flies it weekly; ③ Has string; ④ Consents.\n"
    assert inclusion(text) == [("", "Owns a kite"), ("", "Flies it weekly"), ("③", "Has string"), ("④", "Consents.")]


def test_a_single_child_under_a_plain_item_stays():
    text = "* No prior flight in a storm\n\n  * Any number of flights in calm air allowed\n* Consent"
    assert inclusion(text)[0] == ("", "No prior flight in a storm", [("", "Any number of flights in calm air allowed")])


@pytest.mark.parametrize(
    ("stem", "combine", "at_least"),
    [
        ("At least one of the following:", "ANY", None),
        ("Any of the following:", "ANY", None),
        ("Defined as either:", "ANY", None),
        ("Meets 1 of the following criteria:", "ANY", None),
        ("All of the following apply to the kite:", "ALL", None),
        ("A kite is defined as BOTH:", "ALL", None),
        ("At least 2 of the following signs:", "AT_LEAST", 2),
        ("Three or more of the following:", "AT_LEAST", 3),
        ("Over 60 and any 2 of the following:", "AT_LEAST", 2),
        ("Kites meeting all criteria for one of the following groups:", "ANY", None),
        ("符合下列至少2项：", "AT_LEAST", 2),
        ("风筝满足以下任一条：", "ANY", None),
        ("风筝须同时满足：", "ALL", None),
        ("Adequate string as follows:", None, None),
        ("The kite is made of the following:", None, None),
    ],
)
def test_words_say_how_children_combine(stem, combine, at_least):
    text = f"* Owns a kite\n* {stem}\n\n  * red\n  * blue\n  * green\n* Consent"
    node = read(text)["inclusion"][1]
    assert (node.get("combine"), node.get("at_least")) == (combine, at_least)


def test_links_between_children_say_how_they_combine():
    either = read("* Kite, defined as:\n\n  * paper OR\n  * silk\n* Consent")["inclusion"][0]
    both = read("* Kite, defined as:\n\n  * paper AND\n  * string\n* Consent")["inclusion"][0]
    lower = read("* Kite, made of:\n\n  * paper and\n  * string\n* Consent")["inclusion"][0]
    assert (either.get("combine"), both.get("combine"), lower.get("combine")) == ("ANY", "ALL", None)


def test_a_preamble_is_no_item():
    assert inclusion("Inclusion Criteria:\n\nPatients must meet all of the following criteria:\n\n1. Own a kite\n2. Fly it") == [
        ("1", "Own a kite"),
        ("2", "Fly it"),
    ]
    assert inclusion("纳入标准：\n符合以下全部标准者方可入组：\n1.有风筝；\n2.自愿。") == [("1", "有风筝"), ("2", "自愿。")]


def test_a_sentence_with_a_condition_is_a_stem():
    text = "Inclusion Criteria:\n\nWomen over 60 who meet the following criteria:\n\n- own a kite\n\n- fly it"
    assert inclusion(text) == [("", "Women over 60 who meet the following criteria", [("", "own a kite"), ("", "fly it")])]


def test_notes_and_disclaimers_have_their_role():
    text = "Inclusion Criteria:\n\n* Owns a kite\n\nNote: boats do not count.\n\nOther protocol-defined inclusion/exclusion criteria may apply."
    items = read(text)["inclusion"]
    assert [item.get("role", "CRITERION") for item in items] == ["CRITERION", "NOTE", "NOTE"]


def test_paragraphs_of_an_item_belong_to_it():
    text = "1. Owns a kite\n\n   The kite may be lent.\n2. Flies it"
    assert inclusion(text) == [("1", "Owns a kite\nThe kite may be lent."), ("2", "Flies it")]


def test_withdrawal_criteria_are_in_neither_list():
    text = "纳入标准：\n1.有风筝；\n排除标准：\n1.恐高；\n剔除标准：\n1.失访"
    assert inclusion(text) == [("1", "有风筝")]
    assert exclusion(text) == [("1", "恐高")]


def test_chinese_headings_with_a_scope():
    text = "成人纳入标准：\n1)有风筝；\n儿童纳入标准：\n1)有小船；"
    assert inclusion(text) == [("", "成人纳入标准", [("1", "有风筝")]), ("", "儿童纳入标准", [("1", "有小船")])]


def test_chinese_wraps_are_joined_without_a_blank():
    assert inclusion("1. 有风筝的\n成年人;\n2. 自愿") == [("1", "有风筝的成年人"), ("2", "自愿")]


def test_levels_are_read_from_the_widths_of_lines_without_indentation():
    def filled(words: str, width: int) -> str:
        lines, line = [], ""
        for word in words.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        return "\n ".join([*lines, line])

    long = "Flies the kite at least twice a month in weather that the judge on duty has declared to be calm and dry, and keeps a diary of it for the whole season without gaps {}"
    text = "Inclusion Criteria:\n"
    for label, width in [("- Part 1:", 0), ("one", 81), ("- Part 2:", 0), ("two", 81), ("three", 86), ("four", 86), ("five", 86)]:
        text += f" {label}\n" if not width else f" - {filled(long.format(label), width)}\n"
    found = inclusion(text)
    assert [node[1][:6] for node in found] == ["Part 1", "Part 2", "Flies ", "Flies ", "Flies "]
    assert [len(node[2]) for node in found[:2]] == [1, 1]


def test_entities_and_escapes_are_decoded():
    assert inclusion("* Wind \\&gt; 3 m/s\n* String \\> 5 \\[m\\]") == [("", "Wind > 3 m/s"), ("", "String > 5 [m]")]


def test_ids_name_the_path():
    items = read("* Kites:\n\n  * paper\n  * silk\n* Boats\n\nExclusion Criteria:\n\n* Storm")
    assert [items["inclusion"][0]["children"][1]["id"], items["inclusion"][1]["id"], items["exclusion"][0]["id"]] == ["I1.2", "I2", "E1"]


def test_empty_texts_give_empty_lists():
    for text in ("", " \n", "Inclusion Criteria:", "\\-", "-\n-\n-"):
        assert inclusion(text) == [] or inclusion(text)[0][1].strip("-\\") == ""


@pytest.mark.parametrize(
    "rest",
    [
        "-35). No flights before.",
        "1. The flight lasts.",
        "4.0). Flights are logged.",
        "in-/exclusion criteria.",
        "eligible.",
        "inclusion.",
        "study of kites.",
    ],
)
def test_the_rest_of_a_wrapped_item_is_no_item(rest):
    line = "Agrees to fly the kite in every week of the season until the last of all the judges (Day"
    text = f"\n        Inclusion Criteria:\n\n          -  Owns a kite.\n\n          -  {line}\n             {rest}\n\n          -  Consents.\n\n        Exclusion Criteria:\n\n          -  Storm\n"
    assert inclusion(text) == [("", "Owns a kite."), ("", f"{line} {rest}"), ("", "Consents.")]


def test_a_stem_in_a_flat_copy_takes_the_items_it_announces():
    text = "- Older than 20 years\n- Adequate kite:\n- length ≥ 2 m\n- tail ≥ 5 m\n- weight ≤ 3 kg\n- Signed consent"
    assert inclusion(text)[1] == ("", "Adequate kite", [("", "length ≥ 2 m"), ("", "tail ≥ 5 m"), ("", "weight ≤ 3 kg")])


def test_a_species_is_no_letter_of_a_list():
    assert inclusion("1. No infection with\n   * E. coli\n   * S. aureus\n2. Consent")[0][2] == [("", "E. coli"), ("", "S. aureus")]


def test_markers_of_page_copies():
    assert inclusion("- Inclusion Criteria:\n- • 1. Owns a kite\n- • 2. Flies it") == [("1", "Owns a kite"), ("2", "Flies it")]
    assert inclusion("Inclusion Criteria\n-\nOwns a kite\n-\nFlies it") == [("", "Owns a kite"), ("", "Flies it")]
    assert inclusion("• Kites:\n⁃ of paper\n⁃ of silk\n• Boats") == [("", "Kites", [("", "of paper"), ("", "of silk")]), ("", "Boats")]


def test_decimals_count_by_their_depth():
    text = "1.1 Owns a kite\n1.2 Kites:\n1.2.1 paper\n1.2.2 silk\n1.3 Consent"
    assert inclusion(text) == [("1.1", "Owns a kite"), ("1.2", "Kites", [("1.2.1", "paper"), ("1.2.2", "silk")]), ("1.3", "Consent")]

"""Concept mentions without a model: Chinese names, denials and carve-outs, windows, and that nobody pays for the layer unasked."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.concepts import chinese, find_concepts
from extractor.concepts.governing import govern, windows_of
from extractor.concepts.mention import Region
from extractor.concepts.passages import LONGEST, split_lines
from extractor.concepts.scope import find_scopes
from extractor.concepts.terms import FIRST, INSIDE, LAST, OUTSIDE, SINGLE, TermList, disease_terms, drug_terms, read_terms
from extractor.criteria.constraints import find_constraints
from extractor.errors import ExtractError
from extractor.text import has_ideograph

HAN = st.text(alphabet=st.sampled_from("病炎癌瘤有无除外的或患治疗手术、，。（）PD-1 抗糖尿高血压近6个月内"), max_size=60)


def named(text: str) -> list[tuple[str, str]]:
    return [(region.kind[0], text[region.start : region.end]) for region in chinese.find_regions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("既往有严重的类风湿性关节炎或强直性脊柱炎", ["C 类风湿性关节炎", "C 强直性脊柱炎"]),
        ("活动性乙型肝炎、丙型肝炎患者", ["C 乙型肝炎", "C 丙型肝炎"]),
        ("经病理确诊为非小细胞肺癌", ["C 非小细胞肺癌"]),
        ("患有前列腺癌", ["C 前列腺癌"]),
        ("不稳定型心绞痛", ["C 不稳定型心绞痛"]),
        ("已知对帕博利珠单抗过敏者", ["M 帕博利珠单抗", "C 过敏"]),
        ("正在服用缬沙坦、吉非替尼或阿托伐他汀", ["M 缬沙坦", "M 吉非替尼", "M 阿托伐他汀"]),
        ("接受过PD-1抑制剂", ["M PD-1抑制剂"]),
        ("拟行全膝关节置换术", ["P 全膝关节置换术"]),
        ("4周内接受过大型手术、放疗或造血干细胞移植", ["P 大型手术", "P 放疗", "P 造血干细胞移植"]),
        ("糖尿病肾病", ["C 糖尿病肾病"]),
        ("妊娠或哺乳期妇女", ["C 妊娠", "C 哺乳"]),
    ],
)
def test_chinese_names_are_found_by_their_endings(text: str, expected: list[str]) -> None:
    assert [f"{kind} {words}" for kind, words in named(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "病人及其家属签署知情同意书",
        "病史不清、病例资料不全",
        "经病理证实",
        "病毒载量检测",
        "肿瘤标志物升高",
        "癌胚抗原",
        "手术室护士",
        "掌握该项技术",
        "研究治疗期间",
        "年龄18至75岁",
        "妊娠试验阴性",
    ],
)
def test_other_words_with_the_same_characters_are_no_mentions(text: str) -> None:
    assert named(text) == []


@given(HAN)
def test_chinese_regions_stand_in_order_inside_the_text(text: str) -> None:
    regions = chinese.find_regions(text)
    assert all(0 <= region.start < region.end <= len(text) for region in regions)
    assert [region.end for region in regions] == sorted({region.end for region in regions})


def test_hostile_chinese_is_read_in_bounded_steps() -> None:
    assert all(region.end - region.start < 20 for region in chinese.find_regions("病" * 20_000))
    assert len(chinese.find_regions("的肝炎" * 20_000)) == 20_000


def covered(text: str, *, carve_out: bool) -> list[str]:
    return [text[scope.start : scope.end].strip() for scope in find_scopes(text) if scope.carve_out == carve_out]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("no known history of stroke", ["known history of stroke"]),
        ("without heart failure", ["heart failure"]),
        ("with or without heart failure", []),
        ("including but not limited to asthma", []),
        ("no more than two seizures", []),
        ("hypertension that is not controlled by drugs", []),
        ("无脑卒中病史，有高血压", ["脑卒中病史"]),
        ("否认哮喘、湿疹；糖尿病", ["哮喘、湿疹"]),
        ("未控制的高血压", []),
        ("不能耐受化疗", []),
    ],
)
def test_denials_reach_the_words_they_deny(text: str, denied: list[str]) -> None:
    assert covered(text, carve_out=False) == denied


@pytest.mark.parametrize(
    ("text", "carved"),
    [
        ("malignancy other than basal cell carcinoma", ["basal cell carcinoma"]),
        ("any cancer (except for cured cervical carcinoma)", ["cured cervical carcinoma"]),
        ("除甲状腺癌以外的恶性肿瘤", ["甲状腺癌"]),
        ("恶性肿瘤（已治愈的皮肤癌除外）", ["已治愈的皮肤癌"]),
        ("除肿瘤外，还有糖尿病", ["肿瘤"]),
        ("胆囊切除术后复发", []),
        ("severe asthma", []),
    ],
)
def test_carve_outs_reach_the_words_they_take_out(text: str, carved: list[str]) -> None:
    assert covered(text, carve_out=True) == carved


@given(st.text(max_size=200))
def test_scopes_lie_inside_any_text(text: str) -> None:
    assert all(0 <= scope.start <= scope.end <= len(text) for scope in find_scopes(text))


def governed(text: str, *words: str) -> list[int | None]:
    language = "zh" if has_ideograph(text) else "en"
    regions = [Region(text.index(word), text.index(word) + len(word), "CONDITION") for word in words]
    windows = govern(text, regions, windows_of(text, find_constraints(text, language), language))
    return [window.value if window else None for window in windows]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("major surgery within 4 weeks before enrolment", ["major surgery"], [4]),
        ("diabetes; stroke within 6 months", ["diabetes", "stroke"], [None, 6]),
        ("diabetes, stroke within 6 months", ["diabetes", "stroke"], [None, 6]),
        ("stroke, infarction, or surgery within 6 months", ["stroke", "infarction", "surgery"], [6, 6, 6]),
        ("近6个月内发生过脑卒中、心肌梗死；糖尿病", ["脑卒中", "心肌梗死", "糖尿病"], [6, 6, None]),
        ("within 3 months: chemotherapy or surgery", ["chemotherapy", "surgery"], [3, 3]),
        ("高血压、既往6个月内的心肌梗死", ["高血压", "心肌梗死"], [None, 6]),
        ("4周内未进行放疗、2周内未进行化疗", ["放疗", "化疗"], [4, 2]),
        ("化疗距入组<4周", ["化疗"], [4]),
        ("asthma", ["asthma"], [None]),
    ],
)
def test_a_window_governs_its_clause_and_the_list_it_ends(text: str, words: list[str], values: list[int | None]) -> None:
    assert governed(text, *words) == values


def test_chinese_mentions_carry_polarity_and_window() -> None:
    text = "近3个月内接受过放疗\n无癫痫病史\n恶性肿瘤（已治愈的皮肤癌除外）"
    radiotherapy, epilepsy, tumour, skin = find_concepts(text)
    assert [mention.text for mention in (radiotherapy, epilepsy, tumour, skin)] == ["放疗", "癫痫", "恶性肿瘤", "皮肤癌"]
    assert radiotherapy.window.value == 3  # type: ignore[union-attr]
    assert (epilepsy.negated, epilepsy.exception) == (True, False)
    assert (tumour.negated, tumour.exception) == (False, False)
    assert (skin.negated, skin.exception) == (True, True)
    assert all(text[mention.start : mention.end] == mention.text for mention in (radiotherapy, epilepsy, tumour, skin))


@given(st.text(alphabet=st.sampled_from("a \n\r\tb。x"), max_size=80))
def test_lines_are_pieces_of_the_text(text: str) -> None:
    pieces = list(split_lines(text))
    assert all(text[start : start + len(piece)] == piece == piece.strip() for start, piece in pieces)
    assert "".join("".join(piece.split()) for _, piece in pieces) == "".join(text.split())


def test_long_lines_are_cut_at_a_blank() -> None:
    pieces = [piece for _, piece in split_lines("word " * 2000)]
    assert max(map(len, pieces)) <= LONGEST
    assert set(" ".join(pieces).split()) == {"word"}
    assert [len(piece) for _, piece in split_lines("x" * (LONGEST + 5))] == [LONGEST, 5]


def test_the_longest_term_wins() -> None:
    terms = TermList(frozenset({"heart failure", "congestive heart failure", "failure", "asthma"}))
    assert terms.places("acute congestive heart failure or asthma".split()) == [OUTSIDE, FIRST, INSIDE, LAST, OUTSIDE, SINGLE]
    assert terms.heads["failure"] == 3
    assert terms.modifiers["heart"] == 2


def test_long_words_with_an_ending_count_as_names() -> None:
    terms = TermList(frozenset({"aspirin"}), frozenset({"mab", "statin"}))
    assert terms.places(["aspirin", "orvotuzumab", "grab", "and"]) == [SINGLE, SINGLE, OUTSIDE, OUTSIDE]
    assert TermList(frozenset({"aspirin"})).places(["orvotuzumab"]) == [OUTSIDE]


@pytest.mark.parametrize("name", ["diseases", "drugs", "drug_classes", "procedures", "conditions"])
def test_term_lists_are_clean(name: str) -> None:
    terms = read_terms(name)
    assert len(terms) > 300
    assert all(term == term.strip().lower() and "\t" not in term for term in terms)


def test_term_lists_hold_what_they_say() -> None:
    assert "asthma" in disease_terms().terms
    assert "metformin" in drug_terms().terms


def test_without_spacy_english_says_what_to_install_and_chinese_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    monkeypatch.delitem(sys.modules, "extractor.concepts.english", raising=False)
    monkeypatch.delattr("extractor.concepts.english", raising=False)
    with pytest.raises(ExtractError, match="pip install 'spacy<4'"):
        find_concepts("history of hepatitis B")
    assert [mention.text for mention in find_concepts("患有乙型肝炎")] == ["乙型肝炎"]


def test_the_default_run_imports_neither_spacy_nor_the_layer() -> None:
    code = (
        "import sys, extractor\n"
        "extractor.to_json(extractor.parse_criteria('Inclusion Criteria:\\n* Age over 18\\n\\nExclusion Criteria:\\n* Hepatitis B'))\n"
        "extractor.to_json(extractor.parse_constraints('PLT ≥ 100×10^9/L'))\n"
        "import extractor.cli, extractor.pipeline\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('spacy', 'thinc') or name.startswith('extractor.concepts')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Fragments that, repeated, keep careless patterns busy, and every way that text takes through the package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import extractor
from extractor.criteria import parse_criteria
from extractor.criteria.constraints import parse_constraints
from extractor.pipeline import Options

FRAGMENTS = (
    " ", "\t", "\n", " \n", "\u3000", "a", "A", "1", "中", "，", "(", ")", "（", "[", "<", ">", "&", "&#", '"', "'", "-", "- ", ".", ". ", ",",
    "/", "\\", ":", ": ", ";", "%", "^", "*", "* ", "1.", "1. ", "1) ", "a b ", "a-", "a, ", "1,", "1 ", "1-", "1 - ", "1/", "1:", "≥", "≥1 ", "< 1 ",
    "and ", "or ", "not ", "no ", "and/or ", "to ", "of ", "the ", "with ", "within ", "at least ", "more than ", "1 mg/", "10^", "x 10", "1×",
    "years ", "1 year ", "18 to ", "和", "或", "、", "不", "岁", "1岁", "个月", "例", "（1）", "① ", "1、", "一、", "Age ", "Inclusion Criteria: ",
    "Inclusion Criteria:\n", "Exclusion:\n", "入选标准：\n", "排除标准：", "Dr. ", "a@", "a.", "+1 ", "http://", "<b>", "<a ", "<a b=", "<!--", "<td>",
    "</p>", "&amp;", "NCT", "NCT0", "ChiCTR", "CTR", "HbA1c ", "ECOG ", "grade ", "I", "II/", "Phase ", "n=", "a\n", "1\n", "中\n", "- a\n", "1. a\n",
    "a: b\n", "a\tb\n", "a\t", "|", "| ", "| a |\n", "【", "】", "【a】\n", "#", "## ", "_", "__", "=", "==", "~", "“", "‘", "…", "—", "\ufeff", "\u200b",
)  # fmt: skip

CHICTR = "注册号：\nChiCTR2699000001\n注册题目：\n{}\n研究实施时间：\n纳入标准：\n{}\n排除标准：\n{}\n"
CLASSIC = "NCT09990001\n\nBrief Summary:\n{}\n\nEligibility Criteria\n\nInclusion Criteria:\n{}\n\nExclusion Criteria:\n{}\n"
LABEL = "核准日期：2020年01月01日\n某某片说明书\n【药品名称】\n通用名称：某某片\n【适应症】\n{}\n【用法用量】\n{}\n【不良反应】\n{}\n【禁忌】\n{}\n"
LISTING = "A Study\nRecruiting\nOverview\n{}\nEligibility\nInclusion Criteria:\n- a\nExclusion Criteria:\n{}\nTrial number\n{}\n"
CSV = 'NCT Number,Study Title,Brief Summary\nNCT09990001,"{}","{}"\n'
JSON = (
    '{{"protocolSection": {{"identificationModule": {{"nctId": "NCT09990001", "briefTitle": "{}"}}, '
    '"descriptionModule": {{"briefSummary": "{}"}}, "eligibilityModule": {{"eligibilityCriteria": "{}"}}}}}}'
)
XML = (
    "<clinical_study><id_info><nct_id>NCT09990001</nct_id></id_info><brief_title>{}</brief_title>"
    "<eligibility><criteria><textblock>{}</textblock></criteria></eligibility></clinical_study>"
)
HTML = "<html><body><table><tr><td>注册号</td><td>ChiCTR2699000001</td></tr><tr><td>{}</td></tr></table><p>{}</p></body></html>"
FORMS = {
    "chictr": ("x.txt", CHICTR), "ctgov": ("x.txt", CLASSIC), "nmpa": ("x.txt", LABEL), "listing": ("x.txt", LISTING), "cde": ("x.txt", "{}"),
    "veeva": ("x.txt", "{}"),
}  # fmt: skip
OTHERS = {"csv": ("x.csv", CSV), "json": ("x.json", JSON), "xml": ("x.xml", XML), "html": ("x.html", HTML)}


def _read(options: Options, name: str, form: str, text: str) -> list[extractor.Record]:
    if name == "x.json":
        text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return list(extractor.extract(form.format(*[text] * 4).encode(), name, options))


def ways() -> Iterator[tuple[str, Callable[[str], object]]]:
    """(name, what reads a text) for criteria, constraints and each source and form."""
    yield "parse_criteria", parse_criteria
    yield "parse_constraints", parse_constraints
    for source, (name, form) in FORMS.items():
        yield f"{source} text", partial(_read, Options(source=source), name, form)
    for source, (name, form) in OTHERS.items():
        yield source, partial(_read, Options(source="chictr" if source == "html" else ""), name, form)
    yield "without contacts", partial(_read, Options(source="ctgov", contacts=False), "x.txt", CLASSIC)

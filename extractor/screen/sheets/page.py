"""Matches as a sheet for the person who screens: for each patient what to ask, then the trials with what speaks for and against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import IO, Any

from extractor.screen.fields import OF_THE_TRIAL
from extractor.screen.patient.names import HERE
from extractor.screen.questions import checklist, headings
from extractor.screen.sheets.tables import shown_value
from extractor.tables import read_table
from extractor.write.pages import HtmlPage, escape, read_asset

Json = dict[str, Any]
STYLE = "sheet.css"
SIGNS = {"FOR": "✓", "AGAINST": "✗", "OPEN": "?"}
GROUPS = (("AGAINST", "against"), ("OPEN", "open"), ("FOR", "for"))
LINKS = 8  # trials named beside a question
VERDICTS = ("ELIGIBLE", "UNKNOWN", "CLOSED", "EXCLUDED")
SHOWN_OPEN = frozenset({"ELIGIBLE", "UNKNOWN"})


@cache
def _words() -> dict[str, dict[str, str]]:
    return {key: {"en": en, "zh": zh} for key, en, zh in read_table(HERE, "words")}


def write(rows: Iterable[Json], stream: IO[bytes], languages: Sequence[str]) -> None:
    """The sheet: every patient a section, its trials in their rank."""
    patients = [(name, list(matches)) for name, matches in groupby(rows, key=lambda row: row["patient"])]
    sheet = _Sheet(tuple(languages))
    stream.write(str(sheet.page(patients)).encode())


class _Sheet:
    """A sheet in one language or in both."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    def page(self, patients: list[tuple[str, list[Json]]]) -> HtmlPage:
        """The whole page."""
        parts = "".join(self.patient(at, name, matches) for at, (name, matches) in enumerate(patients))
        links = "".join(
            f'<li><a href="#p{at}">{escape(name)}</a> {self.tally(matches)}</li>' for at, (name, matches) in enumerate(patients)
        )
        head = (
            f'<header><h1>{self.label("screening")}</h1><p class="lead">{self.label("as_written")}</p><nav><ul>{links}</ul></nav></header>'
        )
        title = " · ".join(_words()["screening"][language] for language in self.languages)
        language = "zh-Hans" if self.languages[0] == "zh" else "en"
        return HtmlPage(title, f"{head}<main>{parts}</main>", read_asset("extractor.screen.sheets", STYLE), language=language)

    def label(self, key: str) -> str:
        """A word of the sheet, in each language."""
        return self.text(_words()[key], "words")

    def text(self, text: Json, kind: str = "text") -> str:
        """A text in the languages asked for, each marked as such; one that has none of them as it is."""
        chosen = {language: text[language] for language in self.languages if text.get(language)} or text
        once = {words: language for language, words in reversed(chosen.items())}
        spans = "".join(f'<span lang="{_tag(language)}">{escape(words)}</span>' for words, language in reversed(once.items()))
        return f'<span class="{kind}">{spans}</span>'

    def brief(self, text: Json) -> str:
        """A text in the first language only, for narrow places."""
        chosen = next((language for language in (*self.languages, *text) if text.get(language)), "")
        return f'<span lang="{_tag(chosen)}">{escape(text[chosen])}</span>' if chosen else ""

    def tally(self, matches: list[Json]) -> str:
        """How many trials have which verdict."""
        found = [(verdict, sum(row["verdict"] == verdict for row in matches)) for verdict in VERDICTS]
        return "".join(
            f'<span class="verdict {verdict}">{count} {self.brief(_words()[verdict])}</span>' for verdict, count in found if count
        )

    def patient(self, at: int, name: str, matches: list[Json]) -> str:
        """A patient's section."""
        trials = "".join(self.trial(at, row) for row in matches)
        return (
            f'<section class="patient" id="p{at}"><h2>{self.label("patient")} {escape(name)}</h2><p class="tally">{self.tally(matches)}</p>'
            f"{self.doubts(matches[0]['not_understood'])}{self.questions(at, matches)}{self.overview(at, matches)}{trials}</section>"
        )

    def doubts(self, doubts: list[Json]) -> str:
        """What of the patient's file was not understood."""
        if not doubts:
            return ""
        items = "".join(
            f"<li><code>{escape(d['place'])}</code> <b>{escape(d['given'])}</b>: {escape(d['problem'])}{self.near(d)}</li>" for d in doubts
        )
        return f'<div class="box doubts"><h3>{self.label("not_understood")}</h3><ul>{items}</ul></div>'

    def near(self, doubt: Json) -> str:
        """What may have been meant."""
        near = ", ".join(doubt.get("nearest", ()))
        return f" · {self.label('nearest')}: {escape(near)}?" if near else ""

    def questions(self, at: int, matches: list[Json]) -> str:
        """The checklist: each question once, with the trials that wait for its answer."""
        places = {row["trial"]: f"#p{at}t{row['rank']}" for row in matches}
        groups = [(reason, list(items)) for reason, items in groupby(checklist(matches), key=lambda item: item["reason"])]
        lists = "".join(self.asking(reason, items, places) for reason, items in groups)
        return f'<div class="box ask"><h3>{self.label("to_ask")}</h3>{lists}</div>' if lists else ""

    def asking(self, reason: str, items: list[Json], places: dict[str, str]) -> str:
        """The questions of one reason."""
        heading = headings().get(reason)
        rows = "".join(
            f'<li><label><input type="checkbox"> {self.text(item["what"], "words") if heading else self.text(item["text"])}</label>'
            f'<span class="waiting">{self.trials(item["trials"], places)}</span></li>'
            for item in items
        )
        return f'{f"<p>{self.text(heading)}</p>" if heading else ""}<ul class="checks">{rows}</ul>'

    def trials(self, names: list[str], places: dict[str, str]) -> str:
        """Links to trials of this patient."""
        return f"{', '.join(_link(places[name], name) for name in names[:LINKS])}{f' +{len(names) - LINKS}' if len(names) > LINKS else ''}"

    def overview(self, at: int, matches: list[Json]) -> str:
        """The trials as a table."""
        names = ("trial", "title", "status", "verdict", "for", "against", "open", "reason")
        head = "".join(f'<th scope="col">{self.label(name)}</th>' for name in names)
        rows = "".join(self.line(at, row) for row in matches)
        return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'

    def line(self, at: int, row: Json) -> str:
        """A trial in the table: of one that is out, what speaks against it."""
        against = next(iter(sorted(_against(row), key=lambda item: (row["verdict"] == "EXCLUDED") == (item["id"] in OF_THE_TRIAL))), None)
        why = f"{self.brief(against['text'])} {_evidence(against)}" if against else ""
        counts = "".join(f'<td class="number">{row[key]}</td>' for key in ("for", "against", "open"))
        place = f"#p{at}t{row['rank']}"
        return (
            f"<tr><td>{_link(place, row['trial'])}</td><td>{self.text(row['title'])}</td><td>{self.status(row)}</td>"
            f'<td><span class="verdict {row["verdict"]}">{self.brief(_words()[row["verdict"]])}</span></td>{counts}<td class="why">{why}</td></tr>'
        )

    def status(self, row: Json) -> str:
        """The trial's status, in the sheet's words."""
        found: Json = next((item["text"] for item in row["criteria"] if item["id"] == "status"), {})
        return self.brief(found)

    def trial(self, at: int, row: Json) -> str:
        """A trial with its criteria, those that speak against first; closed where the trial is out."""
        groups = "".join(self.group(row, said, name) for said, name in GROUPS)
        opened = " open" if row["verdict"] in SHOWN_OPEN else ""
        return (
            f'<details class="trial" id="p{at}t{row["rank"]}"{opened}><summary><span class="verdict {row["verdict"]}">{self.brief(_words()[row["verdict"]])}'
            f"</span> <b>{escape(row['trial'])}</b> {self.text(row['title'])}</summary>{groups}</details>"
        )

    def group(self, row: Json, said: str, name: str) -> str:
        """The criteria that speak one way."""
        items = [item for item in row["criteria"] if item["speaks"] == said]
        rows = "".join(self.criterion(item) for item in items)
        return f'<h4 class="{said}">{SIGNS[said]} {self.label(name)} ({len(items)})</h4><ul class="criteria">{rows}</ul>' if items else ""

    def criterion(self, item: Json) -> str:
        """A criterion: which, its words, what decided it or what to ask."""
        section = self.label(item["section"])
        state = self.label(self.state(item)) if item["speaks"] != "OPEN" else ""
        questions = [question for question in item.get("ask", ()) if question["reason"] != "READ"]  # reading is what the group is for
        asked = "".join(f'<p class="question">{self.text(question["text"])}</p>' for question in questions)
        hints = "".join(
            f'<p class="hint">{self.label("on_file")}: <b>{escape(shown_value(hint["patient"]))}</b> ({escape(hint["mention"])})</p>'
            for hint in item.get("hints", ())
        )
        mark = escape(item["id"]) if item["section"] != "fields" else ""
        return (
            f'<li><span class="mark">{section} {mark} {state}</span> {self.text(item["text"])}{self.children(item)}'
            f"{_evidence(item)}{asked}{hints}</li>"
        )

    def state(self, item: Json) -> str:
        """The key of the words for a decided criterion."""
        if item["state"] == "NOT_APPLICABLE":
            return "NOT_APPLICABLE"
        return f"{item['speaks']}_{'exclusion' if item['section'] == 'exclusion' else 'inclusion'}"

    def children(self, item: Json) -> str:
        """The words below a criterion."""
        rows = "".join(f"<li>{self.text(child['text'])}{self.children(child)}</li>" for child in item.get("children", ()))
        return f"<ul>{rows}</ul>" if rows else ""


def _against(row: Json) -> list[Json]:
    return [item for item in row["criteria"] if item["speaks"] == "AGAINST"]


def _tag(language: str) -> str:
    return "zh-Hans" if language == "zh" else language


def _link(target: str, words: str) -> str:
    return f'<a href="{escape(target)}">{escape(words)}</a>'


def _evidence(item: Json) -> str:
    found = [piece.get("patient", piece.get("trial")) for piece in item["evidence"]]
    values = [value for each in found if each for value in (each if isinstance(each, list) else [each])]
    told = dict.fromkeys(shown_value(value) for value in values if item["id"] not in ("status", "withdrawn"))
    return f'<span class="evidence">{escape("; ".join(told))}</span>' if told else ""

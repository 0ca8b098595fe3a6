"""Every document has a budget: work in a process that can be ended, and time, objects and characters of PDFs."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk_hostile import ENDLESS
from documents import SAMPLES
from pdf_printing import Sheet, press

import extractor
from extractor import cli, limits
from extractor.decode import confined, pdf
from extractor.errors import InputTooLarge, NoTextLayer, UnreadableInput
from extractor.limits import each_within, run_apart
from extractor.pipeline import Options

needs_forks = pytest.mark.skipif(not limits.FORKS, reason="needs a system that can fork")


def test_what_work_returns_comes_whole() -> None:
    assert run_apart(lambda _: "x" * 5_000_000) == "x" * 5_000_000
    assert run_apart(lambda _: None) is None


def refuse(_: object) -> None:
    raise NoTextLayer("it is a picture")


def test_what_work_raises_is_raised_here() -> None:
    with pytest.raises(NoTextLayer, match="it is a picture"):
        run_apart(refuse)


def run_on(allow: limits.Allow) -> None:
    allow(0.1, "it takes too long")
    while True:
        pass


def break_down(_: object) -> None:
    ctypes.string_at(0)


def use_up(_: object) -> None:
    raise MemoryError


@needs_forks
def test_work_without_end_is_ended() -> None:
    with pytest.raises(InputTooLarge, match="it takes too long"):
        run_apart(run_on)


@needs_forks
def test_work_that_only_waits_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(allow: limits.Allow) -> None:
        allow(0.01, "it waits")
        time.sleep(600)

    monkeypatch.setattr(limits, "POLL", 0.01)
    with pytest.raises(InputTooLarge, match="it waits"):
        run_apart(wait)


@needs_forks
@pytest.mark.parametrize(
    ("work", "sentence"),
    [(break_down, "brings the reader down"), (use_up, "more memory"), (lambda _: os._exit(0), "brings the reader down")],
)
def test_work_that_breaks_down_is_told(work, sentence: str) -> None:
    with pytest.raises(UnreadableInput, match=sentence):
        run_apart(work)


@needs_forks
def test_signs_of_life_are_given_while_work_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    signs: list[int] = []
    monkeypatch.setattr(limits, "POLL", 0.01)
    monkeypatch.setattr(limits, "_heartbeats", [lambda: signs.append(1)])
    run_apart(lambda _: time.sleep(0.2))
    assert signs


@needs_forks
def test_no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(limits, "POLL", 0.01)
    monkeypatch.setattr(limits, "_heartbeats", [stop])
    children: list[int] = []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: children.append(fork()) or children[0])
    with pytest.raises(KeyboardInterrupt):
        run_apart(lambda _: time.sleep(600))
    with pytest.raises(ChildProcessError):
        os.waitpid(children[0], os.WNOHANG)


def endless() -> Iterator[int]:
    yield 1
    while True:
        pass


@needs_forks
def test_our_own_code_is_interrupted() -> None:
    items = each_within(endless(), 0.1, "it takes too long")
    assert next(items) == 1
    with pytest.raises(InputTooLarge, match="it takes too long"):
        next(items)


@needs_forks
def test_a_pdf_without_end_is_refused() -> None:
    with pytest.raises(InputTooLarge, match=r"opening it|its 1 page takes more than 0.2 seconds of computing"):
        list(extractor.extract(ENDLESS, "x.pdf", Options(seconds=0.2)))


@needs_forks
def test_the_command_says_which_limit_was_met(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.pdf").write_bytes(ENDLESS)
    assert cli.main([str(tmp_path / "x.pdf"), "--limit-seconds", "0.2"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"extract: {tmp_path}/x.pdf: reading its 1 page takes more than 0.2 seconds of computing: "
        "allow more with --limit-seconds, or print it to a new PDF\n"
    )


def test_limits_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    for at in range(20):
        sheet.text(40, 40 + 20 * at, "fictional words on a page")
    data = press([sheet])
    assert pdf.decode(data, "x.pdf").pages == 1
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 100)
    with pytest.raises(InputTooLarge, match="500 characters on page 1, more than the 100"):
        pdf.decode(data, "x.pdf")
    monkeypatch.setattr(pdf, "MOST_OBJECTS", 10)
    with pytest.raises(InputTooLarge, match="20 objects on page 1, more than the 10"):
        pdf.decode(data, "x.pdf")


def test_a_page_that_prints_far_more_than_it_is_long_is_refused() -> None:
    sheet = Sheet()
    words = ["".join(f"{0x4E00 + (at * 10 + n) % 20_000:04x}" for n in range(10)) for at in range(6000)]
    sheet.operators = [f"BT /C 9 Tf 1 0 0 1 {at % 500} {at / 10} Tm <{coded}> Tj ET" for at, coded in enumerate(words)]
    with pytest.raises(InputTooLarge):
        confined.decode(press([sheet]), "x.pdf")


def test_a_document_in_a_process_of_its_own_is_the_same() -> None:
    path = SAMPLES / "nmpa" / "tablets_ruled.pdf"
    data = path.read_bytes()
    apart, here = confined.decode(data, path.name), pdf.decode(data, path.name)
    assert apart == here


def test_the_budget_of_a_pdf_changes_no_plan() -> None:
    assert repr(Options(seconds=5.0)) == repr(Options())

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import struct
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.containers import streams, tars, zips
from extractor.containers.streams import Stream
from extractor.errors import ExtractError, InputTooLarge, UnreadableInput
from extractor.inputs import InputDocument, each_unit, read_unit
from extractor.inputs.places import open_file
from extractor.pipeline import read_document
from extractor.split import find_split, split_data

zstandard = pytest.importorskip("zstandard", reason="needs the extra [bulk]")


def pieces(*places: Path | str) -> list[InputDocument]:
    return [piece for unit in each_unit(map(str, places)) for piece in read_unit(unit)]


def told(*places: Path | str) -> dict[str, str]:
    """Address below the test's folder → text, or the refusal."""
    return {Path(piece.address).name: piece.refusal or piece.data.decode() for piece in pieces(*places)}


def chunked(data: bytes, size: int) -> Stream:
    stream = io.BytesIO(data)
    return Stream(lambda wanted: stream.read(min(wanted, size)))


# Records in one file


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(['"', "\\", '\\"', "}{", "]["]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(st.text(max_size=4), values, max_size=3), min_size=2, max_size=5)


@given(objects, st.integers(1, 60), st.sampled_from([None, 1]), st.booleans())
def test_json_lists_are_cut_into_their_elements(items: list[object], size: int, indent: int | None, wrapped: bool) -> None:
    data = json.dumps({"total": 2, "studies": items, "next": "x"} if wrapped else items, indent=indent).encode()
    stream = chunked(data, size)
    split = find_split(stream, "x.json")
    assert split is not None
    assert [json.loads(piece) for piece in split(stream.chunks())] == items


@given(objects, st.integers(1, 60))
def test_json_lines_are_cut_at_line_ends(items: list[object], size: int) -> None:
    data = "\r\n\n".join(json.dumps(item) for item in items).encode()
    stream = chunked(data, size)
    split = find_split(stream, "x.jsonl")
    assert split is not None
    assert [json.loads(piece) for piece in split(stream.chunks())] == items


def test_a_json_list_that_breaks_off_keeps_its_last_element_apart() -> None:
    assert list(split_data(b'[{"a": 1}, {"b": [2, {"c"', "x.json")) == [b'{"a": 1}', b'{"b": [2, {"c"']


@pytest.mark.parametrize(
    "data", [b'{"a": 1}', b'{"a": 1,\n"b": {}}\n', b'[{"a": 1}]', b'{"studies": [{"a": 1}]}', b"<html></html>", b"text"]
)
def test_one_record_stays_as_it_is(data: bytes) -> None:
    assert list(split_data(data, "x")) == [data]


TRIALS = b"<?xml version='1.0'?>\n<Trials_downloaded_from_ICTRP><Trial><TrialID>A</TrialID></Trial>\n<Trial><TrialID>B</TrialID></Trial></Trials_downloaded_from_ICTRP>"


@given(st.integers(1, 80))
def test_xml_records_come_inside_their_root(size: int) -> None:
    stream = chunked(TRIALS, size)
    split = find_split(stream, "x.xml")
    assert split is not None
    first, second = split(stream.chunks())
    assert first.startswith(b"<?xml version='1.0'?>\n<Trials_downloaded_from_ICTRP><Trial><TrialID>A</TrialID></Trial>\n</Trials_down")
    assert b"<TrialID>B</TrialID>" in second
    assert b"<TrialID>A" not in second


def test_a_broken_xml_record_does_not_touch_its_neighbours() -> None:
    broken = TRIALS.replace(b"</TrialID></Trial>\n", b"</TrialNo>\n").replace(b"<Trial><TrialID>B", b"lost<Trial><TrialID>B")
    first, second = split_data(broken, "x.xml")
    assert b"lost" in first
    assert second.count(b"<TrialID>B</TrialID></Trial>") == 1


def test_text_between_xml_records_is_not_lost_in_silence() -> None:
    odd = TRIALS.replace(b"</Trial>\n<Trial>", b"</Trial>\n<!-- fine -->\n stray <Trial>")
    assert [b"stray" in piece for piece in split_data(odd, "x.xml")] == [False, True, False]


cells = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("C",), include_characters="\n"), max_size=8), min_size=4, max_size=4
)


@given(st.lists(cells, min_size=2, max_size=5), st.integers(1, 80))
def test_rows_are_cut_as_a_csv_reader_does(rows: list[list[str]], size: int) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["id", "b", "c", "d"], *rows])
    stream = chunked(text.getvalue().encode(), size)
    split = find_split(stream, "x.csv")
    assert split is not None
    found = [list(csv.reader(io.StringIO(piece.decode(), newline=""))) for piece in split(stream.chunks())]
    assert [row for _, row in found] == rows
    assert {tuple(head) for head, _ in found} == {("id", "b", "c", "d")}


def test_a_lost_quotation_mark_costs_one_row() -> None:
    rows = [f"N{at},title {at},x,y" for at in range(6)]
    rows[2] = 'N2,"title 2,x,y'
    found = list(split_data("\n".join(("id,title,b,c", *rows, "")).encode(), "x.csv"))
    assert [piece.split(b"\n")[1].decode() for piece in found] == rows


def test_rows_without_a_header_come_alone() -> None:
    row = "NCT01000001,2020-01-01,,title,name,https://example.org/1,x,y,z,q"
    assert list(split_data(f"{row}\n{row}\n".encode(), "x.csv")) == [f"{row}\n".encode()] * 2


# Archives and packed files


def test_members_of_archives_have_addresses(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/one.txt", "one")
        archive.writestr("x/lines.jsonl", '{"a": 1}\n{"a": 2}\n')
        archive.writestr("x/packed.txt.gz", gzip.compress(b"three"))
        archive.writestr("__MACOSX/._one.txt", "litter")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "a.zip", arcname="deep/a.zip")
        archive.add(tmp_path / "a.zip", arcname="./again.zip")
    inner = {"one.txt": "one", "lines.jsonl#1": '{"a": 1}', "lines.jsonl#2": '{"a": 2}', "packed.txt.gz": "three"}
    assert told(tmp_path / "a.zip") == inner
    assert [piece.address.removeprefix(str(tmp_path)) for piece in pieces(tmp_path / "b.tar.gz")][:2] == [
        "/b.tar.gz!deep/a.zip!x/one.txt",
        "/b.tar.gz!deep/a.zip!x/lines.jsonl#1",
    ]
    assert len(pieces(tmp_path)) == 12


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_packed_files(tmp_path: Path, pack) -> None:
    (tmp_path / "x.txt.gz").write_bytes(pack(b"text"))
    assert told(tmp_path) == {"x.txt.gz": "text"}
    (tmp_path / "x.txt.gz").write_bytes(pack(b"text" * 5000)[:-6])
    assert "damaged or cut off" in told(tmp_path)["x.txt.gz"]


def unsized(data: bytes) -> bytes:
    """zstd data that does not say how much it holds."""
    return zstandard.ZstdCompressor(write_content_size=False).compress(data)


@pytest.mark.parametrize(
    ("packed", "size"),
    [
        (gzip.compress(b"x" * 5000), 5000),
        (zstandard.compress(b"x" * 5000), 5000),
        (unsized(b"x" * 5000), -1),
        (b"\x1f\x8b", -1),
        (b"\x28\xb5\x2f\xfd", -1),
        (b"text", -1),
    ],
    ids=["gzip", "zstd", "unsized", "gzip head", "zstd head", "plain"],
)
def test_packed_files_say_how_much_they_hold(packed: bytes, size: int) -> None:
    file = io.BytesIO(packed)
    assert streams.size_unpacked(file) == size
    assert file.tell() == 0


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, unsized])
def test_a_small_packed_file_of_many_records_is_cut_before_it_goes_to_a_worker(tmp_path: Path, pack) -> None:
    (tmp_path / "x.jsonl.gz").write_bytes(pack(b'{"a": "a record that is the same again and again"}\n' * 10_000))
    assert (tmp_path / "x.jsonl.gz").stat().st_size < 1 << 16
    units = list(each_unit([str(tmp_path)]))
    assert len(units) == 10_000
    assert all(unit.whole for unit in units)


def block_gzip(data: bytes) -> bytes:
    """gzip as bgzip and concatenation make it: many members, the last of them empty, whose size is all that the file's end tells."""
    return b"".join(gzip.compress(data[at : at + 60_000]) for at in range(0, len(data), 60_000)) + gzip.compress(b"")


def frames(data: bytes) -> bytes:
    """zstd data of many frames, each of which tells its own size only."""
    return b"".join(zstandard.compress(data[at : at + 60_000]) for at in range(0, len(data), 60_000))


@pytest.mark.parametrize("pack", [block_gzip, frames])
def test_packed_files_of_several_members_are_cut_whatever_one_of_them_says(tmp_path: Path, pack) -> None:
    lines = "".join(f'{{"a": "{at * 7919 % 10_007}"}}\n' for at in range(60_000))
    (tmp_path / "x.jsonl.gz").write_bytes(pack(lines.encode()))
    units = list(each_unit([str(tmp_path)]))
    assert len(units) == 60_000
    assert all(unit.whole for unit in units)


def test_long_documents_that_are_never_cut_are_not_opened_before_a_worker_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7" + b"x" * (1 << 19))
    (tmp_path / "b.html").write_bytes(b"<html>" + b"x" * (1 << 19))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(tmp_path / "a.pdf", "a.pdf")
    opened = []
    monkeypatch.setattr("extractor.inputs.open_file", lambda path: opened.append(Path(path).name) or open_file(path))
    assert [unit.size for unit in each_unit([str(tmp_path)])] == [8 + (1 << 19), 6 + (1 << 19), 8 + (1 << 19)]
    assert opened == ["c.zip"]


def test_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "x.txt.gz").write_bytes(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 100)
    assert told(tmp_path) == {"x.txt.gz": "one two"}


def test_long_files_are_cut_as_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.inputs.SMALL", 100)
    monkeypatch.setattr("extractor.inputs.SMALL_PACKED", 10)
    lines = "".join(f'{{"a": {at}}}\n' for at in range(100))
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("d.json", json.dumps([{"a": at} for at in range(100)]))
        archive.writestr("whole.json", json.dumps({"a": "x" * 200}))
    found = told(tmp_path)
    assert len(found) == 301
    assert found["a.jsonl#7"] == found["b.jsonl.gz#7"] == found["c.zip!d.json#7"] == '{"a": 6}'
    assert all(unit.whole == ("#" in unit.address) for unit in each_unit([str(tmp_path)]))


def test_a_fault_in_the_middle_of_a_stream_is_told_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.inputs.SMALL_PACKED", 10)
    lines = "".join(f'{{"a": "{at * 7919 % 10_007}"}}\n' for at in range(30_000))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-2000])
    *good, last = told(tmp_path).items()
    assert len(good) > 1000
    assert last[0] == f"b.jsonl.gz#{len(good) + 1}"
    assert last[1].startswith("from here on: the packed data is damaged")


@pytest.mark.parametrize("name", ["../x.txt", "/etc/x.txt", "a/../../x.txt", "C:\\x.txt", "..\\x.txt"])
def test_a_member_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "x")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    refusals = [piece.refusal for piece in pieces(tmp_path)]
    assert len(refusals) == 2
    assert all("leads out" in refusal for refusal in refusals)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        member = tarfile.TarInfo("page.html")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    assert "refused" in told(tmp_path)["a.tar!page.html"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack) -> None:
    monkeypatch.setattr(streams, "FREE", 1 << 20)
    monkeypatch.setattr(streams.Inflater.__init__, "__defaults__", (1 << 20,))
    (tmp_path / "bomb.jsonl.gz").write_bytes(pack(b"0" * (1 << 23)))
    assert "as a bomb does" in told(tmp_path)["bomb.jsonl.gz"]


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "x" * 5000)
        archive.writestr("b.txt", "y" * 5000)
    data = bytearray(file.read_bytes())
    second = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, second + 42, 0)
    file.write_bytes(data)
    assert "shares its bytes" in told(file)["a.zip!b.txt"]


def test_nesting_ends(tmp_path: Path) -> None:
    data = b"text"
    for depth in range(7):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{depth}.zip" if depth else "x.txt", data)
        data = packed.getvalue()
    (tmp_path / "deep.zip").write_bytes(data)
    (piece,) = pieces(tmp_path)
    assert "nested deeper" in piece.refusal


@given(st.data())
def test_no_damage_to_a_zip_archive_is_a_fault_of_ours(data: st.DataObject) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "one " * 50)
        archive.writestr("b.txt", "two")
    damaged = bytearray(packed.getvalue())
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=4)):
        damaged[at] = data.draw(st.integers(0, 255))
    file = io.BytesIO(damaged[: data.draw(st.integers(0, len(damaged)))])
    try:
        for member in zips.each_member(file):
            Stream(zips.open_member(file, member)).read_all()
    except ExtractError as error:
        assert isinstance(error, UnreadableInput | InputTooLarge)  # noqa: PT017


def test_a_zip_of_many_members_is_walked_without_a_list_of_them(tmp_path: Path) -> None:
    file = tmp_path / "many.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for at in range(12_000):
            archive.writestr(f"{'d' * 60}/{at}.txt", "x")
    with file.open("rb") as opened:
        assert sum(1 for _ in zips.each_member(opened)) == 12_000


def test_zip64(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, archive.open("a.txt", "w", force_zip64=True) as member:
        member.write(b"large")
    assert told(tmp_path) == {"a.zip!a.txt": "large"}


def test_an_archive_without_files_is_told(tmp_path: Path) -> None:
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    tarfile.open(tmp_path / "b.tar", "w").close()
    (tmp_path / "b.tar").write_bytes(b"")
    assert "holds no file" in told(tmp_path)["a.zip"]


def test_lists_globs_folders_and_addresses(tmp_path: Path) -> None:
    (tmp_path / "in" / "b").mkdir(parents=True)
    for name in ("c.txt", "a.txt", "b/d.txt", ".hidden"):
        (tmp_path / "in" / name).write_text(name)
    (tmp_path / "list").write_text(f"{tmp_path}/in/a.txt\n\n{tmp_path}/in/*.txt\n")
    assert list(told(tmp_path / "in")) == ["a.txt", "d.txt", "c.txt"]
    assert list(told(f"@{tmp_path}/list")) == ["a.txt", "c.txt"]
    assert list(told(f"{tmp_path}/in/**/*.txt")) == ["a.txt", "d.txt", "c.txt"]
    assert "no such file" in told(tmp_path / "missing.txt")["missing.txt"]
    assert "no file matches" in told(f"{tmp_path}/*.pdf")["*.pdf"]


def test_addresses_are_never_shared(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1}, {"a": 2}]')
    (tmp_path / "a.json#1").write_text("other")
    assert sorted(told(tmp_path)) == ["a.json#1", "a.json#2", "a.json%231"]


def test_object_store_addresses(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra [bulk]")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("one")
    with zipfile.ZipFile(tmp_path / "in" / "z.zip", "w") as archive:
        archive.writestr("b.txt", "two")
    address = f"file://{tmp_path}/in"
    assert [(piece.address, piece.data) for piece in pieces(address)] == [
        (f"{address}/a.txt", b"one"),
        (f"{address}/z.zip!b.txt", b"two"),
    ]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}\n{"a": 2}\n')))
    assert [(piece.address, piece.data) for piece in pieces("-")] == [("-#1", b'{"a": 1}'), ("-#2", b'{"a": 2}')]


# Archives and streams that end early: what is missing is told


def tar_of(*names: str, format_: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=format_) as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 700
            archive.addfile(member, io.BytesIO(name[0].encode() * 700))
    return packed.getvalue()


TAR = tar_of("a.txt", "b.txt", "c.txt")
HEADER_B = 3 * 512  # of the second member: a header and two blocks come before it


def with_field(data: bytes, start: int, value: bytes, *, summed: bool = True) -> bytes:
    """A tar archive with another value in the header of its second member."""
    header = bytearray(data[HEADER_B : HEADER_B + 512])
    header[start : start + len(value)] = value
    if summed:
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
    return data[:HEADER_B] + bytes(header) + data[HEADER_B + 512 :]


CUT_TARS = {
    "behind the first member": TAR[:HEADER_B],
    "inside a header": TAR[: HEADER_B + 100],
    "inside a member": TAR[: HEADER_B + 600],
    "inside padding": TAR[: HEADER_B + 512 + 800],
    "a wrong sum": with_field(TAR, 100, b"0000777\0", summed=False),
    "letters for a size": with_field(TAR, 124, b"0000000abcd\0"),
    "a size below nothing": with_field(TAR, 124, b"\xff" * 12),
    "a size beyond the end": with_field(TAR, 124, b"77777777777\0"),
    "another archive behind its end": TAR + TAR,
    "text behind its end": TAR + b"more",
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["bare", "gzip", "zstd"])
@pytest.mark.parametrize("data", CUT_TARS.values(), ids=CUT_TARS)
def test_no_way_in_which_a_tar_archive_ends_early_is_silent(tmp_path: Path, data: bytes, pack) -> None:
    (tmp_path / "x.tar").write_bytes(pack(data))
    found = told(tmp_path)
    assert found["x.tar!a.txt"] == "a" * 700
    assert any(re.search("damaged|breaks off|more data", reason) for reason in found.values())
    (tmp_path / "x.tar").write_bytes(pack(TAR))
    assert list(told(tmp_path).values()) == [name * 700 for name in "abc"]


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_tar_archives(tmp_path: Path, format_: int) -> None:
    names = ["a" * 60 + "/" + "b" * 90 + ".txt", "c.txt", *(["d/" * 100 + "深.txt"] if format_ else [])]
    (tmp_path / "x.tar").write_bytes(tar_of(*names, format_=format_))
    assert [piece.address.partition("!")[2] for piece in pieces(tmp_path)] == names


def test_a_tar_archive_cut_anywhere_tells_it() -> None:
    for end in range(512, 3 * HEADER_B, 97):
        with pytest.raises(UnreadableInput):
            read_tar(TAR[:end])
    assert read_tar(TAR) == 3


def read_tar(data: bytes) -> int:
    stream = Stream(io.BytesIO(data).read)
    return sum(1 for member in tars.each_member(stream) if member.read and not member.refusal)


@given(st.data())
def test_no_damage_to_a_tar_archive_is_a_fault_of_ours(data: st.DataObject) -> None:
    damaged = bytearray(tar_of("a" * 120, "b.txt", "c.txt"))
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=4)):
        damaged[at] = data.draw(st.integers(0, 255))
    try:
        for member in tars.each_member(Stream(io.BytesIO(damaged).read)):
            if member.read:
                Stream(member.read).read_all()
    except ExtractError as error:
        assert isinstance(error, UnreadableInput)  # noqa: PT017


def zip_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, name[0] * 700)
    return packed.getvalue()


ZIP = zip_of("a.txt", "b.txt")
AT_END = ZIP.rindex(b"PK\5\6")
CUT_ZIPS = {
    "a directory cut short": ZIP[: ZIP.rindex(b"PK\1\2")] + ZIP[AT_END : AT_END + 12] + struct.pack("<L", ZIP.rindex(b"PK\1\2") - ZIP.index(b"PK\1\2")) + ZIP[AT_END + 16 :],
    "more members than it has": ZIP[: AT_END + 10] + b"\3\0" + ZIP[AT_END + 12 :],
    "an archive before it": zip_of("z.txt") + ZIP,
    "an archive cut off behind it": ZIP + zip_of("z.txt")[:60],
    "no directory": ZIP[: ZIP.index(b"PK\1\2")],
    "a part of several": ZIP[: AT_END + 4] + b"\1\0" + ZIP[AT_END + 6 :],
}  # fmt: skip


@pytest.mark.parametrize("data", CUT_ZIPS.values(), ids=CUT_ZIPS)
def test_no_way_in_which_a_zip_archive_ends_early_is_silent(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    reasons = [piece.refusal for piece in pieces(tmp_path) if piece.refusal]
    assert len(reasons) == 1
    assert re.search("damaged|directory|several parts", reasons[0])


def test_gzip_goes_on_behind_any_padding(tmp_path: Path) -> None:
    (tmp_path / "x.txt.gz").write_bytes(gzip.compress(b"one ") + b"\0" * (streams.CHUNK * 2 + 7) + gzip.compress(b"two"))
    assert told(tmp_path) == {"x.txt.gz": "one two"}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_packed_data_of_several_members_cut_in_one_is_told(tmp_path: Path, pack) -> None:
    (tmp_path / "x.txt.gz").write_bytes(pack(b"one ") + pack(b"two" * 100)[:-9])
    assert "damaged or cut off" in told(tmp_path)["x.txt.gz"]
    (tmp_path / "x.txt.gz").write_bytes(pack(b"one ") + b"no packed data")
    assert "damaged or cut off" in told(tmp_path)["x.txt.gz"]


ROWS = "id,title,b,c\n" + "".join(f"N{at},title {at},x,y\n" for at in range(4))
CUT_STREAMS = {
    "list.json": '[{"a": 1}, {"a": 2}',
    "comma.json": '[{"a": 1}, {"a": 2}, ',
    "element.json": '[{"a": 1}, {"a": 2}, {"a": 3',
    "wrapped.json": '{"studies": [{"a": 1}, {"a": 2}',
    "behind.json": '[{"a": 1}, {"a": 2}] {"a": 3}',
    "lines.jsonl": '{"a": 1}\n{"a": 2}\n{"a":',
    "root.xml": TRIALS.decode().removesuffix("</Trials_downloaded_from_ICTRP>"),
    "record.xml": TRIALS.decode().removesuffix("B</TrialID></Trial></Trials_downloaded_from_ICTRP>"),
    "comment.xml": TRIALS.decode().removesuffix("</Trials_downloaded_from_ICTRP>") + "<!-- not closed",
    "row.csv": ROWS + "N5,tit",
    "quoted.csv": ROWS + 'N5,"tit',
}
READ = {
    "list.json": 2,
    "comma.json": 2,
    "element.json": 2,
    "wrapped.json": 2,
    "behind.json": 2,
    "lines.jsonl": 2,
    "root.xml": 2,
    "record.xml": 1,
    "comment.xml": 2,
}


@pytest.mark.parametrize("small", [True, False], ids=["in memory", "as a stream"])
@pytest.mark.parametrize("name", CUT_STREAMS)
def test_no_way_in_which_a_stream_of_records_ends_early_is_silent(
    tmp_path: Path, name: str, *, small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not small:
        monkeypatch.setattr("extractor.inputs.SMALL", 10)
    (tmp_path / name).write_text(CUT_STREAMS[name])
    found = pieces(tmp_path)
    assert len(found) > READ.get(name, 4)
    assert found[-1].refusal or refused(found[-1])
    assert not [piece for piece in found[: READ.get(name, 4)] if piece.refusal]


def refused(piece: InputDocument) -> bool:
    try:
        read_document(piece.data, piece.name)
    except UnreadableInput:
        return True
    return json.loads(piece.data) == {"a": 3}  # what follows a list is a record of its own


@pytest.mark.parametrize("name", ["row.csv", "quoted.csv", "list.json", "root.xml"])
def test_a_document_of_many_records_that_breaks_off_is_refused_whole(name: str) -> None:
    with pytest.raises(UnreadableInput):
        read_document(CUT_STREAMS[name].encode(), name)
    assert read_document(ROWS.encode(), "rows.csv").tree.root


def test_lists_that_follow_one_another_are_all_read() -> None:
    assert list(split_data(b'[{"a": 1}][{"a": 2}]\n[{"a": 3}]', "x.json")) == [b'{"a": 1}', b'{"a": 2}', b'{"a": 3}']
    pages = b'{"studies": [{"a": 1}], "nextPageToken": "x"}\n{"studies": [{"a": 2}, {"a": 3}]}'
    assert list(split_data(pages, "x.json")) == [b'{"a": 1}', b'{"a": 2}', b'{"a": 3}']

"""The zip layer: suspicious when it reads, byte for byte when it writes."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest

from tests.package_files import raw_entries
from xl_perf.errors import WorkbookError
from xl_perf.package.archive import Archive
from xl_perf.package.model import Limits

TEXT = b"<a>some content</a>" * 50


class _Pipe(io.RawIOBase):
    """A target that cannot seek, so that zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += data
        return len(data)


def _zip(names: tuple[str, ...] = ("a.xml", "b.xml", "c.bin"), comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place, name in enumerate(names):
            info = zipfile.ZipInfo(name, (2020, 11, 5, 10, place, 2))
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".bin") else zipfile.ZIP_DEFLATED
            info.extra = struct.pack("<2H4s", 0x6375, 4, b"xtra")
            info.comment = b"note " + name.encode()
            info.external_attr = 0o640 << 16
            archive.writestr(info, TEXT + name.encode())
        archive.comment = comment
    return out.getvalue()


def _streamed() -> bytes:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.xml", "b.xml", "c.bin"):
            archive.writestr(zipfile.ZipInfo(name), TEXT + name.encode())
    return bytes(pipe.data)


def _zip64() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.xml", "b.xml", "c.bin"):
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(TEXT + name.encode())
    return out.getvalue()


def _zip64_end() -> bytes:
    """A zip whose end records and last offset are in zip64 form, as very large files have them."""
    data = _zip()
    end = data.rfind(b"PK\5\6")
    count, size, offset = struct.unpack_from("<HLL", data, end + 10)
    directory = bytearray(data[offset:end])
    last = directory.rfind(b"PK\1\2")
    start = struct.unpack_from("<L", directory, last + 42)[0]
    name_size, extra_size = struct.unpack_from("<2H", directory, last + 28)
    struct.pack_into("<L", directory, last + 42, 0xFFFFFFFF)
    struct.pack_into("<H", directory, last + 30, extra_size + 12)
    at = last + 46 + name_size + extra_size
    directory[at:at] = struct.pack("<2HQ", 1, 8, start)
    size = len(directory)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:offset] + bytes(directory) + end64 + locator + tail


FORMS = {"plain": _zip(), "comment": _zip(comment=b"made by hand"), "streamed": _streamed(), "zip64": _zip64(),
         "zip64 end": _zip64_end()}  # fmt: skip


def _archive(data: bytes, limits: Limits | None = None) -> Archive:
    return Archive(data, "test.xlsx", limits or Limits())


@pytest.mark.parametrize("form", FORMS)
def test_reads_what_zipfile_wrote(form: str) -> None:
    archive = _archive(FORMS[form])
    assert archive.names() == ("a.xml", "b.xml", "c.bin")
    for name in archive.names():
        assert archive.read(name.upper()) == TEXT + name.encode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("changed", ["a.xml", "b.xml", "c.bin"])
@pytest.mark.parametrize(
    "content", [b"", b"short", random.Random(5).randbytes(5000)], ids=["empty", "short", "long"]
)
def test_rewrites_one_entry_only(form: str, changed: str, content: bytes) -> None:
    data = FORMS[form]
    new = _archive(data).rewrite({changed: content})
    before, after = raw_entries(data), raw_entries(new)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {changed}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(new)) as fresh:
        assert fresh.testzip() is None
        assert fresh.read(changed) == content
        assert fresh.comment == old.comment
        for a, b in zip(old.infolist(), fresh.infolist(), strict=True):
            assert (a.filename, a.date_time, a.compress_type, a.comment, a.external_attr, a.create_system) == (
                b.filename, b.date_time, b.compress_type, b.comment, b.external_attr, b.create_system
            )  # fmt: skip
    assert _archive(new).read(changed) == content


@pytest.mark.parametrize("form", FORMS)
def test_drops_entries(form: str) -> None:
    new = _archive(FORMS[form]).rewrite({"c.bin": b"new"}, ["a.xml"])
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["b.xml", "c.bin"]
    assert raw_entries(new)["b.xml"] == raw_entries(FORMS[form])["b.xml"]


def test_nothing_to_change_gives_the_same_bytes() -> None:
    assert _archive(FORMS["plain"]).rewrite({}) == FORMS["plain"]


def test_directory_in_other_order_than_data() -> None:
    data = _zip()
    end = data.rfind(b"PK\5\6")
    offset = struct.unpack_from("<L", data, end + 16)[0]
    records = [b"PK\1\2" + piece for piece in data[offset:end].split(b"PK\1\2")[1:]]
    mixed = data[:offset] + b"".join(reversed(records)) + data[end:]
    new = _archive(mixed).rewrite({"b.xml": b"!"})
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.namelist() == ["c.bin", "b.xml", "a.xml"]
        assert archive.testzip() is None


@pytest.mark.parametrize(
    "name",
    [
        "/a.xml",
        "..\\a.xml",
        "\\a.xml",
        "../a.xml",
        "x/../../a.xml",
        "a\\..\\b.xml",
        "C:/a.xml",
        "x/./a.xml",
        "x//a.xml",
    ],
)
def test_names_that_leave_the_package(name: str) -> None:
    data = _zip(("q" * len(name), "b.xml")).replace(b"q" * len(name), name.encode())
    with pytest.raises(WorkbookError, match="leads out"):
        _archive(data)


def test_windows_separators_count_as_slashes() -> None:
    data = _zip(("xl/workbook.xml", "b.xml")).replace(b"xl/workbook.xml", b"xl\\workbook.xml")
    archive = _archive(data)
    assert archive.read("xl/workbook.xml") == TEXT + b"xl/workbook.xml"
    new = archive.rewrite({"xl/workbook.xml": b"!"})
    assert _archive(new).read("xl/workbook.xml") == b"!"
    assert new.count(b"xl\\workbook.xml") == 3  # header, directory, and the comment that names it


def test_end_mark_inside_the_comment() -> None:
    assert _archive(_zip(comment=b"made by PK\5\6")).names() == ("a.xml", "b.xml", "c.bin")


def test_duplicate_names() -> None:
    with pytest.raises(WorkbookError, match="twice"):
        _archive(_zip(("a.xml", "A.xml")))


def test_wrong_checksum() -> None:
    data = bytearray(_zip())
    at = data.rfind(TEXT[:20])
    data[at + 5] ^= 1
    with pytest.raises(WorkbookError, match="checksum"):
        _archive(bytes(data)).read("c.bin")


def test_damaged_deflate_stream() -> None:
    data = bytearray(_zip())
    start = data.index(b"a.xml") + 5 + 8
    data[start : start + 8] = b"\xff" * 8
    with pytest.raises(WorkbookError, match=r"inflated|checksum"):
        _archive(bytes(data)).read("a.xml")


def test_encrypted_entry() -> None:
    data = bytearray(_zip())
    record = data.index(b"PK\1\2")
    data[record + 8] |= 1
    with pytest.raises(WorkbookError, match="encrypted"):
        _archive(bytes(data))


def test_unknown_compression() -> None:
    data = bytearray(_zip())
    record = data.index(b"PK\1\2")
    data[record + 10] = 12
    with pytest.raises(WorkbookError, match="compression method 12"):
        _archive(bytes(data))


def test_names_in_header_and_directory_differ() -> None:
    data = _zip().replace(b"a.xml", b"z.xml", 1)
    with pytest.raises(WorkbookError, match="two names"):
        _archive(data)


def test_overlapping_entries() -> None:
    data = bytearray(_zip())
    second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
    struct.pack_into("<L", data, second + 42, 0)
    with pytest.raises(WorkbookError, match="overlap"):
        _archive(bytes(data))


def test_high_ratio_bomb_is_refused_before_inflating() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.xml", b"\0" * (40 * 1024 * 1024))
    assert _archive(out.getvalue(), Limits(ratio=2_000)).names() == ("bomb.xml",)
    with pytest.raises(WorkbookError, match="times its size"):
        _archive(out.getvalue())
    with pytest.raises(WorkbookError, match="inflates to"):
        _archive(out.getvalue(), Limits(ratio=2_000, part_bytes=1024))
    with pytest.raises(WorkbookError, match="inflate to"):
        _archive(out.getvalue(), Limits(ratio=2_000, inflated_bytes=1024))


def test_entry_that_lies_about_its_size() -> None:
    data = bytearray(_zip())
    record = data.index(b"PK\1\2")
    struct.pack_into("<L", data, record + 24, 10)
    with pytest.raises(WorkbookError, match="longer than it declares"):
        _archive(bytes(data)).read("a.xml")


def test_too_many_entries() -> None:
    with pytest.raises(WorkbookError, match="entries"):
        _archive(_zip(), Limits(entries=2))


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_never_crashes(seed: int) -> None:
    """Any damage ends in a WorkbookError or in parts whose checksum fits."""
    dice = random.Random(seed)
    data = bytearray(FORMS[dice.choice(list(FORMS))])
    for _ in range(dice.randint(1, 6)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    try:
        archive = _archive(bytes(data))
        for name in archive.names():
            archive.read(name)
    except WorkbookError:
        pass

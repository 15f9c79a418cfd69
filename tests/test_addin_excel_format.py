"""The writers under the Excel add-in, held against readers that others wrote: olefile, oletools, pyOpenVBA."""

from __future__ import annotations

import io
import random
import struct

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyopenvba.cfb import CFB

from tests.vba_reader import decompress
from xl_perf.addins.excel_cfb import compound_file
from xl_perf.addins.excel_ovba import Module, ModuleKind, compress, obfuscated, vba_project
from xl_perf.errors import PerfError

# [MS-OVBA] 3.2.1 to 3.2.3: text and its compressed container
PUBLISHED = [
    (b"abcdefghijklmnopqrstuv.", "0119B000616263646566676800696A6B6C6D6E6F70007172737475762E"),
    (
        b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa",
        "012FB000236161616263646582660070616768696A013808616B6C00306D6E6F700671027004107273747576107778797A003C",
    ),
    (b"a" * 73, "0103B002614500"),
]


@pytest.mark.parametrize(("text", "container"), PUBLISHED)
def test_compression_as_published(text, container):
    published = bytes.fromhex(container)
    assert decompress(published) == text
    assert decompress(compress(text)) == text
    # of equally long copies any may be taken, and the second example does not take the nearest
    assert len(compress(text)) == len(published)
    assert compress(text) == published or text.startswith(b"#")


@given(
    st.lists(
        st.sampled_from([b"Public Function ", b"PERF_SCORE", b"\r\n", b"a", b"bc", b"\xe8"]), max_size=2500
    )
)
@settings(max_examples=40, deadline=None)
def test_compression_reads_back(words):
    data = b"".join(words)
    assert decompress(compress(data)) == data


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 8192, 20000])
def test_compression_at_the_edges_of_chunks(size):
    data = (b"Attribute VB_Name = 1\r\n" * 1000)[:size]
    assert decompress(compress(data)) == data


def test_chunk_that_does_not_shrink_is_kept_as_it_is():
    noise = random.Random(7).randbytes(4096)
    assert compress(noise) == b"\x01\xff\x3f" + noise
    with pytest.raises(ValueError, match="grows"):
        compress(noise[:4090])


def _read(data):
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE) as ole:
        return {"/".join(path): ole.openstream(path).read() for path in ole.listdir()}


@pytest.mark.parametrize(
    "sizes",
    [[0], [1], [63, 64, 65], [4095], [4096], [5000, 10, 70000], [100] * 40, [9000] * 3 + [0, 1], [3_000_000]],
    ids=str,
)
def test_compound_file_reads_back(sizes):
    content = {f"s{number}": random.Random(number).randbytes(size) for number, size in enumerate(sizes)}
    data = compound_file({"VBA": content, "PROJECT": b"x", "leer": {}})
    expected = {f"VBA/{name}": value for name, value in content.items()} | {"PROJECT": b"x"}
    assert _read(data) == expected
    assert len(data) % 512 == 0
    other = CFB.from_bytes(data)
    assert {name: other.get_stream_in_storage("VBA", name) for name in content} == content


def test_compound_file_is_the_same_again():
    content = {"b": b"1", "a": b"2" * 5000}
    assert compound_file(content) == compound_file(dict(reversed(content.items())))


def test_compound_file_refuses_what_it_cannot_hold():
    with pytest.raises(ValueError, match="name"):
        compound_file({"x" * 32: b""})
    with pytest.raises(ValueError, match="too large"):
        compound_file({"x": bytes(8_000_000)})


def _directory_entries(data):
    start = struct.unpack_from("<I", data, 48)[0]
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        raw = ole._open(start, 128 * len(ole.direntries), force_FAT=True).read()
    found = []
    for place in range(0, len(raw), 128):
        name, length, kind, colour, left, right, child = struct.unpack_from("<64sHBBIII", raw, place)
        found.append((name[: max(length - 2, 0)].decode("utf-16-le"), kind, colour, left, right, child))
    return found


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 12, 31, 32])
def test_directory_is_a_red_black_tree(count):
    # [MS-CFB] 2.6.4: sorted by length, then by capitals; no red entry under a red one; as many black ones on each path
    entries = _directory_entries(compound_file({f"{'m' * (n % 5)}{n}": b"" for n in range(count)}))
    none = 0xFFFFFFFF

    def walk(number, parent_red):
        if number == none:
            return [], 1
        name, _, colour, left, right, _ = entries[number]
        red = colour == 0
        assert not (red and parent_red), name
        before, black = walk(left, red)
        after, black_right = walk(right, red)
        assert black == black_right, name
        return [*before, name, *after], black + (not red)

    root = entries[0][5]
    assert entries[root][2] == 1
    names, _ = walk(root, parent_red=False)
    assert names == sorted(names, key=lambda name: (len(name), name.upper()))
    assert len(names) == count


EXCEL_ID = "{E73B243E-09A5-4CB0-B261-A37357B461D3}"
EXCEL_VALUES = {
    "DFDD63469DFA78FE78FE78FE78FE": bytes(4),
    "BEBC02A73E591C5A1C5A1C": b"\0",
    "9D9F2184DF62E062E09D": b"\xff",
}
"""CMG, DPB and GC of an unprotected project that Excel 16 wrote (the empty .xlsm in pyOpenVBA 6.5.0)."""


def _revealed(identifier, text):
    """[MS-OVBA] 2.4.3.3, written from the text of the specification."""
    seed, version, key, *rest = bytes.fromhex(text)
    assert version ^ seed == 2
    assert key ^ seed == sum(identifier.encode()) % 256
    plain, before, previous, clear = [], key, version, key ^ seed
    for byte in rest:
        clear = byte ^ ((previous + clear) % 256)
        previous, before = before, byte
        plain.append(clear)
    plain = bytes(plain[(seed & 6) // 2 :])
    assert struct.unpack("<I", plain[:4])[0] == len(plain) - 4
    return plain[4:]


@pytest.mark.parametrize(("text", "data"), EXCEL_VALUES.items())
def test_protection_as_excel_writes_it(text, data):
    assert _revealed(EXCEL_ID, text) == data
    assert _revealed(EXCEL_ID, obfuscated(EXCEL_ID, data)) == data


def _records(data):
    place = 0
    while place < len(data):
        number, size = struct.unpack_from("<HI", data, place)
        size = 6 if number == 9 else size  # PROJECTVERSION: its size field says 4
        yield number, data[place + 6 : place + 6 + size]
        place += 6 + size
    assert place == len(data)


def test_records_of_the_project_are_those_that_excel_writes():
    # order of the records in that file's dir stream, without the optional compatibility version and the references
    head = [0x1, 0x2, 0x14, 0x3, 0x4, 0x5, 0x40, 0x6, 0x3D, 0x7, 0x8, 0x9, 0xC, 0x3C, 0xF, 0x13]
    module = [0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x1E, 0x2C]
    project = vba_project(
        "Prova",
        EXCEL_ID,
        [Module("ThisWorkbook", ModuleKind.WORKBOOK, ""), Module("Modulo", ModuleKind.STANDARD, "")],
    )
    streams = _read(project)
    records = list(_records(decompress(streams["VBA/dir"])))
    assert [number for number, _ in records] == [*head, *module, 0x22, 0x2B, *module, 0x21, 0x2B, 0x10]
    assert streams["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61FFFF000000")
    assert streams["PROJECTwm"] == (
        b"ThisWorkbook\0"
        + "ThisWorkbook\0".encode("utf-16-le")
        + b"Modulo\0"
        + "Modulo\0".encode("utf-16-le")
        + b"\0\0"
    )


def test_project_refuses_what_the_editor_would():
    with pytest.raises(PerfError, match=r"Modulo, line 2: .*too long"):
        vba_project("Prova", EXCEL_ID, [Module("Modulo", ModuleKind.STANDARD, "x" * 1024)])
    with pytest.raises(PerfError, match=r"Modulo, line 3: '≤'"):
        vba_project("Prova", EXCEL_ID, [Module("Modulo", ModuleKind.STANDARD, "\n' ≤")])

"""Deflating changed parts: any reader inflates what comes out, with ISA-L and without."""

from __future__ import annotations

import sys
import zlib

from hypothesis import given
from hypothesis import strategies as st

from xl_perf.package.deflate import deflate


@given(st.binary(max_size=2000) | st.binary(max_size=20).map(lambda data: data * 5000))
def test_zlib_inflates_it(data: bytes):
    assert zlib.decompress(deflate(data), -zlib.MAX_WBITS) == data


def test_without_isal_zlib_does_it(monkeypatch):
    data = b"<row><c><v>1</v></c></row>" * 1000
    monkeypatch.setitem(sys.modules, "isal", None)
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    assert deflate(data) == deflater.compress(data) + deflater.flush()

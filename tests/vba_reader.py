"""oletools' reader of VBA projects, imported without the warnings that its own dependencies give."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser, decompress_stream


def decompress(container):
    """The text of a compressed container."""
    return bytes(decompress_stream(bytearray(container)))


def read_modules(name, data):
    """Module name -> source of a workbook package or project, as olevba reads it."""
    parser = VBA_Parser(name, data=data)
    try:
        return {path.rsplit("/", 1)[-1]: code for _, path, _, code in parser.extract_macros()}
    finally:
        parser.close()

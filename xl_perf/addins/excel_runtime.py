"""What the Excel add-in asks Python for besides functions: versions, and whether its functions are those installed."""

from __future__ import annotations

import hashlib
import platform
import struct
from importlib import metadata

from xl_perf import __version__
from xl_perf.catalog import FUNCTIONS
from xl_perf.plan import edition_ids


def xlwings_version() -> str:
    """Version of the installed xlwings; empty where it is not installed."""
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


def signature_digest() -> str:
    """A short digest of the names and arguments of all functions, the same as long as no signature changes."""
    signatures = "\n".join(function.signature for function in FUNCTIONS.values())
    return hashlib.sha256(signatures.encode()).hexdigest()[:16]


def versions() -> str:
    """Lines `key=value` that the add-in compares with its own: xl_perf, xlwings, python, edizione, impronta."""
    return "\n".join(
        [
            f"xl_perf={__version__}",
            f"xlwings={xlwings_version()}",
            f"python={platform.python_version()} a {8 * struct.calcsize('P')} bit",
            f"edizione={edition_ids()[-1]}",
            f"impronta={signature_digest()}",
        ]
    )

"""The floor, what no program can do without: `python -m tests.bench.floor SOURCE RESULT TARGET [COUNT]`.

For each pair of files: read the source, inflate its parts, deflate (zlib's usual level) the parts that the recalculated
file has changed, write the result.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from pathlib import Path


def changed_parts(source: Path, result: Path) -> dict[str, bytes]:
    """The parts of a recalculated file that differ from the source's."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(result) as new:
        return {name: new.read(name) for name in new.namelist() if new.read(name) != old.read(name)}


def touch(source: Path, changed: dict[str, bytes], target: Path) -> None:
    """Reads, inflates, deflates what changed, writes."""
    content = source.read_bytes()
    pieces = [content]
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            archive.read(name)
    for data in changed.values():
        deflater = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
        pieces += [deflater.compress(data), deflater.flush()]
    target.write_bytes(b"".join(pieces))


def main() -> None:
    """Does it for a file, as often as asked: SOURCE RESULT TARGET [COUNT]."""
    source, result, target = map(Path, sys.argv[1:4])
    changed = changed_parts(source, result)
    for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 1):
        touch(source, changed, target)


if __name__ == "__main__":
    main()

"""What `Ripristina` puts back, kept in a folder: a file for each workbook."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xl_perf.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path


class FolderNotes:
    """Notes as files.

    Args:
        folder: where they are; made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, where: str, text: str) -> None:
        """Keeps a text for a workbook in place of the one before; an empty one takes it away.

        Raises:
            WorkbookError: the folder cannot be written.
        """
        path = self._path(where)
        try:
            if text:
                self._folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            elif path.exists():
                path.unlink()
        except OSError as error:
            raise WorkbookError(
                f"what a restoration needs cannot be kept ({error.strerror})", where=str(path)
            ) from error

    def kept(self, where: str) -> str:
        """The text that was kept last for a workbook; empty where there is none or it cannot be read."""
        try:
            return self._path(where).read_text(encoding="utf-8")
        except OSError:
            return ""

    def _path(self, where: str) -> Path:
        return (
            self._folder
            / f"{hashlib.sha256(where.encode('utf-8', 'backslashreplace')).hexdigest()[:24]}.json"
        )

"""Spelling of the functions in a workbook's formulas, changed to what a spreadsheet program finds.

Excel's own add-ins, Office.js and LibreOffice Calc store the same call under different names.
`relink_package` gives the file with other names and every other byte as it was; cached values stay.
`relink_paths` does it for files and folders.
"""

from __future__ import annotations

from xl_perf.relink.batch import FileReport, relink_paths
from xl_perf.relink.parts import Relinked, relink_package
from xl_perf.relink.spelling import Dialect

__all__ = ["Dialect", "FileReport", "Relinked", "relink_package", "relink_paths"]

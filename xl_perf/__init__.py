"""INPS performance plan in the spreadsheet.

The package holds the plan's data (`xl_perf.plan`), the spreadsheet functions (`xl_perf.functions`), the official
workbooks' builder (`xl_perf.templates`) and the commands that keep existing workbooks right (`xl_perf.recalc`,
`xl_perf.sync`). Importing it imports nothing else: every part is loaded when it is used.
"""

__version__ = "0.1.0"

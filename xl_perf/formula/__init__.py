"""Formulas as files hold them: read, resolved in a workbook's names and tables, rewritten as text.

Pure Python that every host of xl_perf can run (LibreOffice's own Python and the browser among them): nothing newer than
Python 3.8 at run time, the standard library alone, no other part of the project.
"""

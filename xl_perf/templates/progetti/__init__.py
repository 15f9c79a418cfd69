"""The workbook `progetti.xlsx`: `workbook.py` puts it together, each other module builds one of its sheets or a part of one."""

"""The workbook `ieep.xlsx`: `workbook.py` puts it together; a module for each sheet or part of one."""

"""The workbook `strutture_centrali.xlsx`: `workbook.py` puts it together; a module for each sheet or part of one."""

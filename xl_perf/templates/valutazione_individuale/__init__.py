"""The workbook `valutazione_individuale.xlsx`: `workbook.py` puts it together; a module for each sheet or part."""

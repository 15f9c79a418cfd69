"""No scripts: the add-in reads the arguments of its functions and nothing else of a workbook."""

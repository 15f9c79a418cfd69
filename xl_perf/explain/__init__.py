"""Why a result of a workbook is what it is: the tree from a score to inputs, targets and parameters.

What is still missing.

Nothing here calculates a workbook: the values are those that the file stores, and the formulas are the file's own.
"""

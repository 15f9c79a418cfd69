"""Pages that people read and print: the state of a structure or of the nation, with where each number comes from.

Nothing here calculates a workbook: the numbers are those that the files store, as `explain` reads them.
"""

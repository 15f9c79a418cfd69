"""Pure functions on numbers: no plan, no cell, no file.

The elementwise functions work on floats and on numpy arrays with the same operations in the same order, so that both
give the same bits. Sequences use NaN for "not yet reported". Numbers of the plan come in as arguments.
"""

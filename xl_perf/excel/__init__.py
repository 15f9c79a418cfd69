"""What Excel does with values: its rules and functions, where the engine has other ones.

Cell values in, cell values out; no file, no formula and no engine.
"""

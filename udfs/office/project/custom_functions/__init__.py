"""The functions of the catalogue, for xlwings-server."""

from udfs.office.adapter import custom_functions

globals().update(custom_functions())

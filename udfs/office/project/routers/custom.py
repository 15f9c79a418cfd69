"""The batch route, and what the page and the manifest show of the catalogue."""

from xlwings_server.templates import templates

from udfs.office.batch import router
from xl_perf import __version__
from xl_perf.catalog import FUNCTIONS

__all__ = ["router"]

templates.env.globals.update(xl_perf_version=__version__, xl_perf_functions=tuple(FUNCTIONS.values()))

"""The whole application: xlwings-server with our project, behind the gate. `udfs.office.app:app` for ASGI servers.

Raises where XLWINGS_LICENSE_KEY is not set: who runs xlwings-server states with it under which licence.
"""

from __future__ import annotations

import os
from pathlib import Path

from xl_perf.errors import PerfError

os.environ["XLWINGS_PROJECT_DIR"] = str(Path(__file__).with_name("project"))

from xlwings_server.config import settings

from udfs.office.gate import Gate

if not settings.license_key:
    raise PerfError(
        "xlwings-server needs a licence",
        where="XLWINGS_LICENSE_KEY",
        expected="noncommercial (government institutions, other permitted uses of PolyForm Noncommercial "
        "1.0.0) or a bought key",
        remedy="read docs/decisions/0009-office-addin.md",
    )

try:
    from xlwings_server.main import main_app
except Exception as error:
    if (
        type(error).__name__ != "LicenseError"
    ):  # xlwings, which has the class, cannot be imported without a valid key
        raise
    raise PerfError(str(error), where="XLWINGS_LICENSE_KEY") from None

app = Gate(main_app, app_path=settings.app_path, static_path=settings.static_url_path)

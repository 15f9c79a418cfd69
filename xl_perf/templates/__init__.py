"""What each official workbook contains, and the builder that writes it.

Importing this package costs nothing: `xl_perf.templates.build` loads openpyxl when a build is asked for.
"""

from __future__ import annotations

from xl_perf.contract.versions import TEMPLATE_VERSIONS

__all__ = ["TEMPLATE_VERSIONS"]

"""Fixtures that several test modules share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.libreoffice import LibreOffice

settings.register_profile("project", deadline=None)  # a loaded machine is no fault of the code
settings.load_profile("project")

os.environ["XL_PERF_LANG"] = "en"  # the tests compare English texts, whatever the machine speaks

# No edition that somebody installed on this machine takes part in the tests; those of the tests have a folder
# of their own.
os.environ["XL_PERF_DATA"] = str(Path(__file__).parent / "data" / "nothing_installed")


@pytest.fixture(autouse=True)
def _no_office(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only tests that say so leave formulas to LibreOffice."""
    if request.node.get_closest_marker("libreoffice") is None and "looked_for" not in request.node.name:
        monkeypatch.setattr("xl_perf.recalc.office.find_office", lambda: None)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """LibreOffice with a private profile; skips where it is missing, fails if XL_PERF_FULL_TESTS=1 asks for
    all tests.
    """
    from tests.libreoffice import LibreOffice, find_soffice

    program = find_soffice()
    if program is None:
        if os.environ.get("XL_PERF_FULL_TESTS") == "1":
            pytest.fail("LibreOffice (soffice) is not installed, and XL_PERF_FULL_TESTS=1 asks for all tests")
        pytest.skip("LibreOffice (soffice) is not installed")
    return LibreOffice(program, tmp_path_factory.mktemp("libreoffice"))

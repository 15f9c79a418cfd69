"""LibreOffice with the add-in in a private profile, for tests: where it is, how it is installed, how jobs are run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests import programs

DRIVER = Path(__file__).with_name("calc_driver.py")
TIMEOUT = 180


@cache
def uno_python():
    """A Python that can import UNO, or None."""
    soffice = programs.find("soffice")
    beside = Path(os.path.realpath(soffice)).parent if soffice else Path()
    for python in (sys.executable, beside / "python", beside / "python.exe", "/usr/bin/python3"):
        try:
            found = subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60, check=False)
        except OSError:
            continue
        if found.returncode == 0:
            return str(python)
    return None


def missing():
    """What the machine lacks to run Calc with the add-in; empty where nothing."""
    if programs.find("soffice") is None or programs.find("unopkg") is None:
        return "LibreOffice (soffice, unopkg) is not on this machine"
    if uno_python() is None:
        return "no Python with UNO on this machine (python3-uno)"
    return ""


def require_office():
    """Skips the test where LibreOffice is missing; a full run fails instead."""
    reason = missing()
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


ONE_THREAD = """<item oor:path="/org.openoffice.Office.Calc/Formula/Calculation">\
<prop oor:name="UseThreadedCalculationForFormulaGroups" oor:op="fuse"><value>false</value></prop></item>"""
"""Threads of LibreOffice may read a cell behind a name before it is calculated, where all cells are calculated anew."""


def install(extension):
    """A new private profile with an extension in it; unopkg refuses root, so root does it as another user.

    That user can neither reach nor write root's own folder for temporary files (`TMPDIR`), and gets one of its own.
    """
    as_other = hasattr(os, "geteuid") and os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="xl-perf-calc-", dir="/tmp" if as_other else None))
    package = folder / extension.name
    shutil.copyfile(extension, package)
    profile = folder / "profile"
    other = {"env": _environment()}
    if as_other:
        shutil.chown(folder, "nobody")
        other = {
            "user": "nobody",
            "group": "nogroup",
            "extra_groups": [],
            "env": _environment() | {"HOME": str(folder), "TMPDIR": str(folder)},
        }
    package.chmod(0o644)
    done = subprocess.run(
        ["unopkg", "add", "-f", "-s", f"-env:UserInstallation={profile.as_uri()}", str(package)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        cwd=folder,
        **other,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    settings = profile / "user" / "registrymodifications.xcu"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("</oor:items>", f"{ONE_THREAD}</oor:items>"), encoding="utf-8")
    return folder, profile


def _environment():
    """Ours without a path to the project's sources, which would stand in for those in the extension."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run(profile, *jobs):
    """The answers of the driver to some jobs, all in one run of LibreOffice."""
    done = subprocess.run(
        [uno_python(), str(DRIVER), str(profile)],
        input=json.dumps(jobs),
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

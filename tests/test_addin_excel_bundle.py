"""The add-in's own Python: what the folder holds, that it is all that the functions need, what is refused."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import platformdirs
import pytest
import xlwings

from xl_perf.addins import excel_bundle
from xl_perf.addins.excel_runtime import xlwings_version
from xl_perf.cli import FAILED, OK, USAGE, main

XLWINGS = xlwings_version()
AMD64, X86 = 0x8664, 0x14C


def program(machine):
    """The head of a Windows program (PE format): MZ, where the PE header is, its machine type."""
    return (
        b"MZ"
        + bytes(58)
        + struct.pack("<I", 0x80)
        + bytes(64)
        + b"PE\0\0"
        + struct.pack("<H", machine)
        + bytes(64)
    )


def embeddable(path, version="312", machine=AMD64, without=()):
    """A zip with the files of python.org's embeddable package."""
    files = {
        "python.exe": program(machine),
        f"python{version}.dll": b"dll",
        f"python{version}.zip": b"zip",
        f"python{version}._pth": f"python{version}.zip\n.\n\n#import site\n".encode(),
        "LICENSE.txt": b"PSF",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            if name not in without:
                archive.writestr(name, data)
    return path


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Wheels as pip gives them for Windows: those of xlwings and platformdirs hold what is installed here."""
    folder = tmp_path_factory.mktemp("wheels")
    tag = "cp312-cp312-win_amd64"
    with zipfile.ZipFile(folder / f"xlwings-{XLWINGS}-{tag}.whl", "w") as archive:
        for name, module in (("xlwings", xlwings),):
            home = Path(module.__file__).parent
            for path in home.rglob("*.py"):
                archive.write(path, f"{name}/{path.relative_to(home).as_posix()}")
        for bits in (32, 64):
            archive.writestr(f"xlwings-{XLWINGS}.data/data/xlwings{bits}-{XLWINGS}.dll", b"dll")
        archive.writestr(f"xlwings-{XLWINGS}.data/scripts/xlwings.exe", b"exe")
        archive.writestr("../outside.txt", b"no")
        archive.writestr("/etc/outside.txt", b"no")
    with zipfile.ZipFile(folder / "platformdirs-4.3.0-py3-none-any.whl", "w") as archive:
        for path in Path(platformdirs.__file__).parent.glob("*.py"):
            archive.write(path, f"platformdirs/{path.name}")
    with zipfile.ZipFile(folder / f"pywin32-306-{tag}.whl", "w") as archive:
        archive.writestr("pywin32.pth", "win32\nwin32\\lib\nimport pywin32_bootstrap\n")
        archive.writestr("pywin32_system32/pywintypes312.dll", b"dll")
        archive.writestr("pywin32-306.data/platlib/pythoncom.py", "# pythoncom")
    return folder


@pytest.fixture(scope="module")
def folder(wheels, tmp_path_factory):
    base = tmp_path_factory.mktemp("componente")
    given = ["--bundle", str(embeddable(base / "python.zip")), "--wheels", str(wheels)]
    assert main(["addin", "excel", "--out", str(base / "xl_perf"), *given]) == OK
    return base / "xl_perf"


def test_everything_lies_where_an_installer_puts_it(folder):
    python = folder / "python"
    site = python / "Lib" / "site-packages"
    for name in ("python.exe", "python312.dll", "python312.zip", "LICENSE.txt", f"xlwings64-{XLWINGS}.dll"):
        assert (python / name).is_file(), name
    for name in (
        "xlwings/__init__.py", "platformdirs/__init__.py", "pywin32.pth", "pywin32_system32/pywintypes312.dll",
        "pythoncom.py", "udfs/excel.py", "xl_perf/plan/editions/piano-2021-2023/albero_piramide.csv",
    ):  # fmt: skip
        assert (site / name).is_file(), name
    assert not [
        path for path in folder.rglob("*") if path.name in ("__pycache__", "outside.txt", "xlwings.exe")
    ]
    assert sorted(path.name for path in folder.iterdir()) == [
        "LEGGIMI.txt",
        "python",
        "xl_perf.conf",
        "xl_perf.xlam",
    ]


def test_modules_come_from_the_folder_alone(folder):
    """A `._pth` file takes the place of every other path (Python's documentation, "Finding modules")."""
    text = (folder / "python" / "python312._pth").read_bytes().decode()
    assert text.split("\r\n") == [
        "python312.zip", ".", "Lib\\site-packages", "Lib\\site-packages\\win32", "Lib\\site-packages\\win32\\lib", "",
        "import site", "",
    ]  # fmt: skip


def test_settings_are_relative(folder):
    lines = (folder / "xl_perf.conf").read_text(encoding="utf-8-sig").splitlines()
    assert "interprete = python\\python.exe" in lines
    assert not [line for line in lines if line.startswith("dll")]


def test_the_functions_and_actions_need_nothing_else(folder):
    """Run by this machine's Python with its own library and the folder's packages only."""
    code = (
        "import sys; sys.path[:] = [p for p in sys.path if 'packages' not in p] + sys.argv[1:];"
        "import udfs.excel, udfs.excel_actions, xl_perf, xlwings, xl_perf.doctor;"
        "print(udfs.excel.PERF_SCORE([[27]], [[30]], [[-1]], None), xl_perf.__file__, xlwings.__file__);"
        "udfs.excel.OBIETTIVO([['giacenza.altre_aree']], [['TORINO']], None, None, None);"
        "print(sorted({'numpy', 'openpyxl', 'formualizer'} & set(sys.modules)))"
    )
    site = folder / "python" / "Lib" / "site-packages"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(site)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.split() == ["110.0", str(site / "xl_perf/__init__.py"), str(site / "xlwings/__init__.py")]
    assert second == "[]"


def test_a_second_time_replaces_the_first_and_keeps_the_settings(wheels, tmp_path, capsys):
    out = tmp_path / "xl_perf"
    given = ["addin", "excel", "--out", str(out), "--wheels", str(wheels), "--bundle"]
    assert main([*given, str(embeddable(tmp_path / "a.zip"))]) == OK
    (out / "python" / "mine.txt").touch()
    (out / "xl_perf.conf").write_text("interprete = C:\\altro\\python.exe\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*given, str(embeddable(tmp_path / "b.zip"))]) == OK
    assert not (out / "python" / "mine.txt").exists()
    assert "C:\\altro" in (out / "xl_perf.conf").read_text(encoding="utf-8")
    assert "xl_perf.conf" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"version": "310"}, "Python 3.10 is too old"),
        ({"without": ("python.exe",)}, "the zip is no embeddable Python"),
        ({"without": ("python312._pth",)}, "the zip is no embeddable Python"),
        ({"machine": 0x1234}, "python.exe is no program for Windows"),
        ({"machine": X86}, "there is no wheel of xlwings"),
        ({"version": "313"}, "there is no wheel of xlwings"),
    ],
)
def test_what_does_not_fit_is_refused(wheels, tmp_path, capsys, made, said):
    out = tmp_path / "xl_perf"
    zipped = embeddable(tmp_path / "python.zip", **made)
    assert (
        main(["addin", "excel", "--out", str(out), "--wheels", str(wheels), "--bundle", str(zipped)]) == USAGE
    )
    assert said in capsys.readouterr().err
    assert not list(out.iterdir() if out.is_dir() else ())


def test_no_zip_and_options_that_do_not_go_together(tmp_path, capsys):
    text = tmp_path / "python.zip"
    text.write_text("no zip", encoding="utf-8")
    for given, said in (
        (["--bundle", str(text)], "the zip cannot be read"),
        (["--bundle", str(tmp_path / "none.zip")], "the zip cannot be read"),
        (["--wheels", str(tmp_path)], "--wheels goes with --bundle"),
        (["--bundle", str(text), "--interpreter", "C:\\p.exe"], "--bundle brings its own Python"),
    ):
        assert main(["addin", "excel", "--out", str(tmp_path / "xl_perf"), *given]) == USAGE
        assert said in capsys.readouterr().err


def test_wheels_that_pip_cannot_get(tmp_path, monkeypatch, capsys):
    def failed(command, **_):
        assert command[1:4] == ["-m", "pip", "download"]
        assert {"win_amd64", "3.12", f"xlwings=={XLWINGS}", "pywin32", "platformdirs"} <= set(command)
        return subprocess.CompletedProcess(command, 1, "", "ERROR: no network\n")

    monkeypatch.setattr(excel_bundle.subprocess, "run", failed)
    zipped = embeddable(tmp_path / "python.zip")
    assert main(["addin", "excel", "--out", str(tmp_path / "xl_perf"), "--bundle", str(zipped)]) == FAILED
    assert "pip cannot get the wheels: ERROR: no network" in capsys.readouterr().err
    assert list((tmp_path / "xl_perf").iterdir()) == []

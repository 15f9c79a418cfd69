"""Whole programs on the same workbooks, in turn in one run."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.books import NATIONAL, REGIONAL, SMALL, Size, copies, write_book
from tests.bench.measure import Cost, median, run
from tests.bench.model import write_model
from tests.bench.office import open_office, open_office_with_addin
from tests.bench.plain import write_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.office import Office

_TITLE = "| | wall s | CPU s | peak MiB | CPU / floor | CPU / xl-perf |\n|---|---|---|---|---|---|"
XL_PERF = "xl-perf"
TWO_JOBS = "xl-perf, two jobs"
FLOOR = "floor"
OFFICIAL_COPIES = 23
"""Regions and DCM."""
FORMULAS = "formulas, native formulas"
OFFICE = "LibreOffice, native formulas"
ADD_IN = "LibreOffice, our add-in"


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is measured, and with which programs."""

    quick: bool = False
    runs: int = 5
    files: int = 200
    office_files: int = 20
    formulas_python: str | None = None
    formulas_national: bool = False
    with_office: bool = True


class Bench:
    """The workbooks in a folder, and the programs that recalculate them."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.out = folder / "out"
        self.office: Office | None = open_office(folder / "office") if settings.with_office else None
        self.with_addin = open_office_with_addin(folder / "addin") if settings.with_office else None

    def all(self) -> Iterator[str]:
        """The tables of (a) to (c), of the scorecards, the model and the start, line by line."""
        quick = self.settings.quick
        if self.office is not None:
            yield self.office.version
        yield from self.one("(a) regional workbook", "a", SMALL if quick else REGIONAL)
        yield from self.one("(b) national workbook", "b", Size(3, 12) if quick else NATIONAL)
        yield from self.batch()
        yield from self.official()
        yield from self.model()
        yield from self.start()
        if self.with_addin is not None:
            self.with_addin.close()

    # --- programs

    def xl_perf(self, path: Path, *options: str) -> Cost:
        """`xl-perf recalc` of a file or folder into an empty folder."""
        shutil.rmtree(self.out, ignore_errors=True)
        return run([sys.executable, "-m", "xl_perf", "recalc", "--out", self.out, *options, path])

    def floor(self, source: Path, count: int = 1) -> Cost:
        """What cannot be avoided, as often as there are files; needs the result of `xl_perf`, else nothing changed."""
        result = self.out / source.name
        result = result if result.exists() else source
        target = self.folder / "floor.xlsx"
        return run([sys.executable, "-m", "tests.bench.floor", source, result, target, str(count)])

    def others(self, paths: list[Path]) -> dict[str, Callable[[], Cost]]:
        """The other programs, on workbooks with native formulas."""
        found: dict[str, Callable[[], Cost]] = {}
        office, python = self.office, self.settings.formulas_python
        if office is not None:
            found[OFFICE] = lambda: office.recalculate(paths, self.folder / "office_out")
        if python is not None and (self.settings.formulas_national or paths[0].stem == "a_native"):
            script = Path(__file__).with_name("with_formulas.py")
            found[FORMULAS] = lambda: run([python, script, self.folder / "formulas_out", paths[0]])
        return found

    def apart(self, paths: list[Path]) -> list[Path]:
        """Copies of workbooks in a folder of their own."""
        folder = self.folder / "apart"
        folder.mkdir()
        return [Path(shutil.copy(path, folder)) for path in paths]

    # --- parts

    def one(self, title: str, name: str, size: Size) -> Iterator[str]:
        """One workbook by every program."""
        source, native = self.folder / f"{name}.xlsx", self.folder / f"{name}_native.xlsx"
        write_book(source, size)
        write_book(native, size, native=True)
        programs: dict[str, Callable[[], Cost]] = {
            XL_PERF: lambda: self.xl_perf(source),
            FLOOR: lambda: self.floor(source),
            **self.others([native]),
        }
        addin = self.with_addin
        if addin is not None:
            relinked = addin.relinked(source)
            programs[ADD_IN] = lambda: addin.recalculate([relinked], self.folder / "addin_out")
        costs: dict[str, list[Cost]] = {program: [] for program in programs}
        for _ in range(self.settings.runs):
            for program, measured in programs.items():
                slow = program in (FORMULAS, ADD_IN) and costs[program]
                if not slow:  # once is enough of what takes minutes
                    costs[program].append(measured())
        yield f"\n{title}: {size.formulas:,} formulas, {size.ours:,} of ours\n\n{_TITLE}"
        yield from _table({program: median(found) for program, found in costs.items()})

    def batch(self) -> Iterator[str]:
        """Many copies of the regional workbook; figures for one file."""
        settings = self.settings
        count = settings.files
        source, native = self.folder / "a.xlsx", self.folder / "a_native.xlsx"
        folder = self.folder / "c"
        paths = copies(source, folder, count)
        natives = copies(native, self.folder / "c_native", settings.office_files)
        relinked: list[Path] = []
        costs: dict[str, list[Cost]] = {}
        for _ in range(1 if settings.quick else 3):
            costs.setdefault(XL_PERF, []).append(self.xl_perf(folder).per(count))
            costs.setdefault(TWO_JOBS, []).append(self.xl_perf(folder, "--jobs", "2").per(count))
            costs.setdefault(FLOOR, []).append(self.floor(paths[0], count).per(count))
            if self.office is not None:
                cost = self.office.recalculate(natives, self.folder / "office_out")
                costs.setdefault(OFFICE, []).append(cost.per(len(natives)))
            if self.with_addin is not None:
                relinked = relinked or [
                    self.with_addin.relinked(path) for path in self.apart(paths[: len(natives)])
                ]
                cost = self.with_addin.recalculate(relinked, self.folder / "addin_out")
                costs.setdefault(ADD_IN, []).append(cost.per(len(relinked)))
        found = {program: median(many) for program, many in costs.items()}
        yield f"\n(c) {count} copies of (a): figures for one file; LibreOffice did {len(natives)}\n\n{_TITLE}"
        yield from _table(found)
        ratio = found[XL_PERF].wall / found[TWO_JOBS].wall
        yield f"\ntwo jobs: {ratio:.2f} times the throughput of one"

    def official(self) -> Iterator[str]:
        """Official scorecards with example data, one for each structure of a batch; figures for one file."""
        from tests.official import EXAMPLES  # builds them

        official = EXAMPLES / "scheda_territoriale_esempio.xlsx"
        count = 3 if self.settings.quick else OFFICIAL_COPIES
        plain = self.folder / "plain.xlsx"
        exchanged = write_plain(official, plain)
        forms = {
            "e": (official, ""),
            "f": (plain, f", {exchanged:,} structured references and names made plain"),
        }
        costs: dict[str, list[dict[str, Cost]]] = {name: [] for name in forms}
        for _ in range(min(3, self.settings.runs)):
            for name, (source, _) in forms.items():
                costs[name].append(self._scorecards(name, source, count))
        for name, (_, what) in forms.items():
            found = {program: median([one[program] for one in costs[name]]) for program in costs[name][0]}
            yield f"\n({name}) {count} official scorecards{what}: figures for one file; LibreOffice did 1\n\n{_TITLE}"
            yield from _table(found)

    def _scorecards(self, name: str, source: Path, count: int) -> dict[str, Cost]:
        folder = self.folder / name
        if not folder.exists():
            folder.mkdir()
            for number in range(count):
                shutil.copyfile(source, folder / f"scheda_{number:02d}.xlsx")
        first = folder / "scheda_00.xlsx"
        costs = {XL_PERF: self.xl_perf(folder).per(count), FLOOR: self.floor(first, count).per(count)}
        if self.with_addin is not None and name == "e":
            relinked = self.with_addin.relinked(first)
            costs[ADD_IN] = self.with_addin.recalculate([relinked], self.folder / "addin_out")
        return costs

    def model(self) -> Iterator[str]:
        """A large model of native formulas."""
        path = self.folder / "model.xlsx"
        formulas = write_model(path, *((200, 5) if self.settings.quick else (13_500, 250)))
        costs = {XL_PERF: self.xl_perf(path), FLOOR: self.floor(path)}
        if self.office is not None:
            costs[OFFICE] = self.office.recalculate([path], self.folder / "office_out")
        yield f"\n(g) model of {formulas:,} formulas: long chains, whole columns, conditional sums\n\n{_TITLE}"
        yield from _table(costs)

    def start(self) -> Iterator[str]:
        """How soon something happens."""
        tiny = self.folder / "tiny.xlsx"
        write_book(tiny, SMALL)
        rounds = range(1 if self.settings.quick else 7)
        version = median([run([sys.executable, "-m", "xl_perf", "--version"]) for _ in rounds])
        first = median([self.xl_perf(tiny) for _ in rounds])
        yield (
            f"\n`xl-perf --version`: {version.wall * 1000:.0f} ms; a tiny workbook, all in all: "
            f"{first.wall * 1000:.0f} ms"
        )


def _table(costs: dict[str, Cost]) -> Iterator[str]:
    floor, ours = costs[FLOOR].cpu, costs[XL_PERF].cpu
    for program, cost in costs.items():
        figures = f"{cost.wall:.3f} | {cost.cpu:.3f} | {cost.memory:.0f}"
        yield f"| {program} | {figures} | {cost.cpu / floor:.1f} | {cost.cpu / ours:.1f} |"

"""The archive: nothing changed or deleted, as of any day; two writers, a killed one, a newer schema, a
network share.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import postgresql
from tests.official import EXAMPLES
from tests.typed import type_facts
from xl_perf.cli import FAILED, OK, main
from xl_perf.contract import read_inputs
from xl_perf.errors import ArchiveError
from xl_perf.package import open_package, write_atomic

sa = pytest.importorskip("sqlalchemy", reason="the extra archivio (SQLAlchemy) is not installed")

from xl_perf.archive import tables  # noqa: E402
from xl_perf.archive.opening import _upgrade  # noqa: E402
from xl_perf.archive.place import is_remote  # noqa: E402
from xl_perf.archive.store import Archive  # noqa: E402

PIRAMIDE = EXAMPLES / "piramide_valore_esempio.xlsx"
ITEM = "obiettivi.rvpa"


@pytest.fixture(scope="module")
def database():
    """A real PostgreSQL; skips where it is missing, fails if all tests are asked for."""
    reason = postgresql.missing()
    if reason and os.environ.get("XL_PERF_FULL_TESTS") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with postgresql.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield str(tmp_path / "archivio.sqlite")
        return
    address = request.getfixturevalue("database")
    yield address
    engine = sa.create_engine(address)
    tables.metadata.drop_all(engine)
    engine.dispose()


def changed(path, value):
    """A copy of the example with another number of RVPA."""
    package = open_package(PIRAMIDE)
    cell = next(
        i for i in read_inputs(package).of() if (i.identity.item, i.identity.measure) == (ITEM, "valore")
    )
    write_atomic(path, package.patch({cell.sheet: {cell.key: value}}))
    return path


def test_as_of_before_and_after_a_corrected_delivery(url, tmp_path):
    first = changed(tmp_path / "luglio.xlsx", 500_000)
    second = changed(tmp_path / "luglio_corretto.xlsx", 600_000)
    with Archive(url, create=True) as archive:
        archive.record(first, dt.datetime(2021, 7, 20, 9))  # noqa: DTZ001
        archive.record(second, dt.datetime(2021, 8, 2, 9))  # noqa: DTZ001
        again = archive.record(second)
        assert (again.known, again.replaced_by) == (True, 0)
        back = archive.record(first)
        assert (back.known, back.replaced_by) == (True, again.id)
        assert archive.record(first, dt.datetime(2021, 9, 1), again=True).id > again.id  # noqa: DTZ001
        assert archive.record(first, again=True).known, "it counts already"
        july, august = dt.datetime(2021, 7, 31), dt.datetime(2021, 8, 31)  # noqa: DTZ001
        assert [v.value for v in archive.values(ITEM, as_of=july)] == [500_000]
        assert [v.value for v in archive.values(ITEM, as_of=august)] == [600_000]
        assert [v.value for v in archive.values(ITEM, history=True)] == [500_000, 600_000, 500_000]
        assert [v.value for v in archive.values(ITEM)] == [500_000]
        assert archive.values(ITEM, as_of=dt.datetime(2021, 7, 1)) == []  # noqa: DTZ001
        name, data = archive.delivery("NAZIONALE", "2021", "piramide_valore", july)
        assert (name, data) == ("luglio.xlsx", first.read_bytes())
        with pytest.raises(ArchiveError, match="no delivery"):
            archive.delivery("NAZIONALE", "2020", "piramide_valore")


def test_persons_are_never_stored(url, tmp_path):
    with Archive(url, create=True) as archive, pytest.raises(ArchiveError, match="single persons"):
        archive.record(EXAMPLES / "valutazione_individuale_esempio.xlsx")
    if "://" not in url:
        names = [i.value for i in read_inputs(open_package(EXAMPLES / "valutazione_individuale_esempio.xlsx")).found
                 if i.identity.measure == "nominativo" and i.value]  # fmt: skip
        assert names
        stored = Path(url).read_bytes()
        assert not any(str(name).encode() in stored for name in names)


def test_targets_settings_and_results_are_stored(url):
    with Archive(url, create=True) as archive:
        archive.record(PIRAMIDE)
        (score,) = [v for v in archive.values("piramide.valore_pubblico") if v.measure == "punteggio"]
        inputs = read_inputs(open_package(PIRAMIDE))
        total = next(
            t
            for t in inputs.totals
            if (t.identity.item, t.identity.measure) == ("piramide.valore_pubblico", "punteggio")
        )
        assert score.value == total.value
        with archive._engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(tables.target)) > 100
            kinds = connection.scalars(sa.select(tables.setting.c.misura).distinct()).all()
    assert "scelta" in kinds


def test_a_newer_schema_is_refused(url):
    Archive(url, create=True)._engine.dispose()
    engine = sa.create_engine(url if "://" in url else f"sqlite:///{url}")
    with engine.begin() as connection:
        connection.execute(tables.version.insert().values(numero=tables.SCHEMA + 1))
    engine.dispose()
    with pytest.raises(ArchiveError, match=f"has the version {tables.SCHEMA + 1}"):
        Archive(url)


def test_an_archive_of_the_first_version(url, tmp_path):
    """Who asks gets answers from the older tables; the first writer makes them new, and everything is there."""
    first, second = changed(tmp_path / "a.xlsx", 1), changed(tmp_path / "b.xlsx", 2)
    with Archive(url, create=True) as archive:
        archive.record(first)
        archive.record(second)
    engine = sa.create_engine(url if "://" in url else f"sqlite:///{url}")
    _to_version_1(engine)
    with Archive(url) as archive:
        assert [v.value for v in archive.values(ITEM, history=True)] == [1, 2]
    assert _version(engine) == 1
    with Archive(url, create=True) as archive:
        assert archive.record(first, again=True).id == 3
        assert [v.value for v in archive.values(ITEM, history=True)] == [1, 2, 1]
    assert _version(engine) == 2
    if engine.dialect.name == "sqlite":
        _upgrade(engine)  # a writer that waited for this one: nothing is left to do
    with engine.connect() as connection:
        assert [index["name"] for index in sa.inspect(connection).get_indexes("consegna")] == ["consegna_di"]
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()


def _to_version_1(engine):
    """The table of deliveries as version 1 had it: bytes once."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            made = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE name = 'consegna'"
            ).scalar()
            old = made.replace("CREATE TABLE consegna", "CREATE TABLE vecchia").replace(
                "PRIMARY KEY (id)", "PRIMARY KEY (id), UNIQUE (impronta)"
            )
            assert old.count("UNIQUE") == 1
            for line in (
                old,
                "INSERT INTO vecchia SELECT * FROM consegna",
                "DROP TABLE consegna",
                "ALTER TABLE vecchia RENAME TO consegna",
                "CREATE INDEX consegna_di ON consegna (modello, struttura, periodo, ricevuta)",
            ):
                connection.exec_driver_sql(line)
        else:
            connection.exec_driver_sql("ALTER TABLE consegna ADD CONSTRAINT una UNIQUE (impronta)")
        connection.execute(tables.version.update().values(numero=1))


def _version(engine):
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.max(tables.version.c.numero)))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://utente@server/base", "not mysql.*postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql+nessuno://utente@server/base", "cannot be used"),
        ("://", "not understood"),
    ],
)
def test_an_address_that_is_no_archive(address, message, capsys):
    with pytest.raises(ArchiveError, match=message):
        Archive(address, create=True)
    assert main(["record", str(PIRAMIDE), "--archive", address]) == FAILED
    assert "Traceback" not in capsys.readouterr().err


def test_a_database_of_something_else_is_left_alone(url):
    engine = sa.create_engine(url if "://" in url else f"sqlite:///{url}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE obiettivo (nome TEXT)")
    with pytest.raises(ArchiveError, match="holds something else: obiettivo"):
        Archive(url, create=True)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["obiettivo"]
    engine.dispose()


def test_an_archive_that_cannot_be_written_can_be_asked(tmp_path, monkeypatch):
    """A copy on a medium that is read only, as SQLite sees it: no file beside it can be made."""
    path = tmp_path / "archivio.sqlite"
    with Archive(str(path), create=True) as archive:
        archive.record(PIRAMIDE)
    before = sorted(file.name for file in tmp_path.iterdir()), path.read_bytes()
    monkeypatch.setattr("xl_perf.archive.opening._writable", lambda _path: False)
    with Archive(str(path)) as archive:
        assert archive.values(ITEM)
        with (
            archive._engine.connect() as connection,
            pytest.raises(sa.exc.OperationalError, match="readonly"),
        ):
            connection.execute(tables.version.delete())
    assert (sorted(file.name for file in tmp_path.iterdir()), path.read_bytes()) == before


def test_days_and_times_are_those_of_the_machine(tmp_path, monkeypatch, capsys):
    """31 July 23:30 in Rome is 21:30 UTC; 1 August 0:30 in Rome is 22:30 UTC of the day before."""
    monkeypatch.setenv("TZ", "Europe/Rome")
    time.tzset()
    try:
        url = str(tmp_path / "archivio.sqlite")
        with Archive(url, create=True) as archive:
            archive.record(changed(tmp_path / "a.xlsx", 1), dt.datetime(2021, 7, 31, 21, 30))  # noqa: DTZ001
            archive.record(changed(tmp_path / "b.xlsx", 2), dt.datetime(2021, 7, 31, 22, 30))  # noqa: DTZ001
        ask = ["history", ITEM, "NAZIONALE", "--archive", url]
        assert main(ask) == OK
        said = capsys.readouterr().out
        assert "2021-07-31 23:30 a.xlsx" in said
        assert "2021-08-01 00:30 b.xlsx" in said
        assert main([*ask, "--as-of", "2021-07-31"]) == OK
        assert "b.xlsx" not in capsys.readouterr().out
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_is_no_archive(tmp_path):
    with pytest.raises(ArchiveError, match="there is no archive"):
        Archive(str(tmp_path / "manca.sqlite"))
    other = tmp_path / "altro.sqlite"
    other.write_text("solo testo, abbastanza lungo da non essere vuoto\n" * 20)
    with pytest.raises(ArchiveError):
        Archive(str(other))


def test_two_writers_at_once(url, tmp_path):
    Archive(url, create=True)._engine.dispose()
    files = [changed(tmp_path / f"file{n}.xlsx", 1000 + n) for n in range(6)]
    code = (
        "import sys; from xl_perf.cli import main; sys.exit(main(['record', *sys.argv[2:], "
        "'--archive', sys.argv[1]]))"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, url, *map(str, part)], stdout=subprocess.PIPE)
        for part in (files[:3], files[3:])
    ]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    with Archive(url) as archive:
        assert sorted(v.value for v in archive.values(ITEM, history=True)) == [1000 + n for n in range(6)]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_writer_leaves_all_or_nothing(url, tmp_path):
    Archive(url, create=True)._engine.dispose()
    files = [changed(tmp_path / f"file{n}.xlsx", 1000 + n) for n in range(20)]
    code = (
        "import sys; from xl_perf.cli import main; sys.exit(main(['record', *sys.argv[2:], "
        "'--archive', sys.argv[1]]))"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, url, *map(str, files)], stdout=subprocess.DEVNULL)
    time.sleep(1.5)
    writer.send_signal(signal.SIGKILL)
    writer.wait(30)
    with Archive(url) as archive:
        archive.record(files[-1])
        with archive._engine.connect() as connection:
            deliveries = connection.scalar(sa.select(sa.func.count()).select_from(tables.delivery))
            contents = connection.scalar(sa.select(sa.func.count()).select_from(tables.content))
        assert deliveries == contents == len(archive.values(ITEM, history=True))


def test_a_full_disk_loses_nothing(tmp_path, capsys):
    """SQLite's own error of a full disk, which a limit of pages brings about: what was there stays, and the
    message says so.
    """
    path = tmp_path / "archivio.sqlite"
    first, second = changed(tmp_path / "prima.xlsx", 1), changed(tmp_path / "seconda.xlsx", 2)
    with Archive(str(path), create=True) as archive:
        done = archive.record(first)
        full = sa.event.listens_for(archive._engine, "checkout")
        full(
            lambda connection, *_: connection.execute("PRAGMA max_page_count=1")
        )  # it cannot be less than there is
        with pytest.raises(ArchiveError, match=r"seconda\.xlsx was not recorded: database or disk is full"):
            archive.record(second)
    with Archive(str(path)) as archive:
        assert [v.value for v in archive.values(ITEM, history=True)] == [1]
        again = archive.record(second)
        assert (again.known, again.facts) == (False, done.facts)
        assert sorted(v.value for v in archive.values(ITEM, history=True)) == [1, 2]
        with archive._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_an_archive_on_a_network_share_is_refused(tmp_path, monkeypatch, capsys):
    """As `/proc/mounts` shows a share of Windows; a database elsewhere is not concerned."""
    monkeypatch.setattr(
        "xl_perf.archive.place._mounts", lambda: [("/", "ext4"), (str(tmp_path.resolve()), "cifs")]
    )
    path = tmp_path / "archivio.sqlite"
    assert main(["record", str(PIRAMIDE), "--archive", str(path)]) == FAILED
    said = capsys.readouterr().err
    assert "network share" in said
    assert "PostgreSQL" in said
    assert not path.exists()


def test_network_shares_are_told_apart(tmp_path):
    mounts = [("/", "ext4"), (str(tmp_path), "cifs")]
    assert is_remote(tmp_path / "a.sqlite", mounts)
    assert not is_remote(Path("/var/a.sqlite"), mounts)


def test_commands(url, tmp_path, capsys):
    first, second = changed(tmp_path / "a.xlsx", 400_000), changed(tmp_path / "b.xlsx", 550_000)
    bad = tmp_path / "nulla.xlsx"
    bad.write_bytes(b"PK nulla")
    assert main(["record", str(first), str(bad), "--archive", url]) == FAILED
    assert "recorded" in capsys.readouterr().out
    assert main(["history", ITEM, "Nazionale", "--archive", url]) == OK
    assert "400.000" in capsys.readouterr().out.replace(",", ".").replace("400000", "400.000")
    assert main(["history", "obiettivi.nulla", "Nazionale", "--archive", url]) == FAILED
    capsys.readouterr()
    assert main(["compare", str(first), str(second), "--archive", url]) == OK
    printed = capsys.readouterr().out
    assert ITEM in printed


def test_contributions_add_up_to_the_difference(tmp_path):
    from xl_perf.archive.compare import compare
    from xl_perf.recalc import recalc_file

    first, second = changed(tmp_path / "a.xlsx", 400_000), tmp_path / "b.xlsx"
    shutil.copy(PIRAMIDE, second)
    recalc_file(first)
    found = compare(open_package(first), open_package(second))
    assert [c.identity.item for c in found.facts] == [ITEM]
    total = sum(part.points for part in found.contributions)
    assert found.before is not None
    assert found.after is not None
    assert total + found.rest == pytest.approx(found.after - found.before, abs=1e-12)
    assert found.rest == pytest.approx(0, abs=1e-9)


def test_the_score_that_is_compared_is_that_of_the_whole(tmp_path):
    """GENOVA with 522 pieces more: LIGURIA's index 6,545 / 75,476 x 360 = 31.2179 days instead of 28.7281 against 30.

    Its score falls by 2.4898 / 30 x 100 = 8.29933 points, which weigh 12.5% x 12.5% x 20% in the whole.
    """
    from xl_perf.archive.compare import compare

    path = tmp_path / "scheda.xlsx"
    path.write_bytes((EXAMPLES / "scheda_territoriale_esempio.xlsx").read_bytes())
    area = "giacenza.prestazioni_servizi"
    offices = {
        "GENOVA": (1478, 16686),
        "IMPERIA": (1406, 17791),
        "LA SPEZIA": (1278, 14816),
        "SAVONA": (1861, 26183),
    }
    facts = {(area, "giacenza", code): stock for code, (stock, _) in offices.items()}
    facts |= {(area, "pervenuto", code): received for code, (_, received) in offices.items()}
    first = open_package(type_facts(path, facts))
    second = open_package(type_facts(path, {(area, "giacenza", "GENOVA"): 2000.0}))
    found = compare(first, second)
    (only,) = found.contributions
    assert only.item == "giacenza.prestazioni_servizi"
    assert only.points == pytest.approx(-522 / 75_476 * 360 / 30 * 100 * 0.125 * 0.125 * 0.2)
    assert found.rest == pytest.approx(0, abs=1e-9)


def test_a_day_without_a_delivery_is_said_in_the_language_of_the_command(tmp_path, monkeypatch, capsys):
    url = str(tmp_path / "archivio.sqlite")
    Archive(url, create=True)._engine.dispose()
    whose = ["--struttura", "LIGURIA", "--period", "2021-T2", "--archive", url]
    commands = (
        ["compare", "2021-07-31", "2021-09-30", *whose],
        ["reproduce", "--as-of", "2021-07-31", *whose, "--out", str(tmp_path / "x.xlsx")],
    )
    for code, end in (("it", "era nota al 2021-07-31"), ("en", "was known on 2021-07-31")):
        monkeypatch.setenv("XL_PERF_LANG", code)
        for command in commands:
            assert main(command) == FAILED
            said = capsys.readouterr().err
            assert end in said
            assert code == "en" or " on " not in said


def patch(package, path, wanted):
    """A copy with other values of (item, measure), recalculated."""
    from xl_perf.book.file import patched
    from xl_perf.recalc import recalculate_package

    values = {}
    for each in read_inputs(package).found:
        key = each.identity.item, each.identity.measure
        if key in wanted:
            values.setdefault(each.sheet, {})[each.key] = wanted[key]
    assert sum(map(len, values.values())) == len(wanted)
    path.write_bytes(patched(package, values, recalculate_package(package, overrides=values)))
    return open_package(path)


def test_weights_of_a_node_are_one_change(tmp_path, capsys):
    """Perspectives at 0.4 and four times 0.15 instead of 0.2 each: no one of them gives a score alone."""
    from xl_perf.archive.compare import compare
    from xl_perf.plan import load_edition
    from xl_perf.templates.build import build_scorecard

    first, second = tmp_path / "t2.xlsx", tmp_path / "copia.xlsx"
    first.write_bytes(build_scorecard(load_edition("piano-2021-2023"), "LIGURIA", 2, example=True))
    nodes = ["scheda.processi", "scheda.finanza", "scheda.sviluppo", "scheda.strategia", "scheda.utenza"]
    weights = dict.fromkeys([(node, "alternativo scheda") for node in nodes], 0.15)
    package = open_package(first)
    changed_one = patch(package, second, weights | {("scheda.processi", "alternativo scheda"): 0.4})
    found = compare(package, changed_one)
    (only,) = found.contributions
    assert (only.node, list(only.items)) == ("scheda", nodes)
    results = {
        t.identity.item: t.value for t in read_inputs(package).totals if t.identity.measure == "punteggio"
    }
    worked = 0.2 * results["scheda.processi"] - 0.05 * sum(results[node] for node in nodes[1:])
    assert only.points == pytest.approx(worked, abs=1e-9)
    assert only.points + found.rest == pytest.approx(found.after - found.before, abs=1e-12)
    assert main(["compare", str(first), str(second)]) == OK
    assert "weights of scheda: scheda.processi, scheda.finanza" in capsys.readouterr().out


def test_values_of_15_digits_are_no_change(tmp_path):
    from xl_perf.archive.compare import compare

    first = open_package(changed(tmp_path / "a.xlsx", 0.1 + 0.2))
    second = open_package(changed(tmp_path / "b.xlsx", 0.3))
    found = compare(first, second)
    assert (found.facts, found.scores, found.contributions) == ((), (), ())
    other = compare(first, open_package(changed(tmp_path / "c.xlsx", 0.30000000000001)))
    assert [change.identity.item for change in other.facts] == [ITEM]


def test_a_period_that_is_none_is_named(capsys):
    ask = ["reproduce", "--as-of", "2021-07-31", "--struttura", "LIGURIA", "--out", "x.xlsx", "--period"]
    with pytest.raises(SystemExit, match="2"):
        main([*ask, "2021T2"])
    assert "'2021T2' is no period; write 2021-T2 or 2021" in capsys.readouterr().err
    assert main(["compare", "2021-T7", "2021-T3", "--struttura", "LIGURIA"]) == FAILED
    assert "'2021-T7' is no file, quarter or day" in capsys.readouterr().err


def test_a_changed_parameter_is_named_with_what_it_did(tmp_path, capsys):
    """The cap of deviations at 10% instead of 50% in the locked sheet Parametri: the only change, so all points."""
    from xl_perf.archive.compare import compare
    from xl_perf.contract.targets import read_targets
    from xl_perf.package.refs import parse_cell
    from xl_perf.recalc import recalc_file

    package, second = open_package(PIRAMIDE), tmp_path / "tetto.xlsx"
    (cell,) = [one["cella"] for one in read_targets(package) if one["chiave"] == "tetto_scostamento"]
    sheet, _, place = cell.rpartition("!")
    write_atomic(second, package.patch({sheet: {parse_cell(place): 0.1}}))
    recalc_file(second)
    found = compare(package, open_package(second))
    (only,) = found.plan
    assert (only.key, only.before, only.after, only.cell) == ("tetto_scostamento", 0.5, 0.1, cell)
    (part,) = found.contributions
    assert part.items == ("tetto_scostamento",)
    assert part.points == pytest.approx(found.after - found.before, abs=1e-9)
    assert abs(part.points) > 0.1
    assert main(["compare", str(PIRAMIDE), str(second)]) == OK
    assert "tetto_scostamento: 0.5 -> 0.1" in capsys.readouterr().out

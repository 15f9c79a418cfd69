"""What the commands say is in Italian where the system is, whole: every text of the source has its Italian."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import messages
from xl_perf import language
from xl_perf.cli import COMMANDS, main
from xl_perf.errors import PerfError, PlanError
from xl_perf.language import catalogue, counted, shaped, system_language, tr, translated

FIELD = re.compile(r"\{[^{}]*\}")


@pytest.fixture
def _italian(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "it")


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return messages.everything()


def test_every_text_has_its_italian(said):
    assert [(text, where) for text, where in said.items() if not messages.is_known(text)] == []
    assert len(said) > 1200


def test_nothing_is_kept_that_nobody_says(said):
    assert [text for text in catalogue() if text not in said] == []


def test_the_collector_finds_texts_of_every_kind(said):
    """One of each: an error raised as an f-string, its remedy, a help, argparse's own, a table's heading, a
    count, a note.
    """
    for text in (
        "unknown structure {0}", "see `xl-perf plan show` for what the edition holds", "levels to show; all by default",
        "the following arguments are required: {0}", "holds", "{0:,} conflicts", "circular reference", "disk is full",
    ):  # fmt: skip
        assert any(text in known for known in said), text


def test_placeholders_are_the_same():
    for english, italian in catalogue().items():
        assert italian, english
        assert sorted(set(FIELD.findall(english))) == sorted(set(FIELD.findall(italian))), english
        assert english.endswith("\n") == italian.endswith("\n"), english


def test_finished_texts_are_found_by_their_shape():
    """Each text with its values filled in comes out as its own Italian text with the same values."""
    for english, italian in catalogue().items():
        fields = list(dict.fromkeys(FIELD.findall(english)))
        if english == italian or not fields or not all(field[1:-1].isdecimal() for field in fields):
            continue
        values = {field: f"W{place}" for place, field in enumerate(fields)}
        filled, wanted = english, italian
        for field, value in values.items():
            filled, wanted = filled.replace(field, value), wanted.replace(field, value)
        assert shaped(filled) == wanted, english


def test_a_shape_that_any_text_has_is_none():
    """`{0} or {1}` would change `database or disk is full`, `{0}: {1}` any path: shapes need letters of their own."""
    assert [
        english
        for english in catalogue()
        if FIELD.search(english) and re.fullmatch(r"[^A-Za-z]*\{0\}.{0,5}\{1\}[^A-Za-z]*", english)
    ] == []


@pytest.mark.usefixtures("_italian")
def test_a_text_after_a_colon_is_left_to_itself(tmp_path):
    assert translated("a or b.xlsx was not recorded: database or disk is full") == (
        "a or b.xlsx non è stato registrato: database or disk is full"
    )
    assert (
        translated("C:/Dati: the file is gone since it was read")
        == "C:/Dati: il file non c'è più dopo la lettura"
    )
    assert str(PerfError("the file is empty", where="a, sheet or b: no.csv")).startswith(
        "a, foglio or b: no.csv: "
    )


def test_the_words_of_a_command_are_never_bare():
    """In the modules of the commands no text of several words stands outside `tr`, errors, help and the catalogue."""
    bare = []
    known = "\n".join(catalogue())
    for path in sorted((messages.SOURCE / "cli").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent = {
            id(child)
            for node in ast.walk(tree)
            for child in ast.iter_child_nodes(node)
            if messages._is_silent(node, child)
        }
        inside = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and (
                messages._name(node) in ("tr", "add_argument", "add_parser", "add_workbooks")
                or messages._name(node).endswith("Error")
            )
            for argument in (*node.args, *(k.value for k in node.keywords))
            for part in ast.walk(argument)
            if isinstance(part, (ast.Constant, ast.JoinedStr))
        }
        for node in ast.walk(tree):
            if (
                id(node) in silent
                or id(node) in inside
                or not isinstance(node, (ast.Constant, ast.JoinedStr))
            ):
                continue
            for text in messages.templates(node):
                words = re.findall(r"(?<![\w.`-])[A-Za-z]{3,} (?=\S)", (text or "").replace("xl-perf", ""))
                pieces = FIELD.split((text or "").replace("\n", "{}"))
                if words and not all(piece.strip() in known for piece in pieces):
                    bare.append((path.name, node.lineno, text))
    assert bare == []


@pytest.mark.usefixtures("_italian")
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_every_command_is_italian(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("uso: xl-perf")
    assert "mostra questo aiuto ed esce" in " ".join(text.split())
    english = [t for t, italian in catalogue().items() if " " in t and t != italian and not FIELD.search(t)]
    flat = " ".join(text.split())
    assert [t for t in english if len(t) > 25 and " ".join(t.split()) in flat] == []
    for heading in ("positional arguments:", "options:", "usage:"):
        assert heading not in text


@pytest.mark.usefixtures("_italian")
def test_the_help_of_the_program_is_italian(capsys):
    assert main([]) == 2
    text = capsys.readouterr().out
    for name, (_, english) in COMMANDS.items():
        assert f"  {name:<10}  {catalogue()[english]}" in text
    assert "comandi:" in text
    assert "`xl-perf COMANDO --help`" in text


@pytest.mark.usefixtures("_italian")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["recalc"], "xl-perf recalc: errore: mancano gli argomenti obbligatori: PERCORSO"),
        (["plan", "about"], "xl-perf plan about: errore: mancano gli argomenti obbligatori: PAROLA"),
        (["edition", "amend"], "mancano gli argomenti obbligatori: --act, --date, --out"),
        (["recalc", "--jobs", "0", "x"], "errore: argomento --jobs: almeno 1"),
        (["recalc", "--jobs", "due", "x"], "errore: argomento --jobs: valore _jobs non valido: 'due'"),
        (["plan", "vola"], "errore: argomento AZIONE: scelta non valida: 'vola' (scegliere fra 'check', "),
        (["gap", "x", "--veloce"], "errore: argomenti non riconosciuti: --veloce"),
        (["vola"], "errore: argomento COMANDO: scelta non valida: 'vola'"),
        (["gap", "x", "--json"], "errore: argomento --json: serve un argomento"),
    ],
)
def test_the_errors_of_the_command_line_are_italian(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("_italian")
def test_all_parts_of_an_error_are_italian():
    error = PlanError(
        f"unknown structure {'ATLANTIDE'!r}",
        where="strutture.csv, line 7",
        expected=f"one of {'A, B'}",
        remedy="see `xl-perf plan show` for what the edition holds",
    )
    assert str(error) == (
        "strutture.csv, riga 7: struttura 'ATLANTIDE' sconosciuta; atteso: una di A, B. "
        "Vedere con `xl-perf plan show` che cosa l'edizione contiene"
    )
    assert error.what == "unknown structure 'ATLANTIDE'"


@pytest.mark.usefixtures("_italian")
def test_an_error_deep_in_a_package_comes_out_in_italian(tmp_path, capsys):
    path = tmp_path / "vuoto.xlsx"
    path.write_bytes(b"")
    assert main(["gap", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"xl-perf gap: {path}: il file è vuoto (0 byte)")
    assert main(["plan", "show", "giacenza", "ATLANTIDE"]) == 2
    assert "'atlantide' non è un sistema, un indicatore o una struttura" in capsys.readouterr().err


@pytest.mark.usefixtures("_italian")
def test_numbers_are_written_as_in_italy():
    assert counted(1, "file") == "1 file"
    assert counted(1234567, "formula") == "1.234.567 formule"
    assert tr("{parts} in {seconds:.1f} s", parts="3 file", seconds=1234.56) == "3 file in 1234,6 s"
    assert tr("points   {points:+.4f}  {item}", points=-0.5, item="a.b") == "punti    -0,5000  a.b"


def test_english_stays_english():
    assert counted(1234, "formula") == "1,234 formulas"
    assert translated("unknown structure X") == "unknown structure X"
    assert str(PerfError("a", where="b", expected="c", remedy="d")) == "b: a; expected c. D"


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "it_IT.UTF-8"}, "it"),
        ({"LANG": "it"}, "it"),
        ({"LANG": "it_CH.UTF-8"}, "it"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ita"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "it_IT.UTF-8"}, "it"),
        ({"LANG": "it_IT.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "it_IT.UTF-8", "LC_ALL": ""}, "it"),
    ],
)
def test_the_language_of_the_system(variables, wanted, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == wanted


@pytest.mark.parametrize(
    ("identifier", "wanted"), [(0x0410, "it"), (0x0810, "it"), (0x0409, "en"), (0x0407, "en"), (0x0010, "it")]
)
def test_the_language_of_windows_is_that_of_its_menus(identifier, wanted, monkeypatch):
    """Language identifiers of [MS-LCID]: 0x0410 it-IT, 0x0810 it-CH; LANG does not count."""
    import ctypes

    class Kernel:
        @staticmethod
        def GetUserDefaultUILanguage() -> int:
            return identifier

    class Windows:
        kernel32 = Kernel

    monkeypatch.setattr(ctypes, "windll", Windows, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LANG", "it_IT.UTF-8" if wanted == "en" else "en_US.UTF-8")
    assert system_language() == wanted


@pytest.mark.parametrize(
    ("variable", "lang", "wanted"),
    [
        ("it", "C", "il file non esiste"),
        ("en", "it_IT.UTF-8", "there is no such file"),
        (None, "it_IT.UTF-8", "il file non esiste"),
        ("klingon", "it_IT.UTF-8", "il file non esiste"),
        (None, "de_DE.UTF-8", "there is no such file"),
    ],
)
def test_the_variable_stands_over_the_system(variable, lang, wanted):
    environment = {
        key: value
        for key, value in os.environ.items()
        if key != language.VARIABLE and not key.startswith("LC_")
    }
    environment |= {"LANG": lang, "PYTHONUTF8": "1"} | (
        {} if variable is None else {language.VARIABLE: variable}
    )
    done = subprocess.run(
        [sys.executable, "-m", "xl_perf", "gap", "manca.xlsx"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert wanted in done.stderr


@pytest.mark.usefixtures("_italian")
def test_the_catalogue_is_not_read_for_the_version(capsys):
    catalogue.cache_clear()
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("xl-perf ")
    assert catalogue.cache_info().currsize == 0


def test_reports_keep_their_keys(tmp_path, monkeypatch, capsys):
    """The keys of JSON reports are for programs: the language of the terminal does not change them."""
    from tests.official import EXAMPLES

    keys = []
    for code in ("en", "it"):
        monkeypatch.setenv(language.VARIABLE, code)
        out = tmp_path / f"{code}.json"
        assert main(["gap", str(EXAMPLES / "controllo_processo_esempio.xlsx"), "--json", str(out)]) == 0
        keys.append(json.loads(out.read_text(encoding="utf-8")))
    assert keys[0] == keys[1]
    assert "indicatori, " in capsys.readouterr().out


def test_the_catalogues_come_with_the_package():
    for name in ("italiano.po", "inglese.po"):
        assert Path(language.__file__).with_name(name).is_file()


# --- texts that workbooks, pages and dialogs show too


def test_every_text_of_a_page_has_its_english():
    shown = [text for _, text in messages.of_pages()]
    assert len(shown) > 140
    assert set(shown) == set(language.english())
    for italian, text in language.english().items():
        assert text, italian
        assert sorted(FIELD.findall(italian)) == sorted(FIELD.findall(text)), italian


def test_texts_of_pages_are_english_on_an_english_terminal_alone(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "en")
    assert language.it("senza dato: {0}", "Genova") == "senza dato: Genova"
    with language.terminal():
        assert language.it("senza dato: {0}", "Genova") == "without value: Genova"
        monkeypatch.setenv(language.VARIABLE, "it")
        assert language.it("senza dato: {0}", "Genova") == "senza dato: Genova"
    assert language.spoken("almeno 3") == "almeno 3"
    monkeypatch.setenv(language.VARIABLE, "en")
    assert language.spoken("almeno 3 e al massimo 5,5") == "at least 3 and at most 5,5"
    assert language.spoken("Pezzi: #a <= #b (obiettivo 30 con #b 7, cioè 210)") == (
        "Pezzi: #a <= #b (target 30 with #b 7, that is 210)"
    )
    assert language.spoken("Progetto A (prima parte)") == "Progetto A (prima parte)"


OURS = re.compile(
    r"\b(media ponderata|scostamento [+-]|senza (dato|peso)|già spiegato|; è meglio|non compilat|ciascuno|in luogo di"
    r"|\(peso |mancano |da ridurre di|a fine anno|punteggio massimo|pratiche da controllare in più|, fascia \d)"
)
"""Italian that no heading of a workbook has."""


@pytest.mark.parametrize("template", ["scheda_territoriale", "controllo_processo", "piramide_valore"])
def test_what_is_explained_on_an_english_terminal_is_english(template, monkeypatch, capsys):
    from tests.official import EXAMPLES

    path = str(EXAMPLES / f"{template}_esempio.xlsx")
    said = {}
    for code in ("it", "en"):
        monkeypatch.setenv(language.VARIABLE, code)
        for command in ("explain", "gap"):
            assert main([command, path]) == 0
            said[code, command] = capsys.readouterr().out.splitlines()
    for command in ("explain", "gap"):
        assert any(map(OURS.search, said["it", command]))
        assert [line for line in said["en", command] if OURS.search(line)] == []
        assert len(said["en", command]) == len(said["it", command])


def test_pages_and_sheets_stay_italian_on_an_english_terminal(tmp_path, monkeypatch, capsys):
    from tests.official import EXAMPLES

    monkeypatch.setenv(language.VARIABLE, "en")
    path, out = str(EXAMPLES / "controllo_processo_esempio.xlsx"), tmp_path / "perche.html"
    assert main(["explain", path, "--html", str(out)]) == 0
    assert "scostamento" in out.read_text(encoding="utf-8")
    assert "deviation" not in out.read_text(encoding="utf-8")
    assert main(["report", str(EXAMPLES / "scheda_territoriale_esempio.xlsx"), "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert "media ponderata dei valori rilevati" in page
    assert "weighted mean" not in page
    capsys.readouterr()

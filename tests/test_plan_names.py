"""Names of structures as the plan and people write them: understood everywhere, or refused with near ones."""

from __future__ import annotations

import pytest

from xl_perf.catalog.targets import find_target
from xl_perf.cli import OK, main
from xl_perf.compute.faults import ComputeError
from xl_perf.errors import UnknownNameError
from xl_perf.plan import find_targets, load_edition

# Written as in the tables and slides of the plan, in letters to the structures, and as people type them.
SPELLINGS = {
    "EMILIA ROMAGNA": ("Emilia-Romagna", "Emilia R.", "EMILIA ROMAGNA", "emilia_romagna", "EmiliaRomagna"),
    "FRIULI VENEZIA GIULIA": (
        *("Friuli V.G.", "Friuli-Venezia Giulia", "FRIULI V. G.", "FRIULI VEN. GIULIA", "Friuli V. Giulia"),
        "DR Friuli V.G.",
    ),
    "VALLE D'AOSTA": ("Valle d'Aosta", "Valle d’Aosta", "VALLE D`AOSTA", "Valle d´Aosta", "Valle dʼAosta"),
    "DCM ROMA": (
        *("D.C.M. Roma", "DCM_ROMA", "DCM di Roma", "D.C.M.  ROMA", "dcm-roma"),
        "Direzione di coordinamento metropolitano di Roma",
        "Direzione Coordinamento Metropolitano Roma",
    ),
    "TRENTINO ALTO ADIGE": (
        *("Trentino A. A.", "TRENTINO A.A.", "Trentino-Alto Adige", "TRENTINO A. ADIGE"),
        "Trentino-Alto Adige/Südtirol",
    ),
    "FORLI'": ("FORLI", "FORLI'", "Forlì", "forli’", "Sede di Forlì"),
    "PIEMONTE": (
        "Direzione regionale Piemonte",
        "Direzione Regionale per il Piemonte",
        "DR Piemonte",
        "D.R. Piemonte",
    ),
    "LAZIO": ("Direzione regionale del Lazio", "Regione Lazio"),
    "VERBANO-CUSIO-OSSOLA": ("VCO", "V.C.O.", "Verbano Cusio Ossola"),
    "L'AQUILA": ("L’Aquila", "L AQUILA", "Direzione provinciale de L'Aquila".replace("de ", "")),
    "REGGIO EMILIA": ("Reggio nell'Emilia", "REGGIO E."),
    "DIREZIONE CENTRALE ENTRATE": ("DC Entrate", "D.C. Entrate", "Direzione centrale delle Entrate", "DCE"),
    "FM ROMA TUSCOLANO": ("Filiale metropolitana di Roma Tuscolano", "F.M. Roma Tuscolano"),
}
SPELT = [(text, code) for code, texts in SPELLINGS.items() for text in texts]


@pytest.fixture(scope="module")
def plan():
    return load_edition("piano-2021-2023")


@pytest.mark.parametrize(("text", "code"), SPELT)
def test_name_is_understood(plan, text, code):
    assert plan.structure(text).code == code


def test_every_code_and_alias_is_understood(plan):
    for structure in plan.structures.values():
        for name in (
            structure.code,
            *structure.aliases,
            structure.code.lower(),
            structure.code.replace(" ", "_"),
        ):
            assert plan.structure(name) is structure


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Trentino", "TRENTINO ALTO ADIGE"),
        ("Direzione regionale Torino", "TORINO"),
        ("Direzione provinciale di Piemonte", "PIEMONTE"),
        ("DCM Torino", "TORINO"),
        ("Roma", "DCM ROMA"),
        ("Piemont", "PIEMONTE"),
        ("Tornio", "TORINO"),
        ("LECC", "LECCO"),
        ("Reggio", "REGGIO EMILIA"),
    ],
)
def test_what_is_merely_near_is_an_error_with_near_names(plan, text, near):
    with pytest.raises(UnknownNameError) as caught:
        plan.structure(text)
    offered = caught.value.expected.partition("for example ")[2]
    assert near in offered
    assert plan.names.get(text) is None


def test_near_names_are_at_most_three_and_different(plan):
    for text in ("", "x", "Roma", "direzione", "TRENTINO"):
        near = plan.names.near(text)
        assert len(near) == len(set(near)) == 3


def test_the_other_trento_does_not_answer(plan):
    assert plan.structure("Trento").code == "TRENTO"
    assert plan.structure("Trentino A. A.").code == "TRENTINO ALTO ADIGE"
    assert plan.structure("Lecco").code == "LECCO"
    assert plan.structure("VCO").code == "VERBANO-CUSIO-OSSOLA"


# Targets of the area prestazioni e servizi in Tabella A; 200 giorni of conto assicurativo for the Trentino Alto Adige.
@pytest.mark.parametrize("text", SPELLINGS["TRENTINO ALTO ADIGE"])
def test_function_understands_the_same_names(text):
    assert find_target("giacenza.conto_assicurativo", text, None, None, None) == 200


def test_function_does_not_guess():
    with pytest.raises(ComputeError, match="unknown structure 'Trentino'"):
        find_target("giacenza.conto_assicurativo", "Trentino", None, None, None)


@pytest.mark.parametrize(
    "words", [("giacenza", "D.C.M.", "Roma"), ("giacenza", "DCM_ROMA"), ("giacenza", "dcm", "di", "roma")]
)
def test_plan_show_joins_words(plan, words):
    assert {target.structure for target in find_targets(plan, *words)} == {"DCM ROMA"}


def test_new_understands_names(tmp_path, capsys):
    out = tmp_path / "scheda.xlsx"
    assert main(["new", "scheda", "--struttura", "Trentino A. A.", "--out", str(out)]) == OK
    assert str(out) in capsys.readouterr().out
    assert out.is_file()

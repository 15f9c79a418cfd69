"""The catalogue is complete, and the documents made from it are current."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from pathlib import Path

import pytest

from xl_perf import functions
from xl_perf.catalog import FUNCTIONS, Empty, Kind, Measure, Shape, binding
from xl_perf.catalog.model import HELP_LIMIT
from xl_perf.catalog.reference import reference
from xl_perf.catalog.targets import normalise
from xl_perf.plan import edition_ids, load_edition
from xl_perf.plan.entities import Unit
from xl_perf.values import CellError

ROOT = Path(__file__).parents[1]
ENTRIES = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)


def test_the_public_list():
    # the fixed names, in the order of the public list; new ones may join, none may go
    assert list(FUNCTIONS) == [
        "PERF_SCORE",
        "PERF_SCOSTAMENTO",
        "PERF_SINTESI",
        "PERF_COPERTURA",
        "PERF_NECESSARIO",
        "GIACENZA_INDEX",
        "DEFLUSSO_INDEX",
        "OMOGENEIZZA",
        "PRODUTTIVITA_INDEX",
        "QUALITA_INDEX",
        "CONTROLLO_PROCESSO",
        "CONTROLLO_PROCESSO_DETTAGLIO",
        "COSTO_STANDARD",
        "IEEP_TOTALE",
        "IEEP_REALIZZAZIONE",
        "PROGETTI_SINTESI",
        "DISMISSIONE_INDEX",
        "SPESA_CONFORME",
        "TEP_COEFFICIENTE",
        "PERF_INDIVIDUALE",
        "VALORE_PUBBLICO",
        "OBIETTIVO",
        "OBIETTIVO_REGOLA",
        "PERF_SPIEGA",
    ]


SIGNATURES = """
PERF_SCORE(consuntivo; obiettivo; [verso]; [tetto])
PERF_SCOSTAMENTO(consuntivo; obiettivo; [verso]; [tetto])
PERF_SINTESI(valori; pesi; [mancanti])
PERF_COPERTURA(valori; pesi)
PERF_NECESSARIO(obiettivo; punteggio; [verso]; [tetto])
GIACENZA_INDEX(giacenza; pervenuto; [base])
DEFLUSSO_INDEX(definiti; pervenuti)
OMOGENEIZZA(pezzi; coefficienti)
PRODUTTIVITA_INDEX(produzione; risorse; [mesi])
QUALITA_INDEX(valori; riferimenti; [pesi]; [versi])
CONTROLLO_PROCESSO(a_controllo; controllate; regolarizzate_si; regolarizzate_no; notificate; regolarizzate_30gg; [fasce]; [decimali]; [senza_irregolarita])
CONTROLLO_PROCESSO_DETTAGLIO(a_controllo; controllate; regolarizzate_si; regolarizzate_no; notificate; regolarizzate_30gg; [fasce]; [decimali]; [senza_irregolarita])
COSTO_STANDARD(valori; medie_cluster; [pesi])
IEEP_TOTALE(voci; [segni]; [livelli])
IEEP_REALIZZAZIONE(entrate; ob_entrate; prestazioni; ob_prestazioni; [peso_entrate]; [peso_prestazioni])
PROGETTI_SINTESI(consuntivi; obiettivi; pesi; [consuntivi_regionali]; [obiettivi_regionali]; [peso_regionale]; [peso_regionale_massimo]; [tetto])
DISMISSIONE_INDEX(unita; ob_unita; valore; ob_valore)
SPESA_CONFORME(budget; utilizzato; forecast; [tolleranza]; [forecast_finale])
TEP_COEFFICIENTE(livello; [coefficienti])
PERF_INDIVIDUALE(gruppo; contributo; abilita; con_po; [finalita]; [pesi_con_po]; [pesi_senza_po])
VALORE_PUBBLICO(gestionale; istituzionale; strategica; [pesi]; [tetto])
OBIETTIVO(indicatore; struttura; [periodo]; [alla_data]; [edizione])
OBIETTIVO_REGOLA(regola; base; [consuntivo]; [valore]; [importo])
PERF_SPIEGA(funzione; [argomento1]; [argomento2]; [argomento3]; [argomento4]; [argomento5]; [argomento6]; [argomento7]; [argomento8]; [argomento9])
"""


def test_the_public_signatures():
    assert [f.signature for f in FUNCTIONS.values()] == SIGNATURES.strip().splitlines()


@ENTRIES
def test_texts_are_there_and_fit(function):
    for text in (function.title, function.help, function.result, function.source, function.category):
        assert text.strip() == text != ""
    assert function.example.startswith(f"={function.name}(")
    for what, text in [("help", function.help), *((a.name, a.help) for a in function.arguments)]:
        assert 0 < len(text) <= HELP_LIMIT, f"{what}: {len(text)} characters"
        assert "\n" not in text
        assert text.endswith("."), what


@ENTRIES
def test_arguments_fit_together(function):
    optional = [argument.optional for argument in function.arguments]
    assert optional == sorted(optional), "optional arguments come last"
    for argument in function.arguments:
        assert argument.optional == bool(argument.default_text), argument.name
        assert argument.default is None or argument.optional, argument.name
        whole = argument.kind is Kind.RANGE and function.shape is not Shape.SYNTHESIS
        assert argument.whole == whole, argument.name
        assert not argument.plan or argument.optional, argument.name
        assert argument.empty in Empty
    assert (function.spill is not None) == (function.shape is Shape.ARRAY)
    assert not function.checks or function.shape is Shape.ELEMENTWISE


@ENTRIES
def test_checks_take_the_arguments(function):
    for check in function.checks:
        assert len(inspect.signature(check.failed).parameters) == len(function.arguments)


def test_defaults_come_from_the_edition_in_use():
    # P21: cap +/- 50%, base 360; P20: base 365, no bands
    score, days = FUNCTIONS["PERF_SCORE"].arguments[3], FUNCTIONS["GIACENZA_INDEX"].arguments[2]
    assert (score.default(), days.default()) == (0.5, 360)
    with binding.use(load_edition("piano-2020-2022")):
        assert (score.default(), days.default()) == (0.5, 365)
        assert functions.GIACENZA_INDEX(1, 1) == 365
        assert functions.GIACENZA_INDEX([1, ""], 1, [[""], [""]]) == [[365], [""]]
        assert functions.CONTROLLO_PROCESSO(1000, 996, 60, 10, 5, 65) == CellError.NA
        assert functions.IEEP_TOTALE([1, 2]) == CellError.NA
        assert functions.TEP_COEFFICIENTE(1) == CellError.NA
        # what needs no number of the plan is calculated without it
        assert functions.OBIETTIVO_REGOLA("+2%", 100) == 102
        assert functions.OBIETTIVO_REGOLA("spese legali", 100, 200) == CellError.NA
    assert functions.GIACENZA_INDEX(1, 1) == 360


def test_targets_come_from_the_edition_in_use():
    given = ("giacenza.prestazioni_servizi", "NAZIONALE")
    older, newest = (
        load_edition(name).target(*given).value for name in ("piano-2020-2022", "piano-2021-2023")
    )
    assert older != newest
    with binding.use(load_edition("piano-2020-2022")):
        assert functions.OBIETTIVO(*given) == older
        assert functions.OBIETTIVO(*given, "", "", "piano-2021-2023") == newest
    assert functions.OBIETTIVO(*given) == newest


def test_arguments_with_a_number_of_the_plan():
    """A default that the plan gives is declared: nothing else moves when the plan's numbers do."""
    plan = load_edition()
    declared = {f.name: [a.name for a in f.arguments if a.plan] for f in FUNCTIONS.values()}
    other = dataclasses.replace(
        plan,
        parameters={
            code: dataclasses.replace(p, value=p.value * 2 + 1) for code, p in plan.parameters.items()
        },
        weights=tuple(dataclasses.replace(w, value=w.value / 2) for w in plan.weights),
        banded_ratios=plan.banded_ratios[:1],
        indicators={c: i for c, i in plan.indicators.items() if i.system != "ieep" or i.parent is None},
    )
    for function in FUNCTIONS.values():
        moved = []
        for argument in function.arguments:
            if argument.default is None:
                continue
            before = argument.default()
            with binding.use(other):
                if argument.default() != before:
                    moved.append(argument.name)
        by_function = [a.name for a in function.arguments if a.plan and a.default is None]
        assert sorted(moved + by_function) == sorted(declared[function.name]), function.name
    assert {name: names for name, names in declared.items() if names}.keys() == {
        *("PERF_SCORE", "PERF_SCOSTAMENTO", "PERF_NECESSARIO", "GIACENZA_INDEX", "CONTROLLO_PROCESSO"),
        *(
            "CONTROLLO_PROCESSO_DETTAGLIO",
            "COSTO_STANDARD",
            "IEEP_TOTALE",
            "IEEP_REALIZZAZIONE",
            "PROGETTI_SINTESI",
        ),
        *("SPESA_CONFORME", "TEP_COEFFICIENTE", "PERF_INDIVIDUALE", "VALORE_PUBBLICO", "OBIETTIVO_REGOLA"),
    }


def test_detail_spills_one_row_for_each_ratio_of_the_plan():
    rows, columns = FUNCTIONS["CONTROLLO_PROCESSO_DETTAGLIO"].spill
    assert (rows, columns) == (len(load_edition().banded_ratios), 3)


def test_ratios_of_the_plan_are_those_that_compute_measures():
    assert [ratio.formula for ratio in load_edition().banded_ratios] == [
        "controllate / a_controllo",
        "(regolarizzate_si + notificate) * (regolarizzate + notificate) / (controllate * controllate)",
        "regolarizzate / (notificate + regolarizzate)",
        "regolarizzate_30gg / regolarizzate",
    ]


def test_units_are_those_of_the_plan_and_a_few_more():
    assert {unit.value for unit in Unit} < {measure.value for measure in Measure}


@pytest.mark.parametrize("edition", edition_ids())
def test_indicators_have_the_unit_of_their_function(edition):
    """An indicator is what its function gives, or what a function that scores takes; a share of truths is a
    percentage.
    """
    wrong = []
    for indicator in load_edition(edition).indicators.values():
        function = FUNCTIONS[indicator.function]
        fits = {function.unit.value}
        if function.unit is Measure.TRUTH:
            fits = {Unit.PERCENT.value}
        elif function.unit is Measure.POINTS:  # a score, or points of the plan
            fits |= {a.unit.value for a in function.arguments if not a.optional}
        if indicator.unit.value not in fits and Measure.INDICATOR.value not in fits:
            wrong.append((indicator.code, indicator.unit.value, function.name, function.unit.value))
    assert wrong == []


@ENTRIES
def test_units_fit_the_kind(function):
    for argument in function.arguments:
        assert (argument.unit is Measure.TEXT) == (argument.kind in (Kind.TEXT, Kind.PERIOD)), argument.name
        assert (argument.unit is Measure.DATE) == (argument.kind is Kind.DATE), argument.name
        assert (argument.unit is Measure.ANY) == (argument.kind is Kind.ANY), argument.name


@ENTRIES
def test_result_says_what_is_empty(function):
    """Every entry says in its result when it is empty, but where it never is."""
    never = {"PERF_NECESSARIO", "OBIETTIVO", "PERF_SPIEGA"}
    assert ("vuot" in function.result) == (function.name not in never)


def test_indicators_name_functions_of_the_catalogue():
    unknown = {i.code: i.function for i in load_edition().indicators.values() if i.function not in FUNCTIONS}
    assert unknown == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Forlì", "FORLI'"),
        ("VALLE D'AOSTA", "valle d’aosta"),
        ("  DCM   ROMA", "Dcm Roma"),
        ("Perché", "perche"),
    ],
)
def test_keys_that_are_the_same(one, other):
    assert normalise(one) == normalise(other)


def test_keys_that_differ():
    plan = load_edition()
    for names in (plan.structures, plan.indicators):
        assert len({normalise(name) for name in names}) == len(names)


def test_reference_is_current():
    text = (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")
    assert text == reference(), "run: python -m xl_perf.catalog.reference docs/functions.md"


@ENTRIES
def test_reference_says_everything(function):
    text = reference()
    for part in (
        function.signature,
        function.title,
        function.help,
        function.result,
        function.source,
        function.example,
    ):
        assert part in text
    for argument in function.arguments:
        assert argument.help in text


@ENTRIES
def test_python_name(function):
    python = getattr(functions, function.name)
    assert python.__name__ == function.name
    assert function.help in python.__doc__
    parameters = inspect.signature(python).parameters
    assert list(parameters) == [argument.name for argument in function.arguments]
    for argument in function.arguments:
        default = None if argument.optional else inspect.Parameter.empty
        assert parameters[argument.name].default is default
        assert argument.help in python.__doc__


def test_all_names_are_public():
    assert functions.__all__ == list(FUNCTIONS)


def test_stub_matches():
    tree = ast.parse((ROOT / "xl_perf" / "functions.pyi").read_text(encoding="utf-8"))
    stubs = {
        node.name: ([a.arg for a in node.args.args], len(node.args.defaults))
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    assert stubs == {
        f.name: ([a.name for a in f.arguments], len(f.arguments) - f.required) for f in FUNCTIONS.values()
    }
    (names,) = (ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert sorted(names) == sorted(FUNCTIONS)

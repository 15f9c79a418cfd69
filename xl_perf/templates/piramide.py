"""`piramide_valore.xlsx`: the value pyramid from the leaves to the top, with targets of three years and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan import load_edition
from xl_perf.templates import (
    piramide_edition,
    piramide_goals,
    piramide_input,
    piramide_results,
    piramide_rules,
    piramide_tree,
)
from xl_perf.templates import piramide_names as names
from xl_perf.templates.book import Book
from xl_perf.templates.guide import Guide, guide_page
from xl_perf.templates.metadata import metadata_page
from xl_perf.templates.page import FIRST_ROW
from xl_perf.templates.parameters import finish, parameters_page

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.page import Page


def build(plan: Plan, example: bool) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: True to fill the inputs with example data.
    """
    book = Book(plan, "piramide_valore", "Piramide del valore", example=example)
    guide = book.page("Istruzioni", "Piramide del valore pubblico", "guida", banner=2)
    summary = book.page("Sintesi", "Sintesi della piramide del valore", "risultati", banner=8)
    card = book.page("Scheda", "Scheda di un indice o di un obiettivo generale", "risultati", banner=9)
    pages = {
        names.S_TREE: book.page(names.S_TREE, "Piramide del valore: pesi, punteggi e coperture", "risultati", banner=9),
        names.S_ACTUALS: book.page(names.S_ACTUALS, f"Consuntivi {plan.period} degli indicatori", "dati", banner=9),
        names.S_PROJECTS: book.page(names.S_PROJECTS, f"Realizzazione {plan.period} dei progetti", "dati", banner=7),
        names.S_RULES: book.page(names.S_RULES, "Regole degli obiettivi", "dati", banner=9),
        names.S_WEIGHTS: book.page(names.S_WEIGHTS, "Pesi delle voci di ogni nodo", "dati", banner=7),
        names.S_YEARS: book.page(names.S_YEARS, "Obiettivi generali di ente triennali", "obiettivi"),
        names.S_YEAR: book.page(names.S_YEAR, f"Obiettivi {plan.period}: impatto e prospettive", "obiettivi"),
        names.S_OLD: book.page(names.S_OLD, "Edizione precedente del piano: albero e obiettivi triennali", "obiettivi"),
    }  # fmt: skip
    parameters = book.page("Parametri", "Parametri e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    indicators = [i for system in names.SYSTEMS for i in plan.indicators_of(system)]
    indicators.append(plan.indicators[names.REALISATION])
    values = parameters_page(parameters, [], indicators)
    finish(parameters)
    pyramid = names.Pyramid(book, values, plan.nodes_of(names.TREE))
    _tables(pyramid, pages)
    piramide_edition.old_table(pages[names.S_OLD], pyramid, load_edition(piramide_edition.PREVIOUS))
    piramide_results.summary(summary, pyramid)
    piramide_results.card(card, pyramid)
    guide_page(guide, _guide(plan))
    metadata_page(metadata)
    return book


def _tables(pyramid: names.Pyramid, pages: dict[str, Page]) -> None:
    """Every table gets its place first: the formulas point in all directions."""
    actuals = pages[names.S_ACTUALS]
    wished = actuals.reference(piramide_input.WISHED_ROW, 2)
    weight = piramide_tree.weight_spec(pyramid)
    tree = piramide_tree.tree_spec(pyramid)
    actual = piramide_input.actual_spec(pyramid, wished)
    project = piramide_input.project_spec(pyramid)
    rule = piramide_rules.rule_spec(pyramid)
    year = piramide_goals.year_spec(pyramid)
    impact, perspective = piramide_goals.impact_spec(pyramid), piramide_goals.perspective_spec(pyramid)
    second = FIRST_ROW + 2 + len(impact.rows) + 4
    pyramid.weights = pages[names.S_WEIGHTS].geometry(weight, FIRST_ROW)
    pyramid.tree = pages[names.S_TREE].geometry(tree, FIRST_ROW + 1)
    pyramid.actuals = actuals.geometry(actual, FIRST_ROW + 3)
    pyramid.projects = pages[names.S_PROJECTS].geometry(project, FIRST_ROW + 1)
    pyramid.rules = pages[names.S_RULES].geometry(rule, FIRST_ROW + 1)
    pyramid.years = pages[names.S_YEARS].geometry(year, FIRST_ROW + 1)
    pyramid.impact = pages[names.S_YEAR].geometry(impact, FIRST_ROW + 2)
    pyramid.perspectives = pages[names.S_YEAR].geometry(perspective, second)
    piramide_tree.weight_table(pages[names.S_WEIGHTS], weight)
    piramide_tree.tree_table(pages[names.S_TREE], tree)
    piramide_input.actual_table(actuals, actual)
    piramide_input.project_table(pages[names.S_PROJECTS], project)
    piramide_rules.rule_table(pages[names.S_RULES], rule)
    piramide_goals.year_table(pages[names.S_YEARS], year, pyramid)
    piramide_goals.goals_page(pages[names.S_YEAR], impact, perspective, second)


def _guide(plan: Plan) -> Guide:
    count = sum(node.indicator is not None for node in plan.nodes_of(names.TREE))
    return Guide(
        purpose=(
            "Calcola l'indice sintetico del valore pubblico dal basso verso l'alto: foglie, obiettivi generali, aree, indici.",
            "Lo compongono la performance istituzionale (impatto), gestionale (prospettive) e strategica (obiettivi A-I).",
            "Si compilano solo le celle gialle: pesi in uso, punteggi, coperture e obiettivi da regola si calcolano da soli.",
        ),
        fill_in=(
            (
                names.S_ACTUALS,
                f"i risultati dei {count} indicatori; per i rapporti numeratore e denominatore, così i dati si possono sommare.",
            ),
            (names.S_PROJECTS, "la percentuale di realizzazione dell'output di ogni progetto (sì/no: 100% o 0%)."),
            (
                names.S_RULES,
                f"i consuntivi degli anni dopo il {plan.period}, da cui partono gli obiettivi successivi; la lettura dei «+1%».",
            ),
            (names.S_WEIGHTS, "facoltativo: pesi alternativi dove il piano non li dà (stato «assunzione»)."),
        ),
        sheets=(
            ("Sintesi", "la piramide per livello e i nove obiettivi, con due grafici."),
            ("Scheda", "un indice o un obiettivo a scelta: voci, pesi, risultati, output, titolari e rischi."),
            (names.S_TREE, "tutti i nodi: peso, punteggio, copertura, somma dei pesi, output, titolari e rischi."),
            (names.S_YEARS, "baseline e obiettivi dei tre anni, con la regola stampata e il valore che dà."),
            (names.S_YEAR, "indicatori di impatto con baseline e obiettivo; le quattro prospettive."),
            (names.S_OLD, "l'albero e gli obiettivi del piano 2020-2022, accanto a quelli in vigore."),
            ("Parametri", "tetto, banda, base della giacenza e versi: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        notes=(("Pesi che il piano non dà", _weight_notes()),),
        rules=(
            (
                "A ogni nodo la media pesata delle voci rilevate. La copertura dei nodi alti è quella delle voci sotto, secondo i "
                "pesi: 100% solo quando tutte le foglie sono rilevate."
            ),
            "Un output consegnato vale 100; 0% vale 50; la cella vuota non pesa.",
            "Valore pubblico: ogni indice è limitato fra 50 e 150 prima della media.",
            (
                "Un obiettivo da regola resta vuoto finché manca il consuntivo da cui parte. Dove il piano stampa anche il numero, la "
                "colonna Controllo del foglio Regole dice se coincidono."
            ),
            "Punteggio da raggiungere (foglio Consuntivi): PERF_NECESSARIO dice quale consuntivo lo dà, indicatore per indicatore.",
        ),
        defects=("obiettivo-f-separatore-ente", "reputazione-baseline", "albero-", "welfare-33-34", "giacenza-base"),
        functions=(
            "PERF_SCORE", "PERF_SCOSTAMENTO", "PERF_SINTESI", "PERF_COPERTURA", "PERF_NECESSARIO", "VALORE_PUBBLICO",
            "OBIETTIVO_REGOLA", "GIACENZA_INDEX", "DEFLUSSO_INDEX",
        ),
    )  # fmt: skip


def _weight_notes() -> tuple[str, ...]:
    return (
        "I pesi dei tre indici del valore pubblico erano in un'immagine: assunzione, quote uguali.",
        "I progetti che il piano raggruppa sotto un solo peso valgono in parti uguali: assunzione.",
        "Unità e valore della dismissione (obiettivo E) e i tre progetti dell'obiettivo H: assunzione, parti uguali.",
        "Si cambiano nel foglio Pesi, colonna Peso alternativo; il controllo della somma è nel foglio Piramide.",
    )

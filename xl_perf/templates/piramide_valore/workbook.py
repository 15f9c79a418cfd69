"""`piramide_valore.xlsx`: the value pyramid from the leaves to the top, with targets of three years and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_perf.plan import load_edition
from xl_perf.plan.model import Status
from xl_perf.templates.kit import front, links
from xl_perf.templates.kit.book import Book
from xl_perf.templates.kit.guide import NOTES, START, Guide
from xl_perf.templates.kit.metadata import metadata_page
from xl_perf.templates.kit.page import FIRST_ROW
from xl_perf.templates.kit.parameters import finish, parameters_page
from xl_perf.templates.kit.sources import guide_pages
from xl_perf.templates.piramide_valore import edition as piramide_edition
from xl_perf.templates.piramide_valore import goals as piramide_goals
from xl_perf.templates.piramide_valore import input as piramide_input
from xl_perf.templates.piramide_valore import names
from xl_perf.templates.piramide_valore import order as piramide_order
from xl_perf.templates.piramide_valore import projects as piramide_projects
from xl_perf.templates.piramide_valore import results as piramide_results
from xl_perf.templates.piramide_valore import rules as piramide_rules
from xl_perf.templates.piramide_valore import tree as piramide_tree
from xl_perf.templates.piramide_valore import weights as piramide_weights

if TYPE_CHECKING:
    from xl_perf.plan.model import Plan
    from xl_perf.templates.kit.example import Example
    from xl_perf.templates.kit.model import Row
    from xl_perf.templates.kit.page import Page


def build(plan: Plan, example: Example | None) -> Book:
    """The workbook with its sheets in order.

    Args:
        plan: the edition.
        example: the facts to fill the inputs with; None for a workbook to fill in.
    """
    book = Book(plan, names.TEMPLATE, "Piramide del valore", example=example)
    guide = book.page(START, "Piramide del valore pubblico", "guida", banner=2)
    summary = book.page(front.SHEET, "Quadro del valore pubblico", "risultati", banner=10)
    card = book.page("Scheda", "Scheda di un indice o di un obiettivo generale", "risultati", banner=9)
    pages = {
        names.S_TREE: book.page(names.S_TREE, "Piramide del valore: pesi, punteggi e coperture", "risultati", banner=9),
        names.S_ACTUALS: book.page(names.S_ACTUALS, f"Consuntivi {plan.period} degli indicatori", "dati", banner=9),
        names.S_PROJECTS: book.page(names.S_PROJECTS, f"Realizzazione {plan.period} dei progetti", "dati", banner=7),
        names.S_RULES: book.page(names.S_RULES, "Regole degli obiettivi", "dati", banner=9),
        names.S_WEIGHTS: book.page(names.S_WEIGHTS, "Pesi delle voci di ogni nodo", "dati", banner=7),
        names.S_YEARS: book.page(names.S_YEARS, "Obiettivi generali di ente triennali", "obiettivi"),
    }  # fmt: skip
    if any(book.data.has(role) for role in (names.IMPACT, names.MANAGEMENT)):
        title = f"Obiettivi {plan.period}: impatto e prospettive"
        pages[names.S_YEAR] = book.page(names.S_YEAR, title, "obiettivi")
    old = load_edition(book.data.previous) if book.data.previous else None
    if old is not None:
        sheet = f"Edizione {piramide_edition.span(old)}"
        before = book.page(sheet, "Edizione precedente del piano: albero e obiettivi triennali", "obiettivi")
    notes = book.page(NOTES, NOTES, "guida")
    parameters = book.page("Parametri", "Parametri e versi", "servizio")
    metadata = book.page("Metadati", "Metadati del file", "servizio")

    nodes = names.nodes_of(plan)
    measured = dict.fromkeys(node.indicator for node in nodes if node.indicator is not None)
    values = parameters_page(parameters, [], [plan.indicators[code] for code in measured])
    pyramid = names.Pyramid(book, values, nodes)
    pyramid.order = piramide_order.order_of(parameters, pyramid, values.last_row + 3)
    _tables(pyramid, pages)
    pyramid.order.write()
    finish(parameters)
    if old is not None:
        piramide_edition.old_table(before, pyramid, old)
    piramide_results.front_page(summary, pyramid)
    piramide_results.card(card, pyramid)
    _linked(book)
    links.home(book)
    guide_pages(guide, notes, _guide(pyramid, old))
    metadata_page(metadata)
    return book


def _tables(pyramid: names.Pyramid, pages: dict[str, Page]) -> None:
    """Every table gets its place first: the formulas point in all directions."""
    actuals = pages[names.S_ACTUALS]
    wished = actuals.reference(piramide_input.WISHED_ROW, 2)
    weight = piramide_weights.weight_spec(pyramid)
    tree = piramide_tree.tree_spec(pyramid)
    actual = piramide_input.actual_spec(pyramid, wished)
    project = piramide_projects.project_spec(pyramid)
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
    if names.S_YEAR in pages:
        pyramid.impact = pages[names.S_YEAR].geometry(impact, FIRST_ROW + 2)
        pyramid.perspectives = pages[names.S_YEAR].geometry(perspective, second)
    piramide_weights.weight_table(pages[names.S_WEIGHTS], weight)
    piramide_tree.tree_table(pages[names.S_TREE], tree)
    piramide_input.actual_table(actuals, actual)
    piramide_projects.project_table(pages[names.S_PROJECTS], project)
    piramide_rules.rule_table(pages[names.S_RULES], rule)
    piramide_goals.year_table(pages[names.S_YEARS], year)
    if names.S_YEAR in pages:
        piramide_goals.goals_page(pages[names.S_YEAR], impact, perspective, second)


def _guide(pyramid: names.Pyramid, old: Plan | None) -> Guide:
    plan, objectives = pyramid.plan, pyramid.objectives
    count = sum(node.indicator is not None for node in pyramid.nodes)
    letters = f"{objectives[0].rpartition('.')[2]}-{objectives[-1].rpartition('.')[2]}"
    levels = any(pyramid.book.data.has(role) for role in (names.IMPACT, names.MANAGEMENT))
    year = (
        ((names.S_YEAR, "indicatori di impatto con finalità, baseline e obiettivo; le prospettive."),)
        if levels
        else ()
    )
    before = () if old is None else (
        (f"Edizione {piramide_edition.span(old)}", ("l'albero e gli obiettivi dell'edizione precedente, accanto a "
                                                    "quelli in vigore.")),
    )  # fmt: skip
    return Guide(
        purpose=(
            (f"Calcola «{pyramid.root.title}» dal basso verso l'alto: foglie, obiettivi generali "
             f"{letters}, livelli superiori."),
            ("Livelli dell'edizione: "
             f"{', '.join(pyramid.short_title(n) for n in (pyramid.root, *pyramid.children(pyramid.root.code)))}."),
            ("Si compilano solo le celle gialle: pesi in uso, punteggi, coperture e obiettivi da regola "
             "si calcolano da soli."),
        ),
        fill_in=(
            (
                names.S_ACTUALS,
                (f"i risultati dei {count} indicatori; per i rapporti numeratore e denominatore, così i "
                 "dati si possono sommare."),
            ),
            (names.S_PROJECTS, "la percentuale di realizzazione dell'output di ogni progetto (sì/no: 100% o 0%)."),
            (
                names.S_RULES,
                (f"i consuntivi degli anni dopo il {plan.period}, da cui partono gli obiettivi "
                 "successivi; la lettura dei «+1%»."),
            ),
            (names.S_WEIGHTS, "facoltativo: pesi alternativi dove il piano non li dà (stato «assunzione»)."),
        ),
        sheets=(
            (front.SHEET, f"la pagina da firmare: la piramide per livello, i {len(objectives)} obiettivi."),
            ("Scheda", "un indice o un obiettivo a scelta: voci, pesi, risultati, output, titolari e rischi."),
            (names.S_TREE, "tutti i nodi: peso, punteggio, copertura, somma dei pesi, output, titolari e rischi."),
            (names.S_YEARS, "baseline e obiettivi dei tre anni, con la regola stampata e il valore che dà."),
            *year,
            *before,
            ("Parametri", "tetto, banda, base della giacenza e versi: che cosa è pubblicato e che cosa è assunto."),
            ("Metadati", "edizione, atto, versione; celle aggiornate da xl-perf sync."),
        ),
        notes=(("Pesi che il piano non dà", _weight_notes(pyramid)),),
        rules=(
            (
                "A ogni nodo la media pesata delle voci rilevate. La copertura dei nodi alti è quella "
                "delle voci sotto, secondo i pesi: 100% solo quando tutte le foglie sono rilevate."
            ),
            "Un output consegnato vale 100; 0% vale il punteggio minimo; la cella vuota non pesa.",
            "Valore pubblico: ogni indice è limitato dal tetto, sopra e sotto 100, prima della media.",
            ("Dismissione: percentuale di avanzamento delle unità più quella del valore, contro il "
             "parametro del piano; nel foglio Parametri si può scegliere la media dei due punteggi " "(assunzione)."),
            ("Un errore o un testo in una cella da compilare arriva come errore in tutti i punteggi che "
             "ne dipendono; la colonna Controllo dati dice quale cella."),
            (
                "Un obiettivo da regola resta vuoto finché manca il consuntivo da cui parte. Dove il "
                "piano stampa anche il numero, la colonna Controllo del foglio Regole dice se coincidono."
            ),
            ("Punteggio da raggiungere (foglio Consuntivi): PERF_NECESSARIO dice quale consuntivo lo dà, "
             "indicatore per indicatore."),
        ),
        defects=("obiettivo-f-separatore-ente", "reputazione-baseline", "albero-", "welfare-33-34", "giacenza-base"),
        functions=(
            "PERF_SCORE", "PERF_SCOSTAMENTO", "PERF_SINTESI", "PERF_COPERTURA", "PERF_NECESSARIO", "VALORE_PUBBLICO",
            "OBIETTIVO_REGOLA", "DISMISSIONE_INDEX", "GIACENZA_INDEX", "DEFLUSSO_INDEX",
        ),
    )  # fmt: skip


def _weight_notes(pyramid: names.Pyramid) -> tuple[str, ...]:
    """Which weights are assumed, from the notes of the tree: each note once."""
    assumed = [n for n in pyramid.nodes if n.parent is not None and n.weight_status is Status.ASSUMED]
    texts = dict.fromkeys(n.note.rpartition("assunzione: ")[2] for n in assumed if "assunzione: " in n.note)
    said = tuple(f"Assunzione: {text}." for text in texts)
    return (
        *said,
        "Si cambiano nel foglio Pesi, colonna Peso alternativo; il controllo della somma è nel foglio Piramide.",
    )


def _linked(book: Book) -> None:
    """Links from the results of nodes to where they come about."""
    links.onward(book, names.S_TREE, (names.S_WEIGHTS,))
    for table in ("tblSintesi", "tblComponenti"):
        links.from_rows(book, table, names.S_TREE)
    known = {at.sheet: at.numbers for _, at in book.tables}

    def filled_on(row: Row) -> str:
        if row.code in known[names.S_PROJECTS]:
            return names.S_PROJECTS
        return names.S_ACTUALS if row.item.indicator else ""

    def rule(row: Row) -> str:
        return f"{row.item.indicator}@{book.structure}@{book.period}"

    links.from_rows(book, "tblPiramide", filled_on, lambda row: row.item.indicator or row.code)
    links.from_rows(
        book,
        "tblPiramide",
        lambda row: names.S_RULES if rule(row) in known[names.S_RULES] else "",
        rule,
    )

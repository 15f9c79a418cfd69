"""The reference of the functions, in Italian, made from the catalogue: `docs/functions.md`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xl_perf.catalog import FUNCTIONS, Shape

if TYPE_CHECKING:
    from xl_perf.catalog import Function

_HEAD = """# Funzioni

Riferimento generato dal catalogo (`python -m xl_perf.catalog.reference docs/functions.md`): non si modifica a mano.

Le formule sono scritte come le mostra Excel in italiano, con `;` fra gli argomenti; i file conservano sempre la virgola.
Gli argomenti fra parentesi quadre sono facoltativi.

## Regole comuni

- **Celle e intervalli.** Ogni argomento numerico accetta una cella o un intervallo: il calcolo si fa elemento per elemento e
  il risultato si espande. Una cella si combina con un intervallo, una riga con una colonna, due intervalli della stessa misura.
  Intervalli di misura diversa danno #VALORE! per tutta la formula. Le sintesi prendono gli intervalli per intero e danno un solo
  valore; i loro intervalli possono stare uno in riga e uno in colonna, se hanno la stessa lunghezza.
- **Errori.** Un errore in un argomento esce uguale; se sono più d'uno, il primo nell'ordine degli argomenti. In un intervallo
  riguarda solo il suo elemento.
- **Testo e valori logici** dove serve un numero: #VALORE!, anche se il testo è fatto di cifre («12,5», «1.234»), perché si legge
  in modi diversi e viene da un incolla mal riuscito.
- **Vuoti.** Una cella vuota, o con soli spazi, non è zero: un risultato non ancora rilevato dà un risultato vuoto, un obiettivo
  mancante #N/D, un argomento facoltativo il suo valore predefinito.
- **Date.** Valgono il loro numero di serie (sistema 1900).
- **Fuori dominio**: #NUM!; **divisione per zero**: #DIV/0!; **chiave sconosciuta**: #N/D.
- Si calcola con tutte le cifre; si arrotonda solo nella visualizzazione, salvo dove la funzione dice altro.
- **Da Python**: `from xl_perf.functions import PERF_SCORE`. Gli intervalli sono liste di righe (una lista semplice è una colonna) o
  array numpy, nei quali NaN è vuoto.

## Elenco
"""

_SHAPES = {
    Shape.ELEMENTWISE: "elemento per elemento (celle o intervalli)",
    Shape.SYNTHESIS: "sintesi (intervalli per intero, un valore)",
    Shape.ARRAY: "tabella (celle singole, il risultato si espande)",
    Shape.LOOKUP: "ricerca nei dati del piano (celle o intervalli di chiavi)",
}


def _entry(function: Function) -> list[str]:
    lines = [
        f"## {function.name}",
        "",
        f"**{function.title}.** {function.help}",
        "",
        "```",
        function.signature,
        "```",
        "",
        "| argomento | significato | unità | predefinito |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{a.name}` | {a.help} | {a.unit} | {a.default_text or '(obbligatorio)'} |"
        for a in function.arguments
    ]
    return [
        *lines,
        "",
        f"- Risultato ({function.unit}): {function.result}",
        f"- Calcolo: {_SHAPES[function.shape]}.",
        f"- Esempio: `{function.example}`",
        f"- Fonte: {function.source}.",
        "",
    ]


def reference() -> str:
    """The whole reference as Markdown text."""
    lines = [_HEAD, "| funzione | a che cosa serve | categoria |", "|---|---|---|"]
    lines += [f"| [`{f.name}`](#{f.name.lower()}) | {f.title} | {f.category} |" for f in FUNCTIONS.values()]
    lines.append("")
    for function in FUNCTIONS.values():
        lines += _entry(function)
    return "\n".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8", newline="\n")

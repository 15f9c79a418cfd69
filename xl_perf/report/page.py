"""The page: what it shows, put into its templates. Everything that comes from a file is escaped by them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xl_perf import __version__
from xl_perf.catalog.numerals import number
from xl_perf.report import figures, words
from xl_perf.report.card import TEMPLATES
from xl_perf.report.model import Finding
from xl_perf.report.nation import board
from xl_perf.report.quarters import quarters
from xl_perf.report.said import of_board, sentence

if TYPE_CHECKING:
    from xl_perf.archive.store import Archive
    from xl_perf.report.files import Files
    from xl_perf.report.model import Card, File
    from xl_perf.report.nation import Board
    from xl_perf.report.quarters import Quarter

_FOLDER = Path(__file__).with_name("pagine")
_PAGE = "pagina.html"


@dataclass(slots=True)
class Page:
    """What a page shows.

    Attributes:
        heading: name of the structure, or of the nation.
        kind: what the structure is.
        period: the period in words.
        edition: title of the edition.
        act: the act that amended it last, with its date.
        fingerprint: SHA-256 of the edition's data.
        made: when the page was made, in words.
        said: the sentences under the headline.
        card: the score with all that it is made of; None for the structures side by side without a national scorecard.
        pyramid: the piramide del valore; None without one.
        quarters: the quarters that are known.
        board: the structures side by side; None for a page of one structure.
        files: the files that the page was made of.
        unused: files that add nothing.
        findings: what has to be looked at.
        opened: whether the explanations are open already.
    """

    heading: str
    kind: str
    period: str
    edition: str
    act: str
    fingerprint: str
    made: str
    said: list[str]
    card: Card | None
    pyramid: Card | None
    quarters: list[Quarter]
    board: Board | None
    files: list[File]
    unused: list[File]
    findings: list[Finding] = field(default_factory=list)
    opened: bool = False

    @property
    def example(self) -> bool:
        """Whether some of its numbers are invented."""
        cards = (
            [self.card, self.pyramid, *(row.card for row in self.board.rows)]
            if self.board
            else [self.card, self.pyramid]
        )
        return any(card.example for card in cards if card is not None)

    @property
    def cards(self) -> list[Card]:
        """The views that are shown whole."""
        return [card for card in (self.card, self.pyramid) if card is not None]


def page(
    files: Files, *, archive: Archive | None = None, now: dt.datetime | None = None, opened: bool = False
) -> Page:
    """What the page of some files shows: a structure where they are of one, else the nation.

    Args:
        files: the files.
        archive: where older quarters are looked for.
        now: when it is made; this moment when None.
        opened: whether the explanations are open already.
    """
    plan = files.plan
    own = files.cards.get(plan.national, [])
    others = {code: cards for code, cards in files.cards.items() if code != plan.national}
    is_nation = bool(own) or len(others) != 1 or files.quadratura is not None
    main = own if is_nation else next(iter(others.values()))
    card = next((one for one in reversed(main) if one.period == files.period), None) if main else None
    table, findings = (
        _board(files, others) if is_nation and (others or files.quadratura is not None) else (None, [])
    )
    first = card or (table.rows[0].card if table is not None else None) or files.pyramid
    said = [sentence(card)] if card is not None else []
    if table is not None:
        said.append(of_board(table, len(plan.regional())))
    elif card is None and files.pyramid is not None:
        said.append(sentence(files.pyramid))
    used = [one.file for cards in files.cards.values() for one in cards]
    used += [files.pyramid.file] if files.pyramid is not None else []
    used += [files.squared] if files.squared is not None else []
    return Page(
        heading="Istituto" if is_nation else words.title(card.structure if card is not None else ""),
        kind=words.kind(plan, plan.national if is_nation else card.structure if card is not None else ""),
        period=words.period(files.period or (files.pyramid.period if files.pyramid is not None else "")),
        edition=first.edition if first is not None else plan.title,
        act=first.act if first is not None else "",
        fingerprint=plan.data_hash,
        made=f"{now or dt.datetime.now(tz=dt.UTC).astimezone():%d/%m/%Y, %H:%M}",
        said=said,
        card=card,
        pyramid=files.pyramid,
        quarters=quarters(main, archive) if main else [],
        board=table,
        files=used,
        unused=files.unused,
        findings=[*files.findings, *findings],
        opened=opened,
    )


def _board(files: Files, others: dict[str, list[Card]]) -> tuple[Board, list[Finding]]:
    """The structures side by side, and what has to be said of their files."""
    newest = [cards[-1] for cards in others.values()]
    there = [card for card in newest if card.period == files.period]
    more = (
        files.quadratura if files.quadratura is not None and files.quadratura.period == files.period else None
    )
    table = board(there, files.plan, files.plan.model(TEMPLATES[0]), more)
    findings = list(more.findings) if more is not None else []
    for card in newest:
        name = words.title(card.structure)
        if card not in there:
            when = words.period(card.period)
            findings.append(Finding(card.file.name, f"{name}: è del {when}, non entra nel confronto"))
        elif card.findings:
            first = card.findings[0]
            more_findings = len(card.findings) - 1
            rest = (
                f" (e altre {more_findings})"
                if more_findings > 1
                else " (e un'altra)"
                if more_findings
                else ""
            )
            findings.append(Finding(name, f"{first.where}{': ' if first.where else ''}{first.what}{rest}"))
    return table, findings


def html(shown: Page, *, plain: bool = False) -> str:
    """The page as HTML that needs neither network nor script.

    Args:
        shown: what it shows.
        plain: for programs that know HTML as it was: no pictures, closed explanations left out.
    """
    return render(_PAGE, p=shown, plain=plain, pyramid=figures.pyramid, trend=figures.trend, figures=figures)


def render(name: str, **values: Any) -> str:
    """A template with its values; every one of them is escaped.

    Args:
        name: file in `pagine/`.
        values: what the template names.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        n=words.fixed, segno=words.signed, quota=words.share, nome=words.title, periodo=words.period,
        calore=figures.heat, numero=number,
    )  # fmt: skip
    return environment.get_template(name).render(version=__version__, **values)

"""Codes by the part that they play: what functions, checks and official workbooks take from an edition.

`ruoli.toml` says, for the edition at hand, which indicator, node, parameter or structure a function or a check means by
a role such as `tetto` or `base_giacenza`; `modello_<workbook>.toml` says it for the templates, with the parameters that
a workbook shows: no code of a plan stands in the program. An edition without the file of a workbook has no data for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from xl_perf.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xl_perf.plan.reading.files import DataFiles
    from xl_perf.plan.reading.records import Record

_PREFIX, _SUFFIX = "modello_", ".toml"
ROLES = "ruoli.toml"
DOCUMENTS = frozenset({"relazione"})
"""What has a file of roles and is a document, no workbook."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Codes of an edition by the part that they play.

    Attributes:
        model: name of the workbook, e.g. `scheda_territoriale`; empty where they are for functions and checks.
        where: the data file, for messages.
        roles: role -> codes; a role with a single code has one element.
    """

    model: str
    where: str
    roles: Mapping[str, tuple[str, ...]]

    def has(self, role: str) -> bool:
        """Whether the edition fills a role; a workbook leaves out what an edition does not have."""
        return bool(self.roles.get(role))

    def role(self, name: str) -> str:
        """The code that plays a role.

        Raises:
            PlanError: the edition does not fill the role, or fills it with several codes.
        """
        codes = self.codes(name)
        if len(codes) > 1:
            raise PlanError(f"the role {name!r} has {len(codes)} codes", where=self.where, expected="one")
        return codes[0]

    def codes(self, name: str) -> tuple[str, ...]:
        """All codes that play a role, in the order of the file.

        Raises:
            PlanError: the edition does not fill the role.
        """
        found = self.roles.get(name, ())
        if not found:
            raise PlanError(
                f"nothing plays the role {name!r}" + (f" of the workbook {self.model}" if self.model else ""),
                where=self.where,
                remedy=f"add {name} = <code> below [ruoli]",
            )
        return found


@dataclass(frozen=True, slots=True)
class ModelData(Roles):
    """What a workbook takes from an edition.

    Attributes:
        structure: structure that the official copy is for; empty where it is for the whole institute.
        parameters: codes of the parameters that its sheet Parametri shows, in order.
        previous: id of the edition that the workbook shows beside this one; empty where it shows none.
    """

    structure: str = ""
    parameters: tuple[str, ...] = ()
    previous: str = ""


NO_ROLES = Roles("", ROLES, MappingProxyType({}))
"""An edition that fills no role."""


def read_roles(files: DataFiles, known_codes: Iterable[str]) -> Roles:
    """The roles of ruoli.toml; none where the edition has no such file.

    Raises:
        PlanError: unknown key or code.
    """
    if ROLES not in files.contents:
        return NO_ROLES
    top = files.toml(ROLES)
    roles = {role: _codes(codes, top.where(role)) for role, codes in top.mapping("ruoli").items()}
    top.close()
    _refuse_unknown(roles, frozenset(known_codes), top)
    return Roles("", f"{files.name}/{ROLES}", MappingProxyType(roles))


def model_files(files: DataFiles) -> set[str]:
    """Names of the files that `read_models` reads."""
    return {name for name in files.contents if name.startswith(_PREFIX) and name.endswith(_SUFFIX)}


def read_models(files: DataFiles, known_codes: Iterable[str]) -> Mapping[str, ModelData]:
    """The workbooks that the edition has data for.

    Args:
        files: the data files.
        known_codes: every code that the edition declares; a role with another one is refused.

    Raises:
        PlanError: unknown key or code.
    """
    known = frozenset(known_codes)
    found = {}
    for name in sorted(model_files(files)):
        top = files.toml(name)
        model = name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
        structure = top.string("struttura", "")
        previous = top.string("edizione_precedente", "")
        parameters = top.strings("parametri") if top.has("parametri") else ()
        roles = {role: _codes(codes, top.where(role)) for role, codes in top.mapping("ruoli").items()}
        top.close()
        named = {"struttura": (structure,) if structure else (), "parametri": tuple(parameters)}
        _refuse_unknown({**named, **roles}, known, top)
        found[model] = ModelData(
            model, f"{files.name}/{name}", MappingProxyType(roles), structure, tuple(parameters), previous
        )
    return MappingProxyType(found)


def _refuse_unknown(named: Mapping[str, tuple[str, ...]], known: frozenset[str], record: Record) -> None:
    for key, codes in named.items():
        for code in codes:
            if code not in known:
                raise PlanError(
                    f"unknown code {code!r}",
                    where=record.where(key),
                    expected="a code that the edition declares",
                )


def _codes(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, str) and value:
        return (value,)
    if isinstance(value, list) and value and all(isinstance(code, str) and code for code in value):
        return tuple(value)
    raise PlanError(f"a role is {value!r}", where=where, expected="a code, or a list of codes")

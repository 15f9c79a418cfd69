"""One comparison of a check: a printed figure, the computed one, how far they may differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_perf.plan.model import Unit

_FLOAT_NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure against a computed one.

    Attributes:
        key: names the figure within its check, e.g. `ieep.entrate/LIGURIA/2021`.
        label: what a reader calls it.
        printed: the number that the source prints (or that the declarations require).
        computed: the same number computed from others.
        tolerance: largest absolute difference that rounding explains.
        unit: unit of the numbers; None for counts.
        decimals: decimals to show.
        defect: id of the defect that explains the difference; empty when none does.
    """

    key: str
    label: str
    printed: float
    computed: float
    tolerance: float
    unit: Unit | None = None
    decimals: int = 0
    defect: str = ""

    @property
    def difference(self) -> float:
        """Computed minus printed."""
        return self.computed - self.printed

    @property
    def agrees(self) -> bool:
        """Whether the difference stays within the tolerance (plus the noise of floating point numbers)."""
        noise = _FLOAT_NOISE * max(1.0, abs(self.printed))
        return abs(self.difference) <= self.tolerance + noise

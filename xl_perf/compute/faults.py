"""What can be wrong with the numbers that a compute function is given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Fault(Enum):
    """Kind of a fault; the front ends show each as one error value."""

    MISSING = "missing"
    """Something needed is not known (#N/A)."""
    DIVISION = "division"
    """Division by zero (#DIV/0!)."""
    DOMAIN = "domain"
    """A number outside its domain (#NUM!)."""
    SHAPE = "shape"
    """Numbers that do not fit each other in count (#VALUE!)."""


class ComputeError(ValueError):
    """A compute function cannot give a number.

    Args:
        fault: kind of the fault.
        what: what is wrong, with the figures.
    """

    def __init__(self, fault: Fault, what: str) -> None:
        super().__init__(what)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Check:
    """A condition under which an elementwise function has no result.

    `failed` takes the arguments of the function (floats or arrays) and gives True, or an array of True, where the
    fault is.
    """

    fault: Fault
    failed: Callable[..., Any]

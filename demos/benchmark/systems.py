"""The systems that are measured, in the order in which they are told."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from demos.benchmark.cases import Case
from demos.benchmark.workloads import Workload


class System(NamedTuple):
    """One system: the module that knows how to use it, the function there, and what has to be installed for it.

    `head` is its name where there is little room, and `got_by` says how to get what it needs.
    """

    name: str
    head: str
    module: str
    function: str = "case_of"
    needs: str = ""
    got_by: str = ""


SYSTEMS = {
    "compiled": System("this engine, compiled", "compiled", "ours", "compiled"),
    "eager": System("this engine, eager", "eager", "ours", "eager"),
    "floats": System("Python floats by hand", "floats", "floats"),
    "plain": System("NumPy by hand, plain", "plain", "plain"),
    "tuned": System("NumPy by hand, tuned", "tuned", "tuned"),
    "micrograd": System(
        "micrograd", "micrograd", "with_micrograd", needs="micrograd", got_by="pip install 'cadena-autograd[benchmark]'"
    ),
    "torch": System("PyTorch", "PyTorch", "with_torch", needs="torch", got_by="pip install torch"),
    "jax": System("JAX, jitted", "JAX", "with_jax", needs="jax", got_by="pip install jax"),
}
"""Every system by its name for a command line. NumPy, plain, is what the others are compared with."""


def is_installed(system: System) -> bool:
    """Whether what it needs is there; nothing is imported to find out."""
    return not system.needs or find_spec(system.needs) is not None


def case_of(system: System, workload: Workload) -> Case | None:
    """The workload as the system computes it; None where it can't, or would take minutes."""
    made: Case | None = getattr(import_module(f"demos.benchmark.{system.module}"), system.function)(workload)
    return made

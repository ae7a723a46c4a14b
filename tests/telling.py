"""The figure behind "what is told is what was executed": generated graphs told in every way, and held to the engine.

    python -m tests.telling [--graphs 5000] [--seed 0]

Prints how many graphs each law was tried on and how many broke it, with the largest error in units of the scale, and
exits with 1 when one was broken. Without matplotlib, LaTeX is not parsed.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from random import Random

from autograd import Value, assignments, float_functions, grad, latex, python_text, topological_order
from autograd.derivatives import scales
from autograd.strategies.recipes import Recipe, random_recipe, recorded_leaves, recorded_root
from autograd.value import adjoints
from tests.oracles import TOLERANCE

try:
    from matplotlib.mathtext import MathTextParser
except ImportError:
    MathTextParser = None

EVERY_PATH = 10**6
"""More paths than a graph of ten steps has."""


def contributions(y: Value, leaves: list[Value]) -> float:
    """The largest error of the sum over the paths, in units of the scale."""
    slopes = [slope.data for slope in grad(y, leaves)]
    sums = [math.fsum(path.contribution for path in y.explain(x, paths=EVERY_PATH).paths) for x in leaves]
    return max(abs(a - b) / (scale or 1.0) for a, b, scale in zip(sums, slopes, scales(y, leaves)))


def factors(y: Value, leaves: list[Value]) -> float:
    """The largest relative error of a product of told factors beside what its path adds."""
    told = [path for x in leaves for path in y.explain(x).paths]
    pairs = [(math.prod(step.partial for step in path.steps), path.contribution) for path in told]
    return max((abs(a - b) / (abs(b) or 1.0) for a, b in pairs), default=0.0)


def text_evaluates_back(y: Value, leaves: list[Value]) -> float:
    """0 where the Python text gives the value bit for bit, of y and of its derivatives."""
    return float(not all(_evaluated(node) for node in (y, *grad(y, leaves))))


def assignments_evaluate_back(y: Value, _: list[Value]) -> float:
    """0 where the program of assignments gives every value bit for bit."""
    names: dict[str, float] = {}
    exec(assignments(y).python(), dict(float_functions()), names)
    return float(repr([node.data for node in topological_order(y)]) != repr(list(names.values())))


def latex_parses(y: Value, _: list[Value]) -> float:
    """0 where matplotlib's mathtext parses the LaTeX."""
    try:
        MathTextParser("path").parse(f"${latex(y)}$")
    except ValueError:
        return 1.0
    return 0.0


def stepper_leaves_what_backward_leaves(y: Value, _: list[Value]) -> float:
    """0 where the stepper, played to the end, has the adjoints of backward exactly."""
    stepper = y.steps()
    stepper.end()
    return float(repr(list(stepper.adjoints.values())) != repr(list(_in_order(y))))  # as text: -0.0 is not 0.0


def _in_order(y: Value) -> list[float]:
    adjoint = adjoints(y)
    return [adjoint[node] for node in topological_order(y)]


def stepper_goes_back(y: Value, _: list[Value]) -> float:
    """0 where the stepper, played to the end and back, is where it began."""
    stepper = y.steps()
    before = (stepper.position, dict(stepper.values), dict(stepper.adjoints))
    stepper.end()
    stepper.start()
    return float((stepper.position, dict(stepper.values), dict(stepper.adjoints)) != before)


LAWS: dict[str, tuple[Callable[[Value, list[Value]], float], float]] = {
    "path contributions add up to the gradient": (contributions, TOLERANCE),
    "told factors multiply to the contribution": (factors, TOLERANCE),
    "Python text evaluates back exactly": (text_evaluates_back, 0.0),
    "assignments evaluate back exactly": (assignments_evaluate_back, 0.0),
    "LaTeX is parsed by mathtext": (latex_parses, 0.0),
    "the stepper leaves what backward leaves": (stepper_leaves_what_backward_leaves, 0.0),
    "the stepper goes back to where it began": (stepper_goes_back, 0.0),
}
"""Each law with the error that it allows."""


def _evaluated(y: Value) -> bool:
    try:
        text, names = python_text(y)
    except ValueError as error:  # more than 1,000 symbols: the assignments are evaluated beside this
        return "assignments(y)" in str(error)
    value = eval(text, float_functions(), {name: leaf.data for name, leaf in names.items()})
    return repr(value) == repr(y.data)


def errors(recipe: Recipe) -> dict[str, float]:
    """The error of each law on one graph."""
    leaves = recorded_leaves(recipe)
    y = recorded_root(recipe, leaves)
    laws = {name: law for name, (law, _) in LAWS.items() if MathTextParser or law is not latex_parses}
    return {name: law(y, leaves) for name, law in laws.items()}


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.telling", description="what is told against what was done")
    parser.add_argument("--graphs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    random = Random(options.seed)
    found: dict[str, list[float]] = {}
    for _ in range(options.graphs):
        for name, error in errors(random_recipe(random, leaves=3, steps=random.randint(1, 10))).items():
            found.setdefault(name, []).append(error)
    broken = 0
    for name, all_errors in found.items():
        count = sum(error > LAWS[name][1] for error in all_errors)
        print(f"  {name:<44}{len(all_errors) - count:>6} of {len(all_errors)}   largest error {max(all_errors):.1e}")
        broken += count
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())

"""The mistakes by their kinds: where each kind looks, what it turns wrong there, and which tests are asked.

Nearly all are found in the syntax of the sources, so that what is new has its mistakes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

from tests import edits as syntax
from tests.edits import ACCUMULATIONS, ARITHMETIC, Edit, Editor, replacement
from tests.planted_by_hand import ROWS
from tests.planted_equivalents import EQUIVALENT
from tests.planted_partials import table_edits
from tests.planting import ROOT, Mistake

TABLE = "autograd/primitives.py"

Found: TypeAlias = "Callable[[str], Iterator[Edit]]"
"""What gives the mistakes of a text."""


class Look(NamedTuple):
    """A kind looks into files of a folder; `tests` are the ends of the names of test files, the first one first.

    Where a file has a few tests that hold all that a kind can do wrong, ` -k ` and words in their names come behind it.
    """

    kind: str
    folder: str
    files: str
    tests: str
    found: Found


def _syntax(*editors: Editor, only: str = "") -> Found:
    return lambda text: syntax.edits(text, *editors, only=only.split())


def _pulls(text: str) -> Iterator[Edit]:
    """The sums in the code that `eager` prints."""
    return syntax.assignments_in_text(text, only=lambda line: line.lstrip().startswith(("return f", "yield")))


def _scripts(text: str) -> Iterator[Edit]:
    """The sums of a script, without the counters of its loops."""
    return syntax.assignments_in_text(
        text, only=lambda line: "sums[i]" in line or not line.lstrip().startswith(("for ", "//", "*", "/*"))
    )


SUMS = _syntax(*ACCUMULATIONS)
STORES = _syntax(*ACCUMULATIONS, syntax.stores)
FORMULAS = _syntax(*ARITHMETIC, *ACCUMULATIONS)
RULES = _syntax(*ARITHMETIC, syntax.calls_left_out("sqrt", "abs", "cos", "_log"))
UPDATES = _syntax(
    *ARITHMETIC,
    syntax.calls_left_out("sqrt"),
    only="SGD Momentum Nesterov Adagrad Adadelta RMSProp Adam AdamW",
)
MEANS = _syntax(*ARITHMETIC, syntax.swapped_names({"mean": "sum", "sum": "mean"}), syntax.calls_left_out("abs", "_log"))
LOOPS = _syntax(*ARITHMETIC, *ACCUMULATIONS, syntax.stores)
FOLDS = _syntax(*ARITHMETIC, syntax.returns)

CHAINS = _syntax(*ARITHMETIC, *ACCUMULATIONS, only="_slope _between")

REDUCED = "sum mean dot maximum minimum logsumexp softmax"
FLOWS = "contributions Passes.count_received Passes.seeded Flow.use BackwardStep.position"
TEXTS = "product total relative Statements._contribute Statements._select _bracketed"

GRAPHS = "derivatives value generated_graphs"
ARRAYS = "compiler_packed compiler nn_optimizers_in_place"
STRAIGHT, FITTING = "compiler compiler_straight", "nn_training_fitting nn_training_measuring"

LOOKS = (
    Look("backward", "autograd", "value.py", GRAPHS, SUMS),
    Look("backward", "autograd", "namespaces.py", "primitives oracles namespaces", SUMS),
    Look("backward", "autograd", "eager.py", GRAPHS, _pulls),
    Look("derivatives", "autograd", "derivatives.py", "derivatives generated_graphs oracles", FORMULAS),
    Look("derivatives", "autograd/explanation", "slopes.py", "slopes", CHAINS),
    Look("derivatives", "autograd/explanation", "paths.py", "paths explanation", FORMULAS),
    Look("derivatives", "autograd/explanation", "chain_rule.py", "explanation", SUMS),
    Look("derivatives", "autograd", "functions.py", "functions derivatives", _syntax(*ARITHMETIC, only=REDUCED)),
    Look("stepper", "autograd/stepping", "passes.py", "stepping", _syntax(*ARITHMETIC, only=FLOWS)),
    Look("stepper", "autograd/stepping", "stepper.py mistakes.py", "stepping", STORES),
    Look("compiler", "autograd/compiler", "emission.py", "compiler_packed", STORES),
    Look("compiler", "autograd/compiler", "layout.py maps.py normal.py", "compiler_packed compiler", STORES),
    Look("compiler", "autograd/compiler", "recorded.py", "compiler_packed nn_training_compiled", STORES),
    Look("compiler", "autograd/compiler", "lowering.py packed.py code.py", ARRAYS, STORES),
    Look("compiler", "autograd/compiler", "functions.py statements.py", STRAIGHT, STORES),
    Look("compiler", "autograd/compiler", "statements.py", STRAIGHT, _syntax(*ARITHMETIC, only=TEXTS)),
    Look("compiler", "autograd/compiler", "folding.py", STRAIGHT, FOLDS),
    Look("compiler", "autograd/compiler", "descent.py rules.py", "compiler_descent nn_optimizers_in_place", LOOPS),
    Look("compiler", "autograd/compiler", "updating.py", "nn_optimizers_in_place", STORES),
    Look("compiler", "autograd/compiler", "program.py compilation.py", "compiler compiler_packed", STORES),
    Look("page", "autograd/page", "floats.js", "page_explorer", syntax.negated_functions),
    Look("page", "autograd/page", "graph.js explanation.js notation.js", "page_explorer", _scripts),
    Look("page", "autograd/page", "layout.js", "page_layout page_explorer", _scripts),
    Look("updates", "nn/optimization", "rules.py", "nn_optimizers -k published_or_defaults_or_without", UPDATES),
    Look("updates", "nn/optimization", "rules.py", "nn_optimizers", RULES),
    Look("updates", "nn/optimization", "schedules.py", "nn_schedules", RULES),
    Look("updates", "nn/optimization", "clipping.py", "nn_clipping", RULES),
    Look("updates", "nn/optimization", "optimizer.py", "nn_optimizers nn_optimizers_in_place", STORES),
    Look("losses", "nn/losses", "formulas.py", "nn_losses nn_losses_crossentropies", MEANS),
    Look("losses", "nn/losses", "stability.py", "nn_losses_crossentropies nn_training_fitting", RULES),
    Look("models", "nn", "regularizers.py", "nn_regularizers", MEANS),
    Look("models", "nn/models", "activations.py", "nn_activations", RULES),
    Look("models", "nn/models", "initializers.py", "nn_initializers", RULES),
    Look("models", "nn", "metrics.py", "nn_metrics", MEANS),
    Look("models", "nn/models", "dropout.py", "nn_dropout", RULES),
    Look("models", "nn/models", "perceptron.py", "nn_perceptron", FORMULAS),
    Look("training", "nn/training", "scoring.py stopping.py", FITTING, FORMULAS),
    Look(
        "training", "nn/training", "fitting.py steps.py programs.py", "nn_training_fitting nn_training_compiled", STORES
    ),
)

KINDS = ("partials", *dict.fromkeys(look.kind for look in LOOKS), "archive")
"""Every kind, the most important first."""


def mistakes() -> Iterator[Mistake]:
    """Every mistake that changes something, kind after kind."""
    return (mistake for mistake in every_mistake() if (mistake.place, mistake.name) not in EQUIVALENT)


@cache
def every_mistake() -> tuple[Mistake, ...]:
    """Every mistake, each once. Raises ValueError where a place is not there, or more than once."""
    found: dict[tuple[str, int, int, str], Mistake] = {}
    for mistake in (*_in_the_table(), *_by_syntax(), *_by_hand()):
        found.setdefault((mistake.file, mistake.start, mistake.end, mistake.wrong), mistake)
    return tuple(mistake for kind in KINDS for mistake in found.values() if mistake.kind == kind)


def _in_the_table() -> Iterator[Mistake]:
    shared = {"_logsumexp": "logsumexp", "shared_among_ties": "maximum", "elementwise_partials": "maximum"}
    for edit in table_edits(_text(TABLE)):
        tests = (_file("primitives"), "-k", shared.get(edit.owner, edit.owner))
        yield _mistake("partials", TABLE, edit, tests)


def _by_syntax() -> Iterator[Mistake]:
    for kind, folder, files, tests, found in LOOKS:
        for file in [f"{folder}/{name}" for name in files.split()]:
            for edit in found(_text(file)):
                yield _mistake(kind, file, edit, _arguments(tests))


def _by_hand() -> Iterator[Mistake]:
    for kind, name, tests, file, right, wrong in ROWS:
        text = _text(file)
        edit = replacement(text, (0, len(text)), "", name, right, wrong)
        yield _mistake(kind, file, edit, _arguments(tests))


def _mistake(kind: str, file: str, edit: Edit, tests: tuple[str, ...]) -> Mistake:
    place = f"{file.split('/', 1)[1]} {edit.owner}".strip()
    return Mistake(kind, place, edit.name, tests, file, edit.start, edit.end, edit.wrong)


def _arguments(tests: str) -> tuple[str, ...]:
    """The arguments of pytest for test files; behind `-k` stand words of which a test has one in its name."""
    files, _, words = tests.partition(" -k ")
    asked = tuple(map(_file, files.split()))
    return (*asked, "-k", " or ".join(words.split("_or_"))) if words else asked


def _file(tests: str) -> str:
    return f"tests/test_{tests}.py"


def _text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")

"""Mistakes planted in the sources of the networks, the compiler and the explorer, one at a time: are they caught?

    python -m tests.planted_in_sources [--only clip] [--workers 2]

A mistake is a piece of a file and what stands in its place. It is planted in a copy of the packages, against the tests
that are about it, until the first one fails. Prints the table of the caught and the missed, and exits with 1 when one
was missed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
COPIED = ("autograd", "nn", "tests", "demos", "pyproject.toml")
REWRITTEN = shutil.ignore_patterns("*-pytest-*.pyc")
"""What pytest compiled names its source where that was; the rest of what is compiled saves each copy its compiling."""
PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "--no-header")
PASSED, FAILED = 0, 1
"""The exit status of pytest; any other means that the mistake broke the run, and nothing was learnt of the tests."""


class Mistake(NamedTuple):
    """A name, the tests that are to see it, and what it is: in a file, a piece that occurs once, and another."""

    name: str
    tests: str
    file: str
    right: str
    wrong: str


RULES, TRAINING, COMPILER, PAGE = "nn/optimization/rules.py", "nn/training", "autograd/compiler", "autograd/page"

MISTAKES = (
    # ---- optimizers
    Mistake("SGD: uphill", "optimizers", RULES, "(p - lr * g,)", "(p + lr * g,)"),
    Mistake("Nesterov: no look ahead", "optimizers", RULES, "lr * (g + momentum * v)", "lr * v"),
    Mistake("Adagrad: eps inside the root", "optimizers", RULES, "(np.sqrt(s) + eps), s", "np.sqrt(s + eps), s"),
    Mistake("Adadelta: old steps forgotten", "optimizers", RULES, "u = rho * u + ", "u = "),
    Mistake("RMSProp: the first moment", "optimizers", RULES, "(1 - alpha) * g**2", "(1 - alpha) * g"),
    Mistake("Adam: no correction of v", "optimizers", RULES, "d = np.sqrt(1 - b2**t)", "d = 1.0"),
    Mistake(
        "AdamW: decay by the gradient", "optimizers", RULES, "(1 - lr * weight_decay) * p, g", "p, g + weight_decay * p"
    ),
    Mistake(
        "a step too few is counted",
        "optimizers",
        "nn/optimization/optimizer.py",
        "gradients, counts + 1)",
        "gradients, counts)",
    ),
    Mistake(
        "clipping: each alone",
        "clipping",
        "nn/optimization/clipping.py",
        "gradients / norm * max_norm if norm",
        "np.clip(gradients, -max_norm, max_norm) if norm",
    ),
    Mistake(
        "cosine: a whole wave", "schedules", "nn/optimization/schedules.py", "math.pi * (steps", "2 * math.pi * (steps"
    ),
    # ---- models
    Mistake("dropout: nothing enlarged", "dropout", "nn/models/dropout.py", "1 / (1 - self.p), 0.0", "1.0, 0.0"),
    Mistake("dropout: also when predicting", "dropout", "nn/models/dropout.py", "if not self.training:", "if False:"),
    Mistake(
        "convolution: flipped",
        "convolution",
        "nn/models/images.py",
        "(*pixels, 0.0), _patch_places(self, shape))",
        "(*pixels, 0.0), _patch_places(self, shape)[:, ::-1])",
    ),
    Mistake(
        "padding is one",
        "convolution",
        "nn/models/images.py",
        "return _taken((*pixels, 0.0), _patch",
        "return _taken((*pixels, 1.0), _patch",
    ),
    Mistake(
        "pooling: overlapping",
        "pooling",
        "nn/models/pooling.py",
        "self.size if stride is None else",
        "(1, 1) if stride is None else",
    ),
    Mistake(
        "perceptron: away from the error",
        "perceptron",
        "nn/models/perceptron.py",
        "error = wanted - self(inputs).data",
        "error = self(inputs).data - wanted",
    ),
    # ---- losses and regularizers
    Mistake(
        "mse: factor 1/2",
        "losses",
        "nn/losses/formulas.py",
        'return _combined(mean, _squares(predictions, targets, "mse"))',
        'return 0.5 * _combined(mean, _squares(predictions, targets, "mse"))',
    ),
    Mistake(
        "L2: with 1/2",
        "regularizers",
        "nn/regularizers.py",
        "return self.strength * dot(weights, weights)",
        "return 0.5 * self.strength * dot(weights, weights)",
    ),
    # ---- training
    Mistake(
        "the last batch is dropped",
        "training_fitting",
        "nn/data.py",
        "for start in range(0, n, size))",
        "for start in range(0, n - size + 1, size))",
    ),
    Mistake(
        "the loss of batches, not of examples",
        "training_fitting",
        f"{TRAINING}/scoring.py",
        "else loss * count",
        "else loss",
    ),
    Mistake(
        "the best epoch is not restored",
        "training_fitting",
        f"{TRAINING}/fitting.py",
        "            self.best.restore()\n",
        "            pass\n",
    ),
    Mistake(
        "compiled steps: not written back",
        "training_compiled",
        f"{TRAINING}/steps.py",
        "            write_data(self.parameters, self._first.parameters.tolist())\n",
        "            pass\n",
    ),
    Mistake(
        "compiled steps: callbacks unseen",
        "training_compiled",
        f"{TRAINING}/fitting.py",
        "        self.steps.begin()\n",
        "",
    ),
    Mistake(
        "compiled steps: the same masks again",
        "training_compiled",
        f"{TRAINING}/programs.py",
        "            runner.values[places] = mask.drawn()\n",
        "            mask.drawn()\n",
    ),
    Mistake(
        "compiled steps: no clipping",
        "training_compiled",
        f"{TRAINING}/steps.py",
        "gradient[:] = clipped_to_norm(gradient, self.course.clip_norm)",
        "pass",
    ),
    # ---- the compiler
    Mistake(
        "packed: written where it is to be added",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        'f"add({view.name}, {array.name}, {view.name})"',
        'f"copyto({view.name}, {array.name})"',
    ),
    Mistake(
        "packed: spread adjoints are not summed",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        'f"add.reduce({array.name}, {axes}, None, {total.name}, True)"',
        'f"maximum.reduce({array.name}, {axes}, None, {total.name}, True)"',
    ),
    Mistake(
        "packed: repeated positions are not summed",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        'f"add.reduceat({sorted_.name}',
        'f"maximum.reduceat({sorted_.name}',
    ),
    Mistake(
        "packed: nothing is cleared",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        "return [*self._clearing(), *statements]",
        "return statements",
    ),
    Mistake(
        "packed: every element that ties gets all",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        "if block.row.selects:",
        "if False:",
    ),
    Mistake(
        "packed: a factor is lost",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        "Adjoint(adjoint.array, adjoint.factor * partial)",
        "Adjoint(adjoint.array, partial)",
    ),
    Mistake(
        "packed: biases do not meet ones",
        "compiler_packed",
        f"{COMPILER}/layout.py",
        "values[list(self._ones)] = 1.0",
        "values[list(self._ones)] = 0.0",
    ),
    Mistake(
        "packed: an operand is overwritten too early",
        "compiler_packed",
        f"{COMPILER}/lowering.py",
        "is_own = self.counts[argument.key] == 1 and",
        "is_own =",
    ),
    Mistake(
        "packed: the root is no seed",
        "compiler_packed",
        f"{COMPILER}/emission.py",
        "self.adjoints[place] = Adjoint(None, 1.0)",
        "self.adjoints[place] = Adjoint(None, 2.0)",
    ),
    Mistake(
        "packed: used once counts as absorbed",
        "compiler_packed",
        f"{COMPILER}/normal.py",
        "and self._uses[term] == 1",
        "",
    ),
    Mistake(
        "folding: 0 * x is 0",
        "compiler_straight",
        f"{COMPILER}/folding.py",
        "factor in (1, -1):\n            return other if factor == 1 else",
        "factor in (0, 1, -1):\n            return 0.0 if factor == 0 else other if factor == 1 else",
    ),
    Mistake(
        "descent: steps are not counted",
        "compiler_descent",
        f"{COMPILER}/descent.py",
        '        "            t += 1",\n',
        "",
    ),
    Mistake(
        "descent: the value after the step",
        "compiler_descent",
        f"{COMPILER}/descent.py",
        '        "            values.append(y)",\n',
        '        f"            values.append({results[0]})",\n',
    ),
    Mistake(
        "descent: what a loop made of the moments is forgotten",
        "compiler_descent",
        "nn/optimization/optimizer.py",
        "self._moments = [np.array(moment, np.float64) for moment in moments]",
        "pass",
    ),
    Mistake(
        "descent: a rule that was inherited is one of scalars",
        "compiler_descent",
        "nn/optimization/optimizer.py",
        'if not type(self).__dict__.get("is_formula"):',
        "if not self.is_formula:",
    ),
    Mistake(
        "updating: a piece is left out",
        "optimizers_in_place",
        f"{COMPILER}/updating.py",
        "range(0, len(parameters), PIECE)",
        "range(0, PIECE, PIECE)",
    ),
    Mistake(
        "updating: what is still read is written over",
        "optimizers_in_place",
        f"{COMPILER}/updating.py",
        "if target not in _read(lowering, waiting, target)",
        "if target",
    ),
    Mistake(
        "guards: every branch is right",
        "compiler",
        f"{COMPILER}/guards.py",
        "if bool(comparison(x, y)) != result:",
        "if False:",
    ),
    Mistake(
        "sync: gradients of the last run stay away",
        "compiler",
        f"{COMPILER}/program.py",
        "            root.backward()\n",
        "            pass\n",
    ),
    # ---- the explorer
    Mistake("page: a power as JavaScript has it", "page_explorer", f"{PAGE}/floats.js", "x === 1 || ", ""),
    Mistake("page: ties of digits go up", "page_explorer", f"{PAGE}/notation.js", "return isTie", "return false"),
    Mistake("page: all that tie get all", "page_explorer", f"{PAGE}/graph.js", "partial * (1 - taken)", "partial"),
    Mistake("page: uphill", "page_explorer", f"{PAGE}/graph.js", "numbers[leaf] -= rate", "numbers[leaf] += rate"),
    Mistake("page: no domains", "page_explorer", f"{PAGE}/graph.js", "if (!graph.parts[node].unchecked)", "if (false)"),
    Mistake("page: one use more to come", "page_explorer", f"{PAGE}/passes.js", "users.length - use > 1", "true"),
    Mistake("page: paths in any order", "page_explorer", f"{PAGE}/paths.js", "order[0] + this.loss(node, edge)", "0"),
    Mistake("page: shares of nothing", "page_explorer", f"{PAGE}/explanation.js", "CANCELLED * size <", "0 <"),
    Mistake(
        "page: stale for ever",
        "page_explorer",
        f"{PAGE}/explorer.js",
        "  explorer.refusal = null;\n",
        "",
    ),
    Mistake("page: never fits again", "page_explorer", f"{PAGE}/picture.js", "      this.refit();\n", ""),
    Mistake(
        "page: fits against the user",
        "page_explorer",
        f"{PAGE}/picture.js",
        "    this.refit = null;\n    const",
        "    const",
    ),
    Mistake("page: cut unsaid", "page_explorer", f"{PAGE}/picture.js", "sides[side]", "!side"),
    Mistake(
        "page: narrow gaps",
        "page_explorer",
        f"{PAGE}/layout.js",
        "Math.max(gaps[drawing.layer[head]], length)",
        "0 + BETWEEN_LAYERS",
    ),
    Mistake("page: no new room", "page_explorer", f"{PAGE}/picture.js", "this.isTight = true", "this.isTight = false"),
    Mistake(
        "page: names too wide", "page_explorer", f"{PAGE}/picture.js", "Math.max(title, numbers, ", "Math.max(numbers, "
    ),
    Mistake("page: fields too narrow", "page_explorer", f"{PAGE}/shown.js", "explorer.digits > SHORT", "false"),
    Mistake("page: refused in all digits", "page_explorer", f"{PAGE}/shown.js", "?.(explorer.digits)", "?.(FULL)"),
    Mistake("page: leaves in the order of the graph", "page", f"{PAGE}/contents.py", "[*given, *self.", "[*self."),
    Mistake("page: another model", "page", f"{PAGE}/contents.py", ".isdisjoint(leaves)", ".isdisjoint(told)"),
    Mistake("page: out of sight", "page_explorer", f"{PAGE}/explorer.js", "picture.reveal(told.node)", "0"),
    Mistake("page: a finger changes numbers", "page_explorer", f"{PAGE}/pointers.js", '&& pointerType !== "touch"', ""),
    Mistake("page: boxes on boxes", "page_explorer", f"{PAGE}/layout.js", "drawing.size[other]) / 2", "0) / 2"),
    Mistake("page: everything may be asked for", "page", f"{PAGE}/document.py", "default-src 'none'", "default-src *"),
    Mistake("page: a label ends the script", "page", f"{PAGE}/javascript.py", '.replace("<", "\\\\u003c")', ""),
    Mistake(
        "page: a frame that reaches out",
        "page",
        f"{PAGE}/showing.py",
        'sandbox="allow-scripts"',
        'sandbox="allow-scripts allow-same-origin"',
    ),
)
"""Every mistake; `tests` is the end of the name of a test file, with `nn_` before it for the networks."""


def verdicts(chosen: Sequence[Mistake], workers: int) -> Iterator[tuple[Mistake, str]]:
    """For each mistake whether it was caught, missed, or broke the run before any test could tell."""
    with ThreadPoolExecutor(workers) as pool:
        for mistake, status in zip(chosen, pool.map(planted, chosen)):
            yield mistake, {FAILED: "caught", PASSED: "MISSED"}.get(status, f"BROKEN (status {status})")


def planted(mistake: Mistake) -> int:
    """The status of the tests with the mistake in a copy of the sources."""
    with TemporaryDirectory() as folder:
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, Path(folder, name), ignore=REWRITTEN)
            else:
                shutil.copy(source, folder)
        file = Path(folder, mistake.file)
        file.write_text(with_mistake(mistake), encoding="utf-8")
        Path(cache_from_source(str(file))).unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", *PYTEST, file_of(mistake)]
        return subprocess.run(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        ).returncode


def with_mistake(mistake: Mistake) -> str:
    """The text of the file with the mistake in it. Raises ValueError where its place is not there, or not alone."""
    text = (ROOT / mistake.file).read_text(encoding="utf-8")
    if text.count(mistake.right) != 1:
        raise ValueError(
            f"{mistake.name}: {mistake.right!r} occurs {text.count(mistake.right)} times in {mistake.file}"
        )
    return text.replace(mistake.right, mistake.wrong)


def file_of(mistake: Mistake) -> str:
    """The file of tests that are to see it."""
    prefix = "" if mistake.tests.startswith(("compiler", "page")) else "nn_"
    return f"tests/test_{prefix}{mistake.tests}.py"


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 when a mistake was not caught."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.planted_in_sources", description="do the tests see mistakes?"
    )
    parser.add_argument("--only", default="", help="plant only mistakes whose name contains this text")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    found = []
    for mistake, verdict in verdicts([m for m in MISTAKES if options.only in m.name], options.workers):
        print(f"{mistake.name:<48}{verdict}", flush=True)
        found.append(verdict)
    caught = found.count("caught")
    print(f"\n{caught} of {len(found)} mistakes caught, {len(found) - caught} missed")
    return int(caught < len(found) or not found)


if __name__ == "__main__":
    sys.exit(main())

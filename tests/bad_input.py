"""Bad input: the table of what is refused and in which words, and of the numbers that nothing refuses.

python -m tests.bad_input

prints for each case its name, the error and the whole message, or what it gives; then how many there are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import bad_graphs, bad_networks
from tests.bad_worlds import Case, Outcome, Trial, tried

CASES = bad_graphs.CASES + bad_networks.CASES


def as_promised(case: Case, trial: Trial) -> bool:
    """Whether a case gave what the table says, and changed nothing."""
    return trial == Trial(Outcome(case.error, case.message), [])


def main() -> int:
    """Prints the table; 1 when a case is not as it says."""
    wrong = 0
    for case in CASES:
        with TemporaryDirectory() as folder:
            trial = tried(case, Path(folder).resolve())
        right = as_promised(case, trial)
        wrong += not right
        print(_told(case, trial, right))
    print(f"\n{len(CASES)} cases, {len(CASES) - wrong} as the table says, {wrong} different")
    return int(wrong > 0)


def _told(case: Case, trial: Trial, right: bool) -> str:
    error, message = trial.outcome
    lines = [case.name, f"    {error.__name__ if error else 'gives'}: {message}".rstrip(": ")]
    if not right:
        named = case.error.__name__ if case.error else "gives"
        lines.append(f"    DIFFERENT from {named}: {case.message}; changed: {', '.join(trial.changed) or 'nothing'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

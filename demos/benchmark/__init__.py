"""How fast the engine is, beside NumPy by hand and other engines: `python -m demos benchmark`.

Reading order: `workloads` (what is computed), `cases` (what every system offers); the systems, `ours`, `floats`,
`plain`, `tuned`, `with_micrograd`, `with_torch`, `with_jax`, and `systems`, their list; `timing`, `worker` and
`processes` (a measurement, in a process of its own); `agreement`, `report`, `chart`; `growth` and `growing` (how cost
grows); `telling`, the demo.

Nothing is imported here: a process that measures one system loads that system alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def story(folder: Path) -> Iterator[str]:
    """The measurements, a table at a time; the charts are saved in the folder."""
    from demos.benchmark.telling import told

    yield from told(folder)

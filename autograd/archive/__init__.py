"""What leaves the process and comes back: graphs as JSON and in pickles.

Reading order: `keys` and `documents` (strict JSON), `files` (whole or not at all), which models and pictures use too;
`rows` (a graph as plain data), `reading` (from rows to Values), `graphs` (`save_graph`, `load_graph`, `to_json`,
`from_json`), and `pickling`.
"""

from autograd.archive import pickling as pickling  # it gives Values their way into pickles
from autograd.archive.graphs import GraphFileError, from_json, load_graph, save_graph, to_json

__all__ = ["GraphFileError", "from_json", "load_graph", "save_graph", "to_json"]

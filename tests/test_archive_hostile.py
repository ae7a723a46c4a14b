"""Files of graphs that are damaged or written to do harm: one error that says what is wrong, and nothing is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import PRIMITIVES, GraphFileError, Value, from_json, load_graph, to_json, topological_order
from autograd.archive.documents import DEEPEST
from tests.archived_graphs import TEXT, changed, fuzzed, left
from tests.hostile_labels import HOSTILE
from tests.memory import needed

FUZZED = 2_000
ROOM = 3_000_000  # bytes that a small file may need while it is read

PLACES = r"needs as operands places of nodes before it, or numbers like \[2\.0\]"

DAMAGED: dict[str, tuple[str, str]] = {
    "empty": ("", "Expecting value: line 1 column 1"),
    "cut": (TEXT[:300], "Expecting|Unterminated"),
    "two": (TEXT + TEXT, "Extra data"),
    "a list": ("[]", 'it has not the format "cadena graph"'),
    "a model": (changed("format", "cadena model"), 'it has not the format "cadena graph"'),
    "a newer version": (changed("version", 2), "it was written by a newer version, as version 2; known are up to 1"),
    "a key twice": (TEXT.replace('"version"', '"version": 1, "version"'), "the key 'version' is there twice"),
    "a missing key": (TEXT.replace('"vectors": [\n', '"vektors": [\n'), "it needs vectors; got "),
    "an unknown key": (changed("comment", ""), "it has format, .*, and no 'comment'"),
    "deep": (TEXT.replace("-1.0", "[" * 100_000), f"it is nested more than {DEEPEST} deep"),
    "deep objects": (TEXT.replace("-1.0", '{"":' * 100_000), f"it is nested more than {DEEPEST} deep"),
    "nodes of text": (changed("nodes", "xy"), "nodes and vectors need lists"),
    "vectors of an object": (changed("vectors", {}), "nodes and vectors need lists"),
    "no nodes": (changed("nodes", []), "vector 0 needs as operands places|roots needs the places of some of 0 nodes"),
    "a node of text": (changed("nodes/3", "x"), "node 3 needs an object with data; got 'x'"),
    "a node without data": (changed("nodes/3", {"label": "x"}), "node 3 needs an object with data; got {'label': 'x'}"),
    "an unknown key of a leaf": (changed("nodes/0/operands", [0]), "node 0 has data, grad, .*, and no 'operands'"),
    "an unknown key of a node": (changed("nodes/6/__class__", "x"), "node 6 has checked, .*, and no '__class__'"),
    "vectors of a narrow node": (changed("nodes/6/vectors", [0]), "node 6 has checked, .*, and no 'vectors'"),
    "operands of a wide node": (changed("nodes/5/operands", [0]), "node 5 has checked, .*, and no 'operands'"),
    "data of text": (changed("nodes/3/data", "1.0"), r"node 3 needs a number that a float can hold, .*; got '1\.0'"),
    "true data": (changed("nodes/3/data", True), "node 3 needs a number that a float can hold, .*; got True"),
    "a number of very many digits": (
        TEXT.replace("5e-324", "1" * 1_000_000),
        "node 3 needs a number that a float can hold, .*; got inf",
    ),
    "a huge number": (TEXT.replace("5e-324", "1e999"), "node 3 needs a number that a float can hold, .*; got inf"),
    "NaN": (TEXT.replace('"nan"', "NaN", 1), "node 4 needs a number that a float can hold, .*; got nan"),
    "a label of a number": (changed("nodes/0/label", 7), "node 0 needs a text as its label; got 7"),
    "a label of null": (changed("nodes/0/label", None), "node 0 needs a text as its label; got None"),
    "a gradient of text": (changed("nodes/0/grad", ""), "node 0 needs a number that a float can hold, .*; got ''"),
    "a gradient at no time": (changed("nodes/0/grad_time", -1), r"node 0 needs a grad of 0 where .*; got 0\.41997"),
    "the time of no gradient": (changed("nodes/4/grad_time", 0), "node 4 needs a grad where it has a grad_time"),
    "a time in the future": (
        changed("nodes/0/time", 43),
        "node 0 needs a whole number from 0 to 42 as its time; got 43",
    ),
    "a huge time": (
        changed("nodes/2/grad_time", 10**300),
        "node 2 needs a whole number from -1 to 42 as its grad_time",
    ),
    "a negative time": (changed("nodes/0/time", -1), "node 0 needs a whole number from 0 to 42 as its time; got -1"),
    "a true time": (changed("nodes/0/time", True), "node 0 needs a whole number from 0 to 42 as its time; got True"),
    "an unknown primitive": (
        changed("nodes/6/primitive", "os.system"),
        r"node 6 needs a primitive of the table; got 'os\.system': one of its own is added with autograd\.primitive",
    ),
    "a primitive of a list": (changed("nodes/6/primitive", ["tanh"]), r"node 6 needs a primitive .*; got \['tanh'\]"),
    "a primitive of null": (changed("nodes/6/primitive", None), "node 6 needs a primitive of the table; got None"),
    "itself": (changed("nodes/6/operands", [6]), f"node 6 {PLACES}; got 6"),
    "what comes later": (changed("nodes/6/operands", [7]), f"node 6 {PLACES}; got 7"),
    "what is not there": (changed("nodes/6/operands", [10**30]), f"node 6 {PLACES}; got 1000"),
    "what comes from the end": (changed("nodes/6/operands", [-1]), f"node 6 {PLACES}; got -1"),
    "a true operand": (changed("nodes/6/operands", [True]), f"node 6 {PLACES}; got True"),
    "an operand of a fraction": (changed("nodes/6/operands", [5.0]), rf"node 6 {PLACES}; got 5\.0"),
    "an operand of text": (changed("nodes/6/operands", ["5"]), f"node 6 {PLACES}; got '5'"),
    "an empty operand": (changed("nodes/6/operands", [[]]), rf"node 6 {PLACES}; got \[\]"),
    "two numbers as operand": (changed("nodes/7/operands", [6, [1.0, 2.0]]), rf"node 7 {PLACES}; got \[1\.0, 2\.0\]"),
    "a constant of text": (changed("nodes/7/operands", [6, ["1"]]), "node 7 needs a number that a float can hold"),
    "too few operands": (changed("nodes/7/operands", [6]), r"node 7 \(add\) needs a list of 2 operands; got \[6\]"),
    "too many operands": (
        changed("nodes/6/operands", [5, 5]),
        r"node 6 \(tanh\) needs a list of 1 operands; got \[5, 5",
    ),
    "operands of text": (changed("nodes/7/operands", "56"), r"node 7 \(add\) needs a list of 2 operands; got '56'"),
    "constants alone": (changed("nodes/6/operands", [[1.0]]), r"node 6 \(tanh\) needs a node among its operands"),
    "vectors of constants alone": (
        changed("nodes/9/vectors", [2, 2]),
        r"node 9 \(dot\) needs a node among its operands",
    ),
    "unchecked by a number": (
        changed("nodes/8/checked", 0),
        r"node 8 \(divide\) needs true or false for checked; got 0",
    ),
    "too few vectors": (
        changed("nodes/5/vectors", [0]),
        r"node 5 \(dot\) needs a list of 2, each the place of one of 4",
    ),
    "vectors of one vector": (changed("nodes/11/vectors", 3), r"node 11 \(maximum\) needs a list of 1, each .*; got 3"),
    "no such vector": (changed("nodes/5/vectors", [0, 4]), r"node 5 \(dot\) needs a list of 2, each .*; got \[0, 4\]"),
    "a vector from the end": (
        changed("nodes/5/vectors", [0, -1]),
        r"node 5 \(dot\) needs a list of 2, .*; got \[0, -1\]",
    ),
    "a true vector": (changed("nodes/5/vectors", [0, True]), r"node 5 \(dot\) needs a list of 2, .*; got \[0, True\]"),
    "a vector of itself": (changed("vectors/0/0", 5), r"node 5 \(dot\) needs vectors of nodes before it; got one that"),
    "a vector of what comes later": (changed("vectors/1/0", 20), r"node 5 \(dot\) needs vectors of nodes before it"),
    "a vector of what is not there": (changed("vectors/1/0", 21), f"vector 1 {PLACES}; got 21"),
    "a vector of text": (changed("vectors/1", "x"), "vector 1 needs a list of operands, at least one; got 'x'"),
    "an empty vector": (changed("vectors/1", []), r"vector 1 needs a list of operands, at least one; got \[\]"),
    "no constants": (changed("vectors/2/constants", []), "vector 2 needs a list of constants, at least one; got"),
    "constants and more": (changed("vectors/2/x", 1), "vector 2 needs a list of constants, at least one; got"),
    "a constant of null": (
        changed("vectors/2/constants", [None, 1, 2]),
        "vector 2 needs a number that a float can hold",
    ),
    "vectors of two lengths": (
        changed("vectors/0", [0, 1]),
        r"node 5 \(dot\) needs vectors of one length; got 2 and 3",
    ),
    "no roots": (changed("roots", []), r"roots needs the places of some of 21 nodes; got \[\]"),
    "a root that is not there": (changed("roots", 21), "roots needs the places of some of 21 nodes; got 21"),
    "a root from the end": (changed("roots", {"y": -1}), "roots needs the places of some of 21 nodes; got {'y': -1}"),
    "a root of text": (changed("roots", "y"), "roots needs the places of some of 21 nodes; got 'y'"),
    "a true root": (changed("roots", [True]), r"roots needs the places of some of 21 nodes; got \[True\]"),
    "a root of null": (changed("roots", None), "roots needs the places of some of 21 nodes; got None"),
}


@pytest.mark.parametrize(("content", "words"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_one_error_that_names_it_and_says_what_is_wrong(
    tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "graph.json"
    file.write_text(content, encoding="utf-8")
    rows = dict(PRIMITIVES)
    with left() as values:
        with pytest.raises(GraphFileError, match=rf"^'.*graph\.json' can't be read as a graph: ({words})") as caught:
            load_graph(file)
        assert len(str(caught.value)) < 1_000
        with pytest.raises(GraphFileError, match=f"^the text can't be read as a graph: ({words})"):
            from_json(content)
        del caught
    assert (rows, values) == (PRIMITIVES, [])


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe{}", "'utf-8' codec can't"), (b"\x00" * 50, "Expecting value")]
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "graph.json").write_bytes(content)
    with pytest.raises(GraphFileError, match=words):
        load_graph(tmp_path / "graph.json")


def test_a_folder_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphFileError, match="it is a folder, a device or a pipe"):
        load_graph(tmp_path)


# ---- enormous


def test_what_has_too_many_bytes_is_refused_and_what_has_as_many_as_allowed_is_read(tmp_path: Path) -> None:
    file, size = tmp_path / "graph.json", len(TEXT)
    file.write_text(TEXT, encoding="utf-8")
    assert to_json(load_graph(file, max_bytes=size)) == to_json(from_json(TEXT, max_bytes=size)) == TEXT
    with pytest.raises(GraphFileError, match=f"it has {size:,} bytes, and max_bytes is {size - 1:,}"):
        load_graph(file, max_bytes=size - 1)
    with pytest.raises(GraphFileError, match=f"it has {size:,} characters, and max_bytes is {size - 1:,}"):
        from_json(TEXT, max_bytes=size - 1)


def test_an_enormous_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "graph.json"
    with file.open("wb") as stream:
        stream.truncate(10**11)  # of which the disk holds nothing

    def refused() -> None:
        with pytest.raises(GraphFileError, match=r"it has 100,000,000,000 bytes, and max_bytes is 67,108,864"):
            load_graph(file)

    assert needed(refused).peak < ROOM


def shared_by_all(nodes: int, length: int) -> str:
    """Many nodes of one long vector: as many operands as their product."""
    rows = [{"data": 1.0}, *({"primitive": "sum", "vectors": [0], "data": 1.0} for _ in range(nodes))]
    whole = {"format": "cadena graph", "version": 1, "roots": nodes, "nodes": rows, "vectors": [[0] * length]}
    return json.dumps(whole)


def test_what_a_file_claims_is_as_large_as_the_file() -> None:
    text = shared_by_all(nodes=3_000, length=3_000)
    assert len(from_json(text).vectors[0]) == 3_000
    assert needed(lambda: from_json(text)).peak < 20 * len(text) < 80 * 3_000 * 3_000


@pytest.mark.parametrize("piece", ["[],", "{},", '{"":0},', '{"a":[0]},', "[[],[]],", "0,", '"",'])
def test_a_file_made_to_need_memory_needs_40_times_its_size_at_most(piece: str) -> None:
    text = changed("nodes", []).replace("[]", f'["\U0001f642",{(piece * (50_000 // len(piece)))[:-1]}]')

    def refused() -> None:
        with pytest.raises(GraphFileError, match=r"(vector|node) 0 needs"):
            from_json(text)

    assert needed(refused).peak < 40 * len(text)


# ---- hostile words


@pytest.mark.parametrize("label", [*HOSTILE, "__import__('os').system('x')", "../../etc/passwd", "x" * 1_000_000])
def test_hostile_words_are_text(label: str) -> None:
    again = from_json(changed("nodes/0/label", label))
    assert label in [node.label for node in topological_order(again[0])]
    assert from_json(to_json(Value(1.0, label))).label == label
    assert list(from_json(to_json({label: Value(1.0)}))) == [label]
    texts = [changed(path, label) for path in ("nodes/6/primitive", "nodes/5/data", "nodes/6/operands/0", "roots")]
    for text in (*texts, TEXT.replace('"data"', json.dumps(label), 3), TEXT.replace('"primitive"', json.dumps(label))):
        with pytest.raises(GraphFileError) as caught:
            from_json(text)
        assert len(str(caught.value)) < 1_000
        assert str(caught.value).isprintable()


def test_2000_mutated_files_are_read_as_graphs_that_work_or_refused_with_one_error() -> None:
    with left() as values:
        found = fuzzed(FUZZED, seed=0)
    assert found.failures == []
    assert sum(found.words.values()) == FUZZED
    assert 100 < found.words["read"] < FUZZED / 2
    assert values == []


@given(st.text(max_size=60))
def test_any_text_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(GraphFileError):
        from_json(text)


@pytest.mark.parametrize("x", [None, "x", [], [[]], {"constants": {}}, 2.5])
def test_any_part_may_be_anything(x: Any) -> None:
    for path in ("nodes", "vectors", "nodes/5", "nodes/5/vectors", "nodes/5/vectors/0", "vectors/0", "vectors/1/1"):
        with pytest.raises(GraphFileError):
            from_json(changed(path, x))

"""The README says what is so: its code runs and prints what it shows, its table is the table, its map is the tree."""

import doctest
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograd import Value, draw, draw_passes, to_mermaid
from autograd.notation.table import primitives_table
from autograd.rendering import Picture, files, has_layout_engine, rendered
from nn import MLP, draw_network

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def some_engine(monkeypatch):
    """The README saves pictures. Where nothing can lay them out, something else stands for them."""
    if not has_layout_engine():
        monkeypatch.setattr(files, "rendered", lambda source, form: source.encode())


@pytest.mark.usefixtures("table_restored", "some_engine")
def test_the_python_blocks_typed_one_after_another_print_what_they_show(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = doctest.DocTestParser().get_doctest("\n".join(blocks("python")), {}, "README", str(README), 0)
    assert len(session.examples) > len(blocks("python")), "a block without prompts would not be run"
    report: list[str] = []
    doctest.DocTestRunner().run(session, out=report.append)
    assert not report, "".join(report)


def test_there_are_python_blocks_and_the_two_commands():
    assert blocks("python")
    demos, tests = blocks("sh")
    assert demos.rstrip().endswith("python -m demos")
    assert "python -m pytest" in tests


def test_the_table_of_primitives_is_the_table_of_the_code():
    assert primitives_table() in TEXT


def test_the_map_names_every_file_and_no_other():
    named = set(re.findall(r"`((?:autograd|nn|demos)/[\w/]+\.py)`", TEXT))
    root = README.parent
    files = {
        str(path.relative_to(root)) for folder in ("autograd", "nn", "demos") for path in (root / folder).rglob("*.py")
    }
    assert named == {file for file in files if not file.endswith("__init__.py")}


def test_every_file_that_the_readme_links_to_is_there():
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link]
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


def neuron() -> Picture:
    x, w, b = Value(2.0, "x"), Value(-3.0, "w"), Value(7.0, "b")
    y = (w * x + b).tanh()
    y.label = "y"
    y.backward()
    return draw(y)


def error() -> Value:
    w, x = Value(0.5, "w"), Value(1.5, "x")
    squared = ((w * x).tanh() - 1) ** 2
    squared.label = "error"
    return squared


def network() -> Picture:
    net = MLP(2, [3, 1], activation="sigmoid", output_activation="sigmoid", seed=3)
    return draw_network(net, x=[1.8, -3.4], loss="MSE")


@pytest.mark.skipif(not has_layout_engine(), reason="no layout engine is installed")
@pytest.mark.parametrize(
    ("name", "make"), [("neuron", neuron), ("passes", lambda: draw_passes(error())), ("network", network)]
)
def test_the_pictures_are_what_the_code_draws(name: str, make: Callable[[], Picture]) -> None:
    shown = (README.parent / "demos" / f"{name}.svg").read_text(encoding="utf-8")
    assert texts(shown) == texts(rendered(make().source, "svg").decode()), f"save it anew as demos/{name}.svg"


def test_the_mermaid_text_is_that_of_the_code() -> None:
    assert blocks("mermaid") == [to_mermaid(error(), numbers=False)]


def texts(svg: str) -> list[str]:
    return sorted(element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))

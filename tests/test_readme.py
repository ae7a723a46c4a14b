"""The README says what is so: its code runs and prints what it shows, its table is the table, its map is the tree."""

import doctest
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograd import Value, draw
from autograd.notation.table import primitives_table
from autograd.rendering import has_layout_engine, rendered

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.usefixtures("table_restored")
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
    assert tests.rstrip().endswith("python -m pytest")


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


@pytest.mark.skipif(not has_layout_engine(), reason="no layout engine is installed")
def test_the_picture_is_what_draw_gives():
    x, w, b = Value(2.0, "x"), Value(-3.0, "w"), Value(7.0, "b")
    y = (w * x + b).tanh()
    y.label = "y"
    y.backward()
    drawn = rendered(draw(y).source, "svg").decode()
    shown = (README.parent / "demos" / "neuron.svg").read_text(encoding="utf-8")
    assert texts(shown) == texts(drawn), "save(draw(y), 'demos/neuron.svg') draws it anew"


def texts(svg: str) -> list[str]:
    return sorted(element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))

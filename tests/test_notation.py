"""The printed table is the table."""

import pytest

from autograd import PRIMITIVES
from autograd.notation import partial_text, primitives_table


def test_the_table_has_one_row_for_each_primitive_in_order():
    rows = primitives_table().splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(PRIMITIVES)


@pytest.mark.parametrize(
    ("primitive", "texts"),
    [
        ("multiply", ["y", "x"]),
        ("divide", ["1 / y", "-out / y"]),
        ("sigmoid", ["out * (1 - out)"]),
        ("tanh", ["1 - out * out"]),
        ("dot", ["x", "w"]),
        ("power", ["y * x ** (y - 1 + equal(y, 0))", "out * log(x + equal(x, 0))"]),
    ],
)
def test_partials_read_as_in_a_book(primitive, texts):
    row = PRIMITIVES[primitive]
    assert [partial_text(row, formula) for formula in row.partials] == texts

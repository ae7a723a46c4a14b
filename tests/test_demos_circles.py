"""Document 001: what is measured of its training, what is said of it, and the pictures."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from autograd.comparison import AGREES, WRONG
from demos.catalogue import stories
from demos.document_001 import corrected, courses, listing, maps, network, parts, printed
from demos.pieces import Animation
from nn import accuracy, predict
from tests.pictures import needs_engine
from tests.stories import Briefly, told, words

# the inventory of the documents: a run as printed is the same on all machines for so many iterations, to so much
SAME, TOLERANCE = 150, 1e-9
POINTS = 500


@pytest.fixture(scope="module")
def data() -> tuple[listing.Array, listing.Array]:
    pytest.importorskip("sklearn")
    return printed.points(POINTS)


@pytest.fixture(scope="module")
def slopes(data: tuple[listing.Array, listing.Array]) -> list[network.Slopes]:
    return network.slopes(listing.network(0), *data)


def test_the_outer_circle_is_of_class_0_and_the_radii_are_those_of_the_inventory(
    data: tuple[listing.Array, listing.Array],
) -> None:
    outer, inner = parts.rings(parts.circles(POINTS, 0))
    assert (outer.points, inner.points) == (250, 250)
    assert outer.radius == pytest.approx(1.0027, abs=5e-5)
    assert inner.radius == pytest.approx(0.5066, abs=5e-5)
    assert data[1].shape == (POINTS, 1)


def test_a_layer_draws_its_biases_first_and_both_from_minus_1_to_1() -> None:
    layer = listing.NeuralLayer(3, 5, listing.seeded(7))
    numbers = np.random.RandomState(7).rand(20) * 2 - 1
    assert np.array_equal(layer.b, numbers[:5].reshape(1, 5))
    assert np.array_equal(layer.W, numbers[5:].reshape(3, 5))


def test_the_two_networks_have_373_and_61_parameters() -> None:
    sizes = [
        network.twin(listing.create_nn(topology, listing.seeded(0))) for topology in (listing.UNUSED, [2, 4, 8, 1])
    ]
    assert [len(model.parameters()) for model in sizes] == [373, 61]


def test_the_engines_network_says_what_the_listings_says(data: tuple[listing.Array, listing.Array]) -> None:
    net, X = listing.network(3), data[0][:20]
    said = [network.twin(net)(x).data for x in X]
    assert said == pytest.approx(listing.forward(net, X)[-1][:, 0], rel=1e-14)


def test_the_factors_of_b_and_w_are_one_half_and_250_in_all_six_arrays(slopes: list[network.Slopes]) -> None:
    assert [each.name for each in slopes] == ["b1", "W1", "b2", "W2", "b3", "W3"]
    for each in slopes:
        wanted = {"b": 0.5, "W": 250.0}[each.name[0]]
        assert np.allclose(each.factors, wanted, rtol=1e-10, atol=0), each.name
        assert each.disagreement < 1e-6  # differences on both sides of about 1e-9


def test_differences_leave_the_network_as_it_was(data: tuple[listing.Array, listing.Array]) -> None:
    net, same = listing.network(1), listing.network(1)
    network.slopes(net, data[0][:9], data[1][:9])
    assert all(np.array_equal(a.W, b.W) and np.array_equal(a.b, b.b) for a, b in zip(net, same))


def test_the_engine_told_the_factors_repeats_the_listing(data: tuple[listing.Array, listing.Array]) -> None:
    rows = printed.repeated(*data, SAME + 1)
    assert len(rows) == 7 * (1 + printed.SHOWN)
    assert {row.verdict for row in rows} == {AGREES}
    net = listing.network(0)
    losses = [listing.l2_cost(listing.train(net, *data), data[1]) for _ in range(SAME + 1)]
    computed = {row.quantity: row.computed for row in rows}
    for iteration in range(0, SAME + 1, 25):
        assert computed[f"loss, iteration {iteration}"] == pytest.approx(losses[iteration], rel=TOLERANCE)


def test_a_wrong_factor_would_be_seen(
    data: tuple[listing.Array, listing.Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "RATE", 0.051)
    assert {row.verdict for row in printed.repeated(data[0][:60], data[1][:60], 60)} != {AGREES}


def test_iterations_move_by_the_rate_and_give_what_was_said_before(data: tuple[listing.Array, listing.Array]) -> None:
    net, before = listing.network(0), listing.network(0)
    said, taken = listing.steps(before, *data)
    assert np.array_equal(listing.train(net, *data), said)
    for layer, old, (b, W) in zip(net, before, taken):
        assert np.array_equal(layer.b, old.b - b * 0.05)
        assert np.array_equal(layer.W, old.W - W * 0.05)


def test_floats_and_longer_floats_part_as_printed_and_do_not_when_put_right(
    data: tuple[listing.Array, listing.Array],
) -> None:
    if np.finfo(np.longdouble).eps == np.finfo(float).eps:
        pytest.skip("longdouble is no longer here")
    as_printed = courses.distances(0, *data, 320)
    assert as_printed[:SAME].max() < TOLERANCE < as_printed.max()
    put_right = courses.distances(0, *data, 320, courses.right_rates(corrected.RATE, data[0]))
    assert put_right.max() <= 2e-14


def test_as_printed_the_seed_0_ends_badly_and_put_right_it_learns(data: tuple[listing.Array, listing.Array]) -> None:
    as_printed = courses.course(0, *data, 2000)
    assert as_printed.accuracy == pytest.approx(0.81, abs=0.01)
    assert as_printed.rises > 0
    assert maps.changed(maps.as_printed(as_printed.net), maps.as_printed(as_printed.net).T) == pytest.approx(
        0.437, abs=0.05
    )
    descent = corrected.descend(*data, 2000)
    assert len(descent.maps) == 80
    assert (np.diff(descent.losses) < 0).all()
    assert accuracy(predict(descent.model, data[0]), data[1][:, 0]) == 1.0


def test_runs_computed_together_are_those_of_the_listing_alone(data: tuple[listing.Array, listing.Array]) -> None:
    X, Y = data[0][:30], data[1][:30]
    for seed, each in zip((3, 4), courses.courses([3, 4], X, Y, 20, (0.1, 0.2))):
        net = listing.network(seed)
        losses = [listing.l2_cost(listing.train(net, X, Y, (0.1, 0.2)), Y) for _ in range(20)]
        assert each.seed == seed
        assert each.losses == pytest.approx(losses, rel=1e-13)
        for own, layer in zip(each.net, net):
            assert np.allclose(own.W, layer.W, rtol=1e-12, atol=0)
            assert np.allclose(own.b, layer.b, rtol=1e-12, atol=0)


def test_what_is_told_of_the_printed_program_without_a_second_number_holds_with_other_roundings(
    data: tuple[listing.Array, listing.Array], tmp_path: Path
) -> None:
    X, Y = data
    tellings, losses = [], []
    for points in ((X, Y), (X[::-1], Y[::-1])):
        alone, whole = courses.course(0, *points, 2000), courses.after_the_unused(0, *points, 2000)
        losses.append([alone.losses[-1], whole.losses[-1]])
        pieces = [printed.Paragraph(printed._unused(alone, whole)), *printed._maps(alone, whole, X, Y)]
        tellings.append(words(pieces, tmp_path))
    assert losses[0] != losses[1]
    assert tellings[0] == tellings[1]
    assert "the loss rises in about 400 iterations" in tellings[0]
    # the inventory: 0.7746 and 43.7 %, 0.2171 and 1.1 %
    assert "cell [11] alone, by 0.8 at most, and 44 % of the points" in tellings[0]
    assert "after cell [8], by 0.2 at most, and 1 % of the points" in tellings[0]


def test_each_seed_has_both_of_its_numbers_and_how_far_they_are_apart_is_told(tmp_path: Path) -> None:
    def run(rises: int, height: float, accuracy: float) -> courses.Course:
        losses = np.cumsum([1.0, *[-0.01, height] * rises])
        return courses.Course(0, losses, [], accuracy)

    one, other = [run(10, 0.1, 1.0), run(4, 0.1, 0.8)], [run(12, 0.1, 1.0), run(4, 0.15, 0.8)]
    text = words(printed._instability(one, other), tmp_path)
    assert "0 10, 12 0.10, 0.10 1.9000, 2.0800 1.000, 1.000" in text
    assert "Of 2 seeds, 1 end below 99 %: seed 0 at 0.800. The other order misses the same." in text
    assert "rises in 2 of 2 runs; how often differs by up to 20 %, and the largest rise by up to 50 %" in text
    assert "The other order does not miss the same." in words(printed._instability(one, other[:1] * 2), tmp_path)
    assert "rises as often in both orders" in words(printed._instability(one, one), tmp_path)


def test_digits_of_one_machine_are_called_so_before_they_are_printed(briefly: Briefly) -> None:
    pytest.importorskip("sklearn")
    text = briefly("circles-printed").text
    assert text.index("are not the document's:") < text.index("largest rise")
    text = briefly("circles-right").text
    assert text.index("more digits would be those of one machine") < text.index("loss as printed")
    assert text.index("only the order of magnitude holds on another machine") < text.index("loss at the end")


def test_rates_put_right_make_the_listings_steps_those_of_the_engine(data: tuple[listing.Array, listing.Array]) -> None:
    X, Y = data[0][:20], data[1][:20]
    by_hand = courses.course(0, X, Y, 30, courses.right_rates(corrected.RATE, X))
    assert by_hand.losses == pytest.approx(corrected.descend(X, Y, 30).losses, rel=1e-13)


def test_other_rates_are_tried_where_the_printed_program_fails(data: tuple[listing.Array, listing.Array]) -> None:
    X, Y = data[0][:40], data[1][:40]
    bad, good = (courses.Course(seed, np.zeros(3), [], accuracy) for seed, accuracy in ((7, 0.8), (8, 1.0)))
    told = corrected._as_long([(bad, good), (good, good)], X, Y)
    assert "in effect 0.025 for b and 1 for W," in told  # a half, and n/2, times 0.05
    assert "seed 8" not in told
    for name, (for_b, for_w) in {"1 for b and W": (1, 1), "0.025 for b and 2 for W": (0.025, 2)}.items():
        run = courses.course(7, X, Y, 3, (2 * for_b, 2 / 40 * for_w))
        assert f"{name}, seed 7: {run.rises} and {run.accuracy:.3f}" in told


def test_the_printed_rates_in_effect_make_the_printed_steps(data: tuple[listing.Array, listing.Array]) -> None:
    X = data[0][:40]
    for_b, for_w = courses.right_rates(0.025, X)[0], courses.right_rates(1.0, X)[1]
    assert (for_b, for_w) == pytest.approx((listing.RATE, listing.RATE), rel=1e-15)


@needs_engine
def test_the_deep_network_is_drawn_no_wider_than_a_page(gallery: Path) -> None:
    drawn = (gallery / "pictures" / "circles-unused.svg").read_text(encoding="utf-8")
    (width,) = re.findall(r'<svg width="(\d+)pt"', drawn)
    assert int(width) < 525  # 700 pixels


def test_maps_of_the_engine_are_the_listings_put_right() -> None:
    net = listing.network(5)
    drawn = maps.Mapper(network.twin(net))()
    assert np.allclose(drawn, maps.as_printed(net).T, rtol=1e-13, atol=0)
    places, points = listing.grid()
    row, column = 7, 30
    assert drawn[row, column] == pytest.approx(
        listing.forward(net, np.array([[places[column], places[row]]]))[-1][0, 0]
    )
    assert np.array_equal(points[1], [places[0], places[1]])


def test_the_animation_has_a_picture_for_each_map_and_is_small(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    image = pytest.importorskip("PIL.Image")
    pytest.importorskip("sklearn")
    (piece,) = [piece for piece in stories()["circles-right"](brief=True) if isinstance(piece, Animation)]
    piece.save(tmp_path / "map.gif")
    with image.open(tmp_path / "map.gif") as shown:
        assert (shown.n_frames, shown.size) == (printed.SHORTER // listing.EVERY, (560, 280))
    assert (tmp_path / "map.gif").stat().st_size < 1_500_000 * printed.SHORTER / listing.ITERATIONS + 100_000


def test_seeds_are_judged_by_counting() -> None:
    def run(descended: int | None, accuracy: float) -> courses.Course:
        losses = np.full(9, 0.25)
        losses[9 if descended is None else descended :] = 0.05
        return courses.Course(0, losses, [], accuracy)

    assert (run(4, 1.0).descended, run(None, 0.5).descended) == (4, None)
    rising = run(None, 0.8)._replace(losses=np.linspace(0.2, 0.3, 9))
    told_pairs = corrected._judged([(run(2, 1.0), run(4, 1.0)), (rising, run(5, 1.0))])
    assert "Of 2 seeds 1 of the printed program end with an accuracy of 99 % or more, and 2 of the one" in told_pairs
    assert "never rises in 1 runs of the printed one, and in 2 of the other." in told_pairs
    assert "below 0.1 first for 1 of 1 seeds" in told_pairs
    assert "So few iterations, 9, do not tell" in corrected._judged([(run(None, 0.5), run(None, 0.5))])


def test_the_stories_say_what_they_found(briefly: Briefly) -> None:
    pytest.importorskip("sklearn")
    text = briefly("circles").text
    assert "is the outer circle" in text
    assert "The factor is the ratio" in text
    assert "b takes the first" in text
    assert "divides by 0, where the slope is 0.196612" in text
    text = briefly("circles-printed").text
    assert "the factor is 0.5 for b and 50 for W (001-2)" in text  # n = 100 in a brief story
    assert "W learns 100 times as fast as b" in text
    assert "The code's fits 3 of 3 layers, the text's 0" in text
    assert "NumPy refuses this product" in text


def test_printed_slopes_are_found_wrong_by_comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row.quantity: row for row in parts.printed_slopes()}
    assert (rows["σ'(0)"].printed, rows["σ'(0)"].computed) == ("1", 0.25)
    assert rows["σ'(2)"].computed == pytest.approx(0.104993585, abs=5e-10)
    assert {row.verdict for row in rows.values()} == {WRONG}
    assert {row.verdict for row in parts.curves()} == {AGREES}
    monkeypatch.setattr(listing, "slope_of", lambda a: a)
    assert WRONG in {row.verdict for row in parts.curves()}


def test_another_factor_of_the_circles_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.setattr(parts, "OTHER_FACTOR", 0.3)
    assert "we draw with factor = 0.3" in told([parts._factor()], tmp_path)

"""Document 002, section 3.1: clusters, found by gradient descent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograd import Value
from demos.document_002 import clusters
from tests.stories import Briefly


@pytest.fixture(scope="module")
def found() -> clusters.Clusters:
    return clusters.clustered(60)


def test_each_centre_ends_in_the_mean_of_its_points(found: clusters.Clusters) -> None:
    assert found.ways[-1] == pytest.approx(found.means, abs=1e-6)


def test_the_groups_are_the_heaps_that_were_drawn(found: clusters.Clusters) -> None:
    assert np.bincount(found.nearest).tolist() == [clusters.POINTS] * 3
    assert found.means == pytest.approx(np.array(clusters.MIDDLES), abs=0.4)


def test_the_loss_falls_and_is_the_mean_squared_distance(found: clusters.Clusters) -> None:
    assert np.all(np.diff(found.losses) < 1e-12)
    squares = ((found.points[:, None] - found.ways[-1][None]) ** 2).sum(axis=2).min(axis=1)
    assert found.losses[-1] == pytest.approx(squares.mean())


def test_the_loss_takes_the_nearest_centre() -> None:
    centres = [[Value(0.0), Value(0.0)], [Value(3.0), Value(4.0)]]
    assert clusters.loss(np.array([[0.0, 1.0], [3.0, 2.0]]), centres).data == (1 + 4) / 2


def test_from_some_other_starts_it_ends_in_a_higher_minimum(found: clusters.Clusters) -> None:
    others = clusters.elsewhere(60, clusters.TRIES)
    ends = np.array([other.losses[-1] for other in others])
    assert ends.min() == pytest.approx(found.losses[-1], rel=1e-6)
    assert np.sum(ends > 2) == 2
    worst = others[int(ends.argmax())]
    assert worst.ways[-1] == pytest.approx(worst.means, abs=1e-3)  # nothing moves any more: a local minimum
    sizes = sorted(np.bincount(worst.nearest, minlength=3).tolist())
    text = clusters._told_starts(found, others)
    assert f"2 end higher, one at {ends.max():.4f} with groups of {sizes[0]}, {sizes[1]} and {sizes[2]} points" in text
    assert clusters._told_starts(found, [found]).endswith("none ends higher.")


def test_clusters_are_told(gallery: Path, briefly: Briefly) -> None:
    text = briefly("clusters").text
    assert "45 points of ours" in text
    assert "in 20 steps" in text
    assert "We chose the number of centres, 3, and where they begin" in text
    assert "Of 12 other starts, at points drawn at random, " in text
    assert "min((x - a1) ** 2 + (y - b1) ** 2, (x - a2) ** 2 + (y - b2) ** 2)" in text
    for name in ("figure-1", "figure-4"):
        assert (gallery / "pictures" / f"clusters-{name}.svg").exists()

"""IDX files: what is in them is read to the byte, and whatever is wrong with one is said, with its name."""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos.document_002 import idx
from demos.document_002.idx import read_idx
from tests.memory import needed

IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def content(array: Any) -> bytes:
    """An array as IDX has it."""
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def announcing(*sizes: int, then: bytes = b"") -> bytes:
    """A head that announces these sizes, and what comes after it."""
    return bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes) + then


def written(folder: Path, data: bytes) -> Path:
    path = folder / "some-images"
    path.write_bytes(data)
    return path


def refusal(folder: Path, data: bytes, dimensions: int = 3) -> str:
    """What is said of a file, after its name."""
    path = written(folder, data)
    with pytest.raises(ValueError, match="can't be read as IDX") as caught:
        read_idx(path, dimensions)
    begins = f"{path} can't be read as IDX: "
    assert str(caught.value).startswith(begins)
    return str(caught.value).removeprefix(begins)


@pytest.mark.parametrize("shape", [(5,), (2, 3, 4), (1, 1, 1), (3, 2, 2, 2)])
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_written_is_read(shape: tuple[int, ...], packed: bool, tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    data = gzip.compress(content(array)) if packed else content(array)
    found = read_idx(written(tmp_path, data), len(shape))
    assert found.dtype == np.uint8
    assert found.shape == shape
    assert found.tolist() == array.tolist()


@pytest.mark.parametrize("piece", [1, 5, 24])
def test_a_file_that_is_unpacked_in_pieces_is_whole(
    piece: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(idx, "PIECE", piece)
    assert read_idx(written(tmp_path, gzip.compress(content(IMAGES))), 3).tolist() == IMAGES.tolist()


@given(st.data())
def test_any_file_that_is_cut_off_is_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([content(IMAGES), gzip.compress(content(IMAGES))]))
    end = data.draw(st.integers(0, len(whole) - 1))
    assert refusal(tmp_path_factory.getbasetemp(), whole[:end])


def test_no_flipped_bit_gives_other_numbers(tmp_path: Path) -> None:
    """Some bits of gzip's head say nothing of the content, and those may differ."""
    whole, refused = gzip.compress(content(IMAGES), mtime=0), 0
    for bit in range(8 * len(whole)):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        path = written(tmp_path, bytes(data))
        try:
            assert read_idx(path, 3).tolist() == IMAGES.tolist()
        except ValueError:
            refused += 1
    assert refused > 8 * (len(whole) - 10)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it begins with nothing; needed is 00 00 08 03"),
        (b"\x00\x00", "it begins with 00 00; needed is 00 00 08 03"),
        (b"\x80\x04}\x94.", "it begins with 80 04 7d 94; needed is 00 00 08 03"),
        (content(IMAGES[0]), "it begins with 00 00 08 02; needed is 00 00 08 03"),
        (b"\x00\x00\x0d\x03" + content(IMAGES)[4:], "it begins with 00 00 0d 03; needed is 00 00 08 03"),
        (content(IMAGES)[:15], "it ends before the sizes of its 3 dimensions"),
        (content(IMAGES)[:-1], "it announces 2 × 3 × 4 = 24 numbers, and has 23"),
        (content(IMAGES) + b"\x00", "it announces 2 × 3 × 4 = 24 numbers, and has more"),
        (announcing(0, 28, 28), "it announces 0 × 28 × 28 = 0 numbers; needed are 1 to 268,435,456"),
        (announcing(9, 9, 9), "it announces 9 × 9 × 9 = 729 numbers, for which it is too short"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(data: bytes, told: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, data) == told


def test_one_dimension_is_told_in_the_singular(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"\x00\x00\x08\x01\x00", 1) == "it ends before the sizes of its 1 dimension"


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_has_another_length_packed_or_not_says_so(packed: bool, tmp_path: Path) -> None:
    def told(data: bytes) -> str:
        return refusal(tmp_path, gzip.compress(data) if packed else data)

    assert told(content(IMAGES) + b"\x01") == "it announces 2 × 3 × 4 = 24 numbers, and has more"
    assert told(content(IMAGES)[:-2]) == "it announces 2 × 3 × 4 = 24 numbers, and has 22"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("sizes", [(2**32 - 1,) * 3, (60_000, 1000, 1000), (1, 1, 2**28)])
def test_nothing_is_reserved_for_what_a_file_cannot_have(sizes: tuple[int, ...], packed: bool, tmp_path: Path) -> None:
    data = announcing(*sizes, then=b"some")
    given = gzip.compress(data) if packed else data
    assert refusal(tmp_path, given).startswith(f"it announces {' × '.join(map(str, sizes))}")
    assert needed(lambda: refusal(tmp_path, given)).peak < 2**20


def test_more_numbers_than_are_allowed_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(idx, "MOST_BYTES", 24)
    assert read_idx(written(tmp_path, content(IMAGES)), 3).size == 24
    monkeypatch.setattr(idx, "MOST_BYTES", 23)
    assert refusal(tmp_path, content(IMAGES)) == "it announces 2 × 3 × 4 = 24 numbers; needed are 1 to 23"


def test_of_a_bomb_no_more_is_unpacked_than_it_announces(tmp_path: Path) -> None:
    bomb = gzip.compress(content(IMAGES) + bytes(2**26))
    assert refusal(tmp_path, bomb).endswith("and has more")
    assert needed(lambda: refusal(tmp_path, bomb)).peak < 2**20


def test_no_file_is_packed_so_tightly_that_it_is_refused_for_its_size(tmp_path: Path) -> None:
    length = 2**24
    assert length < idx.TIGHTEST * len(zlib.compress(bytes(length), 9))
    empty = np.zeros((10, 100, 100), np.uint8)
    assert not read_idx(written(tmp_path, gzip.compress(content(empty))), 3).any()


def test_a_folder_and_a_pipe_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(ValueError, match="it is a folder, a device or a pipe"):
            read_idx(path, 1)


def test_a_file_that_is_not_there_is_an_error_of_the_system_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        read_idx(tmp_path / "none", 1)
    assert str(caught.value.filename) == str(tmp_path / "none")

"""IDX, the format of MNIST's files, read strictly: plain ones, and those that gzip packed.

A file has two bytes of 0, the type of its numbers, how many dimensions there are, the size of each in four bytes, the
largest first, and then the numbers, row-major. Those of MNIST are bytes.

Laws of this file:
- A file is what it says, to the last byte, or is refused in words that name it and what is wrong.
- Nothing is reserved for numbers that the file can't have, and no more is unpacked than it announces.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

PACKED = b"\x1f\x8b"
"""How a file of gzip begins; one of IDX begins with 0."""

UNSIGNED_BYTES = 8
"""The type of the numbers of MNIST."""

MOST_BYTES = 2**28
"""So many numbers are read at most; all images of MNIST are 47 million."""

TIGHTEST = 1032
"""The format that gzip packs with makes data at most so many times smaller (zlib's technical details)."""

PIECE = 2**20
"""So many bytes are unpacked at a time."""


def read_idx(path: Path, dimensions: int) -> Bytes:
    """The numbers of a file, from 0 to 255, in an array of so many dimensions.

    Raises ValueError, which names the file, for one that is damaged, longer or shorter than it says, of another type,
    of other dimensions, empty, or of more than MOST_BYTES numbers; OSError as `open` does.
    """
    try:
        if path.exists() and not path.is_file():  # to open a pipe would wait for what may never come
            raise ValueError("it is a folder, a device or a pipe")
        with open(path, "rb") as file:
            return _read(file, dimensions)
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} can't be read as IDX: {error}") from error


def _read(file: BinaryIO, dimensions: int) -> Bytes:
    size = os.fstat(file.fileno()).st_size
    is_packed = file.read(len(PACKED)) == PACKED
    file.seek(0)
    if not is_packed:
        return _numbers(file, dimensions, size)
    with gzip.GzipFile(fileobj=file) as unpacked:
        return _numbers(unpacked, dimensions, size * TIGHTEST)


def _numbers(stream: BinaryIO | gzip.GzipFile, dimensions: int, most: int) -> Bytes:
    """The numbers of a stream of at most so many bytes."""
    shape = _shape(stream, dimensions)
    announced = math.prod(shape)
    told = f"it announces {' × '.join(map(str, shape))} = {announced:,} numbers"
    if not announced or announced > MOST_BYTES:
        raise ValueError(f"{told}; needed are 1 to {MOST_BYTES:,}")
    if announced > most:
        raise ValueError(f"{told}, for which it is too short")
    content = _content(stream, announced)
    if len(content) < announced:
        raise ValueError(f"{told}, and has {len(content):,}")
    # at the end gzip compares its checksum
    if stream.read(1):
        raise ValueError(f"{told}, and has more")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(stream: BinaryIO | gzip.GzipFile, dimensions: int) -> tuple[int, ...]:
    """The sizes that the head of a file announces."""
    magic, needed = stream.read(4), bytes([0, 0, UNSIGNED_BYTES, dimensions])
    if magic != needed:
        raise ValueError(f"it begins with {magic.hex(' ') or 'nothing'}; needed is {needed.hex(' ')}")
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise ValueError(f"it ends before the sizes of its {dimensions} dimension{'s' * (dimensions != 1)}")
    return struct.unpack(f">{dimensions}I", sizes)


def _content(stream: BinaryIO | gzip.GzipFile, length: int) -> bytes:
    """So many bytes, or fewer where the stream ends: what is reserved grows with what is there."""
    content = bytearray()
    while len(content) < length and (piece := stream.read(min(PIECE, length - len(content)))):
        content += piece
    return bytes(content)

"""Files, written whole or not at all, and read no further than allowed.

Law: whoever reads a file while it is written finds the old one or the new one.
"""

from __future__ import annotations

import os
import shutil
from numbers import Real
from pathlib import Path
from uuid import uuid4

UNFINISHED = ".part"
"""So end the names of files that are being written."""


def require_path(file: str | os.PathLike[str], wanted_by: str, example: str) -> Path:
    """The path that is meant. Raises TypeError for what is none."""
    if not isinstance(file, (str, os.PathLike)):
        raise TypeError(f"{wanted_by} needs a path, such as {example!r}; got {type(file).__name__} {file!r}")
    return Path(file)


def require_limit(max_bytes: float, wanted_by: str) -> None:
    """Raises TypeError for a limit that is no number, ValueError for one below 0 and for NaN, which would be none."""
    if not isinstance(max_bytes, Real):
        raise TypeError(f"{wanted_by} needs a number as max_bytes; got {type(max_bytes).__name__} {max_bytes!r}")
    if not max_bytes >= 0:
        raise ValueError(f"{wanted_by} needs max_bytes of 0 or more; got {max_bytes!r}")


def require_folder(target: Path) -> None:
    """Raises FileNotFoundError where there is no folder for a file."""
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to save {target.name!r} in: make it first")


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file; one that is there is replaced, behind a link too, and hands on its permissions.

    Raises FileNotFoundError for a folder that is not there, FileExistsError where something else than a file is, and
    OSError, which names the file, where it can't be written; no file is then left or changed.
    """
    target = Path(os.path.realpath(path))
    require_folder(target)
    if target.exists() and not target.is_file():  # a device would be replaced by a file
        raise FileExistsError(f"{str(path)!r} is there, and is no file that could be replaced")
    temporary = target.with_name(f".{uuid4().hex}{UNFINISHED}")
    try:
        _write(temporary, content, target)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None  # it names the temporary file
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write(temporary: Path, content: bytes, target: Path) -> None:
    with open(temporary, "xb") as stream:
        if target.exists():
            shutil.copymode(target, temporary)  # before the content, which may be meant for few
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())  # else a machine that stops may have renamed a file whose content is not there


def content_of(path: Path, max_bytes: int) -> bytes:
    """All bytes of a file. Raises ValueError for what is no file, and for one of more bytes; OSError as `open` does."""
    if path.exists() and not path.is_file():  # to open a pipe would wait for what may never come
        raise ValueError("it is a folder, a device or a pipe")
    with open(path, "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > max_bytes:
            raise ValueError(f"it has {size:,} bytes, and max_bytes is {max_bytes:,}")
        return stream.read(size)

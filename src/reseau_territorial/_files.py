"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from reseau_territorial.errors import ReseauError

__all__ = ["write_atomically"]


def write_atomically(path: str | os.PathLike[str], write: bytes | str | Callable[[Path], None]) -> Path:
    """Write a file beside its place, then move it there in one step.

    Parameters
    ----------
    path : path
        The file to write; its folder is made when missing. An existing file is replaced.
    write : bytes, str or callable
        The content (text is written as UTF-8), or a function that writes it to the path it is given.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ReseauError
        If the path is a folder or cannot be written; what stood there is left as it was.
    """
    place = Path(path)
    if place.is_dir():
        raise ReseauError(f"{str(place)!r} is a folder. Give the name of a file inside it.")
    temporary: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.stem}-", suffix=place.suffix)
        os.close(handle)
        temporary = Path(name)
        if callable(write):
            write(temporary)
        else:
            temporary.write_bytes(write.encode() if isinstance(write, str) else write)
        _give_usual_rights(temporary)
        temporary.replace(place)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReseauError(
            f"cannot write {str(place)!r}: {reason}. Close the file if it is open elsewhere, or choose another folder."
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return place


def _give_usual_rights(path: Path) -> None:
    """Undo the private rights of a temporary file: what is saved is made to be shared."""
    umask = os.umask(0)
    os.umask(umask)
    path.chmod(0o666 & ~umask)

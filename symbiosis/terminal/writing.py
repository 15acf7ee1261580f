"""A file or folder that cannot be written is the user's to choose again, not a fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symbiosis.terminal.problems import refusal


@contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Turn what the system says against writing a path or an address into :class:`InputError`."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise refusal("cannot_write", str(path), found=str(path), reason=reason) from error

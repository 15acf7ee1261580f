"""A file's text, or the reason why it is no text: missing, too large, binary, another encoding."""

import re
import stat
from pathlib import Path

from symbiosis.errors import InputError, Problem, listed, nearest

LARGEST_MB = 10
LARGEST = LARGEST_MB * 1_000_000
UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path) -> str:
    """The text of a UTF-8 file of at most 10 MB. Raises :class:`InputError`."""
    data = read_bytes(path)
    if data.startswith(UTF16_MARKS) or looks_like_utf16(data):
        raise InputError([problem("file_utf16", path)])
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise InputError([problem("file_binary", path, line)])
    text = decode(data, path)
    if match := UNPRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise InputError([problem("file_binary", path, line)])
    if not text.strip():
        raise InputError([problem("file_empty", path)])
    return text


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file within the limit of size, which is asked before reading."""
    try:
        if "\0" in str(path):
            raise FileNotFoundError
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError([no_file(path)])
        if status.st_size > LARGEST:
            size = f"{status.st_size / 1e6:.1f}"
            raise InputError([problem("file_too_large", path, size=size, limit=LARGEST_MB)])
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError([missing(path)]) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([problem("file_unreadable", path, reason=reason)]) from error


def decode(data: bytes, path: Path) -> str:
    """UTF-8 bytes as text, with or without a byte order mark; GBK is recognised and named."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        code = "file_gbk" if looks_like_gbk(data) else "file_not_utf8"
        raise InputError([problem(code, path, line)]) from error


def looks_like_utf16(data: bytes) -> bool:
    """Whether every other byte of the beginning is 0, as Latin text without a mark has it."""
    start = data[:64]
    return len(start) > 3 and (set(start[::2]) == {0} or set(start[1::2]) == {0})


def looks_like_gbk(data: bytes) -> bool:
    """Whether the bytes read as Chinese text in GB18030, which contains GBK and GB 2312."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return UNPRINTABLE.search(text) is None and re.search("[\u4e00-\u9fff]", text) is not None


def problem(code: str, path: Path, line: int | None = None, **details: str | int) -> Problem:
    """A finding about a whole file."""
    return Problem(code, str(path), line, details={"found": str(path), **details})


def missing(path: Path) -> Problem:
    """No such file, and the name in its folder that is closest."""
    beside = names_in(path.parent) if "\0" not in str(path) else []
    close = nearest(path.name, beside)
    return problem("file_missing", path, nearest=str(path.parent / close) if close else "")


def no_file(path: Path) -> Problem:
    """A folder or a device where a file belongs, and the YAML files that the folder has."""
    if not path.is_dir():
        return problem("file_not_regular", path)
    inside = [name for name in names_in(path) if name.endswith((".yaml", ".yml"))]
    return problem("file_is_folder", path, allowed=listed(str(path / name) for name in inside))


def names_in(folder: Path) -> list[str]:
    """The names in a folder; none where it cannot be listed."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []

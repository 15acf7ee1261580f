"""What a YAML syntax error most likely means, in plain words and on the line to look at."""

import re

import yaml

from symbiosis.errors import Problem

TAB_INDENT = re.compile(r" *\t")
FULL_WIDTH_COLON = re.compile(r"^\s*(?:- +)*[^\s#'\"：:]+：")

# what libyaml and PyYAML say (both are matched) -> our text; whether the error's beginning, not
# the place where it was noticed, is the line to look at
MEANINGS = (
    (r"found unexpected end of stream|found unexpected document indicator", "yaml_quote", True),
    (r"could not find expected ':'", "yaml_colon_missing", True),
    (r"mapping values are not allowed", "yaml_colon", False),
    (r"(?:did not find )?expected ',' or [\]'}]", "yaml_bracket", True),
    (r"unknown escape|expected escape sequence|did not find expected hex", "yaml_escape", False),
    (r"start any token|node content|line break|chomping", "yaml_character", False),
    (r"undefined tag handle|tag", "yaml_tag", False),
    (r"alphabetic or numeric character", "yaml_anchor", False),
    (r"block sequence entries|expected key|expected '-'|<block end>", "yaml_indent", False),
    (r"<document start>|indentation", "yaml_indent", False),
)


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """One problem for the error at which the parser stopped."""
    if not isinstance(error, yaml.MarkedYAMLError):
        said = " ".join(str(error).split())
        return Problem("yaml_syntax", file, details={"found": "", "said": said})
    noticed = line_number(error.problem_mark) or line_number(error.context_mark) or 1
    begun = line_number(error.context_mark) or noticed
    said = error.problem or error.context or ""
    code, at_beginning = meaning(said)
    lines = text.split("\n")
    last = text.rstrip().count("\n") + 1
    line = min(begun if at_beginning else noticed, last)
    near = sorted({max(noticed - 1, 1), noticed, line})
    if tab := first_line(TAB_INDENT, lines, near):
        code, line = "yaml_tab", tab
    elif wide := first_line(FULL_WIDTH_COLON, lines, near):
        code, line = "yaml_wide_colon", wide
    elif not at_beginning and sign_at(error.problem_mark, lines) in ("]", "}"):
        code = "yaml_bracket_closed"
    elif code == "yaml_character" and not sign_at(error.problem_mark, lines):
        code = "yaml_bracket"
    return Problem(code, file, line, details={"found": shown(lines, line), "said": said})


def meaning(said: str) -> tuple[str, bool]:
    """The text that explains a parser's message, and whether to look where it began."""
    for pattern, code, at_beginning in MEANINGS:
        if re.search(pattern, said):
            return code, at_beginning
    return "yaml_syntax", False


def line_number(mark: yaml.Mark | None) -> int | None:
    """A parser's mark as a 1-based line."""
    return None if mark is None else int(mark.line) + 1


def first_line(pattern: re.Pattern[str], lines: list[str], numbers: list[int]) -> int | None:
    """The first of the numbered lines that begins as the pattern says."""
    for number in numbers:
        if number <= len(lines) and pattern.match(lines[number - 1]):
            return number
    return None


def sign_at(mark: yaml.Mark | None, lines: list[str]) -> str:
    """The sign at which the parser stopped; empty at the end of a line."""
    if mark is None or mark.line >= len(lines):
        return ""
    return lines[mark.line][mark.column : mark.column + 1]


def shown(lines: list[str], line: int) -> str:
    """A line of the file, short enough for a message."""
    found = lines[min(line, len(lines)) - 1].strip()
    return found if len(found) <= 60 else f"{found[:60]}…"

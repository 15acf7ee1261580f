"""The page in docs/ says what the manifest and the program say today."""

from tests.validation.page import PAGE, page


def test_the_page_is_current() -> None:
    """Write it again with ``python -m tests.validation.page``."""
    assert PAGE.read_text(encoding="utf-8") == page()

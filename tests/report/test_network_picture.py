"""The network picture as a file: every format, both languages, every glyph, the same bytes."""

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from matplotlib import rcParams
from PIL import Image

from symbiosis.errors import InputError
from symbiosis.exchange import ExchangeData
from symbiosis.park.load import bundled, load_park
from symbiosis.park.park import Park
from symbiosis.report import fonts
from symbiosis.report.network_picture import draw_network
from symbiosis.report.wrap import wrap, wrap_name
from symbiosis.slicing import slice_of

BEGINS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.fixture(autouse=True)
def warnings_are_errors() -> Iterator[None]:
    """A missing glyph is a warning of matplotlib."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def flows(data: ExchangeData) -> dict[tuple[str, str], float]:
    """Some flow on three of four arcs."""
    return {arc.key: 1e4 * (1 + i % 17) * (i % 4 != 3) for i, arc in enumerate(data.arcs)}


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_picture_is_made_in_every_format_and_language(
    tiny: tuple[Park, ExchangeData], suffix: str, lang: str, tmp_path: Path
) -> None:
    path = tmp_path / f"network.{suffix}"
    assert draw_network(*tiny, path, flows(tiny[1]), lang, headline="R = 75 %", note="B") == path
    assert path.read_bytes().startswith(BEGINS[suffix])


def test_a_png_is_a3_at_150_dpi_or_more(tiny: tuple[Park, ExchangeData], tmp_path: Path) -> None:
    """A3 is 420 x 297 mm = 16.5 x 11.7 inches."""
    path = draw_network(*tiny, tmp_path / "a3.png", None, "en")
    with Image.open(path) as picture:
        width, height = picture.size
    assert width >= 150 * 420 / 25.4
    assert width / height == pytest.approx(420 / 297, rel=1e-3)


@pytest.mark.parametrize("name", sorted(bundled("parks")))
@pytest.mark.parametrize("with_flows", [True, False])
def test_no_glyph_is_missing(name: str, with_flows: bool, tmp_path: Path) -> None:
    park = load_park(name)
    data = slice_of(park)
    path = draw_network(park, data, tmp_path / "p.svg", flows(data) if with_flows else None, "zh")
    assert path.stat().st_size > 50_000


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_the_same_park_gives_the_same_bytes(
    make_park: Callable[..., Park], suffix: str, tmp_path: Path
) -> None:
    park = make_park(9)
    data = slice_of(park)
    one, two = (
        draw_network(park, data, tmp_path / f"{i}.{suffix}", flows(data), "zh").read_bytes()
        for i in range(2)
    )
    assert one == two


def test_new_links_are_dashed_and_existing_ones_are_not(
    make_park: Callable[..., Park], tmp_path: Path
) -> None:
    """The lines of new links carry a dash pattern; boxes outside the boundary do so as well."""
    park = make_park(3, 1)
    assert {link.status.value for link in park.links.values()} == {"existing", "potential"}
    data = slice_of(park)
    new = {a.key: 1e3 for a in data.arcs if a.status == "potential"}
    old = {a.key: 1e3 for a in data.arcs if a.status == "existing"}
    both = draw_network(park, data, tmp_path / "both.svg", new | old, "en").read_text("utf-8")
    alone = draw_network(park, data, tmp_path / "old.svg", old, "en").read_text("utf-8")
    assert both.count("stroke-dasharray") == alone.count("stroke-dasharray") + len(new)


@pytest.mark.parametrize("number", [1, 2, 3, 60])
def test_parks_of_any_size_are_drawn(
    make_park: Callable[..., Park], number: int, tmp_path: Path
) -> None:
    park = make_park(number)
    data = slice_of(park)
    path = draw_network(park, data, tmp_path / "p.svg", flows(data), "zh", note="说明。" * 200)
    assert path.exists()


@pytest.mark.parametrize("sent", [None, {}])
def test_a_park_without_links_or_flows_is_drawn(
    make_park: Callable[..., Park], sent: dict[tuple[str, str], float] | None, tmp_path: Path
) -> None:
    park = make_park(4, 0)
    assert not park.links
    assert draw_network(park, slice_of(park), tmp_path / "p.svg", sent, "en").exists()


def test_drawing_changes_no_setting_of_matplotlib(
    tiny: tuple[Park, ExchangeData], tmp_path: Path
) -> None:
    before = dict(rcParams)
    draw_network(*tiny, tmp_path / "p.svg", None, "zh")
    assert dict(rcParams) == before


def test_settings_of_the_user_do_not_change_the_picture(
    tiny: tuple[Park, ExchangeData], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = draw_network(*tiny, tmp_path / "a.svg", None, "zh").read_bytes()
    for key, value in {
        "savefig.bbox": "tight",
        "svg.fonttype": "none",
        "text.color": "red",
    }.items():
        monkeypatch.setitem(rcParams, key, value)
    assert draw_network(*tiny, tmp_path / "b.svg", None, "zh").read_bytes() == plain


def test_pyplot_is_not_loaded() -> None:
    code = "import sys, symbiosis.report.network_picture; print('matplotlib.pyplot' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_the_font_comes_from_the_wheel_without_importing_it() -> None:
    code = (
        "import sys; from symbiosis.report.fonts import chinese_font; "
        "print(chinese_font().parts[-3], 'zhplot' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["zhplot", "False"]


def test_without_any_chinese_font_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel a font of the system would do; here there is none with Chinese glyphs."""
    monkeypatch.setattr(fonts, "packaged_fonts", list)
    monkeypatch.setattr(fonts, "system_fonts", list)
    fonts.chinese_font.cache_clear()
    with pytest.raises(InputError) as caught:
        fonts.chinese_font()
    assert [problem.code for problem in caught.value.problems] == ["font_missing"]


def test_a_font_without_chinese_or_that_is_no_font_is_not_taken(tmp_path: Path) -> None:
    import matplotlib

    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert not fonts.has_chinese(latin)
    assert not fonts.has_chinese(broken)
    assert fonts.has_chinese(fonts.packaged_fonts()[0])


def test_lines_fit_their_width_and_lose_nothing() -> None:
    for text in (
        "甘肃电投金昌发电（永昌热电厂）",
        "Jinchang Xinchuan Chemical (New Hope): PVC",
        "1" * 90,
    ):
        lines = wrap(text, 80.0, 8.0)
        assert all(fonts.text_width(line, 8.0) <= 80.0 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_line_begins_with_no_closing_mark_and_a_name_breaks_before_its_bracket() -> None:
    lines = wrap("金昌离子膜，烧碱（一期），聚氯乙烯", 34.0, 8.0)
    assert not any(line[0] in "，）。" or line[-1] == "（" for line in lines)
    assert wrap_name("金泥集团（电石、干法乙炔）", 92.0, 7.7) == ["金泥集团", "（电石、干法乙炔）"]

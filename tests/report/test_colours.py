"""Colours that readers with any kind of colour vision can tell apart."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from symbiosis.report.paint import KIND_COLOURS

Floats = npt.NDArray[np.float64]

SEEN_BY = {
    "everybody else": np.eye(3),
    "protanopes": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopes": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopes": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""What linear RGB looks like. Source: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes (2009), A
physiologically-based model for simulation of color vision deficiency, IEEE TVCG 15(6), severity 1.
"""

LEAST = 17.0
"""CIE 1976 difference; about 2 can just be seen side by side."""


def linear(colour: str) -> Floats:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: Floats) -> Floats:
    """CIE L*a*b* (D65) of linear sRGB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0.0, 1.0) / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("reader", sorted(SEEN_BY))
def test_kinds_of_material_stay_apart(reader: str) -> None:
    seen = {kind: lab(SEEN_BY[reader] @ linear(c)) for kind, c in KIND_COLOURS.items()}
    apart = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in combinations(seen, 2)}
    assert min(apart.values()) > LEAST, min(apart, key=lambda pair: apart[pair])

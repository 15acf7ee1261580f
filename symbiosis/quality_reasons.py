"""Which quality limit stops a by-product on its way into a use, in the words of the park."""

from collections.abc import Iterator

from symbiosis import units
from symbiosis.binding import Binding
from symbiosis.blending import Blend, Content
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.park.enterprise import ShareBasis
from symbiosis.point import Point
from symbiosis.rate import taken_in
from symbiosis.wording import Wording, number
from symbiosis.words import LANGUAGES, say

TIGHT = 1e-6
"""A limit is binding where the mean level lies within this part of it, or of the material's."""

HALF = 0.5
"""What a binary is read by."""


def binding_limits(
    data: ExchangeData, point: Point, wording: Wording, arc: Arc
) -> Iterator[Binding]:
    """The limits of the arc's use that are reached and that more of its material would break.

    The marginal of a row is per unit of the index; times what the use took in, it is that of the
    limit itself, in the unit in which the park gives the index.
    """
    taken = taken_in(data, point, arc.use)
    if taken <= 0:
        yield from (
            _binding(wording, blend, arc, taken)
            for blend in data.quality.blends
            if blend.use == arc.use and _pushes(blend, arc)
        )
        return
    for blend in data.quality.blends:
        if blend.use != arc.use or not _pushes(blend, arc):
            continue
        room = abs(_mean(data, point, blend) / taken - blend.bound)
        if room <= TIGHT * max(blend.bound, blend.levels[arc.key]):
            yield _binding(wording, blend, arc, taken)


def binding_contents(
    data: ExchangeData, point: Point, wording: Wording, arc: Arc
) -> Iterator[Binding]:
    """The least contents at the arc's use that are just reached: of others, or of its own."""
    for rule in data.quality.contents:
        kept = rule.required or point.earned.get(rule.key, 0.0) > HALF
        mine, whole = _content(data, point, rule)
        if rule.use == arc.use and kept and 0 < mine <= rule.share * whole * (1 + TIGHT):
            code = "content_reached" if arc.material in rule.materials else "content_limit"
            key = ("content" if rule.required else "content_reached", rule.key)
            details = wording.details(key) | {"share": f"{rule.share:.1%}"}
            yield Binding(code, details, key)


def _content(data: ExchangeData, point: Point, rule: Content) -> tuple[float, float]:
    """What the materials of a rule bring, and what fills the use, on the basis of its shares."""
    by_need = rule.basis is ShareBasis.NEED
    into = data.arcs_into(rule.use)
    parts = {a.key: (a.replaced if by_need else a.delivered) * point.sent[a.key] for a in into}
    mine = sum(parts[a.key] for a in into if a.material in rule.materials)
    return mine, sum(parts.values()) + point.bought.get(rule.use, 0.0)


def load_is_met(data: ExchangeData, point: Point, arc: Arc) -> bool:
    """Whether a use with a load buys nothing: what it gets carries its load off."""
    return data.needs[arc.use].free and point.bought.get(arc.use, 0.0) <= TIGHT * taken_in(
        data, point, arc.use
    )


def _pushes(blend: Blend, arc: Arc) -> bool:
    """Whether the material lies beyond the limit itself."""
    off = blend.levels[arc.key] - blend.bound
    return off > 0 if blend.side == "upper" else off < 0


def _mean(data: ExchangeData, point: Point, blend: Blend) -> float:
    """What the use took in of the index."""
    arcs = data.arcs_into(blend.use)
    carried = sum(blend.levels[a.key] * a.delivered * point.sent[a.key] for a in arcs)
    return carried + blend.virgin * point.bought.get(blend.use, 0.0)


def _binding(wording: Wording, blend: Blend, arc: Arc, taken: float) -> Binding:
    unit = wording.park.qualities[blend.index].unit
    one = units.parse(f"1 {unit}").value
    key = ("blend", blend.key)
    details = wording.details(key) | {
        "side": {lang: say(f"reasons.{blend.side}", lang) for lang in LANGUAGES},
        "bound": f"{number(blend.bound / one)} {unit}",
        "level": f"{number(blend.levels[arc.key] / one)} {unit}",
        "counted": unit,
    }
    size = 1.0 / (taken * one) if taken > 0 else 1.0 / one
    return Binding("quality_limit", details, key, size)

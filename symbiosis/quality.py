"""Park -> the quality numbers of a slice: levels behind every link, blends, loads, returns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from symbiosis.blending import ArcKey, Back, Blend, Content, Duty, Quality
from symbiosis.course import mean_load, split_by_drive
from symbiosis.exchange import ExchangeData
from symbiosis.park.enterprise import Unit, Use
from symbiosis.park.park import Park
from symbiosis.park.years import in_effect


def with_quality(park: Park, data: ExchangeData) -> ExchangeData:
    """The slice with the quality numbers of its park."""
    found = _Numbers(park, data)
    duties = tuple(duty for use in data.needs for duty in found.duties(use))
    quality = Quality(
        blends=tuple(blend for use in data.needs for blend in found.blends(use)),
        duties=duties,
        returns=dict(found.returns()),
        contents=tuple(content for use in data.needs for content in found.contents(use)),
    )
    free = {duty.use for duty in duties}
    needs = {name: replace(n, free=True) if name in free else n for name, n in data.needs.items()}
    return replace(data, quality=quality, needs=needs)


def made_level(park: Park, byproduct: str, index: str) -> float:
    """The level of an index in a by-product, in base units.

    It is stated, or what enters the use that the by-product returns from, less what the unit takes
    out; a checked park file has one level of entry there.
    """
    made = park.byproducts[byproduct]
    if index in made.qualities or made.returns is None:
        return made.qualities[index].measure.value
    return (1.0 - made.removal[index].amount) * _entering_level(park, made.returns.use, index)


def sent_level(park: Park, link: str, use: str, index: str) -> float:
    """The level of an index in what arrives over a link, behind its treatment."""
    byproduct = park.links[link].byproduct
    accept = park.uses[use].accepts[park.byproducts[byproduct].material]
    if accept.treatment is None:
        return made_level(park, byproduct, index)
    treatment = park.treatments[accept.treatment]
    if index in treatment.outlet:
        return treatment.outlet[index].measure.value
    removed = treatment.removal[index].amount if index in treatment.removal else 0.0
    return (1.0 - removed) * made_level(park, byproduct, index)


def _entering_level(park: Park, use: str, index: str) -> float:
    for name, link in park.links.items():
        if use in link.uses:
            return sent_level(park, name, use, index)
    virgin = park.uses[use].virgin
    return virgin.qualities[index].measure.value if virgin else 0.0


@dataclass(frozen=True)
class _Numbers:
    """What is read for the uses and by-products of one slice."""

    park: Park
    data: ExchangeData

    def blends(self, name: str) -> Iterator[Blend]:
        """Limits of a use, upper before lower."""
        for index, limit in self.park.uses[name].limits.items():
            for side, level in (("upper", limit.upper), ("lower", limit.lower)):
                if level is not None:
                    levels, virgin = self.levels(name, index)
                    yield Blend(name, index, side, level.measure.value, levels, virgin)

    def duties(self, name: str) -> Iterator[Duty]:
        """Loads of a use."""
        use, unit = self.park.uses[name], self.unit(name)
        course = mean_load(self.park, use.profile or unit.profile)
        for index, load in use.load.items():
            fixed, per_load = split_by_drive(load.measure.value, unit, course)
            outlet = use.outlet[index].measure.value
            yield Duty(name, index, outlet, fixed, per_load, *self.levels(name, index))

    def levels(self, name: str, index: str) -> tuple[Mapping[ArcKey, float], float]:
        """Levels behind every open arc into a use, and of its virgin material."""
        arcs = self.data.arcs_into(name)
        virgin = self.park.uses[name].virgin
        return (
            {arc.key: sent_level(self.park, arc.link, name, index) for arc in arcs},
            virgin.qualities[index].measure.value if virgin else 0.0,
        )

    def returns(self) -> Iterator[tuple[str, Back]]:
        """By-products that come out of a use."""
        for name in self.data.supplies:
            back = self.park.byproducts[name].returns
            if back is not None:
                consumed = back.consumed.amount if back.consumed else 0.0
                yield name, Back(back.use, 1.0 - consumed)

    def contents(self, name: str) -> Iterator[Content]:
        """Content rules of a use."""
        use: Use = self.park.uses[name]
        counted = self.data.needs[name].counted_in
        for i, rule in enumerate(use.content):
            item = self.park.policy.vat_refund[rule.item] if rule.item else None
            if item is not None and not in_effect(item.effective, self.data.year):
                continue
            refund = 0.0 if rule.refund is None else rule.refund.to(f"CNY/{counted}")
            least = rule.at_least or (item.least_content if item else None)
            share = least.amount if least else 0.0
            yield Content(
                name, str(i), rule.materials, share, use.share_basis, refund, rule.required
            )

    def unit(self, name: str) -> Unit:
        """The unit that has a use."""
        enterprise, unit = self.park.owner_unit[name]
        return self.park.enterprises[enterprise].units[unit]

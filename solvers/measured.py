"""The amounts that measures are made of, as Pyomo expressions over the model of a slice."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyomo.environ as pyo

from symbiosis.exchange import Arc, ExchangeData
from symbiosis.measurable import PER_OUTPUT, Measurable, Measure
from symbiosis.presence import present
from symbiosis.recovery import IN_GJ, heat_arcs
from symbiosis.solvers.exchange import emitted, generated, incidence
from symbiosis.solvers.quality import refunds, returned


def amounts_of(model: pyo.ConcreteModel, data: ExchangeData, known: Measurable) -> "Amounts":
    """The amounts of one slice."""
    return Amounts(model, data, known)


@dataclass(frozen=True)
class Amounts:
    """Numerators and denominators of the measures of one slice.

    ``data`` may hold symbols in place of figures: no figure is asked for its sign here, ``known``
    says what depends on one.
    """

    model: pyo.ConcreteModel
    data: ExchangeData
    known: Measurable

    def of(self, measure: Measure) -> tuple[Any, Any]:
        """(numerator, denominator) of a measure; the latter None where it is not divided."""
        family, subject = measure.family, measure.subject
        if family.startswith("used_share"):
            return self._used(measure.members)
        if family in PER_OUTPUT:
            return self._whole[family.removesuffix("_per_output")], self._output(subject)
        if family == "output":
            return self._output(subject), None
        if family == "cost_item":
            return self._items[subject], None
        if family == "cost_of":
            return self._by_enterprise[subject], None
        return self._rates[family] if family in self._rates else (self._whole[family], None)

    # --- waste, water, heat

    @cached_property
    def _rates(self) -> dict[str, tuple[Any, Any]]:
        m, data = self.model, self.data
        counting = data.counting()
        filled = sum(
            m.counted[arc.key] if counting[arc.key] else m.sent[arc.key]
            for arc in data.arcs
            if arc.key in counting
            and data.supplies[arc.byproduct].enters_rate
            and data.needs[arc.use].backfill
        )
        used, made = m.utilised.expr, m.generated.expr
        return {
            "utilisation_rate": (used, made),
            "utilisation_rate_without_backfill": (used - filled, made),
            "water_reuse": self._water(),
            "heat_recovery": self._heat(),
        }

    def _made(self, byproducts: Iterable[str]) -> Any:
        """What is generated of some by-products."""
        return sum(self._generated(name) for name in byproducts)

    @cached_property
    def _residues(self) -> dict[str, list[Arc]]:
        return incidence(self.data)[2]

    def _generated(self, byproduct: str) -> Any:
        supply, residues = self.data.supplies[byproduct], self._residues.get(byproduct, [])
        there = generated(self.model, supply, residues)
        return there + returned(self.model, self.data, byproduct)

    def _used(self, byproducts: tuple[str, ...]) -> tuple[Any, Any]:
        """Sent into uses; generated and drawn."""
        m, chosen = self.model, set(byproducts)
        out = sum(m.sent[arc.key] for arc in self.data.arcs if arc.byproduct in chosen)
        drawn = sum(m.drawn[name] for name in byproducts if name in m.drawn)
        return out, self._made(byproducts) + drawn

    def _water(self) -> tuple[Any, Any]:
        """Water that arrives; it and the fresh water that is bought."""
        uses = () if self.known.water is None else self.known.water.uses
        arcs = [arc for use in uses for arc in self.data.arcs_into(use)]
        reused = sum(arc.delivered * self.model.sent[arc.key] for arc in arcs)
        return reused, reused + sum(self.model.bought[use] for use in uses)

    def _heat(self) -> tuple[Any, Any]:
        """GJ that arrive less those that are passed on; GJ that are made."""
        flows, supplies = self.known.heat, self.data.supplies
        if flows is None:
            return 0.0, 0.0
        gj = {name: IN_GJ[supplies[name].counted_in] for name in (*flows.made, *flows.passed)}
        arrived = sum(
            gj[arc.byproduct] * arc.delivered * self.model.sent[arc.key]
            for arc in heat_arcs(self.data, flows)
        )
        passed = sum(gj[name] * self._generated(name) for name in flows.passed)
        return arrived - passed, sum(gj[name] * self._generated(name) for name in flows.made)

    # --- amounts of the park

    @cached_property
    def _whole(self) -> dict[str, Any]:
        m, data = self.model, self.data
        energy = sum(gj * m.bought[use] for use, gj in self.known.energy_gj.items())
        given = data.units_surcharge_cny + self._carbon_cny(data.units_co2e_t)
        return {
            "virgin_material_replaced": sum(
                arc.replaced * m.sent[arc.key]
                for arc in data.arcs
                if data.needs[arc.use].counted_in == "t"
            ),
            "waste_left": m.generated.expr - m.utilised.expr,
            "cost": m.cost.expr,
            "co2e": m.carbon.expr,
            "energy": energy,
            "cost_of_given_units": given,
        }

    def _output(self, unit: str) -> Any:
        """The product of a unit: given, or at the load that it runs with."""
        made = self.data.outputs[unit]
        return made * self.model.running[unit] if unit in self.data.runners else made

    def _carbon_cny(self, co2e_t: Any) -> Any:
        """What the carbon price takes for an emission; its factor for what emits per unit."""
        return self.data.co2e_cny * co2e_t if present(self.data.co2e_cny) else 0.0

    # --- money by item

    @cached_property
    def _items(self) -> dict[str, Any]:
        """CNY by item; income is negative. ``holding`` lies between slices, not in one."""
        m, data = self.model, self.data
        terms, runners = data.deals.terms.items(), data.runners.items()
        capital = sum(t.capital_cny * m.runs[k] for k, t in terms if present(t.capital_cny))
        extra = sum(r.surcharge_cny * m.running[name] for name, r in runners)
        dug = sum(data.supplies[b].reclaim_cost_cny * m.drawn[b] for b in m.drawn)
        return {
            "transport": self._sent("transport_cny"),
            "treatment": self._sent("treatment_cny"),
            "capital": self._sent("capital_cny") + capital,
            "disposal": self._fees(sold=False),
            "tax": sum(o.tax_cny * m.dumped[o.key] for o in data.outlets),
            "purchases": sum(data.needs[use].virgin_cny * m.bought[use] for use in m.bought),
            "running": sum(r.cost_cny * m.running[name] for name, r in runners),
            "reclaiming": dug,
            "sales": self._fees(sold=True),
            "refund": -refunds(m, data),
            "subsidy": -self._sent("subsidy_cny"),
            "fixed": sum(t.fixed_cny * m.runs[k] for k, t in terms if present(t.fixed_cny)),
            "surcharge": data.units_surcharge_cny + extra,
            "carbon_price": self._carbon_cny(emitted(m, data)),
            "holding": 0.0,
        }

    def _sent(self, figure: str) -> Any:
        return sum(getattr(arc, figure) * self.model.sent[arc.key] for arc in self.data.arcs)

    def _fees(self, sold: bool) -> Any:
        """Fees of the routes that earn, or of the others."""
        outlets = [o for o in self.data.outlets if (o.key in self.known.sold) is sold]
        return sum(o.fee_cny * self.model.dumped[o.key] for o in outlets)

    # --- money by enterprise

    @cached_property
    def _by_enterprise(self) -> dict[str, Any]:
        """CNY by enterprise: takers pay for ways and virgin material, producers for what is left.

        Source: :func:`symbiosis.losses.by_enterprise`.
        """
        parts: dict[str, list[Any]] = {name: [] for name in self.known.enterprises}
        for enterprise, cny in (*self._takers(), *self._producers()):
            parts[enterprise].append(cny)
        return {name: sum(each) for name, each in parts.items()}

    def _takers(self) -> Iterable[tuple[str, Any]]:
        m, data = self.model, self.data
        for arc in data.arcs:
            per_unit = arc.cost_cny + self._carbon_cny(arc.co2e_t)
            yield data.needs[arc.use].enterprise, per_unit * m.sent[arc.key]
        for use in m.bought:
            need = data.needs[use]
            emits = need.virgin_co2e_t + need.virgin_use_co2e_t
            yield need.enterprise, (need.virgin_cny + self._carbon_cny(emits)) * m.bought[use]
        takers = {arc.link: data.needs[arc.use].enterprise for arc in data.arcs}
        for link, cny in data.deals.yearly_cny().items():
            yield takers[link], cny * m.runs[link]
        for rule in data.quality.contents:
            if present(rule.refund_cny):
                yield data.needs[rule.use].enterprise, -rule.refund_cny * m.refunded[rule.key]

    def _producers(self) -> Iterable[tuple[str, Any]]:
        m, data = self.model, self.data
        for o in data.outlets:
            per_unit = o.fee_cny + o.tax_cny + self._carbon_cny(o.co2e_t)
            yield data.supplies[o.byproduct].enterprise, per_unit * m.dumped[o.key]
        for name, runner in data.runners.items():
            at_full = runner.cost_cny + runner.surcharge_cny + self._carbon_cny(runner.co2e_t)
            yield name.partition(".")[0], at_full * m.running[name]
        for byproduct in m.drawn:
            supply = data.supplies[byproduct]
            yield supply.enterprise, supply.reclaim_cost_cny * m.drawn[byproduct]

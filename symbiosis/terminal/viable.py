"""``viability`` on the terminal: what is possible, what pays, what would close the gap."""

from symbiosis.bargain import Bargain
from symbiosis.scenario import Scenario
from symbiosis.terminal.numbers import amount, figures, money, percent, signed_money
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk
from symbiosis.viability import Subsidy, Viability, as_json, viability_of

MOST = 12
VISIBLE = 5e-5
"""Two rates that differ by more than this do so on the screen."""


def fraction(text: str) -> float | None:
    """A target as a fraction: ``60 %`` or ``0.6``. Raises :class:`InputError`."""
    if not text:
        return None
    number = text.strip().removesuffix("%").strip()
    try:
        value = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        raise refusal("not_a_rate", "--target", found=text) from None
    if not 0 <= value <= 1:
        raise refusal("not_a_rate", "--target", found=text)
    return value


def show_viability(asked: Scenario, target: str, solver: str, talk: Talk) -> None:
    """Solve and show the three rates, the exchanges that do not pay, and the subsidy."""
    found = viability_of(asked, fraction(target), solver)
    if talk.json:
        talk.document(as_json(found))
        return
    for key in ("technical", "economic", "policy"):
        rate = getattr(found, key).rate
        show_text(talk.say(f"viability_{key}", rate=percent(rate.value, 2)))
    show_text()
    show_bargains(found, asked, talk)
    if found.subsidy is not None:
        show_subsidy(found.subsidy, asked, talk)


def show_bargains(found: Viability, asked: Scenario, talk: Talk) -> None:
    """Exchanges of the technical answer that do not pay, the dearest first."""
    losing = sorted((b for b in found.bargains if b.subsidy_cny > 0), key=lambda b: b.surplus_cny)
    if not losing:
        rates = [getattr(found, key).rate.value or 0.0 for key in ("technical", "economic")]
        competing = rates[0] - rates[1] > VISIBLE
        show_text(talk.say("all_exchanges_pay_but" if competing else "all_exchanges_pay"))
        return
    headings = ("link", "amount", "price_low", "price_high", "missing", "dearest")
    words = ("link", "dearest")
    columns = [Column(talk.say(f"column_{key}"), number=key not in words) for key in headings]
    rows = [_row(bargain, found, asked, talk) for bargain in losing[:MOST]]
    show_table(columns, rows, title=talk.say("title_losing"))


def _row(bargain: Bargain, found: Viability, asked: Scenario, talk: Talk) -> list[str]:
    link = asked.park.links[bargain.link]
    unit = found.technical.data.supplies[link.byproduct].counted_in
    return [
        talk.name(link),
        amount(bargain.sent, unit, talk.lang),
        figures(bargain.low),
        figures(bargain.high),
        money(bargain.subsidy_cny, talk.lang),
        talk.say(f"dearest_{bargain.why}"),
    ]


def show_subsidy(subsidy: Subsidy, asked: Scenario, talk: Talk) -> None:
    """The least subsidy to the target, who loses, and the uniform one beside it."""
    if subsidy.least_cny == 0 and not subsidy.payers:
        show_text(talk.say("subsidy_none", target=percent(subsidy.target, 2)), bold=True)
        return
    least = money(subsidy.least_cny, talk.lang)
    target = percent(subsidy.target, 2)
    show_text(talk.say("subsidy", target=target, least=least), bold=True)
    if subsidy.uniform is None:
        show_text(talk.say("uniform_none"))
    else:
        uniform, rate = money(subsidy.uniform.cny, talk.lang), percent(subsidy.uniform.rate, 2)
        per_t = figures(subsidy.uniform.cny_per_t)
        show_text(talk.say("uniform", per_t=per_t, uniform=uniform, rate=rate))
    show_parts(subsidy, asked, talk)
    for enterprise, cny in sorted(subsidy.payers.items(), key=lambda pair: -pair[1]):
        if abs(cny) >= 1:
            name = talk.name(asked.park.enterprises[enterprise])
            show_text(f"  {name}: {signed_money(cny, talk.lang)}")


def show_parts(subsidy: Subsidy, asked: Scenario, talk: Talk) -> None:
    """Which exchanges lose or gain what, both partners together, the largest first."""
    parts = sorted(subsidy.exchanges.items(), key=lambda pair: -abs(pair[1]))
    for (link, _), cny in parts[:MOST]:
        if abs(cny) >= 1:
            show_text(f"  {talk.name(asked.park.links[link])}: {signed_money(cny, talk.lang)}")
    show_text(talk.say("by_payer"))

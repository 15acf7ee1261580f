"""Whether links keep their terms, counted from the park file and the flows alone."""

from collections.abc import Callable, Iterator, Sequence

from symbiosis.books import Books
from symbiosis.park.link import Link, Status
from symbiosis.park.quantity import AmountPerYear

Allowed = Callable[[float, str], float]
"""By how much two sums of a size, counted in a unit, may differ."""
TOLERANCE = 1e-6
"""A treatment may be filled beyond its capacity by this part of it."""
WHOLE = 1e-9
"""A switch stands at 0 or 1 to within this."""


def term_faults(books: Books, allowed: Allowed) -> Iterator[str]:
    """Least flows, contracts, switches, partners and rooms of treatments of one season."""
    for link in dict.fromkeys(key[0] for key in books.point.sent):
        yield from _link(books, link, allowed)
    yield from _partners(books, allowed)
    yield from _rooms(books, allowed)


def charges_of(books: Sequence[Books]) -> list[float]:
    """What is paid whole for the links that run in some season, CNY."""
    running = {link for book in books for link, on in book.point.runs.items() if on > 0.5}
    return [yearly_cny(books[0], link) for link in running]


def subsidies_of(books: Sequence[Books]) -> list[float]:
    """What the state pays for what is sent, CNY below zero."""
    sent = [(book, key, amount) for book in books for key, amount in book.point.sent.items()]
    return [-subsidy_cny(book, key[0]) * amount for book, key, amount in sent]


def subsidy_cny(books: Books, name: str) -> float:
    """CNY per unit sent that the state pays for a link in the year."""
    link, year = books.park.links[name], books.data.year
    if link.subsidy is None:
        return 0.0
    early = link.subsidy.effective is not None and year < link.subsidy.effective
    late = link.subsidy.until is not None and year >= link.subsidy.until
    unit = books.material(link.byproduct).unit
    return 0.0 if early or late else link.subsidy.to(f"CNY/{unit}")


def yearly_cny(books: Books, name: str) -> float:
    """What a link costs in a year in which it runs: its fixed cost, and its investment if lumpy."""
    link = books.park.links[name]
    cny = link.fixed_cost.to("CNY/a") if link.fixed_cost else 0.0
    if link.lumpy and link.investment is not None and not stands(books, link):
        cny += link.investment.to("CNY") * books.annuity()
    return cny


def stands(books: Books, link: Link) -> bool:
    """Whether a link is there in the year."""
    started = link.from_ is None or link.from_ <= books.data.year
    return link.status is Status.EXISTING and started


def flow_of(books: Books, link: str) -> float:
    """What is sent over a link into all its uses."""
    return books.over(link)


def _here(books: Books, link: Link, amount: AmountPerYear | None) -> float:
    """The part of a yearly amount of a link that falls on the season."""
    if amount is None:
        return 0.0
    unit = f"{books.material(link.byproduct).unit}/a"
    return books.on_basis(amount, link.byproduct, unit) * books.time_share


def _link(books: Books, name: str, allowed: Allowed) -> Iterator[str]:
    link, flow, on = books.park.links[name], flow_of(books, name), books.point.runs.get(name)
    unit = books.material(link.byproduct).unit.value
    slack = allowed(flow, unit)
    contract, least = _here(books, link, link.contract), _here(books, link, link.min_flow)
    if stands(books, link):
        if flow < contract - allowed(contract, unit):
            yield f"contract of {name}: {flow:.9g} below {contract:.9g}"
    else:
        least = max(least, contract)
    if flow > slack and flow < least - allowed(least, unit):
        yield f"least flow of {name}: {flow:.9g} below {least:.9g}"
    if on is None and flow > slack and (least > 0 or yearly_cny(books, name) > 0):
        yield f"{name} runs without a switch"
    if on is not None and min(abs(on), abs(on - 1)) > WHOLE:
        yield f"switch of {name} stands at {on:.9g}"
    if on is not None and on < 0.5 and flow > slack:
        yield f"{name} sends {flow:.9g} and is switched off"
    if on is not None and on > 0.5 and flow < least - allowed(least, unit):
        yield f"{name} is switched on and sends {flow:.9g}, less than {least:.9g}"


def _is_flow(books: Books, link: str, amount: float, allowed: Allowed) -> bool:
    """Whether an amount is more than rounding."""
    unit = books.material(books.park.links[link].byproduct).unit.value
    return amount > allowed(amount, unit)


def _partners(books: Books, allowed: Allowed) -> Iterator[str]:
    links = dict.fromkeys(key[0] for key in books.point.sent)
    running = [k for k in links if _is_flow(books, k, flow_of(books, k), allowed)]
    for byproduct in books.data.supplies:
        if (most := books.park.byproducts[byproduct].max_partners) is None:
            continue
        mine = [name for name in running if books.park.links[name].byproduct == byproduct]
        if len(mine) > most:
            yield f"{byproduct} leaves over {len(mine)} links, {most} are allowed"
    for use in books.data.needs:
        if (most := books.park.uses[use].max_partners) is None:
            continue
        feeding = {k[0] for k, amount in books.into(use) if _is_flow(books, k[0], amount, allowed)}
        if len(feeding) > most:
            yield f"{len(feeding)} links run into {use}, {most} are allowed"


def _rooms(books: Books, allowed: Allowed) -> Iterator[str]:
    """What enters a treatment at one enterprise, as a share of its capacity."""
    filled: dict[tuple[str, str], float] = {}
    for (name, use), amount in books.point.sent.items():
        link = books.park.links[name]
        accept = books.park.uses[use].accepts[books.park.byproducts[link.byproduct].material]
        treatment = books.park.treatments[accept.treatment] if accept.treatment else None
        if accept.treatment is None or treatment is None or treatment.capacity is None:
            continue
        most = _here(books, link, treatment.capacity)
        arriving = amount * (1 - (link.loss.amount if link.loss else 0.0))
        place = use.partition(".")[0], accept.treatment
        if most <= 0 and _is_flow(books, name, arriving, allowed):
            yield f"treatment {accept.treatment} at {place[0]} has no room"
        filled[place] = filled.get(place, 0.0) + (arriving / most if most > 0 else 0.0)
    for (enterprise, name), share in filled.items():
        if share > 1 + TOLERANCE:
            yield f"treatment {name} at {enterprise}: filled to {share:.9g}"

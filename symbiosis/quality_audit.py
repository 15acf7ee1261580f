"""The independent check of quality: blends, loads and content rules from park file and flows.

Levels are read from the park file again, behind each treatment, without the numbers that the
model had (:mod:`symbiosis.quality`).
"""

from collections.abc import Iterator

from symbiosis.books import Books
from symbiosis.park.enterprise import ShareBasis
from symbiosis.park.quality import ContentRule

PART = 1e-6
"""A sum may differ by this part of what it is a sum of."""
SMALL = 1e-9
"""And by this part of the largest flow, at the level in question."""


def quality_faults(books: Books, name: str) -> Iterator[str]:
    """What does not hold of one use."""
    use, parts = books.park.uses[name], dict(_parts(books, name))
    whole = sum(parts.values())
    for index, limit in use.limits.items():
        levels = {key: _level(books, key, name, index) for key in parts}
        bounds = [("upper", 1, limit.upper), ("lower", -1, limit.lower)]
        for side, sign, level in bounds:
            if level is not None:
                bound = level.measure.value
                above = sign * sum((levels[k] - bound) * parts[k] for k in parts)
                if above > _slack(books, max(bound, *levels.values()), whole):
                    yield f"{side} limit of {index} in {name}: {above:.9g} of it too much"
    for index, load in use.load.items():
        outlet = use.outlet[index].measure.value
        wanted = load.measure.value * books.load(name)
        carried = sum((outlet - _level(books, k, name, index)) * parts[k] for k in parts)
        if carried < wanted - _slack(books, outlet, whole):
            yield f"load of {index} in {name}: {carried:.9g} carried off of {wanted:.9g}"
    for i, rule in enumerate(use.content):
        item = books.park.policy.vat_refund[rule.item] if rule.item else None
        if item is not None and (item.effective or 0) > books.data.year:
            continue
        yield from _content_faults(books, name, (name, str(i)), rule)


def _slack(books: Books, level: float, amount: float) -> float:
    largest = max(books.point.sent.values(), default=0.0)
    return level * (PART * amount + SMALL * largest)


def _parts(books: Books, name: str) -> Iterator[tuple[tuple[str, str] | None, float]]:
    """What filled a use, by arc; the virgin material under None."""
    for key, amount in books.into(name):
        yield key, books.arrives(key)[0] * amount
    yield None, books.point.bought.get(name, 0.0)


def _level(books: Books, key: tuple[str, str] | None, name: str, index: str) -> float:
    """The level of an index in one part of what filled a use; 0 for what was not there to buy."""
    park = books.park
    if key is None:
        virgin = park.uses[name].virgin
        return virgin.qualities[index].measure.value if virgin else 0.0
    byproduct = park.links[key[0]].byproduct
    treatment = park.uses[name].accepts[park.byproducts[byproduct].material].treatment
    step = park.treatments[treatment] if treatment else None
    if step is not None and index in step.outlet:
        return step.outlet[index].measure.value
    level = _made(books, byproduct, index)
    return level * (1 - step.removal[index].amount) if step and index in step.removal else level


def _made(books: Books, byproduct: str, index: str) -> float:
    """The level in a by-product: stated, or what enters its unit less what is taken out."""
    made = books.park.byproducts[byproduct]
    if made.returns is None or index in made.qualities:
        return made.qualities[index].measure.value
    use = made.returns.use
    feeds = [(k, use) for k, link in books.park.links.items() if use in link.uses]
    entering = _level(books, feeds[0] if feeds else None, use, index)
    return entering * (1 - made.removal[index].amount)


def _content_faults(
    books: Books, name: str, key: tuple[str, str], rule: ContentRule
) -> Iterator[str]:
    """Whether a required share is reached, and whether a refund that is counted was earned."""
    short = _short_of(books, name, rule)
    need = books.amount(name, books.counted_in(name))
    slack = PART * max(need, sum(amount for _, amount in _parts(books, name)))
    refunded = books.point.refunded.get(key, 0.0)
    if rule.required and short > slack:
        yield f"content {key} is {short:.9g} short"
    if not rule.required:
        earned = books.point.earned[key] > 0.5
        if earned and short > slack:
            yield f"content {key} counts as reached and is {short:.9g} short"
        if not earned and refunded > slack:
            yield f"content {key} is not reached and {refunded:.9g} are refunded"
    if refunded > need + slack:
        yield f"content {key}: refund for {refunded:.9g}, the need is {need:.9g}"


def _short_of(books: Books, name: str, rule: ContentRule) -> float:
    """By how much the materials of a rule fall short of their least share."""
    use, mine, whole = books.park.uses[name], 0.0, books.point.bought.get(name, 0.0)
    for key, amount in books.into(name):
        by_need = use.share_basis is ShareBasis.NEED
        part = (books.replaces(key) if by_need else books.arrives(key)[0]) * amount
        whole += part
        material = books.park.byproducts[books.park.links[key[0]].byproduct].material
        mine += part if material in rule.materials else 0.0
    least = books.park.policy.vat_refund[rule.item].least_content if rule.item else None
    share = rule.at_least or least
    return (share.to("%") / 100 if share else 0.0) * whole - mine

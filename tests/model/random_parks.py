"""Random small parks for the laws: one to four producers, one to four takers, always feasible.

Every by-product has a heap without limit and every need of a demand-driven unit can be bought, so
that to dump everything and to buy everything is always an answer. A park may have a mill whose
powder finds a taker or not, a treatment that leaves tails, and links of every status.
"""

from typing import Any

from hypothesis import strategies as st

from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    enterprise,
    link,
    makes,
    material,
    named,
    needs,
    runs,
    treatment,
    tree,
    unit,
    use,
)

AMOUNTS = st.integers(1, 1000).map("{} t/a".format)
FEES = st.integers(0, 40).map("{} CNY/t".format)
RATIOS = st.sampled_from(["0.3 t/t", "0.5 t/t", "0.85 t/t", "1 t/t", "1.25 t/t", "2 t/t"])
SHARES = st.sampled_from(["5 %", "20 %", "35 %", "80 %", "100 %", "100 %"])
LOSSES = st.sampled_from(["0 %", "0 %", "3 %", "10 %"])
STATUSES = st.sampled_from(["existing", "existing", "planned", "potential"])
BASES = st.sampled_from(["input", "need"])
MATERIALS = ("ash", "slag", "sludge")
POWDER = {"powder": material(waste_class="intermediate")}
CRUSHER = {"crusher": treatment("80 %", cost="4 CNY/t")}


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """What the file of a random small park says."""
    made = draw(st.lists(st.sampled_from(MATERIALS), min_size=1, max_size=4))
    producers = {
        f"works{i}": _producer(kind, draw(AMOUNTS), draw(FEES)) for i, kind in enumerate(made)
    }
    takers = {f"taker{i}": draw(_taker()) for i in range(draw(st.integers(1, 4)))}
    mill = draw(_mill()) if draw(st.booleans()) else {}
    companies = {**producers, **takers, **mill}
    ways = _ways(producers, {**takers, **mill})
    kept = [way for way in ways if draw(st.integers(0, 3)) > 0]
    links = {f"way{i}": draw(_link(*way)) for i, way in enumerate(kept)}
    if mill:
        links |= {
            f"powder{name}": draw(_link("mill.powder", f"{name}.blend", None)) for name in takers
        }
    return tree(companies, links, POWDER, treatments=CRUSHER)


def _producer(kind: str, amount: str, fee: str) -> Tree:
    """A works that makes one by-product, and a pond for what crushing it leaves."""
    return makes(**{kind: byproduct(amount, fee), "tails": {"residue": True, "material": "tails"}})


@st.composite
def _taker(draw: st.DrawFn) -> Tree:
    """A demand-driven unit with one use of some of the materials, and of powder."""
    taken = draw(st.lists(st.sampled_from(MATERIALS), min_size=1, max_size=3, unique=True))
    accepts: dict[str, Any] = {
        kind: accept(draw(RATIOS), draw(SHARES), **draw(_treated())) for kind in taken
    }
    limits = {"max_intake": draw(AMOUNTS)} if draw(st.integers(0, 4)) == 0 else {}
    blend = use(
        draw(AMOUNTS),
        virgin=draw(st.integers(0, 80).map("{} CNY/t".format)),
        accepts={**accepts, "powder": accept(draw(RATIOS), draw(SHARES))},
        share_basis=draw(BASES),
        **limits,
    )
    return needs(blend=blend)


def _treated() -> st.SearchStrategy[Tree]:
    return st.sampled_from([{}, {}, {"treatment": "crusher"}])


@st.composite
def _mill(draw: st.DrawFn) -> Tree:
    """A supply-driven unit that makes powder of slag and ash."""
    feed = use(draw(AMOUNTS), "slag", "ash", virgin=None)
    powder = byproduct(draw(AMOUNTS), draw(FEES))
    cost = {"capacity": "100 t/a", "running_cost": draw(FEES)}
    return {"mill": runs({"powder": powder}, {"blend": feed}, **cost)}


def _ways(producers: Tree, takers: Tree) -> list[tuple[str, str, str | None]]:
    """Every (by-product, use, by-product for the residue) that a link could have."""
    return [
        (f"{start}.{name}", f"{end}.blend", f"{start}.tails")
        for start, company in producers.items()
        for name in company["units"]["plant"]["byproducts"]
        for end, taker in takers.items()
        if name in taker["units"]["plant"]["uses"]["blend"]["accepts"]
    ]


@st.composite
def _link(draw: st.DrawFn, start: str, end: str, residue: str | None) -> Tree:
    limits = {"capacity": draw(AMOUNTS)} if draw(st.integers(0, 2)) == 0 else {}
    left = {} if residue is None else {"residue": residue}
    rest = {"loss": draw(LOSSES), "status": draw(STATUSES), **limits, **left}
    return link(start, end, cost=draw(FEES), **rest)


def one_more_taker(whole: Tree, amount: str) -> Tree:
    """The same park with another taker of whatever the first works make."""
    kind = next(iter(whole["enterprises"]["works0"]["units"]["plant"]["byproducts"]))
    taker = enterprise(units={"plant": unit(uses={"more": use(amount, kind)})})
    return {
        **whole,
        "enterprises": {**whole["enterprises"], "newcomer": taker},
        "links": {**whole["links"], "new": link(f"works0.{kind}", "newcomer.more")},
    }


def one_more_heap(whole: Tree, amount: str) -> Tree:
    """The same park with an old heap behind the first works."""
    kind = next(iter(whole["enterprises"]["works0"]["units"]["plant"]["byproducts"]))
    return {
        **whole,
        "stockpiles": {"old": named("old", byproduct=f"works0.{kind}", reclaim=amount)},
    }


def scaled(node: Any, factor: int) -> Any:
    """The same tree with every amount per year ``factor`` times as large."""
    if isinstance(node, dict):
        return {key: scaled(value, factor) for key, value in node.items()}
    if isinstance(node, str) and node.endswith(" t/a"):
        return f"{int(node.removesuffix(' t/a')) * factor} t/a"
    return node


def reordered(node: Any, draw: st.DrawFn) -> Any:
    """The same tree with the keys of every mapping in another order."""
    if not isinstance(node, dict):
        return node
    return {key: reordered(node[key], draw) for key in draw(st.permutations(list(node)))}

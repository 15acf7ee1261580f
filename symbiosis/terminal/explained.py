"""``explain`` on the terminal: what holds back each by-product that is not fully used."""

from symbiosis.errors import listed, nearest
from symbiosis.explain import Held, as_json
from symbiosis.result import Result
from symbiosis.terminal.numbers import amount, percent
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.summary import show_question
from symbiosis.terminal.table import show_text
from symbiosis.terminal.talk import Talk


def show_explanation(result: Result, material: str, talk: Talk) -> None:
    """Every by-product not fully used with all its reasons; of one material if named."""
    held = [one for one in result.held if material in ("", one.material)]
    if talk.json:
        talk.document({"byproducts": [as_json(one, talk.lang) for one in held]})
        return
    show_question(result, talk)
    for one in held:
        _show(one, result, talk)
    if not held:
        show_text(talk.say("nothing_left"))


def known_material(result: Result, material: str) -> None:
    """Raises :class:`InputError` for a material that no by-product of the slice is."""
    known = {supply.material for supply in result.optimum.data.supplies.values()}
    if material and material not in known:
        near = {"nearest": nearest(material, known), "allowed": listed(sorted(known), 60)}
        raise refusal("no_such_material", "--material", found=material, **near)


def _show(held: Held, result: Result, talk: Talk) -> None:
    park = result.optimum.park
    share = held.used / held.generated if held.generated > 0 else None
    words = {
        "byproduct": talk.name(park.byproducts[held.byproduct]),
        "enterprise": talk.name(park.enterprises[held.producer]),
        "made": amount(held.generated, held.unit, talk.lang),
        "used": amount(held.used, held.unit, talk.lang),
        "share": percent(share),
    }
    show_text(talk.say("held", **words), bold=True)
    for reason in held.reasons:
        show_text(f"  - {reason.text(talk.lang)}")
    show_text()

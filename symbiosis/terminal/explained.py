"""``explain`` on the terminal: what holds back each by-product that is not fully used."""

from symbiosis.errors import listed, nearest
from symbiosis.optimum import Goal
from symbiosis.reasons import Held, as_json
from symbiosis.remedies import MOST, Remedy, Tried, named, remedies_for
from symbiosis.remedies import as_json as remedy_row
from symbiosis.result import Result
from symbiosis.suggestions import mark_of
from symbiosis.terminal.numbers import amount, percent, signed, signed_money
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.summary import show_question
from symbiosis.terminal.table import show_text
from symbiosis.terminal.talk import Talk
from symbiosis.words import say


def show_explanation(result: Result, material: str, solver: str, talk: Talk) -> None:
    """Every by-product not fully used with its reasons and remedies; of one material if named."""
    held = [one for one in result.held if material in ("", one.material)]
    tried = Tried()
    helped = [(one, _remedies(one, result, solver, tried, talk)) for one in held]
    if talk.json:
        rows = [
            as_json(one, talk.lang, list(map(remedy_row, found[:MOST]))) for one, found in helped
        ]
        talk.document({"byproducts": rows})
        return
    show_question(result, talk)
    for one, found in helped:
        _show(one, found, result, talk)
    if not held:
        show_text(talk.say("nothing_left"))


def known_material(result: Result, material: str) -> None:
    """Raises :class:`InputError` for a material that no by-product of the slice is."""
    known = {supply.material for supply in result.optimum.data.supplies.values()}
    if material and material not in known:
        near = {"nearest": nearest(material, known), "allowed": listed(sorted(known), 60)}
        raise refusal("no_such_material", "--material", found=material, **near)


def _remedies(held: Held, result: Result, solver: str, tried: Tried, talk: Talk) -> list[Remedy]:
    """What would let more of it be used, each change solved again."""
    if talk.verbose:
        talk.note("trying_remedies", byproduct=held.byproduct)
    return remedies_for(result.scenario, result.optimum, held, solver, None, tried)


def remedy_words(remedy: Remedy, result: Result, talk: Talk) -> str:
    """One remedy as a sentence: what to change, what it gains, what it costs per unit."""
    words = {
        "change": say(f"remedies.{remedy.kind}", talk.lang, name=named(remedy, result.optimum)),
        "gained": amount(remedy.gained, remedy.unit, talk.lang),
        "cost": signed_money(remedy.cny_per_unit, talk.lang),
        "unit": remedy.unit,
    }
    gain = "gain"
    if result.optimum.goal is Goal.CARBON and remedy.co2e_t is not None:
        gain, words["kg"] = "gain_carbon", signed(remedy.co2e_t * 1000 / remedy.gained)
    sentence = say(f"remedies.{gain}", talk.lang, **words)
    return say("remedies.unpriced", talk.lang, sentence=sentence) if remedy.unpriced else sentence


def without_remedy(held: Held, remedies: list[Remedy], talk: Talk) -> str:
    """How many of the reasons have no remedy, as a sentence; empty where each has one."""
    answered = {remedy.reason for remedy in remedies}
    count = sum(mark_of(reason) not in answered for reason in held.reasons)
    if not remedies:
        return say("remedies.none", talk.lang)
    return say("remedies.none_for_others", talk.lang, count=count) if count else ""


def _show(held: Held, remedies: list[Remedy], result: Result, talk: Talk) -> None:
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
    for remedy in remedies[:MOST]:
        show_text(f"  + {remedy_words(remedy, result, talk)}")
    if rest := without_remedy(held, remedies, talk):
        show_text(f"  ({rest})")
    show_text()

"""Every indicator has a name in both languages, and a unit."""

import pytest

from symbiosis.indicator_names import indicator_names, name_of, plain_name
from symbiosis.indicators import indicators_of
from symbiosis.measurable import measurable
from symbiosis.outputs import units_with_output, with_outputs
from symbiosis.scenario import load_question
from symbiosis.solving import optimise_slice
from symbiosis.words import LANGUAGES, texts


@pytest.mark.parametrize("name", ["jinchang", "baiyin", "taiyuan-stainless"])
def test_every_measure_and_every_indicator_of_a_park_has_a_name(name: str) -> None:
    asked = load_question(name)
    data = with_outputs(asked.park, asked.slice(), units_with_output(asked.park))
    known = measurable(asked.park, data)
    names = indicator_names(asked.park, known)
    assert names.keys() == known.measures.keys()
    assert all(each.unit for each in names.values())
    ids = {each.id for each in indicators_of(optimise_slice(asked.park, data))}
    for lang in LANGUAGES:
        named = {one: name_of(one, asked.park, lang) for one in {*ids, *names}}
        assert all(named.values())
        assert len(set(named.values())) == len(named), lang
        assert all(names[one].name(lang) == named[one] for one in names)


def test_names_carry_what_the_indicator_is_about() -> None:
    park = load_question("jinchang").park
    assert name_of("cost_item.tax", park, "en") == "cost: environmental protection tax"
    assert name_of("heat_hot_utility.2", park, "zh") == "外购热公用工程（第 2 组）"
    farm = name_of("used_share_of_farm_waste_in_nm3", park, "en")
    assert farm == "used share of farm waste, counted in nm3"
    kiln = name_of("output.jinni_cement.kiln", park, "en")
    assert park.enterprises["jinni_cement"].name_en in kiln
    assert park.unit("jinni_cement.kiln").name_en in kiln


def test_an_indicator_that_does_not_exist_has_no_name() -> None:
    with pytest.raises(KeyError):
        name_of("happiness", load_question("jinchang").park, "en")


def test_both_languages_of_every_name_fill_the_same_places() -> None:
    for key, text in texts("indicators").items():
        holes = [{part.partition("}")[0] for part in text[lang].split("{")[1:]} for lang in text]
        assert len(text) == len(LANGUAGES)
        assert all(hole == holes[0] for hole in holes), key


@pytest.mark.parametrize(
    ("indicator", "name"),
    [
        ("cost", "private cost of the park"),
        ("cost_item.tax", "cost: environmental protection tax"),
        ("heat_hot_utility.2", "hot utility bought, set 2"),
        ("used_share_of_farm_waste_in_nm3", "used share of farm waste, counted in nm3"),
        ("used_share.slag", "used_share.slag"),
        ("cost_of.works", "cost_of.works"),
        ("utilisation_rate_if_works.slag_is_waste", "utilisation_rate_if_works.slag_is_waste"),
        ("happiness", "happiness"),
        ("cost_item.joy", "cost_item.joy"),
    ],
)
def test_without_a_park_an_indicator_has_the_name_that_needs_none(
    indicator: str, name: str
) -> None:
    assert plain_name(indicator, "en") == name

"""The names of units: what they mean to pint and how they are spelt, Chinese and English.

Sources: coal equivalent 29.3076 GJ/t, GB/T 2589-2020; 1 kcal = 4.1868 kJ, the calorie of that
same coal equivalent (7,000 kcal/kg); mu (亩) = 666.667 m2, as rounded in land statistics; a year
is 365 d = 8,760 h and a month its twelfth, by convention of this program.
"""

import difflib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pint

Basis = Literal["dry", "as_received"]

# definition as pint reads it | spellings in files; base units first, in the order of base texts
DEFINITIONS = """
CNY = [money]          | CNY 元 人民币 人民币元 RMB yuan ¥
t = [mass]             | t tonne tonnes 吨 tCO2 tCO2e
GJ = [energy]          | GJ 吉焦
Nm3 = [gas_volume]     | Nm3 标方 标立方米 标准立方米
m3 = [volume]          | m3 立方米 方
m2 = [area]            | m2 平方米
count = [count]        | count 家 个 人 户 头 台 套 项 座 块 head person persons firm firms
km = [length]          | km 公里 千米
degC = [temperature]   | °C degC 摄氏度
K = [difference]       | K Δ°C ΔK
a = [time]             | a 年 year years yr
kg = 1e-3 t            | kg 千克 公斤 kgCO2 kgCO2e
g = 1e-6 t             | g 克 gCO2 gCO2e
mg = 1e-9 t            | mg 毫克
ug = 1e-12 t           | ug μg 微克
kt = 1e3 t             | kt ktCO2 ktCO2e
Mt = 1e6 t             | Mt MtCO2 MtCO2e
J = 1e-9 GJ            | J 焦
kJ = 1e-6 GJ           | kJ 千焦
MJ = 1e-3 GJ           | MJ 兆焦
TJ = 1e3 GJ            | TJ 太焦
PJ = 1e6 GJ            | PJ
Wh = 3.6e-6 GJ         | Wh 瓦时
kWh = 3.6e-3 GJ        | kWh 千瓦时 度
MWh = 3.6 GJ           | MWh 兆瓦时
GWh = 3.6e3 GJ         | GWh 吉瓦时
TWh = 3.6e6 GJ         | TWh 太瓦时
kcal = 4.1868e-6 GJ    | kcal 千卡 大卡
tce = 29.3076 GJ       | tce 吨标准煤 吨标煤 t标准煤 t标煤
gce = 29.3076e-6 GJ    | gce 克标准煤 克标煤 g标准煤
kgce = 29.3076e-3 GJ   | kgce 千克标准煤 公斤标准煤 千克标煤 公斤标煤 kg标准煤 kg标煤
Mtce = 29.3076e6 GJ    | Mtce
d = a / 365            | d 天 日 day days
h = a / 8760           | h 小时 时 hour hours
minute = h / 60        | min 分钟
s = h / 3600           | s 秒
month = a / 12         | month months 月 个月
W = J / s              | W 瓦
kW = 1e3 W             | kW 千瓦
MW = 1e6 W             | MW 兆瓦
GW = 1e9 W             | GW 吉瓦
L = 1e-3 m3            | L 升
mL = 1e-6 m3           | mL 毫升
km3 = 1e9 m3           | km3 立方公里
km2 = 1e6 m2           | km2 平方公里 平方千米
ha = 1e4 m2            | ha hm2 公顷
mu = 666.667 m2        | mu 亩
m = 1e-3 km            | m 米
cm = 1e-5 km           | cm 厘米
mm = 1e-6 km           | mm 毫米
percent = 1e-2         | %
permille = 1e-3        | ‰
ppm = 1e-6             | ppm
"""
BASE_ORDER = (
    *("CNY", "t", "GJ", "Nm3", "m3", "m2", "count", "km", "degC", "K", "a"),
    *("money", "mass", "energy", "gas_volume", "volume", "area", "length"),
    *("temperature", "difference", "time"),
)  # how base units, and dimensions, follow each other in a text

MULTIPLIERS = {
    "十": 1, "百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12,
    "thousand": 3, "million": 6, "billion": 9,
}  # fmt: skip
BASES: Mapping[str, Basis] = {
    "dry": "dry", "干": "dry", "干基": "dry", "dry basis": "dry",
    "wet": "as_received", "湿": "as_received", "湿基": "as_received", "wet basis": "as_received",
    "as received": "as_received", "as-received": "as_received", "收到基": "as_received",
}  # fmt: skip
GASES = frozenset(
    {"CO2", "CO2e", "CO2eq", "CO2当量", "二氧化碳", "二氧化碳当量"}
)  # say what a mass is of and change nothing

MASSES = frozenset({"t", "kg", "g", "mg", "ug", "kt", "Mt", "percent", "permille", "ppm"})
"""Units that can have a basis; a share can, being mass in mass."""


def nearest_unit(found: str) -> str:
    """The known spelling closest to ``found``, first by case alone; empty where none is near."""
    word = found.split()[0] if found.split() else found
    by_case = {spelling.casefold(): spelling for spelling in reversed(list(spellings()))}
    if word.casefold() in by_case:
        return by_case[word.casefold()]
    close = difflib.get_close_matches(word, list(spellings()), n=1, cutoff=0.5)
    return close[0] if close else ""


@cache
def spellings() -> Mapping[str, str]:
    """Every spelling of a unit -> pint's name for it."""
    rows = (line.split("|") for line in DEFINITIONS.strip().splitlines())
    return {word: left.split()[0] for left, right in rows for word in right.split()}


def in_base_units(
    powers: Mapping[str, int],
) -> tuple[Decimal, Mapping[str, int], Mapping[str, int]]:
    """A product of pint's units -> its size in base units, those units, and its dimension."""
    registry = unit_registry()
    root = registry.Quantity(Decimal(1), registry.UnitsContainer(powers)).to_root_units()
    units = {str(name): int(str(power)) for name, power in root.unit_items()}
    dimension = {str(n).strip("[]"): int(str(p)) for n, p in root.dimensionality.items()}
    return Decimal(root.magnitude), units, dimension


@cache
def unit_registry() -> "pint.UnitRegistry[Decimal]":
    """Pint's registry with the definitions above and nothing else, in exact decimals."""
    import pint

    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(None, non_int_type=Decimal)
    for line in DEFINITIONS.strip().splitlines():
        registry.define(line.partition("|")[0].strip())
    return registry

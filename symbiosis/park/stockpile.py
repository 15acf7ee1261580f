"""A stockpile: by-product that earlier years left in a heap or pond."""

from pydantic import Field

from symbiosis.park.quantity import Amount, AmountPerYear, Cost, Evidence, Text


class Stockpile(Evidence):
    """Stored by-product of earlier years, and how much of it can be dug out.

    A heap that nobody works has ``reclaim: 0 t/a``. What is drawn from it counts in the rate as
    U_old. Source: model.md, "The comprehensive utilisation rate".
    """

    name_zh: Text
    name_en: Text
    byproduct: Text = Field(description="'enterprise.byproduct' that lies there")
    stock: Amount | None = Field(None, description="what lies there; empty = not known")
    capacity: Amount | None = Field(None, description="what can lie there; empty = not known")
    buffer: Amount | None = Field(
        None, description="of this year's by-product, what can wait for a later season"
    )
    reclaim: AmountPerYear = Field(description="what can be dug out per year")
    reclaim_cost: Cost | None = None
    holding_cost: Cost | None = Field(None, description="per unit that lies there and year")

"""The optimisation: Pyomo formulations, their arrays, and the solvers that take the arrays.

``exchange`` is the readable formulation, ``compile`` turns a Pyomo model into a ``MatrixForm``
(``matrix``), the backends (``glpk``, ``highs``, ``pyomo_driven``; chosen in ``backends``) solve
it, ``ratio`` maximises a quotient over it and ``elastic`` says which rows conflict.
Nothing is imported here: a program that asks for one module pays for that module alone.
"""

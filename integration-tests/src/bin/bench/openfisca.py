"""Decisions a second of OpenFisca-core: its country template, one person, one month, the quickest way that it has.

The system is built once; each decision is a fresh simulation of one person, as each request is about somebody else. Prints one number a round.
"""

import sys
import time

from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_country_template import CountryTaxBenefitSystem

MONTH = "2026-01"
SECONDS = float(sys.argv[1])
ROUNDS = int(sys.argv[2])

system = CountryTaxBenefitSystem()


def decide():
    simulation = SimulationBuilder().build_default_simulation(system, 1)
    simulation.set_input("birth", MONTH, ["1980-05-17"])
    simulation.set_input("salary", MONTH, [500.0])
    return float(simulation.calculate("basic_income", MONTH)[0])


assert decide() > 0, "the person of this test is entitled"
for _ in range(ROUNDS):
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < SECONDS:
        for _ in range(20):
            decide()
        count += 20
    print(count / elapsed)

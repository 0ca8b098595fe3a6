"""A thousand fictional patients against a thousand fictional trials: pairs a second, in one process.

usage: python benchmarks/screening.py [--patients 1000] [--trials 1000]
"""

from __future__ import annotations

import argparse
import json
import random
import time

import extractor
from extractor.screen import parse_patient, prepare, screen

LIMITS = (
    "Age {a} to {b} years",
    "Platelets >= {c} x 10^9/L",
    "ECOG performance status 0-1",
    "ALT and AST <= 2.5 x ULN",
    "Signed informed consent",
    "Hemoglobin >= 9 g/dL within 14 days before screening",
)
REASONS = (
    "Pregnant or breast-feeding women",
    "Platelets < {d} x 10^9/L",
    "Uncontrolled hypertension",
    "Major surgery within 4 weeks before enrollment",
)


def trial(number: int, chance: random.Random) -> dict[str, object]:
    """A fictional record with criteria drawn at random."""
    numbers = {"a": chance.randint(12, 40), "b": chance.randint(50, 90), "c": chance.randint(50, 120), "d": chance.randint(20, 80)}
    chosen = [line.format(**numbers) for line in chance.sample(LIMITS, 5)]
    against = [line.format(**numbers) for line in chance.sample(REASONS, 3)]
    text = "\n".join(["Inclusion Criteria:", *(f"- {t}" for t in chosen), "Exclusion Criteria:", *(f"- {t}" for t in against)])
    return {"id": f"T{number}", "trial": {"eligibility": json.loads(extractor.to_json(extractor.parse_criteria(text)))}}


def patient(number: int, chance: random.Random) -> str:
    """A fictional patient."""
    values = (("platelets", chance.randint(20, 300), "10*9/L"), ("hemoglobin", chance.randint(70, 150), "g/L"))
    seen = [{"name": name, "value": value, "unit": unit, "date": "2026-03-10"} for name, value, unit in values]
    return json.dumps(
        {"id": f"P{number}", "as_of": "2026-03-20", "age": {"value": chance.randint(1, 95)}, "sex": "FEMALE", "observations": seen}
    )


def main() -> None:
    """Prints pairs a second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--trials", type=int, default=1000)
    args = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 (a fixed draw, no secret)
    trials = [prepare(trial(n, chance)) for n in range(args.trials)]
    patients = [parse_patient(patient(n, chance)) for n in range(args.patients)]
    start = time.perf_counter()
    verdicts: dict[str, int] = {}
    for row in screen(patients, trials):
        verdicts[row["verdict"]] = verdicts.get(row["verdict"], 0) + 1
    took = time.perf_counter() - start
    print(f"{args.patients} patients x {args.trials} trials: {args.patients * args.trials / took:,.0f} pairs a second; {verdicts}")


if __name__ == "__main__":
    main()

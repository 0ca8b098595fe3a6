"""The reference consumer: patients against the criteria of trials, decided MET, NOT_MET or UNKNOWN with the evidence.

It never turns an unknown into a yes: a criterion that holds anything its constraints do not cover is UNKNOWN. The patient
schema and the rules are in docs/screening.md.
"""

from extractor.screen.matching import screen
from extractor.screen.patient import Patient, parse_patient
from extractor.screen.trials import ScreenedTrial, prepare

__all__ = ["Patient", "ScreenedTrial", "parse_patient", "prepare", "screen"]

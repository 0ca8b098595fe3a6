"""The patient: what a file states (schema, fhir), and what of it is understood (chart)."""

from extractor.screen.patient.chart import Chart, NotUnderstood, chart_of
from extractor.screen.patient.schema import Patient, parse_patient

__all__ = ["Chart", "NotUnderstood", "Patient", "chart_of", "parse_patient"]

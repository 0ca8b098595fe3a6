"""What only drug labels need: sections, tables, fields, adverse reactions, dosing, trials of a Chinese 说明书."""

from extractor.label.reader import StructuredLabel, structure_label

__all__ = ["StructuredLabel", "structure_label"]

"""The gate before a new model is served: compare with the model in use, promote, roll back."""

from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.evaluation.gate.champion import find_champion
from fracture_core.evaluation.gate.keep import find_gate_report
from fracture_core.evaluation.gate.promote import promote, roll_back
from fracture_core.evaluation.gate.report import GateReport

__all__ = ["GateReport", "build_gate_report", "find_champion", "find_gate_report", "promote", "roll_back"]

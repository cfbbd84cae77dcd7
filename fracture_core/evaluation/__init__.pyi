"""Evaluation: metrics with intervals, and what a checkpoint gets right and wrong."""

from .calibration import fit_calibration as fit_calibration
from .comparison import (
    Comparison as Comparison,
)
from .comparison import (
    compare as compare,
)
from .evaluator import evaluate as evaluate
from .gate.build import build_gate_report as build_gate_report
from .gate.champion import find_champion as find_champion
from .gate.keep import find_gate_report as find_gate_report
from .gate.promote import (
    LEAST_FORCED_REASON as LEAST_FORCED_REASON,
)
from .gate.promote import (
    promote as promote,
)
from .gate.promote import (
    roll_back as roll_back,
)
from .gate.report import (
    Disputed as Disputed,
)
from .gate.report import (
    GateReport as GateReport,
)
from .gate.report import (
    GateSide as GateSide,
)
from .gate.verdict import format_difference as format_difference
from .headline import (
    choose_headlines as choose_headlines,
)
from .headline import (
    is_off_domain as is_off_domain,
)
from .headline import (
    is_trained_on_phantoms as is_trained_on_phantoms,
)
from .headline import (
    order_evaluations as order_evaluations,
)
from .kept import (
    find_evaluations as find_evaluations,
)
from .kept import (
    find_shipped_evaluations as find_shipped_evaluations,
)
from .kept import (
    keep_evaluation as keep_evaluation,
)
from .kept import (
    recall_evaluation as recall_evaluation,
)
from .kept import (
    stamp_evaluations as stamp_evaluations,
)
from .kept import (
    write_evaluations as write_evaluations,
)
from .kept import (
    write_tables as write_tables,
)
from .leaks import (
    LEARNT_BEFORE as LEARNT_BEFORE,
)
from .leaks import (
    find_leaking as find_leaking,
)
from .meaning.explain import (
    CallMeaning as CallMeaning,
)
from .meaning.explain import (
    explain_call as explain_call,
)
from .meaning.limits import OUT_OF_SCOPE as OUT_OF_SCOPE
from .metrics import (
    RESAMPLES as RESAMPLES,
)
from .metrics import (
    Metric as Metric,
)
from .metrics import (
    build_metric as build_metric,
)
from .metrics import (
    compute_share as compute_share,
)
from .metrics import (
    count_exact_share as count_exact_share,
)
from .metrics import (
    count_independent as count_independent,
)
from .metrics import (
    draw_weights as draw_weights,
)
from .records import (
    AS_PUBLISHED as AS_PUBLISHED,
)
from .records import (
    CalibrationFigures as CalibrationFigures,
)
from .records import (
    CallFigures as CallFigures,
)
from .records import (
    DecisionPoint as DecisionPoint,
)
from .records import (
    Evaluation as Evaluation,
)
from .records import (
    EvaluationFile as EvaluationFile,
)
from .records import (
    Figures as Figures,
)
from .records import (
    Localisation as Localisation,
)
from .records import (
    PointFigures as PointFigures,
)
from .records import (
    Prediction as Prediction,
)
from .records import (
    Subgroup as Subgroup,
)
from .roc import (
    RocCurve as RocCurve,
)
from .roc import (
    trace_roc as trace_roc,
)
from .sides import (
    evaluate_dataset as evaluate_dataset,
)
from .table import write_predictions as write_predictions
from .thresholds import (
    choose_operating_point as choose_operating_point,
)
from .thresholds import (
    choose_operating_points as choose_operating_points,
)

"""All documents at once."""

from pathlib import Path

from fracture_core.base import (
    IS_INSTALLED,
    PROJECT_DIR,
    CheckpointNotFoundError,
    Settings,
    get_settings,
    write_atomically,
)
from fracture_core.doors.documents.charts import draw_reliability, name_chart
from fracture_core.doors.documents.extra import read_extra
from fracture_core.doors.documents.model_card import write_model_card
from fracture_core.doors.documents.results import write_results
from fracture_core.doors.documents.shipped import read_shipped
from fracture_core.doors.documents.tables import name_data

DOCS_DIR = Path("docs") if IS_INSTALLED else PROJECT_DIR / "docs"
FIGURES_DIR = DOCS_DIR / "figures"
_PATTERNS = ("model-card-*.md", "charts/reliability-*.svg")


def build_documents(settings: Settings, figures_dir: Path = FIGURES_DIR) -> dict[str, str]:
    """Return results, model cards and charts by their address relative to the folder of documents.

    Raises:
        CheckpointNotFoundError: no checkpoint ships.
        CheckpointDamagedError: a file they are written from cannot be understood.
    """
    shipped = read_shipped(settings)
    if not shipped:
        raise CheckpointNotFoundError(
            f"There is no checkpoint in '{settings.checkpoints_dir}' to write about.",
            "Train one with: python -m fracture_core train --save-as NAME.",
        )
    documents = {"results.md": write_results(shipped, read_extra(figures_dir))}
    for one in shipped:
        documents[f"model-card-{one.name}.md"] = write_model_card(one)
        for evaluation in one.main:
            if evaluation.calibration:
                title = f"{one.name} on {name_data(evaluation)}"
                documents[name_chart(evaluation)] = draw_reliability(evaluation.calibration, title)
    return documents


def write_documents(
    directory: Path = DOCS_DIR, settings: Settings | None = None, figures_dir: Path = FIGURES_DIR
) -> list[Path]:
    """Write the documents into a folder; return their paths. Other files there are left alone.

    Raises:
        CheckpointNotFoundError, CheckpointDamagedError: see ``build_documents``.
    """
    written = []
    for address, text in build_documents(settings or get_settings(), figures_dir).items():
        write_atomically(directory / address, text.encode("utf-8"))
        written.append(directory / address)
    return written


def find_outdated(
    directory: Path = DOCS_DIR, settings: Settings | None = None, figures_dir: Path = FIGURES_DIR
) -> list[Path]:
    """Return the documents of a folder that are missing, not what ``write_documents`` writes, or left over.

    Raises:
        CheckpointNotFoundError, CheckpointDamagedError: see ``build_documents``.
    """
    documents = build_documents(settings or get_settings(), figures_dir)
    paths = {directory / address: text for address, text in documents.items()}
    outdated = [path for path, text in paths.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    left_over = {path for pattern in _PATTERNS for path in directory.glob(pattern)} - paths.keys()
    return outdated + sorted(left_over)

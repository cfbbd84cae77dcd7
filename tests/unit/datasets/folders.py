"""Data sets of made-up files in two layouts, written by their tables."""

from pathlib import Path

FRACATLAS_HEADER = (
    "image_id,hand,leg,hip,shoulder,mixed,hardware,multiscan,fractured,fracture_count,frontal,lateral,oblique"
)


def write_fracatlas(root: Path, rows: list[str], files: list[str]) -> Path:
    for name in files:
        (root / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "images" / name).write_bytes(b"x")
    (root / "dataset.csv").write_text("\n".join([FRACATLAS_HEADER, *rows]) + "\n")
    return root


def write_manifest(root: Path, lines: list[str], files: list[str]) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (root / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root

"""Exports: a row a file, pictures without headers, whole or not there."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import ExportError
from fracture_core.base.settings import Settings
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from fracture_core.failures.export import build_failures_csv, write_failures_zip
from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.reviews.records import Note, Review
from fracture_core.failures.selection import select_failures
from fracture_core.failures.table import FailureTable
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.intake.read import read_radiograph_file
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import make_checkpoint, write_dataset
from tests.unit.failures.made import make_evaluation, make_prediction

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
EVERYTHING = FailureFilters(show="all", order="name")


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def read_zip(path: Path) -> tuple[zipfile.ZipFile, list[dict[str, str]], str]:
    archive = zipfile.ZipFile(path)
    assert archive.testzip() is None
    return archive, read_csv(archive.read("failures.csv").decode()), archive.read("README.txt").decode()


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    return make_checkpoint(own_settings.checkpoints_dir / "default", zone=(0.3, 0.7))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    root = write_dataset(tmp_path / "drawn", count=4)
    (root / "fractured" / "one.dcm").write_bytes(build_dicom(draw_bone(12, 50, 40)))
    exif = Image.Exif()
    exif[0x010E] = "DOE^JANE"
    Image.fromarray(draw_bone(8, 60, 90)).save(root / "fractured" / "cäm era.jpg", exif=exif)
    return read_catalog(root)


def build_table(catalog: Catalog, *further: str, **reviews: Review) -> FailureTable:
    names = [*(item.name for item in catalog.items), *further]
    predictions = [make_prediction(name, int(name.startswith("fractured")), 0.4) for name in names]
    return FailureTable.build(make_evaluation(predictions, dataset="drawn"), reviews)


def test_csv_has_a_row_a_file_with_what_was_said() -> None:
    predictions = [
        make_prediction("a.png", 1, 0.2, radiograph="r", region="hand", views=("frontal", "lateral"), hardware=True),
        make_prediction("b.png", 1, 0.9, radiograph="r"),
        make_prediction("c.png", 0, 0.8),
    ]
    review = Review(("odd", "hand"), (Note("Old.\nSee b.", "Ada", AT),), 0, "Ben", True, "Cy", AT)
    table = FailureTable.build(make_evaluation(predictions), {"a.png": review})
    rows = read_csv(build_failures_csv(table, select_failures(table, EVERYTHING)))
    assert [row["name"] for row in rows] == ["a.png", "b.png", "c.png"]
    first = rows[0]
    assert (first["kind"], first["label"], first["p_fracture"], first["correct"]) == (
        "missed fracture",
        "1",
        "0.200000",
        "0",
    )
    assert (first["files_of_radiograph"], first["wrong_of_radiograph"]) == ("2", "1")
    assert (first["region"], first["views"], first["hardware"]) == ("hand", "frontal+lateral", "1")
    assert (first["tags"], first["label_proposed"], first["proposed_by"]) == ("odd; hand", "not fractured", "Ben")
    assert first["notes"] == "Ada, 2026-11-23 08:30: Old.\nSee b." and first["reviewed"] == "1"
    assert (first["last_by"], first["last_at_utc"]) == ("Cy", "2026-11-23 08:30:00")
    assert (rows[2]["tags"], rows[2]["reviewed"], rows[2]["label_proposed"]) == ("", "0", "")
    only_wrong = read_csv(build_failures_csv(table, select_failures(table, FailureFilters(order="name"))))
    assert [row["name"] for row in only_wrong] == ["a.png", "c.png"]


def test_what_a_spreadsheet_would_run_is_quoted() -> None:
    evil = "=HYPERLINK(1)"
    review = Review((evil, "+1"), (Note("x", "@me", AT),), 1, "-cmd", True, "=1", AT)
    table = FailureTable.build(make_evaluation([make_prediction(evil, 0, 0.9)]), {evil: review})
    [row] = read_csv(build_failures_csv(table, select_failures(table, EVERYTHING)))
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    assert row["name"] == f"'{evil}" and row["proposed_by"] == "'-cmd" and row["notes"].startswith("'@me")


def test_zip_holds_pictures_made_anew_and_says_what_they_are(
    tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog
) -> None:
    table, seen, path = build_table(catalog), [], tmp_path / "out" / "view.zip"
    filters = EVERYTHING.model_copy(update={"p_to": 0.5})
    exported = write_failures_zip(
        path,
        table,
        select_failures(table, filters),
        checkpoint=checkpoint,
        catalog=catalog,
        filters=filters,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert (exported.images, exported.heatmaps, exported.missing) == (6, 6, {})
    assert seen == [(number, 6) for number in range(1, 7)]
    archive, rows, readme = read_zip(path)
    assert len(archive.namelist()) == 14 == len(set(archive.namelist()))
    for row, item in zip(rows, catalog.items, strict=True):
        assert row["name"] == item.name and row["image_missing"] == ""
        image = Image.open(io.BytesIO(archive.read(row["image"])))
        np.testing.assert_array_equal(np.asarray(image), read_radiograph_file(item.path).to_uint8())
        heat = Image.open(io.BytesIO(archive.read(row["heatmap"])))
        assert heat.mode == "RGB" and heat.size == image.size and image.mode == "L"
        assert image.info == {} and heat.info == {}
    content = b"".join(archive.read(name) for name in archive.namelist())
    assert not any(secret.encode() in content for secret in (*PATIENT_SECRETS, "DOE"))
    assert checkpoint.manifest.weights_sha256 in readme and "supports a qualified reader" in readme
    assert "high sensitivity 0.3000" in readme and "high specificity 0.7000" in readme
    assert "show: all" in readme and "p_to: 0.5" in readme


def test_names_are_safe_and_no_two_alike(tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog) -> None:
    table = build_table(catalog)
    write_failures_zip(
        tmp_path / "v.zip",
        table,
        select_failures(table, EVERYTHING),
        checkpoint=checkpoint,
        catalog=catalog,
        heatmaps=False,
    )
    names = [name for name in read_zip(tmp_path / "v.zip")[0].namelist() if name.startswith("images/")]
    assert len({name.lower() for name in names}) == 6
    assert all(name.isascii() and " " not in name and name.count("/") == 1 and name.endswith(".png") for name in names)


def test_heatmaps_can_be_left_out(tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog) -> None:
    table = build_table(catalog)
    (checkpoint.directory / "model.safetensors").unlink()  # no forward pass is made
    exported = write_failures_zip(
        tmp_path / "v.zip",
        table,
        select_failures(table, EVERYTHING),
        checkpoint=checkpoint,
        catalog=catalog,
        heatmaps=False,
    )
    archive, rows, _ = read_zip(tmp_path / "v.zip")
    assert (exported.images, exported.heatmaps) == (6, 0) and not any(
        "heatmaps/" in name for name in archive.namelist()
    )
    assert {row["heatmap"] for row in rows} == {""}


def test_a_missing_image_is_a_row_with_its_reason(tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog) -> None:
    table = build_table(catalog, "fractured/gone.png")
    catalog.items[0].path.unlink()
    catalog.items[1].path.write_bytes(b"damaged")
    exported = write_failures_zip(
        tmp_path / "v.zip", table, select_failures(table, EVERYTHING), checkpoint=checkpoint, catalog=catalog
    )
    _, rows, readme = read_zip(tmp_path / "v.zip")
    reasons = {row["name"]: row["image_missing"] for row in rows if row["image_missing"]}
    assert reasons == exported.missing and len(rows) == 7 and exported.images == 4 == exported.heatmaps
    assert set(reasons) == {catalog.items[0].name, catalog.items[1].name, "fractured/gone.png"}
    assert "no file" in reasons[catalog.items[0].name] and "no longer" in reasons["fractured/gone.png"]
    assert "3 files have no image" in readme


def test_without_the_data_set_the_table_is_exported(tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog) -> None:
    table = build_table(catalog)
    exported = write_failures_zip(
        tmp_path / "v.zip", table, select_failures(table, EVERYTHING), checkpoint=checkpoint, catalog=None
    )
    assert exported.images == 0 and set(exported.missing.values()) == {"The data set is not on this machine."}
    assert len(read_zip(tmp_path / "v.zip")[1]) == 6


def test_stopped_or_failed_it_leaves_nothing_and_the_old_one(
    tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, path = build_table(catalog), tmp_path / "out" / "v.zip"
    path.parent.mkdir()
    path.write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    def export(**options: object) -> None:
        write_failures_zip(
            path,
            table,
            select_failures(table, EVERYTHING),
            checkpoint=checkpoint,
            catalog=catalog,
            heatmaps=False,
            **options,
        )

    with pytest.raises(KeyboardInterrupt):
        export(progress=stop)
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "writestr", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(ExportError, match="disk is full"):
            export()
    assert [entry.name for entry in path.parent.iterdir()] == ["v.zip"] and path.read_bytes() == b"old"
    export()
    assert zipfile.is_zipfile(path)


def test_an_empty_view_is_refused(tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog) -> None:
    with pytest.raises(ExportError, match="nothing to export"):
        write_failures_zip(tmp_path / "v.zip", build_table(catalog), [], checkpoint=checkpoint, catalog=catalog)
    assert not (tmp_path / "v.zip").exists()


def test_the_mark_of_a_leaky_side_goes_along(tmp_path: Path, checkpoint: Checkpoint, catalog: Catalog) -> None:
    table = build_table(catalog)
    marked = replace(table, evaluation=table.evaluation.model_copy(update={"as_published": True}))
    assert {row["mark"] for row in read_csv(build_failures_csv(marked, select_failures(marked, EVERYTHING)))} == {
        marked.evaluation.mark
    }
    write_failures_zip(
        tmp_path / "v.zip", marked, select_failures(marked, EVERYTHING), checkpoint=checkpoint, catalog=None
    )
    assert "AS PUBLISHED" in read_zip(tmp_path / "v.zip")[2]

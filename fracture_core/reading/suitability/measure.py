"""What the check refuses: of radiographs that it should let through, of ruined ones, and of other pictures."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from fracture_core.base import IntakeError, StageProgress, get_settings, write_atomically
from fracture_core.networks import Checkpoint, lay_out_for_speed, read_checkpoint_json
from fracture_core.radiographs import Radiograph, read_radiograph_file
from fracture_core.reading.engine.devices import choose_device
from fracture_core.reading.suitability.changes import HARMFUL, HARMLESS, change
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.findings import Suitability
from fracture_core.reading.suitability.samples import (
    Sample,
    choose_evenly,
    compute_features,
    list_pictures,
    list_radiographs,
)

CHANGED = 24  # radiographs of each data set that every change is made to
NOT_READ = "not read (refused by intake)"
HARMLESS_PART, HARMFUL_PART = "radiographs changed as exports do", "radiographs that were ruined"
FILMS_PART, OTHERS_PART = "films of another hospital", "other pictures"
_ALL = 1_000_000


@dataclass(frozen=True)
class Row:
    """One picture: what it is part of, its name, and what was found."""

    part: str
    group: str
    name: str
    is_refused: bool
    kinds: tuple[str, ...]


def measure_suitability(
    checkpoint: Checkpoint, others: Path | None, progress: StageProgress | None = None
) -> tuple[dict[str, Any], list[Row]]:
    """Return figures for ``docs/figures`` and a row a picture.

    Radiographs are those of the checkpoint's test side, DICOM files those of ``data_dir/dicom``.

    Args:
        others: pictures that are no limb radiographs, as FOLDER/KIND/FILE, and none that the references saw.

    Raises:
        SuitabilityError: the test radiographs are not on this machine.
    """
    rows = list(_Measuring(checkpoint, progress).measure(others))
    return summarize(checkpoint, rows) | _read_sources(others), rows


def _read_sources(others: Path | None) -> dict[str, Any]:
    """Return where the other pictures are from, as ``sources.json`` beside their sides says."""
    path = others.parent / "sources.json" if others else None
    return {"sources of other pictures": read_checkpoint_json(path)} if path and path.is_file() else {}


class _Measuring:
    """The check with its network, and how far it has come."""

    def __init__(self, checkpoint: Checkpoint, progress: StageProgress | None) -> None:
        device = choose_device(get_settings().device)
        self._checkpoint, self._progress = checkpoint, progress or (lambda what, done, total: None)
        self._network = lay_out_for_speed(checkpoint.load_network()).to(device)
        self._suitability = SuitabilityCheck.of(checkpoint)

    def measure(self, others: Path | None) -> Iterator[Row]:
        samples = list_radiographs(self._checkpoint, "test", _ALL)
        yield from self._report("Test radiographs", self._measure_samples(samples), len(samples))
        few = [sample for dataset in {each.dataset: 0 for each in samples} for sample in _choose(samples, dataset)]
        count = len(few) * (len(HARMLESS) - 1 + len(HARMFUL))
        yield from self._report("Changed radiographs", self._measure_changes(few), count)
        files = sorted((get_settings().data_dir / "dicom").glob("*.dcm"))
        yield from self._report("DICOM files", self._measure_files(FILMS_PART, "ankle and hip", files), len(files))
        for kind, paths in list_pictures(others).items() if others else ():
            yield from self._report(kind, self._measure_files(OTHERS_PART, kind, paths), len(paths))

    def _report(self, what: str, rows: Iterable[Row], total: int) -> Iterator[Row]:
        for done, row in enumerate(rows, 1):
            yield row
            self._progress(what, done, total)

    def _measure_samples(self, samples: list[Sample]) -> Iterator[Row]:
        for sample in samples:
            yield self._row(sample.dataset, sample.region or "all", sample.name, read_radiograph_file(sample.path))

    def _measure_changes(self, samples: list[Sample]) -> Iterator[Row]:
        for sample in samples:
            radiograph = read_radiograph_file(sample.path)
            for part, names in ((HARMLESS_PART, list(HARMLESS)[1:]), (HARMFUL_PART, list(HARMFUL))):
                for name in names:
                    yield self._row(part, f"{sample.dataset}: {name}", sample.name, change(radiograph, name))

    def _measure_files(self, part: str, group: str, paths: list[Path]) -> Iterator[Row]:
        for path in paths:
            try:
                yield self._row(part, group, path.name, read_radiograph_file(path))
            except IntakeError:
                yield Row(part, group, path.name, True, (NOT_READ,))

    def _row(self, part: str, group: str, name: str, radiograph: Radiograph) -> Row:
        found = self._check(radiograph)
        return Row(part, group, name, found.is_refused, tuple(finding.kind for finding in found.concerns))

    def _check(self, radiograph: Radiograph) -> Suitability:
        def read(picture: Radiograph) -> np.ndarray:
            features: np.ndarray = compute_features(
                self._network, self._checkpoint.manifest, [picture], lambda count: None
            )[0]
            return features

        return self._suitability.check(radiograph, read(radiograph), read_features=read)


def _choose(samples: list[Sample], dataset: str) -> list[Sample]:
    own = [sample for sample in samples if sample.dataset == dataset]
    return [own[index] for index in choose_evenly(len(own), CHANGED)]


def summarize(checkpoint: Checkpoint, rows: list[Row]) -> dict[str, Any]:
    """Return the figures: a table a part, a row a group, shares with their exact 95% interval."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for part, group in dict.fromkeys((row.part, row.group) for row in rows):
        own = [row for row in rows if row.part == part]
        name, lead = _name_table(part)
        table = tables.setdefault(name, [])
        if all(each["of"] != (lead or "all") for each in table):
            table.append(_summarize_group(lead or "all", own))
        if group != "all":
            title = f"{lead}: {group}" if lead else group
            table.append(_summarize_group(title, [row for row in own if row.group == group]))
    return {
        "title": "What the gate refuses",
        "checkpoint": checkpoint.name,
        "weights": checkpoint.manifest.weights_sha256[:12],
        **tables,
    }


def _name_table(part: str) -> tuple[str, str]:
    """Return a part's table, and what stands before its groups: data sets share a table."""
    if part in (HARMLESS_PART, HARMFUL_PART, FILMS_PART, OTHERS_PART):
        return part, ""
    return "radiographs of the test side", part


def _summarize_group(name: str, rows: list[Row]) -> dict[str, Any]:
    refused = sum(row.is_refused for row in rows)
    interval = binomtest(refused, len(rows)).proportion_ci(0.95, "exact")
    kinds = Counter(kind for row in rows for kind in row.kinds)
    return {
        "of": name,
        "n": len(rows),
        "refused": f"{refused / len(rows):.3f} [{interval.low:.3f}, {interval.high:.3f}]",
        "found": "; ".join(f"{kind} {count}" for kind, count in kinds.most_common(6)),
    }


def write_suitability_table(path: Path, rows: list[Row]) -> None:
    """Write a row a picture as CSV, atomically."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["part", "group", "name", "refused", "found"])
    writer.writerows([row.part, row.group, row.name, int(row.is_refused), "; ".join(row.kinds)] for row in rows)
    write_atomically(path, stream.getvalue().encode("utf-8"))

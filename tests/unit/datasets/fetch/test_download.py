"""A download goes on where the line broke."""

import pytest

from fracture_core.base.settings import Settings
from fracture_core.datasets.fetch.fetch import fetch_dataset
from fracture_core.datasets.sources import list_datasets
from tests.unit.datasets.fetch.conftest import fetch_failing, find_partial
from tests.unit.datasets.fetch.figshare_server import FakeFigshare


class TestBrokenLine:
    def test_goes_on_by_range(self, figshare: FakeFigshare) -> None:
        figshare.breaks = [300_000, 200_000]
        assert len(fetch_dataset("fracatlas").catalog.items) == 2
        assert figshare.ranges[0] is None and len(figshare.ranges) == 3
        starts = [int(asked.removeprefix("bytes=").rstrip("-")) for asked in figshare.ranges[1:]]
        assert 0 < starts[0] < starts[1] < len(figshare.content)

    def test_server_without_ranges_starts_anew(self, figshare: FakeFigshare) -> None:
        figshare.breaks, figshare.knows_ranges = [600_000], False
        assert len(fetch_dataset("fracatlas").catalog.items) == 2

    def test_file_that_changed_starts_anew(self, figshare: FakeFigshare, own_settings: Settings) -> None:
        figshare.breaks = [300_000, 0, 0]
        fetch_failing("broke off 3 times")
        figshare.etag = '"second"'
        assert len(fetch_dataset("fracatlas").catalog.items) == 2
        assert figshare.ranges[-1] is not None  # asked for the rest, on condition, and got the whole

    def test_gives_up_then_goes_on_in_another_call(self, figshare: FakeFigshare, own_settings: Settings) -> None:
        figshare.breaks = [400_000, 100_000, 100_000]
        error = fetch_failing(r"broke off 3 times, the last time at 5\d\d.\d kB of 1.0 MB \(the connection broke\)")
        assert error.remedy == "Run the command again: it goes on from there."
        kept = find_partial(own_settings).stat().st_size
        assert len(fetch_dataset("fracatlas").catalog.items) == 2
        assert figshare.ranges[-1] == f"bytes={kept}-"

    def test_interrupted_then_run_again(self, figshare: FakeFigshare, own_settings: Settings) -> None:
        def interrupt(stage: str, done: int, total: int) -> None:
            if done > 500_000:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch_dataset("fracatlas", progress=interrupt)
        assert list_datasets() == ["phantoms"] and find_partial(own_settings).stat().st_size > 500_000
        assert len(fetch_dataset("fracatlas").catalog.items) == 2

    def test_interrupted_while_unpacking(self, figshare: FakeFigshare, own_settings: Settings) -> None:
        def interrupt(stage: str, done: int, total: int) -> None:
            if stage == "Unpacking":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch_dataset("fracatlas", progress=interrupt)
        assert list_datasets() == ["phantoms"]
        figshare.ranges.clear()
        assert len(fetch_dataset("fracatlas").catalog.items) == 2
        assert figshare.ranges == []  # it had come whole

    def test_busy_server_is_asked_again(self, figshare: FakeFigshare) -> None:
        figshare.statuses = [503, 429]
        assert len(fetch_dataset("fracatlas").catalog.items) == 2

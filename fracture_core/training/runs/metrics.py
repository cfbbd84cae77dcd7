"""A run's measurements for whoever watches it: each look reads only what is new.

Apart: a page follows a run without the code that writes it.
"""

import pandas as pd
from sqlalchemy import func, select

from fracture_core.base import Settings
from fracture_core.store import MetricRow, reading_session
from fracture_core.training.runs.run import MetricPoint


class MetricsFollower:
    """Keeps what it read of one run.

    Points may also come late or go (a resumed run drops what it does again), so
    each look counts the earlier ones, and reads all anew where the count differs.
    """

    def __init__(self, run_id: str, settings: Settings | None = None) -> None:
        self._run_id, self._settings = run_id, settings
        self._kept = pd.DataFrame(columns=list(MetricPoint._fields))

    def read(self) -> pd.DataFrame:
        """Return columns step, epoch, name, value by step; empty before the first measurement.

        Raises:
            StoreError: the database cannot be used.
        """
        of_run = MetricRow.run_id == self._run_id
        columns = (MetricRow.step, MetricRow.epoch, MetricRow.name, MetricRow.value)
        last = -1 if self._kept.empty else int(self._kept["step"].iloc[-1])
        earlier = self._kept[self._kept["step"] < last]
        with reading_session(self._settings) as session:
            count = session.scalar(select(func.count()).where(of_run, MetricRow.step < last))
            if count != len(earlier):
                last, earlier = -1, self._kept[:0]
            query = select(*columns).where(of_run, MetricRow.step >= last).order_by(MetricRow.step, MetricRow.name)
            found = pd.DataFrame(session.execute(query).all(), columns=list(MetricPoint._fields))
        self._kept = found if earlier.empty else pd.concat([earlier, found], ignore_index=True)
        return self._kept

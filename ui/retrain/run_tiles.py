"""The newest figures of a run as tiles, each with its course in small."""

import numpy as np
import pandas as pd
import streamlit as st

from ui.retrain.curves import last_value

_DRAWN_POINTS = 80
_TILES = {
    "Validation accuracy": ("val_accuracy", "{:.3f}"),
    "Validation AUROC": ("val_auroc", "{:.3f}"),
    "Training loss": ("train_loss", "{:.3f}"),
    "Learning rate": ("learning_rate", "{:.2g}"),
    "Images per second": ("images_per_s", "{:.1f}"),
    "Memory": ("memory_gb", "{:.1f} GB"),
}


def show_tiles(metrics: pd.DataFrame) -> None:
    """Show each figure that was measured."""
    with st.grid(6, min_column_width=150, gap="small"):
        for title, (name, form) in _TILES.items():
            value = last_value(metrics, name)
            if value is None:
                st.metric(title, "–", border=True, height="stretch")
                continue
            course = metrics.loc[metrics["name"] == name, "value"].to_numpy()
            stretches = np.array_split(course, min(len(course), _DRAWN_POINTS))
            drawn = [float(stretch.mean()) for stretch in stretches] if len(course) > 1 else None
            st.metric(title, form.format(value), border=True, height="stretch", chart_data=drawn)

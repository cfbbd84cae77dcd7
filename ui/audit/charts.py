"""Charts of an audit: files per radiograph, class by region, shortcuts, leaks."""

import plotly.graph_objects as go

from fracture_core.datasets import LABELS, AuditReport, SplitAudit
from ui.shared.charts import NEUTRAL, choose_palette, finish

_ROW_PX = 34
_LEGEND_ABOVE = {"y": 1.02, "yanchor": "bottom"}  # a short chart has no room for it below the axis


def draw_copies(report: AuditReport) -> go.Figure:
    """Return how many radiographs have one file, two files, and so on."""
    palette = choose_palette()
    figure = go.Figure()
    figure.add_bar(
        x=[str(files) for files in report.copies],
        y=list(report.copies.values()),
        text=[f"{count:,}" for count in report.copies.values()],
        textposition="outside",
        cliponaxis=False,
        marker_color=[palette.cool if files == 1 else palette.warm for files in report.copies],
        hovertemplate="%{y:,} radiographs with %{x} files each<extra></extra>",
    )
    figure.update_xaxes(title="files of one radiograph", type="category")
    figure.update_yaxes(title="radiographs", showticklabels=False)
    return finish(figure, height_px=280)


def draw_strata(report: AuditReport) -> go.Figure:
    """Return radiographs by region and class."""
    palette = choose_palette()
    figure = go.Figure()
    for label, colour in zip(LABELS, (palette.cool, palette.warm), strict=True):
        part = [stratum for stratum in report.strata if stratum.label == label]
        figure.add_bar(
            x=[stratum.radiographs for stratum in part],
            y=[stratum.region for stratum in part],
            orientation="h",
            name=label,
            marker_color=colour,
            customdata=[stratum.files for stratum in part],
            hovertemplate="%{y}: %{x:,} radiographs in %{customdata:,} files<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="group", bargap=0.3)
    figure.update_xaxes(title="radiographs")
    regions = len({stratum.region for stratum in report.strata})
    return finish(figure, height_px=max(240, 130 + 2 * _ROW_PX * regions)).update_layout(legend=_LEGEND_ABOVE)


def draw_shortcuts(report: AuditReport) -> go.Figure:
    """Return the AUROC of each simple number with its interval, against chance."""
    palette = choose_palette()
    shown = list(reversed(report.shortcuts))  # the strongest at the top
    figure = go.Figure()
    for flagged, name, colour in ((True, "tells the label", palette.warm), (False, "near chance", palette.cool)):
        part = [shortcut for shortcut in shown if shortcut.flagged == flagged]
        if part:
            figure.add_scatter(
                x=[shortcut.auroc for shortcut in part],
                y=[shortcut.name for shortcut in part],
                mode="markers",
                name=name,
                marker={"color": colour, "size": 11},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "color": colour,
                    "thickness": 2,
                    "width": 0,
                    "array": [shortcut.high - shortcut.auroc for shortcut in part],
                    "arrayminus": [shortcut.auroc - shortcut.low for shortcut in part],
                },
                customdata=[[shortcut.low, shortcut.high] for shortcut in part],
                hovertemplate="%{y}: %{x:.2f} (%{customdata[0]:.2f} to %{customdata[1]:.2f})<extra></extra>",
            )
    figure.add_vline(
        0.5,
        line_color=NEUTRAL,
        line_width=1.5,
        line_dash="dot",
        annotation_text="chance",
        annotation_position="bottom right",
    )
    figure.update_xaxes(title="AUROC, 95% interval")
    figure.update_yaxes(categoryorder="array", categoryarray=[shortcut.name for shortcut in shown])
    return finish(figure, height_px=120 + _ROW_PX * len(shown)).update_layout(legend=_LEGEND_ABOVE)


def draw_leaks(split: SplitAudit) -> go.Figure:
    """Return files by side, and how many of those held out show what is in train."""
    palette = choose_palette()
    sides = list(split.files)
    leaking = dict.fromkeys(sides, 0)
    for leak in split.leaks:
        if leak.kind == "radiograph" and "train" in leak.files:
            for side, count in leak.files.items():
                leaking[side] += count if side != "train" else 0
    figure = go.Figure()
    for name, counts, colour in (
        ("radiograph of this side alone", [split.files[side] - leaking[side] for side in sides], palette.cool),
        ("radiograph also in train", [leaking[side] for side in sides], palette.warm),
    ):
        figure.add_bar(
            x=counts,
            y=sides,
            orientation="h",
            name=name,
            marker_color=colour,
            hovertemplate="%{y}: %{x:,} files<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title="files")
    return finish(figure, height_px=130 + _ROW_PX * len(sides)).update_layout(legend=_LEGEND_ABOVE)

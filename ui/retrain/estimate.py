"""How long a training will take, from what was measured."""

import streamlit as st

from fracture_core.reading import choose_device
from fracture_core.training import Preview, TrainingRequest, find_speed, resolve_recipe
from ui.shared.durations import word_duration
from ui.shared.errors import show_errors

_MEASURED_KEY = "fx_measured_steps"
_DECIDES = {"recipe", "input_size_px", "batch_size", "teacher", "initial", "augmentation", "device", "threads"}


def show_estimate(request: TrainingRequest, preview: Preview | None) -> None:
    """Show about how long a training takes, or what is to be done to know."""
    with show_errors("estimating the time of a training"):
        if preview is None:
            st.caption("How long it takes can be told once the data has been checked.")
            return
        speed = find_speed(request, choose_device(request.device).type)
        if speed:
            seconds = preview.drawn * resolve_recipe(request).epochs / speed
            st.markdown(
                f"Takes **about {word_duration(seconds)}** (measured: an earlier run read {speed:.1f} images a second)."
            )
        else:
            _offer_measuring(request, preview)


def _offer_measuring(request: TrainingRequest, preview: Preview) -> None:
    measured: dict[str, float] = st.session_state.setdefault(_MEASURED_KEY, {})
    key = request.model_dump_json(include=_DECIDES)
    if key not in measured and st.button("Measure a step", icon=":material/timer:", key="measure"):
        from fracture_core.training import measure_step_s  # loads the whole trainer, so only when asked

        with st.spinner("Training a few steps on noise"):
            measured[key] = measure_step_s(request)
    if key in measured:
        seconds = _estimate(request, preview, measured[key])
        measuring = f"measured: {measured[key]:.2g} s a step; longer while the machine does other work"
        st.markdown(f"Takes **about {word_duration(seconds)}** ({measuring}).")
    else:
        st.caption(
            "No earlier run of this recipe, input size, batch and device: measure a step to know how long it takes."
        )


def _estimate(request: TrainingRequest, preview: Preview, step_s: float) -> float:
    from fracture_core.training import estimate_training_s

    times = 2 if resolve_recipe(request).mirror_copies else 1
    return estimate_training_s(request, preview.drawn // times, step_s)

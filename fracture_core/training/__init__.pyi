"""Training: recipes, augmentation, the LightningModule and one run."""

from .estimate import (
    estimate_training_s as estimate_training_s,
)
from .estimate import (
    measure_step_s as measure_step_s,
)
from .jobs import (
    find_place_in_queue as find_place_in_queue,
)
from .jobs import (
    list_runs as list_runs,
)
from .jobs import (
    read_log_tail as read_log_tail,
)
from .jobs import (
    read_run as read_run,
)
from .jobs import (
    resume_training as resume_training,
)
from .jobs import (
    start_training as start_training,
)
from .jobs import (
    stop_training as stop_training,
)
from .needs import find_missing as find_missing
from .preview import (
    Preview as Preview,
)
from .preview import (
    PreviewSide as PreviewSide,
)
from .preview import (
    preview_data as preview_data,
)
from .processes import find_rank as find_rank
from .recipes import (
    AUGMENTATIONS as AUGMENTATIONS,
)
from .recipes import (
    RECIPES as RECIPES,
)
from .recipes import (
    Recipe as Recipe,
)
from .recipes import (
    resolve_recipe as resolve_recipe,
)
from .run import (
    follow_training as follow_training,
)
from .run import (
    run_training as run_training,
)
from .run_history.export import (
    to_csv as to_csv,
)
from .run_history.export import (
    write_tensorboard as write_tensorboard,
)
from .run_history.export import (
    zip_tensorboard as zip_tensorboard,
)
from .run_history.settings import (
    find_differences as find_differences,
)
from .run_history.settings import find_speed as find_speed
from .run_history.settings import (
    list_settings as list_settings,
)
from .run_history.settings import (
    shorten_data as shorten_data,
)
from .runs.courtesy import (
    count_background_threads as count_background_threads,
)
from .runs.courtesy import (
    yield_to_others as yield_to_others,
)
from .runs.metrics import MetricsFollower as MetricsFollower
from .runs.run import (
    Run as Run,
)
from .runs.run import (
    RunState as RunState,
)
from .runs.run import (
    TrainingRequest as TrainingRequest,
)
from .runs.run import (
    create_run as create_run,
)
from .runs.run import (
    find_run as find_run,
)
from .runs.run import (
    list_states as list_states,
)
from .runs.run import (
    now as now,
)

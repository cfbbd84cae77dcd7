"""What knows nothing of radiographs: errors, settings, files, incidents, memory, work in the background."""

from .allocator import keep_freed_memory as keep_freed_memory
from .background.begin import (
    cancel_task as cancel_task,
)
from .background.begin import (
    dismiss_task as dismiss_task,
)
from .background.begin import (
    start_task as start_task,
)
from .background.detach import (
    build_child_environment as build_child_environment,
)
from .background.detach import (
    build_detached_options as build_detached_options,
)
from .background.states import (
    BackgroundTask as BackgroundTask,
)
from .background.states import (
    TaskState as TaskState,
)
from .background.states import (
    list_tasks as list_tasks,
)
from .background.states import (
    read_task as read_task,
)
from .background.work import working_on_task as working_on_task
from .csv_cells import quote_cell as quote_cell
from .errors import (
    ApiError as ApiError,
)
from .errors import (
    CheckpointDamagedError as CheckpointDamagedError,
)
from .errors import (
    CheckpointError as CheckpointError,
)
from .errors import (
    CheckpointExistsError as CheckpointExistsError,
)
from .errors import (
    CheckpointNotFoundError as CheckpointNotFoundError,
)
from .errors import (
    CorruptFileError as CorruptFileError,
)
from .errors import (
    DatasetError as DatasetError,
)
from .errors import (
    DeidentificationError as DeidentificationError,
)
from .errors import (
    DeviceError as DeviceError,
)
from .errors import (
    EmptyFileError as EmptyFileError,
)
from .errors import (
    EncryptedFileError as EncryptedFileError,
)
from .errors import (
    EvaluationError as EvaluationError,
)
from .errors import (
    ExportError as ExportError,
)
from .errors import (
    FailureFilterError as FailureFilterError,
)
from .errors import (
    FeedbackError as FeedbackError,
)
from .errors import (
    FractureError as FractureError,
)
from .errors import (
    FrameNotFoundError as FrameNotFoundError,
)
from .errors import (
    HistoryError as HistoryError,
)
from .errors import (
    IntakeError as IntakeError,
)
from .errors import (
    JobError as JobError,
)
from .errors import (
    LeakError as LeakError,
)
from .errors import (
    LimitExceededError as LimitExceededError,
)
from .errors import (
    NeighbourError as NeighbourError,
)
from .errors import (
    NoPixelsError as NoPixelsError,
)
from .errors import (
    NotDicomError as NotDicomError,
)
from .errors import (
    NumericsError as NumericsError,
)
from .errors import (
    ObjectRefusedError as ObjectRefusedError,
)
from .errors import (
    PacsError as PacsError,
)
from .errors import (
    PromotionError as PromotionError,
)
from .errors import (
    ReportError as ReportError,
)
from .errors import (
    RequestKeyError as RequestKeyError,
)
from .errors import (
    ReviewError as ReviewError,
)
from .errors import (
    RunHeldError as RunHeldError,
)
from .errors import (
    SettingsError as SettingsError,
)
from .errors import (
    ShapeError as ShapeError,
)
from .errors import (
    StoreBusyError as StoreBusyError,
)
from .errors import (
    StoreError as StoreError,
)
from .errors import (
    StoreFullError as StoreFullError,
)
from .errors import (
    SuitabilityError as SuitabilityError,
)
from .errors import (
    TrainingError as TrainingError,
)
from .errors import (
    UnsupportedTypeError as UnsupportedTypeError,
)
from .errors import (
    WorklistError as WorklistError,
)
from .errors import (
    quote_first as quote_first,
)
from .files import (
    drop_unfinished as drop_unfinished,
)
from .files import (
    sync_directory as sync_directory,
)
from .files import (
    write_atomically as write_atomically,
)
from .files import (
    write_atomically_with as write_atomically_with,
)
from .files import (
    write_json as write_json,
)
from .incidents import (
    configure_logging as configure_logging,
)
from .incidents import (
    log_incident as log_incident,
)
from .progress import (
    CountProgress as CountProgress,
)
from .progress import (
    StageProgress as StageProgress,
)
from .settings import (
    IS_INSTALLED as IS_INSTALLED,
)
from .settings import (
    PROJECT_DIR as PROJECT_DIR,
)
from .settings import (
    Settings as Settings,
)
from .settings import (
    get_settings as get_settings,
)
from .settings import (
    word_install as word_install,
)

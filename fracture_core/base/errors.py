"""The project's own errors. Each says what is wrong and what to do about it.

FractureError
├── SettingsError             a setting is missing or out of range
├── IntakeError               a file cannot be read as a radiograph
│   ├── EmptyFileError            no bytes
│   ├── UnsupportedTypeError      not JPEG, PNG, TIFF or DICOM (or a kind of them we do not read)
│   ├── CorruptFileError          cut short or damaged
│   ├── EncryptedFileError        protected content
│   ├── LimitExceededError        too many bytes, pixels or frames
│   ├── NoPixelsError             a DICOM object that holds no image
│   └── FrameNotFoundError        the frame asked for does not exist
├── ShapeError                a tensor has the wrong shape
├── NumericsError             a number is not finite
├── DeviceError               the device asked for is not there
├── DatasetError              a data set cannot be read or split
├── CheckpointError           a checkpoint cannot be used
│   ├── CheckpointNotFoundError   no checkpoint of that name
│   ├── CheckpointExistsError     the name is taken; nothing is overwritten
│   └── CheckpointDamagedError    files missing, altered or not ours
├── TrainingError             a training cannot start or go on
├── EvaluationError           figures cannot be computed
│   └── LeakError                 a side shares radiographs with the training
├── FailureFilterError        a filter over failures cannot be understood
├── JobError                  a training process cannot be started or found
│   ├── RunHeldError              another process is at work on the run
│   └── TaskHeldError             another process is doing just that
├── StateUnwritableError      the folder of the app's own files cannot be written
├── ReportError               a report or a DICOM object about a reading cannot be made
│   └── NotDicomError             what only a DICOM file can give was asked of another
├── DeidentificationError     a file cannot be stripped of what identifies a person
├── PromotionError            a model cannot take the place of the one in use
├── SuitabilityError          a picture is not one to be read, or the gate cannot be set up
├── ReviewError               a tag, note or proposed label cannot be kept as given
├── ExportError               a view of failures cannot be written out
├── NeighbourError            the nearest training radiographs cannot be told
├── WorklistError             a worklist cannot be made, found or changed as asked
├── HistoryError              a reading cannot be found or changed as asked
│   └── RequestKeyError           a key that names one request came with another one
├── FeedbackError             what is said of a reading cannot be kept as given
├── PacsError                 an image archive cannot be reached, or does not do what was asked
│   └── ObjectRefusedError    it takes other objects, but not this one
├── ApiError                  a request to the API cannot be answered as asked
└── StoreError                the database cannot be used
    ├── StoreBusyError            locked by another process for too long
    └── StoreFullError            no room on its disk
"""


class FractureError(Exception):
    """Base of all errors that a person is meant to read.

    Args:
        problem: one sentence that says what is wrong.
        remedy: one sentence that says what to do; may be empty.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}".strip())


class SettingsError(FractureError):
    """A setting is missing or out of range; the message names its key."""


class IntakeError(FractureError):
    """A file cannot be read as a radiograph."""


class EmptyFileError(IntakeError):
    """The file holds no bytes."""


class UnsupportedTypeError(IntakeError):
    """The content is of a type that is not read."""


class CorruptFileError(IntakeError):
    """The file is cut short or damaged."""


class EncryptedFileError(IntakeError):
    """The content is encrypted."""


class LimitExceededError(IntakeError):
    """The file exceeds a configured limit; checked before pixels are decoded."""


class NoPixelsError(IntakeError):
    """A DICOM object that holds no image."""


class FrameNotFoundError(IntakeError):
    """The frame asked for does not exist."""


class ShapeError(FractureError):
    """A tensor has the wrong shape.

    Args:
        what: name of the tensor.
        actual: its shape.
        expected: the shape wanted, in words or symbols, such as ``"(N, 1, H, W)"``.
    """

    def __init__(self, what: str, actual: tuple[int, ...], expected: str) -> None:
        self.actual = tuple(actual)
        self.expected = expected
        super().__init__(f"{what} has shape {self.actual}, expected {expected}.")


class NumericsError(FractureError):
    """A number that must be finite is not."""


class DeviceError(FractureError):
    """The device asked for is not there or does not work."""


class DatasetError(FractureError):
    """A data set cannot be read or split."""


class CheckpointError(FractureError):
    """A checkpoint cannot be used."""


class CheckpointNotFoundError(CheckpointError):
    """No checkpoint of that name."""


class CheckpointExistsError(CheckpointError):
    """The name is taken; a checkpoint is never overwritten."""


class CheckpointDamagedError(CheckpointError):
    """Files of a checkpoint are missing, altered or of another kind."""


class TrainingError(FractureError):
    """A training cannot start or go on."""


class EvaluationError(FractureError):
    """Figures cannot be computed from what was given."""


class LeakError(EvaluationError):
    """A side shares radiographs with what was learned from; figures over it would be too good."""


class FailureFilterError(FractureError):
    """A filter over failures cannot be understood; the message names it and says what it may be."""


class JobError(FractureError):
    """A training process cannot be started, found or stopped."""


class RunHeldError(JobError):
    """Another process is at work on the run."""


class TaskHeldError(JobError):
    """Another process is doing just that; nothing was done twice."""


class StateUnwritableError(FractureError):
    """The folder that the app keeps its own files in cannot be written."""


class ReportError(FractureError):
    """A report or a DICOM object about a reading cannot be made."""


class NotDicomError(ReportError):
    """What only a DICOM file can give was asked of a file of another type."""


class DeidentificationError(FractureError):
    """A file cannot be stripped of what identifies a person."""


class PromotionError(FractureError):
    """A model cannot take the place of the one in use."""


class SuitabilityError(FractureError):
    """A picture is not one that the model can be asked about, or what tells so cannot be made or read."""


class ReviewError(FractureError):
    """A tag, note or proposed label cannot be kept as given."""


class ExportError(FractureError):
    """A view of failures cannot be written out."""


class NeighbourError(FractureError):
    """The nearest training radiographs cannot be told."""


class WorklistError(FractureError):
    """A worklist cannot be made, found or changed as asked."""


class HistoryError(FractureError):
    """A reading cannot be found or changed as asked."""


class RequestKeyError(HistoryError):
    """A key that names one request came with another one."""


class FeedbackError(FractureError):
    """What is said of a reading cannot be kept as given."""


class PacsError(FractureError):
    """An image archive cannot be reached, or does not do what was asked."""


class ObjectRefusedError(PacsError):
    """An image archive is there and takes other objects, but not this one."""


class ApiError(FractureError):
    """A request to the API cannot be answered as asked.

    Args:
        status: HTTP's.
        fields: what is wrong with which field of the request.
    """

    def __init__(self, status: int, problem: str, remedy: str = "", *, fields: dict[str, str] | None = None) -> None:
        self.status = status
        self.fields = fields or {}
        super().__init__(problem, remedy)


class StoreError(FractureError):
    """The database cannot be used."""


class StoreBusyError(StoreError):
    """Another process kept the database locked for too long."""


class StoreFullError(StoreError):
    """There is no room left on the database's disk."""


def quote_first(names: list[str], limit: int = 3) -> str:
    """Return the first few names for a message, such as ``a.jpg, b.jpg, c.jpg and 4 more``."""
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown

"""Checks against the configured limits, made on headers, before pixels are decoded."""

from fracture_core.base import CorruptFileError, FrameNotFoundError, LimitExceededError, Settings


def check_file_size(size_bytes: int, settings: Settings) -> None:
    """Raise LimitExceededError when a file has more than ``settings.max_file_bytes``."""
    if size_bytes > settings.max_file_bytes:
        raise LimitExceededError(
            f"The file has {size_bytes / 1e6:,.1f} MB; at most {settings.max_file_bytes / 1e6:,.1f} MB are read.",
            "Export the single radiograph instead of the whole study, or raise FRACTURE_MAX_FILE_BYTES.",
        )


def check_picture_size(width_px: int, height_px: int, settings: Settings) -> None:
    """Check the size that a header claims.

    Raises:
        CorruptFileError: no width or no height.
        LimitExceededError: more than ``settings.max_pixels``.
    """
    if width_px < 1 or height_px < 1:
        raise CorruptFileError(
            f"The file's header claims a picture of {width_px} x {height_px} pixels.",
            "Export the radiograph again from the PACS.",
        )
    if width_px * height_px > settings.max_pixels:
        raise LimitExceededError(
            f"The file's header claims {width_px} x {height_px} pixels; at most {settings.max_pixels:,} are read.",
            "Export the radiograph at its usual size, or raise FRACTURE_MAX_PIXELS.",
        )


def check_frame(frame: int, frame_count: int, settings: Settings) -> None:
    """Check the number of frames and the one that is asked for.

    Raises:
        LimitExceededError: more than ``settings.max_frames``.
        FrameNotFoundError: ``frame`` (zero-based) is not one of them.
    """
    if frame_count > settings.max_frames:
        raise LimitExceededError(
            f"The file holds {frame_count} frames; at most {settings.max_frames} are read.",
            "Export the single frame that shows the radiograph, or raise FRACTURE_MAX_FRAMES.",
        )
    if not 0 <= frame < frame_count:
        raise FrameNotFoundError(
            f"Frame {frame} does not exist: the file holds {frame_count}, counted from 0.",
            f"Choose a frame from 0 to {frame_count - 1}.",
        )

"""Checkpoints on disk: a folder of safetensors and readable JSON, verified when loaded.

NAME/model.safetensors   weights; no pickle is ever written or loaded
NAME/manifest.json       what they are, how to feed them, where they come from
NAME/evaluation.json     figures and per-image predictions (see evaluation/)
NAME/predictions-*.csv   the predictions again, as tables
NAME/split.json          which file was on which side in training (see evaluation/sides.py)
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors

from fracture_core.base import (
    IS_INSTALLED,
    PROJECT_DIR,
    CheckpointDamagedError,
    CheckpointError,
    CheckpointExistsError,
    CheckpointNotFoundError,
    Settings,
    get_settings,
    sync_directory,
    write_atomically,
    write_json,
)
from fracture_core.networks.architectures import build_network
from fracture_core.networks.inception import FractureNetwork
from fracture_core.networks.manifest import Manifest
from fracture_core.networks.serving import ServedModel, find_last_serving_change, find_served_name

MANIFEST_NAME = "manifest.json"
WEIGHTS_NAME = "model.safetensors"
EVALUATION_NAME = "evaluation.json"
SPLIT_NAME = "split.json"
_ROLL_BACK = (
    "Put its folder back, or take the model before it into use: "
    "python -m fracture_core checkpoints rollback --reason '...', or Roll back on the page Retrain."
)
CHECKPOINT_NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")

# Where a recipe names first weights or a teacher, and means no checkpoint; ImageNet holds no radiographs of test sets.
NO_CHECKPOINT = ("", "random", "imagenet")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint whose manifest was read; weights are read and verified by ``load_network``."""

    name: str
    directory: Path
    manifest: Manifest

    @property
    def evaluation_path(self) -> Path:
        """Return where its figures are kept; the file need not be there."""
        return self.directory / EVALUATION_NAME

    @property
    def split_path(self) -> Path:
        """Return where it says which file was on which side; the file need not be there."""
        return self.directory / SPLIT_NAME

    def load_network(self) -> FractureNetwork:
        """Return the network in eval mode on the CPU.

        Raises:
            CheckpointDamagedError: the weights are missing, not the ones the
                manifest names, or of another architecture.
        """
        data = _read_bytes(self.directory / WEIGHTS_NAME)
        _verify_hash(data, self.manifest.weights_sha256, self.name)
        network = build_network(self.manifest.network)
        try:
            network.load_state_dict(load_safetensors(data))
        except (SafetensorError, RuntimeError) as error:
            raise CheckpointDamagedError(
                f"The weights of checkpoint '{self.name}' do not fit its network.",
                "Copy the checkpoint folder again from its source.",
            ) from error
        return network.eval()


def read_checkpoint(directory: Path, name: str | None = None) -> Checkpoint:
    """Read a checkpoint folder's manifest.

    Raises:
        CheckpointNotFoundError: there is no manifest.
        CheckpointDamagedError: the manifest cannot be understood.
    """
    path = directory / MANIFEST_NAME
    if not path.is_file():
        raise CheckpointNotFoundError(f"'{directory}' is not a checkpoint: it has no {MANIFEST_NAME}.")
    try:
        manifest = Manifest.model_validate_json(_read_bytes(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CheckpointDamagedError(
            f"The manifest of checkpoint '{name or directory.name}' is damaged at '{where}': {first['msg']}.",
            "Copy the checkpoint folder again from its source.",
        ) from error
    return Checkpoint(name or directory.name, directory, manifest)


def list_checkpoints(settings: Settings | None = None) -> list[Checkpoint]:
    """Return the checkpoints that can be served, the one in use first; damaged ones are left out."""
    settings = settings or get_settings()
    in_use = find_served_name(settings)
    found = []
    for name, directory in _find_directories(settings).items():
        try:
            found.append(read_checkpoint(directory, name))
        except CheckpointDamagedError:
            continue
    return sorted(found, key=lambda checkpoint: (checkpoint.name != in_use, checkpoint.name))


def find_checkpoint(name: str | None = None, settings: Settings | None = None) -> Checkpoint:
    """Return the checkpoint called ``name``, or the one in use; "default" is that one too.

    Raises:
        CheckpointNotFoundError: none of that name; says which exist. Or the model in
            use has gone; says how to roll back.
        CheckpointDamagedError: its manifest cannot be understood, or the folder of
            the model in use holds other weights than were promoted.
    """
    settings = settings or get_settings()
    directories = _find_directories(settings)
    if not name or (name == "default" and name not in directories):
        if (change := find_last_serving_change(settings)) is not None:
            return find_promoted_checkpoint(change.model, settings)
        name = settings.default_checkpoint
    if name not in directories:
        known = ", ".join(sorted(directories)) or "none yet"
        raise CheckpointNotFoundError(
            f"There is no checkpoint called '{name}' (known: {known}).",
            "Choose one of those, or train one with: python -m fracture_core train.",
        )
    return read_checkpoint(directories[name], name)


def find_promoted_checkpoint(model: ServedModel, settings: Settings | None = None) -> Checkpoint:
    """Return the checkpoint that the history names, by name and weights.

    Raises:
        CheckpointNotFoundError: its folder has gone.
        CheckpointDamagedError: its manifest cannot be understood or is of other weights.
    """
    directory = _find_directories(settings or get_settings()).get(model.name)
    if directory is None:
        raise CheckpointNotFoundError(
            f"The model '{model.name}' was taken into use here, but its folder has gone.", _ROLL_BACK
        )
    try:
        checkpoint = read_checkpoint(directory, model.name)
    except CheckpointDamagedError as error:
        raise CheckpointDamagedError(error.problem, _ROLL_BACK) from error
    if model.sha256 not in ("", checkpoint.manifest.weights_sha256):
        raise CheckpointDamagedError(
            f"The folder of '{model.name}' no longer holds the weights that were promoted.", _ROLL_BACK
        )
    return checkpoint


def save_checkpoint(directory: Path, network: FractureNetwork, manifest_fields: dict[str, Any]) -> Checkpoint:
    """Write a new checkpoint folder in one step: it is there whole, or not at all.

    Args:
        directory: must not exist; its name is the checkpoint's name.
        network: any device; parameters and buffers are saved as float32, those that
            ``round_network_weights`` rounded as float16.
        manifest_fields: fields of ``Manifest`` but hash, time and network.

    Raises:
        CheckpointExistsError: the folder exists; nothing is overwritten.
    """
    _check_name(directory.name)
    _check_is_free(directory)
    state = {name: _shorten(tensor.detach().cpu().contiguous()) for name, tensor in network.state_dict().items()}
    weights = save_safetensors(state)
    manifest = Manifest(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        network=network.config,
        weights_sha256=_hash(weights),
        **manifest_fields,
    )
    with _new_directory(directory) as partial:
        write_atomically(partial / WEIGHTS_NAME, weights)
        write_json(partial / MANIFEST_NAME, manifest.model_dump(mode="json"))
    return Checkpoint(directory.name, directory, manifest)


def round_network_weights(network: FractureNetwork) -> None:
    """Round kernels and matrices to what 16 bits hold, so that the file is half as large.

    To be done before calibrating and evaluating: figures are of the weights that are saved.
    """
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim > 1:
                parameter.copy_(parameter.half())


def _shorten(tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor in 16 bits if that loses nothing."""
    short = tensor.half() if tensor.ndim > 1 and tensor.dtype == torch.float32 else tensor
    return short if torch.equal(short.to(tensor.dtype), tensor) else tensor


def check_name_is_free(name: str, settings: Settings | None = None) -> None:
    """Raise CheckpointExistsError if ``name`` is taken, CheckpointError if it cannot be a name."""
    _check_name(name)
    for folder in _list_folders(settings or get_settings()):
        _check_is_free(folder / name)


def install_checkpoint(checkpoint: Checkpoint, name: str, settings: Settings | None = None) -> Checkpoint:
    """Copy a checkpoint into the checkpoints folder under a new name, whole or not at all.

    Raises:
        CheckpointExistsError: the name is taken.
        CheckpointDamagedError: the copy's weights are not the ones the manifest names.
    """
    check_name_is_free(name, settings)
    directory = (settings or get_settings()).checkpoints_dir / name
    with _new_directory(directory) as partial:
        shutil.copytree(checkpoint.directory, partial, dirs_exist_ok=True)
        read_checkpoint(partial, name).load_network()
    return read_checkpoint(directory)


@contextmanager
def _new_directory(directory: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes ``directory`` at the end, or vanishes on an error."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=directory.parent, prefix=f".{directory.name}."))
    try:
        yield partial
        partial.chmod(0o755)
        partial.rename(directory)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_directory(directory.parent)


def _check_name(name: str) -> None:
    if not CHECKPOINT_NAME_PATTERN.fullmatch(name):
        raise CheckpointError(
            f"'{name}' cannot be the name of a checkpoint.",
            "Use letters, digits, dot, hyphen and underscore, 80 at most.",
        )


def _check_is_free(directory: Path) -> None:
    if directory.exists():
        raise CheckpointExistsError(
            f"A checkpoint called '{directory.name}' exists already; it is not overwritten.", "Choose another name."
        )


def read_checkpoint_json(path: Path) -> Any:
    """Return the JSON of a checkpoint's file.

    Raises:
        CheckpointDamagedError: missing or not JSON.
    """
    try:
        return json.loads(_read_bytes(path))
    except ValueError as error:
        raise CheckpointDamagedError(f"'{path.name}' in '{path.parent.name}' is not readable JSON.") from error


def _find_directories(settings: Settings) -> dict[str, Path]:
    """Shipped checkpoints, and the ones that finished runs left; a shipped name wins."""
    run_results = (settings.state_dir / "runs").glob("*/checkpoint/" + MANIFEST_NAME)
    found = {path.parent.parent.name: path.parent for path in run_results}
    for folder in _list_folders(settings):
        kept = folder.glob("*/" + MANIFEST_NAME)
        found |= {path.parent.name: path.parent for path in kept if not path.parent.name.startswith(".")}
    return found


def _list_folders(settings: Settings) -> list[Path]:
    """Folders of checkpoints, the one that counts last; a package's own is read, never written to."""
    packaged = [PROJECT_DIR / "checkpoints"] if IS_INSTALLED else []
    return [*packaged, settings.checkpoints_dir]


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CheckpointDamagedError(
            f"'{path.name}' of checkpoint '{path.parent.name}' cannot be read: {error.strerror}.",
            "Copy the checkpoint folder again from its source.",
        ) from error


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _verify_hash(data: bytes, expected: str, name: str) -> None:
    if _hash(data) != expected:
        raise CheckpointDamagedError(
            f"The weights of checkpoint '{name}' are not the ones its manifest names (SHA-256 differs).",
            "Copy the checkpoint folder again from its source.",
        )


def identify_checkpoint(checkpoint: Checkpoint) -> str:
    """Return a hash of the manifest: of the weights, and of how they are fed and judged."""
    return hashlib.sha256(checkpoint.manifest.model_dump_json().encode()).hexdigest()

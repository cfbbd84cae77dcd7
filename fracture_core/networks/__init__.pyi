"""Networks and the checkpoints that hold them: preprocessing, calls, and which checkpoint is in use."""

from .architectures import build_network as build_network
from .architectures import lay_out_for_speed as lay_out_for_speed
from .checkpoints import (
    CHECKPOINT_NAME_PATTERN as CHECKPOINT_NAME_PATTERN,
)
from .checkpoints import (
    NO_CHECKPOINT as NO_CHECKPOINT,
)
from .manifest import (
    Calibration as Calibration,
)
from .checkpoints import (
    Checkpoint as Checkpoint,
)
from .manifest import (
    DataRecord as DataRecord,
)
from .manifest import (
    Manifest as Manifest,
)
from .checkpoints import (
    check_name_is_free as check_name_is_free,
)
from .checkpoints import (
    find_checkpoint as find_checkpoint,
)
from .checkpoints import (
    find_promoted_checkpoint as find_promoted_checkpoint,
)
from .checkpoints import (
    identify_checkpoint as identify_checkpoint,
)
from .checkpoints import (
    install_checkpoint as install_checkpoint,
)
from .checkpoints import (
    list_checkpoints as list_checkpoints,
)
from .checkpoints import (
    read_checkpoint as read_checkpoint,
)
from .checkpoints import (
    read_checkpoint_json as read_checkpoint_json,
)
from .checkpoints import (
    round_network_weights as round_network_weights,
)
from .checkpoints import (
    save_checkpoint as save_checkpoint,
)
from .efficientnet_lite import (
    EfficientNetLite0 as EfficientNetLite0,
)
from .efficientnet_lite import (
    load_pretrained_weights as load_pretrained_weights,
)
from .inception import (
    Architecture as Architecture,
)
from .inception import (
    FractureNetwork as FractureNetwork,
)
from .inception import (
    NetworkConfig as NetworkConfig,
)
from .inception import (
    RadiographiesNet as RadiographiesNet,
)
from .inception import (
    summarize_network as summarize_network,
)
from .operating_points import (
    CALLS as CALLS,
)
from .operating_points import (
    OperatingPoint as OperatingPoint,
)
from .operating_points import (
    OperatingPoints as OperatingPoints,
)
from .operating_points import (
    decide_call as decide_call,
)
from .preprocessing import (
    Preprocessing as Preprocessing,
)
from .preprocessing import (
    fit_letterbox_frame as fit_letterbox_frame,
)
from .preprocessing import (
    letterbox as letterbox,
)
from .preprocessing import (
    normalize_squares as normalize_squares,
)
from .preprocessing import (
    standardize_images as standardize_images,
)
from .serving import (
    ServedModel as ServedModel,
)
from .serving import (
    ServingRecord as ServingRecord,
)
from .serving import (
    find_last_serving_change as find_last_serving_change,
)
from .serving import (
    find_served_model as find_served_model,
)
from .serving import (
    find_served_name as find_served_name,
)
from .serving import (
    list_earlier_models as list_earlier_models,
)
from .serving import (
    list_serving_history as list_serving_history,
)
from .serving import (
    record_promotion as record_promotion,
)
from .serving import (
    record_rollback as record_rollback,
)
from .torchvision_compat import ensure_torchvision_imports as ensure_torchvision_imports

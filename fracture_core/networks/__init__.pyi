"""networks"""

from .architectures import build_network as build_network
from .architectures import lay_out_for_speed as lay_out_for_speed
from .checkpoints import (
    NAME_PATTERN as NAME_PATTERN,
)
from .checkpoints import (
    NO_CHECKPOINT as NO_CHECKPOINT,
)
from .checkpoints import (
    Calibration as Calibration,
)
from .checkpoints import (
    Checkpoint as Checkpoint,
)
from .checkpoints import (
    DataRecord as DataRecord,
)
from .checkpoints import (
    Manifest as Manifest,
)
from .checkpoints import (
    check_name_is_free as check_name_is_free,
)
from .checkpoints import (
    find_checkpoint as find_checkpoint,
)
from .checkpoints import (
    find_promoted as find_promoted,
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
    read_json as read_json,
)
from .checkpoints import (
    round_weights as round_weights,
)
from .checkpoints import (
    save_checkpoint as save_checkpoint,
)
from .efficientnet_lite import (
    EfficientNetLite0 as EfficientNetLite0,
)
from .efficientnet_lite import (
    load_pretrained as load_pretrained,
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
    Call as Call,
)
from .operating_points import (
    OperatingPoint as OperatingPoint,
)
from .operating_points import (
    OperatingPoints as OperatingPoints,
)
from .operating_points import (
    call_of as call_of,
)
from .preprocessing import (
    Preprocessing as Preprocessing,
)
from .preprocessing import (
    fit_frame as fit_frame,
)
from .preprocessing import (
    letterbox as letterbox,
)
from .preprocessing import (
    normalize as normalize,
)
from .preprocessing import (
    standardize as standardize,
)
from .serving import (
    ServedModel as ServedModel,
)
from .serving import (
    ServingRecord as ServingRecord,
)
from .serving import (
    find_last_change as find_last_change,
)
from .serving import (
    find_served as find_served,
)
from .serving import (
    find_served_name as find_served_name,
)
from .serving import (
    list_earlier as list_earlier,
)
from .serving import (
    list_history as list_history,
)
from .serving import (
    record_promotion as record_promotion,
)
from .serving import (
    record_rollback as record_rollback,
)
from .torchvision_compat import ensure_torchvision_imports as ensure_torchvision_imports

"""A manifest: what older ones leave out, and what none may say."""

import pytest
from pydantic import ValidationError

from fracture_core.networks.inception import NetworkConfig
from fracture_core.networks.manifest import Calibration, Manifest
from fracture_core.networks.operating_points import OperatingPoint, decide_call
from fracture_core.networks.preprocessing import Preprocessing


def test_manifest_from_before_the_zone_has_none() -> None:
    manifest = Manifest(
        created_at="",
        network=NetworkConfig(),
        preprocessing=Preprocessing(),
        weights_sha256="0" * 64,
        operating_point=OperatingPoint(threshold=0.3),
    )
    assert decide_call(0.3, manifest.call_points) == "positive"
    assert decide_call(0.29, manifest.call_points) == "negative"


def test_temperature_is_one_over_the_scale() -> None:
    assert Calibration(scale=0.5).temperature == 2.0


@pytest.mark.parametrize(
    "field", [{"weights_sha256": "0" * 63}, {"format_version": 2}, {"heatmap_full_scale": 0.0}, {"unheard_of": 1}]
)
def test_what_cannot_be_is_refused(field: dict[str, object]) -> None:
    good = {"created_at": "", "network": NetworkConfig(), "preprocessing": Preprocessing(), "weights_sha256": "0" * 64}
    Manifest.model_validate(good)
    with pytest.raises(ValidationError):
        Manifest.model_validate(good | field)

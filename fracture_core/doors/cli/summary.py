"""``summary``: the layer table of the paper's Fig. 2."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--in-channels", type=int, default=3, help="channels of the input (the paper's: 3)")
    parser.add_argument(
        "--input-size", type=int, default=224, metavar="PX", help="side of the input (the paper's: 224)"
    )
    parser.add_argument("--classes", type=int, default=2, help="number of classes (the paper's: 2)")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")


def run(arguments: argparse.Namespace) -> int:
    from pydantic import ValidationError

    from fracture_core.base import SettingsError
    from fracture_core.networks import NetworkConfig, RadiographiesNet, summarize_network

    try:
        config = NetworkConfig(
            in_channels=arguments.in_channels, input_size_px=arguments.input_size, num_classes=arguments.classes
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"'{first['loc'][0]}' cannot be {first['input']}: {first['msg']}.") from error
    rows = summarize_network(RadiographiesNet(config))
    if arguments.json:
        print(json.dumps([row._asdict() for row in rows]))
        return 0
    side = config.input_size_px
    print(f"{'layer':<14}{'kind':<20}{'output shape':<18}{'parameters':>12}")
    print(f"{'input':<14}{'':<20}{_format_shape((config.in_channels, side, side)):<18}{'':>12}")
    for row in rows:
        print(f"{row.name:<14}{row.kind:<20}{_format_shape(row.output_shape):<18}{row.parameters:>12,}")
    print(f"{'total':<52}{sum(row.parameters for row in rows):>12,}")
    return 0


def _format_shape(shape: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in (1, *shape))

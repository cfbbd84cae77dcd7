"""What commands do that may run in the background of a page."""

import argparse


def yield_if_asked(arguments: argparse.Namespace) -> None:
    """Leave the machine to others where ``--background`` was given: low priority, and one core less."""
    if not arguments.background:
        return
    import torch

    from fracture_core.training import count_background_threads, yield_to_others

    yield_to_others()
    torch.set_num_threads(count_background_threads())

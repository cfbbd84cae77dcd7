"""Options that several commands take alike. Apart: one word means one thing on every command line."""

import argparse


def add_checkpoint_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--checkpoint NAME``; ``--model``, as some commands called it once, still works."""
    parser.add_argument("--checkpoint", metavar="NAME", help="name of the checkpoint (default: the one served)")
    parser.add_argument("--model", dest="checkpoint", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def add_background_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--background``; see ``yield_if_asked``."""
    parser.add_argument("--background", action="store_true", help="low priority, and one core left to others")


def yield_if_asked(arguments: argparse.Namespace) -> None:
    """Leave the machine to others where ``--background`` was given: low priority, and one core less."""
    if not arguments.background:
        return
    import torch

    from fracture_core.training import count_background_threads, yield_to_others

    yield_to_others()
    torch.set_num_threads(count_background_threads())

"""Options that several commands take alike."""

import argparse

import pytest

from fracture_core.doors.cli.arguments import add_background_argument, add_checkpoint_argument, yield_if_asked


@pytest.mark.parametrize(
    ("given", "checkpoint"),
    [([], None), (["--checkpoint", "a"], "a"), (["--model", "a"], "a"), (["--model", "a", "--checkpoint", "b"], "b")],
)
def test_a_checkpoint_is_named_by_one_word_and_the_earlier_one_still_works(
    given: list[str], checkpoint: str | None
) -> None:
    parser = argparse.ArgumentParser()
    add_checkpoint_argument(parser)
    assert parser.parse_args(given).checkpoint == checkpoint
    assert "--model" not in parser.format_help()


def test_nobody_yields_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    add_background_argument(parser)
    yielded: list[int] = []
    monkeypatch.setattr("fracture_core.training.yield_to_others", lambda: yielded.append(1))
    monkeypatch.setattr("torch.set_num_threads", yielded.append)
    yield_if_asked(parser.parse_args([]))
    assert yielded == []
    yield_if_asked(parser.parse_args(["--background"]))
    assert len(yielded) == 2

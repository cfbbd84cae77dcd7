"""What a process loads once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fracture_core.base.settings import Settings
from fracture_core.reading.loaded import Shared, get_predictor, get_suitability_check
from tests.tiny_world import make_checkpoint


def test_many_threads_make_a_thing_once() -> None:
    made = []

    def make() -> object:
        time.sleep(0.02)
        made.append(threading.get_ident())
        return object()

    shared: Shared[object] = Shared(2)
    with ThreadPoolExecutor(8) as pool:
        things = list(pool.map(lambda _: shared.get("a", make), range(8)))
    assert len(made) == 1 and len(set(map(id, things))) == 1


def test_the_one_not_used_for_longest_is_let_go() -> None:
    shared: Shared[object] = Shared(2)
    first, second = shared.get("a", object), shared.get("b", object)
    assert shared.get("a", object) is first
    shared.get("c", object)
    assert shared.get("a", object) is first
    assert shared.get("b", object) is not second


def test_what_failed_is_tried_again() -> None:
    shared: Shared[int] = Shared(1)
    with pytest.raises(ZeroDivisionError):
        shared.get("a", lambda: 1 // 0)
    assert shared.get("a", lambda: 7) == 7


def test_pages_and_api_read_with_one_network(own_settings: Settings) -> None:
    from ui.reading.opened import get_predictor as get_of_pages

    checkpoint = make_checkpoint(own_settings.checkpoints_dir / "default")
    assert get_of_pages(checkpoint) is get_predictor(checkpoint)
    assert get_suitability_check(checkpoint) is get_suitability_check(checkpoint)
    other = make_checkpoint(own_settings.checkpoints_dir / "other", seed=1)
    assert get_predictor(other) is not get_predictor(checkpoint)

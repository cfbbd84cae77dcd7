"""Fragments fill a ray once between them, but for the gap; they are back in place where the break no longer reaches."""

import numpy as np
import pytest

from fracture_core.datasets.phantoms.breaks import Break

ALONG_MM, ACROSS_MM = (grid.astype(np.float32) for grid in np.mgrid[0:100:401j, -12:12:97j])
PIXEL_MM = 0.25


def make_break(**changes: float) -> Break:
    shape = {"slope": 0.3, "gap_mm": 2.0, "slip_mm": 0.0, "bend_mm": 0.0, "overlap_mm": 0.0, "wedge_mm": 0.0}
    jags = np.array([[[0.5, 1.0, 0.0]], [[0.5, 1.0, 0.4]]])
    return Break(at_mm=50.0, calibre_mm=16.0, jags=jags, reach_mm=30.0, side=1.0, **(shape | changes))


def add_shares(broken: Break) -> np.ndarray:
    return sum(fragment.share for fragment in broken.fragments(ALONG_MM, ACROSS_MM, PIXEL_MM))


@pytest.mark.parametrize(("wedge_mm", "count"), [(0.0, 2), (8.0, 3)])
def test_fragments_share_the_bone(wedge_mm: float, count: int) -> None:
    broken = make_break(wedge_mm=wedge_mm)
    assert len(list(broken.fragments(ALONG_MM, ACROSS_MM, PIXEL_MM))) == count
    total = add_shares(broken)
    assert total.min() >= 0 and total.max() <= 1 + 1e-5
    assert (total < 0.5).any(), "the line is lucent"


def test_without_a_gap_nothing_is_missing() -> None:
    assert add_shares(make_break(gap_mm=0.0)) == pytest.approx(1.0, abs=1e-5)


def test_a_wider_gap_lets_more_through() -> None:
    thin, wide = (add_shares(make_break(gap_mm=gap_mm)).sum() for gap_mm in (1.0, 4.0))
    assert thin > wide


def test_what_moved_is_back_in_place_out_of_reach() -> None:
    broken = make_break(slip_mm=4.0, bend_mm=3.0, overlap_mm=1.0)
    far = np.abs(ALONG_MM - broken.at_mm) > broken.reach_mm
    for fragment in broken.fragments(ALONG_MM, ACROSS_MM, PIXEL_MM):
        assert np.array_equal(fragment.along_mm[far], ALONG_MM[far])
        assert np.array_equal(fragment.across_mm[far], ACROSS_MM[far])
        assert not np.allclose(fragment.across_mm, ACROSS_MM)


def test_fragments_stand_apart_by_the_slip() -> None:
    proximal, distal = make_break(slip_mm=4.0).fragments(ALONG_MM, ACROSS_MM, PIXEL_MM)
    apart_mm = (proximal.across_mm - distal.across_mm)[200]
    assert apart_mm == pytest.approx(4.0, abs=1e-4)

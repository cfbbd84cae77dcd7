"""Groups that share a radiograph become one; labels that dispute each other are named."""

from pathlib import Path

from fracture_core.datasets.copies.groups import join_copies, merge_groups, name_label_conflicts
from fracture_core.datasets.copies.pairs import CopyPair, find_thumbnail_copies
from fracture_core.datasets.layouts.items import DatasetItem
from tests.unit.datasets.copies.pictures import draw_limb, make_items, read_thumbnails


class TestGroups:
    def test_groups_of_copies_merge_through_a_chain(self):
        pictures = [draw_limb(seed) for seed in (1, 2, 3)]
        items = make_items(5)
        thumbnails = read_thumbnails(pictures[2], pictures[0], pictures[1], pictures[0], pictures[0].T)
        merged = merge_groups(items, find_thumbnail_copies(items, thumbnails))
        assert [item.group for item in merged] == ["g00000", "g00001", "g00002", "g00001", "g00001"]
        assert [item.name for item in merged] == [item.name for item in items]

    def test_a_merged_group_keeps_its_other_members(self):
        items = tuple(
            DatasetItem(Path(name), name, 0, group)
            for name, group in [("a", "exam 2"), ("b", "exam 2"), ("c", "exam 1"), ("d", "exam 3")]
        )
        merged = merge_groups(items, [CopyPair("b", "c", 1.0, "same", True)])
        assert [item.group for item in merged] == ["exam 1", "exam 1", "exam 1", "exam 3"]

    def test_label_conflicts_are_named(self):
        picture, other = draw_limb(1), draw_limb(2)
        thumbnails = read_thumbnails(picture, picture[::-1], other, other)
        assert name_label_conflicts(find_thumbnail_copies(make_items(4, [0, 1, 1, 1]), thumbnails)) == [
            "00000.png",
            "00001.png",
        ]

    def test_a_copy_of_a_disputed_copy_is_disputed(self):
        pairs = [
            CopyPair("a", "b", 1.0, "same", True),
            CopyPair("b", "c", 1.0, "same", False),
            CopyPair("d", "e", 1.0, "same", True),
        ]
        assert name_label_conflicts(pairs) == ["a", "b", "c"]


def test_what_pixels_prove_joins_what_names_kept_apart() -> None:
    items = make_items(5)
    pairs = [CopyPair("00001.png", "00003.png", 0.9, "same", True)]
    joined = join_copies(items, ("a", "b", "b", "c", "d"), pairs)
    assert joined == ("a", "b", "b", "b", "d")
    assert join_copies(items, ("a", "b", "b", "c", "d"), []) == ("a", "b", "b", "c", "d")

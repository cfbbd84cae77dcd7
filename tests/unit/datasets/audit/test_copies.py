"""Files of one radiograph are counted by bytes, by pixels, by name and by detail, each file once a check."""

from dataclasses import replace

from fracture_core.datasets.audit.copies import check_exact, check_families, check_near, check_two_labels, list_pairs
from fracture_core.datasets.audit.evidence import Evidence, FileFacts
from fracture_core.datasets.copies.pairs import CopyPair
from tests.unit.datasets.audit.made import change, make_evidence

A, B, C, D = (f"IMG0000{number}.png" for number in range(4))


def make_facts(*hashes: tuple[str, str]) -> list[FileFacts]:
    return [change(sha256=of_bytes, pixels_sha256=of_pixels) for of_bytes, of_pixels in hashes]


def make_linked(*pairs: CopyPair, hashes: tuple[tuple[str, str], ...]) -> Evidence:
    return replace(make_evidence([0] * len(hashes), make_facts(*hashes)), pairs=pairs)


def test_the_same_pixels_in_other_bytes_are_a_finding_of_their_own() -> None:
    evidence = make_evidence([0, 0, 1, 1], make_facts(("1", "p"), ("1", "p"), ("2", "q"), ("3", "q")))
    found = {finding.check: finding.names for finding in check_exact(evidence)}
    assert found == {"same bytes": (A, B), "same pixels": (C, D)}


def test_all_different_is_no_finding() -> None:
    evidence = make_evidence([0, 1], make_facts(("1", "p"), ("2", "q")))
    assert list(check_exact(evidence)) == list(check_families(evidence)) == list(check_two_labels(evidence)) == []


def test_near_copies_leave_out_what_has_the_same_pixels() -> None:
    turned, same = CopyPair(A, C, 0.9, "mirrored, rotated 90", True), CopyPair(A, B, 1.0, "same", True)
    evidence = make_linked(turned, same, hashes=(("1", "p"), ("2", "p"), ("3", "q")))
    (finding,) = check_near(evidence)
    assert (finding.count, finding.names) == (1, (A, C)) and "1 mirrored and rotated 90" in finding.text


def test_more_than_three_files_a_radiograph_are_a_problem() -> None:
    evidence = make_evidence([0] * 4)
    few, many = replace(evidence, radiographs=("r", "r", "s", "s")), replace(evidence, radiographs=("r",) * 4)
    severities = [finding.severity for each in (few, many) for finding in check_families(each)]
    assert severities == ["info", "problem"]


def test_two_labels_name_all_files_of_the_radiograph() -> None:
    evidence = replace(make_evidence([0, 1, 0, 0]), radiographs=("r", "r", "r", "s"))
    (finding,) = check_two_labels(evidence)
    assert (finding.count, finding.names) == (1, (A, B, C))


def test_pairs_with_two_labels_come_first_then_the_least_sure() -> None:
    pairs = [CopyPair(A, B, 0.9, "same", True), CopyPair(A, C, 0.8, "same", True), CopyPair(B, D, 0.99, "same", False)]
    evidence = make_linked(*pairs, hashes=(("1", "p"), ("2", "q"), ("3", "r"), ("4", "s")))
    assert [(pair.first, pair.second) for pair in list_pairs(evidence)] == [(B, D), (A, C), (A, B)]

"""Feedback and agreement as text and as JSON."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from fracture_core.datasets import LABELS
from fracture_core.doors.cli.evaluation_text import format_metric
from fracture_core.records import (
    CAUTION,
    Agreement,
    Drift,
    Feedback,
    FeedbackFilters,
    JudgedPage,
    JudgedReading,
    ReaderPair,
    compare_readers,
    find_drift,
    list_disagreements,
    list_judged,
    measure_agreement,
    read_feedback,
)


def print_list(arguments: argparse.Namespace) -> int:
    """Print all that was said of one reading, or the judged readings."""
    if not arguments.id:
        return _print_page(
            arguments, list_judged(_read_filters(arguments), before=arguments.before, limit=arguments.limit)
        )
    for said in read_feedback(arguments.id):
        print(json.dumps(describe_feedback(said)) if arguments.json else _word(said))
    return 0


def print_disagreements(arguments: argparse.Namespace) -> int:
    """Print a page of readings that are disagreed on."""
    filters = _read_filters(arguments, kind=arguments.between)
    return _print_page(arguments, list_disagreements(filters, before=arguments.before, limit=arguments.limit))


def print_agreement(arguments: argparse.Namespace) -> int:
    """Print agreement, the figures that readers' labels imply, pairs of readers, and what has drifted."""
    rows, pairs = measure_agreement(arguments.by, _read_filters(arguments)), compare_readers()
    drift = _find_drift()
    if arguments.json:
        print(json.dumps(_describe_agreement(arguments.by, rows, pairs, drift)))
        return 0
    if not rows:
        print("nothing was judged yet")
        return 0
    for row in rows:
        counts = f"{row.n:,} judged radiographs, {row.n_disputed:,} disputed, {row.n_uncertain:,} called uncertain"
        print(f"{row.key}: {counts}")
        for name, metric in {"agreement": row.agreement, **row.figures}.items():
            print(format_metric(name, metric))
    for pair in pairs:
        print(f"{pair.first} and {pair.second}, {pair.n:,} readings that both judged")
        print(format_metric("say the same", pair.agreement))
        print(format_metric("kappa", pair.kappa))
    for sentence in drift.sentences if drift else ():
        print(sentence)
    print(CAUTION)
    return 0


def describe_feedback(said: Feedback) -> dict[str, Any]:
    """Return what JSON keeps of it."""
    return asdict(said) | {"at": said.at.isoformat(), "label": LABELS[said.label]}


def _describe_agreement(by: str, rows: list[Agreement], pairs: list[ReaderPair], drift: Drift | None) -> dict[str, Any]:
    return {
        "by": by,
        "rows": [
            vars(row)
            | {"agreement": row.agreement.model_dump()}
            | {"figures": {name: metric.model_dump() for name, metric in row.figures.items()}}
            for row in rows
        ],
        "readers": [
            vars(pair) | {"agreement": pair.agreement.model_dump(), "kappa": pair.kappa.model_dump()} for pair in pairs
        ],
        "drift": list(drift.sentences) if drift else [],
        "caution": CAUTION,
    }


def _read_filters(arguments: argparse.Namespace, **more: str) -> FeedbackFilters:
    names = ("call", "region", "model", "start", "end")
    params = {name: getattr(arguments, name) for name in names} | {"who": arguments.person}
    return FeedbackFilters.from_params(params | more)


def _print_page(arguments: argparse.Namespace, page: JudgedPage) -> int:
    for each in page.readings:
        if arguments.json:
            print(json.dumps(_describe_reading(each)))
            continue
        record = each.reading
        what = f"{record.call}  {each.region}  {record.model}"
        print(f"{each.number:>7}  {record.at:%Y-%m-%d %H:%M} UTC  {record.id}  {what}")
        for said in each.said:
            print(f"         {_word(said)}")
    if page.older is not None and not arguments.json:
        print(f"more: --before {page.older}")
    return 0


def _describe_reading(each: JudgedReading) -> dict[str, Any]:
    record, label = each.reading, each.consensus.label
    return {
        "number": each.number,
        "reading": record.id,
        "at": record.at.isoformat(),
        "call": record.call,
        "p_fracture": record.p_fracture,
        "region": each.region,
        "model": record.model,
        "model_sha256": record.model_sha256,
        "consensus": None if label is None else LABELS[label],
        "said": [describe_feedback(said) for said in each.said],
    }


def _word(said: Feedback) -> str:
    agrees = {True: "agrees", False: "disagrees", None: ""}[said.agrees]
    words = ", ".join(part for part in (agrees, LABELS[said.label], said.region) if part)
    note = f': "{" ".join(said.note.split())}"' if said.note else ""
    return f"{said.at:%Y-%m-%d %H:%M} UTC  {said.who}  {words}{note}"


def _find_drift() -> Drift | None:
    from fracture_core.base import CheckpointError
    from fracture_core.networks import find_checkpoint

    try:
        return find_drift(find_checkpoint())
    except CheckpointError:  # no model in use, or its figures are damaged: nothing to compare with
        return None

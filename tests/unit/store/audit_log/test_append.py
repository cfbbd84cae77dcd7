"""What is done leaves its entry: promotions, trainings, reviews, deletions."""

import json

from fracture_core.base.settings import Settings
from fracture_core.failures.reviews.write import add_note, add_tag
from fracture_core.networks.serving import ServedModel, record_promotion, record_rollback
from fracture_core.store.audit_log.entries import AuditEntry
from fracture_core.store.audit_log.read import list_audit_entries
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.training.runs.run import Run, TrainingRequest, create_run


def find(action: str) -> list[tuple[AuditEntry, dict]]:
    return [(entry, json.loads(entry.details)) for entry in reversed(list_audit_entries(action=action))]


def test_promotion_and_roll_back_are_told(either_database: Settings) -> None:
    first, second = ServedModel(either_database.default_checkpoint, ""), ServedModel("better", "b" * 64)
    record_promotion(second, first, who="Ada", reason="it is better", verdict="better")
    record_rollback(first, second, who="Bo", reason="it was not")
    [(promoted, said)], [(back, _)] = find("promotion"), find("roll-back")
    assert (promoted.subject, promoted.who, said["reason"], said["verdict"]) == (
        "better",
        "Ada",
        "it is better",
        "better",
    )
    assert (back.subject, back.who) == (first.name, "Bo")
    assert verify_audit_log().holds


def test_a_training_is_told_where_it_begins_and_ends_only(either_database: Settings) -> None:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    run.update_state(status="starting")
    run.update_state(status="running")
    for step in range(3):
        run.update_state(step=step)
    assert Run(run.id).update_state_if(lambda state: False, status="failed") is None
    Run(run.id).update_state_if(lambda state: state.status == "running", status="stopped", reason="Somebody asked.")
    told = find("training")
    assert [(entry.subject, said["status"]) for entry, said in told] == [
        (run.id, "queued"),
        (run.id, "running"),
        (run.id, "stopped"),
    ]
    assert told[-1][1]["reason"] == "Somebody asked." and told[0][1]["data"] == ["drawn"]


def test_a_review_is_told_once_a_call_and_a_note_by_its_hash(either_database: Settings) -> None:
    add_tag("FracAtlas", ["a.jpg", "b.jpg"], "hand", "Ada")
    add_tag("FracAtlas", ["a.jpg", "b.jpg"], "hand", "Ada")  # changes nothing
    add_note("FracAtlas", "a.jpg", "Mrs Doe fell.", "Ada")
    (_, tag), (entry, note) = find("review")
    assert tag == {"kind": "tag", "value": "hand", "files": ["a.jpg", "b.jpg"]}
    assert len(note["value"]) == 64 and "Doe" not in entry.details

"""A reading asked for over HTTP: what is answered, what is kept, and what a repeated request gives."""

import base64
import io
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
import pytest
import requests
from PIL import Image
from sqlalchemy import select

from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import find_reading, list_readings
from fracture_core.reading.history.record import override_reading
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session
from fracture_core.store.tables import ReadingRow
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import encode_phantom
from tests.unit.doors.api.conftest import PHANTOM, Post, Serve


def test_answer_is_what_the_predictor_says_and_what_is_kept(serve: Serve, post: Post) -> None:
    url = serve(page="/History")
    answer = post(url, include="heatmap", region="wrist", who="Jane Roe")
    told = answer.json()
    expected = Predictor(find_checkpoint(), "cpu").read(read_radiograph(PHANTOM))
    assert answer.status_code == 201 and answer.headers["Cache-Control"] == "no-store"
    assert (told["call"], told["label"], told["model_sha256"]) == (expected.call, expected.label, expected.model_sha256)
    assert told["p_fracture"] == pytest.approx(expected.p_fracture, abs=1e-5)
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(told["heatmap"]["png_base64"]))))
    np.testing.assert_allclose(shown / 255, expected.heatmap, atol=0.01)
    record = find_reading(told["id"])
    assert (record.source, record.who, record.region, record.name) == ("API", "Jane Roe", "wrist", "")
    assert record.sha256 == told["file_sha256"] and record.p_fracture == pytest.approx(expected.p_fracture, abs=1e-5)
    assert told["links"] == {
        "self": f"/api/v1/readings/{told['id']}",
        "page": f"/History?reading={told['id']}",
    }
    again = requests.get(url + answer.headers["Location"], timeout=60)
    assert again.status_code == 200
    assert again.json() == {name: value for name, value in told.items() if name not in ("findings", "heatmap")}
    assert verify_audit_log().holds


def test_heatmap_is_sent_only_where_it_is_asked_for(serve: Serve, post: Post) -> None:
    assert post(serve()).json()["heatmap"] is None


def test_repeated_key_is_one_reading_and_another_file_a_conflict(serve: Serve, post: Post) -> None:
    url = serve()
    first, second = post(url, key="a"), post(url, key="a")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    other = post(url, encode_phantom(4), key="a")
    assert other.status_code == 409 and "Idempotency-Key" in other.json()["detail"]
    assert post(url, key="a", correction="invert").status_code == 409
    assert post(url, key="b").json()["id"] != first.json()["id"]
    assert len(list_readings(HistoryFilters()).readings) == 2


def test_one_key_sent_at_once_is_one_reading(serve: Serve, post: Post) -> None:
    url = serve()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(url, key="same"), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(list_readings(HistoryFilters()).readings) == 1
    assert verify_audit_log().holds


def test_refused_picture_has_no_call_until_somebody_says_why(serve: Serve, post: Post) -> None:
    url = serve()
    colours = np.zeros((64, 64, 3), np.uint8)
    colours[:32, :, 0], colours[32:, :, 2] = 255, 255
    buffer = io.BytesIO()
    Image.fromarray(colours).save(buffer, "PNG")
    refused = post(url, buffer.getvalue(), include="heatmap").json()
    assert refused["refused"] and refused["refusals"] and refused["findings"][0]["severity"] == "refused"
    assert [refused[name] for name in ("call", "label", "p_fracture", "heatmap", "override")] == [None] * 5
    told = post(url, buffer.getvalue(), override="it is a test", who="Jane Roe").json()
    assert not told["refused"] and told["p_fracture"] is not None
    assert (told["override"]["who"], told["override"]["why"]) == ("Jane Roe", "it is a test")
    nameless = post(url, buffer.getvalue(), override="it is a test")
    assert nameless.status_code == 422 and "who" in nameless.json()["detail"]


def test_nothing_of_a_patient_is_answered(serve: Serve, post: Post) -> None:
    answer = post(serve(), build_dicom(draw_bone()))
    assert answer.status_code == 201, answer.text
    assert not [secret for secret in PATIENT_SECRETS if secret in answer.text]


def test_many_at_once_are_all_read_while_health_answers_quickly(serve: Serve, post: Post) -> None:
    url = serve(api_readings=2, api_waiting=60)
    with ThreadPoolExecutor(50) as pool:
        waiting = [pool.submit(post, url, key=str(number)) for number in range(50)]
        started_s = time.monotonic()
        assert requests.get(f"{url}/healthz", timeout=60).status_code == 200
        assert time.monotonic() - started_s < 3
        assert {future.result().status_code for future in waiting} == {201}


def test_models_name_hash_points_and_the_one_in_use(serve: Serve) -> None:
    (model,) = requests.get(f"{serve()}/api/v1/models", timeout=60).json()["models"]
    checkpoint = find_checkpoint()
    assert (model["name"], model["sha256"], model["in_use"]) == ("default", checkpoint.manifest.weights_sha256, True)
    assert model["points"]["threshold"] == checkpoint.manifest.operating_point.threshold
    assert model["evaluations"] == []


def test_a_key_is_not_used_up_by_an_override_that_a_page_adds(serve: Serve, post: Post) -> None:
    url = serve()
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(buffer, "PNG")
    first = post(url, buffer.getvalue(), key="a").json()
    assert first["refused"]
    override_reading(first["id"], "Jane Roe", "it is a test")
    again = post(url, buffer.getvalue(), key="a")
    assert again.status_code == 200 and again.json()["id"] == first["id"] and again.json()["override"]
    assert post(url, buffer.getvalue(), key="a", override="it is a test", who="Jane Roe").status_code == 409


def test_a_key_is_not_the_one_of_another_door(serve: Serve, post: Post) -> None:
    """Whoever knows how the DICOM service names a reading cannot take its place."""
    post(serve(), key="DICOM/a/b")
    with reading_session() as session:
        (kept,) = session.scalars(select(ReadingRow.request_key))
    assert kept != sha256(b"DICOM/a/b").hexdigest()

"""The API in the same process as the pages: one address, one database, and neither in the other's way."""

from pathlib import Path

import requests

from fracture_core.base.settings import Settings
from fracture_core.reading.history.read import find_reading
from tests.browser.server import run_server
from tests.tiny_world import make_checkpoint
from tests.unit.doors.api.conftest import Post

BASE = "hospital/fracture"


def test_pages_and_api_below_one_path(own_settings: Settings, post: Post, tmp_path: Path) -> None:
    """As behind a proxy; at the top of an address, tests/browser/test_api.py looks."""
    make_checkpoint(own_settings.checkpoints_dir / "default")
    with run_server(tmp_path / "log", {"api_token": "secret"}, base_path=BASE) as url:  # type: ignore[dict-item]
        token = {"Authorization": "Bearer secret"}
        root = f"/{BASE}"
        answer = post(url, headers=token)
        told = answer.json()
        assert answer.status_code == 201 and find_reading(told["id"]).source == "API"
        assert told["links"] == {
            "self": f"{root}/api/v1/readings/{told['id']}",
            "page": f"{root}/History?reading={told['id']}",
        }
        for path in ("", "/Diagnose", "/_stcore/health"):
            page = requests.get(url + path, timeout=60)
            assert page.status_code == 200 and "problem" not in page.headers["Content-Type"], path
        assert requests.get(f"{url}/healthz", timeout=60).json() == {"status": "alive"}
        assert requests.get(f"{url}/readyz", timeout=60).json() == {"ready": True, "reasons": []}
        document = requests.get(f"{url}/api/v1/openapi.json", timeout=60).json()
        assert document["servers"] == [{"url": root}]
        unknown = requests.get(f"{url}/api/v1/nothing", timeout=60)
        assert unknown.status_code == 404 and unknown.headers["Content-Type"] == "application/problem+json"
        cookies = requests.get(url, timeout=60).cookies  # what a page's visitor has gives no right
        assert requests.get(f"{url}/api/v1/models", cookies=cookies, timeout=60).status_code == 401
    assert "Traceback" not in (tmp_path / "log").read_text()

"""A radiograph read over HTTP is on the page History of the same server, under the link that the API gives."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import WAIT_MS, open_page


def test_reading_of_the_api_opens_by_its_link(page: Page, url: str, phantom_path: Path, complaints: list[str]) -> None:
    files = {"file": phantom_path.read_bytes()}
    fields = {"who": "Jane Roe", "checkpoint": "tiny"}
    answer = requests.post(f"{url}/api/v1/readings", files=files, data=fields, timeout=60)
    told = answer.json()
    assert answer.status_code == 201
    parts = urlsplit(url)
    open_page(page, f"{parts.scheme}://{parts.netloc}{told['links']['page']}")
    expect(page.get_by_text("Jane Roe").first).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text(re.compile(rf"{told['p_fracture']:.2f}")).first).to_be_visible()
    expect(page.get_by_text(re.compile("API")).first).to_be_visible()
    assert complaints == []


def test_another_sites_page_cannot_send_a_radiograph(page: Page, url: str) -> None:
    """A form of another site sends its file, as browsers let it, and is refused."""
    other = url.replace("127.0.0.1", "localhost")  # another origin, and the same server
    page.goto(f"{other}/healthz")
    status = page.evaluate(
        """async (address) => {
            const form = new FormData();
            form.append("file", new Blob(["x"]), "a.png");
            const answer = await fetch(address, {method: "POST", body: form, mode: "no-cors"});
            return answer.type;
        }""",
        f"{url}/api/v1/readings",
    )
    assert status == "opaque"  # the page learns nothing of what was answered
    seen = []
    page.on("response", lambda response: seen.append(response.status) if "/api/v1/readings" in response.url else None)
    page.set_content(
        f'<form method="post" enctype="multipart/form-data" action="{url}/api/v1/readings"><button>Send</button></form>'
    )
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("another site")).to_be_visible(timeout=WAIT_MS)
    assert seen == [403]

#!/usr/bin/env bash
# ISO 32000-1, 14.7: readers that follow the tags of a document marked as tagged present what is in them, and nothing else.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$folder" fpdf2==2.8.9 pypdf==7.1.0 pillow==13.0.0
PYTHONPATH="$folder" python3 - <<'PYTHON'
import io

import fpdf
import pypdf
from PIL import Image

document = fpdf.FPDF()
document.add_page()
document.set_font("Helvetica", size=12)
document.cell(text="The sentence that matters")
document.image(Image.new("L", (10, 10)), alt_text="a gray square")
reader = pypdf.PdfReader(io.BytesIO(bytes(document.output())))
root = reader.trailer["/Root"]


def list_tags(node):
    node = node.get_object()
    if isinstance(node, list):
        return [tag for each in node for tag in list_tags(each)]
    if not hasattr(node, "get"):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (list_tags(node["/K"]) if "/K" in node and not isinstance(node["/K"], int) else [])


tags = list_tags(root["/StructTreeRoot"])
content = reader.pages[0].get_contents().get_data()
print("fpdf2", fpdf.__version__, "marked", root["/MarkInfo"]["/Marked"], "tags", tags)
assert bool(root["/MarkInfo"]["/Marked"]) is True
assert tags == ["/Document", "/Figure"]
text_at, first_mark = content.index(b"The sentence that matters"), content.index(b"BDC")
print("the text stands before the first marked content:", text_at < first_mark)
assert text_at < first_mark
PYTHON

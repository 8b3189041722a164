"""Every element of every file in a folder, or of those that pydicom ships, as pydicom reads it: one JSON line for each file."""

import hashlib
import json
import sys
from pathlib import Path

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

NUMBERS = {"US", "SS", "UL", "SL", "FL", "FD", "SV", "UV", "DS", "IS"}
TEXTS = {"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}


def elements(data: Dataset, path: str):
    """Path, VR, digest of the bytes (null where pydicom keeps none), values."""
    for tag in sorted(data.keys()):
        raw = data.get_item(tag)
        digest = None
        if isinstance(raw, RawDataElement) and raw.length != 0xFFFFFFFF and raw.VR != "SQ":
            digest = hashlib.sha1(raw.value or b"").hexdigest()
        here = f"{path}{tag:08x}"
        try:
            element = data[tag]
        except Exception as error:  # noqa: BLE001 - whatever pydicom cannot convert is told as such
            yield [here, raw.VR, digest, None, type(error).__name__]
            continue
        if element.VR == "SQ":
            yield [here, "SQ", None, len(element.value), ""]
            for number, item in enumerate(element.value):
                yield from elements(item, f"{here}[{number}].")
        else:
            yield [here, element.VR, digest, values(element), ""]


def values(element):
    """Numbers, or texts; null for what is neither."""
    value = element.value
    if element.VR not in NUMBERS | TEXTS:
        return None
    if value is None or value == "":
        return []
    several = list(value) if isinstance(value, (list, tuple, pydicom.multival.MultiValue)) else [value]
    if element.VR in NUMBERS:
        return [number(one) for one in several]
    return [str(one) for one in several]


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def read(path: Path):
    try:
        data = pydicom.dcmread(path)
        found = list(elements(data.file_meta, "")) if hasattr(data, "file_meta") else []
        return {"elements": found + list(elements(data, ""))}
    except Exception as error:  # noqa: BLE001 - a file that pydicom refuses is told, whatever the error
        return {"error": f"{type(error).__name__}: {error}"[:200]}


pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(pydicom.__file__).parent / "data"
print(json.dumps({"root": str(root), "version": pydicom.__version__}))
for path in sorted(root.rglob("*")):
    if path.is_file() and path.suffix not in {".py", ".pyc", ".json", ".md", ".txt", ".sh", ".fallback"}:
        print(json.dumps({"file": str(path.relative_to(root)), **read(path)}))

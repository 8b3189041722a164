"""Sends DICOM files by C-STORE with pynetdicom, in parts; some parts are aborted after their first half.

send.py PORT TITLE PARTS ABORTED FOLDER: prints how many instances were answered with success.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydicom import dcmread
from pynetdicom import AE, build_context


def main() -> None:
    port, title, parts, aborted, folder = sys.argv[1:]
    paths = sorted(Path(folder).rglob("*.dcm"))
    count = int(parts)
    with ThreadPoolExecutor(count) as pool:
        answered = pool.map(lambda i: send(paths[i::count], int(port), title, i < int(aborted)), range(count))
        print(sum(answered))


def send(paths: list[Path], port: int, title: str, is_aborted: bool) -> int:
    metas = [dcmread(path, stop_before_pixels=True).file_meta for path in paths]
    kinds = sorted({(m.MediaStorageSOPClassUID, m.TransferSyntaxUID) for m in metas})
    entity = AE(ae_title="PYNETDICOM")
    entity.requested_contexts = [build_context(*kind) for kind in kinds]
    association = entity.associate("127.0.0.1", port, ae_title=title)
    if not association.is_established:
        raise SystemExit("no association")
    answered = 0
    for path in paths[: len(paths) // 2] if is_aborted else paths:
        answered += association.send_c_store(path).Status == 0
    if is_aborted:
        association.abort()
    else:
        association.release()
    return answered


main()

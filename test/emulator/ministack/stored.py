"""All that the emulator holds, but for the bodies of objects, as a file that a test can search."""

import json
import os
import signal
import sys

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

STORES = (AccountRegionScopedDict, AccountScopedDict)


def dump_on_signal() -> None:
    """SIGUSR1 writes the file that RTPIPELINE_STORED names; it is whole once it is there."""
    path = os.environ.get("RTPIPELINE_STORED")
    if path:
        signal.signal(signal.SIGUSR1, lambda *_: dump(path))


def dump(path: str) -> None:
    services = [name for name in sys.modules if name.startswith("ministack.services.")]
    held = {name.split(".")[-1]: plain(vars(sys.modules[name])) for name in services}
    with open(f"{path}.part", "w", encoding="utf-8") as file:
        json.dump(held, file, ensure_ascii=False, default=str)
    os.rename(f"{path}.part", path)


def plain(variables: dict) -> dict:
    return {name: text(store._data) for name, store in variables.items() if isinstance(store, STORES)}


def text(value):
    """Keys that are tuples as text; bytes (bodies of objects, code of functions) by their length."""
    if isinstance(value, STORES):
        return text(value._data)
    if isinstance(value, dict):
        return {str(key): text(inner) for key, inner in list(value.items())}
    if isinstance(value, (list, tuple, set)) or type(value).__name__ == "deque":
        return [text(inner) for inner in list(value)]
    return f"{len(value)} bytes" if isinstance(value, (bytes, bytearray, memoryview)) else value

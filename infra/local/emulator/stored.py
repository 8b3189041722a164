"""All that the emulator holds, but for the bodies of objects, as a file that a test can search."""

import json
import os
import signal
import sys

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

STORES = (AccountRegionScopedDict, AccountScopedDict)


def dump_on_signal() -> None:
    """SIGUSR1 writes the file that RTPIPELINE_STORED names; it is whole once it is there."""
    signal.signal(signal.SIGUSR1, lambda *_: dump(os.environ["RTPIPELINE_STORED"]))


def dump(path: str) -> None:
    held = {name: plain(vars(module)) for name, module in list(sys.modules.items()) if is_service(name)}
    with open(f"{path}.part", "w", encoding="utf-8") as file:
        json.dump(held, file, ensure_ascii=False, default=str)
    os.rename(f"{path}.part", path)


def is_service(name: str) -> bool:
    return name.startswith("ministack.services.") or name == "runner"


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

"""
Faults on purpose, for tests: the file that RTPIPELINE_FAULTS names holds a list, read whenever one could strike.

    [{"kind": "host_lost", "stage": "dvh", "times": 2}, {"kind": "slow_down", "times": 40}]

Kinds of jobs: host_lost, out_of_memory, gpu_out_of_memory, timeout, pull, bad_input; of SubmitJob: throttle; of S3:
slow_down. `job` narrows it to jobs whose name holds the text. Each strikes `times` times and is then used up.
"""

import json
import os
import threading

from ministack.core.responses import error_response_json

_lock = threading.Lock()
_struck: dict[str, int] = {}


def strikes(kinds: tuple[str, ...], job: str = "") -> str | None:
    """The kind of the fault that strikes now, if any."""
    path = os.environ.get("RTPIPELINE_FAULTS", "")
    if not path or not os.path.exists(path):
        return None
    with _lock:
        with open(path, encoding="utf-8") as file:
            planned = json.load(file)
        for fault in planned:
            key = json.dumps(fault, sort_keys=True)
            if fault["kind"] not in kinds or fault.get("job", "") not in job:
                continue
            if _struck.get(key, 0) < fault.get("times", 1):
                _struck[key] = _struck.get(key, 0) + 1
                return fault["kind"]
    return None


def throttled(handle_request):
    """S3 that answers 503 for a while."""

    async def handle(method, path, headers, body, query_params):
        if strikes(("slow_down",)):
            text = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
            return 503, {"Content-Type": "application/xml"}, text.encode()
        return await handle_request(method, path, headers, body, query_params)

    return handle


def too_many_requests():
    return error_response_json("TooManyRequestsException", "Too Many Requests", 429)

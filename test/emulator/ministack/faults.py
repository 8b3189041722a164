"""
Faults on purpose, for tests: the file that RTPIPELINE_FAULTS names holds a list, read whenever one could strike.

    [{"kind": "host_lost", "job": "dvh-", "times": 2},
     {"kind": "function_lost", "function": "start", "after": "a.json"}]

Kinds of jobs: host_lost, out_of_memory, timeout and crash befall the running process, gpu_out_of_memory, pull and
bad_input are only told; of SubmitJob: throttle. `job` narrows them to jobs whose name holds the text; the first one
that is struck stays the only one. Of S3: slow_down, a 503.
function_lost kills the process of a function right after a request whose path or action ends with `after`. Each strikes
`times` times and is then used up; each time is a line of the log.
"""

import json
import os
import signal
import threading

from ministack.core import lambda_runtime
from ministack.core.responses import error_response_json

_lock = threading.Lock()
_struck: dict[str, int] = {}
_victims: dict[str, str] = {}


def strike(kinds: tuple[str, ...], job: str = "", request: str = "") -> dict | None:
    """The fault that strikes now, if any."""
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
            if not request.endswith(fault.get("after", "")) or _victims.get(key, job) != job:
                continue
            if _struck.get(key, 0) < fault.get("times", 1):
                _struck[key] = _struck.get(key, 0) + 1
                _victims[key] = job
                print(f"FAULT {fault['kind']} {job or request}", flush=True)
                return fault
    return None


def with_faults(handle_request):
    """A service that answers 503 for a while, and whose callers are killed when it has done what they asked for."""

    async def handle(method, path, headers, body, query_params):
        is_s3 = "x-amz-target" not in headers
        if is_s3 and strike(("slow_down",), request=f"{method} {path}"):
            text = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
            return 503, {"Content-Type": "application/xml"}, text.encode()
        answer = await handle_request(method, path, headers, body, query_params)
        request = f"{method} {path}" if is_s3 else headers["x-amz-target"]
        fault = strike(("function_lost",), request=request) if method in ("PUT", "POST") else None
        if fault:
            kill_function(fault["function"])
        return answer

    return handle


def kill_function(name: str) -> None:
    for key, workers in list(lambda_runtime._workers.items()):
        for worker in workers:
            if f"-{name}" in key and worker.in_use and worker._proc:
                os.kill(worker._proc.pid, signal.SIGKILL)


def too_many_requests():
    return error_response_json("TooManyRequestsException", "Too Many Requests", 429)

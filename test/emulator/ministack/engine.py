"""State machines run by the pipeline's own engine, a Node process per execution, which calls back over HTTP."""

import contextvars
import json
import os
import subprocess
import threading
import time
from pathlib import Path

from ministack.core.responses import error_response_json, json_response, now_iso
from ministack.services import stepfunctions

MAIN = Path(__file__).resolve().parent.parent / "engine" / "main.ts"
_running: dict[str, subprocess.Popen] = {}


def run_execution(arn: str) -> None:
    execution = stepfunctions._executions.get(arn)
    machines = {name: machine["definition"] for name, machine in stepfunctions._state_machines.items()}
    if execution is None or execution["stateMachineArn"] not in machines:
        return
    process = subprocess.Popen(
        [os.environ.get("RTPIPELINE_NODE", "node"), str(MAIN)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _running[arn] = process
    order = {
        "machineArn": execution["stateMachineArn"],
        "machines": machines,
        "name": execution["name"],
        "input": json.loads(execution["input"]),
        "recorded": recorded(execution) if execution.get("redriveCount") else {},
    }
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(order))
    process.stdin.close()
    has_ended = False
    for line in process.stdout:
        has_ended = record(execution, json.loads(line))
    process.wait()
    # Once it has ended it may be redriven before this thread comes here.
    if _running.get(arn) is process:
        del _running[arn]
    if not has_ended and execution["status"] == "RUNNING":
        stepfunctions._fail_execution(execution, "States.Runtime", f"the engine ended with {process.returncode}")


def stopping(stop_execution):
    """StopExecution that also ends the engine, which ends its jobs."""

    def stop(data):
        answer = stop_execution(data)
        process = _running.get(data.get("executionArn", ""))
        if process:
            process.terminate()
        return answer

    return stop


def recorded(execution) -> dict[str, list]:
    """The events of the execution and of all that it started, by path, from which a redrive goes on."""
    histories = {execution["name"]: execution["events"]}
    for arn, child in list(stepfunctions._executions.items()):
        if arn.startswith(f"{execution['executionArn']}/"):
            histories[child["name"]] = child["events"]
    return histories


def redrive_execution(data):
    """RedriveExecution, which MiniStack lacks: the engine goes on from what the histories hold."""
    execution = stepfunctions._executions.get(data.get("executionArn", ""))
    if execution is None:
        return error_response_json("ExecutionDoesNotExist", f"no execution {data.get('executionArn')}", 400)
    if execution["status"] not in ("FAILED", "ABORTED", "TIMED_OUT"):
        return error_response_json("ExecutionNotRedrivable", f"Execution is {execution['status']}", 400)
    execution.update({"status": "RUNNING", "stopDate": None, "error": None, "cause": None})
    execution["redriveCount"] = execution.get("redriveCount", 0) + 1
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run_execution, execution["executionArn"]), daemon=True).start()
    return json_response({"redriveDate": time.time()})


def with_redrive(handle_request):
    async def handle(method, path, headers, body, query_params):
        if headers.get("x-amz-target", "").endswith(".RedriveExecution"):
            return redrive_execution(json.loads(body))
        return await handle_request(method, path, headers, body, query_params)

    return handle


def record(execution, line) -> bool:
    """
    An event of the execution itself, or of one that it started: those become executions of their own. Tells whether it
    was the last one of the execution itself.
    """
    event = {**line["event"], "id": line["event"]["id"]}
    if line["path"] == execution["name"]:
        target = execution
    else:
        target = child_of(execution, line["path"])
    if event["type"] == "ExecutionStarted" and target is execution:
        target["events"][:] = [event]
        return False
    target["events"].append(event)
    if event["type"] in ENDINGS:
        end(target, event)
    elif event["type"] == "ExecutionRedriven":
        target["status"] = "RUNNING"
    elif event["type"] == "ExecutionStarted":
        target["input"] = event["executionStartedEventDetails"]["input"]
        stepfunctions._emit_execution_status_event(target)
    return target is execution and event["type"] in ENDINGS


ENDINGS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


def end(target, event) -> None:
    if target["status"] != "RUNNING":
        return
    details: dict = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    target.update({"status": ENDINGS[event["type"]], "stopDate": now_iso(), "output": details.get("output")})
    target.update({key: details[key] for key in ("error", "cause") if key in details})
    stepfunctions._emit_execution_status_event(target)


def child_of(execution, path: str):
    """`run/Courses-9-0` is a child of the Map Courses, `.../Dvh-12` an execution of the machine of stages."""
    own = path.split("/")[-1]
    label = own.split("-")[0]
    arn = f"{execution['executionArn']}/{path.split('/', 1)[1]}"
    if arn not in stepfunctions._executions:
        stepfunctions._executions[arn] = {
            "executionArn": arn,
            "stateMachineArn": f"{execution['stateMachineArn']}/{label}",
            "name": path,
            "status": "RUNNING",
            "startDate": now_iso(),
            "stopDate": None,
            "input": "{}",
            "output": None,
            "events": [],
        }
    return stepfunctions._executions[arn]

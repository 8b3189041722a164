"""State machines run by the pipeline's own engine, a Node process per execution, which calls back over HTTP."""

import json
import os
import subprocess
from pathlib import Path

from ministack.core.responses import now_iso
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
    }
    process.stdin.write(json.dumps(order))
    process.stdin.close()
    for line in process.stdout:
        record(execution, json.loads(line))
    process.wait()
    del _running[arn]
    if execution["status"] == "RUNNING":
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


def record(execution, line) -> None:
    """An event of the execution itself, or of one that it started: those become executions of their own."""
    event = {**line["event"], "id": line["event"]["id"]}
    if line["path"] == execution["name"]:
        target = execution
    else:
        target = child_of(execution, line["path"])
    if event["type"] == "ExecutionStarted" and target is execution:
        return
    target["events"].append(event)
    if event["type"] in ENDINGS:
        end(target, event)
    elif event["type"] == "ExecutionStarted":
        target["input"] = event["executionStartedEventDetails"]["input"]
        stepfunctions._emit_execution_status_event(target)


ENDINGS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


def end(target, event) -> None:
    if target["status"] != "RUNNING":
        return
    details = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
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



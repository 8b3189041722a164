"""
Runs the deployed state machines in LocalStack's interpreter of the Amazon States Language: its grammar, its states, and the
JSONata of the Java library that it uses. Services are answered here; no port is opened.

Standard input: {"jars": [...], "machines": {name: definition}, "input": ..., "scenes": [scene]}, with scenes as
test/fixtures/play-pipeline.ts knows them. Standard output: for each scene how the execution ended, the jobs it started and
the outcomes of its courses.
"""

import json
import re
import sys
import threading
import time
import types

import jpype
import jpype.imports

# LocalStack needs Python 3.13 for a service that lends one function, and for what installs programs: none is needed here.
sys.modules["localstack.services.events.utils"] = types.SimpleNamespace(to_json_str=json.dumps)  # type: ignore[assignment]
sys.modules["localstack.services.stepfunctions.packages"] = types.SimpleNamespace(jpype_jsonata_package=None)  # type: ignore[assignment]

from localstack.aws.api.stepfunctions import StateMachineType
from localstack.services.stepfunctions.asl.component.common.error_name import states_error_name
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import CustomErrorName
from localstack.services.stepfunctions.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.item_reader.resource_eval import (
    resource_eval_s3 as reading,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service import (
    StateTaskService,
)
from localstack.services.stepfunctions.asl.component.state.state_wait.wait_function.wait_function import WaitFunction
from localstack.services.stepfunctions.asl.eval.environment import Environment
from localstack.services.stepfunctions.asl.eval.evaluation_details import (
    AWSExecutionDetails,
    EvaluationDetails,
    ExecutionDetails,
    StateMachineDetails,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.eval.program_state import ProgramEnded, ProgramError
from localstack.services.stepfunctions.asl.jsonata import jsonata
from localstack.services.stepfunctions.backend.execution_worker import SyncExecutionWorker
from localstack.services.stepfunctions.local_mocking.mock_config import LocalMockedResponseReturn

ACCOUNT, REGION, ROLE = "000000000000", "us-east-1", "arn:aws:iam::000000000000:role/r"
COURSE_STAGES = ("segmentation", "custom_models", "structures", "dvh", "radiomics", "qc", "robustness")


class Failed(Exception):
    def __init__(self, error: str, cause: str):
        self.error, self.cause = error, cause


class Play:
    """The services of one scene."""

    def __init__(self, machines: dict, scene: dict):
        self.machines, self.scene = machines, scene
        self.started: list[str] = []
        self.batches: list[int] = []
        self.outcomes: list[dict] = []
        self.lock = threading.Lock()

    def answer(self, resource: str, parameters: dict):
        service = resource.removeprefix("arn:aws:states:::")
        if service == "lambda:invoke":
            payload = parameters["Payload"]
            return {"StatusCode": 200, "Payload": self.function(payload["stage"], payload["input"])}
        if service == "batch:submitJob.sync":
            return self.job(parameters)
        if service == "states:startExecution.sync:2":
            return self.nested(parameters)
        if service == "sns:publish":
            return {"MessageId": "m"}
        if service == "aws-sdk:s3:putObject":
            return {}
        raise ValueError(f"no service behind {resource}")

    def function(self, stage: str, given: dict):
        if stage == "catalog":
            if "batch" in given:
                with self.lock:
                    self.batches.append(given["batch"])
            complete = "batch" in given or not self.scene.get("catalogBatches")
            return {"complete": complete, "batchesKey": "run/batches.jsonl"}
        if stage == "organize":
            aggregate = self.job_for("cohort", "aggregate")
            return {"coursesKey": "run/courses.jsonl", "courses": len(self.scene["courses"]), "aggregate": aggregate}
        if stage == "size_jobs":
            course = given["courseId"]
            if course in self.scene.get("unplannable", []):
                raise Failed("BadInput", "no course.json")
            return {"jobs": {name: self.job_for(course, name) for name in COURSE_STAGES}}
        return {"reportKey": "results/report.html"}

    def job_for(self, owner: str, stage: str) -> dict:
        return {
            "task": f"s3://b/out/{owner}/tasks/{stage}.json",
            "statusKey": f"{owner}/status/{stage}.json",
            "cpus": 2,
            "memoryMiB": 4096,
            "gpus": 1 if stage in ("segmentation", "custom_models") else 0,
            "timeoutSeconds": 0,
            "skip": stage in self.scene.get("skip", ["robustness"]),
        }

    def job(self, parameters: dict) -> dict:
        found = re.search(r"out/(.+)/tasks/(.+)\.json$", parameters["Parameters"]["task"])
        assert found
        job = "/".join(found.groups())
        with self.lock:
            self.started.append(job)
        code = self.scene.get("exits", {}).get(job, 0)
        if code:
            raise Failed(
                "States.TaskFailed", json.dumps({"JobId": "j", "Attempts": [{"Container": {"ExitCode": code}}]})
            )
        return {"JobId": "j"}

    def nested(self, parameters: dict) -> dict:
        status, value = run(self.machines["stageJob"], parameters["Input"], "nested")
        if status == "SUCCEEDED":
            return {"Status": status, "Output": value}
        raise Failed("States.TaskFailed", json.dumps(value))

    def objects(self, key: str) -> str:
        if key.endswith("run/courses.jsonl"):
            return json.dumps([{"courseId": course} for course in self.scene["courses"]])
        if key.endswith("run/batches.jsonl"):
            return json.dumps([{"batch": n} for n in range(self.scene["catalogBatches"])])
        raise KeyError(key)


playing: Play


def run(definition: str, given, name: str):
    """How an execution ends: its status, and its output or its error and cause."""

    class Ends:
        def terminated(self) -> None:
            pass

    arn = f"arn:aws:states:{REGION}:{ACCOUNT}"
    details = EvaluationDetails(
        AWSExecutionDetails(ACCOUNT, REGION, ROLE),
        ExecutionDetails(f"{arn}:execution:m:{name}", name, ROLE, given, "2026-01-01T00:00:00.000Z"),
        StateMachineDetails(f"{arn}:stateMachine:m", "m", StateMachineType.STANDARD, definition),
    )
    worker = SyncExecutionWorker(details, Ends(), None, {})
    worker.start()
    assert worker.env
    for event in worker.env.event_manager.get_event_history():
        told = event.get("stateExitedEventDetails")
        if told and told["name"] == "Courses":
            # Of a course that failed there is no outcome.
            playing.outcomes += [one for one in json.loads(told["output"]) if one is not None]
    state = worker.env.program_state()
    if isinstance(state, ProgramEnded):
        return "SUCCEEDED", worker.env.states.get_input()
    assert isinstance(state, ProgramError), state
    return "FAILED", {"Error": (state.error or {}).get("error"), "Cause": (state.error or {}).get("cause")}


def install(jars: list[str]) -> None:
    """Services are those of the scene, nothing waits, and JSONata runs in the Java that is there."""
    before = StateTaskService._before_eval_execution

    def remember(self, env, resource_runtime_part, raw_parameters, state_credentials):
        env.asked = (self.resource.resource_arn, raw_parameters)
        before(self, env, resource_runtime_part, raw_parameters, state_credentials)

    def respond(env):
        try:
            return LocalMockedResponseReturn(0, 0, playing.answer(*env.asked))
        except Failed as failed:
            name = (
                states_error_name.StatesErrorName(StatesErrorNameType.StatesTaskFailed)
                if failed.error == "States.TaskFailed"
                else CustomErrorName(failed.error)
            )
            told = EventDetails(taskFailedEventDetails={"error": failed.error, "cause": failed.cause})
            raise FailureEventException(FailureEvent(env, name, "TaskFailed", told)) from failed

    StateTaskService._before_eval_execution = remember
    Environment.is_local_mocked_mode = lambda self: True
    Environment.get_current_local_mocked_response = respond
    WaitFunction._wait_interval = lambda self, env, wait_seconds: None
    time.sleep = lambda seconds: None

    def read(env, resource_runtime_part, state_credentials):
        env.stack.append(playing.objects(env.stack.pop()["Key"]))

    reading.ResourceEvalS3._handle_get_object = staticmethod(read)

    jpype.startJVM(classpath=jars)
    from com.dashjoin.jsonata.Jsonata import jsonata as parse
    from com.fasterxml.jackson.databind import ObjectMapper

    mapper = ObjectMapper()

    def evaluate(expression: str):
        try:
            return json.loads(str(mapper.writeValueAsString(parse(expression).evaluate(None))))
        except Exception as error:
            raise jsonata.JSONataException("UNKNOWN", str(error)) from error

    jsonata._eval_jsonata = evaluate


def main() -> None:
    global playing
    order = json.load(sys.stdin)
    install(order["jars"])
    answers = []
    for scene in order["scenes"]:
        playing = Play(order["machines"], scene)
        status, value = run(order["machines"]["pipeline"], order["input"], "run")
        answers.append(
            {
                "status": status,
                "value": value,
                "started": playing.started,
                "batches": playing.batches,
                "outcomes": playing.outcomes,
            }
        )
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

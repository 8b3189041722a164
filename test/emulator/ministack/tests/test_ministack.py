"""What the extension adds to MiniStack, by itself: run by `npm run check:python`."""

import asyncio
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import batch_rules  # noqa: E402
import engine  # noqa: E402
import faults  # noqa: E402
import guard  # noqa: E402
import hooks  # noqa: E402
import images  # noqa: E402
import resources  # noqa: E402
import runner  # noqa: E402
import stored  # noqa: E402
from ministack.services import stepfunctions  # noqa: E402


class Hooks(unittest.TestCase):
    def test_the_pinned_ministack_has_all_that_is_changed(self):
        hooks.check()

    def test_a_ministack_without_a_place_to_change_is_refused_by_its_name(self):
        kept = stepfunctions._run_execution
        stepfunctions._run_execution = None
        try:
            with self.assertRaisesRegex(SystemExit, "stepfunctions._run_execution"):
                hooks.check()
        finally:
            stepfunctions._run_execution = kept


class Guard(unittest.TestCase):
    TOKEN = "0123456789abcdef"

    def answer(self, kind="http", method="GET", path="/bucket/key", query="", token=TOKEN, **headers):
        reached, sent = [], []

        async def app(scope, receive, send):
            reached.append(scope["type"])

        async def send(message):
            sent.append(message)

        headers |= {"X-Amz-Security-Token": token} if token else {}
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": kind, "method": method, "path": path, "query_string": query.encode(), "headers": given}
        asyncio.run(guard.guarded(app, self.TOKEN)(scope, None, send))
        return reached, sent[0].get("status", sent[0]["type"]) if sent else None

    def test_programs_on_this_machine_are_answered(self):
        for host in ("127.0.0.1:4566", "localhost:4566", "[::1]:4566", "127.0.0.1"):
            self.assertEqual(self.answer(host=host), (["http"], None), host)
        self.assertEqual(self.answer("lifespan"), (["lifespan"], None))

    def test_another_name_of_this_machine_is_refused(self):
        for host in ("evil.example:4566", "127.0.0.1.evil.example", "192.168.0.2:4566", ""):
            self.assertEqual(self.answer(host=host), ([], 403), host)
        self.assertEqual(self.answer(), ([], 403))

    def test_what_a_web_page_sends_is_refused(self):
        self.assertEqual(self.answer(host="127.0.0.1:4566", Origin="https://evil.example"), ([], 403))
        self.assertEqual(self.answer("websocket", host="127.0.0.1:4566"), ([], "websocket.close"))

    def test_another_user_of_this_machine_is_refused(self):
        own = {"host": "127.0.0.1:4566"}
        for token in (None, "0123456789abcdee", "test", "ümlaut"):
            self.assertEqual(self.answer(token=token, **own), ([], 403), token)
        for method, path in (
            ("POST", "/_localstack/health"),
            ("GET", "/_localstack/health/more"),
            ("PUT", "/_ministack/cfn-response"),
            ("PUT", "/_ministack/cfn-response/"),
            ("PUT", "/_ministack/cfn-response/../reset"),
            ("POST", "/_ministack/reset"),
        ):
            self.assertEqual(self.answer(method=method, path=path, token=None, **own), ([], 403), path)
        with self.assertRaisesRegex(ValueError, "AWS_SESSION_TOKEN"):
            guard.guarded(None, "")

    def test_a_signed_address_and_what_no_client_sends_are_answered(self):
        own = {"host": "127.0.0.1:4566", "token": None}
        signed = f"X-Amz-Date=1&X-Amz-Security-Token={self.TOKEN}"
        self.assertEqual(self.answer(query=signed, **own), (["http"], None))
        self.assertEqual(self.answer(path="/_localstack/health", **own), (["http"], None))
        self.assertEqual(self.answer(method="PUT", path="/_ministack/cfn-response/1f", **own), (["http"], None))


class Resources(unittest.TestCase):
    def test_keys_are_spelt_as_the_api_spells_them_but_those_of_the_user(self):
        given = {"JobDefinitionName": "dvh", "Parameters": {"Task": "s3://a"}, "List": [{"VCpus": 1}]}
        wanted = {"jobDefinitionName": "dvh", "parameters": {"Task": "s3://a"}, "list": [{"vCpus": 1}]}
        self.assertEqual(resources.camel(given), wanted)

    def test_an_error_of_the_api_fails_the_stack(self):
        with self.assertRaisesRegex(ValueError, "no such queue"):
            resources.answer_of((400, {}, json.dumps({"message": "no such queue"})))


class BatchRules(unittest.TestCase):
    definition = {
        "platformCapabilities": ["FARGATE"],
        "containerProperties": {
            "image": "r/analysis:1",
            "user": "10001",
            "readonlyRootFilesystem": True,
            "executionRoleArn": "arn",
            "resourceRequirements": [{"type": "VCPU", "value": "2"}, {"type": "MEMORY", "value": "8192"}],
        },
    }

    def changed(self, **properties):
        return {**self.definition, "containerProperties": {**self.definition["containerProperties"], **properties}}

    def needs(self, cpus, memory, gpus=0):
        return {"VCPU": cpus, "MEMORY": memory, **({"GPU": gpus} if gpus else {})}

    def test_a_definition_that_runs_as_nobody_on_a_size_of_fargate_is_taken(self):
        self.assertIsNone(batch_rules.wrong_definition(self.definition))

    def test_a_definition_that_batch_or_the_deployment_does_not_allow_is_refused(self):
        host_folder = [{"name": "m", "host": {"sourcePath": "/m"}}]
        odd = [{"type": "VCPU", "value": "2"}, {"type": "MEMORY", "value": "30720"}]
        for why, given in {
            "image": {"image": ""},
            "root": {"user": "0"},
            "write": {"readonlyRootFilesystem": False},
            "executionRoleArn": {"executionRoleArn": None},
            "folder": {"volumes": host_folder},
            "30720": {"resourceRequirements": odd},
        }.items():
            self.assertIn(why, batch_rules.wrong_definition(self.changed(**given)) or "", why)

    def test_a_job_goes_to_a_queue_of_its_platform_with_a_share(self):
        fargate, hosts = [{"type": "FARGATE_SPOT"}], [{"type": "SPOT"}]
        given = {"shareIdentifier": "run1"}
        self.assertIsNone(batch_rules.wrong_job(given, self.definition, fargate, True))
        self.assertIn("platform", batch_rules.wrong_job(given, self.definition, hosts, True) or "")
        self.assertIn("shareIdentifier", batch_rules.wrong_job({}, self.definition, fargate, True) or "")
        late = {**given, "schedulingPriorityOverride": 10000}
        self.assertIn("9999", batch_rules.wrong_job(late, self.definition, fargate, True) or "")

    def test_a_host_holds_what_kernel_and_agent_leave(self):
        for host, needs, holds in (
            ("g6.2xlarge", self.needs(8, 30000, 1), True),
            ("g6.2xlarge", self.needs(8, 32768, 1), False),
            ("m7i.4xlarge", self.needs(8, 61000), True),
            ("c7i.4xlarge", self.needs(8, 61000), False),
            ("r7i.4xlarge", self.needs(16, 122000), True),
            ("r7i.4xlarge", self.needs(16, 122000, 1), False),
        ):
            self.assertEqual(batch_rules.fits(needs, host), holds, (host, needs))


class Faults(unittest.TestCase):
    def setUp(self):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
        os.environ["RTPIPELINE_FAULTS"] = self.file.name

    def tearDown(self):
        del os.environ["RTPIPELINE_FAULTS"]
        os.unlink(self.file.name)

    def plan(self, *planned):
        self.file.write(json.dumps(planned))
        self.file.close()

    def test_a_fault_strikes_one_job_as_often_as_it_says(self):
        self.plan({"kind": "crash", "job": "dvh-", "times": 2})
        struck = [bool(faults.strike(("crash",), job=name)) for name in ("qc-1", "dvh-1", "dvh-2", "dvh-1", "dvh-1")]
        self.assertEqual(struck, [False, True, False, True, False])

    def test_a_kind_that_is_not_asked_for_does_not_strike(self):
        self.plan({"kind": "pull"})
        self.assertIsNone(faults.strike(("timeout",), job="dvh-1"))


class Engine(unittest.TestCase):
    def setUp(self):
        self.execution = {
            "executionArn": "arn:aws:states:us-east-1:000000000000:execution:pipeline:run",
            "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:pipeline",
            "name": "run",
            "status": "RUNNING",
            "events": [],
        }

    def line(self, path, event_type, number=1, **details):
        return {"path": path, "event": {"id": number, "type": event_type, **details}}

    def test_the_events_of_a_child_are_those_of_an_execution_of_its_own(self):
        line = self.line("run/Courses-9-0", "TaskStateEntered")
        self.assertFalse(engine.record(self.execution, line))
        arn = f"{self.execution['executionArn']}/Courses-9-0"
        child = stepfunctions._executions[arn]
        self.assertTrue(child["stateMachineArn"].endswith("/Courses"))
        self.assertEqual([event["type"] for event in child["events"]], ["TaskStateEntered"])
        self.assertEqual(self.execution["events"], [])

    def test_the_last_event_of_the_execution_gives_its_status(self):
        failed = {"executionFailedEventDetails": {"error": "States.TaskFailed", "cause": "bad input"}}
        self.assertTrue(engine.record(self.execution, self.line("run", "ExecutionFailed", **failed)))
        self.assertEqual(self.execution["status"], "FAILED")
        self.assertEqual(self.execution["error"], "States.TaskFailed")


class Runner(unittest.TestCase):
    def test_the_image_names_its_folder_and_the_task_is_filled_in(self):
        image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/rtpipeline/analysis:1.0"
        self.assertEqual(runner.image_name({"image": image}), "analysis")
        arguments = runner.arguments_of({"command": ["Ref::task"]}, {"task": "s3://results/task.json"})
        self.assertEqual(arguments, ["s3://results/task.json"])


class Unpacked(unittest.TestCase):
    DOCKERFILE = """FROM ${BASE} AS packages
COPY package.json package-lock.json ./
FROM ${BASE} AS machine
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY lib lib
ENTRYPOINT ["node", "/app/cli.ts"]
FROM machine
ENTRYPOINT ["node", "/app/lib/main.ts"]
"""
    LOCK = {"packages": {"": {}, "node_modules/kept": {}, "node_modules/tool": {"dev": True}}}

    def test_an_image_holds_what_its_file_copies_and_no_package_for_development(self):
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            for file, text in {
                "containers/one/Dockerfile": self.DOCKERFILE,
                "package.json": "{}",
                "package-lock.json": json.dumps(self.LOCK),
                "lib/main.ts": "",
                "cli.ts": "",
                "node_modules/kept/index.js": "",
                "node_modules/kept/node_modules/other/index.js": "",
                "node_modules/tool/index.js": "",
            }.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(text, encoding="utf-8")
            folder, entry = images.Images(root, root / "unpacked", "node").entry_of("one")
            self.assertEqual(entry, ["node", str(folder / "lib/main.ts")])
            held = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
            self.assertEqual(held, ["lib/main.ts", "node_modules/kept/index.js", "package.json"])


class Stored(unittest.TestCase):
    def test_bytes_are_told_by_their_length_and_tuples_as_text(self):
        held = {("a", 1): [b"1234", "text"], "set": {7}}
        self.assertEqual(stored.text(held), {"('a', 1)": ["4 bytes", "text"], "set": [7]})


class Mounts(unittest.TestCase):
    def test_a_folder_of_the_host_stands_under_the_same_variable(self):
        properties = {
            "environment": [{"name": "MODELS", "value": "/models"}, {"name": "OTHER", "value": "/tmp"}],
            "volumes": [{"name": "scratch", "host": {}}, {"name": "models", "host": {"sourcePath": "/var/lib/m"}}],
            "mountPoints": [
                {"containerPath": "/tmp", "sourceVolume": "scratch"},
                {"containerPath": "/models", "sourceVolume": "models"},
            ],
        }
        found = runner.environment_of({"jobId": "1", "jobQueue": "q"}, properties, {})
        self.assertEqual(found["MODELS"], f"{runner.HOST_DISK}/var/lib/m")
        self.assertEqual(found["OTHER"], "/tmp")


if __name__ == "__main__":
    unittest.main()

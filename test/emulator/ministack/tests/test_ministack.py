"""What the extension adds to MiniStack, by itself: run by `npm run check:python`."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import batch_rules  # noqa: E402
import confinement  # noqa: E402
import engine  # noqa: E402
import faults  # noqa: E402
import guard  # noqa: E402
import hooks  # noqa: E402
import images  # noqa: E402
import resources  # noqa: E402
import runner  # noqa: E402
import stored  # noqa: E402
from ministack.services import ecr, stepfunctions  # noqa: E402


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
ENV NODE_ENV=production HOME=/tmp
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
            image = images.Images(root, root / "unpacked", "node").get("one")
            self.assertEqual(image.entry, ["lib/main.ts"])
            self.assertEqual(image.variables, {"NODE_ENV": "production", "HOME": "/tmp"})
            held = sorted(str(path.relative_to(image.folder)) for path in image.folder.rglob("*") if path.is_file())
            self.assertEqual(held, ["lib/main.ts", "node_modules/kept/index.js", "package.json"])


class Stored(unittest.TestCase):
    def test_bytes_are_told_by_their_length_and_tuples_as_text(self):
        held = {("a", 1): [b"1234", "text"], "set": {7}}
        self.assertEqual(stored.text(held), {"('a', 1)": ["4 bytes", "text"], "set": [7]})


class Mounts(unittest.TestCase):
    properties = {
        "user": "10001",
        "environment": [{"name": "MODELS", "value": "/models"}, {"name": "OTHER", "value": "/tmp"}],
        "volumes": [{"name": "scratch", "host": {}}, {"name": "models", "host": {"sourcePath": "/var/lib/m"}}],
        "mountPoints": [
            {"containerPath": "/tmp", "sourceVolume": "scratch"},
            {"containerPath": "/models", "sourceVolume": "models"},
        ],
    }

    def test_a_folder_of_the_host_stands_at_its_place_in_the_container(self):
        self.assertEqual(runner.mounted_folders(self.properties), {"/models": f"{runner.HOST_DISK}/var/lib/m"})

    def test_where_no_job_can_be_confined_its_variables_name_the_folders_here(self):
        image = images.Unpacked(Path("/x/analysis"), ["lib/main.ts"], {})
        seen = confinement.Root(image.folder, Path("/bin/node"), Path("/s"), Path("/c"))
        kept = runner._unconfined | {}
        self.addCleanup(lambda: (runner._unconfined.clear(), runner._unconfined.update(kept)))
        runner._unconfined["analysis"] = "no namespaces"
        command, variables = runner.start_of(image, seen, self.properties, ["s3://task"])
        self.assertEqual(command[1:], ["/x/analysis/lib/main.ts", "s3://task"])
        self.assertEqual(variables["MODELS"], f"{runner.HOST_DISK}/var/lib/m")
        self.assertEqual((variables["OTHER"], variables["NODE_COMPILE_CACHE"]), ("/tmp", "/c"))


class Pull(unittest.TestCase):
    HOST = "000000000000.dkr.ecr.us-east-1.amazonaws.com"

    def test_only_an_image_that_was_pushed_can_be_pulled(self):
        ecr._create_repository({"repositoryName": "p/analysis"})
        ecr._put_image({"repositoryName": "p/analysis", "imageTag": "1.0", "imageManifest": "{}"})
        digest = ecr._images["p/analysis"][0]["imageDigest"]
        for image, is_there in {
            f"{self.HOST}/p/analysis:1.0": True,
            f"{self.HOST}/p/analysis@{digest}": True,
            f"{self.HOST}/p/analysis:1.1": False,
            f"{self.HOST}/p/analysis": False,
            f"{self.HOST}/p/segmentation:1.0": False,
            "public.ecr.aws/p/analysis:1.1": True,
        }.items():
            self.assertEqual(runner.is_pushed(image), is_there, image)

    def test_the_reason_is_that_of_ecs(self):
        exit_code, reason, _ = runner.not_found("host/p:1")
        self.assertIsNone(exit_code)
        self.assertRegex(reason, "^CannotPullContainerError: .*failed to resolve ref host/p:1: host/p:1: not found$")


class Confinement(unittest.TestCase):
    """A job in a root of its own, with a program of this machine in the place of Node."""

    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)
        for name in ("image", "node", "scratch", "cache", "models", "root"):
            (self.folder / name).mkdir()
        (self.folder / "image/main").write_text("of the image", encoding="utf-8")
        node = self.folder / "node/node"
        self.seen = confinement.Root(
            self.folder / "image",
            node,
            self.folder / "scratch",
            self.folder / "cache",
            {str(self.folder / "models"): "/models"},
        )

    def ran(self, script: str) -> tuple[int, str]:
        command = confinement.confined(self.folder / "root", self.seen, "10001", ["sh", "-c", script])
        surroundings = {"PATH": confinement.PATH}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
        if "unshare" in done.stderr:
            self.skipTest(f"NO JOB CAN BE CONFINED HERE: {done.stderr}")
        return done.returncode, done.stdout + done.stderr

    def test_it_is_the_user_of_the_definition_without_any_right(self):
        code, said = self.ran("id -u; id -g; grep -c '^Cap.*0000000000000000$' /proc/self/status; pwd; cat main")
        self.assertEqual((code, said), (0, "10001\n10001\n5\n/app\nof the image"))

    def test_it_writes_only_where_the_definition_mounts_something(self):
        self.assertEqual(self.ran("touch /tmp/a /models/b /compile-cache/c"), (0, ""))
        for name in ("scratch/a", "models/b", "cache/c"):
            self.assertTrue((self.folder / name).exists(), name)
        for place in ("/app/a", "/app/main", "/a", "/usr/a", "/etc/a", "/node/a"):
            code, said = self.ran(f"touch {place}")
            self.assertEqual(code, 1, place)
            self.assertRegex(said, "Read-only file system|Permission denied")
        self.assertEqual(sorted(path.name for path in (self.folder / "image").iterdir()), ["main"])

    def test_it_sees_nothing_else_of_this_machine(self):
        self.assertNotEqual(self.ran(f"ls {self.folder}")[0], 0)
        self.assertNotEqual(self.ran(f"ls {Path(__file__)}")[0], 0)

    def test_it_cannot_undo_this(self):
        self.assertNotEqual(self.ran("mount -o remount,bind,rw /app")[0], 0)
        self.assertNotEqual(self.ran("umount /tmp")[0], 0)


if __name__ == "__main__":
    unittest.main()

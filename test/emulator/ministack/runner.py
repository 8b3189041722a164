"""Batch jobs as processes: the real entry point of the image that the job definition names, from its unpacked files."""

import atexit
import contextvars
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import batch_rules
import confinement
import faults
from images import Images, Unpacked
from ministack.core.responses import error_response_json, new_uuid
from ministack.services import batch, cloudwatch_logs, ecr, eventbridge

ROOT = Path(__file__).resolve().parents[3]
#: Jobs at once, as a compute environment of this machine's size would have them.
_slots = threading.Semaphore(int(os.environ.get("RTPIPELINE_LOCAL_JOBS", os.cpu_count() or 2)))
_processes: dict[str, subprocess.Popen] = {}

#: Images, unpacked where their packages can be linked and not copied.
_images = Images(
    ROOT, ROOT / ".cache" / "emulator" / f"images-{os.getpid()}", os.environ.get("RTPIPELINE_NODE", "node")
)
atexit.register(shutil.rmtree, _images.folder, ignore_errors=True)

#: Why jobs are not confined, by the image; "" where they are.
_unconfined: dict[str, str] = {}
_first_try = threading.Lock()

#: What stands for the disk of the one host that all jobs run on.
HOST_DISK = Path(tempfile.mkdtemp(prefix="rtpipeline-host-"))
atexit.register(shutil.rmtree, HOST_DISK, ignore_errors=True)

#: An image of ECR: repository, tag, digest.
OF_ECR = re.compile(r"^\d{12}\.dkr\.ecr\.[^/]+/([^:@]+)(?::([^@]+))?(?:@(.+))?$")

OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"
ENDED = "Essential container in task exited"
#: What a job ends with that never ran, or whose fault cannot be made here.
TOLD: dict[str, tuple[int | None, str | None, str]] = {
    "gpu_out_of_memory": (42, None, ENDED),
    "pull": (None, "CannotPullContainerError: pull image manifest has been retried", "Task failed to start"),
    "no_host": (
        None,
        None,
        f"{batch_rules.UNFIT} - The job resource requirement is too large for the hosts of the queue.",
    ),
    "bad_input": (65, None, ENDED),
}
#: Variables that name places which a job does not have.
OF_THIS_MACHINE = ("TMPDIR", "PWD", "OLDPWD")
NEVER_RAN = ("pull", "no_host", "not_pushed")
JOB_FAULTS = ("host_lost", "out_of_memory", "timeout", "crash", *TOLD)
#: Where a fault strikes a running process.
FAULT_MEMORY_BYTES = 32 * 2**20
FAULT_SECONDS = 0.5


def submit_job(request):
    if faults.strike(("throttle",), request.get("jobName", "")):
        return faults.too_many_requests()
    definition = find_definition(request.get("jobDefinition", ""))
    if definition is None:
        return error_response_json("ClientException", f"no job definition {request.get('jobDefinition')}", 400)
    queue = batch._job_queues.get(request.get("jobQueue", "").split("/")[-1])
    if queue is None:
        return error_response_json("ClientException", f"no job queue {request.get('jobQueue')}", 400)
    environments = environments_of(queue)
    if wrong := batch_rules.wrong_job(request, definition, environments, bool(queue.get("schedulingPolicyArn"))):
        return error_response_json("ClientException", wrong, 400)
    job = new_job(request, definition)
    batch._jobs[job["jobId"]] = job
    publish(job)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run_job, job, request, definition), daemon=True).start()
    return batch._json(200, {key: job[key] for key in ("jobId", "jobName", "jobArn")})


def environments_of(queue) -> list[dict]:
    names = [one["computeEnvironment"].split("/")[-1] for one in queue["computeEnvironmentOrder"]]
    return [batch._compute_envs[name]["computeResources"] for name in names]


def has_no_host(job, definition) -> bool:
    if batch_rules.on_fargate(definition):
        return False
    needs = batch_rules.needs_of(job["container"]["resourceRequirements"])
    queue = batch._job_queues[job["jobQueue"].split("/")[-1]]
    return not batch_rules.fits_a_host(needs, environments_of(queue))


def terminate_job(request):
    job = batch._jobs.get(request.get("jobId", ""))
    if job and job["status"] not in ("SUCCEEDED", "FAILED"):
        job["terminated"] = request.get("reason", "terminated")
        stop(_processes.get(job["jobId"]))
    return batch._json(200, {})


def find_definition(reference: str):
    """By ARN with its revision, or the newest of a name."""
    name, _, revision = reference.split("/")[-1].partition(":")
    revisions = batch._job_definitions.get(name) or []
    if not revision:
        return revisions[-1] if revisions else None
    return next((one for one in revisions if str(one["revision"]) == revision), None)


def new_job(request, definition) -> dict:
    job_id = new_uuid()
    requirements = request.get("containerOverrides", {}).get("resourceRequirements")
    container = {"resourceRequirements": requirements or definition["containerProperties"]["resourceRequirements"]}
    return {
        "jobId": job_id,
        "jobArn": batch._job_arn(job_id),
        "jobName": request["jobName"],
        "jobQueue": request["jobQueue"],
        "jobDefinition": definition["jobDefinitionArn"],
        "shareIdentifier": request.get("shareIdentifier", ""),
        "status": "SUBMITTED",
        "createdAt": int(time.time() * 1000),
        "attempts": [],
        "container": container,
        "parameters": request.get("parameters", {}),
        "tags": request.get("tags", {}),
    }


def run_job(job, request, definition) -> None:
    with _slots:
        move(job, "RUNNABLE")
        stream = f"{stage_of(job)}/default/{job['jobId'].replace('-', '')}"
        fault = faults.strike(JOB_FAULTS, job["jobName"])
        kind = fault["kind"] if fault else obstacle(job, definition)
        started = int(time.time() * 1000)
        if kind not in NEVER_RAN:
            job["startedAt"] = started
            move(job, "RUNNING")
        if kind == "not_pushed":
            how = not_found(definition["containerProperties"]["image"])
        else:
            how = TOLD[kind] if kind in TOLD else run_container(job, request, definition, stream, kind)
    exit_code, reason, status_reason = how
    container: dict = {"logStreamName": stream}
    if exit_code is not None:
        container["exitCode"] = exit_code
    if reason:
        container["reason"] = reason
    stopped = int(time.time() * 1000)
    job["container"].update(container)
    attempt = {"startedAt": started, "stoppedAt": stopped, "statusReason": status_reason, "container": container}
    job.update({"stoppedAt": stopped, "statusReason": status_reason, "attempts": [attempt]})
    move(job, "SUCCEEDED" if exit_code == 0 else "FAILED")


def obstacle(job, definition) -> str | None:
    """Why the job never starts, without any fault on purpose."""
    if has_no_host(job, definition):
        return "no_host"
    return None if is_pushed(definition["containerProperties"]["image"]) else "not_pushed"


def is_pushed(image: str) -> bool:
    """Whether ECR holds it. Of other registries nothing is known here."""
    found = OF_ECR.match(image)
    if not found:
        return True
    repository, tag, digest = found.groups()
    return ecr._find_image(repository, {"imageTag": tag or "latest", "imageDigest": digest}) is not None


def not_found(image: str) -> tuple[int | None, str | None, str]:
    """ECS developer guide, "CannotPullContainer task errors": the tag is not in the repository."""
    reason = f"pull image manifest has been retried 1 time(s): failed to resolve ref {image}: {image}: not found"
    return None, f"CannotPullContainerError: {reason}", TOLD["pull"][2]


def run_container(job, request, definition, stream, fault):
    overrides = request.get("containerOverrides", {})
    properties = definition["containerProperties"]
    needs = {one["type"]: one["value"] for one in job["container"]["resourceRequirements"]}
    memory_bytes = FAULT_MEMORY_BYTES if fault == "out_of_memory" else int(needs["MEMORY"]) * 2**20
    seconds = int(request.get("timeout", {}).get("attemptDurationSeconds") or 14 * 86400)
    if fault in ("timeout", "host_lost", "crash"):
        seconds = FAULT_SECONDS
    image = _images.get(image_name(properties))
    scratch = new_folder(_images.folder / "scratch" / job["jobId"])
    cache = new_folder(_images.folder / "compile-cache")
    seen = confinement.Root(image.folder, Path(shutil.which(_images.node) or _images.node), scratch, cache)
    seen.mounts = {str(new_folder(Path(folder))): place for place, folder in mounted_folders(properties).items()}
    arguments = arguments_of(properties, {**definition.get("parameters", {}), **job["parameters"]})
    command, variables = start_of(image, seen, properties, arguments)
    process = subprocess.Popen(
        command,
        cwd=image.folder,
        env={**environment_of(job, properties, overrides), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    _processes[job["jobId"]] = process
    late = {"host_lost": signal.SIGKILL, "crash": signal.SIGSEGV}.get(fault, signal.SIGTERM)
    watch = Watch(process, memory_bytes, seconds, late)
    write_log(properties, stream, process)
    exit_code = process.wait()
    ended = watch.end()
    del _processes[job["jobId"]]
    shutil.rmtree(scratch, ignore_errors=True)
    if "terminated" in job:
        return 143, None, job["terminated"]
    if ended == "memory":
        return 137, OUT_OF_MEMORY, ENDED
    if fault == "host_lost":
        return lost_host(definition)
    if ended == "time" and fault != "crash":
        return 137, None, "Job attempt duration exceeded timeout"
    return (128 - exit_code if exit_code < 0 else exit_code), None, ENDED


def lost_host(definition) -> tuple[int | None, None, str]:
    """What Batch says of a spot host that was taken away: Fargate interrupts the task, an EC2 host is gone."""
    if "FARGATE" in definition.get("platformCapabilities", []):
        return 137, None, "Your Spot Task was interrupted."
    return None, None, "Host EC2 (instance i-0123456789abcdef0) terminated."


def start_of(image: Unpacked, seen: confinement.Root, properties, arguments) -> tuple[list[str], dict[str, str]]:
    """The command of a job and the variables of its surroundings: in a root of its own where this machine can make one."""
    root, user = new_folder(_images.folder / "root"), properties["user"]
    with _first_try:
        if image.folder.name not in _unconfined:
            _unconfined[image.folder.name] = why = confinement.why_not(root, seen, user)
            print(f"JOBS ARE NOT CONFINED: {why}" if why else f"CONFINED {image.folder.name}", flush=True)
    if _unconfined[image.folder.name]:
        entry = [str(image.folder / image.entry[0]), *image.entry[1:]]
        mounted = mounted_folders(properties)
        variables = {one["name"]: mounted.get(one["value"], one["value"]) for one in properties.get("environment", [])}
        return [_images.node, *entry, *arguments], {**variables, "NODE_COMPILE_CACHE": str(seen.cache)}
    node = f"{confinement.NODE}/{seen.node.name}"
    command = confinement.confined(root, seen, user, [node, *image.entry, *arguments])
    return command, {"PATH": confinement.PATH, "NODE_COMPILE_CACHE": confinement.COMPILE_CACHE}


def new_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def image_name(properties) -> str:
    """`.../rtpipeline/analysis:1.0` is made by containers/analysis/Dockerfile."""
    return properties["image"].split("/")[-1].split(":")[0].split("@")[0]


def arguments_of(properties, parameters) -> list[str]:
    """`Ref::task` is the parameter."""
    return [parameters[word[5:]] if word.startswith("Ref::") else word for word in properties["command"]]


def environment_of(job, properties, overrides) -> dict[str, str]:
    given = {one["name"]: str(one["value"]) for one in properties.get("environment", [])}
    given.update({one["name"]: str(one["value"]) for one in overrides.get("environment", [])})
    return {
        **{name: value for name, value in os.environ.items() if name not in OF_THIS_MACHINE},
        **_images.get(image_name(properties)).variables,
        **given,
        "AWS_BATCH_JOB_ID": job["jobId"],
        "AWS_BATCH_JOB_ATTEMPT": "1",
        "AWS_BATCH_JQ_NAME": job["jobQueue"].split("/")[-1],
        "MANAGED_BY_AWS": "STARTED_BY_STEP_FUNCTIONS",
    }


def mounted_folders(properties) -> dict[str, str]:
    """Path in the container -> folder here, of volumes that lie on the host: a process has no mounts of its own."""
    sources = {one["name"]: one.get("host", {}).get("sourcePath") for one in properties.get("volumes", [])}
    return {
        mount["containerPath"]: f"{HOST_DISK}{sources[mount['sourceVolume']]}"
        for mount in properties.get("mountPoints", [])
        if sources.get(mount["sourceVolume"])
    }


class Watch:
    """Ends a process that takes more memory or time than its job may."""

    def __init__(self, process, memory_bytes: int, seconds: float, late: signal.Signals):
        self.process, self.memory_bytes, self.late = process, memory_bytes, late
        self.deadline = time.monotonic() + seconds
        self.ended_for = ""
        self.over = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        while not self.over.wait(0.2):
            if time.monotonic() > self.deadline:
                self.kill("time", self.late)
            elif resident_bytes(self.process.pid) > self.memory_bytes:
                self.kill("memory", signal.SIGKILL)

    def kill(self, why: str, how: signal.Signals) -> None:
        self.ended_for = why
        self.over.set()
        stop(self.process, how)

    def end(self) -> str:
        self.over.set()
        return self.ended_for


def resident_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def stop(process, how: signal.Signals = signal.SIGTERM) -> None:
    if process is None or process.poll() is not None:
        return
    os.killpg(process.pid, how)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def write_log(properties, stream: str, process) -> None:
    group = properties.get("logConfiguration", {}).get("options", {}).get("awslogs-group", "/jobs")
    name = {"logGroupName": group, "logStreamName": stream}
    cloudwatch_logs._create_log_stream(name)
    for line in process.stdout:
        event = {"timestamp": int(time.time() * 1000), "message": line.rstrip("\n")}
        cloudwatch_logs._put_log_events({**name, "logEvents": [event]})


def stage_of(job) -> str:
    return job["jobName"].rsplit("-", 1)[0]


def move(job, status: str) -> None:
    job["status"] = status
    if status != "RUNNABLE":
        publish(job)


def publish(job) -> None:
    eventbridge._put_events(
        {
            "Entries": [
                {
                    "Source": "aws.batch",
                    "DetailType": "Batch Job State Change",
                    "Detail": json.dumps(job),
                    "Resources": [job["jobArn"]],
                }
            ]
        },
        allow_aws_source=True,
    )


HANDLERS = {"/v1/submitjob": submit_job, "/v1/terminatejob": terminate_job, "/v1/canceljob": terminate_job}

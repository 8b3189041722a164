"""
What AWS Batch refuses and MiniStack takes. Sources: Batch API reference, "RegisterJobDefinition" (ResourceRequirement gives
the sizes of Fargate) and "SubmitJob"; Batch user guide, "Job definition parameters" and "Jobs stuck in a RUNNABLE status";
EC2 user guide, "Instance type specifications".
"""

import re

#: CPUs -> least, most and step of the MiB that go with them on Fargate.
FARGATE = {
    1: (2048, 8192, 1024),
    2: (4096, 16384, 1024),
    4: (8192, 30720, 1024),
    8: (16384, 61440, 4096),
    16: (32768, 122880, 8192),
}
#: Size of a host -> CPUs; family -> GiB for each of them, and GPUs.
SIZES = {"xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32}
FAMILIES = {"c7i": (2, 0), "c7a": (2, 0), "m7i": (4, 0), "m7a": (4, 0), "r7i": (8, 0), "r7a": (8, 0)}
FAMILIES |= {"g5": (4, 1), "g6": (4, 1), "g6e": (8, 1)}
#: What the kernel and the ECS agent leave of the memory of a host.
LEFT_FOR_JOBS = 0.95
UNFIT = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"


def wrong_definition(definition: dict) -> str | None:
    """Why Batch refuses the definition, or what of it would run otherwise than the deployment promises."""
    container = definition.get("containerProperties", {})
    volumes = container.get("volumes", [])
    if not container.get("image"):
        return "the image is missing"
    if not container.get("user") or container["user"] in ("0", "root"):
        return "the job would run as root"
    if not container.get("readonlyRootFilesystem") or container.get("privileged"):
        return "the job could write to its image or reach its host"
    if not on_fargate(definition):
        return None
    if not container.get("executionRoleArn"):
        return "a job on Fargate needs an executionRoleArn"
    if any(volume.get("host", {}).get("sourcePath") for volume in volumes):
        return "a job on Fargate cannot mount a folder of its host"
    return wrong_size(needs_of(container.get("resourceRequirements", [])))


def wrong_job(request: dict, definition: dict, environments: list[dict], is_shared: bool) -> str | None:
    """Why SubmitJob is refused. @param environments: computeResources of those of the queue"""
    share = request.get("shareIdentifier", "")
    if is_shared and not re.fullmatch(r"[A-Za-z0-9]{1,255}\*?", share):
        return "the queue has a scheduling policy: shareIdentifier must be letters and digits"
    if not 0 <= int(request.get("schedulingPriorityOverride", 0)) <= 9999:
        return "schedulingPriorityOverride must be between 0 and 9999"
    if (attempt := request.get("timeout", {}).get("attemptDurationSeconds")) is not None and int(attempt) < 60:
        return "attemptDurationSeconds must be 60 or more"
    if any(resources["type"].startswith("FARGATE") != on_fargate(definition) for resources in environments):
        return "the platform of the job definition is not that of the queue"
    given = request.get("containerOverrides", {}).get("resourceRequirements")
    needs = needs_of(given or definition["containerProperties"]["resourceRequirements"])
    return wrong_size(needs) if on_fargate(definition) else None


def fits_a_host(needs: dict[str, int], environments: list[dict]) -> bool:
    """Whether any host of the queue can hold the job: without one it stays RUNNABLE until Batch cancels it."""
    return any(fits(needs, host) for resources in environments for host in resources.get("instanceTypes", []))


def fits(needs: dict[str, int], host: str) -> bool:
    family, size = host.split(".")
    cpus, (gib, gpus) = SIZES[size], FAMILIES[family]
    memory = int(cpus * gib * 1024 * LEFT_FOR_JOBS)
    return needs["VCPU"] <= cpus and needs["MEMORY"] <= memory and needs.get("GPU", 0) <= gpus


def wrong_size(needs: dict[str, int]) -> str | None:
    if needs.get("GPU"):
        return "Fargate has no GPUs"
    least, most, step = FARGATE.get(needs["VCPU"], (0, -1, 1))
    if least <= needs["MEMORY"] <= most and needs["MEMORY"] % step == 0:
        return None
    return f"Fargate has no size of {needs['VCPU']} CPUs with {needs['MEMORY']} MiB"


def needs_of(requirements: list[dict]) -> dict[str, int]:
    return {one["type"]: int(float(one["value"])) for one in requirements}


def on_fargate(definition: dict) -> bool:
    return "FARGATE" in definition.get("platformCapabilities", [])

"""Resources of CloudFormation that MiniStack lacks: AWS::Batch::*, AWS::EC2::FlowLog and AWS::Athena::NamedQuery."""

import json

import batch_rules
from ministack.core.responses import new_uuid
from ministack.services import athena, batch


def camel(value):
    """CloudFormation's PascalCase keys as the API spells them; the keys of maps of the user stay."""
    if isinstance(value, list):
        return [camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = ("Parameters", "Tags", "Options")
    return {key[0].lower() + key[1:]: inner if key in kept else camel(inner) for key, inner in value.items()}


def answer_of(response) -> dict:
    status, _, body = response
    answer = json.loads(body)
    if status >= 300:
        raise ValueError(answer.get("message") or answer)
    return answer


def name_of(logical_id: str, stack_name: str) -> str:
    return f"{stack_name}-{logical_id}-{new_uuid()[:8]}"


def create_environment(logical_id, props, stack_name):
    given = {**camel(props), "computeEnvironmentName": name_of(logical_id, stack_name)}
    arn = answer_of(batch._create_compute_environment(given))["computeEnvironmentArn"]
    return arn, {"ComputeEnvironmentArn": arn}


def delete_environment(physical_id, props):
    batch._compute_envs.pop(physical_id.split("/")[-1], None)


def create_queue(logical_id, props, stack_name):
    given = camel(props)
    given.setdefault("jobQueueName", name_of(logical_id, stack_name))
    arn = answer_of(batch._create_job_queue(given))["jobQueueArn"]
    batch._job_queues[given["jobQueueName"]].update(
        {key: given[key] for key in ("schedulingPolicyArn", "jobStateTimeLimitActions") if key in given}
    )
    return arn, {"JobQueueArn": arn}


def delete_queue(physical_id, props):
    batch._job_queues.pop(physical_id.split("/")[-1], None)


def create_definition(logical_id, props, stack_name):
    given = camel(props)
    given.setdefault("jobDefinitionName", name_of(logical_id, stack_name))
    if wrong := batch_rules.wrong_definition(given):
        raise ValueError(f"{given['jobDefinitionName']}: {wrong}")
    arn = answer_of(batch._register_job_definition(given))["jobDefinitionArn"]
    batch._job_definitions[given["jobDefinitionName"]][-1].update(
        {key: given[key] for key in ("retryStrategy", "platformCapabilities", "parameters") if key in given}
    )
    return arn, {"JobDefinitionArn": arn}


def update_definition(physical_id, old_props, new_props, stack_name):
    if old_props == new_props:
        return physical_id, {"JobDefinitionArn": physical_id}
    return create_definition("", new_props, stack_name)


def delete_definition(physical_id, props):
    name = physical_id.split("/")[-1].split(":")[0]
    batch._job_definitions.pop(name, None)


def create_policy(logical_id, props, stack_name):
    name = props.get("Name") or name_of(logical_id, stack_name)
    arn = batch._jq_arn(name).replace(":job-queue/", ":scheduling-policy/")
    return arn, {"Arn": arn}


def create_flow_log(logical_id, props, stack_name):
    flow_log = f"fl-{new_uuid().replace('-', '')[:17]}"
    return flow_log, {"Id": flow_log}


def create_named_query(logical_id, props, stack_name):
    query = answer_of(athena._create_named_query(props))["NamedQueryId"]
    return query, {"NamedQueryId": query}


def delete_named_query(physical_id, props):
    athena._delete_named_query({"NamedQueryId": physical_id})


def stays(*attributes):
    """An update that changes nothing here: what runs is decided by the jobs."""

    def update(physical_id, old_props, new_props, stack_name):
        return physical_id, {name: physical_id for name in attributes}

    return update


def nothing(physical_id, props):
    return None


HANDLERS = {
    "AWS::Batch::ComputeEnvironment": {
        "create": create_environment,
        "update": stays("ComputeEnvironmentArn"),
        "delete": delete_environment,
    },
    "AWS::Batch::JobQueue": {"create": create_queue, "update": stays("JobQueueArn"), "delete": delete_queue},
    "AWS::Batch::JobDefinition": {
        "create": create_definition,
        "update": update_definition,
        "delete": delete_definition,
    },
    "AWS::Batch::SchedulingPolicy": {"create": create_policy, "update": stays("Arn"), "delete": nothing},
    "AWS::Athena::NamedQuery": {
        "create": create_named_query,
        "update": stays("NamedQueryId"),
        "delete": delete_named_query,
    },
    "AWS::EC2::FlowLog": {"create": create_flow_log, "update": stays("Id"), "delete": nothing},
}

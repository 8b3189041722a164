"""The places where MiniStack is changed. Each is checked first: another version fails here and not in a test."""

import engine
import faults
import resources
import runner
from ministack.services import batch, s3, stepfunctions
from ministack.services.cloudformation import provisioners


def install() -> None:
    check()
    provisioners._RESOURCE_HANDLERS.update(resources.HANDLERS)
    batch._DISPATCH.update(runner.HANDLERS)
    stepfunctions._run_execution = engine.run_execution
    stepfunctions._stop_execution = engine.stopping(stepfunctions._stop_execution)
    s3.handle_request = faults.throttled(s3.handle_request)


def check() -> None:
    expected = {
        "provisioners._RESOURCE_HANDLERS": isinstance(getattr(provisioners, "_RESOURCE_HANDLERS", None), dict),
        "batch._DISPATCH['/v1/submitjob']": "/v1/submitjob" in getattr(batch, "_DISPATCH", {}),
        "stepfunctions._run_execution": callable(getattr(stepfunctions, "_run_execution", None)),
        "stepfunctions._stop_execution": callable(getattr(stepfunctions, "_stop_execution", None)),
        "s3.handle_request": callable(getattr(s3, "handle_request", None)),
    }
    missing = [name for name, is_there in expected.items() if not is_there]
    if missing:
        raise SystemExit(f"this MiniStack lacks {', '.join(missing)}: install the version of requirements.txt")

"""The places where MiniStack is changed. Each is checked first: another version fails here and not in a test."""

import os

import engine
import faults
import resources
import runner
import stored
from ministack.core import lambda_runtime
from ministack.services import batch, s3, stepfunctions, sts
from ministack.services.cloudformation import provisioners


def install() -> None:
    check()
    provisioners._RESOURCE_HANDLERS.update(resources.HANDLERS)
    batch._DISPATCH.update(runner.HANDLERS)
    stepfunctions._run_execution = engine.run_execution
    stepfunctions._stop_execution = engine.stopping(stepfunctions._stop_execution)
    stepfunctions.handle_request = faults.with_faults(engine.with_redrive(stepfunctions.handle_request))
    s3.handle_request = faults.with_faults(s3.handle_request)
    # A role that is assumed carries the token on: see guard.py.
    sts._gen_session_token = lambda: os.environ["AWS_SESSION_TOKEN"]
    stored.dump_on_signal()


def check() -> None:
    expected = {
        "provisioners._RESOURCE_HANDLERS": isinstance(getattr(provisioners, "_RESOURCE_HANDLERS", None), dict),
        "batch._DISPATCH['/v1/submitjob']": "/v1/submitjob" in getattr(batch, "_DISPATCH", {}),
        "stepfunctions._run_execution": callable(getattr(stepfunctions, "_run_execution", None)),
        "stepfunctions._stop_execution": callable(getattr(stepfunctions, "_stop_execution", None)),
        "stepfunctions.handle_request": callable(getattr(stepfunctions, "handle_request", None)),
        "s3.handle_request": callable(getattr(s3, "handle_request", None)),
        "sts._gen_session_token": callable(getattr(sts, "_gen_session_token", None)),
        "lambda_runtime._workers": isinstance(getattr(lambda_runtime, "_workers", None), dict),
    }
    missing = [name for name, is_there in expected.items() if not is_there]
    if missing:
        raise SystemExit(f"this MiniStack lacks {', '.join(missing)}: install the version of requirements.txt")

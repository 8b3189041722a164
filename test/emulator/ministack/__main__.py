"""MiniStack with what the pipeline needs beyond it: Batch jobs that run, and our engine for state machines."""

import os
import signal
import sys
import threading

import guard
import hooks

hooks.install()

# After the hooks: these modules copy what the hooks change.
from ministack import app  # noqa: E402

app.app = guard.guarded(app.app, os.environ.get("AWS_SESSION_TOKEN", ""))


def end_with_parent() -> None:
    """Standard input is a pipe of the one who started this: it ends when that one does, however that happens."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if os.environ.pop("RTPIPELINE_ENDS_WITH_PARENT", ""):
    threading.Thread(target=end_with_parent, daemon=True).start()
app.main()

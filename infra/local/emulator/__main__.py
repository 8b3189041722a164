"""MiniStack with what the pipeline needs beyond it: Batch jobs that run, and our engine for state machines."""

import hooks

hooks.install()

from ministack.app import main  # noqa: E402: after the hooks, which its modules must not have copied yet

main()

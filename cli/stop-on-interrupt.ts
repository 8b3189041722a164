/** Exit code of a command that the person stopped. */
export const INTERRUPTED = 130;

export const GOES_ON = 'Interrupted. Repeat the command to continue.';

/** The first Ctrl-C or SIGTERM stops the work cleanly, the second ends the process. */
export function stopOnInterrupt(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const forget = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  };
  return { signal: controller.signal, forget };
}

/** What fails after the person stopped the work fails for that. */
export function unlessStopped(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

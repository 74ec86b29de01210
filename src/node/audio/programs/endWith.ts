import type { ChildProcess } from 'node:child_process';

/** How a process ends. */
export interface Ending {
  /** The exit code, or why the program could not be started. */
  readonly ended: Promise<number | Error>;
  /** Kills the process if it runs still. */
  readonly end: () => Promise<void>;
}

/** Ends a process with the signal, and with whoever reads it: that one calls `end`. */
export function endWith(child: ChildProcess, signal: AbortSignal): Ending {
  const ended = new Promise<number | Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  const end = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    if (child.exitCode === null) stop();
    await ended;
  };
  return { ended, end };
}

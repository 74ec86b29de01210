const cleanups = new Set<() => void>();
let isHooked = false;

const SIGNAL_STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function hook(): void {
  isHooked = true;
  process.once('exit', () => {
    for (const cleanup of cleanups) cleanup();
  });
  // A signal ends Node without an exit event unless somebody listens.
  for (const [signal, status] of Object.entries(SIGNAL_STATUS)) process.once(signal, () => process.exit(status));
}

/** Has something synchronous done when this process ends, however it ends (but by SIGKILL). The result calls it off. */
export function atExit(cleanup: () => void): () => void {
  if (!isHooked) hook();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

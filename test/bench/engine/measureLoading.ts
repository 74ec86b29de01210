import type { ProgramId } from './results';
import type { SpeechProgram } from './speechProgram';

export interface ProgramStarter {
  readonly id: ProgramId;
  /** Starts it until it listens. */
  readonly start: () => Promise<SpeechProgram>;
}

/**
 * How long each program takes from its start until it listens, in ms, so often, in turn. The first start fills the disk's cache and does
 * not count.
 */
export async function measureLoading(
  starters: readonly ProgramStarter[],
  starts: number,
): Promise<Map<ProgramId, number[]>> {
  const loadMs = new Map<ProgramId, number[]>(starters.map(({ id }) => [id, []]));
  for (let round = 0; round <= starts; round++) {
    for (const { id, start } of starters) {
      const began = performance.now();
      const program = await start();
      if (round > 0) loadMs.get(id)?.push(performance.now() - began);
      await program.stop();
    }
  }
  return loadMs;
}

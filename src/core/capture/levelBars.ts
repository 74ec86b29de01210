import { SILENT_DBFS, type Level } from './levelMeter';

/** A quiet room is below this, a voice close to the microphone above the other. */
const QUIET_DBFS = -60;
const LOUD_DBFS = -12;
const HEIGHTS = '▁▂▃▄▅▆▇█';
/** How long the bar of a list is. */
const BAR_LENGTH = 12;

/** How loud it is, as a share of what a voice gives: 0 for a quiet room, 1 for a loud voice. */
export function loudness({ rmsDbfs }: Level): number {
  return Math.min(1, Math.max(0, (rmsDbfs - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS)));
}

/** How loud it is, as one block that is higher the louder it is. */
export function levelBlock(level: Level): string {
  return HEIGHTS[Math.min(HEIGHTS.length - 1, Math.floor(loudness(level) * HEIGHTS.length))] ?? '';
}

/** How loud it is, as a bar of always the same length. */
export function levelBar(level: Level): string {
  const full = Math.round(loudness(level) * BAR_LENGTH);
  return '█'.repeat(full) + '░'.repeat(BAR_LENGTH - full);
}

/** The level where nothing is heard. */
export const SILENT_LEVEL: Level = { rmsDbfs: SILENT_DBFS, peakDbfs: SILENT_DBFS };

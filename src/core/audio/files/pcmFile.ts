import { defined } from '../../async/defined';
import type { WavLayout } from '../wav';

/** A file of plain samples, as a reader of ours finds it. */
export interface PcmFile {
  readonly layout: WavLayout;
  /** Bytes of audio that are there. */
  readonly usedBytes: number;
  /** Whether the file ends before its header says. */
  readonly isTruncated: boolean;
  /** When the recording began, as the file tells: milliseconds since 1970. */
  readonly recordedMs?: number;
}

/** Why a file is no {@link PcmFile}: it is another format, or one of ours with something wrong. Another program may know it. */
export type NoPcmFile = { readonly kind: 'other' } | { readonly kind: 'broken'; readonly reason: string };

/** What a reader makes of a file. */
export type PcmFileFound = ({ readonly kind: 'pcm' } & PcmFile) | NoPcmFile;

/** Where the samples lie, and how they are stored. */
export interface FoundSamples {
  readonly format: Omit<WavLayout, 'dataOffsetBytes' | 'dataBytes'>;
  readonly offsetBytes: number;
  /** As the header says; absent: to the file's end. */
  readonly declaredBytes?: number;
  readonly sizeBytes: number;
  readonly recordedMs?: number;
}

/** The file with these samples. */
export function pcmFile(found: FoundSamples): PcmFileFound {
  const { format, offsetBytes, declaredBytes, sizeBytes, recordedMs } = found;
  const presentBytes = Math.max(0, sizeBytes - offsetBytes);
  const usedBytes = Math.min(presentBytes, declaredBytes ?? presentBytes);
  if (usedBytes < format.frameBytes) return { kind: 'broken', reason: 'it has no audio data' };
  return defined({
    kind: 'pcm',
    layout: { ...format, dataOffsetBytes: offsetBytes, dataBytes: declaredBytes },
    usedBytes,
    isTruncated: declaredBytes !== undefined && declaredBytes - presentBytes >= format.frameBytes,
    recordedMs,
  });
}

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/**
 * No speech can be understood at a lower rate; a smaller figure is a broken header. A kilobyte at 1 Hz would become sixteen million samples.
 */
const LOWEST_RATE_HZ = 1000;
/** Above every converter that records sound (768 kHz); a larger figure is a broken header. */
const HIGHEST_RATE_HZ = 1_000_000;
/** More than recorders for many tracks have. The mixer holds a second of all channels. */
const MOST_CHANNELS = 64;

/** What is wrong with the figures of a format, if anything. */
export function faultOf({
  channelCount,
  sampleRateHz,
}: Pick<WavLayout, 'channelCount' | 'sampleRateHz'>): NoPcmFile | undefined {
  if (channelCount < 1) return { kind: 'broken', reason: 'it has no channels' };
  if (channelCount > MOST_CHANNELS) return { kind: 'broken', reason: `it has ${channelCount} channels` };
  if (!(sampleRateHz >= LOWEST_RATE_HZ && sampleRateHz <= HIGHEST_RATE_HZ))
    return { kind: 'broken', reason: `its rate is ${sampleRateHz} Hz` };
  return undefined;
}

import { elementsIn, readFloat, readInt, readUint } from './ebml';
import { latin1 } from '../files/pcmFile';
import { readOpusHead } from './opusHead';

/** A track of a Matroska or WebM file (RFC 9559 5.1.4). */
export interface MatroskaTrack {
  readonly number: number;
  readonly isAudio: boolean;
  /** Such as `A_OPUS`. */
  readonly codec: string;
  readonly codecPrivate: Uint8Array;
  /** Sound before the track's own zero. Opus tells it twice, and its own head is right where ffmpeg 5 resampled. */
  readonly delayS: number;
  /** Whether its blocks are packed or encrypted. */
  readonly isEncoded: boolean;
}

/** What a file's Info tells (RFC 9559 5.1.2). */
export interface MatroskaInfo {
  /** A unit of the file's times, in seconds. */
  readonly unitS: number;
  readonly durationS: number | undefined;
  /** When the recording began: milliseconds since 1970. */
  readonly recordedMs: number | undefined;
}

const NS = 1e-9;
/** Opus counts in samples of 48 kHz (RFC 7845 4). */
const OPUS_HZ = 48_000;
const AUDIO = 2;
/** Dates count from here, in nanoseconds. */
const EPOCH_MS = Date.UTC(2001, 0, 1);
/** Earlier dates are clocks that were never set. */
const FIRST_MS = Date.UTC(1990, 0, 1);
/** Dates have eight bytes (RFC 9559 5.1.2.11); longer ones lie beyond what a `Date` can hold. */
const DATE_BYTES = 8;

const INFO = { unit: 0x2ad7b1, duration: 0x4489, date: 0x4461 };
const ENTRY = 0xae;
const TRACK = { number: 0xd7, type: 0x83, codec: 0x86, codecPrivate: 0x63a2, delay: 0x56aa, encodings: 0x6d80 };

/** Reads what the element Info holds. */
export function readMatroskaInfo(data: Uint8Array): MatroskaInfo {
  const found = new Map([...elementsIn(data)].map((element) => [element.id, element.data]));
  const unit = found.get(INFO.unit);
  const unitS = (unit ? readUint(unit) || 1e6 : 1e6) * NS;
  const duration = found.get(INFO.duration);
  const date = found.get(INFO.date);
  const recordedMs = date?.length === DATE_BYTES ? Math.round(EPOCH_MS + readInt(date) / 1e6) : 0;
  return {
    unitS,
    durationS: duration && readFloat(duration) * unitS,
    recordedMs: recordedMs >= FIRST_MS ? recordedMs : undefined,
  };
}

/** Reads what the element Tracks holds. */
export function readMatroskaTracks(data: Uint8Array): MatroskaTrack[] {
  return [...elementsIn(data)]
    .filter(({ id }) => id === ENTRY)
    .map(({ data: entry }) => {
      const found = new Map([...elementsIn(entry)].map((element) => [element.id, element.data]));
      const bytes = (id: number): Uint8Array => found.get(id) ?? new Uint8Array(0);
      const preSkip = readOpusHead(bytes(TRACK.codecPrivate))?.preSkip;
      return {
        number: readUint(bytes(TRACK.number)),
        isAudio: readUint(bytes(TRACK.type)) === AUDIO,
        codec: latin1(bytes(TRACK.codec)),
        // Kept while the file is read.
        codecPrivate: bytes(TRACK.codecPrivate).slice(),
        delayS: preSkip === undefined ? readUint(bytes(TRACK.delay)) * NS : preSkip / OPUS_HZ,
        isEncoded: found.has(TRACK.encodings),
      };
    });
}

import { defined } from '../../../core/async/defined';

/** What ffmpeg says of a file before it decodes it. */
export interface FfmpegFacts {
  /** Audio tracks that it can decode. */
  readonly trackCount: number;
  /** As the file's header has it, or as ffmpeg estimates it. */
  readonly durationS?: number;
  /** When the recording began, as the file tells: milliseconds since 1970. */
  readonly recordedMs?: number;
}

const TRACK = /^\s*Stream #\d+:\d+.*?: Audio: (?!none|unknown)/;
const DURATION = /^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/;
/**
 * QuickTime's own date has the place's zone; the container's is in UTC. A tag's date counts with its zone only: ffmpeg does not tell which
 * zone the format means.
 */
const CREATED = [
  /^\s*com\.apple\.quicktime\.creationdate\s*: (\S+)/,
  /^\s*creation_time\s*: (\S+)/,
  /^\s*(?:date|encoded_date)\s*: (\d{4}-\d\d-\d\d[T ][\d:.]+ ?(?:Z|UTC|[+-]\d\d:?\d\d))\s*$/i,
];
/** Earlier dates are clocks that were never set: 1904 and 1970 are zero in MP4 and on Unix. */
const FIRST_MS = Date.UTC(1990, 0, 1);

/** Reads what ffmpeg writes of its input, at its usual level, into the error output. */
export function parseFfmpegFacts(said: string): FfmpegFacts {
  const lines = said.split(/\r?\n/);
  const first = (pattern: RegExp): RegExpExecArray | undefined =>
    lines.map((line) => pattern.exec(line)).find((match) => match !== null) ?? undefined;
  const duration = first(DURATION)?.slice(1).map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = duration ?? [];
  const dates = CREATED.map((pattern) => Date.parse(first(pattern)?.[1] ?? ''));
  return defined({
    trackCount: lines.filter((line) => TRACK.test(line)).length,
    durationS: duration && 3600 * hours + 60 * minutes + seconds,
    recordedMs: dates.find((date) => date >= FIRST_MS),
  });
}

import { samplesToSeconds } from '../../audio/pcm';
import type { Gap, Transcript, TranscriptSegment } from '../../model';
import { joinTexts } from '../../text/blanks';
import { isDoubtful } from '../../transcript/doubt';
import { WINDOW_CLOSED, type Happening, type PlacedBlock } from '../../transcript/logEntries';
import { escapeMarkdown, oneLine } from '../markdownText';
import { meetingFrame } from '../meeting/meetingBlocks';
import type { NoteFacts } from '../renderNote';
import { formatElapsed, formatShortTime } from '../timestamps';

/** The words of a meeting's note, in the user's language. Times come as they are shown. */
export interface MeetingLabels {
  /** A stretch of speech in which no words were found. */
  readonly notUnderstood: (from: string, to: string) => string;
  /** A stretch that could not be transcribed. */
  readonly notTranscribed: (from: string, to: string) => string;
  /** The microphone was lost, or the window was closed; `length` is absent while it is not back. */
  readonly lost: (at: string, length: string | undefined, isWindowClosed: boolean) => string;
  /** The user paused; `length` is absent while the pause goes on. */
  readonly paused: (at: string, length: string | undefined) => string;
  /** A moment that the user marked. */
  readonly marked: (text: string) => string;
  /** A mark behind a sentence whose text may be wrong, as in "(?)". */
  readonly doubtful: string;
  /** Who is heard on a track, where there are several; empty where there is one. */
  readonly trackNames: readonly string[];
}

/** Blocks of a lower order stand above the transcript. */
const BELOW_HEADING = -0.9;

/** A paragraph may end at a sentence's end or a pause from here on. Exported so that tests name the limit and not the number. */
export const SHORTEST_PARAGRAPH_S = 20;
/** A paragraph ends at the next sentence's end from here on, also without a pause. */
const LONG_PARAGRAPH_S = 45;
/** No paragraph is longer, unless a single segment is. Exported so that tests name the limit and not the number. */
export const LONGEST_PARAGRAPH_S = 90;
/** A silence between two segments that lets a paragraph end. */
const PAUSE_S = 1;
/** A silence that ends a paragraph of any length. Exported so that tests name the limit and not the number. */
export const LONG_PAUSE_S = 5;

/** Two answers overlap by less than this. */
const OVERLAPPING_S = 60;

const SENTENCE_END = /[.!?…。！？؟।][\p{Pe}\p{Pf}"'”’»]*(?: \(\?\))?$/u;

/** The paragraph that takes the next segment. */
interface OpenParagraph {
  readonly id: string;
  readonly order: number;
  readonly track: number;
  readonly segments: readonly string[];
  readonly text: string;
  readonly endS: number;
}

/** What a meeting's note shows so far, and what of it may still grow. */
export interface ShownBlocks {
  /** All blocks as they were written, in the note's order. */
  readonly written: readonly PlacedBlock[];
  /** Whether a block stands in the note as it was written. Nothing is added to a paragraph that the user changed. */
  readonly isUntouched: (id: string) => boolean;
  /** The transcript has only what is behind this time, in seconds; what stands before it stays as it is. Absent: it has all. */
  readonly fromS?: number;
}

/**
 * The blocks that a meeting's note should have: those that it has, and what was said or happened since. A paragraph's words are never
 * changed; the last one of a track grows until it is long enough. Gaps that were filled, and facts that have changed, are the only blocks
 * that go or read otherwise.
 */
export function liveBlocks(
  shown: ShownBlocks,
  transcript: Transcript,
  happenings: readonly Happening[],
  labels: MeetingLabels,
): PlacedBlock[] {
  const head = shown.written.filter(({ order }) => order <= BELOW_HEADING);
  const paragraphs = paragraphBlocks(shown, transcript, happenings, labels);
  const happened = happeningBlocks(happenings, labels);
  const ids = new Set(happened.map(({ id }) => id));
  const { fromS = 0 } = shown;
  const isEarlierGap = ({ id, order, segments }: PlacedBlock): boolean =>
    segments === undefined && order > BELOW_HEADING && order < fromS && !ids.has(id);
  const gaps = [
    ...shown.written.filter(isEarlierGap),
    ...gapBlocks(transcript.gaps, labels).filter(({ order }) => order >= fromS),
  ];
  const lines = [...gaps, ...happened];
  return [...head, ...[...paragraphs, ...lines].sort((a, b) => a.order - b.order)];
}

/** All blocks of a meeting's note in order, those of {@link liveBlocks} and what is known at the end. */
export function meetingBlocks(
  shown: ShownBlocks,
  transcript: Transcript,
  happenings: readonly Happening[],
  labels: MeetingLabels,
  facts: NoteFacts,
): PlacedBlock[] {
  const said = liveBlocks(shown, transcript, happenings, labels).filter(({ order }) => order >= 0);
  return [...meetingFrame(transcript, facts, shown.written), ...said].sort((a, b) => a.order - b.order);
}

function paragraphBlocks(
  { written, isUntouched, fromS }: ShownBlocks,
  transcript: Transcript,
  happenings: readonly Happening[],
  labels: MeetingLabels,
): PlacedBlock[] {
  const known = written.filter(({ segments }) => segments !== undefined);
  const placed = new Set(known.flatMap(({ segments = [] }) => segments));
  const byId = new Map(transcript.segments.map((segment) => [segment.id, segment]));
  const breaks = [
    ...happenings.flatMap((happening) => atOf(happening) ?? []),
    ...transcript.gaps.map(({ startS }) => startS),
  ];
  const blocks = new Map(known.map((block) => [block.id, block]));
  const open = new Map<number, OpenParagraph>();
  for (const block of known) {
    const last = byId.get(block.segments?.at(-1) ?? '');
    if (last) open.set(last.track, { ...block, segments: block.segments ?? [], track: last.track, endS: last.endS });
  }
  for (const segment of transcript.segments) {
    // At the beginning of a part, an answer lacks the one that it overlaps.
    if (placed.has(segment.id) || (fromS !== undefined && segment.startS < fromS + OVERLAPPING_S)) continue;
    const text = segmentText(segment, labels);
    const before = open.get(segment.track);
    const isNew = blocks.get(before?.id ?? '')?.text !== written.find(({ id }) => id === before?.id)?.text;
    const isTurn = [...open.values()].some(
      (other) => other.track !== segment.track && other.order > (before?.order ?? 0),
    );
    const takes =
      before !== undefined && !isTurn && (isNew || isUntouched(before.id)) && goesOn(before, segment, breaks);
    const next: OpenParagraph = takes
      ? {
          ...before,
          segments: [...before.segments, segment.id],
          text: joinTexts([before.text, text]),
          endS: segment.endS,
        }
      : {
          id: segment.id,
          order: segment.startS,
          track: segment.track,
          segments: [segment.id],
          text: `[${formatShortTime(segment.startS)}] ${nameOf(segment.track, labels)}${text}`,
          endS: segment.endS,
        };
    if (text === '') continue;
    open.set(segment.track, next);
    blocks.set(next.id, { id: next.id, order: next.order, text: next.text, segments: next.segments });
  }
  return [...blocks.values()];
}

/** Whether the next segment belongs to the paragraph. */
function goesOn({ order, endS, text }: OpenParagraph, next: TranscriptSegment, breaks: readonly number[]): boolean {
  const pauseS = next.startS - endS;
  // A segment that comes late belongs between paragraphs that stand already.
  if (next.startS < order || pauseS > LONG_PAUSE_S) return false;
  if (next.endS - order > LONGEST_PARAGRAPH_S) return false;
  if (breaks.some((atS) => atS >= endS - 0.01 && atS <= next.startS + 0.01)) return false;
  const isSentence = SENTENCE_END.test(text);
  // What happened within the paragraph stands behind it: no more than the sentence belongs before that.
  if (isSentence && breaks.some((atS) => atS > order && atS < endS)) return false;
  const lengthS = endS - order;
  if (lengthS < SHORTEST_PARAGRAPH_S) return true;
  return !(isSentence && (pauseS >= PAUSE_S || lengthS >= LONG_PARAGRAPH_S)) && pauseS < 2 * PAUSE_S;
}

function segmentText(segment: TranscriptSegment, labels: MeetingLabels): string {
  const text = escapeMarkdown(oneLine(segment.text));
  return text !== '' && isDoubtful(segment) ? `${text} ${labels.doubtful}` : text;
}

function nameOf(track: number, { trackNames }: MeetingLabels): string {
  const name = trackNames.length > 1 ? trackNames[track] : undefined;
  return name === undefined ? '' : `**${escapeMarkdown(oneLine(name))}:** `;
}

function gapBlocks(gaps: readonly Gap[], labels: MeetingLabels): PlacedBlock[] {
  return gaps.map(({ id, kind, startS, endS }) => {
    const words = kind === 'failed' ? labels.notTranscribed : labels.notUnderstood;
    // The end is rounded up, so that the stretch lies within the times shown.
    return { id, order: startS, text: quote(words(formatShortTime(startS), formatShortTime(Math.ceil(endS)))) };
  });
}

function happeningBlocks(happenings: readonly Happening[], labels: MeetingLabels): PlacedBlock[] {
  return happenings.flatMap((happening, index) => {
    const atS = atOf(happening);
    if (atS === undefined) return [];
    const at = formatShortTime(atS);
    if (happening.kind === 'marked')
      return [
        { id: `mark-${index}`, order: atS, text: `[${at}] ${labels.marked(escapeMarkdown(oneLine(happening.text)))}` },
      ];
    if (happening.kind !== 'lost' && happening.kind !== 'paused') return [];
    const length = lengthOf(happening, happenings.slice(index + 1));
    const words =
      happening.kind === 'paused'
        ? labels.paused(at, length)
        : labels.lost(at, length, happening.reason === WINDOW_CLOSED);
    return [{ id: `${happening.kind}-${index}`, order: atS, text: quote(words) }];
  });
}

/** How long the microphone was away, as it is shown; undefined where it is not back. */
function lengthOf(
  away: Extract<Happening, { readonly kind: 'lost' | 'paused' }>,
  later: readonly Happening[],
): string | undefined {
  for (const next of later)
    if (next.kind === 'captured' && next.track === away.track) return formatElapsed(next.wallTimeMs - away.wallTimeMs);
  return undefined;
}

/** When something that the note shows happened, seconds from the start. A line that was typed stands where it was typed. */
function atOf(happening: Happening): number | undefined {
  if (happening.kind === 'lost' || happening.kind === 'paused') return samplesToSeconds(happening.fromSample);
  return happening.kind === 'marked' && happening.line === undefined ? happening.atS : undefined;
}

function quote(text: string): string {
  return `> ${escapeMarkdown(oneLine(text))}`;
}

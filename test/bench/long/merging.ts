import { SAMPLE_RATE_HZ, type Chunk, type Segment, type Transcript, type Word } from '../../../src/core/model';
import { planChunks } from '../../../src/core/audio/planChunks';
import { samplesToSeconds, secondsToSamples } from '../../../src/core/audio/pcm';
import type { AnsweredEntry, WrittenEntry } from '../../../src/core/transcript/logEntries';
import { fold, openedEntry } from '../../../src/core/transcript/transcriptLog';
import { speechFolder } from '../../speech';
import { seededRandom } from '../../unit/core/random';
import type { BenchOptions, Goal } from '../report';
import { comparableWords, wordErrors } from '../wordErrorRate';
import { mergeAsCookbook } from './cookbookMerge';
import type { LongPart } from './longRuns';
import { simulateTalk, soundOf, type TalkWord } from './simulatedTalk';

/** As long as the talk of the figures in the project's notes on the API. */
const LENGTH_S = 67 * 60;
const QUICK_LENGTH_S = 13 * 60;
const FIXED_CHUNKS = [
  { chunkS: 600, overlapS: 10 },
  { chunkS: 60, overlapS: 5 },
  { chunkS: 30, overlapS: 5 },
] as const;
const ERRORS_GOAL = 0.01;
const TIME_GOAL_S = 0.1;
/** With noise: how far a time may be off to either side, in seconds. */
const JITTER_S = 0.2;
const WORDS_OF_SEGMENT = 12;

/** The answer for a chunk. Its segments know the true start of their first word, in seconds from the talk's start. */
interface SimulatedAnswer {
  readonly entry: AnsweredEntry;
  readonly segments: readonly TrueSegment[];
}
interface TrueSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly trueStartS: number;
}

interface Errors {
  /** Share of wrong words, in percent. */
  readonly errors: number;
  /** The largest difference from the true time, in seconds; NaN where no times were compared. */
  readonly worstS: number;
}

/** What merging alone costs: a perfect recogniser hears the chunks of a simulated talk, and three ways join its answers. */
export async function measureMerging({ isQuick }: BenchOptions): Promise<LongPart> {
  const { manifest } = speechFolder();
  const rows = [['chunks', 'times', 'requests', 'ours %', 'off s', 'cookbook %', 'off s', 'one after the other %']];
  const goals: Goal[] = [];
  let words = 0;
  for (const hasPauses of [true, false]) {
    const talk = simulateTalk(manifest, isQuick ? QUICK_LENGTH_S : LENGTH_S, hasPauses, seededRandom());
    words += talk.length;
    for (const [title, chunks] of await cutsOf(talk, hasPauses)) {
      for (const isNoisy of [false, true]) {
        const random = seededRandom();
        const answers = chunks.map((chunk) => hear(talk, chunk, isNoisy, random));
        const ours = judgeOurs(talk, fold(entriesOf(answers)));
        const cookbook = judgeCookbook(talk, answers);
        const plain = wordErrorsIn(talk, answers.map(({ entry }) => entry.text).join(' '));
        const times = isNoisy ? `± ${JITTER_S} s` : 'exact';
        const figures = [ours.errors, ours.worstS, cookbook.errors, cookbook.worstS, plain].map((one) =>
          one.toFixed(2),
        );
        rows.push([title, times, String(chunks.length), ...figures]);
        if (isNoisy) continue;
        goals.push(
          { name: `merge: errors, ${title}`, value: rounded(ours.errors), unit: '%', goal: ERRORS_GOAL },
          { name: `merge: times off, ${title}`, value: rounded(ours.worstS), unit: 's', goal: TIME_GOAL_S },
        );
      }
    }
  }
  return {
    table: { title: 'merging alone', rows },
    goals,
    remarks: [
      `${words} words of real sentences in two talks, of a speaker who pauses and of one who never does. The recogniser is perfect; with noise its times are off and a word at a chunk's edge is garbled.`,
      'Off is the largest difference of a time from the truth: of words in ours, of segments in the cookbook, which does not move its times.',
    ],
  };
}

/** How the talk is cut: for a fixed length, and as Minutes does. */
async function cutsOf(talk: readonly TalkWord[], hasPauses: boolean): Promise<[title: string, Chunk[]][]> {
  const speaker = hasPauses ? 'pauses' : 'no pause';
  const endS = talk.at(-1)?.endS ?? 0;
  const planned: Chunk[] = [];
  for await (const chunk of planChunks(soundOf(talk, seededRandom()))) planned.push(chunk);
  const fixed = FIXED_CHUNKS.map(({ chunkS, overlapS }): [string, Chunk[]] => {
    const starts = Array.from({ length: Math.ceil((endS - overlapS) / (chunkS - overlapS)) }, (_, i) => i);
    const chunks = starts.map((i) => ({
      startSample: secondsToSamples(i * (chunkS - overlapS)),
      endSample: secondsToSamples(Math.min(endS, i * (chunkS - overlapS) + chunkS)),
    }));
    return [`${speaker}, ${chunkS} / ${overlapS} s`, chunks];
  });
  return [...fixed, [`${speaker}, as Minutes cuts`, planned]];
}

/** Every word whose middle lies in the chunk. */
function hear(talk: readonly TalkWord[], chunk: Chunk, isNoisy: boolean, random: () => number): SimulatedAnswer {
  const [fromS, toS] = [samplesToSeconds(chunk.startSample), samplesToSeconds(chunk.endSample)];
  const heard = talk.filter(({ startS, endS }) => (startS + endS) / 2 >= fromS && (startS + endS) / 2 < toS);
  const words = heard.map(({ text, startS, endS }): Word => {
    const byS = isNoisy ? (2 * random() - 1) * JITTER_S : 0;
    const isCut = startS < fromS || endS > toS;
    const garbled = isNoisy && isCut ? text.slice(0, Math.ceil(text.length / 2)) + 'x' : text;
    // The API tells hundredths.
    const told = (timeS: number): number => Math.max(0, Math.round(100 * (timeS - fromS + byS)) / 100);
    return { text: garbled, startS: told(startS), endS: told(endS) };
  });
  const segments: (Segment & { trueStartS: number })[] = [];
  for (let first = 0; first < words.length;) {
    const sentence = heard.findIndex(({ isLast }, i) => i >= first && isLast);
    const end = Math.min(sentence < 0 ? words.length : sentence + 1, first + WORDS_OF_SEGMENT);
    const own = words.slice(first, end);
    segments.push({
      startS: own[0]?.startS ?? 0,
      endS: own.at(-1)?.endS ?? 0,
      text: own.map(({ text }) => text).join(' '),
      trueStartS: heard[first]?.startS ?? 0,
    });
    first = end;
  }
  const text = segments.map((segment) => segment.text).join(' ');
  return {
    entry: { kind: 'answered', track: 0, ...chunk, model: 'perfect', text, segments, words },
    // The API's segments begin with a blank.
    segments: segments.map((one) => ({
      start: one.startS,
      end: one.endS,
      text: ` ${one.text}`,
      trueStartS: one.trueStartS,
    })),
  };
}

function entriesOf(answers: readonly SimulatedAnswer[]): WrittenEntry[] {
  const opened = openedEntry({ recording: { name: 'talk.wav', sizeBytes: 1, modifiedMs: 0 }, task: 'transcribe' });
  return [opened, ...answers.map(({ entry }) => entry)].map((entry, i) => ({ ...entry, writtenMs: i }));
}

function judgeOurs(talk: readonly TalkWord[], { segments }: Transcript): Errors {
  const words = segments.flatMap((segment) => segment.words);
  let worstS = 0;
  let next = 0;
  for (const word of words) {
    // A word that is there twice, or garbled, counts as an error; its time cannot be compared.
    const found = talk.slice(next, next + WORDS_OF_SEGMENT).findIndex(({ text }) => text === word.text);
    if (found < 0) continue;
    worstS = Math.max(worstS, Math.abs((talk[next + found]?.startS ?? NaN) - word.startS));
    next += found + 1;
  }
  return { errors: wordErrorsIn(talk, segments.map(({ text }) => text).join(' ')), worstS };
}

function judgeCookbook(talk: readonly TalkWord[], answers: readonly SimulatedAnswer[]): Errors {
  const merged = mergeAsCookbook(
    answers.map(({ entry, segments }) => ({ segments, startMs: (1000 * entry.startSample) / SAMPLE_RATE_HZ })),
  );
  return {
    errors: wordErrorsIn(talk, merged.map(({ text }) => text).join(' ')),
    worstS: Math.max(...merged.map(({ start, trueStartS }) => Math.abs(start - trueStartS))),
  };
}

/** In percent. What is the same at both ends is left out before the words are compared. */
function wordErrorsIn(talk: readonly TalkWord[], text: string): number {
  const reference = comparableWords(talk.map((word) => word.text).join(' '));
  const heard = comparableWords(text);
  const shorter = Math.min(reference.length, heard.length);
  let start = 0;
  while (start < shorter && reference[start] === heard[start]) start++;
  let end = 0;
  while (end < shorter - start && reference.at(-1 - end) === heard.at(-1 - end)) end++;
  const errors = wordErrors(reference.slice(start, reference.length - end), heard.slice(start, heard.length - end));
  return (100 * errors) / reference.length;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

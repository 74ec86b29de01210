import { defined } from '../../../core/async/defined';
import { wholeRegion } from '../guards/speechRegions';
import { beginText } from '../decode/beginText';
import { decodeWindow, type Attempt, type Check, type TextStart } from '../decode/decodeWindow';
import { judge } from '../decode/fallback';
import { suppressedTokens } from '../decode/rules';
import type { Draft, DraftJob, DraftWord } from '../../api/recogniser';
import { encoderInput, FRAMES_PER_POSITION, FRAMES_PER_S, HOP_SAMPLES, logMel, loudest } from '../features/logMel';
import type { LoadedModel } from '../network/loadedModel';
import { timeWords, type HeardAudio } from '../words/timeWords';
import { toFloats } from './hearRegion';
import { promptTokens, samplesOf } from './transcribe';

/** Silence behind the speech, 1 s, as for a request's first hearing. */
const SILENCE_FRAMES = 100;
/** Lengths are rounded to whole seconds, so that memory is allocated for few different lengths. */
const LENGTH_STEP_FRAMES = 100;
/** Less speech than this, 0.2 s, is no word: the model would invent one. A choice. */
const LEAST_SPEECH_FRAMES = 20;
/** The text that is new since the last draft has no more tokens than this: eight a second, and 32 for what was open before. A loop ends there. */
const TOKENS_PER_S = 8;
const OPEN_TOKENS = 24;
/** A sentence that ends within the last 0.3 s is the last one: behind it the model would invent others. */
const END_FRAMES = 30;
const FRAMES_PER_TIMESTAMP = 2;
/** Three words that begin within 0.05 s of each other were not said: the model wrote them behind the end of the sound. */
const PILE_S = 0.05;
/** Less speech than this, 1 s, does not tell its language. */
const LANGUAGE_SPEECH_FRAMES = 100;
/** Positions before the end of the written words in which the next word may begin, 0.1 s. */
const POSITIONS_BACK = 5;
/** The alignment gets at least this much audio, 0.2 s. */
const LEAST_POSITIONS = 10;

/**
 * Hears speech that still goes on: one hearing with little silence behind it, one attempt at the likeliest text. It continues the tokens
 * that are written already, which costs one step of the decoder however many they are.
 */
export async function draft(model: LoadedModel, job: DraftJob, check: Check): Promise<Draft> {
  const { facts, network, vocabulary } = model;
  const samples = samplesOf(job.pcm);
  const levels = wholeRegion(samples).frames;
  const frames = Math.min(facts.windowFrames, Math.ceil(samples.length / HOP_SAMPLES));
  const told = facts.isMultilingual ? job.language : 'en';
  const before = job.languageBefore;
  const nothing: Draft = { tokens: [], words: [], language: told ?? before ?? 'en', languageProbability: 0 };
  const speechFrames = levels.filter(({ isSpeech }) => isSpeech).length;
  const isKnown = told !== undefined || before !== undefined;
  if (speechFrames < (isKnown ? LEAST_SPEECH_FRAMES : LANGUAGE_SPEECH_FRAMES)) return nothing;
  const features = logMel(toFloats(samples), facts.melBins);
  const filled = Math.ceil((frames + SILENCE_FRAMES) / LENGTH_STEP_FRAMES) * LENGTH_STEP_FRAMES;
  const totalFrames = Math.min(facts.windowFrames, filled);
  const window = await network.encode(encoderInput(features, loudest(features), 0, frames, totalFrames));
  await check();
  const prompt = job.prompt?.trim() ?? '';
  const hint = defined({ told, before });
  const begun = await beginText(network, facts, window, 'transcribe', hint, promptTokens(model, prompt));
  await check();
  const start = await continued(model, begun.start, job.written);
  const attempt = await decodeWindow(network, facts, vocabulary, start, {
    temperature: 0,
    seed: 0,
    suppressed: suppressedTokens(facts, (id) => vocabulary.spelling(id), new Set(prompt)),
    check,
    written: job.written,
    endTimestamp: facts.tokens.firstTimestamp + Math.max(0, frames - END_FRAMES) / FRAMES_PER_TIMESTAMP,
    mostTokens: OPEN_TOKENS + Math.ceil((frames / FRAMES_PER_S - job.writtenS) * TOKENS_PER_S),
  });
  const { language, languageProbability } = begun;
  const audio = {
    positions: totalFrames / FRAMES_PER_POSITION,
    frames,
    levelsDb: levels.map(({ levelDb }) => levelDb),
  };
  const quality = { ...attempt, averageLogProbability: textProbability(model, attempt) };
  if (judge(quality, begun.noSpeechProbability) !== 'good') return { ...nothing, language, languageProbability };
  return {
    tokens: attempt.tokens,
    words: withoutPile(wordsOf(model, attempt, audio, job.writtenS, language)),
    language,
    languageProbability,
  };
}

/** The text tokens' mean log-probability. The few tokens of a draft would be judged by their timestamps otherwise, which nobody knows yet. */
function textProbability({ facts }: LoadedModel, { tokens, logProbabilities }: Attempt): number {
  const text = logProbabilities.filter((_, i) => (tokens[i] ?? Infinity) < facts.tokens.end);
  return text.reduce((sum, one) => sum + one, 0) / Math.max(1, text.length);
}

/** The words before those that were written behind the end of the sound. */
function withoutPile(words: readonly DraftWord[]): readonly DraftWord[] {
  const pile = words.findIndex(({ startS }, i) => (words[i + 2]?.startS ?? Infinity) - startS < PILE_S);
  return pile < 0 ? words : words.slice(0, pile);
}

/** The decoder behind the written tokens. */
async function continued({ network }: LoadedModel, start: TextStart, written: readonly number[]): Promise<TextStart> {
  if (written.length === 0) return start;
  const { state, logits, attention } = await network.read(start.window, written, start.state);
  return { window: start.window, state, logits, attention };
}

/** The new words with their times. They are looked for behind the written ones only. */
function wordsOf(
  model: LoadedModel,
  attempt: Attempt,
  { positions, frames, levelsDb }: HeardAudio,
  writtenS: number,
  language: string,
): readonly DraftWord[] {
  const usedPositions = Math.ceil(frames / FRAMES_PER_POSITION);
  const writtenPositions = Math.round((writtenS * FRAMES_PER_S) / FRAMES_PER_POSITION) - POSITIONS_BACK;
  const from = Math.max(0, Math.min(writtenPositions, usedPositions - LEAST_POSITIONS));
  const fromFrames = from * FRAMES_PER_POSITION;
  const fromS = fromFrames / FRAMES_PER_S;
  const attention = attempt.attention.map((row) => withoutStart(row, positions, from));
  const audio = { positions: positions - from, frames: frames - fromFrames, levelsDb: levelsDb.slice(fromFrames) };
  const words = timeWords(model, { ...attempt, attention }, audio, language);
  const isText = (token: number): boolean => token < model.facts.tokens.end;
  return words.map(({ text, startS, endS }, i) => {
    const behind = words[i + 1]?.token ?? attempt.tokens.length;
    const tokenEnd = attempt.tokens.slice(0, behind).findLastIndex(isText) + 1;
    return { text, startS: fromS + startS, endS: fromS + endS, tokenEnd };
  });
}

/** Each head's weights from a position on. */
function withoutStart(row: Float32Array, positions: number, from: number): Float32Array {
  if (from === 0) return row;
  const heads = Math.round(row.length / positions);
  const kept = positions - from;
  const rest = new Float32Array(heads * kept);
  for (let head = 0; head < heads; head++) {
    rest.set(row.subarray(head * positions + from, (head + 1) * positions), head * kept);
  }
  return rest;
}

import type { Recognition, RecognitionJob, WireSegment, WireWord } from '../recogniser';
import { cutSegments } from './decode/cutSegments';
import { decodeWindow, type Attempt, type TextStart } from './decode/decodeWindow';
import { judge, leastBad, temperatures } from './decode/fallback';
import { lengthWithoutLoop } from './decode/loops';
import { probabilityOf } from './decode/pickToken';
import { suppressedTokens } from './decode/rules';
import { encoderInput, FRAMES_PER_S, HOP_SAMPLES, logMel, loudest, type LogMel } from './features/logMel';
import { speechRegions } from './guards/speechRegions';
import type { ModelFacts } from './modelFacts';
import type { DecoderStep, EncodedWindow, Network } from './network';
import type { Vocabulary } from './vocabulary';
import { alignTokens } from './words/alignTokens';
import { splitWords } from './words/splitWords';
import { limitDurations, type TimedWord } from './words/timeWords';

/** A loaded model. */
export interface LoadedModel {
  readonly facts: ModelFacts;
  readonly network: Network;
  readonly vocabulary: Vocabulary;
}

/** One encoder position is two frames of features. */
const FRAMES_PER_POSITION = 2;
const POSITIONS_PER_S = FRAMES_PER_S / FRAMES_PER_POSITION;
const SAMPLES_PER_S = FRAMES_PER_S * HOP_SAMPLES;

export const TUNING = {
  /** Silence behind the speech that the encoder gets, in frames: with less it now and then falls into retries. */
  marginFrames: Number(process.env['M_MARGIN'] ?? 100),
  roundFrames: Number(process.env['M_ROUND'] ?? 100),
  noGate: process.env['M_NOGATE'] !== undefined,
  tail: process.env['M_TAIL'] ?? 'keep',
  tailFrames: Number(process.env['M_TAILF'] ?? 50),
};

/** Text of one window, times in seconds from the recording's start. */
interface WindowText {
  readonly segments: readonly WireSegment[];
  readonly words: readonly WireWord[];
}

interface WindowInput {
  readonly features: LogMel;
  readonly loudestValue: number;
  readonly startFrame: number;
  readonly frames: number;
  readonly isLast: boolean;
}

/** Turns one recording into text. @throws whatever `check` throws, between two tokens */
export async function transcribe(model: LoadedModel, job: RecognitionJob, check: () => void): Promise<Recognition> {
  const samples = new Int16Array(job.pcm.buffer, job.pcm.byteOffset, job.pcm.byteLength >> 1);
  const regions = TUNING.noGate ? [{ startSample: 0, endSample: samples.length, loudFrames: new Uint8Array(Math.ceil(samples.length / HOP_SAMPLES)).fill(1) }] : speechRegions(samples);
  const { facts } = model;
  const prompt = promptTokens(model, job.prompt);
  const suppressed = suppressedTokens(facts, (id) => model.vocabulary.spelling(id), new Set(symbolsOf(job.prompt)));
  let language = facts.isMultilingual ? job.language : 'en';
  const segments: WireSegment[] = [];
  const words: WireWord[] = [];
  let isFirst = true;
  for (const region of regions) {
    const features = logMel(toFloats(samples.subarray(region.startSample, region.endSample)), facts.melBins);
    const loudestValue = loudest(features);
    const totalFrames = Math.ceil((region.endSample - region.startSample) / HOP_SAMPLES);
    for (let startFrame = 0; startFrame < totalFrames; ) {
      check();
      const frames = Math.min(facts.windowFrames, totalFrames - startFrame);
      const input = { features, loudestValue, startFrame, frames, isLast: TUNING.tail === 'keep' && startFrame + frames >= totalFrames };
      const isPrompted = isFirst || job.promptScope === 'everyWindow';
      const heard = await hearWindow(model, job, input, language, isPrompted ? prompt : [], suppressed, check);
      language ??= heard.language;
      const offsetS = region.startSample / SAMPLES_PER_S + startFrame / FRAMES_PER_S;
      const text = heard.attempt
        ? writeWindow(model, heard, heard.attempt, input, offsetS, job.task === 'translate' ? 'en' : heard.language, segments.length, job.wantsWords)
        : { segments: [], words: [] };
      segments.push(...text.segments);
      words.push(...text.words);
      startFrame += Math.max(1, heard.advanceFrames);
      const rest = region.loudFrames.subarray(startFrame).reduce((sum, isLoud) => sum + isLoud, 0);
      if (TUNING.tail === 'keep' && rest < TUNING.tailFrames) break;
      isFirst = false;
    }
  }
  return {
    text: segments.map((segment) => segment.text).join('').trim(),
    language: language ?? 'en',
    segments,
    words,
  };
}

interface HeardWindow {
  readonly language: string;
  /** Absent where there is nothing to be heard. */
  readonly attempt?: Attempt;
  readonly noSpeechProbability: number;
  readonly positions: number;
  readonly advanceFrames: number;
}

async function hearWindow(
  { facts, network, vocabulary }: LoadedModel,
  job: RecognitionJob,
  { features, loudestValue, startFrame, frames, isLast }: WindowInput,
  knownLanguage: string | undefined,
  prompt: readonly number[],
  suppressed: readonly number[],
  check: () => void,
): Promise<HeardWindow> {
  const rounded = Math.ceil((frames + TUNING.marginFrames) / TUNING.roundFrames) * TUNING.roundFrames;
  const totalFrames = Math.min(facts.windowFrames, rounded);
  const window = await network.encode(encoderInput(features, loudestValue, startFrame, frames, totalFrames));
  const { start, language, noSpeechProbability } = await begin(facts, network, window, job.task, knownLanguage, prompt);
  const attempts: Attempt[] = [];
  const heard = { language, noSpeechProbability, positions: totalFrames / FRAMES_PER_POSITION };
  let chosen: Attempt | undefined;
  for (const [i, temperature] of temperatures(job.temperature, job.isUrgent).entries()) {
    const seed = job.seed * 1000 + i;
    const attempt = await decodeWindow(network, facts, vocabulary, start, { temperature, seed, suppressed, check });
    const verdict = judge(attempt, noSpeechProbability);
    if (verdict === 'silent') return { ...heard, advanceFrames: frames };
    attempts.push(attempt);
    if (verdict === 'good') {
      chosen = attempt;
      break;
    }
  }
  const [first, ...rest] = attempts;
  if (!first) return { ...heard, advanceFrames: frames };
  chosen ??= leastBad([first, ...rest]);
  const attempt = chosen.isLoop ? shortened(chosen, lengthWithoutLoop(chosen.tokens)) : chosen;
  return { ...heard, attempt, advanceFrames: cutSegments(attempt.tokens, frames, isLast, facts.tokens).advanceFrames };
}

function shortened(attempt: Attempt, length: number): Attempt {
  return {
    ...attempt,
    tokens: attempt.tokens.slice(0, length),
    logProbabilities: attempt.logProbabilities.slice(0, length),
    attention: attempt.attention.slice(0, length + 1),
  };
}

/** Reads prompt and start sequence; finds out the language, and whether anybody speaks, where the prompt has no say in it. */
async function begin(
  facts: ModelFacts,
  network: Network,
  window: EncodedWindow,
  task: RecognitionJob['task'],
  knownLanguage: string | undefined,
  prompt: readonly number[],
): Promise<{ start: TextStart; language: string; noSpeechProbability: number }> {
  const { tokens, vocabularySize } = facts;
  const code = (language: string): number[] => {
    const id = tokens.languages.get(language);
    const taskId = task === 'translate' ? tokens.translate : tokens.transcribe;
    return facts.isMultilingual && id !== undefined && taskId !== undefined ? [id, taskId] : [];
  };
  if (prompt.length === 0 && knownLanguage !== undefined) {
    const sequence = [tokens.start, ...code(knownLanguage)];
    const rows = sequence.length === 1 ? [0] : [0, sequence.length - 1];
    const step = await network.read(window, sequence, undefined, rows);
    const noSpeechProbability = probabilityOf(step.logits.subarray(0, vocabularySize), tokens.noSpeech);
    return { start: textStart(window, step, vocabularySize), language: knownLanguage, noSpeechProbability };
  }
  const probe = await network.read(window, [tokens.start]);
  const noSpeechProbability = probabilityOf(probe.logits, tokens.noSpeech);
  const language = knownLanguage ?? likeliestLanguage(probe.logits, tokens.languages);
  const step =
    prompt.length === 0
      ? await network.read(window, code(language), probe.state)
      : await network.read(window, [tokens.previous, ...prompt, tokens.start, ...code(language)]);
  return { start: textStart(window, step, vocabularySize), language, noSpeechProbability };
}

function textStart(window: EncodedWindow, { state, logits, attention }: DecoderStep, vocabularySize: number): TextStart {
  return { window, state, logits: logits.slice(logits.length - vocabularySize), attention };
}

function likeliestLanguage(logits: Float32Array, languages: ReadonlyMap<string, number>): string {
  let best = 'en';
  let most = -Infinity;
  for (const [code, id] of languages) {
    const logit = logits[id] ?? -Infinity;
    if (logit > most) [best, most] = [code, logit];
  }
  return best;
}

/** The reference reads half of the decoder's positions at most, less one for the token that begins it. */
function promptTokens({ facts, vocabulary }: LoadedModel, prompt: string | undefined): readonly number[] {
  if (prompt === undefined || prompt.trim() === '') return [];
  return vocabulary.encode(` ${prompt.trim()}`).slice(-(facts.maximumTokens / 2 - 1));
}

/** Characters of the prompt that the models' files ban. */
function symbolsOf(prompt = ''): readonly string[] {
  return [...prompt].filter((character) => /[^\p{L}\p{N}\s,.]/u.test(character));
}

function writeWindow(
  { facts, vocabulary }: LoadedModel,
  { noSpeechProbability, positions }: HeardWindow,
  attempt: Attempt,
  { frames, isLast }: WindowInput,
  offsetS: number,
  textLanguage: string,
  firstId: number,
  wantsWords: boolean,
): WindowText {
  const { segments: cut } = cutSegments(attempt.tokens, frames, isLast, facts.tokens);
  const timed = wantsWords ? timeWords(attempt, facts, vocabulary, positions, frames, textLanguage) : [];
  const segments: WireSegment[] = [];
  const words: WireWord[] = [];
  for (const { startFrame, endFrame, from, to } of cut) {
    const ids = attempt.tokens.slice(from, to).filter((token) => token < facts.tokens.end);
    const text = vocabulary.decode(ids);
    if (text.trim() === '' || startFrame === endFrame) continue;
    const inside = timed.filter(({ token }) => token >= from && token < to);
    segments.push({
      id: firstId + segments.length,
      seek: Math.round(offsetS * FRAMES_PER_S),
      start: rounded(offsetS + Math.min(frames, startFrame) / FRAMES_PER_S),
      end: rounded(offsetS + Math.min(frames, endFrame) / FRAMES_PER_S),
      text,
      tokens: ids,
      temperature: attempt.temperature,
      avg_logprob: rounded(attempt.averageLogProbability),
      compression_ratio: rounded(attempt.compressionRatio),
      no_speech_prob: rounded(noSpeechProbability),
    });
    for (const { text: word, startS, endS, probability } of inside) {
      words.push({ word, start: rounded(offsetS + startS), end: rounded(offsetS + endS), probability: rounded(probability) });
    }
  }
  return { segments, words };
}

function timeWords(
  attempt: Attempt,
  facts: ModelFacts,
  vocabulary: Vocabulary,
  positions: number,
  frames: number,
  language: string,
): TimedWord[] {
  const places = attempt.tokens.flatMap((token, i) => (token < facts.tokens.end ? [i] : []));
  const last = places.at(-1);
  if (last === undefined) return [];
  // One row more than words: what was looked at behind the last tells where it ends.
  const rows = [...places, last + 1].flatMap((place) => attempt.attention[place] ?? []);
  const starts = alignTokens(rows, positions, Math.ceil(frames / FRAMES_PER_POSITION));
  const secondsAt = (row: number): number => (starts[row] ?? starts.at(-1) ?? 0) / POSITIONS_PER_S;
  const text = places.map((place) => attempt.tokens[place] ?? 0);
  const words = splitWords(text, (ids) => vocabulary.decode(ids), language).map(({ text: word, from, to }) => ({
    text: word,
    startS: secondsAt(from),
    endS: secondsAt(to),
    probability: Math.min(...places.slice(from, to).map((place) => Math.exp(attempt.logProbabilities[place] ?? 0))),
    token: places[from] ?? 0,
  }));
  return limitDurations(words);
}

function toFloats(samples: Int16Array): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) floats[i] = (samples[i] ?? 0) / 32768;
  return floats;
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

import path from 'node:path';
import zlib from 'node:zlib';
import type { Recogniser, Recognition, WireSegment, WireWord } from '../recogniser';
import { loadVoskLibrary } from './library';
import { prepareModel } from './prepareModel';
import { recognise, type RecognisedWord } from './recognise';
import { segmentWords } from './segmentWords';

export interface VoskFiles {
  readonly libraryFile: string;
  readonly modelFolder: string;
  /** The model's name for people; the folder's own name where absent. */
  readonly modelName?: string;
  /** Where our copies of models lie. */
  readonly cacheFolder: string;
}

/** Confidence 0 has no logarithm; Vosk's figures have four digits. */
const LEAST_CONFIDENCE = 1e-4;

/** Loads library and model, 0.3 to 0.5 s for a small one. @throws Error where either does not load */
export async function createVoskRecogniser(files: VoskFiles): Promise<Recogniser> {
  const library = loadVoskLibrary(files.libraryFile);
  const model = library.newModel(await prepareModel(files.modelFolder, files.cacheFolder));
  if (!model) throw new Error('libvosk could not read the model');
  return {
    modelId: files.modelName ?? path.basename(files.modelFolder),
    languages: ['en'],
    canTranslate: false,
    // It knows its own words and no others, and has one way to decode: prompt, temperature and seed mean nothing here.
    recognise: async ({ pcm, wantsWords }, signal) => {
      const recognition = toRecognition(await recognise(library, model, pcm, signal));
      return wantsWords ? recognition : { ...recognition, words: [] };
    },
  };
}

/** Words as the API's answer: segments at pauses, the mean logarithm of the words' confidence as `avg_logprob`. */
export function toRecognition(words: readonly RecognisedWord[]): Recognition {
  const segments = segmentWords(words).map(toWireSegment);
  return {
    text: segments
      .map(({ text }) => text)
      .join('')
      .trim(),
    language: 'en',
    segments,
    words: words.map(toWireWord),
  };
}

function toWireWord({ text, startS, endS, confidence }: RecognisedWord): WireWord {
  // A rounding may lift it above 1.
  return { word: text, start: startS, end: endS, probability: Math.min(1, rounded(confidence)) };
}

function toWireSegment(words: readonly RecognisedWord[], id: number): WireSegment {
  const text = ` ${words.map((word) => word.text).join(' ')}`;
  const mean = (of: (word: RecognisedWord) => number): number =>
    words.reduce((sum, word) => sum + of(word), 0) / words.length;
  return {
    id,
    seek: 0,
    start: words[0]?.startS ?? 0,
    end: words.at(-1)?.endS ?? 0,
    text,
    // Vosk has words, not tokens.
    tokens: [],
    temperature: 0,
    avg_logprob: rounded(mean(({ confidence }) => Math.log(Math.max(confidence, LEAST_CONFIDENCE)))),
    compression_ratio: rounded(Buffer.byteLength(text) / zlib.deflateSync(text).length),
    no_speech_prob: rounded(Math.max(0, 1 - mean(({ confidence }) => confidence))),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

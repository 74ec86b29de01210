import fs from 'node:fs/promises';
import path from 'node:path';

/** What decoding needs to know of a model, from its own files. */
export interface WhisperFacts {
  readonly melBins: number;
  readonly decoderLayers: number;
  readonly heads: number;
  /** Width of one attention head. */
  readonly headWidth: number;
  readonly vocabularySize: number;
  /** The limit for prompt, start sequence and text together: 448 tokens. */
  readonly maximumTokens: number;
  /** Frames of a whole window: 3000, which is 30 s. */
  readonly windowFrames: number;
  readonly tokens: SpecialTokens;
  readonly isMultilingual: boolean;
  /** Tokens that are never written: `suppress_tokens` of the model's generation_config.json. */
  readonly suppressed: readonly number[];
  /** Tokens that are never written first: a blank, and the end. */
  readonly suppressedAtStart: readonly number[];
  /** The latest first timestamp in steps of 20 ms; 50, one second, in the reference. */
  readonly latestStart: number;
}

/** Ids of tokens with a meaning of their own. */
export interface SpecialTokens {
  /** The end token. All ids below it are text. */
  readonly end: number;
  readonly start: number;
  readonly previous: number;
  readonly startOfLm: number | undefined;
  readonly noSpeech: number;
  readonly noTimestamps: number;
  /** `<|0.00|>`; each of the following ids is 20 ms later. */
  readonly firstTimestamp: number;
  readonly transcribe: number | undefined;
  readonly translate: number | undefined;
  /** Code as in the token, mostly ISO-639-1, to id. Empty for a model that knows English only. */
  readonly languages: ReadonlyMap<string, number>;
}

type Json = Readonly<Record<string, unknown>>;

/** @throws Error naming file and field where something is missing */
export async function readWhisperFacts(folder: string): Promise<WhisperFacts> {
  const [config, generation, tokenizer] = await Promise.all(
    ['config.json', 'generation_config.json', 'tokenizer.json'].map((file) => readJson(path.join(folder, file))),
  );
  return parseWhisperFacts(config ?? {}, generation ?? {}, tokenizer ?? {});
}

/**
 * Reads what the engine needs of a model's files. Exported for its own tests.
 *
 * @param config this and the others: the hub's files of these names, parsed
 */
export function parseWhisperFacts(config: Json, generation: Json, tokenizer: Json): WhisperFacts {
  const number = (name: string): number => {
    const value = config[name];
    if (typeof value !== 'number') throw new Error(`config.json has no ${name}`);
    return value;
  };
  const heads = number('decoder_attention_heads');
  const told = generation['is_multilingual'];
  const tokens = specialTokens(addedTokens(tokenizer), typeof told === 'boolean' ? !told : undefined);
  return {
    melBins: number('num_mel_bins'),
    decoderLayers: number('decoder_layers'),
    heads,
    headWidth: number('d_model') / heads,
    vocabularySize: number('vocab_size'),
    maximumTokens: number('max_target_positions'),
    windowFrames: 2 * number('max_source_positions'),
    tokens,
    isMultilingual: tokens.languages.size > 1,
    suppressed: numbers(generation['suppress_tokens'] ?? config['suppress_tokens']),
    suppressedAtStart: numbers(generation['begin_suppress_tokens'] ?? config['begin_suppress_tokens']),
    latestStart: numberOr(generation['max_initial_timestamp_index'], 50),
  };
}

/**
 * Finds the special tokens by OpenAI's names. English models have the languages' tokens as well but do not use them. Where `is_multilingual` is
 * absent, the end token tells an English model: it comes one earlier in that vocabulary (GPT-2's) than in the multilingual one.
 */
function specialTokens(ids: ReadonlyMap<string, number>, isToldEnglish: boolean | undefined): SpecialTokens {
  const need = (...names: readonly string[]): number => {
    const id = names.map((name) => ids.get(name)).find((found) => found !== undefined);
    if (id === undefined) throw new Error(`tokenizer.json has no ${names[0] ?? 'token'}`);
    return id;
  };
  const noTimestamps = need('<|notimestamps|>');
  const end = need('<|endoftext|>');
  const isEnglish = isToldEnglish ?? end === ENGLISH_END;
  const languages = [...ids].flatMap(([name, id]): [string, number][] => {
    const code = /^<\|([a-z]{2,3})\|>$/.exec(name)?.[1];
    return code === undefined || isEnglish ? [] : [[code, id]];
  });
  return {
    end,
    start: need('<|startoftranscript|>'),
    previous: need('<|startofprev|>'),
    startOfLm: ids.get('<|startoflm|>'),
    // Older files call the token nocaptions. It always stands before `noTimestamps`.
    noSpeech: ids.get('<|nospeech|>') ?? ids.get('<|nocaptions|>') ?? noTimestamps - 1,
    noTimestamps,
    firstTimestamp: noTimestamps + 1,
    transcribe: ids.get('<|transcribe|>'),
    translate: ids.get('<|translate|>'),
    languages: new Map(languages),
  };
}

/** `<|endoftext|>` in GPT-2's vocabulary, which the English models have. */
const ENGLISH_END = 50256;

function addedTokens(tokenizer: Json): ReadonlyMap<string, number> {
  const listed = tokenizer['added_tokens'];
  if (!Array.isArray(listed)) throw new Error('tokenizer.json has no added_tokens');
  const ids = new Map<string, number>();
  for (const entry of listed as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('content' in entry)) continue;
    if (typeof entry.id === 'number' && typeof entry.content === 'string') ids.set(entry.content, entry.id);
  }
  return ids;
}

async function readJson(file: string): Promise<Json> {
  const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
  if (typeof value !== 'object' || value === null) throw new Error(`${path.basename(file)} is no object`);
  return value as Json;
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((entry): entry is number => typeof entry === 'number') : [];
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

import type { AttentionHead } from './decoderGraph';
import { UnusableModel } from '../weights/unusableModel';
import type { WhisperConfig } from './whisperConfig';

type Json = Readonly<Record<string, unknown>>;

/** The configuration for decoding, with nothing missing. */
export interface CompletedGeneration {
  /** The content for `generation_config.json`: the given one with the missing fields. */
  readonly json: Json;
  readonly alignmentHeads: readonly AttentionHead[];
  /** Whisper's codes, ISO-639-1 where there is such a code; ["en"] for an English model. */
  readonly languages: readonly string[];
  readonly canTranslate: boolean;
}

/** A language's mark: `<|de|>`, `<|yue|>`. Other marks (`<|translate|>`, `<|0.00|>`) are longer or hold digits. */
const LANGUAGE_MARK = /^<\|([a-z]{2,3})\|>$/;

/** OpenAI's vocabularies of at least this size have languages and tasks. Those of English models have 51,864 tokens. */
const LEAST_MULTILINGUAL_TOKENS = 51_865;

/**
 * Completes a generation_config. Fine-tunes often have none, or an old one without languages and alignment heads. The missing fields follow
 * from the tokenizer, whose marks are the same in all models of one vocabulary, and from config.json, where older versions had the
 * suppressed tokens.
 *
 * @param generation the parsed `generation_config.json`; undefined where there is none
 * @param wire the parsed `config.json`
 * @param tokenizer the parsed `tokenizer.json`
 * @throws UnusableModel where the tokenizer is not a Whisper's
 */
export function completeGeneration(
  generation: unknown,
  wire: unknown,
  tokenizer: unknown,
  config: WhisperConfig,
): CompletedGeneration {
  const given = asRecord(generation) ?? {};
  const old = asRecord(wire) ?? {};
  const marks = marksOf(tokenizer);
  const mark = (name: string): number => {
    const id = marks.get(`<|${name}|>`);
    if (id === undefined) throw notWhisper(`its tokenizer has no <|${name}|>`);
    return id;
  };
  const multilingual = given['is_multilingual'] ?? config.vocabularySize >= LEAST_MULTILINGUAL_TOKENS;
  const isMultilingual = multilingual === true;
  const languageIds = asRecord(given['lang_to_id']) ?? idsOfLanguages(marks);
  const tasks = asRecord(given['task_to_id']) ?? { transcribe: mark('transcribe'), translate: mark('translate') };
  const alignmentHeads = headsOf(given['alignment_heads'], config);
  const json: Json = {
    bos_token_id: mark('endoftext'),
    eos_token_id: mark('endoftext'),
    pad_token_id: mark('endoftext'),
    decoder_start_token_id: mark('startoftranscript'),
    no_timestamps_token_id: mark('notimestamps'),
    prev_sot_token_id: mark('startofprev'),
    max_initial_timestamp_index: MAX_INITIAL_TIMESTAMP_INDEX,
    max_length: config.mostTextPositions,
    ...idsFrom(old, 'suppress_tokens'),
    ...idsFrom(old, 'begin_suppress_tokens'),
    ...given,
    is_multilingual: isMultilingual,
    ...(isMultilingual ? { lang_to_id: languageIds, task_to_id: tasks } : {}),
    alignment_heads: alignmentHeads,
  };
  const languages = Object.keys(languageIds).flatMap((name) => LANGUAGE_MARK.exec(name)?.[1] ?? []);
  if (isMultilingual && languages.length === 0) throw notWhisper('it knows no language');
  return {
    json,
    alignmentHeads,
    languages: isMultilingual ? languages : ['en'],
    canTranslate: isMultilingual && 'translate' in tasks,
  };
}

/** The first timestamp is at most 1.0 s, in steps of 0.02 s: the value in OpenAI's own models. */
const MAX_INITIAL_TIMESTAMP_INDEX = 50;

/** The given alignment heads that the network has. Where there are none: all heads of the upper half of its layers. */
function headsOf(given: unknown, { decoder }: WhisperConfig): readonly AttentionHead[] {
  const heads = (Array.isArray(given) ? given : []).flatMap((pair: unknown): AttentionHead[] => {
    if (!Array.isArray(pair)) return [];
    const [layer, head] = pair as readonly unknown[];
    return isIndex(layer, decoder.layers) && isIndex(head, decoder.heads) ? [[layer, head]] : [];
  });
  if (heads.length > 0) return heads;
  const first = Math.floor(decoder.layers / 2);
  return Array.from({ length: decoder.layers - first }, (_, i) =>
    Array.from({ length: decoder.heads }, (_, head): AttentionHead => [first + i, head]),
  ).flat();
}

function marksOf(tokenizer: unknown): ReadonlyMap<string, number> {
  const added = asRecord(tokenizer)?.['added_tokens'];
  const marks = new Map<string, number>();
  for (const entry of Array.isArray(added) ? (added as readonly unknown[]) : []) {
    const { id, content } = asRecord(entry) ?? {};
    if (typeof content === 'string' && typeof id === 'number') marks.set(content, id);
  }
  return marks;
}

function idsOfLanguages(marks: ReadonlyMap<string, number>): Json {
  return Object.fromEntries([...marks].filter(([name]) => LANGUAGE_MARK.test(name)));
}

function idsFrom(wire: Json, name: string): Json {
  return Array.isArray(wire[name]) ? { [name]: wire[name] } : {};
}

function isIndex(value: unknown, count: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count;
}

function asRecord(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function notWhisper(reason: string): UnusableModel {
  return new UnusableModel({ kind: 'notWhisper', reason });
}

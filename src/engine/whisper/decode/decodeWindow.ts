import zlib from 'node:zlib';
import type { WhisperFacts } from '../network/whisperFacts';
import type { DecoderState, EncodedWindow, Network } from '../network/network';
import type { Vocabulary } from '../network/vocabulary';
import type { AttemptQuality } from './fallback';
import { loopPeriod } from './loops';
import { pickToken } from './pickToken';
import { seededRandom } from '../network/random';
import { applyRules } from './rules';

/** One attempt at writing a window. */
export interface Attempt extends AttemptQuality {
  readonly temperature: number;
  readonly text: string;
  /** Text and timestamps, without start and end. */
  readonly tokens: readonly number[];
  readonly logProbabilities: readonly number[];
  /** The alignment heads' attention when each token was chosen, and one more row for the end. */
  readonly attention: readonly Float32Array[];
}

/** The start of a window's text, after the decoder has read everything before it. */
export interface TextStart {
  readonly window: EncodedWindow;
  readonly state: DecoderState;
  /** Scores of the first token. Each attempt needs a copy. */
  readonly logits: Float32Array;
  readonly attention: Float32Array;
}

/** Asked between two tokens: throws when the request was aborted, and waits as long as a more urgent one is heard. */
export type Check = () => Promise<void> | undefined;

/** How one window is written. */
export interface DecodeOptions {
  readonly temperature: number;
  readonly seed: number;
  readonly suppressed: readonly number[];
  readonly check: Check;
  /** Tokens that the decoder has read behind the start sequence, to continue them; absent: none. */
  readonly written?: readonly number[];
  /** The text ends after so many tokens at the latest; absent: 224. */
  readonly mostTokens?: number;
  /** The text ends with a timestamp that is not before this one (as a token); absent: it does not. */
  readonly endTimestamp?: number;
}

/** The reference stops a window's text here: half of the decoder's 448 positions. */
const MAXIMUM_TEXT_TOKENS = 224;

/** Writes a window's text, a token at a time. */
export async function decodeWindow(
  network: Network,
  facts: WhisperFacts,
  vocabulary: Vocabulary,
  start: TextStart,
  {
    temperature,
    seed,
    suppressed,
    check,
    written = [],
    mostTokens = MAXIMUM_TEXT_TOKENS,
    endTimestamp = Infinity,
  }: DecodeOptions,
): Promise<Attempt> {
  const tokens: number[] = [];
  const logProbabilities: number[] = [];
  const attention: Float32Array[] = [start.attention];
  const random = seededRandom(seed);
  const all = [...written];
  const room = Math.min(mostTokens, facts.maximumTokens - start.state.tokenCount);
  let { state } = start;
  let logits: Float32Array = start.logits.slice();
  let sum = 0;
  let isLoop = false;
  for (;;) {
    await check();
    applyRules(logits, all, suppressed, facts);
    const picked = pickToken(logits, temperature, random);
    sum += picked.logProbability;
    if (picked.token === facts.tokens.end) break;
    tokens.push(picked.token);
    all.push(picked.token);
    logProbabilities.push(picked.logProbability);
    isLoop = loopPeriod(tokens) > 0;
    if (isLoop || tokens.length >= room || (picked.token >= endTimestamp && tokens.length > 1)) break;
    const step = await network.read(start.window, [picked.token], state);
    ({ state, logits } = step);
    attention.push(step.attention);
  }
  const text = vocabulary.decode(tokens.filter((token) => token < facts.tokens.end)).trim();
  return {
    temperature,
    text,
    tokens,
    logProbabilities,
    attention,
    averageLogProbability: sum / (tokens.length + 1),
    compressionRatio: compressionRatio(text),
    isLoop,
  };
}

/** As in the reference: zlib with its default level. Exported for the test that compares it with the documented threshold. */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length === 0 ? 1 : bytes.length / zlib.deflateSync(bytes).length;
}

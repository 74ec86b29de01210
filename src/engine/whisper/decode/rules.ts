import type { WhisperFacts } from '../network/whisperFacts';

/** The score of a token that may not come next. */
const IMPOSSIBLE = -Infinity;

/**
 * The reference's rules for the next token, applied to its logits in place (openai/whisper, decoding.py):
 * - suppressed tokens never come; a blank or the end token never comes first;
 * - the first token is a timestamp, not later than {@link WhisperFacts.latestStart};
 * - timestamps come in pairs, an end and the next start, and never go back; no segment is empty;
 * - where all timestamps together are likelier than the likeliest text token, a timestamp comes.
 *
 * @param written the tokens since the start sequence
 * @param suppressed see {@link suppressedTokens}
 */
export function applyRules(
  logits: Float32Array,
  written: readonly number[],
  suppressed: readonly number[],
  { tokens, suppressedAtStart, latestStart }: WhisperFacts,
): void {
  const { firstTimestamp, end, noTimestamps } = tokens;
  for (const token of suppressed) logits[token] = IMPOSSIBLE;
  logits[noTimestamps] = IMPOSSIBLE;
  if (written.length === 0) {
    for (const token of suppressedAtStart) logits[token] = IMPOSSIBLE;
    logits.fill(IMPOSSIBLE, 0, firstTimestamp);
    logits.fill(IMPOSSIBLE, firstTimestamp + latestStart + 1);
    return;
  }
  const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= firstTimestamp;
  const lastIsTimestamp = isTimestamp(written.at(-1));
  const isPair = lastIsTimestamp && (written.length < 2 || isTimestamp(written.at(-2)));
  if (isPair) logits.fill(IMPOSSIBLE, firstTimestamp);
  else if (lastIsTimestamp) logits.fill(IMPOSSIBLE, 0, end);
  const latest = written.findLast(isTimestamp);
  if (latest !== undefined) {
    // A segment may start where the segment before it ended; any other timestamp must be later.
    const earliest = lastIsTimestamp && !isPair ? latest : latest + 1;
    logits.fill(IMPOSSIBLE, firstTimestamp, earliest);
  }
  if (timestampsAreLikelier(logits, firstTimestamp)) logits.fill(IMPOSSIBLE, 0, firstTimestamp);
}

/** Compares the sum of all timestamps' probabilities with that of the likeliest text token. */
function timestampsAreLikelier(logits: Float32Array, firstTimestamp: number): boolean {
  let mostText = IMPOSSIBLE;
  for (let token = 0; token < firstTimestamp; token++) mostText = Math.max(mostText, logits[token] ?? IMPOSSIBLE);
  let mostTime = IMPOSSIBLE;
  for (let token = firstTimestamp; token < logits.length; token++) {
    mostTime = Math.max(mostTime, logits[token] ?? IMPOSSIBLE);
  }
  if (mostTime === IMPOSSIBLE) return false;
  let sum = 0;
  for (let token = firstTimestamp; token < logits.length; token++) {
    sum += Math.exp((logits[token] ?? IMPOSSIBLE) - mostTime);
  }
  return mostTime + Math.log(sum) > mostText;
}

/**
 * Tokens that are never written: those that the model's files list (brackets, symbols, "_"), and special tokens that only steer the model.
 *
 * @param wanted characters that the prompt's terms need: tokens that consist of them are allowed
 */
export function suppressedTokens(
  { suppressed, tokens }: WhisperFacts,
  spelling: (token: number) => string | undefined,
  wanted: ReadonlySet<string>,
): readonly number[] {
  const steering = [
    tokens.start,
    tokens.previous,
    tokens.noSpeech,
    tokens.startOfLm,
    tokens.transcribe,
    tokens.translate,
    ...tokens.languages.values(),
  ].filter((token) => token !== undefined);
  const banned = suppressed.filter((token) => !isMadeOf(spelling(token) ?? '', wanted));
  return [...new Set([...banned, ...steering])];
}

/** Whether a token consists of such characters only. A blank before them ("Ġ" in GPT-2's spelling) does not matter. */
function isMadeOf(spelling: string, wanted: ReadonlySet<string>): boolean {
  const text = spelling.replace(/^Ġ/, '');
  return text !== '' && Array.from(text).every((character) => wanted.has(character));
}

import type { ModelFacts } from '../network/whisperFacts';

/** What may not be written next becomes this likely. */
const IMPOSSIBLE = -Infinity;

/**
 * The reference's rules for the next token, applied to its logits in place (openai/whisper, decoding.py):
 * - suppressed tokens never come, a blank or the end not first;
 * - the first token is a timestamp, not later than {@link ModelFacts.latestStart};
 * - timestamps come in pairs, an end and the next start, and never go back; no segment is empty;
 * - where all timestamps together are likelier than the likeliest text, a timestamp comes.
 *
 * @param written since the start sequence
 * @param suppressed see {@link suppressedTokens}
 */
export function applyRules(
  logits: Float32Array,
  written: readonly number[],
  suppressed: readonly number[],
  { tokens, suppressedAtStart, latestStart }: ModelFacts,
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
    // The start of a pair may be the end before it; anything else is later.
    const earliest = lastIsTimestamp && !isPair ? latest : latest + 1;
    logits.fill(IMPOSSIBLE, firstTimestamp, earliest);
  }
  if (timestampsAreLikelier(logits, firstTimestamp)) logits.fill(IMPOSSIBLE, 0, firstTimestamp);
}

/** Compares the sum of all timestamps' probabilities with the likeliest text's. */
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
 * Tokens that are never written: those the model's files list (brackets, symbols, "_"), and those that only steer.
 *
 * @param wanted characters that the prompt's terms need: tokens made of them are allowed again
 */
export function suppressedTokens(
  { suppressed, tokens }: ModelFacts,
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

/** Whether a token is nothing but such characters, with or without a blank before ("Ġ" in GPT-2's spelling). */
function isMadeOf(spelling: string, wanted: ReadonlySet<string>): boolean {
  const text = spelling.replace(/^Ġ/, '');
  return text !== '' && Array.from(text).every((character) => wanted.has(character));
}

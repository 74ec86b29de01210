import { pickToken } from '../../../../../src/engine/whisper/decode/pickToken';
import { seededRandom } from '../../../../../src/engine/whisper/network/random';
import { applyRules, suppressedTokens } from '../../../../../src/engine/whisper/decode/rules';
import { SMALL_FACTS } from '../smallFacts';

/** A window's tokens as chance and the rules make them, without the end. */
export function sampledText(seed: number, lengthAtMost: number): number[] {
  const random = seededRandom(seed);
  const suppressed = suppressedTokens(SMALL_FACTS, () => undefined, new Set());
  const { vocabularySize, tokens } = SMALL_FACTS;
  const written: number[] = [];
  while (written.length < lengthAtMost) {
    // Text is likelier than a single timestamp, as in speech; else there would be little of it.
    const logits = Float32Array.from(
      { length: vocabularySize },
      (_, token) => 4 * random() + (token < tokens.end ? 4 : 0),
    );
    applyRules(logits, written, suppressed, SMALL_FACTS);
    const { token } = pickToken(logits, 1, random);
    if (token === tokens.end) break;
    written.push(token);
  }
  return written;
}

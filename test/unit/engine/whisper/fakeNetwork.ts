import type { DecoderState, DecoderStep, EncodedWindow, Network } from '../../../../src/engine/whisper/network/network';
import { SMALL_FACTS } from './smallFacts';

/** One call of the decoder. */
export interface DecoderCall {
  readonly tokens: readonly number[];
  /** Tokens that it had read before. */
  readonly tokenCount: number;
  readonly rows: readonly number[];
}

/** A decoder that says what it is told to, and remembers what it was asked. */
export class FakeNetwork {
  readonly calls: DecoderCall[] = [];
  /** What begins a text, as {@link read} gives it. */
  readonly window: EncodedWindow = { cross: {} };

  /** @param answer scores behind a token */
  constructor(private readonly answer: (token: number, position: number) => Float32Array) {}

  /** For what asks for the real one, and only reads. */
  get network(): Network {
    return this as unknown as Network;
  }

  read(
    _window: EncodedWindow,
    tokens: readonly number[],
    state?: DecoderState,
    rows: readonly number[] = [tokens.length - 1],
  ): Promise<DecoderStep> {
    const tokenCount = state?.tokenCount ?? 0;
    this.calls.push({ tokens, tokenCount, rows });
    const logits = new Float32Array(rows.length * SMALL_FACTS.vocabularySize);
    rows.forEach((row, i) => {
      logits.set(this.answer(tokens[row] ?? NaN, tokenCount + row), i * SMALL_FACTS.vocabularySize);
    });
    const last = tokenCount + tokens.length;
    return Promise.resolve({
      state: { past: {}, tokenCount: last },
      logits,
      attention: Float32Array.of(last),
    });
  }
}

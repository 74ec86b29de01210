import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { NEVER } from '../../../../../src/core/async/never';
import { prepareModel } from '../../../../../src/engine/whisper/model/prepareModel';
import type { Precision } from '../../../../../src/engine/whisper/model/recipes';
import { readExpectations } from '../../../../models';
import { copySmallWhisper } from '../../../../smallWhisper';
import { sharedFolder } from '../../../node/temporaryFolder';
import { baseWeights } from '../loadedBase';
import { jfkSamples, plainLogMel } from './plainLogMel';
import { numbers, PreparedGraphs, type DecoderStep, type GraphForm } from './runGraphs';
import type { BaseExpectations, TinyExpectations } from './expectations';

const TINY: GraphForm = { melBins: 80, width: 32, vocabularySize: 51_865, layers: 2, heads: 2 };
const BASE: GraphForm = { melBins: 80, width: 512, vocabularySize: 51_865, layers: 6, heads: 8 };
const AUDIO_POSITIONS = 1500;

/**
 * What 8-bit products may cost, in shares of a value's own standard deviation.
 *
 * Weights: the largest of a row of 32 or more normal numbers lies at 2 to 3.2 deviations, so a step is 3.2 / 127 and its uniform error
 * (step / √12) 0.73 % of a weight's deviation. Activations: their range over all rows of a product is about 9 deviations in 255 steps,
 * so the error is 9 / 255 / √12 = 1.0 %. A product sums independent errors as it sums its terms: √(0.73² + 1.0²) = 1.25 % of the
 * result's deviation. Of the products behind each other every one adds its own, independently: √n of it.
 */
function noise(productsInARow: number): number {
  return 0.0125 * Math.sqrt(productsInARow);
}

/** How many deviations the largest of some hundred normal errors may lie away: beyond 4 lies one in 16,000. */
const FAR = 4;

const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** Fails with the largest difference. */
function assertNear(got: ArrayLike<number>, expected: readonly number[], bound: number, what: string): void {
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (got[i] ?? NaN))));
  assert.ok(worst <= bound, `${what}: off by ${worst}, which is more than ${bound}`);
}

function logSumExp(values: Float32Array): number {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

describe('the graphs of the tiny random model', () => {
  const folder = sharedFolder();
  const features = plainLogMel(jfkSamples(), TINY.melBins);
  let expected: TinyExpectations;
  let tokens: readonly number[];

  before(() => {
    expected = readExpectations('tiny-random') as TinyExpectations;
    tokens = expected.decoder_input_ids;
    mkdirSync(path.join(folder(), 'source'));
    copySmallWhisper(path.join(folder(), 'source'));
  });

  async function load(precision: Precision): Promise<PreparedGraphs> {
    const target = path.join(folder(), precision);
    if (!existsSync(target)) {
      mkdirSync(target);
      await prepareModel(path.join(folder(), 'source'), target, { precision }, () => undefined, NEVER);
    }
    return PreparedGraphs.load(target, TINY);
  }

  /** All tokens at once, and one after the other with the cache: [logits of a token, attention of a head at a token]. */
  async function bothWays(graphs: PreparedGraphs): Promise<readonly DecoderStep[][]> {
    const audio = await graphs.encode(features);
    const indices = tokens.map((_, i) => i);
    const whole = await graphs.step(audio, tokens, 0, indices);
    const vocabulary = TINY.vocabularySize;
    const pieces = indices.map((i): DecoderStep => ({
      ...whole,
      logits: whole.logits.subarray(i * vocabulary, (i + 1) * vocabulary),
      alignment: Float32Array.from(
        [0, 1].flatMap((head) => {
          const begin = (head * tokens.length + i) * AUDIO_POSITIONS;
          return [...whole.alignment.subarray(begin, begin + AUDIO_POSITIONS)];
        }),
      ),
    }));
    const steps: DecoderStep[] = [];
    for (const [i, token] of tokens.entries()) {
      steps.push(await graphs.step(audio, [token], i, [0], steps.at(-1)?.past));
    }
    return [pieces, steps];
  }

  /** @param productsInARow 0 for float32 */
  async function compare(graphs: PreparedGraphs, encoderProducts: number, products: number): Promise<void> {
    /** The judges have five digits; float32 sums in another order differ by less. */
    const rounding = 1e-4;
    const states = numbers(await graphs.encode(features), 'last_hidden_state');
    for (const [title, values] of Object.entries(expected.encoder_last_hidden_state)) {
      const position = Number(/\d+/.exec(title)?.[0]);
      const bound = FAR * noise(encoderProducts) * deviation(values) + rounding;
      assertNear(states.subarray(position * TINY.width), values, bound, `encoder, ${title}`);
    }
    for (const steps of await bothWays(graphs)) {
      for (const { position, argmax, first_8, last_8, logsumexp } of expected.logits) {
        const logits = steps[position]?.logits ?? new Float32Array();
        const error = noise(products) * deviation([...first_8, ...last_8]);
        assertNear(logits, first_8, FAR * error + rounding, `logits at ${position}`);
        assertNear(logits.subarray(-8), last_8, FAR * error + rounding, `last logits at ${position}`);
        assertNear([logSumExp(logits)], [logsumexp], FAR * error + rounding, `sum at ${position}`);
        // The judge's choice is at most two such errors behind ours.
        const lead = logits.reduce((a, b) => Math.max(a, b), -Infinity) - (logits[argmax] ?? NaN);
        assert.ok(lead <= 2 * FAR * error, `the best token at ${position} is ${lead} ahead of the judge's`);
      }
      for (const [head, [title, weights]] of Object.entries(expected.cross_attention).entries()) {
        const position = Number(/position (\d+)/.exec(title)?.[1]);
        const row = steps[position]?.alignment.subarray(head * AUDIO_POSITIONS) ?? [];
        for (const [frame, weight] of weights) {
          // A weight is e^score, up to what all share: the score stands log(1500 × weight) above the average.
          const bound = weight * Math.expm1(FAR * noise(products) * Math.abs(Math.log(AUDIO_POSITIONS * weight)));
          assertNear([row[frame] ?? NaN], [weight], bound + rounding / 10, `attention, ${title}, frame ${frame}`);
        }
      }
    }
  }

  it('say in float32 what an independent implementation says, to 1e-4', async () => {
    const graphs = await load('float32');
    await compare(graphs, 0, 0);
    await graphs.release();
  });

  it('say in 8 bits the same within what a step of quantisation explains', async () => {
    const graphs = await load('int8');
    // A layer of the encoder: qkv, out, two of the feed-forward part; of the decoder two more for the audio; the vocabulary and the embedding.
    await compare(graphs, 2 * 4, 2 * 6 + 2);
    await graphs.release();
  });

  it('stack the alignment heads, give scores of the rows asked for only, and take less than 30 s', async () => {
    const graphs = await load('float32');
    const frames = 1102;
    const cut = Float32Array.from({ length: TINY.melBins * frames }, (_, i) => {
      return features[Math.floor(i / frames) * 3000 + (i % frames)] ?? 0;
    });
    const audio = await graphs.encode(cut);
    assert.equal(numbers(audio, 'cross.key.0').length, TINY.width * (frames / 2));
    const all = await graphs.step(audio, tokens, 0, [0, 1, 2, 3, 4, 5, 6]);
    const some = await graphs.step(audio, tokens, 0, [6, 2]);
    assert.deepEqual(some.alignmentShape, [2, tokens.length, frames / 2]);
    for (const [i, row] of [6, 2].entries()) {
      const at = (logits: Float32Array, index: number): readonly number[] => [
        ...logits.subarray(index * TINY.vocabularySize, (index + 1) * TINY.vocabularySize),
      ];
      assertNear(at(some.logits, i), at(all.logits, row).slice(0, 5000), 1e-4, `row ${row}`);
    }
    const row = some.alignment.subarray(0, frames / 2);
    assert.ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-4);
    await graphs.release();
  });
});

describe('the graphs of whisper-base', () => {
  const folder = sharedFolder();

  it('begin a text in 8 bits nearly as the judge does', async function () {
    const base = baseWeights(this);
    const { installedBytes, parameterCount } = await prepareModel(base, folder(), {}, () => undefined, NEVER);
    assert.equal(parameterCount, 72_593_920);
    // A byte per parameter, the vocabulary's once more, the encoder's convolutions and positions as float32, scales, tokenizer.
    assert.ok(installedBytes < 1.5 * parameterCount, `${installedBytes} bytes`);

    const judge = (readExpectations('whisper-base') as Readonly<Record<string, BaseExpectations>>)['jfk.wav'];
    assert.ok(judge);
    const graphs = await PreparedGraphs.load(folder(), BASE);
    const audio = await graphs.encode(plainLogMel(jfkSamples(), BASE.melBins));
    // <|startoftranscript|><|en|><|transcribe|>
    const { logits, alignmentShape } = await graphs.step(audio, [50_258, 50_259, 50_359], 0, [2]);
    await graphs.release();
    assert.deepEqual(alignmentShape, [8, 3, AUDIO_POSITIONS]);
    const all = logSumExp(logits);
    const got = judge.first_step_top5.map(([token]) => (logits[token] ?? NaN) - all);
    // Six layers of six products, the vocabulary and the embedding; a trained network's logits have a deviation of about 3.
    const error = noise(6 * 6 + 2) * 3;
    judge.first_step_top5.forEach(([token, logProbability], i) => {
      assertNear([got[i] ?? NaN], [logProbability], FAR * error, `log-probability of ${token}`);
    });
    assert.equal(logits.indexOf(logits.reduce((a, b) => Math.max(a, b))), judge.first_step_top5[0]?.[0]);
  });
});

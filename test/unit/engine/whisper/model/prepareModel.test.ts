import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { EngineLine } from '../../../../../src/core/engineProtocol';
import { NEVER } from '../../../../../src/core/async/never';
import { prepare } from '../../../../../src/engine/prepare';
import { prepareModel, type PreparationProgress } from '../../../../../src/engine/whisper/model/prepareModel';
import { UnusableModel, type ModelFault } from '../../../../../src/engine/whisper/weights/unusableModel';
import { tinyModel } from '../../../../models';
import { copySmallWhisper } from '../../../../smallWhisper';
import { temporaryFolder } from '../../../node/temporaryFolder';
import { PreparedGraphs } from './runGraphs';
import { readHalfFloats, writeSafetensors, type TestTensor } from '../weights/safetensorsFile';

const GRAPH_FILES = ['encoder.onnx', 'encoder.weights', 'decoder.onnx', 'decoder.weights'];

describe('prepareModel', () => {
  const folder = temporaryFolder();
  let tensors: Record<string, TestTensor>;
  let source: string;
  let target: string;

  beforeEach(async () => {
    tensors = readHalfFloats(path.join(tinyModel(), 'model.safetensors'));
    [source, target] = [path.join(folder(), 'source'), path.join(folder(), 'target')];
    await fs.mkdir(source);
    await fs.mkdir(target);
    copySmallWhisper(source);
  });

  const inSource = (file: string): string => path.join(source, file);
  const run = (
    onProgress: (progress: PreparationProgress) => void = () => undefined,
  ): ReturnType<typeof prepareModel> => prepareModel(source, target, {}, onProgress, NEVER);

  const hashes = async (): Promise<readonly string[]> =>
    Promise.all(
      GRAPH_FILES.map(async (file) =>
        createHash('sha256')
          .update(await fs.readFile(path.join(target, file)))
          .digest('hex'),
      ),
    );

  const emptyTarget = async (): Promise<void> => {
    await fs.rm(target, { recursive: true });
    await fs.mkdir(target);
  };

  async function fault(): Promise<ModelFault> {
    const error: unknown = await run().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UnusableModel, String(error));
    assert.deepEqual(await fs.readdir(target), [], 'something was written');
    return error.fault;
  }

  const changeJson = async (file: string, change: Readonly<Record<string, unknown>>): Promise<void> => {
    const json = JSON.parse(await fs.readFile(inSource(file), 'utf8')) as Record<string, unknown>;
    await fs.rm(inSource(file));
    await fs.writeFile(inSource(file), JSON.stringify({ ...json, ...change }));
  };

  it('writes two graphs and what decoding needs, and counts them', async () => {
    const { installedBytes, parameterCount, languages, canTranslate } = await run();
    const files = await fs.readdir(target);
    const small = ['config.json', 'generation_config.json', 'preprocessor_config.json', 'tokenizer.json'];
    assert.deepEqual(files.sort(), [...GRAPH_FILES, ...small].sort());
    const sizes = await Promise.all(files.map(async (file) => (await fs.stat(path.join(target, file))).size));
    assert.equal(
      installedBytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    const counts = Object.values(tensors).map(({ values }) => values.length);
    assert.equal(
      parameterCount,
      counts.reduce((sum, count) => sum + count, 0),
    );
    assert.equal(canTranslate, true);
    assert.equal(languages.length, 99);
  });

  it('tells how far it is, from nearly nothing to all', async () => {
    const told: PreparationProgress[] = [];
    const { parameterCount } = await run((progress) => told.push(progress));
    const last = told.at(-1);
    assert.ok(last && last.doneBytes === last.totalBytes && last.totalBytes >= parameterCount * 4);
    told.reduce((before, after) => {
      assert.ok(after.doneBytes > before.doneBytes);
      return after;
    });
  });

  it('makes the same of float16 and float32, in one file and in shards, with and without the prefix', async () => {
    await run();
    const expected = await hashes();

    await fs.rm(inSource('model.safetensors'));
    writeSafetensors(inSource('model.safetensors'), tensors, 'F32');
    await emptyTarget();
    await run();
    assert.deepEqual(await hashes(), expected);

    await fs.rm(inSource('model.safetensors'));
    const bare = Object.entries(tensors).map(([name, tensor]) => [name.replace('model.', ''), tensor] as const);
    const shards = [bare.filter((_, i) => i % 2 === 0), bare.filter((_, i) => i % 2 === 1)];
    const map: Record<string, string> = {};
    for (const [i, shard] of shards.entries()) {
      const file = `model-0000${i + 1}-of-00002.safetensors`;
      // Some exporters write the tied vocabulary a second time.
      const tied = i === 1 ? { 'proj_out.weight': tensors['model.decoder.embed_tokens.weight'] } : {};
      writeSafetensors(inSource(file), { ...Object.fromEntries(shard), ...tied } as typeof tensors, 'F32');
      for (const [name] of shard) map[name] = file;
    }
    await fs.writeFile(inSource('model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    await emptyTarget();
    await run();
    assert.deepEqual(await hashes(), expected);
  });

  it('takes bfloat16', async () => {
    await fs.rm(inSource('model.safetensors'));
    writeSafetensors(inSource('model.safetensors'), tensors, 'BF16');
    await run();
    const ofHalf = await hashes();
    const cut = Object.entries(tensors).map(([name, { shape, values }]) => {
      const bits = new Uint32Array(values.slice().buffer).map((word) => word & 0xffff_0000);
      return [name, { shape, values: new Float32Array(bits.buffer) }] as const;
    });
    await fs.rm(inSource('model.safetensors'));
    writeSafetensors(inSource('model.safetensors'), Object.fromEntries(cut), 'F32');
    await emptyTarget();
    await run();
    assert.deepEqual(ofHalf, await hashes());
  });

  it('works with 128 mel bins, another vocabulary and no generation_config', async () => {
    const change = (name: string, shape: readonly number[]): void => {
      const count = shape.reduce((product, size) => product * size, 1);
      tensors[name] = { shape, values: Float32Array.from({ length: count }, (_, i) => Math.sin(i)) };
    };
    change('model.encoder.conv1.weight', [32, 128, 3]);
    change('model.decoder.embed_tokens.weight', [51_866, 32]);
    await fs.rm(inSource('model.safetensors'));
    await fs.rm(inSource('generation_config.json'));
    writeSafetensors(inSource('model.safetensors'), tensors, 'F32');
    await changeJson('config.json', { num_mel_bins: 128, vocab_size: 51_866, suppress_tokens: [7] });
    await run();
    const generation = JSON.parse(await fs.readFile(path.join(target, 'generation_config.json'), 'utf8')) as unknown;
    assert.ok(typeof generation === 'object' && generation !== null && 'suppress_tokens' in generation);
    assert.deepEqual(generation.suppress_tokens, [7]);

    const form = { melBins: 128, width: 32, vocabularySize: 51_866, layers: 2, heads: 2 };
    const graphs = await PreparedGraphs.load(target, form);
    const audio = await graphs.encode(new Float32Array(128 * 200));
    const { logits, alignmentShape } = await graphs.step(audio, [50_258], 0, [0]);
    await graphs.release();
    assert.equal(logits.length, 51_866);
    assert.ok(logits.every(Number.isFinite));
    // Both heads of the upper one of two layers, as nothing names others.
    assert.deepEqual(alignmentShape, [2, 1, 100]);
  });

  it('names all files that are missing', async () => {
    for (const file of ['tokenizer.json', 'model.safetensors']) await fs.rm(inSource(file));
    assert.deepEqual(await fault(), { kind: 'missing', files: ['tokenizer.json', 'model.safetensors'] });
  });

  it('says why a model is no Whisper', async () => {
    await changeJson('config.json', { model_type: 'llama' });
    assert.deepEqual(await fault(), { kind: 'notWhisper', reason: 'it is of type llama' });
    await changeJson('config.json', { model_type: 'whisper', decoder_layers: 3 });
    assert.deepEqual(await fault(), {
      kind: 'notWhisper',
      reason: 'it has no tensor decoder.layers.2.encoder_attn.k_proj.weight',
    });
    await changeJson('config.json', { decoder_layers: 2, vocab_size: 51_864 });
    const reason = (await fault()) as { readonly reason?: string };
    assert.match(reason.reason ?? '', /embed_tokens\.weight is \[51865,32\], not \[51864,32\]/);
  });

  it('says which file is damaged', async () => {
    await fs.rm(inSource('tokenizer.json'));
    await fs.writeFile(inSource('tokenizer.json'), '<html>');
    assert.deepEqual(await fault(), { kind: 'damaged', file: 'tokenizer.json', reason: 'it is no JSON' });
  });

  it('refuses weights that are no numbers', async () => {
    tensors['model.encoder.layers.0.fc1.weight']?.values.fill(NaN, 5, 6);
    await fs.rm(inSource('model.safetensors'));
    writeSafetensors(inSource('model.safetensors'), tensors, 'F32');
    await assert.rejects(run(), /encoder\.layers\.0\.fc1\.weight: a weight is no finite number/);
  });

  it('stops when asked to', async () => {
    const abort = new AbortController();
    let told = 0;
    const stopAtFive = (): void => {
      if (++told === 5) abort.abort();
    };
    const work = prepareModel(source, target, {}, stopAtFive, abort.signal);
    await assert.rejects(work, { name: 'AbortError' });
    assert.equal(told, 5);
  });

  it("tells in the engine's words what came out", async () => {
    const lines: EngineLine[] = [];
    const request = { kind: 'prepare', sourceFolder: source, targetFolder: target } as const;
    const done = await prepare(request, (line) => lines.push(line), NEVER);
    assert.ok(done.kind === 'prepared' && done.model.languages.includes('de'));
    assert.ok(lines.length > 0 && lines.length <= 101);
    assert.ok(lines.every(({ kind }) => kind === 'progress'));

    await fs.rm(inSource('tokenizer.json'));
    const missing = await prepare(request, () => undefined, NEVER);
    assert.deepEqual(missing, {
      kind: 'failed',
      reason: "the model's folder lacks tokenizer.json",
      missing: ['tokenizer.json'],
    });
    await assert.rejects(prepare({ ...request, sourceFolder: target }, () => undefined, AbortSignal.abort()));
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../../src/core/async/never';
import { UnusableModel, type ModelFault } from '../../../../../src/engine/whisper/weights/unusableModel';
import { INDEX_FILE, WeightFiles, WEIGHTS_FILE } from '../../../../../src/engine/whisper/weights/weightFiles';
import { temporaryFolder } from '../../../node/temporaryFolder';
import { writeSafetensors } from './safetensorsFile';

describe('WeightFiles', () => {
  const folder = temporaryFolder();
  const inFolder = (name: string): string => path.join(folder(), name);
  const faultOf = async (work: Promise<unknown>): Promise<ModelFault> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UnusableModel, String(error));
    return error.fault;
  };
  const writeIndex = (map: unknown): Promise<void> =>
    fs.writeFile(inFolder(INDEX_FILE), JSON.stringify({ metadata: {}, weight_map: map }));

  it('gives a large tensor in whole rows, one after the other, and a whole one as it was', async () => {
    const [rows, columns] = [3000, 700];
    const values = Float32Array.from({ length: rows * columns }, (_, i) => (i * 37) % 1001);
    writeSafetensors(inFolder(WEIGHTS_FILE), { 'model.a': { shape: [rows, columns], values } }, 'F32');
    const weights = await WeightFiles.open(folder());
    let next = 0;
    for await (const block of weights.rows('a', NEVER)) {
      assert.equal(block.firstRow, next);
      assert.equal(block.values.length % columns, 0);
      assert.deepEqual(block.values, values.slice(next * columns, next * columns + block.values.length));
      next += block.values.length / columns;
    }
    assert.equal(next, rows);
    assert.deepEqual(await weights.read('a', NEVER), values);
    assert.deepEqual(weights.shapeOf('a'), [rows, columns]);
    await weights.close();
  });

  it('finds tensors in shards, with and without the prefix', async () => {
    const one = { shape: [2], values: Float32Array.of(1, 2) };
    const two = { shape: [], values: Float32Array.of(3) };
    writeSafetensors(inFolder('model-00001-of-00002.safetensors'), { 'model.one': one }, 'BF16');
    writeSafetensors(inFolder('model-00002-of-00002.safetensors'), { two }, 'F32');
    await writeIndex({ 'model.one': 'model-00001-of-00002.safetensors', two: 'model-00002-of-00002.safetensors' });
    const weights = await WeightFiles.open(folder());
    assert.deepEqual(await weights.read('one', NEVER), one.values);
    assert.deepEqual(await weights.read('two', NEVER), two.values);
    assert.equal(weights.shapeOf('three'), undefined);
    assert.deepEqual(await faultOf(weights.read('three', NEVER)), {
      kind: 'notWhisper',
      reason: 'it has no tensor three',
    });
    await weights.close();
  });

  it('names the files that are missing', async () => {
    assert.deepEqual(await faultOf(WeightFiles.open(folder())), { kind: 'missing', files: [WEIGHTS_FILE] });
    await writeIndex({ a: 'x.safetensors', b: 'y.safetensors', c: 'x.safetensors' });
    writeSafetensors(inFolder('x.safetensors'), {}, 'F32');
    assert.deepEqual(await faultOf(WeightFiles.open(folder())), { kind: 'missing', files: ['y.safetensors'] });
  });

  it('reads no shard outside of the folder', async () => {
    for (const map of [{ a: '../x.safetensors' }, { a: '/x.safetensors' }, { a: 'b\\x.safetensors' }, { a: 3 }, 4]) {
      await writeIndex(map);
      assert.equal((await faultOf(WeightFiles.open(folder()))).kind, 'damaged');
    }
    await fs.writeFile(inFolder(INDEX_FILE), '{');
    assert.equal((await faultOf(WeightFiles.open(folder()))).kind, 'damaged');
  });

  it('names the file that was cut off', async () => {
    writeSafetensors(inFolder(WEIGHTS_FILE), { a: { shape: [100], values: new Float32Array(100) } }, 'F32');
    await fs.truncate(inFolder(WEIGHTS_FILE), 300);
    const fault = await faultOf(WeightFiles.open(folder()));
    assert.ok(fault.kind === 'damaged' && fault.file === WEIGHTS_FILE, JSON.stringify(fault));
  });

  it('stops between two blocks', async () => {
    writeSafetensors(inFolder(WEIGHTS_FILE), { a: { shape: [100], values: new Float32Array(100) } }, 'F32');
    const weights = await WeightFiles.open(folder());
    await assert.rejects(weights.read('a', AbortSignal.abort()), { name: 'AbortError' });
    await weights.close();
  });
});

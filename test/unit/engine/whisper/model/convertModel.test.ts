import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../../src/core/async/never';
import type { PrepareRequest } from '../../../../../src/core/engineProtocol';
import { prepare } from '../../../../../src/engine/prepare';
import { convertModel } from '../../../../../src/engine/whisper/model/convertModel';
import {
  decodeConstants,
  encodeOnnx,
  ONNX_DATA_TYPE,
  ONNX_EXTERNAL,
  type OnnxTensor,
} from '../../../../../src/engine/whisper/onnx/onnxSchema';
import { prepareModel } from '../../../../../src/engine/whisper/model/prepareModel';
import { UnusableModel } from '../../../../../src/engine/whisper/weights/unusableModel';
import { copySmallWhisper } from '../../../../smallWhisper';
import { temporaryFolder } from '../../../node/temporaryFolder';

const GRAPHS = ['encoder', 'decoder'] as const;
const VOCABULARY = 'decoder.embed_tokens.weight';

/** Writes a graph's constants as Minutes 0.3.0 did: matrices signed, without zero points, the vocabulary a second time, transposed. */
async function writeAsVersion1(folder: string, name: string): Promise<void> {
  const [graphFile, weightsFile] = [path.join(folder, `${name}.onnx`), path.join(folder, `${name}.weights`)];
  const weights = await fs.readFile(weightsFile);
  const parts: Uint8Array[] = [];
  const tensors: OnnxTensor[] = [];
  const add = (tensor: Pick<OnnxTensor, 'name' | 'dims' | 'dataType'>, bytes: Uint8Array): void => {
    const offset = parts.reduce((sum, part) => sum + part.length, 0);
    const place = { location: path.basename(weightsFile), offset: String(offset), length: String(bytes.length) };
    const externalData = Object.entries(place).map(([key, value]) => ({ key, value }));
    parts.push(bytes);
    tensors.push({ ...tensor, externalData, dataLocation: ONNX_EXTERNAL });
  };
  for (const constant of decodeConstants(await fs.readFile(graphFile))) {
    const { name: constantName, dims, dataType, rawData, external } = constant;
    if (constantName.endsWith('.zeros')) continue;
    const bytes = rawData ?? weights.subarray(external?.offsetBytes).subarray(0, external?.lengthBytes);
    if (dataType !== ONNX_DATA_TYPE.uint8) {
      add({ name: constantName, dims, dataType }, bytes);
      continue;
    }
    const signed = bytes.map((byte) => byte ^ 0x80);
    add({ name: constantName, dims, dataType: ONNX_DATA_TYPE.int8 }, signed);
    if (constantName !== VOCABULARY) continue;
    const [rows = 0, columns = 0] = dims;
    const transposed = signed.map((_, i) => signed[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
    add({ name: 'decoder.vocabulary.matrix', dims: [columns, rows], dataType: ONNX_DATA_TYPE.int8 }, transposed);
  }
  const empty = { name, nodes: [], inputs: [], outputs: [] };
  const model = { irVersion: 9, producerName: 'minutes', operatorSets: [], graph: { ...empty, tensors } };
  await fs.writeFile(graphFile, encodeOnnx(model));
  await fs.writeFile(weightsFile, Buffer.concat(parts));
}

describe('convertModel', () => {
  const folder = temporaryFolder();
  let old: string;
  let fresh: string;
  let target: string;

  beforeEach(async () => {
    const source = path.join(folder(), 'source');
    [old, fresh, target] = [path.join(folder(), 'old'), path.join(folder(), 'fresh'), path.join(folder(), 'target')];
    for (const made of [source, fresh, target]) await fs.mkdir(made);
    copySmallWhisper(source);
    await prepareModel(source, fresh, {}, () => undefined, NEVER);
    await fs.cp(fresh, old, { recursive: true });
    for (const name of GRAPHS) await writeAsVersion1(old, name);
  });

  const request = (): PrepareRequest => ({ kind: 'convert', sourceFolder: old, targetFolder: target });

  it('makes of an old model what the same weights would be prepared to, byte for byte', async () => {
    const told: number[] = [];
    const last = await prepare(
      request(),
      (line) => {
        if (line.kind === 'progress') told.push(line.doneBytes / line.totalBytes);
      },
      NEVER,
    );
    const files = (await fs.readdir(fresh)).sort();
    assert.deepEqual((await fs.readdir(target)).sort(), files);
    let bytes = 0;
    for (const file of files) {
      const [made, wanted] = await Promise.all([target, fresh].map((one) => fs.readFile(path.join(one, file))));
      assert.ok(made && wanted && made.equals(wanted), `${file} differs`);
      bytes += made.length;
    }
    assert.deepEqual(last, { kind: 'converted', installedBytes: bytes });
    assert.equal(told.at(-1), 1);
  });

  it('leaves the old model as it is, and stops when it is told to', async () => {
    const before = await fs.readFile(path.join(old, 'decoder.weights'));
    const stop = new AbortController();
    const stopAtOnce = (): void => {
      stop.abort();
    };
    const run = convertModel(old, target, stopAtOnce, stop.signal);
    await assert.rejects(run, { name: 'AbortError' });
    assert.ok(before.equals(await fs.readFile(path.join(old, 'decoder.weights'))));
  });

  it('says what is wrong with a model that is cut off, foreign, or of today', async () => {
    const weights = await fs.readFile(path.join(old, 'decoder.weights'));
    await fs.writeFile(path.join(old, 'decoder.weights'), weights.subarray(0, weights.length - 100));
    const cut = await prepare(request(), () => undefined, NEVER);
    assert.ok(cut.kind === 'failed' && cut.reason.includes('decoder.weights is damaged'), JSON.stringify(cut));

    for (const [file, bytes] of [
      ['encoder.onnx', Buffer.from('no protobuf at all')],
      ['encoder.onnx', await fs.readFile(path.join(fresh, 'encoder.onnx'))],
    ] as const) {
      await fs.writeFile(path.join(old, file), bytes);
      await fs.rm(target, { recursive: true });
      await fs.mkdir(target);
      await assert.rejects(
        convertModel(old, target, () => undefined, NEVER),
        UnusableModel,
        file,
      );
    }
  });
});

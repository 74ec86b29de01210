import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { openCt2File, readCt2Variables, type Ct2Variable } from '../../../scripts/model/ct2File';
import { ct2Place } from '../../../scripts/model/ct2Names';
import { temporaryFolder } from '../node/temporaryFolder';
import { ct2Sample, halves, type SampleFaults, type SampleVariable } from './ct2Sample';

const SHA256 = '0'.repeat(64);

/** Width 2: queries, keys and values have two rows each. */
const VARIABLES: readonly SampleVariable[] = [
  { name: 'decoder/alignment_heads', shape: [], type: 2, bytes: new Uint8Array([1, 0]) },
  { name: 'decoder/layer_1/attention/linear_1/weight', shape: [4, 2], type: 4, bytes: halves(200, 8) },
  { name: 'decoder/pre_norm', shape: [], type: 1, bytes: new Uint8Array([1]) },
  { name: 'encoder/layer_0/self_attention/linear_0/bias', shape: [6], type: 4, bytes: halves(300, 6) },
  { name: 'encoder/layer_0/self_attention/linear_0/weight', shape: [6, 2], type: 4, bytes: halves(100, 12) },
  { name: 'encoder/layer_norm/gamma', shape: [2], type: 4, bytes: halves(400, 2) },
];

describe('CTranslate2’s files', () => {
  const folder = temporaryFolder();

  async function write(variables: readonly SampleVariable[], faults: SampleFaults = {}): Promise<string> {
    const file = path.join(folder(), 'model.bin');
    await fs.writeFile(file, ct2Sample(variables, faults));
    return file;
  }

  async function variablesOf(file: string): Promise<ReadonlyMap<string, Ct2Variable>> {
    const handle = await fs.open(file);
    try {
      return await readCt2Variables(handle);
    } finally {
      await handle.close();
    }
  }

  async function tensor(file: string, name: string, shape: readonly number[]): Promise<Uint8Array> {
    const reader = await openCt2File(file);
    try {
      const blocks: Uint8Array[] = [];
      for await (const block of reader.float16({ name, shape, sha256: SHA256 }, NEVER)) blocks.push(block.slice());
      return new Uint8Array(Buffer.concat(blocks));
    } finally {
      await reader.close();
    }
  }

  it('are read with every type of number', async () => {
    const sizes = [4, 1, 2, 4, 2, 2];
    const all = sizes.map((size, type) => ({
      name: `of type ${type}`,
      shape: [3],
      type,
      bytes: new Uint8Array(3 * size),
    }));
    const read = await variablesOf(await write(all));
    assert.deepEqual(
      [...read].map(([name, { type, sizeBytes }]) => [name, type, sizeBytes]),
      sizes.map((size, type) => [`of type ${type}`, type, 3 * size]),
    );
  });

  it('give queries, keys and values, which lie in one product', async () => {
    const file = await write(VARIABLES);
    const self = 'model.encoder.layers.0.self_attn';
    assert.deepEqual(await tensor(file, `${self}.q_proj.weight`, [2, 2]), halves(100, 4));
    assert.deepEqual(await tensor(file, `${self}.k_proj.weight`, [2, 2]), halves(104, 4));
    assert.deepEqual(await tensor(file, `${self}.v_proj.weight`, [2, 2]), halves(108, 4));
    assert.deepEqual(await tensor(file, `${self}.q_proj.bias`, [2]), halves(300, 2));
    assert.deepEqual(await tensor(file, `${self}.v_proj.bias`, [2]), halves(304, 2));
    const cross = 'model.decoder.layers.1.encoder_attn';
    assert.deepEqual(await tensor(file, `${cross}.k_proj.weight`, [2, 2]), halves(200, 4));
    assert.deepEqual(await tensor(file, `${cross}.v_proj.weight`, [2, 2]), halves(204, 4));
  });

  it('give a tensor of several blocks whole', async () => {
    // 3 × 1,100 × 512 float16 numbers: 1.1 MB per part of 3.4 MB, and 3.4 MB as a whole.
    const bytes = new Uint8Array(3 * 1100 * 512 * 2).map((_, i) => (i * 31) % 251);
    const file = await write([
      { name: 'encoder/layer_0/self_attention/linear_0/weight', shape: [3300, 512], type: 4, bytes },
      { name: 'decoder/embeddings/weight', shape: [3300, 512], type: 4, bytes },
    ]);
    const third = bytes.length / 3;
    const keys = await tensor(file, 'model.encoder.layers.0.self_attn.k_proj.weight', [1100, 512]);
    assert.ok(Buffer.from(keys).equals(bytes.subarray(third, 2 * third)));
    const all = await tensor(file, 'model.decoder.embed_tokens.weight', [3300, 512]);
    assert.ok(Buffer.from(all).equals(bytes));
  });

  it('know aliases for what is stored once', async () => {
    const file = await write(VARIABLES, { aliases: [['decoder/layer_norm/gamma', 'encoder/layer_norm/gamma']] });
    assert.deepEqual(await tensor(file, 'model.decoder.layer_norm.weight', [2]), halves(400, 2));
    const lost = await write(VARIABLES, { aliases: [['decoder/layer_norm/gamma', 'encoder/nothing']] });
    await assert.rejects(variablesOf(lost), /decoder\/layer_norm\/gamma stands for encoder\/nothing/);
  });

  it('are refused where they are cut off, wherever that is', async () => {
    const whole = ct2Sample(VARIABLES, { aliases: [['alias', 'decoder/pre_norm']] });
    const file = path.join(folder(), 'cut.bin');
    await fs.writeFile(file, whole);
    const handle = await fs.open(file, 'r+');
    try {
      assert.equal((await readCt2Variables(handle)).size, VARIABLES.length + 1);
      for (let length = whole.length - 1; length >= 0; length--) {
        await handle.truncate(length);
        await assert.rejects(readCt2Variables(handle), /it is cut off/, `of ${length} bytes`);
      }
    } finally {
      await handle.close();
    }
  });

  it('are refused where they are something else', async () => {
    await assert.rejects(variablesOf(await write(VARIABLES, { version: 5 })), /no CTranslate2 model in version 6/);
    await assert.rejects(
      variablesOf(await write(VARIABLES, { spec: 'TransformerSpec' })),
      /a TransformerSpec, no Whis/,
    );
    await assert.rejects(variablesOf(await write(VARIABLES, { behind: halves(0, 1) })), /behind its end/);
    const unknown = { name: 'new', shape: [1], type: 6, bytes: halves(0, 1) };
    await assert.rejects(variablesOf(await write([unknown])), /new is of type 6/);
    const wrongSize = { name: 'short', shape: [2], type: 4, bytes: halves(0, 1) };
    await assert.rejects(variablesOf(await write([wrongSize])), /short has another size/);
  });

  it('say which tensor is missing, has another shape, or is no float16', async () => {
    const bytes = new Uint8Array(8);
    const file = await write([...VARIABLES, { name: 'encoder/layer_norm/beta', shape: [2], type: 0, bytes }]);
    await assert.rejects(tensor(file, 'model.encoder.conv1.weight', [2]), /no tensor model.encoder.conv1.weight/);
    await assert.rejects(tensor(file, 'proj_out.weight', [2]), /no tensor proj_out.weight/);
    await assert.rejects(tensor(file, 'model.encoder.layer_norm.weight', [3]), /is \[2\], not \[3\]/);
    await assert.rejects(tensor(file, 'model.encoder.layer_norm.bias', [2]), /layer_norm.bias is not float16/);
  });
});

describe('ct2Place', () => {
  it('knows where each kind of layer lies', () => {
    const variableOf = (name: string): string | undefined => ct2Place(name)?.variable;
    assert.equal(variableOf('model.encoder.conv2.bias'), 'encoder/conv2/bias');
    assert.equal(variableOf('model.decoder.embed_positions.weight'), 'decoder/position_encodings/encodings');
    assert.equal(variableOf('model.decoder.layer_norm.bias'), 'decoder/layer_norm/beta');
    assert.equal(
      variableOf('model.decoder.layers.11.final_layer_norm.weight'),
      'decoder/layer_11/ffn/layer_norm/gamma',
    );
    assert.equal(
      variableOf('model.decoder.layers.0.encoder_attn_layer_norm.bias'),
      'decoder/layer_0/attention/layer_norm/beta',
    );
    assert.equal(variableOf('model.encoder.layers.3.fc2.weight'), 'encoder/layer_3/ffn/linear_1/weight');
    assert.equal(
      variableOf('model.decoder.layers.3.encoder_attn.out_proj.bias'),
      'decoder/layer_3/attention/linear_2/bias',
    );
    assert.equal(variableOf('model.decoder.layers.3.strange.weight'), undefined);
  });
});

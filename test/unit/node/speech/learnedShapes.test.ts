import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { RequestShape } from '../../../../src/core/endpoints/requestShape';
import { LearnedShapes } from '../../../../src/node/speech/learnedShapes';
import { temporaryFolder } from '../temporaryFolder';

const DAY_MS = 24 * 60 * 60_000;
const BASE = 'http://127.0.0.1:8000/v1';
const JSON_ONLY: RequestShape = { dialect: 'openai', format: 'json', prompt: 'whole', upload: 'flac' };
const SEGMENTS: RequestShape = { dialect: 'openai', format: 'segments', prompt: 'half', upload: 'flac' };

describe('LearnedShapes', () => {
  const folder = temporaryFolder();
  const file = (): string => path.join(folder(), 'new', 'servers.json');
  let nowMs: number;
  const shapes = (at = file()): LearnedShapes => new LearnedShapes(at, () => nowMs);

  beforeEach(() => {
    nowMs = Date.UTC(2026, 10, 23);
  });

  async function known(by: LearnedShapes, model: string, baseUrl = BASE): Promise<string | undefined> {
    const { dialect, format } = await by.get(baseUrl, model);
    return dialect && format && `${dialect} ${format}`;
  }

  it('knows what audio is sent as, and nothing of that from a file of an older version', async () => {
    const wav: RequestShape = { ...JSON_ONLY, upload: 'wav' };
    await shapes().set(BASE, 'a', wav);
    assert.deepEqual(await shapes().get(BASE, 'a'), { dialect: 'openai', format: 'json', upload: 'wav' });
    await put(JSON.stringify({ [`${BASE} b`]: { dialect: 'openai', format: 'json', atMs: nowMs } }));
    assert.deepEqual(await shapes().get(BASE, 'b'), { dialect: 'openai', format: 'json' });
  });

  async function put(text: string): Promise<void> {
    await fs.mkdir(path.dirname(file()), { recursive: true });
    await fs.writeFile(file(), text);
  }

  it('knows by base address and model, in the next window too', async () => {
    const first = shapes();
    assert.equal(await known(first, 'a'), undefined);
    await first.set(BASE, 'a', JSON_ONLY);
    await first.set(BASE, 'b', { dialect: 'whisperCpp', format: 'words', prompt: 'whole', upload: 'flac' });
    for (const window of [first, shapes()]) {
      assert.equal(await known(window, 'a'), 'openai json');
      assert.equal(await known(window, 'b'), 'whisperCpp words');
      assert.equal(await known(window, 'c'), undefined);
      assert.equal(await known(window, 'a', 'http://127.0.0.1:8001/v1'), undefined);
    }
    assert.deepEqual(await fs.readdir(path.dirname(file())), ['servers.json']);
  });

  it('forgets after thirty days, since servers are brought up to date', async () => {
    await shapes().set(BASE, 'a', JSON_ONLY);
    const later = shapes();
    nowMs += 30 * DAY_MS - 1;
    assert.equal(await known(later, 'a'), 'openai json');
    nowMs += 1;
    assert.equal(await known(later, 'a'), undefined);
    assert.equal(await known(shapes(), 'a'), undefined);
  });

  for (const [name, text] of Object.entries({
    'no JSON': '{"http',
    null: 'null',
    'a list': '[1, 2]',
    'a number': '7',
    'other entries': JSON.stringify({
      [`${BASE} a`]: { dialect: 'klingon', format: 'json', atMs: 9e15 },
      [`${BASE} b`]: { dialect: 'openai', format: 'srt', atMs: 9e15 },
      [`${BASE} c`]: { dialect: 'whisperCpp', format: 'segments', atMs: 9e15 },
      [`${BASE} d`]: { dialect: 'openai', format: 'json', atMs: '9e15' },
      [`${BASE} e`]: null,
      [`${BASE} f`]: { dialect: 'openai', format: 'json', upload: 'mp3', atMs: 9e15 },
      [`${BASE} g`]: { dialect: 'embedded', format: 'json', upload: 'flac', atMs: 9e15 },
    }),
  })) {
    it(`knows nothing from a file with ${name}, and writes it anew`, async () => {
      await put(text);
      const read = shapes();
      for (const model of 'abcdefg') assert.equal(await known(read, model), undefined, model);
      await read.set(BASE, 'a', JSON_ONLY);
      assert.equal(await known(shapes(), 'a'), 'openai json');
    });
  }

  it('keeps the sound entries beside a broken one', async () => {
    const sound = { dialect: 'openai', format: 'json', atMs: nowMs };
    await put(JSON.stringify({ [`${BASE} a`]: sound, [`${BASE} b`]: { ...sound, format: 7 } }));
    assert.equal(await known(shapes(), 'a'), 'openai json');
    assert.equal(await known(shapes(), 'b'), undefined);
  });

  it('keeps what two windows learned, the newer of the same', async () => {
    const [one, other] = [shapes(), shapes()];
    for (const window of [one, other]) assert.equal(await known(window, 'a'), undefined);
    await one.set(BASE, 'a', JSON_ONLY);
    await one.set(BASE, 'same', JSON_ONLY);
    nowMs += 1;
    await other.set(BASE, 'same', SEGMENTS);
    await other.set(BASE, 'b', JSON_ONLY);
    nowMs += 1;
    await one.set(BASE, 'c', JSON_ONLY);
    for (const window of [one, shapes()]) {
      for (const model of 'abc') assert.equal(await known(window, model), 'openai json', model);
      assert.equal(await known(window, 'same'), 'openai segments');
    }
  });

  it('loses nothing where much is learned at once', async () => {
    const models = Array.from({ length: 30 }, (_, i) => `model-${i}`);
    const one = shapes();
    await Promise.all(models.map((model) => one.set(BASE, model, JSON_ONLY)));
    const next = shapes();
    for (const model of models) assert.equal(await known(next, model), 'openai json', model);
    assert.deepEqual(await fs.readdir(path.dirname(file())), ['servers.json']);
  });

  it('still knows in this window where the folder cannot be written', async () => {
    // A file where the folder should be stops every user, the administrator too.
    const blocked = path.join(folder(), 'file');
    await fs.writeFile(blocked, '');
    const one = shapes(path.join(blocked, 'servers.json'));
    await one.set(BASE, 'a', JSON_ONLY);
    assert.equal(await known(one, 'a'), 'openai json');
    assert.equal(await known(shapes(path.join(blocked, 'servers.json')), 'a'), undefined);
  });
});

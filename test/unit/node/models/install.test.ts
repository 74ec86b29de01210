import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import { problemWith } from '../problems';
import { NEVER } from '../../../../src/core/async/never';
import { hubs, install, installed } from './engineModels';
import { writeModelFolder } from './modelFolder';

const NAME = 'openai/whisper-base';

describe('HubEngineModels: an installation', () => {
  const folder = temporaryFolder();
  const { hub, models } = hubs();
  const store = (): string => path.join(folder(), 'models');
  const source = (): string => path.join(folder(), 'source');

  it('is offered with what it takes, and ends in a model that is listed', async () => {
    const server = await hub({
      models: { [NAME]: await writeModelFolder(source()) },
      licenses: { [NAME]: 'apache-2.0' },
    });
    const one = models(server.url, store());
    const offer = await one.inspect(NAME, NEVER);
    assert.equal(offer.license, 'apache-2.0');
    assert.equal(offer.host, new URL(server.url).host);
    assert.equal(offer.pageUrl, `${server.url}/${NAME}`);
    assert.equal(offer.remainingBytes, offer.downloadBytes);
    assert.equal(offer.neededBytes, offer.downloadBytes + offer.installedBytes);
    assert.ok(offer.downloadBytes > 300_000 && offer.downloadBytes < 301_000);
    assert.ok(offer.freeBytes > 0);

    const { model, events } = await install(one, NAME);
    assert.deepEqual(model, {
      name: NAME,
      folder: path.join(store(), 'openai--whisper-base'),
      commit: offer.commit,
      license: 'apache-2.0',
      installedBytes: 5,
      parameterCount: 7,
      languages: ['de', 'en'],
      canTranslate: true,
      speed: { realTimeFactor: 0.25, measuredMs: model.speed?.measuredMs },
    });
    assert.deepEqual(await one.installed(), [model]);
    assert.deepEqual(
      [...new Set(events.map(({ kind }) => kind))],
      ['downloading', 'preparing', 'measuring', 'installed'],
    );
    const downloads = events.filter((event) => event.kind === 'downloading');
    assert.deepEqual(downloads.at(-1), {
      kind: 'downloading',
      doneBytes: offer.downloadBytes,
      totalBytes: offer.downloadBytes,
    });
    assert.deepEqual(JSON.parse(await fs.readFile(path.join(model.folder, 'seen.json'), 'utf8')), [
      '.download.json',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'preprocessor_config.json',
      'tokenizer.json',
    ]);
    // The large files are gone, and nothing else is left of the work.
    assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
    assert.ok(!(await fs.readdir(model.folder)).some((name) => /^model\.json./.test(name)));
  });

  it('ends in a model without a speed where the self-test is stopped or fails', async () => {
    await writeModelFolder(source());
    const stop = new AbortController();
    const measureSpeed = (_model: unknown, signal: AbortSignal): Promise<number> => {
      stop.abort();
      return Promise.reject(signal.reason as Error);
    };
    const one = models('', store(), { measureSpeed });
    const { model } = await installed(one.addFromFolder(source(), stop.signal));
    assert.equal(model.speed, undefined);
    assert.deepEqual(await one.installed(), [model]);
    const failing = models('', store(), { measureSpeed: () => Promise.reject(new Error('no engine')) });
    assert.equal((await installed(failing.addFromFolder(source(), NEVER))).model.speed, undefined);
  });

  it('loses what was downloaded of it, and nothing else, where only that is removed', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    const one = models(server.url, store());
    const { model } = await install(one, NAME);
    server.faults.cut = { file: 'model.safetensors', afterBytes: 0, times: 99 };
    await problemWith('downloadBroken', install(one, NAME));
    assert.equal((await one.unfinished()).length, 1);
    await one.removeDownload(NAME);
    assert.deepEqual(await one.unfinished(), []);
    assert.deepEqual(await one.installed(), [model]);
    assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
    await one.remove(NAME);
    assert.deepEqual(await one.installed(), []);
  });

  it('writes no speed where the model was removed while it was measured', async () => {
    await writeModelFolder(source());
    const setUp = models('', store());
    const { model } = await installed(setUp.addFromFolder(source(), NEVER));
    const measureSpeed = async (): Promise<number> => {
      await setUp.remove(model.name);
      return 0.5;
    };
    await problemWith('modelNotInstalled', models('', store(), { measureSpeed }).measure(model.name, NEVER));
    await assert.rejects(fs.stat(model.folder));
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { NEVER } from '../../../../src/core/async/never';
import { projectRoot } from '../../../speech';
import { assertAborts, problemWith } from '../problems';
import { smallFileSystem } from '../recordings/smallFileSystem';
import { temporaryFolder } from '../temporaryFolder';
import { hubs, install, installed } from './engineModels';
import { writeModelFolder } from './modelFolder';

const NAME = 'openai/whisper-base';
const WEIGHTS = 'model.safetensors';

describe('HubEngineModels: when something goes wrong', () => {
  const folder = temporaryFolder();
  const small = smallFileSystem();
  const { hub, models } = hubs();
  const store = (): string => path.join(folder(), 'models');
  const source = (): string => path.join(folder(), 'source');
  const noneIn = async (where: string): Promise<void> => {
    assert.deepEqual(
      (await fs.readdir(where).catch(() => [])).filter((name) => !name.startsWith('.')),
      [],
    );
  };

  it('continues where the connection broke, with the rest only', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    server.faults.cut = { file: WEIGHTS, afterBytes: 100_000, times: 2 };
    await install(models(server.url, store()), NAME);
    const ranges = server.requests.filter((seen) => seen.server === 'other').map(({ headers }) => headers.range);
    assert.deepEqual(ranges, [undefined, 'bytes=100000-', 'bytes=200000-']);
  });

  it('keeps what arrived when it is stopped, and goes on from there in another run', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    const one = models(server.url, store());
    const offer = await one.inspect(NAME, NEVER);
    server.faults.bytesPerS = 1_000_000;
    const stop = new AbortController();
    const broken = (async () => {
      for await (const event of one.install(offer, stop.signal)) {
        if (event.kind === 'downloading' && event.doneBytes > 50_000) stop.abort();
      }
    })();
    await assertAborts(broken);
    const [left] = await one.unfinished();
    assert.ok(left);
    assert.deepEqual([left.name, left.totalBytes], [NAME, offer.downloadBytes]);
    const again = await models(server.url, store()).inspect(NAME, NEVER);
    assert.equal(again.remainingBytes, offer.downloadBytes - left.doneBytes);
    await noneIn(store());
    await install(models(server.url, store()), NAME);
    assert.deepEqual(await one.unfinished(), []);
  });

  it('begins anew with a server that knows no ranges', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    Object.assign(server.faults, { ignoresRanges: true, cut: { file: WEIGHTS, afterBytes: 100_000, times: 1 } });
    await install(models(server.url, store()), NAME);
  });

  for (const fault of ['wrongContentRange', 'refusesRanges'] as const) {
    it(`begins anew where the server answers a range badly (${fault})`, async () => {
      const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
      Object.assign(server.faults, { [fault]: true, cut: { file: WEIGHTS, afterBytes: 100_000, times: 1 } });
      await install(models(server.url, store()), NAME);
    });
  }

  for (const fault of ['wrongByte', 'wrongHash', 'tooLong'] as const) {
    for (const file of [WEIGHTS, 'tokenizer.json']) {
      it(`deletes ${file} where it is not what was announced (${fault}), and never uses it`, async () => {
        const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
        server.faults[fault] = file;
        const one = models(server.url, store());
        const problem = await problemWith('downloadCorrupt', install(one, NAME));
        assert.equal(problem.file, file);
        await noneIn(store());
        assert.deepEqual(await one.installed(), []);
        Object.assign(server.faults, { [fault]: undefined });
        await install(models(server.url, store()), NAME);
      });
    }
  }

  it('tells a break that lasts, and that the other host’s address expired only after new ones', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    server.faults.refuse = { path: '/blob', status: 403, times: 2 };
    await install(models(server.url, store()), NAME);
    server.faults.cut = { file: WEIGHTS, afterBytes: 0, times: 99 };
    const other = path.join(folder(), 'other');
    assert.equal((await problemWith('downloadBroken', install(models(server.url, other), NAME))).file, WEIGHTS);
  });

  it('waits out a busy hub, and gives up at one that fails', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    server.faults.refuse = { path: '/api/', status: 429, times: 2, headers: { 'retry-after': '1' } };
    await models(server.url, store()).inspect(NAME, NEVER);
    server.faults.refuse = { path: '/api/', status: 500, times: 99 };
    const problem = await problemWith('hubFailed', models(server.url, store()).inspect(NAME, NEVER));
    assert.deepEqual([problem.status, problem.reason], [500, 'it is 500']);
  });

  for (const status of [401, 403, 404]) {
    it(`tells a model that the hub does not show (${status})`, async () => {
      const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
      server.faults.refuse = { path: '/resolve/', status, times: 99 };
      await problemWith('modelUnknown', models(server.url, store()).inspect(NAME, NEVER));
      server.faults.refuse.times = 0;
      await problemWith('modelUnknown', models(server.url, store()).inspect('nobody/nothing', NEVER));
    });
  }

  it('names the files that a repository lacks, before anything large is fetched', async () => {
    const without = ['tokenizer.json', WEIGHTS];
    const server = await hub({ models: { [NAME]: await writeModelFolder(source(), { without }) } });
    const problem = await problemWith('modelIncomplete', models(server.url, store()).inspect(NAME, NEVER));
    assert.deepEqual(problem.missing, without);
    assert.ok(server.requests.every((seen) => seen.server === 'hub'));
  });

  it('tells a model that is no Whisper, from its small file', async () => {
    const config = { model_type: 'wav2vec2' };
    const server = await hub({ models: { [NAME]: await writeModelFolder(source(), { config }) } });
    const problem = await problemWith('modelNotWhisper', models(server.url, store()).inspect(NAME, NEVER));
    assert.match(problem.reason, /wav2vec2/);
  });

  it('fetches weights that are divided, from a list in pages', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source(), { shards: 3 }) } });
    server.faults.pageSize = 2;
    const { model } = await install(models(server.url, store()), NAME);
    const seen = JSON.parse(await fs.readFile(path.join(model.folder, 'seen.json'), 'utf8')) as string[];
    assert.equal(seen.filter((name) => name.endsWith('.safetensors')).length, 3);
    server.faults.missing = ['model-00002-of-00003.safetensors'];
    const problem = await problemWith('modelIncomplete', models(server.url, store()).inspect(NAME, NEVER));
    assert.deepEqual(problem.missing, server.faults.missing);
  });

  it('tells a hub that cannot be reached, and one whose name is unknown', async () => {
    const server = await hub({ models: {} });
    await server.close();
    const refused = await problemWith('hubUnreachable', models(server.url, store()).inspect(NAME, NEVER));
    assert.equal(refused.reason, 'ECONNREFUSED');
    await problemWith('hubUnreachable', models('https://hub.invalid', store()).inspect(NAME, NEVER));
  });

  it('does not follow a redirect to another machine over plain http', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    server.faults.redirectTo = 'http://192.0.2.1';
    const problem = await problemWith('hubFailed', install(models(server.url, store()), NAME));
    assert.match(problem.reason, /192\.0\.2\.1/);
  });

  it('never sends anything that could tell who asks', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    await install(models(server.url, store()), NAME);
    assert.ok(server.requests.length > 5);
    for (const { headers } of server.requests) {
      assert.deepEqual(
        [headers.authorization, headers.cookie, headers['x-api-key']],
        [undefined, undefined, undefined],
      );
    }
  });

  it('forgets the parts of another commit', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    const one = models(server.url, store());
    server.faults.cut = { file: WEIGHTS, afterBytes: 0, times: 99 };
    await problemWith('downloadBroken', install(one, NAME));
    server.faults.commit = 'a'.repeat(40);
    const offer = await one.inspect(NAME, NEVER);
    assert.equal(offer.remainingBytes, offer.downloadBytes);
    await problemWith('downloadBroken', install(one, NAME));
    const workshop = path.join(store(), '.downloads', 'openai--whisper-base');
    assert.deepEqual(await fs.readdir(workshop), [offer.commit]);
  });

  it('names a folder of models that cannot be written to, before it fetches', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    const file = path.join(folder(), 'file');
    await fs.writeFile(file, '');
    const where = path.join(file, 'models');
    const one = models(server.url, where);
    const problem = await problemWith('modelsFolderUnusable', one.inspect(NAME, NEVER));
    assert.deepEqual([problem.path, problem.reason], [where, 'ENOTDIR']);
    const offer = await models(server.url, store()).inspect(NAME, NEVER);
    await problemWith('modelsFolderUnusable', installed(one.install(offer, NEVER)));
    await problemWith('modelsFolderUnusable', installed(one.addFromFolder(source(), NEVER)));
  });

  it('says how much room is needed before it fetches', async function () {
    const disk = await small(this, 1);
    const server = await hub({ models: { [NAME]: await writeModelFolder(source(), { weightsBytes: 5_000_000 }) } });
    const problem = await problemWith('modelTooLargeForDisk', install(models(server.url, disk), NAME));
    assert.ok(problem.freeBytes <= 1024 * 1024 && problem.neededBytes > 5_000_000);
  });

  it('tells a disk that fills up meanwhile, and keeps what fitted', async function () {
    const disk = await small(this, 12);
    const server = await hub({ models: { [NAME]: await writeModelFolder(source(), { weightsBytes: 8_000_000 }) } });
    const one = models(server.url, disk);
    const offer = await one.inspect(NAME, NEVER);
    assert.ok(offer.neededBytes < offer.freeBytes);
    server.faults.bytesPerS = 20_000_000;
    const run = problemWith('diskFull', installed(one.install(offer, NEVER)));
    await timer(50);
    await fs.writeFile(path.join(disk, 'other'), Buffer.alloc(8_000_000)).catch(() => undefined);
    await run;
    await fs.rm(path.join(disk, 'other'));
    await install(one, NAME);
  });

  it('goes on where a killed process was, and is not kept out by its lock', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source(), { weightsBytes: 2_000_000 }) } });
    server.faults.bytesPerS = 1_000_000;
    const program = [
      `const { openEngineModels } = require(${JSON.stringify(path.join(projectRoot(), 'dist', 'openEngineModels.js'))});`,
      `const [hub, folder] = process.argv.slice(1);`,
      `const never = new AbortController().signal;`,
      `const models = openEngineModels({ extensionFolder: '', modelsFolder: () => folder, hub: () => hub, version: '0',`,
      `  editorProxy: () => ({ address: '', isOff: true }), log: { write() {} } });`,
      `(async () => { const offer = await models.inspect(${JSON.stringify(NAME)}, never);`,
      `  for await (const event of models.install(offer, never)) if (event.doneBytes > 500000) console.log('far'); })();`,
    ].join('\n');
    const child = spawn(process.execPath, ['-e', program, server.url, store()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const one = models(server.url, store());
    const [left] = await one.unfinished();
    assert.ok(left && left.doneBytes > 500_000);
    delete server.faults.bytesPerS;
    const sentBytes = server.sentBytes();
    await install(one, NAME);
    assert.ok(server.sentBytes() - sentBytes < 1_600_000, 'it fetched the rest only');
    assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
  });

  it('lets one window at a time work on a model', async () => {
    const server = await hub({ models: { [NAME]: await writeModelFolder(source()) } });
    server.faults.bytesPerS = 1_000_000;
    const [one, two] = [models(server.url, store()), models(server.url, store())];
    const run = install(one, NAME);
    const offer = await two.inspect(NAME, NEVER);
    while (!server.requests.some((seen) => seen.server === 'other')) await timer(5);
    await problemWith('modelBusy', installed(two.install(offer, NEVER)));
    await problemWith('modelBusy', two.remove(NAME));
    await run;
  });

  for (const [what, fake, code] of [
    ['dies', { dies: true }, 'modelPreparationFailed'],
    ['names missing files', { says: { kind: 'failed', reason: 'x', missing: ['a'] } }, 'modelIncomplete'],
    ['finds no Whisper', { says: { kind: 'failed', reason: 'x', notWhisper: 'it has no tensor' } }, 'modelNotWhisper'],
    ['finds the disk full', { says: { kind: 'failed', reason: 'ENOSPC: no space left' } }, 'diskFull'],
  ] as const) {
    it(`leaves no half model where the engine ${what}`, async () => {
      const one = models('', store());
      await writeModelFolder(source(), { config: { fake } });
      await problemWith(code, installed(one.addFromFolder(source(), NEVER)));
      await noneIn(store());
      assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
    });
  }

  it('ends the engine at once when it is stopped while preparing', async () => {
    const one = models('', store());
    await writeModelFolder(source(), { config: { fake: { hangs: true } } });
    const stop = new AbortController();
    const run = (async () => {
      for await (const event of one.addFromFolder(source(), stop.signal)) if (event.kind === 'preparing') stop.abort();
    })();
    await assertAborts(run);
    assert.deepEqual(await fs.readdir(path.join(store(), '.downloads')), []);
  });

  it('lists nothing but finished models, whatever else lies there', async () => {
    await fs.mkdir(path.join(store(), 'a--b'), { recursive: true });
    await fs.writeFile(path.join(store(), 'a--b', 'model.json'), '{"half');
    await fs.writeFile(path.join(store(), 'file'), 'x');
    await fs.mkdir(path.join(store(), '.downloads', 'c--d', 'made'), { recursive: true });
    assert.deepEqual(await models('', store()).installed(), []);
    await assert.rejects(fs.stat(path.join(store(), '.downloads', 'c--d', 'made')));
  });
});

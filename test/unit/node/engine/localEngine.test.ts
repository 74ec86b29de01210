import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import { findEngineFiles, type EngineFiles, type WhisperParts } from '../../../../src/node/engine/engineFiles';
import { LocalEngine, type EngineLease, type LocalEngineOptions } from '../../../../src/node/engine/localEngine';
import { until } from '../../../host/until';
import { preparedModel } from '../../../preparedModel';
import { projectRoot, skipWithReason } from '../../../speech';
import { isRunning, untilEnded } from '../processes';
import { assertAborts, problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';

/** Real engine processes with the real library and a real model. */
describe('LocalEngine', () => {
  const folder = temporaryFolder();
  const engines: LocalEngine[] = [];
  let model: InstalledModel;

  before(async function () {
    const found = await preparedModel();
    if ('absent' in found) skipWithReason(this, found.absent);
    model = found;
  });

  /** The engine's, with changes. */
  function files(changes: Partial<WhisperParts> = {}): EngineFiles {
    const { programFile, recogniser } = findEngineFiles(projectRoot(), { model });
    return { programFile, recogniser: { ...recogniser, ...changes } };
  }

  afterEach(async () => {
    for (const engine of engines.splice(0)) {
      const id = engine.processId;
      engine.dispose();
      if (id !== undefined) await untilEnded(id);
    }
  });

  function engine(options: LocalEngineOptions = {}): LocalEngine {
    const made = new LocalEngine(options);
    engines.push(made);
    return made;
  }

  function idOf(from: LocalEngine): number {
    assert.ok(from.processId !== undefined, 'it runs');
    return from.processId;
  }

  async function models({ baseUrl, token }: EngineLease): Promise<unknown> {
    const response = await fetch(`${baseUrl}/models`, { headers: { authorization: `Bearer ${token}` } });
    return response.json();
  }

  it('starts one process for two who ask at once, which answers on loopback', async () => {
    const local = engine();
    const [first, second] = await Promise.all([local.lease(files(), NEVER), local.lease(files(), NEVER)]);
    assert.deepEqual([second.baseUrl, second.token, second.model], [first.baseUrl, first.token, first.model]);
    assert.equal(new URL(first.baseUrl).hostname, '127.0.0.1');
    // The date of a model is that of its weights: the same from start to start.
    const { mtimeMs } = await fs.stat(path.join(model.folder, 'decoder.weights'));
    const created = Math.floor(mtimeMs / 1000);
    assert.deepEqual(await models(first), {
      object: 'list',
      data: [{ id: first.model, object: 'model', created, owned_by: 'local' }],
    });
    assert.equal((await fetch(`${first.baseUrl}/models`)).status, 401);
    const id = idOf(local);
    await local.lease(files(), NEVER);
    assert.equal(idOf(local), id);
  });

  it('ends when it was idle long enough, and not while somebody has a lease', async () => {
    const local = engine({ idleMs: 50 });
    const [first, second] = [await local.lease(files(), NEVER), await local.lease(files(), NEVER)];
    const id = idOf(local);
    first.release();
    // Giving back twice counts once.
    first.release();
    assert.ok(await models(second));
    // Several times the idle time: it must still be there.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(isRunning(id));
    assert.ok(await models(second));
    second.release();
    await untilEnded(id);
    assert.equal(local.processId, undefined);
  });

  it('stays up for who asks again within the idle time', async () => {
    const local = engine({ idleMs: 60_000 });
    const first = await local.lease(files(), NEVER);
    const id = idOf(local);
    first.release();
    const second = await local.lease(files(), NEVER);
    assert.deepEqual([idOf(local), second.baseUrl], [id, first.baseUrl]);
  });

  it('is started anew after it was killed', async () => {
    const local = engine();
    const first = await local.lease(files(), NEVER);
    const id = idOf(local);
    process.kill(id, 'SIGKILL');
    await until(() => local.processId !== id, { what: 'the death is noticed', timeoutMs: 30_000, intervalMs: 10 });
    const second = await local.lease(files(), NEVER);
    assert.notEqual(idOf(local), id);
    assert.notEqual(second.token, first.token);
    assert.ok(await models(second));
    // Belongs to the dead process and must not end the living one.
    first.release();
    assert.ok(await models(second));
  });

  it('is started anew after it ended for idleness', async () => {
    const local = engine({ idleMs: 1 });
    const first = await local.lease(files(), NEVER);
    const id = idOf(local);
    first.release();
    await untilEnded(id);
    assert.ok(await models(await local.lease(files(), NEVER)));
  });

  it('ends when disposed, with a lease out or not', async () => {
    const local = engine();
    await local.lease(files(), NEVER);
    const id = idOf(local);
    local.dispose();
    assert.equal(local.processId, undefined);
    await untilEnded(id);
    local.dispose();
  });

  it('ends when disposed while it starts', async () => {
    const local = engine();
    const starting = local.lease(files(), NEVER);
    const id = idOf(local);
    local.dispose();
    await problemWith('engineFailed', starting);
    await untilEnded(id);
  });

  it('starts another for other files and ends the first when nobody asks it any more', async () => {
    const local = engine();
    const first = await local.lease(files(), NEVER);
    const id = idOf(local);
    const second = await local.lease(files({ modelName: 'renamed' }), NEVER);
    assert.deepEqual([first.model, second.model], [files().recogniser.modelName, 'renamed']);
    assert.ok(await models(first), 'who has the first may go on asking it');
    first.release();
    await untilEnded(id);
    assert.ok(await models(second));
  });

  it('lets one leave while it starts, and starts on for the other', async () => {
    const local = engine();
    const stop = new AbortController();
    const [leaving, staying] = [local.lease(files(), stop.signal), local.lease(files(), NEVER)];
    stop.abort();
    await assertAborts(leaving);
    assert.ok(await models(await staying));
    await assertAborts(local.lease(files(), AbortSignal.abort()));
  });

  it('ends when its parent is killed', async () => {
    const { programFile, recogniser } = files();
    const start = JSON.stringify({ kind: 'serve', token: 'secret', recogniser });
    const script = `
      const engine = require('node:child_process').spawn(process.execPath, [${JSON.stringify(programFile)}], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      engine.stdin.write(${JSON.stringify(start)} + '\\n');
      engine.stdout.once('data', () => console.log(engine.pid));`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
    const id = Number(said);
    assert.ok(isRunning(id));
    parent.kill('SIGKILL');
    await untilEnded(id);
  });

  it('does not take over the options that this process’s Node was given', async () => {
    const [marker, required] = [path.join(folder(), 'marker'), path.join(folder(), 'required.cjs')];
    await fs.writeFile(required, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`);
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = `--require "${required.replaceAll('\\', '\\\\')}"`;
    try {
      assert.ok(await models(await engine().lease(files(), NEVER)));
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
    await assert.rejects(fs.access(marker), 'the option was not taken over');
  });

  describe('tells why it does not start', () => {
    const put = async (name: string, content: string): Promise<string> => {
      const file = path.join(folder(), name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
      return file;
    };

    async function reasonFor(changes: Partial<WhisperParts & { readonly programFile: string }>): Promise<string> {
      const local = engine();
      const { programFile = files().programFile, ...parts } = changes;
      const work = local.lease({ ...files(parts), programFile }, NEVER);
      const id = local.processId;
      const { reason } = await problemWith('engineFailed', work);
      assert.equal(local.processId, undefined);
      if (id !== undefined) await untilEnded(id);
      return reason;
    }

    it('with a model folder that is gone', async () => {
      assert.match(await reasonFor({ modelFolder: path.join(folder(), 'gone') }), /ENOENT|gone/);
    });

    it('with a model that cannot be read', async () => {
      await fs.cp(model.folder, path.join(folder(), 'model'), { recursive: true });
      await put('model/encoder.onnx', 'no graph');
      assert.match(await reasonFor({ modelFolder: path.join(folder(), 'model') }), /encoder\.onnx/);
    });

    it('with a program that is gone', async () => {
      assert.match(await reasonFor({ programFile: path.join(folder(), 'gone.js') }), /gone\.js/);
    });

    it('with a program that throws: the error’s own words', async () => {
      const programFile = await put('main.js', `throw new TypeError('the cause of it');`);
      assert.match(await reasonFor({ programFile }), /the cause of it/);
    });

    it('with a program that ends without a word', async () => {
      assert.match(await reasonFor({ programFile: await put('main.js', 'process.exit(7);') }), /7/);
      assert.match(
        await reasonFor({ programFile: await put('main.js', `process.kill(process.pid, 'SIGKILL');`) }),
        /SIGKILL|1/,
      );
    });

    it('with a program that says something else', async () => {
      for (const said of ['Hello!', '17', 'null', '{"port":"x"}', '{"failed":"no luck"}']) {
        const programFile = await put('main.js', `console.log(${JSON.stringify(said)}); process.stdin.resume();`);
        assert.ok((await reasonFor({ programFile })).includes(said === '{"failed":"no luck"}' ? 'no luck' : said));
      }
    });

    it('and starts the next time, when the cause is gone', async () => {
      const local = engine();
      await problemWith('engineFailed', local.lease(files({ modelFolder: path.join(folder(), 'none') }), NEVER));
      assert.ok(await models(await local.lease(files(), NEVER)));
    });
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import { printModelFacts, type ModelFacts } from '../../../../src/core/models/installedFacts';
import { readBundledModel } from '../../../../src/node/models/bundledModel';
import type { HubEngineModels } from '../../../../src/node/models/hubEngineModels';
import { problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';
import { NEVER } from '../../../../src/core/async/never';
import { hubs, install } from './engineModels';
import { writeModelFolder } from './modelFolder';

const NAME = 'openai/whisper-base';
const FACTS: ModelFacts = {
  name: NAME,
  installedBytes: 76,
  parameterCount: 7,
  license: 'mit',
  languages: ['de', 'en'],
  canTranslate: true,
};

describe('The model that comes with Minutes', () => {
  const folder = temporaryFolder();
  const { hub, models } = hubs();
  const extension = (): string => path.join(folder(), 'extension');
  const packaged = (): string => path.join(extension(), 'dist', 'engine', 'model');
  const developed = (): string => path.join(extension(), 'build', 'model', 'whisper-base');
  const store = (): string => path.join(folder(), 'models');

  async function put(where: string, text = printModelFacts(FACTS)): Promise<void> {
    await fs.mkdir(where, { recursive: true });
    await fs.writeFile(path.join(where, 'model.json'), text);
  }

  const bundled = (more: Partial<InstalledModel> = {}): InstalledModel => ({
    ...FACTS,
    folder: packaged(),
    isBundled: true,
    ...more,
  });

  function open(hubUrl = '', measureSpeed = (): Promise<number> => Promise.resolve(0.25)): HubEngineModels {
    return models(hubUrl, store(), { bundledModel: () => readBundledModel(extension()), measureSpeed });
  }

  /** Installs a copy of the same name from a hub. */
  async function withCopy(): Promise<HubEngineModels> {
    const server = await hub({ models: { [NAME]: await writeModelFolder(path.join(folder(), 'source')) } });
    const one = open(server.url);
    await install(one, NAME);
    return one;
  }

  it('is found in the package, and where the setup puts it while developing before what was packaged last', async () => {
    assert.equal(await readBundledModel(extension()), undefined);
    await put(packaged());
    assert.deepEqual(await readBundledModel(extension()), bundled());
    await put(developed());
    assert.deepEqual(await readBundledModel(extension()), bundled({ folder: developed() }));
  });

  it('is none where it was prepared for another version of the engine', async () => {
    await put(packaged(), printModelFacts(FACTS).replace(/"graphVersion": \d+/, '"graphVersion": 0'));
    assert.equal(await readBundledModel(extension()), undefined);
    assert.deepEqual(await open().installed(), []);
  });

  it('is listed among the installed ones, in the order of their names', async () => {
    await put(packaged());
    assert.deepEqual(await open().installed(), [bundled()]);
    for (const name of ['a/tiny', 'z/large']) {
      await put(path.join(store(), name.replace('/', '--')), printModelFacts({ ...FACTS, name }));
    }
    const listed = await open().installed();
    assert.deepEqual(
      listed.map(({ name, isBundled = false }) => [name, isBundled]),
      [['a/tiny', false], [NAME, true], ['z/large', false]], // prettier-ignore
    );
  });

  it('is measured, which is remembered outside of its folder', async () => {
    await put(packaged());
    const before = await fs.readFile(path.join(packaged(), 'model.json'), 'utf8');
    const measured = await open().measure(NAME, NEVER);
    assert.deepEqual(
      measured,
      bundled({ speed: { realTimeFactor: 0.25, measuredMs: measured.speed?.measuredMs ?? 0 } }),
    );
    assert.deepEqual(await open().installed(), [measured]);
    assert.deepEqual(await fs.readdir(packaged()), ['model.json']);
    assert.equal(await fs.readFile(path.join(packaged(), 'model.json'), 'utf8'), before);
    await open().measure(NAME, NEVER);
    assert.deepEqual(await fs.readdir(path.join(store(), '.bundled')), ['model.json']);
  });

  it('is measured anew after an update brought another', async () => {
    await put(packaged());
    await open().measure(NAME, NEVER);
    await put(packaged(), printModelFacts({ ...FACTS, installedBytes: 77 }));
    assert.deepEqual(await open().installed(), [bundled({ installedBytes: 77 })]);
  });

  it('has no speed written where it was replaced by an update that has none while it was measured', async () => {
    await put(packaged());
    const measureSpeed = async (): Promise<number> => {
      await fs.rm(packaged(), { recursive: true });
      return 0.5;
    };
    await problemWith('modelNotInstalled', open('', measureSpeed).measure(NAME, NEVER));
  });

  it('is listed once beside a copy, which can be removed and takes nothing else along', async () => {
    await put(packaged());
    const one = await withCopy();
    const [listed, ...others] = await one.installed();
    assert.deepEqual(others, []);
    assert.ok(listed?.speed, 'what was measured of the copy holds for it');
    assert.deepEqual(listed, bundled({ copyBytes: 5, speed: listed.speed }));

    await one.remove(NAME);
    assert.deepEqual(await one.installed(), [bundled()]);
    assert.deepEqual(await fs.readdir(store()), ['.downloads']);
    await one.remove(NAME);
    assert.deepEqual(await one.installed(), [bundled()]);
    assert.deepEqual(await fs.readdir(packaged()), ['model.json']);
  });

  it('leaves the copy in force where a package comes without it', async () => {
    await put(packaged());
    const one = await withCopy();
    await fs.rm(packaged(), { recursive: true });
    const [copy] = await one.installed();
    assert.deepEqual([copy?.name, copy?.folder], [NAME, path.join(store(), 'openai--whisper-base')]);
    assert.equal(copy?.isBundled, undefined);
  });

  it('is not looked for on the hub by an engine that is not there', async () => {
    const server = await hub({ models: {} });
    const engineProgram = (): string => {
      throw new Error('no engine');
    };
    await assert.rejects(models(server.url, store(), { engineProgram }).inspect(NAME, NEVER), /no engine/);
    assert.deepEqual(server.requests, []);
  });
});

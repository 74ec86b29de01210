import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { openEngineModels } from '../../../../src/node/models/openEngineModels';
import { modelFolder } from '../../../models';
import { projectRoot, skipWithReason } from '../../../speech';
import { KeptLog } from '../speech/asking';
import { temporaryFolder } from '../temporaryFolder';
import { NEVER } from '../../../../src/core/async/never';
import { hubs, install, installed } from './engineModels';

const NAME = 'openai/whisper-base';

describe('Whisper base from a hub, with the real engine', () => {
  const folder = temporaryFolder();
  const { hub } = hubs();
  let source: string;

  before(function () {
    const found = modelFolder('whisper-base');
    if ('absent' in found) skipWithReason(this, found.absent);
    source = found.folder;
  });

  const open = (url: string): ReturnType<typeof openEngineModels> =>
    openEngineModels({
      extensionFolder: projectRoot(),
      modelsFolder: () => path.join(folder(), 'models'),
      hub: () => url,
      version: '1.2.3',
      editorProxy: () => ({ address: '', isOff: true }),
      log: new KeptLog(),
    });

  it('is fetched, prepared and measured', async () => {
    const server = await hub({ models: { [NAME]: source } });
    const models = open(server.url);
    try {
      const { model } = await install(models, NAME);
      assert.equal(model.parameterCount, 72_593_920);
      assert.ok(model.canTranslate && model.languages.length === 99, String(model.languages));
      assert.ok(model.speed && model.speed.realTimeFactor > 0);
      const names = await fs.readdir(model.folder);
      for (const name of ['encoder.onnx', 'encoder.weights', 'decoder.onnx', 'decoder.weights', 'model.json']) {
        assert.ok(names.includes(name), name);
      }
      const offer = await models.inspect(NAME, NEVER);
      assert.ok(
        Math.abs(offer.installedBytes / model.installedBytes - 1) < 0.1,
        `${model.installedBytes} were said to be ${offer.installedBytes}`,
      );
      assert.ok(await models.measure(NAME, NEVER));
    } finally {
      await models.dispose();
    }
  });

  it('is added from its folder', async () => {
    const models = open('');
    try {
      const { model } = await installed(models.addFromFolder(source, NEVER));
      assert.equal(model.name, `local/${path.basename(source)}`);
      assert.ok(model.speed);
    } finally {
      await models.dispose();
    }
  });
});

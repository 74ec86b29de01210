import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import { openCt2File } from '../../../scripts/model/ct2File';
import { openHubFolder } from '../../../scripts/model/hubFolder';
import { BUNDLED_NAME, modelPlaces } from '../../../scripts/model/modelPlaces';
import { parseTensorList, type ExpectedTensor, type TensorReader } from '../../../scripts/model/tensorList';
import { writeWeights } from '../../../scripts/model/writeWeights';
import { modelFolder } from '../../models';
import { projectRoot, skipWithReason } from '../../speech';
import { temporaryFolder } from '../node/temporaryFolder';

describe('Whisper base’s own weights', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let tensors: readonly ExpectedTensor[];

  before(async () => {
    const file = path.join(modelPlaces(projectRoot()).committed, 'tensors.json');
    tensors = parseTensorList(await fs.readFile(file, 'utf8'));
  });

  /** Name, shape and sum of every tensor, as they are read. */
  async function listOf(reader: TensorReader): Promise<readonly ExpectedTensor[]> {
    const list: ExpectedTensor[] = [];
    for (const tensor of tensors) {
      const sum = createHash('sha256');
      for await (const block of reader.float16(tensor, NEVER)) sum.update(block);
      list.push({ name: tensor.name, shape: tensor.shape, sha256: sum.digest('hex') });
    }
    await reader.close();
    return list;
  }

  it('are listed in tensors.json, all 245 of them', async function () {
    const model = modelFolder(BUNDLED_NAME);
    if ('absent' in model) skipWithReason(this, model.absent);
    assert.equal(tensors.length, 245);
    assert.deepEqual(await listOf(await openHubFolder(model.folder)), tensors);
  });

  it('come out of CTranslate2’s file as they are listed', async function () {
    const file = process.env['MINUTES_CT2_MODEL'];
    if (file === undefined) skipWithReason(this, 'MINUTES_CT2_MODEL names no file of Whisper base for CTranslate2');
    const reader = await openCt2File(file);
    await writeWeights(tensors, reader, path.join(folder(), 'model.safetensors'), NEVER);
    await reader.close();
    assert.deepEqual(await listOf(await openHubFolder(folder())), tensors);
  });
});

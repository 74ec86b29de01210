import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import type { UnfinishedRecording } from '../../../../src/core/capture/recordings';
import { sidecarFile } from '../../../../src/node/recordings/sidecar';
import { wavOf } from '../wavFile';
import { DICTATION, FORMAT, MEETING, pcm, recordingStores } from './recordingStores';

describe('a recording that was cut off', () => {
  const { sidecars, store, create, abandoned, sidecarOf } = recordingStores();

  async function only(): Promise<UnfinishedRecording> {
    const [found, ...more] = await store().unfinished();
    assert.ok(found);
    assert.deepEqual(more, []);
    return found;
  }

  /** As if the process that has it were gone. */
  async function orphan(file: string): Promise<void> {
    const place = sidecarFile(sidecars(), file);
    const sidecar = JSON.parse(await fs.readFile(place, 'utf8')) as object;
    await fs.writeFile(place, JSON.stringify({ ...sidecar, processId: 2 ** 30 }));
  }

  it('tells when its process gave the last sign of life, also to the start after the next', async () => {
    const file = await abandoned(wavOf(pcm, FORMAT));
    const at = new Date(Date.now() - 7000);
    for (const touched of [file, sidecarFile(sidecars(), file)]) await fs.utimes(touched, at, at);
    assert.equal((await only()).cutOffMs, at.getTime());
    await orphan(file);
    assert.equal((await only()).cutOffMs, at.getTime());
  });

  it('tells when its window was closed', async () => {
    const beforeMs = Date.now();
    const writer = await create();
    await writer.append(pcm);
    await writer.finish(true);
    await orphan(writer.path);
    const { cutOffMs = 0 } = await only();
    assert.ok(cutOffMs >= beforeMs && cutOffMs <= Date.now());
  });

  it('was not cut off where it was stopped, nor where it went on and was stopped then', async () => {
    const writer = await create();
    await writer.append(pcm);
    await writer.finish();
    await orphan(writer.path);
    assert.equal((await only()).cutOffMs, undefined);
    const file = await abandoned(wavOf(pcm, FORMAT));
    const unfinished = await only();
    assert.notEqual(unfinished.cutOffMs, undefined);
    await (await store().reopen(unfinished)).finish();
    await orphan(file);
    assert.equal((await only()).cutOffMs, undefined);
  });

  it('is left to other windows by one that does not want it', async () => {
    const file = await abandoned(wavOf(pcm, FORMAT));
    await sidecarOf(file, { target: MEETING });
    assert.deepEqual(await store().unfinished(({ kind }) => kind === 'dictation'), []);
    assert.equal((await store().unfinished(({ kind }) => kind === 'meeting')).length, 1);
    await sidecarOf(file, { target: DICTATION });
    assert.equal((await store().unfinished()).length, 1);
  });
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import { sidecarFile } from '../../../../src/node/recordings/sidecar';
import { until } from '../../../host/until';
import { wavOf } from '../wavFile';
import { DICTATION, FORMAT, HEADER_BYTES, MEETING, pcm, recordingStores, samples } from './recordingStores';

describe('FileRecordingStore', () => {
  const { folder, sidecars, notes, store, create, another, abandoned, sidecarOf } = recordingStores();

  describe('after a crash', () => {
    it('offers a recording whose process was killed, at most half a second short', async () => {
      const other = await another();
      await until(() => other.givenBytes() > 3 * 32_000, { what: 'three seconds' });
      assert.deepEqual(await store().unfinished(), [], 'a living window’s recording is its own');
      await other.kill();
      const [found, ...more] = await store().unfinished();
      assert.ok(found);
      assert.deepEqual(more, []);
      assert.deepEqual(found.target, DICTATION);
      assert.equal(found.recording.path, other.path);
      const missingBytes = other.givenBytes() - found.sampleCount * 2;
      assert.ok(missingBytes >= 0 && missingBytes <= 16_000, `${missingBytes} bytes are missing`);
      const audio = await fs.readFile(other.path);
      assert.equal(audio.readUInt32LE(40), found.sampleCount * 2);
      bytesToInt16(audio.subarray(HEADER_BYTES)).forEach((sample, i) => {
        assert.equal(sample, (i << 16) >> 16);
      });
    });

    it('offers it to one window only, and to the next start when that one dealt with nothing', async () => {
      const file = await abandoned(wavOf(pcm, FORMAT));
      const offers = await Promise.all([1, 2, 3].map(() => store().unfinished()));
      assert.deepEqual(
        offers.flat().map(({ recording }) => recording.path),
        [file],
      );
      assert.deepEqual(await store().unfinished(), []);
      await sidecarOf(file, { state: 'finished' });
      assert.equal((await store().unfinished()).length, 1);
    });

    it('forgets one that is settled and keeps its audio; deletes one that is to be removed', async () => {
      const file = await abandoned(wavOf(pcm, FORMAT));
      await store().settle(file);
      assert.deepEqual(await store().unfinished(), []);
      assert.deepEqual(await fs.readFile(file), wavOf(pcm, FORMAT));
      await sidecarOf(file);
      await store().remove(file);
      assert.deepEqual([await fs.readdir(notes()), await fs.readdir(sidecars())], [[], []]);
    });

    it('offers one that was finished and never transcribed, when its process is gone', async () => {
      const writer = await create();
      await writer.append(pcm);
      await writer.finish();
      assert.deepEqual(await store().unfinished(), []);
      await sidecarOf(writer.path, { state: 'finished', target: MEETING });
      const [found] = await store().unfinished();
      assert.deepEqual([found?.sampleCount, found?.target], [samples.length, MEETING]);
    });

    it('is not deceived by a process number that was given anew', async () => {
      const file = await abandoned(wavOf(pcm, FORMAT));
      const hourAgo = new Date(Date.now() - 3_600_000);
      for (const state of ['recording', 'finished']) {
        const sidecar = await sidecarOf(file, { state, processId: process.pid });
        await fs.utimes(sidecar, hourAgo, hourAgo);
        await fs.utimes(file, hourAgo, hourAgo);
        assert.equal((await store().unfinished()).length, 1, state);
      }
    });

    for (const [what, head] of [
      ['names too little', wavOf(pcm, { ...FORMAT, declaredBytes: 320 }).subarray(0, HEADER_BYTES)],
      ['names nothing', wavOf(pcm, { ...FORMAT, declaredBytes: 0 }).subarray(0, HEADER_BYTES)],
      ['did not reach the disk', Buffer.alloc(HEADER_BYTES)],
    ] as const) {
      it(`makes a recording whole whose header ${what}`, async () => {
        const file = await abandoned(Buffer.concat([head, pcm, Uint8Array.of(7)]));
        const [found] = await store().unfinished();
        assert.equal(found?.sampleCount, samples.length);
        assert.deepEqual(await fs.readFile(file), Buffer.concat([wavOf(pcm, FORMAT), Uint8Array.of(7)]));
      });
    }

    it('clears away what ended before its first sample', async () => {
      for (const bytes of [0, 20, HEADER_BYTES]) {
        const file = await abandoned(wavOf(new Uint8Array(0), FORMAT).subarray(0, bytes));
        assert.deepEqual(await store().unfinished(), []);
        assert.ok(!existsSync(file));
        assert.deepEqual(await fs.readdir(sidecars()), []);
      }
    });

    it('touches no file that is not, or no longer, a recording of ours', async () => {
      const stereo = wavOf(pcm, { ...FORMAT, channelCount: 2 });
      const junk = wavOf(pcm, { ...FORMAT, junkBytes: 100, declaredBytes: 320 });
      for (const content of [stereo, junk, Buffer.from('Dear diary, '.repeat(20))]) {
        const file = await abandoned(content);
        assert.deepEqual(await store().unfinished(), []);
        assert.deepEqual(await fs.readFile(file), content);
      }
    });

    it('forgets a recording that the user deleted, and waits for one whose drive is gone', async () => {
      const file = await abandoned(wavOf(pcm, FORMAT));
      await fs.rm(file);
      assert.deepEqual(await store().unfinished(), []);
      assert.deepEqual(await fs.readdir(sidecars()), []);

      const away = path.join(folder(), 'drive', 'x.wav');
      await sidecarOf(away);
      assert.deepEqual(await store().unfinished(), []);
      await fs.mkdir(path.dirname(away));
      await fs.writeFile(away, wavOf(pcm, FORMAT));
      assert.equal((await store().unfinished()).length, 1);
    });

    it('leaves out junk among the sidecars', async () => {
      const file = await abandoned(wavOf(pcm, FORMAT));
      const whole = await fs.readFile(sidecarFile(sidecars(), file), 'utf8');
      await fs.rm(sidecarFile(sidecars(), file));
      const wrong = { version: 1, path: file, startedMs: 0, processId: 2 ** 30, target: DICTATION, state: 'recording' };
      const contents = [
        '',
        'null',
        '[]',
        '7',
        '{}',
        '{"version":1}',
        '\0\0\0\0',
        whole.slice(0, -1),
        whole.slice(0, 40),
        ...[
          { version: 2 },
          { path: 'x.wav' },
          { path: 7 },
          { startedMs: '0' },
          { processId: 0 },
          { processId: -1 },
        ].map((facts) => JSON.stringify({ ...wrong, ...facts })),
        ...[{ state: 'x' }, { target: null }, { target: { kind: 'x' } }, { target: { kind: 'meeting' } }].map((facts) =>
          JSON.stringify({ ...wrong, ...facts }),
        ),
      ];
      for (const [i, content] of contents.entries()) await fs.writeFile(path.join(sidecars(), `${i}.json`), content);
      await fs.mkdir(path.join(sidecars(), 'folder.json'));
      assert.deepEqual(await store().unfinished(), []);
      await (await create()).finish();
    });

    it('finds nothing where nothing was ever recorded', async () => {
      assert.deepEqual(await store().unfinished(), []);
    });
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import { sidecarFile } from '../../../../src/node/recordings/sidecar';
import { problemWith } from '../problems';
import { smallFileSystem } from './smallFileSystem';
import { wavOf } from '../wavFile';
import { FORMAT, HEADER_BYTES, MEETING, pcm, recordingStores, samples } from './recordingStores';

describe('FileRecordingStore', () => {
  const { folder, sidecars, notes, store, create, another } = recordingStores();

  describe('while recording', () => {
    it('writes what is appended into a WAV, sample for sample', async () => {
      const writer = await create();
      for (let at = 0; at < pcm.length; at += 640) await writer.append(pcm.subarray(at, at + 640));
      assert.equal(writer.sampleCount, samples.length);
      const recording = await writer.finish();
      const file = path.join(notes(), 'Weekly sync.wav');
      assert.deepEqual({ name: recording.name, path: recording.path }, { name: 'Weekly sync.wav', path: file });
      assert.equal(recording.sizeBytes, HEADER_BYTES + pcm.length);
      assert.deepEqual(await fs.readFile(file), wavOf(pcm, FORMAT));
      assert.equal(await writer.finish(), recording);
    });

    it('keeps the order of blocks that nobody waited for', async () => {
      const writer = await create();
      const appended = [];
      for (let at = 0; at < pcm.length; at += 640) appended.push(writer.append(pcm.subarray(at, at + 640)));
      await Promise.all(appended);
      await writer.finish();
      assert.deepEqual(await fs.readFile(writer.path), wavOf(pcm, FORMAT));
    });

    it('has its sidecar before the first byte of sound', async () => {
      const writer = await create();
      assert.equal((await fs.stat(writer.path)).size, HEADER_BYTES);
      const sidecar: unknown = JSON.parse(await fs.readFile(sidecarFile(sidecars(), writer.path), 'utf8'));
      assert.ok(typeof sidecar === 'object' && sidecar !== null && 'startedMs' in sidecar);
      assert.ok(Math.abs(Number(sidecar.startedMs) - Date.now()) < 60_000);
      assert.deepEqual(sidecar, {
        version: 1,
        path: writer.path,
        startedMs: sidecar.startedMs,
        processId: process.pid,
        target: MEETING,
        state: 'recording',
      });
    });

    it('has a header that never names more than is there, and at most a second less', async () => {
      const writer = await create();
      const over = new AbortController();
      const writing = (async () => {
        while (!over.signal.aborted) {
          await writer.append(pcm.subarray(0, 640));
          await sleep(5);
        }
      })();
      const seen = new Set<number>();
      const endMs = Date.now() + 2600;
      while (Date.now() < endMs) {
        await sleep(20);
        const bytes = await fs.readFile(writer.path);
        const named = bytes.readUInt32LE(40);
        assert.equal(bytes.readUInt32LE(4), named + HEADER_BYTES - 8);
        assert.ok(named <= bytes.length - HEADER_BYTES);
        seen.add(named);
      }
      over.abort();
      await writing;
      // Empty, after one second, after two.
      assert.ok(seen.size >= 3, [...seen].join());
    });

    it('overwrites nothing: a name that is taken gets a number', async () => {
      await fs.mkdir(notes());
      await fs.writeFile(path.join(notes(), 'Weekly sync.wav'), 'mine');
      const first = await create();
      await first.finish();
      const second = await create();
      assert.deepEqual(
        [first, second].map((writer) => path.basename(writer.path)),
        ['Weekly sync 2.wav', 'Weekly sync 3.wav'],
      );
      assert.equal(await fs.readFile(path.join(notes(), 'Weekly sync.wav'), 'utf8'), 'mine');
    });

    it('says how long the disk will do', async () => {
      const { bavail, bsize } = await fs.statfs(folder());
      const writer = await create();
      assert.ok(Math.abs(writer.roomS / ((bavail * bsize) / 32_000) - 1) < 0.2);
    });
  });

  describe('where the disk fails', () => {
    const fileSystem = smallFileSystem();

    it('says that a folder cannot be written to, and leaves nothing behind', async () => {
      const file = path.join(folder(), 'a file');
      await fs.writeFile(file, '');
      const problem = await problemWith('recordingUnwritable', create('x', path.join(file, 'in it')));
      assert.equal(problem.reason, 'ENOTDIR');
      assert.deepEqual(await store().unfinished(), []);
    });

    it('does not begin where there is no room for five minutes', async function () {
      const small = await fileSystem(this, 8);
      const problem = await problemWith('diskFull', create('x', small));
      assert.equal(problem.path, small);
      assert.deepEqual(await fs.readdir(small), []);
    });

    it('keeps what was recorded when the disk becomes full', async function () {
      const small = await fileSystem(this, 12);
      const writer = await create('x', small);
      await writer.append(pcm);
      const ballast = await fs.open(path.join(small, 'ballast'), 'w');
      await assert.rejects(ballast.writeFile(Buffer.alloc(12 * 1024 * 1024)));
      await ballast.close();
      await fs.truncate(path.join(small, 'ballast'), (await fs.stat(path.join(small, 'ballast'))).size - 40_000);
      let appended = 0;
      const problem = await problemWith(
        'diskFull',
        (async () => {
          for (; ; appended++) await writer.append(pcm.subarray(0, 640));
        })(),
      );
      assert.equal(problem.path, writer.path);
      assert.ok(appended > 0);
      // Later blocks are refused as well: room that comes back must not leave a gap.
      await fs.rm(path.join(small, 'ballast'));
      await problemWith('diskFull', writer.append(pcm.subarray(0, 640)));
      const recording = await writer.finish();
      const kept = await fs.readFile(recording.path);
      assert.ok(writer.sampleCount >= samples.length + appended * 320);
      assert.equal(kept.readUInt32LE(40), writer.sampleCount * 2);
      assert.deepEqual(bytesToInt16(kept.subarray(HEADER_BYTES, HEADER_BYTES + pcm.length)), samples);
    });
  });

  describe('with a second window', () => {
    it('refuses to record at the same time, and allows it when that one died', async () => {
      const other = await another();
      const problem = await problemWith('alreadyRecording', create());
      assert.deepEqual([problem.window, problem.purpose], ['another window', 'dictation']);
      assert.ok(Math.abs(problem.sinceMs - Date.now()) < 60_000);
      assert.deepEqual(await fs.readdir(notes()), [path.basename(other.path)]);
      await other.kill();
      await (await create()).finish();
    });

    it('lets one at most begin in the same instant', async () => {
      const began = await Promise.allSettled([1, 2, 3].map((number) => create(`Window ${number}`)));
      const count = began.filter(({ status }) => status === 'fulfilled').length;
      assert.ok(count <= 1, `${count} began`);
      assert.equal((await fs.readdir(notes())).length, count);
    });

    it('holds the microphone through a failure to begin no longer than that', async () => {
      const file = path.join(folder(), 'a file');
      await fs.writeFile(file, '');
      await problemWith('recordingUnwritable', create('x', path.join(file, 'in it')));
      await (await create()).finish();
    });

    it('allows a recording after the last one is finished', async () => {
      await (await create()).finish();
      await (await create()).finish();
    });
  });
});

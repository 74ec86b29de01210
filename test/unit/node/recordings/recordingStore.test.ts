import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToInt16, int16ToBytes } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import type { RecordingTarget, RecordingWriter } from '../../../../src/core/capture/recordings';
import { FileRecordingStore } from '../../../../src/node/recordings/recordingStore';
import { sidecarFile } from '../../../../src/node/recordings/sidecar';
import { until } from '../../../host/until';
import { distinctNoise } from '../distinctNoise';
import { problemWith } from '../problems';
import { startRecordingProcess, type RecordingProcess } from './recordingProcess';
import { smallFileSystem } from './smallFileSystem';
import { temporaryFolder } from '../temporaryFolder';
import { wavOf } from '../wavFile';

const HEADER_BYTES = 44;
const MEETING: RecordingTarget = { kind: 'meeting', note: 'file:///notes/Weekly%20sync.md' };
const DICTATION: RecordingTarget = { kind: 'dictation' };
const samples = distinctNoise(SAMPLE_RATE_HZ);
const pcm = int16ToBytes(samples);
const FORMAT = { format: 'int16', rateHz: SAMPLE_RATE_HZ, channelCount: 1 } as const;

describe('FileRecordingStore', () => {
  const folder = temporaryFolder();
  const sidecars = (): string => path.join(folder(), 'storage', 'recordings');
  const notes = (): string => path.join(folder(), 'notes');
  const store = (): FileRecordingStore => new FileRecordingStore(sidecars());
  const others: RecordingProcess[] = [];
  const writers: RecordingWriter[] = [];

  afterEach(async () => {
    await Promise.all(others.splice(0).map((other) => other.kill()));
    await Promise.all(writers.splice(0).map((writer) => writer.finish().catch(() => undefined)));
  });

  async function create(name = 'Weekly sync', where = notes()): Promise<RecordingWriter> {
    const writer = await store().create(where, name, MEETING);
    writers.push(writer);
    return writer;
  }

  async function another(): Promise<RecordingProcess> {
    const other = await startRecordingProcess({ store: sidecars(), folder: notes() });
    others.push(other);
    return other;
  }

  /** A recording of a process that is no more. */
  async function abandoned(audio: Uint8Array, state: 'recording' | 'finished' = 'recording'): Promise<string> {
    await fs.mkdir(notes(), { recursive: true });
    await fs.mkdir(sidecars(), { recursive: true });
    const file = path.join(notes(), 'Abandoned.wav');
    await fs.writeFile(file, audio);
    await sidecarOf(file, { state });
    return file;
  }

  async function sidecarOf(file: string, facts: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const sidecar = { version: 1, path: file, startedMs: 1_700_000_000_000, processId: 2 ** 30, target: DICTATION };
    const place = sidecarFile(sidecars(), file);
    await fs.writeFile(place, JSON.stringify({ ...sidecar, state: 'recording', ...facts }));
    return place;
  }

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

  describe('with a second window', () => {
    it('refuses to record at the same time, and allows it when that one died', async () => {
      const other = await another();
      await problemWith('alreadyRecording', create());
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

    it('allows a recording after the last one is finished', async () => {
      await (await create()).finish();
      await (await create()).finish();
    });
  });
});

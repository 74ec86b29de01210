import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { NEVER } from '../../../../src/core/async/never';
import type { GrowingAudio } from '../../../../src/core/audio/growingAudio';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import { planChunks } from '../../../../src/core/audio/planChunks';
import { SAMPLE_RATE_HZ, type Chunk } from '../../../../src/core/model';
import { GrowingRecording } from '../../../../src/node/recordings/growingRecording';
import { skipWithReason } from '../../../speech';
import { silence, speech, synthesize } from '../../core/audio/syntheticSpeech';
import { distinctNoise } from '../distinctNoise';
import { assertAborts, errorFrom, problemWith } from '../problems';
import { pcm, recordingStores, samples } from './recordingStores';
import { smallFileSystem } from './smallFileSystem';

/** One block is no longer, however far its reader lies behind. */
const BLOCK_SAMPLES = 65_536;
/** As much as a recorder gives at once. */
const GIVEN_BYTES = 640;

/** What a reader got so far, and how its reading ended. */
interface Reading {
  readonly blocks: Int16Array[];
  readonly done: Promise<Int16Array>;
}

/** Begins to read, as quickly as can be, or slowly. */
function read(audio: GrowingAudio, from = 0, signal = NEVER, pause: () => Promise<unknown> = turn): Reading {
  const blocks: Int16Array[] = [];
  const reading = async (): Promise<Int16Array> => {
    for await (const block of audio.samples(from, signal)) {
      blocks.push(block);
      await pause();
    }
    return joined(blocks);
  };
  const done = reading();
  done.catch(() => undefined);
  return { blocks, done };
}

function joined(blocks: readonly Int16Array[]): Int16Array {
  return Int16Array.from(blocks.flatMap((block) => [...block]));
}

/** All that can happen with what is on the disk already happens before this resolves. */
async function settled(reading: Reading, count: number): Promise<Int16Array> {
  while (joined(reading.blocks).length < count) await turn();
  for (let i = 0; i < 5; i++) await turn();
  return joined(reading.blocks);
}

describe('A recording that grows', () => {
  const { create } = recordingStores();
  const fileSystem = smallFileSystem();

  it('gives a reader what was appended while more is awaited, and ends when it is finished', async () => {
    const writer = await create();
    const reading = read(writer.audio);
    await writer.append(pcm.subarray(0, 3200));
    assert.deepEqual(await settled(reading, 1600), samples.subarray(0, 1600));
    await writer.append(pcm.subarray(3200, 4800));
    assert.deepEqual(await settled(reading, 2400), samples.subarray(0, 2400));
    await writer.finish();
    assert.deepEqual(await reading.done, samples.subarray(0, 2400));
  });

  it('gives readers at any place and pace every sample behind their place, in any blocks', async () => {
    const place = fc.nat({ max: samples.length + 500 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 6000 }), { maxLength: 12 }),
        fc.array(fc.tuple(place, fc.nat({ max: 3 }), fc.nat({ max: 12 })), { minLength: 1, maxLength: 4 }),
        async (sizes, readers) => {
          const writer = await create();
          const readings: { readonly from: number; readonly done: Promise<Int16Array> }[] = [];
          let at = 0;
          for (const [step, size] of [...sizes, pcm.length].entries()) {
            for (const [from, turns, begins] of readers.filter(
              (reader) => Math.min(reader[2], sizes.length) === step,
            )) {
              const pause = async (): Promise<void> => {
                for (let i = 0; i < turns * begins; i++) await turn();
              };
              readings.push({ from, done: read(writer.audio, from, NEVER, pause).done });
            }
            // An odd number of bytes leaves half a sample until the next.
            await writer.append(pcm.subarray(at, at + size));
            at += size;
          }
          await writer.finish();
          for (const { from, done } of readings) assert.deepEqual(await done, samples.subarray(from));
        },
      ),
      { seed: 1, numRuns: 25 },
    );
  });

  it('waits for a place that is not reached yet, and gives nothing where it never is', async () => {
    const writer = await create();
    const [near, far] = [read(writer.audio, 4000), read(writer.audio, 40_000)];
    await writer.append(pcm.subarray(0, 4000));
    for (let i = 0; i < 5; i++) await turn();
    assert.deepEqual([near.blocks, far.blocks], [[], []]);
    await writer.append(pcm.subarray(4000));
    await writer.finish();
    assert.deepEqual(await near.done, samples.subarray(4000));
    assert.deepEqual(await far.done, new Int16Array(0));
  });

  it('can be read when it is finished', async () => {
    const writer = await create();
    await writer.append(pcm);
    await writer.finish();
    assert.deepEqual(await read(writer.audio, 100).done, samples.subarray(100));
    assert.deepEqual(await read(writer.audio, samples.length).done, new Int16Array(0));
  });

  it('takes no more memory for a reader that lies far behind', async () => {
    const writer = await create();
    const minute = int16ToBytes(distinctNoise(60 * SAMPLE_RATE_HZ));
    for (let i = 0; i < 5; i++) await writer.append(minute);
    await writer.finish();
    let count = 0;
    for await (const block of writer.audio.samples(0, NEVER)) {
      assert.ok(block.length <= BLOCK_SAMPLES && block.buffer.byteLength <= 2 * BLOCK_SAMPLES);
      count += block.length;
    }
    assert.equal(count, 300 * SAMPLE_RATE_HZ);
  });

  it('is cut while somebody still speaks', async () => {
    const writer = await create();
    const chunks: Chunk[] = [];
    const planning = (async () => {
      const options = { silenceS: 0.7, holdsShortPieces: false };
      for await (const chunk of planChunks(writer.audio.samples(0, NEVER), options)) chunks.push(chunk);
    })();
    const sentence = int16ToBytes(synthesize(speech(3), silence(3)).samples);
    for (const count of [1, 2]) {
      for (let at = 0; at < sentence.length; at += GIVEN_BYTES) {
        await writer.append(sentence.subarray(at, at + GIVEN_BYTES));
      }
      while (chunks.length < count) await turn();
      assert.equal(chunks.length, count);
    }
    await writer.finish();
    await planning;
    assert.equal(chunks.length, 2);
  });

  it('gives what was written before the disk became full, then that failure', async function () {
    const small = await fileSystem(this, 12);
    const writer = await create('x', small);
    const reading = read(writer.audio);
    await writer.append(pcm);
    const ballast = await fs.open(path.join(small, 'ballast'), 'w');
    await assert.rejects(ballast.writeFile(Buffer.alloc(12 * 1024 * 1024)));
    await ballast.close();
    await problemWith(
      'diskFull',
      (async () => {
        for (;;) await writer.append(pcm.subarray(0, GIVEN_BYTES));
      })(),
    );
    await problemWith('diskFull', reading.done);
    await writer.finish();
    assert.equal(joined(reading.blocks).length, writer.sampleCount);
    await problemWith('diskFull', read(writer.audio).done);
  });

  it('throws the signal’s reason at once, while it waits and before it reads', async () => {
    const writer = await create();
    await writer.append(pcm);
    const stop = new AbortController();
    const reading = read(writer.audio, 0, stop.signal);
    await settled(reading, samples.length);
    stop.abort();
    await assertAborts(reading.done);
    await assertAborts(read(writer.audio, 0, AbortSignal.abort()).done);
  });

  it('holds no file open for a reader that left', async function () {
    if (process.platform !== 'linux') skipWithReason(this, 'only Linux tells which files are open');
    const writer = await create();
    await writer.append(pcm);
    const isOpen = (): number => openFiles().filter((file) => file === writer.path).length;
    assert.equal(isOpen(), 1, 'the writer’s own');
    for await (const block of writer.audio.samples(0, NEVER)) {
      assert.ok(block.length > 0);
      assert.equal(isOpen(), 2);
      break;
    }
    const stop = new AbortController();
    const aborted = read(writer.audio, 0, stop.signal);
    await settled(aborted, samples.length);
    stop.abort();
    await assertAborts(aborted.done);
    assert.equal(isOpen(), 1);
    await writer.finish();
    assert.equal(isOpen(), 0);
  });

  it('tells which file is gone, or became shorter', async () => {
    const writer = await create();
    await writer.append(pcm);
    await writer.finish();
    await fs.truncate(writer.path, 1000);
    const shorter = await problemWith('fileUnreadable', read(writer.audio, 10_000).done);
    assert.equal(shorter.reason, 'it became shorter while it was read');
    await fs.rm(writer.path);
    const gone = await problemWith('fileUnreadable', read(writer.audio).done);
    assert.deepEqual([gone.file, gone.reason], ['Weekly sync.wav', 'ENOENT']);
  });

  it('keeps its first end', async () => {
    const audio = new GrowingRecording('none.wav');
    const reading = read(audio);
    audio.close(new Error('first'));
    audio.close(new Error('second'));
    assert.equal((await errorFrom(reading.done)).message, 'first');
  });
});

/** The files that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').map((number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
}

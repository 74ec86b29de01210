import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { NEVER } from '../../../../src/core/async/never';
import { MinutesError } from '../../../../src/core/errors';
import type { Recording } from '../../../../src/core/model';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { jfkWav } from '../../../speech';
import { problemWith } from '../problems';
import { decodedFiles, withFlips } from './decodedFiles';

const FORMATS = [
  ['speech.mp3', '-b:a', '64k'],
  ['speech.flac'],
  ['speech.opus', '-c:a', 'libopus'],
  ['speech.ogg', '-c:a', 'libvorbis'],
  ['speech.webm', '-c:a', 'libopus'],
  ['speech.mkv', '-c:a', 'libvorbis'],
] as const;

describe('FileAudioPreparer, decoding by itself', () => {
  const { file, ffmpeg, make, prepare } = decodedFiles();

  async function all(recording: Recording, program: string | undefined, signal = NEVER): Promise<readonly unknown[]> {
    const preparer = new FileAudioPreparer(file('work'), () => Promise.resolve(program));
    const events: unknown[] = [];
    for await (const event of preparer.prepare(recording, signal)) events.push(event);
    return events;
  }

  for (const [name, ...args] of FORMATS) {
    it(`tells how far it is, lets others have their turn, and ends at once when it is told to (${name})`, async function () {
      const recording = await make(this, name, '-stream_loop', '20', '-i', jfkWav(), '-ar', '48000', ...args);
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const events = await all(recording, undefined);
      clearInterval(timer);
      assert.ok(events.length > 5, `${events.length} events`);
      assert.ok(turns > 10, `${turns} turns`);
      const abort = new AbortController();
      const stopped = all(recording, undefined, abort.signal);
      setTimeout(() => {
        abort.abort();
      }, 30);
      await assert.rejects(stopped, { name: 'AbortError' });
    });

    it(`has no errors but its own for broken files (${name})`, async function () {
      await make(this, name, '-t', '2', '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      for (let seed = 1; seed <= 10; seed++) {
        const noise = withFlips(new Uint8Array(20_000), 200_000, seed, 0);
        const broken = [withFlips(bytes, 10 * seed, seed, 4), Buffer.concat([bytes.subarray(0, 4 * seed), noise])];
        for (const one of broken) {
          await fs.writeFile(file(name), one);
          const problem = await prepare(name, 'alone').catch((error: unknown) => error);
          assert.ok(!(problem instanceof Error) || problem instanceof MinutesError, String(problem));
        }
      }
    });
  }

  it('asks ffmpeg where it cannot go on itself', async function () {
    // Two streams at once are known to ffmpeg only; it is not asked for what a decoder here can do.
    await make(this, 'two.ogg', '-i', jfkWav(), '-i', jfkWav(), '-map', '0:a', '-map', '1:a', '-c:a', 'libvorbis');
    const recording = await openRecording(file('two.ogg'));
    assert.equal((await problemWith('ffmpegMissing', all(recording, undefined))).file, 'two.ogg');
    const [last] = (await all(recording, ffmpeg())).slice(-1) as [{ readonly kind: string }];
    assert.equal(last.kind, 'prepared');
    const one = await make(this, 'one.ogg', '-i', jfkWav(), '-c:a', 'libvorbis');
    assert.ok((await all(one, file('no such program'))).length > 0);
  });
});

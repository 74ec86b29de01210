import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { PreparedAudio, Recording } from '../../../../src/core/model';
import type { PreparationEvent } from '../../../../src/core/audio/preparation';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { until } from '../../../host/until';
import { jfkWav, skipWithReason } from '../../../speech';
import { isRunning, untilEnded } from '../processes';
import { assertPreparing } from '../preparation';
import { assertAborts, problemWith } from '../problems';
import { decodedFiles } from './decodedFiles';
import { speechSamples } from '../speechSamples';

/** The length of jfk.wav. */
const SPEECH_S = 11;

/** All with a real ffmpeg: it makes the files, and the product decodes them with it. */
describe('FileAudioPreparer, with ffmpeg', function () {
  const { file, make, ffmpeg } = decodedFiles();

  const speechAs = (context: Mocha.Context, name: string, ...args: readonly string[]): Promise<Recording> =>
    make(context, name, '-i', jfkWav(), ...args);

  const preparer = (program = ffmpeg()): FileAudioPreparer =>
    new FileAudioPreparer(file('work'), () => Promise.resolve(program));

  async function prepare(recording: Recording, signal = NEVER, program = ffmpeg()): Promise<PreparedAudio> {
    let last: PreparationEvent | undefined;
    for await (const event of preparer(program).prepare(recording, signal)) last = event;
    assert.equal(last?.kind, 'prepared');
    return last.audio;
  }

  function power(samples: Buffer): number {
    let sum = 0;
    for (let at = 0; at + 1 < samples.length; at += 2) sum += samples.readInt16LE(at) ** 2;
    return sum / (samples.length / 2);
  }

  /** Encoders add and leave out some frames at both ends. */
  function assertLength(audio: PreparedAudio, seconds: number, toleranceS = 0.15): void {
    const heard = audio.sampleCount / 16_000;
    assert.ok(Math.abs(heard - seconds) < toleranceS, `${heard} s, expected ${seconds} s`);
  }

  for (const [name, ...args] of [
    ['speech.mp3', '-b:a', '64k'],
    ['speech.flac'],
    ['speech.m4a', '-c:a', 'aac'],
    ['speech.ogg', '-c:a', 'libopus', '-b:a', '24k'],
    ['speech.webm', '-c:a', 'libopus', '-b:a', '24k'],
    ['adpcm.wav', '-c:a', 'adpcm_ms'],
    ['stereo.mp3', '-af', 'pan=stereo|c0=c0|c1=c0', '-ar', '44100'],
  ] as const) {
    it(`decodes ${name} to its whole length and as loud as it was`, async function () {
      const audio = await prepare(await speechAs(this, name, ...args));
      assertLength(audio, SPEECH_S);
      assert.deepEqual(audio.remarks, []);
      const original = power(await speechSamples());
      const decoded = (await fs.readFile(audio.path)).subarray(audio.dataOffsetBytes);
      const ratio = power(decoded) / original;
      assert.ok(ratio > 0.8 && ratio < 1.25, `${ratio} times the power`);
    });
  }

  it('judges by the bytes, not by the name', async function () {
    const recording = await speechAs(this, 'speech.flac');
    await fs.rename(recording.path, file('speech.txt'));
    assertLength(await prepare(await openRecording(file('speech.txt'))), SPEECH_S);
  });

  it('decodes a file whose name looks like an option or an address', async function () {
    for (const name of ['-i.m4a', 'http:%2f%2fexample.m4a', 'concat:a|b.m4a', 'Réunion "3".m4a']) {
      const recording = await speechAs(this, 'speech.m4a');
      if (process.platform === 'win32' && /[:|"]/.test(name)) continue;
      await fs.rename(recording.path, file(name));
      assertLength(await prepare(await openRecording(file(name))), SPEECH_S);
    }
  });

  it('takes the sound of a video, and mixes its tracks', async function () {
    const video = await make(
      this,
      'talk.mkv',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=64x64:rate=5:duration=11',
      '-i',
      jfkWav(),
      '-f',
      'lavfi',
      '-i',
      'anullsrc=duration=3',
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-map',
      '2:a',
      '-c:v',
      'mpeg4',
      '-c:a',
      'flac',
    );
    const audio = await prepare(video);
    assertLength(audio, SPEECH_S);
    assert.deepEqual(audio.remarks, [{ kind: 'tracksMixed', trackCount: 2 }]);
  });

  it('says of a video without sound that it has none', async function () {
    const video = await make(
      this,
      'silent.mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=64x64:rate=5:duration=1',
      '-c:v',
      'mpeg4',
    );
    assert.deepEqual(await problemWith('noAudioTrack', prepare(video)), { code: 'noAudioTrack', file: 'silent.mp4' });
  });

  it('uses what is there of a truncated MP3 and says so', async function () {
    const whole = await speechAs(this, 'speech.mp3', '-b:a', '64k');
    const bytes = await fs.readFile(whole.path);
    // Several cuts: at one of them a frame may end by chance.
    for (const share of [0.31, 0.5, 0.77]) {
      await fs.writeFile(file('cut.mp3'), bytes.subarray(0, Math.round(bytes.length * share)));
      const audio = await prepare(await openRecording(file('cut.mp3')));
      assertLength(audio, SPEECH_S * share, 0.3);
      assert.deepEqual(audio.remarks, [{ kind: 'truncated' }], `cut at ${share}`);
    }
  });

  it('uses what is there of a truncated FLAC and says so', async function () {
    const whole = await speechAs(this, 'speech.flac');
    const bytes = await fs.readFile(whole.path);
    await fs.writeFile(file('cut.flac'), bytes.subarray(0, bytes.length / 2));
    const audio = await prepare(await openRecording(file('cut.flac')));
    assert.deepEqual(audio.remarks, [{ kind: 'truncated' }]);
    assert.ok(audio.sampleCount > 0 && audio.sampleCount < SPEECH_S * 16_000 * 0.8);
  });

  it('says of a truncated M4A, which has lost its index, that it cannot be read', async function () {
    const whole = await speechAs(this, 'speech.m4a', '-c:a', 'aac');
    const bytes = await fs.readFile(whole.path);
    await fs.writeFile(file('cut.m4a'), bytes.subarray(0, bytes.length / 2));
    const problem = await problemWith('notAudio', prepare(await openRecording(file('cut.m4a'))));
    assert.ok(!problem.reason.includes(path.dirname(file('any'))), problem.reason);
  });

  for (const [name, content] of [
    ['notes.wav', '# Notes\n\nNothing to be heard.\n'],
    ['notes.mp3', '# Notes\n\nNothing to be heard.\n'],
    ['noise.bin', '\x01\x02\x03\x04'.repeat(5000)],
  ] as const) {
    it(`says of ${name} that it is no audio`, async () => {
      await fs.writeFile(file(name), content);
      const problem = await problemWith('notAudio', prepare(await openRecording(file(name))));
      assert.equal(problem.file, name);
      assert.ok(!problem.reason.includes(path.dirname(file('any'))), `no path of the machine in: ${problem.reason}`);
    });
  }

  it('asks for ffmpeg where the program that was found is gone', async function () {
    const recording = await speechAs(this, 'speech.m4a');
    const work = prepare(recording, NEVER, file('no-ffmpeg-here'));
    assert.deepEqual(await problemWith('ffmpegMissing', work), { code: 'ffmpegMissing', file: 'speech.m4a' });
  });

  it('fetches nothing that a playlist in an MP3’s clothes names', async () => {
    const server = await ScriptedServer.start();
    try {
      const target = `${server.origin}/segment.mp3`;
      const playlists = {
        'hls.mp3': `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${target}\n#EXT-X-ENDLIST\n`,
        'plain.mp3': `#EXTM3U\n${target}\n`,
        'concat.mp3': `ffconcat version 1.0\nfile '${target}'\n`,
        'dash.mp3': `<?xml version="1.0"?><MPD type="static" mediaPresentationDuration="PT10S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      };
      for (const [name, content] of Object.entries(playlists)) {
        await fs.writeFile(file(name), content);
        const problem = await problemWith('notAudio', prepare(await openRecording(file(name))));
        assert.equal(problem.file, name);
      }
      assert.equal(server.connectionCount, 0);
    } finally {
      await server.close();
    }
  });

  it('ends ffmpeg when aborted', async function () {
    if (process.platform === 'win32') skipWithReason(this, 'the watched ffmpeg is a shell script');
    const recording = await make(this, 'long.m4a', '-f', 'lavfi', '-i', 'sine=duration=120:sample_rate=16000');
    const { program, processId } = await watchedFfmpeg();
    const stop = new AbortController();
    const running = preparer(program).prepare(recording, stop.signal);
    await assertPreparing(running);
    const id = await processId();
    // Nobody reads on, so its pipe is full and it waits.
    assert.ok(isRunning(id));
    stop.abort();
    await assertAborts(running.next());
    await untilEnded(id);
  });

  it('ends ffmpeg when the reader leaves', async function () {
    if (process.platform === 'win32') skipWithReason(this, 'the watched ffmpeg is a shell script');
    const recording = await make(this, 'long.m4a', '-f', 'lavfi', '-i', 'sine=duration=120:sample_rate=16000');
    const { program, processId } = await watchedFfmpeg();
    for await (const event of preparer(program).prepare(recording, NEVER)) {
      assert.equal(event.kind, 'preparing');
      break;
    }
    await untilEnded(await processId());
  });

  it('does not start ffmpeg for who has aborted already', async function () {
    const recording = await speechAs(this, 'speech.m4a');
    await assertAborts(prepare(recording, AbortSignal.abort()));
  });

  /** The real ffmpeg, by a script that first writes down its process id. */
  async function watchedFfmpeg(): Promise<{ program: string; processId: () => Promise<number> }> {
    const [program, idFile] = [file('watched-ffmpeg'), file('process-id')];
    await fs.writeFile(program, `#!/bin/sh\necho $$ > '${idFile}'\nexec '${ffmpeg()}' "$@"\n`, { mode: 0o755 });
    const read = async (): Promise<number> => Number(await fs.readFile(idFile, 'utf8').catch(() => ''));
    return { program, processId: () => until(async () => (await read()) || undefined, { what: 'ffmpeg starts' }) };
  }
});

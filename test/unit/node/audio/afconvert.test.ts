import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { NEVER } from '../../../../src/core/async/never';
import type { PreparationEvent } from '../../../../src/core/audio/preparation';
import type { Recording } from '../../../../src/core/model';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import { findAfconvert } from '../../../../src/node/system/findProgram';
import { until } from '../../../host/until';
import { jfkWav, skipWithReason } from '../../../speech';
import { isRunning, untilEnded } from '../processes';
import { assertAborts, problemWith } from '../problems';
import { speechSamples } from '../speechSamples';
import { decodedFiles } from './decodedFiles';

const SPEECH_S = 11;

/** No test machine is a Mac: a script takes afconvert's arguments as its help documents them, and has ffmpeg do the work. */
describe('FileAudioPreparer, with afconvert', function () {
  const { file, make, ffmpeg } = decodedFiles();

  before(function () {
    if (process.platform === 'win32') skipWithReason(this, 'the stand-in for afconvert is a shell script');
  });

  async function standIn(body: string): Promise<string> {
    const program = file('afconvert');
    await fs.writeFile(program, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return program;
  }

  const converting = (): Promise<string> =>
    standIn(`
[ "$1 $2 $3 $4 $#" = "-f caff -d LEI16@16000 6" ] || { echo "afconvert: unknown option" >&2; exit 2; }
case "$5" in
  *.wma) echo "Error: ExtAudioFileOpenURL failed ('typ?')" >&2; printf half > "$6"; exit 1;;
esac
exec "${ffmpeg()}" -v error -y -i "$5" -map 0:a:0 -ar 16000 -c:a pcm_s16le -f caf "$6"`);

  async function prepare(
    recording: Recording,
    program: string,
    { signal = NEVER, takesFiles = false, ffmpegFound = '' } = {},
  ): Promise<PreparationEvent | undefined> {
    const findFfmpeg = (): Promise<string | undefined> => Promise.resolve(ffmpegFound || undefined);
    const preparer = new FileAudioPreparer(file('work'), findFfmpeg, takesFiles, () => Promise.resolve(program));
    let last: PreparationEvent | undefined;
    for await (const event of preparer.prepare(recording, signal)) last = event;
    return last;
  }

  /** What is left in the folder of prepared audio. */
  const leftOver = (): Promise<readonly string[]> => fs.readdir(file('work')).catch(() => []);

  for (const [name, ...args] of [
    ['speech.m4a', '-c:a', 'aac'],
    ['music.m4a', '-c:a', 'aac', '-ar', '44100', '-af', 'pan=stereo|c0=c0|c1=c0'],
    ['bare.aac', '-c:a', 'aac'],
    ['film.mp4', '-f', 'lavfi', '-i', 'color=s=64x48:r=5:d=11', '-map', '0:a', '-map', '1:v', '-c:a', 'aac'],
    ['film.mov', '-f', 'lavfi', '-i', 'color=s=64x48:r=5:d=11', '-map', '0:a', '-map', '1:v', '-c:a', 'aac'],
  ] as const) {
    it(`reads ${name} without ffmpeg, to its whole length and as loud as it was`, async function () {
      const recording = await make(this, name, '-i', jfkWav(), ...args);
      const last = await prepare(recording, await converting());
      assert.ok(last?.kind === 'prepared');
      const { audio } = last;
      assert.deepEqual(audio.remarks, []);
      const lengthS = audio.sampleCount / 16_000;
      assert.ok(Math.abs(lengthS - SPEECH_S) < 0.15, `${lengthS} s`);
      const decoded = (await fs.readFile(audio.path)).subarray(audio.dataOffsetBytes);
      const ratio = power(decoded) / power(await speechSamples());
      assert.ok(ratio > 0.8 && ratio < 1.25, `${ratio} times the power`);
      // Nothing but what is used lies there.
      assert.deepEqual((await leftOver()).map((one) => file(`work/${one}`)), [audio.path]); // prettier-ignore
    });
  }

  it('asks ffmpeg where it is there', async function () {
    const recording = await make(this, 'speech.m4a', '-i', jfkWav(), '-c:a', 'aac');
    const program = await standIn(`touch "${file('asked')}"; exit 1`);
    const last = await prepare(recording, program, { ffmpegFound: ffmpeg() });
    assert.equal(last?.kind, 'prepared');
    await assert.rejects(fs.stat(file('asked')));
  });

  it('tells of ffmpeg where afconvert cannot read a file, or gives nothing, and leaves nothing behind', async function () {
    const recording = await make(this, 'speech.wma', '-i', jfkWav(), '-c:a', 'wmav2');
    for (const program of [
      await converting(),
      await standIn('exit 0'),
      await standIn('printf "caff nothing" > "$6"'),
      file('nowhere'),
    ]) {
      const problem = await problemWith('ffmpegMissing', prepare(recording, program));
      assert.equal(problem.file, 'speech.wma');
      assert.deepEqual(await leftOver(), []);
    }
  });

  it('sends the file as it is where afconvert cannot read it and the endpoint can', async function () {
    const recording = await make(this, 'speech.m4a', '-i', jfkWav(), '-c:a', 'aac');
    const last = await prepare(recording, await standIn('exit 1'), { takesFiles: true });
    assert.equal(last?.kind, 'asIs');
  });

  it('tells a disk that is full apart', async function () {
    const recording = await make(this, 'speech.m4a', '-i', jfkWav(), '-c:a', 'aac');
    for (const said of [
      'Error: ExtAudioFileWrite failed (-34)',
      'Error: AudioFileCreate failed: No space left on device',
    ]) {
      const program = await standIn(`echo "${said}" >&2; exit 1`);
      const problem = await problemWith('diskFull', prepare(recording, program));
      assert.equal(problem.path, file('work'));
    }
  });

  it('ends the program with the signal, and removes what it wrote', async function () {
    const recording = await make(this, 'speech.m4a', '-i', jfkWav(), '-c:a', 'aac');
    const program = await standIn(`printf half > "$6"; echo $$ > "${file('pid')}"; exec sleep 60`);
    const abort = new AbortController();
    const preparing = assertAborts(prepare(recording, program, { signal: abort.signal }));
    const written = (): Promise<string> => fs.readFile(file('pid'), 'utf8').catch(() => '');
    const pid = await until(async () => Number(await written()) || undefined, { what: 'afconvert starts' });
    assert.ok(isRunning(pid));
    abort.abort();
    await preparing;
    await untilEnded(pid);
    assert.deepEqual(await leftOver(), []);
  });

  it('is looked for on a Mac only', async () => {
    const program = await standIn('exit 0');
    assert.equal(await findAfconvert('darwin', program), program);
    assert.equal(await findAfconvert('darwin', file('nowhere')), undefined);
    for (const platform of ['linux', 'win32'] as const) assert.equal(await findAfconvert(platform, program), undefined);
  });
});

function power(samples: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < samples.length; at += 2) sum += samples.readInt16LE(at) ** 2;
  return sum / (samples.length / 2);
}

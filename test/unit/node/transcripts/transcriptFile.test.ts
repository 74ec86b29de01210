import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseLog } from '../../../../src/core/transcript/parseLog';
import { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { TranscriptFile } from '../../../../src/node/transcripts/transcriptFile';
import { skipWithReason } from '../../../speech';
import { problemWith } from '../problems';
import { smallFileSystem } from '../recordings/smallFileSystem';
import { temporaryFolder } from '../temporaryFolder';
import { answeredAt, linesOf, openedAs, written } from './logs';

describe('TranscriptFile', () => {
  const opened: TranscriptFile[] = [];
  // This hook stands before those that remove folders: an open file would keep them busy.
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  const folder = temporaryFolder();
  const small = smallFileSystem();
  const file = (): string => path.join(folder(), 'run.jsonl');
  const open = (): Promise<TranscriptFile> => TranscriptFile.open(file(), 'talk.wav');

  /** The lines that a new holder of the file finds, and that it leaves behind after adding some. */
  async function reopened(more = ''): Promise<{ readonly found: string; readonly left: string }> {
    const one = await open();
    if (more !== '') await one.append(more);
    await one.close();
    return { found: one.text, left: await fs.readFile(file(), 'utf8') };
  }

  const FIRST = linesOf(openedAs(), written(answeredAt(0)));
  const SECOND = linesOf(written(answeredAt(16_000)));
  const THIRD = linesOf(written(answeredAt(32_000, '')));

  it('gives back what was appended, in order, when it is opened anew', async () => {
    assert.deepEqual(await reopened(FIRST), { found: '', left: FIRST });
    const one = await open();
    // Several at once keep their order.
    await Promise.all([one.append(SECOND), one.append(THIRD)]);
    await one.close();
    assert.equal((await reopened()).found, FIRST + SECOND + THIRD);
  });

  it('puts other lines in the place of all', async () => {
    await reopened(FIRST + SECOND);
    const one = await open();
    await one.replace(THIRD);
    await one.append(SECOND);
    await one.close();
    assert.equal(await fs.readFile(file(), 'utf8'), THIRD + SECOND);
  });

  it('drops a last line that a crash cut anywhere, and begins a fresh one behind the others', async () => {
    const [before, whole] = [Buffer.from(FIRST), Buffer.from(FIRST + SECOND)];
    for (let length = before.length; length < whole.length; length++) {
      await fs.writeFile(file(), whole.subarray(0, length));
      assert.deepEqual(await reopened(THIRD), { found: FIRST, left: FIRST + THIRD }, `cut at ${length}`);
    }
    // A beginning may be longer than what is written next.
    await fs.writeFile(file(), FIRST + 'x'.repeat(10_000));
    assert.deepEqual(await reopened(THIRD), { found: FIRST, left: FIRST + THIRD });
  });

  it('has one writer at a time', async () => {
    const one = await open();
    opened.push(one);
    assert.equal((await problemWith('transcriptBusy', open())).file, 'talk.wav');
    await one.append(FIRST);
    await problemWith('transcriptBusy', open());
    await one.close();
    assert.equal((await reopened()).found, FIRST);
  });

  it('takes over from a writer that is gone', async () => {
    const gone = { id: 'gone', processId: 2 ** 30, machine: os.hostname() };
    await fs.writeFile(`${file()}.lock`, JSON.stringify(gone));
    assert.deepEqual(await reopened(FIRST), { found: '', left: FIRST });
    assert.deepEqual(await fs.readdir(folder()), ['run.jsonl']);
  });

  it('is for its user alone', async function () {
    if (process.platform === 'win32') skipWithReason(this, 'Windows has no file modes');
    await reopened(FIRST);
    assert.equal((await fs.stat(file())).mode & 0o777, 0o600);
  });

  it('writes with the next lines what a full disk refused, and leaves no half of a line', async function () {
    const place = await small(this, 1);
    const log = path.join(place, 'run.jsonl');
    const one = await TranscriptFile.open(log, 'talk.wav');
    opened.push(one);
    await one.append(FIRST);
    const transcript = new TranscriptLog(parseLog(FIRST), one);
    const ballast = path.join(place, 'ballast');
    await fs.writeFile(ballast, Buffer.alloc(2 ** 20)).catch(() => undefined);

    // Longer than what is left of the last block.
    const long = answeredAt(16_000, 'word '.repeat(4000));
    await transcript.append(long);
    await transcript.append(answeredAt(32_000));
    assert.equal(transcript.folded.answers.length, 3, 'they count all the same');
    assert.equal(whole(await fs.readFile(log, 'utf8')), FIRST);

    await fs.rm(ballast);
    await transcript.append(answeredAt(48_000));
    const found = parseLog(await fs.readFile(log, 'utf8'));
    assert.deepEqual(
      found.flatMap((entry) => (entry.kind === 'answered' ? [entry.startSample] : [])),
      [0, 16_000, 32_000, 48_000],
    );
    assert.deepEqual(new TranscriptLog(found).fold(), transcript.fold());
  });
});

function whole(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { LocatedEntry } from '../../../../src/core/transcript/logEntries';
import { parseLog } from '../../../../src/core/transcript/parseLog';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { FileTranscriptStore } from '../../../../src/node/transcripts/transcriptFolder';
import { problemWith } from '../problems';
import { smallFileSystem } from '../recordings/smallFileSystem';
import { temporaryFolder } from '../temporaryFolder';
import { answeredAt, linesOf, openedAs, written, WRITTEN_MS } from './logs';

const LOCATED: LocatedEntry = {
  kind: 'located',
  origin: 'file',
  recording: 'file:///home/zoe/talk.wav',
  note: 'file:///home/zoe/talk.md',
};

describe('FileTranscriptStore', () => {
  const folder = temporaryFolder();
  const small = smallFileSystem();
  /** As in another window: it knows nothing but the folder, which need not be there. */
  const store = (): FileTranscriptStore => new FileTranscriptStore(path.join(folder(), 'transcripts'));
  const names = async (): Promise<string[]> =>
    (await fs.readdir(path.join(folder(), 'transcripts')).catch(() => [])).sort();

  /** A log that was worked on and left. */
  async function left(id: string, ...starts: readonly number[]): Promise<void> {
    const log = await store().begin(id, linesOf(openedAs(), written(LOCATED)));
    for (const start of starts) await log.append(answeredAt(start));
    await log.close();
  }

  async function opened(id: string): Promise<TranscriptLog> {
    const log = await store().open(id);
    assert.ok(log);
    return log;
  }

  it('gives back a log as it was left, to go on with', async () => {
    await left('a', 0, 16_000);
    const log = await opened('a');
    assert.deepEqual([log.opened.recording.name, log.begunMs], ['talk.wav', WRITTEN_MS]);
    assert.deepEqual([log.located?.recording, log.located?.note], [LOCATED.recording, LOCATED.note]);
    await log.append(answeredAt(32_000), { kind: 'settled' });
    const transcript = log.fold();
    assert.equal(transcript.segments.length, 3);
    await log.close();
    const again = await opened('a');
    assert.ok(again.isSettled);
    assert.deepEqual(again.fold(), transcript);
    await again.close();
  });

  it('has none where there is none, or none that can be read', async () => {
    assert.equal(await store().open('a'), undefined);
    assert.deepEqual(await store().list(), []);
    assert.equal(await store().read('a'), '');
    await left('a');
    const file = path.join(folder(), 'transcripts', 'a.jsonl');
    const opening = linesOf(openedAs());
    // A crash cut the first line off, or it is lost: nobody knows what the log is about.
    for (const text of ['', 'junk\n', opening.slice(0, -2), linesOf(written(answeredAt(0)))]) {
      await fs.writeFile(file, text);
      assert.equal(await store().open('a'), undefined, text);
      assert.deepEqual(await store().list(), []);
    }
    const newer = opening.replace('"version":1', '"version":2');
    await fs.writeFile(file, newer);
    assert.equal(await store().open('a'), undefined);
    assert.equal(await fs.readFile(file, 'utf8'), newer, 'it is left as it is');
  });

  it('lets one write at a time', async () => {
    const log = await store().begin('a', linesOf(openedAs()));
    assert.equal((await problemWith('transcriptBusy', store().open('a'))).file, 'talk.wav');
    assert.equal((await problemWith('transcriptBusy', store().begin('a', linesOf(openedAs())))).file, 'talk.wav');
    await log.append(answeredAt(0));
    await log.close();
    const next = await opened('a');
    assert.equal(next.folded.answers.length, 1);
    await next.close();
  });

  it('begins anew in the place of a log with the same id', async () => {
    await left('a', 0, 16_000);
    const log = await store().begin('a', linesOf(openedAs({ language: 'de' })));
    await log.append(answeredAt(48_000));
    await log.close();
    const again = await opened('a');
    assert.equal(again.opened.language, 'de');
    assert.deepEqual(
      again.folded.answers.map(({ startSample }) => startSample),
      [48_000],
    );
    await again.close();
  });

  it('lists logs with how far they are', async () => {
    await left('a', 0, 16_000);
    const log = await store().begin('b', linesOf(openedAs(), written(answeredAt(0))));
    await log.append({ kind: 'prepared', sampleCount: 480_000, remarks: [] });
    await log.append({ kind: 'failed', track: 0, startSample: 16_000, endSample: 48_000, code: 'requestRefused' });
    await log.append({ kind: 'settled' });
    await fs.writeFile(path.join(folder(), 'transcripts', 'junk.jsonl'), 'junk\n');
    const facts = (await store().list()).map(({ id, isSettled, gapCount, doneS, totalS, isBusy, located }) => ({
      ...{ id, isSettled, gapCount, doneS, totalS, isBusy },
      isLocated: located !== undefined,
    }));
    assert.deepEqual(facts, [
      { id: 'a', isSettled: false, gapCount: 0, doneS: 2, totalS: 0, isBusy: false, isLocated: true },
      { id: 'b', isSettled: true, gapCount: 1, doneS: 3, totalS: 30, isBusy: true, isLocated: false },
    ]);
    await log.close();
    assert.ok((await store().list()).every(({ isBusy }) => !isBusy));
  });

  it('removes a log', async () => {
    await left('a', 0);
    await left('b', 0);
    await store().remove('a');
    await store().remove('a');
    assert.deepEqual(await names(), ['b.jsonl']);
    assert.equal(await store().open('a'), undefined);
  });

  it('gives the text for others without this machine’s paths, and whole lines alone', async () => {
    await left('a', 0);
    const log = await opened('a');
    await log.append({ ...LOCATED, note: 'file:///home/zoe/other.md' });
    await log.close();
    const file = path.join(folder(), 'transcripts', 'a.jsonl');
    await fs.appendFile(file, linesOf(written(LOCATED)).slice(0, -9));
    const text = await store().read('a');
    assert.ok(!text.includes('zoe'), text);
    assert.ok(text.endsWith('\n'));
    assert.deepEqual(
      parseLog(text).map(({ kind }) => kind),
      ['opened', 'answered'],
    );
  });

  it('tells that the disk is full', async function () {
    const place = await small(this, 1);
    await fs.writeFile(path.join(place, 'ballast'), Buffer.alloc(2 ** 20)).catch(() => undefined);
    const full = new FileTranscriptStore(place);
    await problemWith('diskFull', full.begin('a', linesOf(openedAs())));
    await fs.rm(path.join(place, 'ballast'));
    const log = await full.begin('a', linesOf(openedAs()));
    await log.close();
  });
});

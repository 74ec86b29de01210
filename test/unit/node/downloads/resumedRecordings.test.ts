import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import type { FileServer } from '../../../fakes/fileServer';
import { takeLock } from '../../../../src/node/system/fileLock';
import { assertAborts, problemWith } from '../problems';
import { events, fetched, recordingDownloads, soundBytes, TAGGED } from './recordingDownloads';

describe('WebRecordingDownloads: a download that breaks', () => {
  const { storage, serve, downloads, names } = recordingDownloads();

  const urlOf = (server: FileServer): string => `${server.origin}/talk.wav?key=1`;

  async function assertWhole(server: FileServer, file: string): Promise<void> {
    assert.ok((await fs.readFile(file)).equals(server.file.bytes), 'the file is the server’s');
  }

  /** Stops when so many bytes are here. */
  async function stopAt(server: FileServer, bytes: number): Promise<void> {
    server.faults.bytesPerS = 1_000_000;
    server.faults.dripBytes = 20_000;
    const stop = new AbortController();
    const run = (async () => {
      for await (const event of downloads().fetch(urlOf(server), {}, stop.signal))
        if (event.kind === 'downloading' && event.doneBytes >= bytes) stop.abort();
    })();
    await assertAborts(run);
    delete server.faults.bytesPerS;
    delete server.faults.dripBytes;
    server.requests.splice(0);
  }

  it('goes on where the connection broke, with the rest of the same file only', async () => {
    const server = await serve(TAGGED, { cuts: [100_000, 100_000] });
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [undefined, 'bytes=100000-', 'bytes=200000-']);
    assert.deepEqual(
      server.requests.map(({ headers }) => headers['if-range']),
      [undefined, '"one"', '"one"'],
    );
  });

  it('goes on by the size alone where the server tells nothing else', async () => {
    const server = await serve({}, { cuts: [100_000] });
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [undefined, 'bytes=100000-']);
  });

  it('begins anew where neither size nor tag is told', async () => {
    const server = await serve({}, { cuts: [100_000], hasNoLength: true });
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [undefined, undefined]);
  });

  it('takes the size from the rest where it was not told before', async () => {
    const server = await serve(TAGGED, { cuts: [100_000, 50_000], hasNoLength: true });
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [undefined, 'bytes=100000-', 'bytes=150000-']);
  });

  for (const fault of ['ignoresRanges', 'ignoresConditions'] as const) {
    it(`never mixes two files (${fault})`, async () => {
      const server = await serve(TAGGED, { cuts: [100_000], [fault]: true });
      const work = fetched(downloads(), urlOf(server));
      while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      Object.assign(server.file, { bytes: soundBytes(300_000, 2), etag: '"two"' });
      await assertWhole(server, (await work).path);
    });
  }

  it('begins anew where the server answers with another range', async () => {
    const server = await serve(TAGGED, { cuts: [100_000], beginsBefore: 1 });
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [undefined, 'bytes=100000-', undefined]);
  });

  it('tells a server that promises more than it has, and keeps what came', async () => {
    const server = await serve(TAGGED, { toldLength: 300_007 });
    const problem = await problemWith('downloadBroken', fetched(downloads(), urlOf(server)));
    assert.equal(problem.file, 'talk.wav');
  });

  it('waits out a server that is busy', async () => {
    const server = await serve(TAGGED, { refuse: { status: 503, times: 2 } });
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
  });

  it('gives up at a connection that always breaks, and says what is kept', async () => {
    const server = await serve(TAGGED, { cuts: [100_000, 0, 0, 0, 0, 0, 0, 0] });
    const one = downloads();
    const problem = await problemWith('downloadBroken', fetched(one, urlOf(server)));
    assert.equal(problem.host, server.host);
    const left = await one.unfinished(urlOf(server));
    assert.deepEqual(left, { name: 'talk.wav', doneBytes: 100_000, totalBytes: 300_000 });
  });

  it('stops at once, keeps what came, and goes on in another run', async () => {
    const server = await serve(TAGGED);
    await stopAt(server, 100_000);
    const left = await downloads().unfinished(urlOf(server));
    assert.ok(left && left.doneBytes >= 100_000 && left.doneBytes < 300_000);
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [`bytes=${left.doneBytes}-`]);
  });

  it('begins anew in another run where the file is another one by now', async () => {
    const server = await serve(TAGGED);
    await stopAt(server, 100_000);
    Object.assign(server.file, {
      bytes: soundBytes(250_000, 2),
      etag: '"two"',
      disposition: 'inline; filename=new.wav',
    });
    const recording = await fetched(downloads(), urlOf(server));
    await assertWhole(server, recording.path);
    assert.equal(recording.name, 'new.wav');
  });

  it('begins anew in another run where nothing tells the file from another', async () => {
    const server = await serve({});
    await stopAt(server, 100_000);
    await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    assert.deepEqual(server.ranges, [undefined]);
  });

  it('ends in the server’s file, wherever and however often it breaks', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), fc.boolean(), async (at, hasNoLength, isTagged) => {
        const server = await serve(
          { bytes: soundBytes(100_000, 3), ...(isTagged ? TAGGED : {}) },
          { cuts: at, hasNoLength },
        );
        await assertWhole(server, (await fetched(downloads(), `${urlOf(server)}${randomInt(1e9)}`)).path);
      }),
      { seed: 14, numRuns: 25 },
    );
  }).timeout(30_000);

  describe('and one that is here', () => {
    it('is taken as it is while the server has the same', async () => {
      const server = await serve(TAGGED);
      const first = await fetched(downloads(), urlOf(server));
      const told = await events(downloads(), urlOf(server));
      assert.deepEqual(told, [{ kind: 'downloaded', recording: first }]);
      assert.equal(server.requests.at(-1)?.headers['if-none-match'], '"one"');
      assert.equal(server.sentBytes, 300_000);
    });

    it('is taken by its size where the server tells nothing else, and where it is gone there', async () => {
      const server = await serve({});
      const first = await fetched(downloads(), urlOf(server));
      assert.deepEqual(await fetched(downloads(), urlOf(server)), first);
      server.faults.refuse = { status: 404, times: 1 };
      assert.deepEqual(await fetched(downloads(), urlOf(server)), first);
      Object.assign(server.file, { bytes: Buffer.from('<!doctype html>log in'), type: 'text/html' });
      assert.deepEqual(await fetched(downloads(), urlOf(server)), first);
      await server.close();
      assert.deepEqual(await fetched(downloads(), urlOf(server)), first);
    });

    it('is downloaded again where the server has another one', async () => {
      const server = await serve(TAGGED);
      await fetched(downloads(), urlOf(server));
      Object.assign(server.file, { bytes: soundBytes(200_000, 2), etag: '"two"' });
      await assertWhole(server, (await fetched(downloads(), urlOf(server))).path);
    });
  });

  it('keeps another window out of the same recording, not out of others', async () => {
    const server = await serve(TAGGED);
    await stopAt(server, 100_000);
    const [folder = ''] = await fs.readdir(storage());
    const lock = await takeLock(path.join(storage(), folder, '.lock'));
    assert.equal((await problemWith('transcriptBusy', fetched(downloads(), urlOf(server)))).file, 'talk.wav');
    await fetched(downloads(), `${server.origin}/other.wav`);
    await lock?.release();
    await fetched(downloads(), urlOf(server));
  });

  it('removes a recording whose text is safe, and nothing that is not its own', async () => {
    const server = await serve(TAGGED);
    const one = downloads();
    const recording = await fetched(one, urlOf(server));
    const elsewhere = path.join(path.dirname(storage()), 'mine.wav');
    await fs.writeFile(elsewhere, 'x');
    await one.remove({ path: elsewhere });
    await fs.access(elsewhere);
    await one.remove(recording);
    assert.deepEqual(await names(), []);
  });

  it('removes what nobody asked for again in a week, unless a window works on it', async () => {
    const server = await serve(TAGGED);
    for (const name of ['old', 'busy', 'new']) await fetched(downloads(), `${server.origin}/${name}.wav`);
    const week = new Date(Date.now() - 8 * 24 * 3_600_000);
    for (const folder of await fs.readdir(storage())) {
      const all = await fs.readdir(path.join(storage(), folder));
      if (all.includes('new.wav')) continue;
      if (all.includes('busy.wav')) await takeLock(path.join(storage(), folder, '.lock'));
      await fs.utimes(path.join(storage(), folder, '.download.json'), week, week);
      await fs.utimes(path.join(storage(), folder), week, week);
    }
    await downloads().removeOld();
    const left = (await names()).filter((name) => name.endsWith('.wav')).map((name) => path.basename(name));
    assert.deepEqual(left.sort(), ['busy.wav', 'new.wav']);
  });
});

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { problemWith } from '../problems';
import { smallFileSystem } from '../recordings/smallFileSystem';
import { events, fetched, recordingDownloads, soundBytes, TAGGED } from './recordingDownloads';

describe('WebRecordingDownloads', () => {
  const { storage, serve, downloads, names } = recordingDownloads();
  const small = smallFileSystem();
  const SECRET = '/talks/2026-03-01%20All%20hands.wav?token=secret-canary';

  it('brings a recording with its bytes, its name and its time, and tells how far it is', async () => {
    const server = await serve({ lastModified: 'Sun, 01 Mar 2026 14:00:00 GMT' });
    const told = await events(downloads(), server.origin + SECRET);
    const last = told.at(-1);
    assert.ok(last?.kind === 'downloaded');
    const { recording } = last;
    assert.equal(recording.name, '2026-03-01 All hands.wav');
    assert.equal(recording.sizeBytes, server.file.bytes.length);
    assert.equal(recording.modifiedMs, Date.UTC(2026, 2, 1, 14));
    assert.deepEqual(await fs.readFile(recording.path), server.file.bytes);
    assert.deepEqual(told.at(-2), {
      kind: 'downloading',
      name: '2026-03-01 All hands.wav',
      doneBytes: 300_000,
      totalBytes: 300_000,
    });
  });

  it('takes the name that the server tells, in no folder but its own', async () => {
    const server = await serve({ disposition: 'attachment; filename="../../../Team meeting.m4a"' });
    const recording = await fetched(downloads(), `${server.origin}/get?id=5`);
    assert.equal(recording.name, 'Team meeting.m4a');
    assert.equal(path.dirname(path.dirname(recording.path)), storage());
  });

  it('sends nothing that tells who asks, and writes the address down nowhere', async () => {
    const server = await serve({});
    const one = downloads();
    await fetched(one, server.origin + SECRET);
    const [request] = server.requests;
    assert.deepEqual(Object.keys(request?.headers ?? {}).sort(), [
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    for (const name of await names()) {
      assert.ok(!name.includes('canary'), name);
      const file = path.join(storage(), name);
      if ((await fs.stat(file)).isFile()) assert.ok(!(await fs.readFile(file)).includes('canary'), name);
    }
  });

  it('tells nothing of the address but its host when something goes wrong', async () => {
    const server = await serve({}, { refuse: { status: 404, times: 9 } });
    const failure: unknown = await fetched(downloads(), server.origin + SECRET).catch((error: unknown) => error);
    assert.ok(failure instanceof Error);
    assert.ok(!`${failure.stack ?? ''}${JSON.stringify(failure)}`.includes('canary'));
  });

  it('does not know the size where nobody tells it', async () => {
    const server = await serve({}, { hasNoLength: true });
    const told = await events(downloads(), `${server.origin}/a.wav`);
    assert.ok(told.every((event) => event.kind !== 'downloading' || event.totalBytes === undefined));
    const last = told.at(-1);
    assert.ok(last?.kind === 'downloaded');
    assert.deepEqual(await fs.readFile(last.recording.path), server.file.bytes);
  });

  describe('follows redirects', () => {
    it('to the end, and calls the recording by the address that was asked', async () => {
      const server = await serve({});
      server.faults.redirects = { '/talk.wav': '/a', '/a': '/b', '/b': '/files/7f3a' };
      assert.equal((await fetched(downloads(), `${server.origin}/talk.wav`)).name, 'talk.wav');
    });

    it('not to plain http on another machine, to a file or in a circle', async () => {
      const server = await serve({});
      for (const target of ['http://192.0.2.1/a.wav', 'file:///etc/passwd', '/talk.wav']) {
        server.faults.redirects = { '/talk.wav': target };
        const problem = await problemWith('recordingRefused', fetched(downloads(), `${server.origin}/talk.wav`));
        assert.deepEqual(problem, { code: 'recordingRefused', host: server.host, status: 302 });
      }
      assert.ok(server.requests.length < 15, 'a circle ends');
    });
  });

  describe('says what is wrong', () => {
    for (const status of [401, 403, 404, 410, 451]) {
      it(`where the server answers ${status}`, async () => {
        const server = await serve({}, { refuse: { status, times: 9 } });
        const problem = await problemWith('recordingRefused', fetched(downloads(), `${server.origin}/a.wav`));
        assert.deepEqual([problem.status, problem.host], [status, server.host]);
        assert.equal(server.requests.length, 1, 'it is not asked again');
        assert.deepEqual(await names(), []);
      });
    }

    it('where nobody answers', async () => {
      const server = await serve({});
      await server.close();
      const problem = await problemWith('recordingUnreachable', fetched(downloads(), `${server.origin}/a.wav`));
      assert.equal(problem.reason, 'ECONNREFUSED');
      await problemWith('recordingUnreachable', fetched(downloads(), 'https://recordings.invalid/a.wav'));
    });

    for (const [what, dripBytes] of [
      ['at once', 64_000],
      ['in drops', 3],
    ] as const) {
      it(`where a page comes in place of a recording, ${what}`, async () => {
        const bytes = Buffer.from(
          `\n<!-- hello -->\n<!DOCTYPE html><title>Please log in</title>${'<p>x</p>'.repeat(300)}`,
        );
        const server = await serve({ bytes, type: 'application/octet-stream' }, { dripBytes });
        const problem = await problemWith('recordingIsPage', fetched(downloads(), `${server.origin}/a.wav`));
        assert.equal(problem.host, server.host);
        assert.deepEqual(await names(), []);
      });
    }

    it('where the server calls it a page, unless it is sound all the same', async () => {
      const server = await serve({ type: 'text/html; charset=utf-8' });
      await fetched(downloads(), `${server.origin}/a.wav`);
      server.file.bytes = Buffer.from('<div class="player">'.padEnd(5000, '.'));
      await problemWith('recordingIsPage', fetched(downloads(), `${server.origin}/b.wav`));
    });

    it('where it is empty', async () => {
      const server = await serve({ bytes: Buffer.alloc(0) });
      assert.equal((await problemWith('fileEmpty', fetched(downloads(), `${server.origin}/a.wav`))).file, 'a.wav');
      assert.deepEqual(await names(), []);
    });

    it('where it is too large, before a byte is kept', async () => {
      const server = await serve({});
      const one = downloads({ largestBytes: 299_999 });
      const problem = await problemWith('recordingTooLarge', fetched(one, `${server.origin}/a.wav`));
      assert.deepEqual(problem, { code: 'recordingTooLarge', file: 'a.wav', limitBytes: 299_999 });
      assert.deepEqual(await names(), []);
    });

    it('where it has no end, at the largest size', async () => {
      const server = await serve({}, { isEndless: true });
      const one = downloads({ largestBytes: 2_000_000 });
      await problemWith('recordingTooLarge', fetched(one, `${server.origin}/a.wav`));
      assert.deepEqual(await names(), []);
    });

    it('where the disk has no room, before and meanwhile, and keeps what fitted', async function () {
      const folder = path.join(await small(this, 1), 'downloads');
      const server = await serve({ bytes: soundBytes(3_000_000), ...TAGGED });
      await problemWith('diskFull', fetched(downloads({ folder }), `${server.origin}/a.wav`));
      server.faults.hasNoLength = true;
      const one = downloads({ folder });
      await problemWith('diskFull', fetched(one, `${server.origin}/a.wav`));
      const left = await one.unfinished(`${server.origin}/a.wav`);
      assert.ok(left && left.doneBytes > 500_000, JSON.stringify(left));
    });

    it('where the address is none, without a request', async () => {
      await problemWith('urlInvalid', fetched(downloads(), 'http://example.com/a.mp3'));
      await problemWith('urlHasPassword', fetched(downloads(), 'https://u:p@example.com/a.mp3'));
      assert.deepEqual(await names(), []);
    });
  });

  describe('leaves a large recording where it is', () => {
    it('as soon as its size is told', async () => {
      const server = await serve({});
      assert.deepEqual((await events(downloads(), `${server.origin}/a.wav`, { leaveAboveBytes: 299_999 })).at(-1), {
        kind: 'left',
      });
      assert.deepEqual(await names(), []);
      const [small] = (await events(downloads(), `${server.origin}/a.wav`, { leaveAboveBytes: 300_000 })).slice(-1);
      assert.equal(small?.kind, 'downloaded');
    });

    it('or as soon as more has come, and goes on from there if it is wanted after all', async () => {
      const server = await serve(TAGGED, { hasNoLength: true });
      const one = downloads();
      assert.equal((await events(one, `${server.origin}/a.wav`, { leaveAboveBytes: 200_000 })).at(-1)?.kind, 'left');
      const { path: file } = await fetched(one, `${server.origin}/a.wav`);
      assert.deepEqual(await fs.readFile(file), server.file.bytes);
      assert.match(server.ranges.at(-1) ?? '', /^bytes=\d+-$/);
    });
  });
});

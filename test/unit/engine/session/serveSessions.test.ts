import assert from 'node:assert/strict';
import type http from 'node:http';
import net from 'node:net';
import { NEVER } from '../../../../src/core/async/never';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import { MAXIMUM_LINE_LENGTH, type SessionEvent, type SessionLine } from '../../../../src/core/sessionProtocol';
import { JobQueue } from '../../../../src/engine/api/jobQueue';
import type { Recogniser } from '../../../../src/engine/api/recogniser';
import { createServer } from '../../../../src/engine/api/server';
import { serveSessions } from '../../../../src/engine/session/serveSessions';
import { engineSession, SessionBroken } from '../../../../src/node/engine/engineSession';
import { silence, speech, synthesize, type Part } from '../../core/audio/syntheticSpeech';
import { assertAborts } from '../../node/problems';
import { CountingRecogniser } from './hearingOfClocks';

const TOKEN = 'a-token-of-the-test';
const BEGIN: SessionLine = { kind: 'begin', purpose: 'dictation', language: 'en' };

function audioLines(...parts: readonly Part[]): SessionLine[] {
  const { samples } = synthesize(...parts);
  const lines: SessionLine[] = [];
  for (let at = 0; at < samples.length; at += 4000) {
    const bytes = int16ToBytes(samples.slice(at, at + 4000));
    lines.push({ kind: 'audio', pcm: Buffer.from(bytes.buffer).toString('base64') });
  }
  return lines;
}

/** The engine's server with sessions on a loopback port, and its client. */
describe('serveSessions', () => {
  let server: http.Server;
  let port = 0;
  let recogniser: CountingRecogniser;

  beforeEach(() => serve((recogniser = new CountingRecogniser())));
  afterEach(() => {
    server.close();
  });

  async function serve(by: Recogniser): Promise<void> {
    const queue = new JobQueue();
    server = createServer(by, TOKEN, { queue, arrivalTimeoutMs: 200 });
    serveSessions(server, { recogniser: by, token: TOKEN, queue });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as net.AddressInfo);
  }

  async function hear(
    lines: Iterable<SessionLine> | AsyncIterable<SessionLine>,
    { token = TOKEN, base = '/v1', signal = NEVER } = {},
  ): Promise<SessionEvent[]> {
    const events: SessionEvent[] = [];
    const lease = { baseUrl: `http://127.0.0.1:${port}${base}`, token };
    async function* given(): AsyncGenerator<SessionLine> {
      yield* lines;
    }
    for await (const event of engineSession(lease, given, signal)) events.push(event);
    return events;
  }

  it('hears what comes, and ends behind it', async () => {
    const events = await hear([BEGIN, ...audioLines(silence(2), speech(3), silence(2)), { kind: 'end' }]);
    assert.deepEqual(
      events.filter(({ kind }) => kind !== 'words').map(({ kind }) => kind),
      ['utterance', 'ended'],
    );
    assert.equal(recogniser.jobs[0]?.priority, 'dictation');
    assert.equal(recogniser.jobs[0].isUrgent, true);
  });

  it('takes longer than any request may', async () => {
    async function* slowly(): AsyncGenerator<SessionLine> {
      yield BEGIN;
      await new Promise((resolve) => setTimeout(resolve, 600));
      yield* audioLines(silence(1));
      yield { kind: 'end' };
    }
    assert.deepEqual(await hear(slowly()), [{ kind: 'ended' }]);
  });

  it('ends where nothing was said, and where there was no audio', async () => {
    assert.deepEqual(await hear([BEGIN, ...audioLines(silence(3)), { kind: 'end' }]), [{ kind: 'ended' }]);
    assert.deepEqual(await hear([BEGIN, { kind: 'end' }]), [{ kind: 'ended' }]);
  });

  it('hears minutes that come at once without holding them', async () => {
    const minutes = audioLines(silence(2), ...Array.from({ length: 20 }, () => [speech(8), silence(1)]).flat());
    const events = await hear([BEGIN, ...minutes, { kind: 'end' }]);
    assert.equal(events.filter(({ kind }) => kind === 'utterance').length, 20);
    assert.equal(events.at(-1)?.kind, 'ended');
  });

  for (const [name, lines, code] of [
    ['a line that is none of the protocol', [BEGIN, { kind: 'sing' }], 'invalid_line'],
    ['a session that does not begin', [{ kind: 'end' }], 'invalid_line'],
    ['a language that the model does not know', [{ ...BEGIN, language: 'fr' }], 'unsupported_language'],
    ['too long a line', [BEGIN, { kind: 'audio', pcm: 'A'.repeat(MAXIMUM_LINE_LENGTH) }], 'invalid_line'],
  ] as const)
    it(`refuses ${name}`, async () => {
      const events = await hear(lines as readonly SessionLine[]);
      assert.deepEqual(
        events.map((event) => (event.kind === 'failed' ? event.code : event.kind)),
        [code],
      );
    });

  it('tells why a hearing failed', async () => {
    recogniser.recognise = () => Promise.reject(new Error('no luck'));
    const events = await hear([BEGIN, ...audioLines(silence(2), speech(3), silence(2)), { kind: 'end' }]);
    const last = events.at(-1);
    assert.ok(last?.kind === 'failed');
    assert.deepEqual([last.code, last.reason], ['internal_error', 'no luck']);
  });

  it('asks for the token, and knows one address', async () => {
    await assert.rejects(hear([BEGIN], { token: 'another' }), /answered 401/);
    await assert.rejects(hear([BEGIN], { base: '/v2' }), /answered 404/);
  });

  it('leaves requests as they are: one for the address is answered 404', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/minutes/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    assert.equal(response.status, 404);
  });

  it('stops the hearing when its client leaves', async () => {
    const stop = new AbortController();
    const stopped = new Promise<void>((resolve) => {
      recogniser.onDraft = async (signal) => {
        stop.abort();
        await new Promise<void>((go) => {
          signal.addEventListener('abort', () => {
            go();
          });
        });
        resolve();
      };
    });
    async function* endless(): AsyncGenerator<SessionLine> {
      yield BEGIN;
      for (const line of audioLines(silence(2), speech(20))) {
        yield line;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    await assertAborts(hear(endless(), { signal: stop.signal }));
    await stopped;
  });

  it('is left by its client where the lines fail', async () => {
    async function* failing(): AsyncGenerator<SessionLine> {
      yield BEGIN;
      await Promise.resolve();
      throw new Error('the file is gone');
    }
    await assert.rejects(hear(failing()), { message: 'the file is gone' });
  });

  it('is missed by its client when the connection breaks, or the other side is no engine', async () => {
    for (const answer of ['', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello\n']) {
      const other = net.createServer((socket) => {
        socket.once('data', () => socket.end(answer));
        socket.on('error', () => undefined);
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const own = port;
      ({ port } = other.address() as net.AddressInfo);
      await assert.rejects(hear([BEGIN]), SessionBroken);
      port = own;
      other.close();
    }
  });
});

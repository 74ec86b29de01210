import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { UNKNOWN_BUDGET } from '../../../../src/core/pacing/rateLimit';
import { SYSTEM_CLOCK } from '../../../../src/node/system/systemClock';
import { RawServer } from '../../../fakes/rawServer';
import type { ScriptedServer, ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error } from '../../../fakes/speechAnswers';
import { FrozenClock, TRANSPORTS } from './asking';
import { assertAborts } from '../problems';
import { ECHO, faultyRequests, GOOD, told } from './faultyRequests';

/** A promise and what fulfils it. */
function signalled(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

for (const [transportName, makeTransport] of Object.entries(TRANSPORTS)) {
  describe(`Faults through ${transportName}`, () => {
    const { current, folder, ask } = faultyRequests(makeTransport);
    let server: ScriptedServer;
    beforeEach(() => {
      server = current();
    });

    describe('in the middle of which somebody aborts', () => {
      it('before anything is sent', async () => {
        const { answer, parts } = ask({ signal: AbortSignal.abort() });
        await assertAborts(answer);
        assert.equal(server.connectionCount, 0);
        assert.equal(parts.limiter.leaseCount, 0);
      });

      it('in the queue', async () => {
        const clock = new FrozenClock();
        const bucket = { unit: 'requests', windowS: 60, capacity: 20, level: 0, knowledge: 'told' } as const;
        const budget = { ...UNKNOWN_BUDGET, buckets: [{ ...bucket, atMs: clock.nowMs() }] };
        const stop = new AbortController();
        const { answer, events, parts } = ask({ clock, budget, signal: stop.signal });
        const aborted = assertAborts(answer);
        await clock.sleeping(1);
        stop.abort();
        await aborted;
        assert.deepEqual(
          events.map((event) => (event.kind === 'waiting' ? event.cause : event.kind)),
          ['quota'],
        );
        assert.equal(server.connectionCount, 0);
        assert.equal(parts.limiter.leaseCount, 0);
      });

      it('while the audio is sent', async () => {
        // More than the buffers between two sockets hold.
        const sizeBytes = 64 * 1024 * 1024;
        const file = path.join(folder(), 'large.ogg');
        await fs.writeFile(file, '');
        await fs.truncate(file, sizeBytes);
        const arrived = signalled();
        const stubborn = await RawServer.start((socket) => {
          socket.once('data', () => {
            socket.pause();
            arrived.resolve();
          });
        });
        try {
          const stop = new AbortController();
          const mediaType = { ending: 'ogg', contentType: 'audio/ogg' } as const;
          const { answer, parts } = ask({
            changes: { audio: { kind: 'file', path: file, sizeBytes, mediaType } },
            server: { baseUrl: `${stubborn.origin}/v1` },
            signal: stop.signal,
          });
          const aborted = assertAborts(answer);
          await arrived.promise;
          stop.abort();
          await aborted;
          assert.deepEqual(parts.limiter.words, ['failed']);
        } finally {
          await stubborn.close();
        }
      });

      for (const [name, script] of Object.entries({
        'while nothing comes': { hang: true },
        'while the answer drips': { ...GOOD, dripMs: 50 },
      } satisfies Record<string, ScriptedAnswer>)) {
        it(`${name}: the connection ends, and the request counts`, async () => {
          server.play([script]);
          const stop = new AbortController();
          const { answer, parts } = ask({ signal: stop.signal });
          const aborted = assertAborts(answer);
          await server.received(1);
          stop.abort();
          await aborted;
          await server.requests[0]?.over;
          assert.deepEqual(parts.limiter.words, ['failed'], 'the server may have counted it');
        });
      }

      for (const [name, refusal] of Object.entries({
        'during a wait that was asked for': error(429, { message: ECHO, headers: { 'retry-after': '600' } }),
        'during a wait after a failure': told(503),
      })) {
        it(`${name}: no second request`, async () => {
          server.play([refusal]);
          const clock = new FrozenClock();
          const stop = new AbortController();
          const { answer, events } = ask({ clock, signal: stop.signal });
          const aborted = assertAborts(answer);
          await clock.sleeping(1);
          stop.abort();
          await aborted;
          assert.equal(server.requests.length, 1);
          assert.equal(events.at(-1)?.kind, 'waiting');
        });
      }

      it('during a wait on the system’s own clock, long before it is over', async () => {
        server.play([error(429, { headers: { 'retry-after': '600' } })]);
        const stop = new AbortController();
        const { answer } = ask({
          clock: {
            nowMs: () => SYSTEM_CLOCK.nowMs(),
            sleep: (ms, signal) => {
              // The sleep has begun when this turn is over.
              setImmediate(() => {
                stop.abort();
              });
              return SYSTEM_CLOCK.sleep(ms, signal);
            },
          },
          signal: stop.signal,
        });
        await assertAborts(answer);
        assert.equal(server.requests.length, 1);
      });
    });
  });
}

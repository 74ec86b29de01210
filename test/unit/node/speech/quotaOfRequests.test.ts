import assert from 'node:assert/strict';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import { UNKNOWN_BUDGET } from '../../../../src/core/pacing/rateLimit';
import type { ScriptedServer } from '../../../fakes/scriptedServer';
import { error, openAiJson, spoken } from '../../../fakes/speechAnswers';
import { answerOf, type TestParts } from './asking';
import { problemWith } from '../problems';
import { httpTranscribers } from './httpTranscribers';

describe('HttpTranscriber', () => {
  const { current, newParts, folder, audio, request, transcriber, ask } = httpTranscribers();
  let server: ScriptedServer;
  let parts: TestParts;
  beforeEach(() => {
    ({ server, parts } = current());
  });

  describe('keeps to the quota', () => {
    /** Three seconds pass until the first request may start. */
    function empty(): TestParts {
      const bucket = { unit: 'requests', windowS: 60, capacity: 20, level: 0, knowledge: 'told' } as const;
      const atMs = parts.clock.nowMs();
      parts = newParts({ ...UNKNOWN_BUDGET, buckets: [{ ...bucket, atMs }] });
      return parts;
    }

    it('and says how long it waits for it', async () => {
      server.play([openAiJson(spoken('Good.'))]);
      const nowMs = empty().clock.nowMs();
      const events: RequestEvent[] = [];
      await answerOf(transcriber().transcribe(request(), NEVER), events);
      assert.deepEqual(events.slice(0, 2), [
        { kind: 'waiting', host: server.host, untilMs: nowMs + 3000, cause: 'quota' },
        { kind: 'asking' },
      ]);
      assert.deepEqual(
        parts.log.entries.map(({ kind }) => kind),
        ['waiting', 'sent', 'answered'],
      );
    });

    for (const kind of ['waiting', 'asking'] as const) {
      it(`and gives back what it holds where the reader leaves while it is ${kind}`, async () => {
        empty();
        for await (const event of transcriber().transcribe(request(), NEVER)) if (event.kind === kind) break;
        assert.equal(server.connectionCount, 0);
        // A lease that nobody ends would stop everything behind it.
        assert.equal(parts.limiter.words.length, parts.limiter.leaseCount);
        server.play([openAiJson(spoken('Good.'))]);
        assert.equal((await ask()).text, 'Good.');
      });
    }

    it('and counts requests that failed, but none that never left', async () => {
      server.play([{ reset: 'beforeHeaders' }, error(503), openAiJson(spoken('Good.'))]);
      await ask();
      assert.deepEqual(parts.limiter.words.splice(0), ['failed', 'answered', 'answered']);
      await problemWith('fileUnreadable', ask({ file: { ...audio(), path: path.join(folder(), 'gone.wav') } }));
      await problemWith('keyRejected', ask({}, { key: 'a\nb' }));
      assert.deepEqual(parts.limiter.words.splice(0), ['release', 'release']);
      parts.limiter.leaseCount = 0;
    });
  });
});

import assert from 'node:assert/strict';
import type http from 'node:http';
import { FakeRecogniser, HELLO } from './fakeRecogniser';
import { engineRequests, form, type Answer } from './engineRequests';

describe('createServer', () => {
  const { serve, engine, request, post } = engineRequests();

  describe('has one recogniser', () => {
    it('and runs requests one at a time', async () => {
      const recogniser = await serve(
        new FakeRecogniser(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return HELLO;
        }),
      );
      const answers = await Promise.all(Array.from({ length: 8 }, () => post(form())));
      assert.ok(answers.every(({ status }) => status === 200));
      assert.deepEqual([recogniser.jobs.length, recogniser.mostAtOnce], [8, 1]);
    });

    it('that serves a dictation before the files that came earlier', async () => {
      const order: string[] = [];
      let [begun, end] = [(): void => undefined, (): void => undefined];
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const isEnded = new Promise<void>((resolve) => (end = resolve));
      await serve(
        new FakeRecogniser(async ({ prompt = '' }) => {
          order.push(prompt);
          begun();
          await isEnded;
          return HELLO;
        }),
      );
      const first = post(form([['prompt', 'first file']]));
      await isBegun;
      const others: Promise<Answer>[] = [];
      for (const [name, priority] of [
        ['second file', 'file'],
        ['dictation', 'dictation'],
      ] as const) {
        const read = new Promise((resolve) =>
          engine().server.once('request', (message: http.IncomingMessage) => message.once('end', resolve)),
        );
        others.push(
          post(
            form([
              ['prompt', name],
              ['priority', priority],
            ]),
          ),
        );
        await read;
      }
      // A request without a turn is answered after all before it were read.
      await request('/v1/models');
      end();
      await Promise.all([first, ...others]);
      assert.deepEqual(order, ['first file', 'dictation', 'second file']);
    });

    it('that is told when its client has gone, and then serves the next', async () => {
      let [begun, aborted] = [(): void => undefined, (): void => undefined];
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const isAborted = new Promise<void>((resolve) => (aborted = resolve));
      const recogniser = await serve(
        new FakeRecogniser(async ({ signal }) => {
          if (recogniser.jobs.length > 1) return HELLO;
          begun();
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => {
              resolve();
            });
          });
          aborted();
          return HELLO;
        }),
      );
      const stop = new AbortController();
      const leaving = assert.rejects(post(form(), stop.signal), { name: 'AbortError' });
      await isBegun;
      stop.abort();
      await leaving;
      await isAborted;
      assert.equal((await post(form())).status, 200);
    });

    it('that never hears of a client who left while waiting', async () => {
      let [begun, end] = [(): void => undefined, (): void => undefined];
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const isEnded = new Promise<void>((resolve) => (end = resolve));
      const recogniser = await serve(
        new FakeRecogniser(async () => {
          begun();
          await isEnded;
          return HELLO;
        }),
      );
      const first = post(form());
      await isBegun;
      const stop = new AbortController();
      const gone = new Promise<void>((resolve) => {
        engine().server.once('request', (_, response: http.ServerResponse) => {
          response.once('close', resolve);
          // It waits behind the first.
          setImmediate(() => {
            stop.abort();
          });
        });
      });
      await assert.rejects(post(form(), stop.signal), { name: 'AbortError' });
      await gone;
      end();
      assert.equal((await first).status, 200);
      assert.equal((await post(form())).status, 200);
      assert.equal(recogniser.jobs.length, 2);
    });

    it('whose other clients are served while it works', async () => {
      let end = (): void => undefined;
      const isEnded = new Promise<void>((resolve) => (end = resolve));
      await serve(
        new FakeRecogniser(async () => {
          await isEnded;
          return HELLO;
        }),
      );
      const running = post(form());
      assert.equal((await request('/v1/models')).status, 200);
      end();
      assert.equal((await running).status, 200);
    });
  });
});

import assert from 'node:assert/strict';
import type { RecordedRequest, ScriptedAnswer, ScriptedServer } from '../../../fakes/scriptedServer';
import { openAiJson, spoken, whisperCpp } from '../../../fakes/speechAnswers';
import { ImpatientClock, TRANSPORTS } from './asking';
import { faultyRequests } from './faultyRequests';

/** What this server can be like. */
interface Kind {
  /** Whether the header with its name arrives: a proxy may replace it. */
  readonly isNamed?: boolean;
  /** Whether it is started so that it finds out no language beside the one that it writes in. */
  readonly tellsNoLanguage?: boolean;
  /** What it hears for a request whose language is not named; it takes every such audio for English. */
  readonly heard?: 'french' | 'english';
  /** Where it serves, below its root. */
  readonly path?: string;
}

/** whisper.cpp's server, started with an inference path of OpenAI's. */
function whisperCppServer({ isNamed = true, tellsNoLanguage = false, heard = 'french', path }: Kind = {}): (
  request: RecordedRequest,
) => ScriptedAnswer {
  return ({ path: asked, fields }) => {
    const named: Readonly<Record<string, string>> = isNamed ? { server: 'whisper.cpp' } : {};
    if (asked !== (path ?? '/v1/audio/transcriptions')) {
      return { status: 404, headers: { ...named, 'content-type': 'text/plain' }, body: `File Not Found (${asked})` };
    }
    const field = (wanted: string): string | undefined => fields.find(([name]) => name === wanted)?.[1];
    const language = field('language') ?? 'en';
    const isFrench = (language === 'auto' && heard === 'french') || language === 'fr';
    const said = { ...spoken(isFrench ? 'Bonjour à tous.' : 'Hello all.'), language: isFrench ? 'french' : 'english' };
    if (field('response_format') !== 'verbose_json') return { ...openAiJson(said), headers: named };
    const silent = tellsNoLanguage || field('no_language_probabilities') === 'true';
    const answer = whisperCpp(said, silent ? {} : { detected_language: heard });
    return { ...answer, headers: { ...answer.headers, ...named } };
  };
}

for (const [transportName, makeTransport] of Object.entries(TRANSPORTS)) {
  describe(`whisper.cpp’s server under OpenAI’s address, through ${transportName}`, () => {
    const { current, ask, askAgain, failureOf, assertWhole } = faultyRequests(makeTransport);
    let server: ScriptedServer;
    beforeEach(() => {
      server = current();
    });

    const fieldOf = (index: number, name: string): string | undefined =>
      server.requests[index]?.fields.find(([field]) => field === name)?.[1];
    const asked = (): unknown[] =>
      server.requests.map(({ path }, i) => [path.replace(/^\/v1\/audio/, ''), fieldOf(i, 'language')]);

    for (const [sign, kind] of [
      ['its name', { tellsNoLanguage: true }],
      ['the language that it found', { isNamed: false }],
    ] as const) {
      it(`is known by ${sign}, and asked again where it took French for English`, async () => {
        server.play(whisperCppServer(kind));
        const first = ask();
        assert.equal((await first.answer).text, 'Bonjour à tous.');
        assert.deepEqual(asked(), [
          ['/transcriptions', undefined],
          ['/transcriptions', 'auto'],
        ]);
        assert.equal(fieldOf(1, 'no_language_probabilities'), 'true');
        assert.equal(first.parts.clock.nowMs(), new ImpatientClock().nowMs(), 'nobody waits for that');
        // It is remembered, also in the next window.
        assert.equal((await askAgain(first.parts).answer).text, 'Bonjour à tous.');
        assert.equal((await ask().answer).text, 'Bonjour à tous.');
        assert.deepEqual(
          asked().slice(-2),
          Array.from({ length: 2 }, () => ['/transcriptions', 'auto']),
        );
        assertWhole();
      });
    }

    it('is not asked again where the language is right, and remembered', async () => {
      server.play(whisperCppServer({ heard: 'english' }));
      const first = ask();
      assert.equal((await first.answer).text, 'Hello all.');
      await askAgain(first.parts).answer;
      assert.deepEqual(asked(), [
        ['/transcriptions', undefined],
        ['/transcriptions', 'auto'],
      ]);
    });

    it('is not asked again where the language was named', async () => {
      server.play(whisperCppServer());
      const first = ask({ changes: { language: 'fr' } });
      assert.equal((await first.answer).text, 'Bonjour à tous.');
      await askAgain(first.parts).answer;
      assert.deepEqual(asked(), [
        ['/transcriptions', 'fr'],
        ['/transcriptions', 'auto'],
      ]);
    });

    it('is asked again where it cut inside a word', async () => {
      const cut = ['Der Stand ih', 'res Projekts.'];
      const broken = {
        language: 'german',
        detected_language: 'german',
        text: ` ${cut.join('\n')}\n`,
        segments: cut.map((text, i) => ({ id: i, text: i === 0 ? ` ${text}` : text, start: i, end: i + 1 })),
      };
      server.play([{ body: JSON.stringify(broken) }, whisperCpp(spoken(cut.join('')))]);
      const { text, segments } = await ask({ changes: { language: 'de' } }).answer;
      assert.deepEqual([text, segments.length], ['Der Stand ihres Projekts.', 1]);
      assert.equal(fieldOf(1, 'max_len'), '10000');
    });

    it('is asked again where a text without times says nothing of its language', async () => {
      server.play(whisperCppServer());
      const first = ask();
      const plain = { dialect: 'openai', format: 'json', prompt: 'whole', upload: 'flac' } as const;
      await first.answer;
      const other = 'another-model';
      await first.parts.shapes.set(server.baseUrl, other, plain);
      server.requests.length = 0;
      assert.equal((await askAgain(first.parts, { model: other }).answer).text, 'Bonjour à tous.');
      assert.deepEqual(asked(), [
        ['/transcriptions', undefined],
        ['/transcriptions', 'auto'],
      ]);
      assert.equal(fieldOf(1, 'response_format'), 'json');
    });

    it('translates at its one address, and that from then on', async () => {
      server.play(whisperCppServer());
      const first = ask({ changes: { task: 'translate' } });
      await first.answer;
      await askAgain(first.parts, { task: 'translate' }).answer;
      assert.deepEqual(asked(), [
        ['/translations', undefined],
        ['/transcriptions', 'auto'],
        ['/transcriptions', 'auto'],
      ]);
      assert.equal(fieldOf(1, 'translate'), 'true');
    });

    it('translates at its usual address where it knows neither of OpenAI’s', async () => {
      server.play(whisperCppServer({ path: '/inference' }));
      const first = ask({ changes: { task: 'translate' } });
      await first.answer;
      await askAgain(first.parts, { task: 'translate' }).answer;
      assert.deepEqual(
        server.requests.map(({ path }) => path),
        ['/v1/audio/translations', '/v1/audio/transcriptions', '/inference', '/inference'],
      );
    });

    it('fails as any other server where the second request fails', async () => {
      server.play([whisperCppServer()(request()), { status: 400, body: '{"error":"out of memory"}' }]);
      assert.equal((await failureOf(ask())).code, 'requestRefused');
      assert.equal(server.requests.length, 2);
    });

    it('is nobody else', async () => {
      for (const name of ['uvicorn', 'whisper', 'nginx']) {
        const answer = whisperCpp({ ...spoken('Hello there.'), language: 'en' });
        server.play([{ ...answer, headers: { ...answer.headers, server: name } }]);
        const first = ask();
        await first.answer;
        assert.deepEqual(await first.parts.shapes.get(server.baseUrl, 'whisper-large-v3-turbo'), {}, name);
      }
      assert.equal(server.requests.length, 3);
    });
  });
}

/** A request as the first of a run. */
function request(): RecordedRequest {
  return {
    method: 'POST',
    path: '/v1/audio/transcriptions',
    headers: {},
    body: Buffer.alloc(0),
    fields: [['response_format', 'verbose_json']],
    files: [],
    over: Promise.resolve(),
  };
}

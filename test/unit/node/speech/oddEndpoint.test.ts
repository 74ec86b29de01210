import assert from 'node:assert/strict';
import type { Answer } from '../../../../src/core/model';
import { MAXIMUM_ATTEMPTS } from '../../../../src/core/pacing/retryPolicy';
import { ODD, type OddAnswer } from '../../../fakes/oddEndpoint';
import { problemWith } from '../problems';
import { httpTranscribers, MODEL, type RequestChanges } from './httpTranscribers';

/** Longer than any time that the servers tell. */
const LONG: RequestChanges = { chunk: { startSample: 0, endSample: 448_000 } };

type Read = Omit<Answer, 'model'>;

function read(text: string, ...segments: Answer['segments']): Read {
  return { text, segments, words: [] };
}

function at(startS: number, endS: number, text: string): Answer['segments'][number] {
  return { startS, endS, text };
}

const PARTS = [1, 2, 3].map((number) => read(`Part ${number}.`, at(0, 2, `Part ${number}.`)));
const [ONE = read(''), , THREE = read('')] = PARTS;
const NOTHING_SECOND = [ONE, read(''), THREE];

type Name = Exclude<keyof typeof ODD, 'errorAs200'>;

/** What is read of the answers, one after the other. */
const EXPECTED: Readonly<Record<Name, readonly Read[]>> = {
  bareNaN: [read('Hello there.', at(0, 2, 'Hello there.'))],
  bareNaNOnce: [ONE, read('Second.', at(0, 2, 'Second.')), THREE],
  byteOrderMark: [read('With bom.', at(0, 2, 'With bom.'))],
  latin1: [read('Grüße aus Köln.')],
  halfCharacter: [read('Half \ufffd char', at(0, 1, 'Half \ufffd char'))],
  gzip: [read('Zipped.')],

  nullText: NOTHING_SECOND,
  nullTextAlone: NOTHING_SECOND,
  emptyBody: NOTHING_SECOND,
  emptyObject: NOTHING_SECOND,
  noContent: NOTHING_SECOND,
  noSpeech500: NOTHING_SECOND,

  blankAudio: [read(''), read('Real text.', at(0, 2, 'Real text.')), read('')],
  whisperTags: [{ ...read('Hello there.', at(0, 2, 'Hello there.')), language: 'en' }],
  senseVoiceTags: [{ ...read('你好世界。'), language: 'zh' }],
  milliseconds: [
    {
      ...read('One. Two.', at(0, 2, 'One.'), at(2, 9, 'Two.')),
      words: [at(0.1, 1.9, 'One.'), at(2.1, 9, 'Two.')],
      durationS: 28,
    },
  ],
  timesThatFall: [read('A b c.', at(5, 5, 'A'), at(1, 3, 'b'), at(1e9, 2e9, 'c.'))],
  lostSegment: [
    read(
      'First sentence. Second sentence which is only in the text.',
      at(0, 2, 'First sentence.'),
      at(2, 28, 'Second sentence which is only in the text.'),
    ),
  ],
  emptySegments: [read('All of the text.')],
  segmentsByKey: [read('Keyed text.', at(0, 2, 'Keyed text.'))],
  jsonString: [read('Just a JSON string.')],
  plainText: [read('Plain text in place of JSON.')],
  belowData: [read('Wrapped text.')],
  inList: [read('In a list.')],
  belowResult: [read('In result.')],
  timestampPairs: [read('Chunked hello.', at(0, 2, 'Chunked hello.'))],
  jsonLines: [read('One Two')],
  lineBreaks: [
    read(
      'Line one.\nLine two.\n\n# Not a heading\n- not a list',
      at(0, 2, 'Line one.\n\nLine two.'),
      at(2, 4, '# Not a heading'),
      at(4, 6, '```js'),
    ),
  ],
  sameTwice: [read('Same. Same.', at(0, 1, 'Same.'), at(0, 1, 'Same.'))],
  unknownLanguage: [read('Bonjour.', at(0, 2, 'Bonjour.'))],

  // The third request is sent again; the server counts it as its fourth.
  busyOnce: [ONE, PARTS[1] ?? ONE, read('Part 4.', at(0, 2, 'Part 4.'))],
};

describe('A server that answers oddly', () => {
  const { current, ask } = httpTranscribers();
  const play = (answer: OddAnswer): void => {
    current().server.play((_, index) => answer(index + 1));
  };

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`is understood: ${name}`, async () => {
      play(ODD[name as Name]);
      for (const answer of expected) assert.deepEqual(await ask(LONG), { ...answer, model: MODEL });
      assert.equal(current().server.requests.length, expected.length + (name === 'busyOnce' ? 1 : 0));
    });
  }

  it('is not asked again where it found no speech in a chunk, but in an audio of any length: noSpeech500', async () => {
    const { server, parts } = current();
    server.play(() => ODD.noSpeech500(2));
    assert.equal((await ask(LONG)).text, '');
    assert.equal(server.requests.length, 1);
    assert.deepEqual(parts.limiter.words, ['answered']);
    const audio = { kind: 'url', url: 'https://example.org/meeting.mp3' } as const;
    const { reason } = await problemWith('endpointFailed', ask({ audio }));
    assert.equal(reason, 'No clip timestamps found');
    assert.equal(server.requests.length, 1 + MAXIMUM_ATTEMPTS);
  });

  it('with an error in place of a text is quoted: errorAs200', async () => {
    play(ODD.errorAs200);
    assert.match((await problemWith('responseUnreadable', ask(LONG))).reason, /model is loading/);
  });
});

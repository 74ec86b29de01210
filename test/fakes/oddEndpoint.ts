import { gzipSync } from 'node:zlib';
import type { ScriptedAnswer } from './scriptedServer';

/** What a server that answers oddly says to its request with this number, from 1. Every way was seen at some server. */
export type OddAnswer = (request: number) => ScriptedAnswer;

interface OddSegment {
  readonly start: number | string;
  readonly end: number | string;
  readonly text: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };

function json(body: unknown, status = 200): ScriptedAnswer {
  return { status, headers: JSON_TYPE, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function segment(start: number | string, end: number | string, text: string): OddSegment & { readonly id: number } {
  return { id: 0, start, end, text };
}

/** A good answer, which tells the request's number. */
function part(request: number): ScriptedAnswer {
  return json({ text: `Part ${request}.`, segments: [segment(0, 2, ` Part ${request}.`)] });
}

/** Good answers, but to the second request. */
function second(odd: ScriptedAnswer): OddAnswer {
  return (request) => (request === 2 ? odd : part(request));
}

function always(answer: ScriptedAnswer): OddAnswer {
  return () => answer;
}

const SHAPES = {
  blankAudio: (request) =>
    request % 2 === 1
      ? json({ text: ' [BLANK_AUDIO]', segments: [segment(0, 2, ' [BLANK_AUDIO]')] })
      : json({ text: 'Real text.', segments: [segment(0, 2, ' Real text.')] }),
  whisperTags: always(
    json({
      text: '<|startoftranscript|><|en|><|transcribe|><|0.00|> Hello there.<|2.00|><|endoftext|>',
      segments: [segment(0, 2, '<|0.00|> Hello there.<|2.00|>')],
    }),
  ),
  senseVoiceTags: always(json({ text: '<|zh|><|NEUTRAL|><|Speech|><|withitn|>你好世界。' })),
  milliseconds: always(
    json({
      text: 'One. Two.',
      duration: 28_000,
      segments: [segment(0, 2000, ' One.'), segment(2000, 9000, ' Two.')],
      words: [
        { word: 'One.', start: 100, end: 1900 },
        { word: 'Two.', start: 2100, end: 9000 },
      ],
    }),
  ),
  timesThatFall: always(
    json({ text: 'A b c.', segments: [segment(5, 4, ' A'), segment(1, 3, ' b'), segment(1e9, 2e9, ' c.')] }),
  ),
  lostSegment: always(
    json({
      text: 'First sentence. Second sentence which is only in the text.',
      segments: [segment(0, 2, ' First sentence.')],
    }),
  ),
  emptySegments: always(json({ text: 'All of the text.', segments: [] })),
  segmentsByKey: always(json({ text: 'Keyed text.', segments: { 0: segment(0, 2, ' Keyed text.') } })),
  jsonString: always(json('"Just a JSON string."')),
  plainText: always({ headers: { 'content-type': 'text/plain' }, body: 'Plain text in place of JSON.' }),
  belowData: always(json({ data: { text: 'Wrapped text.' } })),
  inList: always(json([{ text: 'In a list.' }])),
  belowResult: always(json({ result: { text: 'In result.' } })),
  timestampPairs: always(json({ text: 'Chunked hello.', chunks: [{ timestamp: [0, 2], text: ' Chunked hello.' }] })),
  jsonLines: always(json('{"text":"One"}\n{"text":"Two"}\n')),
  lineBreaks: always(
    json({
      text: 'Line one.\r\nLine two.\n\n# Not a heading\n- not a list',
      segments: [segment(0, 2, ' Line one.\n\nLine two.'), segment(2, 4, ' # Not a heading'), segment(4, 6, ' ```js')],
    }),
  ),
  sameTwice: always(json({ text: 'Same. Same.', segments: [segment(0, 1, ' Same.'), segment(0, 1, ' Same.')] })),
  unknownLanguage: always(json({ text: 'Bonjour.', language: 'unknown', segments: [segment('0', '2', ' Bonjour.')] })),
} satisfies Readonly<Record<string, OddAnswer>>;

const BYTES = {
  bareNaN: always(
    json(
      '{"text":"Hello there.","segments":[{"start":0.0,"end":2.0,"text":" Hello there.","avg_logprob":NaN,"no_speech_prob":nan}]}',
    ),
  ),
  bareNaNOnce: second(
    json('{"text":"Second.","segments":[{"start":0.0,"end":2.0,"text":" Second.","avg_logprob":NaN}]}'),
  ),
  byteOrderMark: always(
    json(`\ufeff${JSON.stringify({ text: 'With bom.', segments: [segment(0, 2, ' With bom.')] })}`),
  ),
  latin1: always({
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    body: Buffer.from(JSON.stringify({ text: 'Grüße aus Köln.', segments: [] }), 'latin1'),
  }),
  halfCharacter: always(
    json(String.raw`{"text":"Half \ud83d char","segments":[{"start":0,"end":1,"text":"Half \ud83d char"}]}`),
  ),
  gzip: always({
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ text: 'Zipped.', segments: [] })),
  }),
} satisfies Readonly<Record<string, OddAnswer>>;

const NOTHING = {
  nullText: second(json({ text: null, segments: [] })),
  nullTextAlone: second(json({ text: null })),
  emptyBody: second(json('')),
  emptyObject: second(json({})),
  noContent: second({ status: 204 }),
  noSpeech500: second(json({ detail: 'No clip timestamps found' }, 500)),
} satisfies Readonly<Record<string, OddAnswer>>;

const FAILURES = {
  errorAs200: always(json({ error: { message: 'model is loading' } })),
  busyOnce: (request) => (request === 3 ? json({ error: 'busy' }, 503) : part(request)),
} satisfies Readonly<Record<string, OddAnswer>>;

/** All of them, by what is odd. */
export const ODD = { ...SHAPES, ...BYTES, ...NOTHING, ...FAILURES };

// The scripted server of the benchmark of long recordings, a process of its own: its work and its memory are not the clients'. Tells its port to its parent.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server tells at the message `figures`. */
export interface ServerFigures {
  readonly requests: number;
  /** From the end of each request to its answer, added up. */
  readonly servedMs: number;
  /** The most requests that were worked on at the same time. */
  readonly mostAtOnce: number;
}

const ANSWER_MS = 300;
const AT_ONCE = 4;
/** The form's fields lie before the file or behind it; neither is so long. */
const LOOKED_AT_BYTES = 4096;
const WORDS_PER_S = 2.5;
const WORDS_OF_SEGMENT = 10;
const VOCABULARY = 'we should look at the numbers again before somebody decides about the release on Tuesday'.split(
  ' ',
);
const SAMPLE_RATE_HZ = 16_000;

let requests = 0;
let servedMs = 0;
let mostAtOnce = 0;
let atWork = 0;
const waiting: (() => void)[] = [];

const server = http.createServer((request, response) => {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  request.on('data', (block: Buffer) => {
    if (head.length < LOOKED_AT_BYTES) head = Buffer.concat([head, block.subarray(0, LOOKED_AT_BYTES)]);
    tail = Buffer.concat([tail, block.subarray(-LOOKED_AT_BYTES)]).subarray(-LOOKED_AT_BYTES);
  });
  request.on('end', () => {
    const body = Buffer.from(answerFor(flacSeconds(head), Buffer.concat([head, tail]).includes('granularities')));
    const begin = (): void => {
      atWork++;
      mostAtOnce = Math.max(mostAtOnce, atWork);
      const begunMs = performance.now();
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
        response.end(body);
        requests++;
        servedMs += performance.now() - begunMs;
        atWork--;
        waiting.shift()?.();
      }, ANSWER_MS);
    };
    if (atWork < AT_ONCE) begin();
    else waiting.push(begin);
  });
});

/** The length that a FLAC's STREAMINFO tells (RFC 9639, section 8.2). */
function flacSeconds(head: Buffer): number {
  const at = head.indexOf('fLaC');
  if (at < 0) throw new Error('The request holds no FLAC.');
  const upper = head.readUInt8(at + 21) % 16;
  return (upper * 2 ** 32 + head.readUInt32BE(at + 22)) / SAMPLE_RATE_HZ;
}

/** Somebody speaks all the time, two and a half words a second. */
function answerFor(lengthS: number, hasWords: boolean): string {
  const words = Array.from({ length: Math.floor(lengthS * WORDS_PER_S) }, (_, i) => ({
    word: VOCABULARY[i % VOCABULARY.length] ?? '',
    start: i / WORDS_PER_S,
    end: (i + 0.8) / WORDS_PER_S,
  }));
  const segments: object[] = [];
  for (let first = 0; first < words.length; first += WORDS_OF_SEGMENT) {
    const own = words.slice(first, first + WORDS_OF_SEGMENT);
    segments.push({
      id: segments.length,
      seek: 0,
      start: own[0]?.start,
      end: own.at(-1)?.end,
      text: ` ${own.map(({ word }) => word).join(' ')}.`,
      tokens: own.map((_, i) => 50_365 + i),
      temperature: 0,
      avg_logprob: -0.25,
      compression_ratio: 1.2,
      no_speech_prob: 0,
    });
  }
  const text = ` ${words.map(({ word }) => word).join(' ')}`;
  const whole = { task: 'transcribe', language: 'English', duration: lengthS, text, segments };
  return JSON.stringify(hasWords ? { ...whole, words } : whole);
}

server.keepAliveTimeout = 60_000;
// Imported for its types as well.
if (process.send) {
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.on('message', () => process.send?.({ requests, servedMs, mostAtOnce } satisfies ServerFigures));
  process.once('disconnect', () => process.exit());
}

import { assert } from 'chai';
import fc from 'fast-check';
import {
  parseSessionEvent,
  parseSessionLine,
  type SessionEvent,
  type SessionLine,
} from '../../../src/core/sessionProtocol';
import { SEED } from './random';

const WORD = { text: ' hello', startS: 0.5, endS: 0.9 };

const LINES: readonly SessionLine[] = [
  { kind: 'begin', purpose: 'meeting' },
  { kind: 'begin', purpose: 'dictation', language: 'de', prompt: 'Kubernetes.' },
  { kind: 'audio', pcm: 'AAAA' },
  { kind: 'terms', prompt: '' },
  { kind: 'end' },
];

const EVENTS: readonly SessionEvent[] = [
  { kind: 'words', settled: [WORD], tentative: [], heardS: 1.25 },
  { kind: 'utterance', startSample: 0, endSample: 16_000, answer: { text: 'hello' } },
  { kind: 'pace', isLive: false },
  { kind: 'ended' },
  { kind: 'failed', code: 'invalid_line', reason: 'no luck' },
];

describe('parseSessionLine and parseSessionEvent', () => {
  for (const line of LINES)
    it(`read what a client says: ${JSON.stringify(line)}`, () => {
      assert.deepEqual(parseSessionLine(JSON.stringify(line)), line);
    });
  for (const event of EVENTS)
    it(`read what the engine says: ${JSON.stringify(event)}`, () => {
      assert.deepEqual(parseSessionEvent(JSON.stringify(event)), event);
    });

  it('refuse a message that lacks a field or has another kind of value there', () => {
    const others = [null, 7, 'x', true, [], {}, [7], undefined];
    const parsers = [
      ...LINES.map((line) => ({ line, parse: parseSessionLine })),
      ...EVENTS.map((line) => ({ line, parse: parseSessionEvent })),
    ];
    for (const { line, parse } of parsers) {
      const needed = Object.keys(line).filter(
        (name) => !['language', 'prompt'].includes(name) || line.kind === 'terms',
      );
      for (const name of needed) {
        const given: unknown = (line as Readonly<Record<string, unknown>>)[name];
        for (const other of others) {
          const isSameKind = typeof other === typeof given && Array.isArray(other) === Array.isArray(given);
          if (isSameKind && name !== 'kind' && !(Array.isArray(other) && other.length > 0)) continue;
          assert.isUndefined(parse(JSON.stringify({ ...line, [name]: other })), `${name}: ${JSON.stringify(other)}`);
        }
      }
    }
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        parseSessionLine(line);
        parseSessionEvent(line);
      }),
      { seed: SEED },
    );
  });
});

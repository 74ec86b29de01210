import { assert } from 'chai';
import fc from 'fast-check';
import { LOG_VERSION, type WrittenEntry } from '../../../../src/core/transcript/logEntries';
import { logLine, openedOf, parseLog } from '../../../../src/core/transcript/parseLog';
import { fold } from '../../../../src/core/transcript/transcriptLog';
import { SEED } from '../random';
import { ENTRY_KINDS } from './anyEntries';
import { answeredEntry, anyLog, chunkOf, OPENED, written } from './anyHistory';

const NOTHING = { segments: [], gaps: [], writers: [] };

function textOf(entries: readonly WrittenEntry[]): string {
  return entries.map(logLine).join('');
}

describe('parseLog', () => {
  for (const [kind, entries] of ENTRY_KINDS) {
    it(`reads what was written: ${kind}`, () => {
      fc.assert(
        fc.property(entries, fc.nat(2 ** 42), (entry, writtenMs) => {
          const line = logLine({ ...entry, writtenMs });
          assert.strictEqual(line.indexOf('\n'), line.length - 1, 'one line');
          assert.deepStrictEqual(parseLog(line), [{ ...entry, writtenMs }]);
        }),
        { seed: SEED, numRuns: 200 },
      );
    });
  }

  it('reads the same where lines come twice, git left its marks, or lines end as on Windows', () => {
    const marks = ['<<<<<<< HEAD', '=======', '>>>>>>> 1a2b3c (notes)', '||||||| base', ''];
    const additions = fc.array(fc.tuple(fc.nat(40), fc.constantFrom(...marks)), { maxLength: 6 });
    const doubled = fc.array(fc.nat(40), { maxLength: 4 });
    fc.assert(
      fc.property(anyLog, additions, doubled, fc.constantFrom('\n', '\r\n'), (entries, added, twice, eol) => {
        const lines = entries.map((entry) => logLine(entry).trimEnd());
        const expected = parseLog(textOf(entries));
        assert.deepStrictEqual(expected, entries);
        const changed = [...lines];
        // Both sides of a merge have a line; the second may lie anywhere behind.
        for (const n of twice) {
          const from = n % lines.length;
          const at = changed.indexOf(lines[from] ?? '') + 1 + (n % 3);
          changed.splice(at, 0, lines[from] ?? '');
        }
        for (const [at, mark] of added) changed.splice(at % (changed.length + 1), 0, mark);
        assert.deepStrictEqual(parseLog(changed.join(eol) + eol), expected);
        assert.deepStrictEqual(fold(parseLog(changed.join(eol))), fold(entries));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('reads the whole lines of a log that was cut off anywhere', () => {
    fc.assert(
      fc.property(anyLog, fc.double({ min: 0, max: 1, noNaN: true }), (entries, share) => {
        const text = textOf(entries);
        const length = Math.floor(share * text.length);
        let end = 0;
        const whole = entries.filter((entry) => {
          end += logLine(entry).length;
          // The line break may be missing: the entry is whole all the same.
          return end - 1 <= length;
        });
        assert.deepStrictEqual(parseLog(text.slice(0, length)), whole);
        assert.deepStrictEqual(fold(parseLog(text.slice(0, length))), fold(whole));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('does not read a newer version’s log, nor what is none', () => {
    const answer = answeredEntry(chunkOf(0, 4));
    const others: readonly object[] = [
      { ...OPENED, version: LOG_VERSION + 1 },
      { ...OPENED, version: '1' },
      { ...OPENED, schema: 'other' },
      { ...OPENED, recording: { name: 'a.wav' } },
      { ...OPENED, task: 'sing' },
    ];
    for (const other of others) {
      const entries = parseLog(`${JSON.stringify(other)}\n${logLine({ ...answer, writtenMs: 1 })}`);
      assert.isUndefined(openedOf(entries), JSON.stringify(other));
      assert.deepStrictEqual(fold(entries), NOTHING);
    }
    assert.deepStrictEqual(fold(parseLog('')), NOTHING);
  });

  it('leaves out kinds that it does not know, and entries that lack something', () => {
    const answer = written([answeredEntry(chunkOf(0, 4))]);
    const odd: readonly unknown[] = [
      { kind: 'dreamt', writtenMs: 3 },
      { kind: 'toString', writtenMs: 3 },
      { kind: 'planned', track: 0, startSample: 0, endSample: 8 },
      { kind: 'planned', track: 0, startSample: 8, endSample: 4, writtenMs: 3 },
      { kind: 'planned', track: -1, startSample: 0, endSample: 4, writtenMs: 3 },
      { kind: 'failed', track: 0, startSample: 0.5, endSample: 4, code: 'c', writtenMs: 3 },
      { kind: 'located', origin: 'moon', recording: 'a', writtenMs: 3 },
      [{ kind: 'settled', writtenMs: 3 }],
      null,
      3,
    ];
    const text = textOf(answer) + odd.map((one) => `${JSON.stringify(one)}\n`).join('');
    assert.deepStrictEqual(parseLog(text), answer);
  });

  it('leaves out what an answer lacks, not the answer', () => {
    const chunk = chunkOf(0, 4);
    const answer = { kind: 'answered', track: 0, ...chunk, model: 'm', text: 'T.', writtenMs: 3 };
    const odd = { ...answer, segments: [{ text: 'no time' }, 5], words: 'none', unheard: [{ startS: 'x' }], host: 7 };
    assert.deepStrictEqual<unknown>(parseLog(JSON.stringify(odd)), [{ ...answer, segments: [], words: [] }]);
  });
});

import { assert } from 'chai';
import fc from 'fast-check';
import type { AnsweredEntry, TranscriptEntry, WrittenEntry } from '../../../../src/core/transcript/logEntries';
import { logLine, parseLog } from '../../../../src/core/transcript/parseLog';
import { fold, openedEntry, TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { SEED } from '../random';

const OPENED = openedEntry({ recording: { name: 'a.wav', sizeBytes: 1, modifiedMs: 2 }, task: 'transcribe' });
/** Samples in a second. */
const S = 16_000;

const range = (startS: number, endS: number) => ({ track: 0, startSample: startS * S, endSample: endS * S });

function answered(startS: number, endS: number, text: string): AnsweredEntry {
  const lengthS = endS - startS;
  return {
    kind: 'answered',
    ...range(startS, endS),
    model: 'm',
    text,
    segments: text === '' ? [] : [{ startS: 0, endS: lengthS, text, averageLogProbability: -0.5 }],
    words: text.split(' ').map((word, i) => ({ startS: i / 10, endS: i / 10 + 0.05, text: word, probability: 0.9 })),
  };
}

const planned = (startS: number, endS: number): TranscriptEntry => ({ kind: 'planned', ...range(startS, endS) });
const failed = (startS: number, endS: number): TranscriptEntry => ({
  kind: 'failed',
  ...range(startS, endS),
  code: 'endpointFailed',
});

function written(entries: readonly TranscriptEntry[]): WrittenEntry[] {
  return [OPENED, ...entries].map((entry, i) => ({ ...entry, writtenMs: i }));
}

const textOf = (entries: readonly WrittenEntry[]): string => entries.map(logLine).join('');

/** The history of some chunks of 20 s: each is planned, and then answered, failed, retried, cut, or nothing of these. */
const HISTORIES = fc
  .array(fc.constantFrom('answered', 'failed', 'retried', 'cut', 'halfCut', 'pending'), { maxLength: 8 })
  .map((kinds) =>
    written(
      kinds.flatMap((kind, i) => {
        const [from, to] = [20 * i, 20 * i + 18];
        const first = answered(from, from + 9, `First half of ${i}.`);
        switch (kind) {
          case 'answered':
            return [planned(from, to), answered(from, to, `Said in ${i}.`)];
          case 'failed':
            return [planned(from, to), failed(from, to)];
          case 'retried':
            return [planned(from, to), failed(from, to), answered(from, to, `At last ${i}.`)];
          case 'cut':
            return [failed(from, to), planned(from, from + 9), first, answered(from + 9, to, `Second half of ${i}.`)];
          case 'halfCut':
            return [failed(from, to), planned(from, from + 9), planned(from + 9, to), first];
          case 'pending':
            return [planned(from, to)];
        }
      }),
    ),
  );

describe('fold', () => {
  it('gives segments and words with ids, probabilities and times of the recording, and gaps', () => {
    const { segments, gaps, writers } = fold(written([answered(20, 38, 'Good morning.'), failed(40, 58)]));
    assert.deepStrictEqual<unknown>(segments, [
      {
        id: '0-320000-0',
        track: 0,
        startS: 20,
        endS: 38,
        text: 'Good morning.',
        averageLogProbability: -0.5,
        words: [
          { startS: 20, endS: 20.05, text: 'Good', probability: 0.9 },
          { startS: 20.1, endS: 20.15, text: 'morning.', probability: 0.9 },
        ],
      },
    ]);
    assert.deepStrictEqual<unknown>(gaps, [
      {
        kind: 'failed',
        id: 'gap-0-640000',
        track: 0,
        chunk: { startSample: 640_000, endSample: 928_000 },
        startS: 40,
        endS: 58,
        code: 'endpointFailed',
      },
    ]);
    assert.deepStrictEqual(writers, [{ model: 'm' }]);
  });

  it('is the same for any double line, conflict marks, line ends, and any order of what happened', () => {
    const marks = fc.constantFrom(
      '<<<<<<< HEAD',
      '=======',
      '>>>>>>> other',
      '||||||| base',
      '',
      '{"kind":"future"}',
      '{"kind"',
    );
    fc.assert(
      fc.property(
        HISTORIES,
        fc.infiniteStream(fc.nat()),
        fc.array(marks),
        fc.constantFrom('\n', '\r\n'),
        (entries, numbers, noise, eol) => {
          const expected = fold(entries);
          const [first = '', ...rest] = textOf(entries).trimEnd().split('\n');
          const next = (): number => Number(numbers.next().value);
          const doubled = rest.flatMap((line) => (next() % 3 === 0 ? [line, line] : [line]));
          for (const mark of noise) doubled.splice(next() % (doubled.length + 1), 0, mark);
          assert.deepStrictEqual(fold(parseLog([first, ...doubled].join(eol) + eol)), expected);
          // Within the file, what happened to a chunk may come in any order.
          const shuffled = rest.map((line) => ({ line, key: next() })).sort((a, b) => a.key - b.key);
          const lines = [first, ...shuffled.map(({ line }) => line)];
          assert.deepStrictEqual(fold(parseLog(lines.join('\n'))), expected);
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('leaves out a last line that was cut off, wherever the cut is', () => {
    fc.assert(
      fc.property(HISTORIES, fc.nat(), (entries, at) => {
        const text = textOf(entries);
        const cut = text.slice(0, at % (text.length + 1));
        const whole = cut.slice(0, cut.lastIndexOf('\n') + 1);
        // A line whose break alone is missing is whole.
        const expected = fold(parseLog(text.startsWith(`${cut}\n`) ? `${cut}\n` : whole));
        assert.deepStrictEqual(fold(parseLog(cut)), expected);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('gives the same transcript in whatever order gaps are filled, and keeps the ids of all else', () => {
    fc.assert(
      fc.property(HISTORIES, fc.infiniteStream(fc.nat()), (entries, numbers) => {
        const before = fold(entries);
        const answers = before.gaps.map(({ startS, endS }) => answered(startS, endS, `Filled at ${startS}.`));
        const filled = (order: readonly TranscriptEntry[]) =>
          fold([...entries, ...order.map((entry, i) => ({ ...entry, writtenMs: 1000 + i }))]);
        const expected = filled(answers);
        const shuffled = answers
          .map((entry) => ({ entry, key: Number(numbers.next().value) }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        assert.deepStrictEqual(filled(shuffled), expected);
        assert.isEmpty(expected.gaps);
        const ids = new Set(expected.segments.map(({ id }) => id));
        assert.isTrue(before.segments.every(({ id }) => ids.has(id)));
        assert.lengthOf(expected.segments, before.segments.length + answers.length);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('takes for a gap what is left of a failed chunk that was cut and answered in part', () => {
    const { gaps, segments } = fold(written([failed(0, 18), planned(0, 9), planned(9, 18), answered(0, 9, 'Half.')]));
    assert.deepStrictEqual(
      [gaps.map(({ startS, endS }) => [startS, endS]), segments.map(({ text }) => text)],
      [[[9, 18]], ['Half.']],
    );
  });

  it('fills a stretch that an answer left unheard, and nothing else of that answer', () => {
    const outer = { ...answered(0, 18, 'Heard.'), unheard: [{ startS: 5, endS: 8 }] };
    const before = fold(written([outer]));
    assert.deepStrictEqual(
      before.gaps.map(({ kind, startS, endS }) => [kind, startS, endS]),
      [['unheard', 5, 8]],
    );
    const after = fold(written([outer, answered(5, 8, 'Now.'), answered(10, 12, 'Not asked for.')]));
    assert.isEmpty(after.gaps);
    assert.deepStrictEqual(
      after.segments.map(({ text }) => text),
      ['Heard.', 'Now.'],
    );
  });

  it('writes a correction in the place of what was heard, and knows speakers', () => {
    const { segments } = fold(
      written([
        answered(0, 18, 'Cube control.'),
        { kind: 'corrected', segment: '0-0-0', text: 'kubectl.' },
        { kind: 'speaker', segments: ['0-0-0'], speaker: 's1' },
      ]),
    );
    assert.deepInclude(segments[0], { text: 'kubectl.', heard: 'Cube control.', speaker: 's1' });
  });

  it('reads no log of a newer version, and nothing that does not begin as a log', () => {
    const newer = textOf(written([answered(0, 18, 'So.')])).replace('"version":1', '"version":2');
    assert.isEmpty(fold(parseLog(newer)).segments);
    assert.isEmpty(fold(parseLog('no log')).segments);
  });
});

describe('parseLog', () => {
  it('gives back every kind of entry as it was written', () => {
    const entries = written([
      { kind: 'located', origin: 'file', recording: 'file:///a.wav', note: 'file:///a.md' },
      { kind: 'captured', track: 1, fromSample: 0, wallTimeMs: 5 },
      { kind: 'paused', track: 0, fromSample: 16, wallTimeMs: 6 },
      { kind: 'muted', ...range(1, 2) },
      { kind: 'lost', track: 0, fromSample: 99, wallTimeMs: 7, reason: 'unplugged' },
      { kind: 'prepared', sampleCount: 100, isTruncated: true },
      planned(0, 18),
      failed(0, 18),
      {
        ...answered(0, 18, 'So.'),
        host: 'example.org',
        language: 'de',
        durationS: 18,
        unheard: [{ startS: 1, endS: 2 }],
      },
      { kind: 'spoken', language: 'fr' },
      { kind: 'corrected', segment: '0-0-0', text: 'x' },
      { kind: 'reheard', ...range(0, 18), model: 'other', text: 'x' },
      { kind: 'judged', segment: '0-0-0', as: 'accepted' },
      { kind: 'speaker', segments: ['0-0-0'], speaker: 's1' },
      { kind: 'named', who: 's1', name: 'Ada' },
      { kind: 'marked', atS: 3.5, text: 'here' },
      { kind: 'placed', note: 'a.md', blocks: [{ id: 'title', order: -4, text: '# a' }], removed: ['gap-0-0'] },
      { kind: 'settled' },
    ]);
    assert.deepStrictEqual(parseLog(textOf(entries)), entries);
  });
});

describe('TranscriptLog', () => {
  it('counts an entry that the disk refuses, and writes it with the next', async () => {
    const lines: string[] = [];
    let isFull = true;
    const sink = {
      append: (text: string) => {
        if (isFull) return Promise.reject(new Error('full'));
        lines.push(text);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const log = new TranscriptLog(written([]), sink, () => 7);
    await log.append(answered(0, 18, 'One.'));
    assert.lengthOf(log.fold().segments, 1);
    isFull = false;
    await log.append({ kind: 'settled' });
    assert.deepStrictEqual(
      parseLog(lines.join('')).map(({ kind }) => kind),
      ['answered', 'settled'],
    );
    assert.isTrue(log.isSettled);
  });
});

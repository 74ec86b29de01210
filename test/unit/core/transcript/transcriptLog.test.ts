import { assert } from 'chai';
import fc from 'fast-check';
import type { TranscriptEntry, WrittenEntry } from '../../../../src/core/transcript/logEntries';
import { logLine, parseLog } from '../../../../src/core/transcript/parseLog';
import { fold, TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { keptTranscript } from '../../../../src/core/transcript/transcriptStore';
import { FakeLog } from '../fakes';
import { SEED, seededRandom } from '../random';
import { answeredEntry, anyLog, chunkOf, historyOf, OPENED, S, written } from './anyHistory';

const CHUNK = chunkOf(0, 4);

function shuffled<Value>(values: readonly Value[], seed: number): Value[] {
  const random = seededRandom(seed);
  return values
    .map((value) => [random(), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

describe('TranscriptLog', () => {
  it('amounts to the same in any order of what became of the chunks', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (entries, seed) => {
        const [opened = OPENED, ...others] = entries;
        const changed = [opened, ...shuffled([...others, ...others], seed)];
        assert.deepStrictEqual(fold(changed), fold(entries));
        assert.deepStrictEqual(new TranscriptLog(changed).folded, new TranscriptLog(entries).folded);
        assert.deepStrictEqual(new TranscriptLog(changed).cut(0), new TranscriptLog(entries).cut(0));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('covers every chunk: by an answer, a gap or what is pending, and has no two segments or gaps of one id', () => {
    fc.assert(
      fc.property(anyLog, (entries) => {
        const log = new TranscriptLog(entries);
        const { segments, gaps } = log.fold();
        const ids = [...segments, ...gaps].map(({ id }) => id);
        assert.lengthOf(new Set(ids), ids.length);
        const { answers, pending } = log.folded;
        const parts = [...answers, ...gaps.map(({ chunk }) => chunk), ...pending];
        let at = 0;
        for (const { startSample, endSample } of parts.sort((a, b) => a.startSample - b.startSample)) {
          assert.isAtMost(startSample, at, 'nothing is left out');
          at = Math.max(at, endSample);
        }
        assert.strictEqual(at, Math.max(0, ...log.cut(0).map(({ endSample }) => endSample)));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('keeps the ids of all segments and gaps where gaps are filled, in any order', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (entries, seed) => {
        const log = new TranscriptLog(entries);
        let known = log.fold();
        for (const gap of shuffled(known.gaps, seed)) {
          void log.append(answeredEntry(gap.chunk, { model: 'late' }));
          const now = log.fold();
          const before = new Map(known.segments.map((segment) => [segment.id, segment]));
          const others = now.segments.filter(({ id }) => before.has(id));
          assert.deepStrictEqual(others, [...known.segments], 'nothing else changed');
          assert.deepStrictEqual(
            now.gaps,
            known.gaps.filter(({ id }) => id !== gap.id),
          );
          const fresh = now.segments.filter(({ id }) => !before.has(id));
          assert.lengthOf(fresh, Math.round(gap.endS - gap.startS));
          assert.isTrue(fresh.every(({ startS, endS }) => startS >= gap.startS && endS <= gap.endS));
          known = now;
        }
        assert.isEmpty(known.gaps);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('fills exactly the stretch that was unheard', () => {
    const texts = (entries: readonly TranscriptEntry[]): string[] =>
      fold(written(entries)).segments.map(({ text }) => text);
    assert.deepStrictEqual(texts(historyOf(CHUNK, 'unheard')), ['Second 2.', 'Second 3.']);
    assert.deepStrictEqual(texts(historyOf(CHUNK, 'refilled')), ['Second 0.', 'Second 1.', 'Second 2.', 'Second 3.']);
  });

  it('names those who wrote it, each once, and takes the first language that was told', () => {
    const entries = [
      answeredEntry(chunkOf(8, 12), { model: 'large', host: 'a.org', language: 'fr' }),
      answeredEntry(chunkOf(0, 4), { model: 'large' }),
      answeredEntry(chunkOf(4, 8), { model: 'large', host: 'a.org', language: 'de' }),
    ];
    const { writers, language } = fold(written(entries));
    assert.deepStrictEqual(writers, [{ model: 'large' }, { host: 'a.org', model: 'large' }]);
    assert.strictEqual(language, 'de');
    assert.strictEqual(fold(written([...entries, { kind: 'spoken', language: 'nl' }])).language, 'nl');
    assert.notProperty(fold(written([answeredEntry(CHUNK)])), 'language');
  });

  it('has the last correction of a segment, what was heard, and who spoke', () => {
    const [{ id } = assert.fail('no segment'), other] = fold(written([answeredEntry(CHUNK)])).segments;
    const entries = written([
      answeredEntry(CHUNK),
      { kind: 'corrected', segment: id, text: 'First.' },
      { kind: 'corrected', segment: id, text: 'Last.' },
      { kind: 'speaker', segments: [id, 'gone'], speaker: 's1' },
    ]);
    const [opened = OPENED, answer = OPENED, first = OPENED, last = OPENED, speaker = OPENED] = entries;
    for (const order of [entries, [opened, answer, last, first, speaker]]) {
      const { segments } = fold(order);
      assert.deepInclude(segments[0], { text: 'Last.', heard: 'Second 0.', speaker: 's1' });
      assert.deepStrictEqual(segments[1], other);
    }
  });

  it('knows the note’s blocks, in their order', () => {
    const block = (id: string, order: number, text = id): { id: string; order: number; text: string } => {
      return { id, order, text };
    };
    const log = new TranscriptLog(
      written([
        { kind: 'placed', note: 'a.md', blocks: [block('b', 2), block('title', -4), block('a', 1)], removed: [] },
        { kind: 'placed', note: 'a.md', blocks: [block('c', 1.5), block('b', 2, 'new')], removed: ['a'] },
      ]),
    );
    assert.deepStrictEqual(log.placed, [block('title', -4), block('c', 1.5), block('b', 2, 'new')]);
  });

  it('writes each entry with its time, and plans no chunk twice', async () => {
    const { log, ...kept } = new FakeLog();
    const chunk = chunkOf(4, 8);
    await log.append(answeredEntry(CHUNK), { kind: 'settled' });
    await log.plan(0, [CHUNK, chunk]);
    await log.plan(0, [CHUNK, chunk]);
    await log.plan(1, [chunk]);
    assert.deepStrictEqual(
      kept.entries.map((entry) => (entry.kind === 'planned' ? [entry.track, entry.startSample] : entry.kind)),
      ['answered', 'settled', [0, chunk.startSample], [1, chunk.startSample]],
    );
    assert.isTrue(log.isSettled);
  });

  it('has an entry that could not be written, and writes it with the next, or when it is closed', async () => {
    for (const end of ['append', 'close'] as const) {
      let [text, isFull, isClosed] = ['', true, false];
      const sink = {
        append: async (lines: string) => {
          await Promise.resolve();
          if (isFull) throw new Error('the disk is full');
          text += lines;
        },
        close: async () => {
          await Promise.resolve();
          isClosed = true;
        },
      };
      const log = new TranscriptLog([OPENED], sink);
      await log.append(answeredEntry(CHUNK));
      assert.isDefined(log.answerFor(0, CHUNK));
      await log.append({ kind: 'spoken', language: 'de' });
      isFull = false;
      await (end === 'append' ? log.append({ kind: 'settled' }) : log.close());
      const kinds = parseLog(text).map(({ kind }) => kind);
      assert.deepStrictEqual(kinds, ['answered', 'spoken', ...(end === 'append' ? ['settled'] : [])]);
      assert.strictEqual(isClosed, end === 'close');
    }
  });

  it('goes on from what it wrote', async () => {
    const { log, ...kept } = new FakeLog();
    for (const entry of historyOf(CHUNK, 'failsThenCut')) await log.append(entry);
    const lines = [OPENED, ...kept.entries].map((entry: WrittenEntry) => logLine(entry)).join('');
    assert.deepStrictEqual(new TranscriptLog(parseLog(lines)).folded, log.folded);
  });
});

describe('keptTranscript', () => {
  it('tells how far everything is text or a gap, also where a later chunk is answered first', () => {
    const prepared = { kind: 'prepared', sampleCount: 40 * S, remarks: [] } as const;
    const about = (entries: readonly TranscriptEntry[]): Record<string, unknown> => {
      const { doneS, totalS, gapCount } = keptTranscript('id', new TranscriptLog(written(entries)));
      return { doneS, totalS, gapCount };
    };
    assert.deepStrictEqual(about([]), { doneS: 0, totalS: 0, gapCount: 0 });
    const begun = [prepared, ...historyOf(chunkOf(0, 8), 'answered'), ...historyOf(chunkOf(8, 16), 'fails')];
    assert.deepStrictEqual(about(begun), { doneS: 16, totalS: 40, gapCount: 1 });
    const overtaken = [...begun, ...historyOf(chunkOf(16, 24), 'nothing'), ...historyOf(chunkOf(24, 32), 'answered')];
    assert.deepStrictEqual(about(overtaken), { doneS: 16, totalS: 40, gapCount: 1 });
  });
});

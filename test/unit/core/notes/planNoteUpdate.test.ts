import { assert } from 'chai';
import fc from 'fast-check';
import { editedText } from '../../../../src/core/notes/editedText';
import { planNoteUpdate } from '../../../../src/core/notes/planNoteUpdate';
import { joinBlocks, noteBlocks, type NoteFacts } from '../../../../src/core/notes/renderNote';
import type { PlacedBlock } from '../../../../src/core/transcript/logEntries';
import type { Gap, Transcript, TranscriptSegment } from '../../../../src/core/model';
import { SEED } from '../random';

const FACTS: NoteFacts = {
  name: 'talk.wav',
  recordedAt: new Date(2026, 10, 29, 10, 0),
  lengthS: 300,
  labels: {
    recording: 'Recording',
    length: 'Length',
    date: 'Date',
    engine: 'Engine',
    translation: 'Translation',
    stopped: (at, of) => `Stopped at ${at} of ${of}.`,
    notUnderstood: (from, to) => `Not understood: ${from}–${to}`,
    notTranscribed: (from, to) => `Not transcribed: ${from}–${to}`,
    incomplete: (count) => `Incomplete: ${count}`,
    doubtful: '(?)',
  },
};

/** How long a chunk is. */
const CHUNK_S = 20;
const CHUNK_SAMPLES = CHUNK_S * 16_000;

function segmentsOf(chunk: number): TranscriptSegment[] {
  const startS = chunk * CHUNK_S;
  return [0, 1].map((i) => ({
    id: `0-${startS * 16_000}-${i}`,
    track: 0,
    words: [],
    startS: startS + 8 * i,
    endS: startS + 8 * i + 5,
    text: `Chunk ${chunk}, sentence ${i}.`,
  }));
}

function gapOf(chunk: number): Gap {
  const startSample = chunk * CHUNK_SAMPLES;
  return {
    kind: 'failed',
    id: `gap-0-${startSample}`,
    track: 0,
    chunk: { startSample, endSample: startSample + CHUNK_SAMPLES },
    startS: chunk * CHUNK_S,
    endS: (chunk + 1) * CHUNK_S,
    code: 'endpointFailed',
  };
}

function transcriptWithout(failed: ReadonlySet<number>, chunkCount: number): Transcript {
  const all = Array.from({ length: chunkCount }, (_, i) => i);
  return {
    segments: all.filter((i) => !failed.has(i)).flatMap(segmentsOf),
    gaps: all.filter((i) => failed.has(i)).map(gapOf),
    writers: [],
  };
}

/** Applies a plan as the shell does. The edits come in order and do not overlap. */
function updated(document: string, written: readonly PlacedBlock[], wanted: readonly PlacedBlock[]): string {
  const edits = planNoteUpdate(document, written, wanted);
  let done = 0;
  for (const { offset, removedLength } of edits) {
    assert.isAtLeast(offset, done);
    done = offset + removedLength;
  }
  assert.isAtMost(done, document.length);
  return editedText(document, edits);
}

const CASES = fc.integer({ min: 1, max: 8 }).chain((chunkCount) =>
  fc.record({
    chunkCount: fc.constant(chunkCount),
    order: fc.shuffledSubarray(Array.from({ length: chunkCount }, (_, i) => i)),
    eol: fc.constantFrom('\n', '\r\n'),
    typed: fc.array(fc.record({ at: fc.nat(60), kind: fc.constantFrom('before', 'into', 'instead') }), {
      maxLength: 6,
    }),
  }),
);

describe('planNoteUpdate', () => {
  it('fills the gaps of an untouched note in any order, and the note is that of a run without gaps', () => {
    fc.assert(
      fc.property(CASES, ({ chunkCount, order }) => {
        const failed = new Set(order);
        let blocks = noteBlocks(transcriptWithout(failed, chunkCount), FACTS);
        let document = joinBlocks(blocks);
        for (const chunk of order) {
          failed.delete(chunk);
          const wanted = noteBlocks(transcriptWithout(failed, chunkCount), FACTS);
          document = updated(document, blocks, wanted);
          blocks = wanted;
        }
        assert.strictEqual(document, joinBlocks(noteBlocks(transcriptWithout(new Set(), chunkCount), FACTS)));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('never touches what the user wrote around gaps or into paragraphs, and places every text once', () => {
    fc.assert(
      fc.property(CASES, ({ chunkCount, order, eol, typed }) => {
        const failed = new Set(order);
        let blocks = noteBlocks(transcriptWithout(failed, chunkCount), FACTS);
        const lines = joinBlocks(blocks).split('\n');
        const mine: string[] = [];
        typed.forEach(({ at, kind }, i) => {
          const line = at % lines.length;
          const own = `mine ${i}`;
          const isGap = lines[line]?.startsWith('>') === true;
          if (kind === 'before' || isGap) lines.splice(line, 0, own, '');
          else if (kind === 'into') lines[line] = `${lines[line] ?? ''} ${own}`;
          else lines[line] = own;
        });
        mine.push(...lines.filter((line) => line.includes('mine ')));
        let document = lines.join(eol);
        for (const chunk of order) {
          failed.delete(chunk);
          const wanted = noteBlocks(transcriptWithout(failed, chunkCount), FACTS);
          document = updated(document, blocks, wanted);
          blocks = wanted;
        }
        const left = document.split(/\r?\n/);
        assert.deepStrictEqual(
          left.filter((line) => line.includes('mine ')),
          mine,
        );
        for (const chunk of order) {
          for (const { text } of segmentsOf(chunk)) {
            assert.lengthOf(
              left.filter((line) => line.includes(text)),
              1,
              document,
            );
          }
        }
        assert.notInclude(document, 'Not transcribed');
        assert.notInclude(document, 'Incomplete');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('takes out a gap in which nothing was said', () => {
    const before = noteBlocks(transcriptWithout(new Set([1]), 3), FACTS);
    const full = transcriptWithout(new Set(), 3);
    const wanted = noteBlocks(
      { ...full, segments: full.segments.filter(({ startS }) => Math.floor(startS / CHUNK_S) !== 1) },
      FACTS,
    );
    assert.strictEqual(updated(joinBlocks(before), before, wanted), joinBlocks(wanted));
  });

  it('puts what follows in the place of the mark of a run that stopped', () => {
    const first = transcriptWithout(new Set(), 1);
    const stopped = noteBlocks(first, { ...FACTS, stopped: { atS: 20, reason: 'You stopped it.' } });
    const wanted = noteBlocks(transcriptWithout(new Set(), 3), FACTS);
    const document = `${joinBlocks(stopped)}\nmine\n`;
    assert.strictEqual(updated(document, stopped, wanted), `${joinBlocks(wanted)}\nmine\n`);
  });
});

import { assert } from 'chai';
import type { Word } from '../../../../src/core/model';
import type { AnsweredEntry, WrittenEntry } from '../../../../src/core/transcript/logEntries';
import { fold, openedEntry } from '../../../../src/core/transcript/transcriptLog';

const RATE_HZ = 16_000;
const TALK = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** The answer for these seconds of a talk in which a word is said each second, as one segment with words. */
function answer(startS: number, endS: number, said: (word: string, atS: number) => string): AnsweredEntry {
  const words: Word[] = TALK.flatMap((word, atS) =>
    atS + 0.5 > startS && atS + 0.5 < endS
      ? [{ text: said(word, atS), startS: atS - startS + 0.1, endS: atS - startS + 0.9 }]
      : [],
  );
  const text = words.map((word) => word.text).join(' ');
  return {
    kind: 'answered',
    track: 0,
    startSample: startS * RATE_HZ,
    endSample: endS * RATE_HZ,
    model: 'm',
    text,
    segments: [{ startS: 0, endS: endS - startS, text }],
    words,
  };
}

function textOf(...answers: readonly AnsweredEntry[]): string {
  const opened = openedEntry({ recording: { name: 'a.wav', sizeBytes: 1, modifiedMs: 0 }, task: 'transcribe' });
  const entries = [opened, ...answers].map((entry, i): WrittenEntry => ({ ...entry, writtenMs: i }));
  return fold(entries)
    .segments.map(({ text }) => text)
    .join(' ');
}

describe('fold, of chunks that overlap', () => {
  const whole = TALK.join(' ');
  const asSaid = (word: string): string => word;

  it('has each word once', () => {
    assert.strictEqual(textOf(answer(0, 7, asSaid), answer(4, 12, asSaid)), whole);
  });

  it('is the same in whichever order the answers came', () => {
    const three = [answer(0, 5, asSaid), answer(3, 9, asSaid), answer(7, 12, asSaid)] as const;
    assert.strictEqual(textOf(three[2], three[0], three[1]), whole);
  });

  it('takes a word that was cut from the answer that has all of it', () => {
    const earlier = answer(0, 6, (word, atS) => (atS === 5 ? 'si' : word));
    const later = answer(4, 12, (word, atS) => (atS === 4 ? 'ive' : word));
    const cut = (word: string, atS: number, at: number, part: string): string => (atS === at ? part : word);
    // They have no word in common, so the overlap's middle decides.
    assert.strictEqual(textOf(earlier, later), whole);
    const wide = answer(0, 7, (word, atS) => cut(word, atS, 6, 'sev'));
    const behind = answer(4, 12, (word, atS) => cut(word, atS, 4, 'ive'));
    assert.strictEqual(textOf(wide, behind), whole);
  });

  it('has each word once also where a stretch of the earlier chunk was asked for again', () => {
    const holed = answer(0, 7, asSaid);
    const again: AnsweredEntry = { ...answer(1, 2, asSaid), segments: [], words: [], text: '' };
    const unheard = { ...holed, unheard: [{ startS: 1, endS: 2 }] };
    assert.strictEqual(textOf(unheard, again, answer(4, 12, asSaid)), whole);
  });

  it('leaves chunks alone that only touch', () => {
    assert.strictEqual(textOf(answer(0, 6, asSaid), answer(6, 12, asSaid)), whole);
  });
});

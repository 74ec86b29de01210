import { assert } from 'chai';
import type { TranscriptSegment } from '../../../../src/core/model';
import { withoutEchoes } from '../../../../src/core/transcript/echoes';

/** Somebody says this, a word each 0.4 s. */
function said(track: number, startS: number, text: string, hasWords = true): TranscriptSegment {
  const words = text
    .split(' ')
    .map((word, i) => ({ text: ` ${word}`, startS: startS + i * 0.4, endS: startS + i * 0.4 + 0.3 }));
  const endS = startS + words.length * 0.4;
  return { id: `${track}-${startS}`, track, startS, endS, text, words: hasWords ? words : [] };
}

function kept(...segments: readonly TranscriptSegment[]): string[] {
  return withoutEchoes(segments).map(({ track, text }) => `${track} ${text}`);
}

describe('withoutEchoes', () => {
  const others = said(1, 10, 'Shall we ship the release on Monday, or wait for the fix?');

  it('leaves out what the microphone hears of the loudspeaker, a moment later and with a word misheard', () => {
    assert.deepStrictEqual(kept(others, said(0, 10.6, 'Shall we shift the release on Monday or wait for the fix.')), [
      `1 ${others.text}`,
    ]);
  });

  it('leaves it out where neither tells the times of words', () => {
    const loud = { ...others, words: [] };
    assert.deepStrictEqual(kept(loud, said(0, 10.3, others.text, false)), [`1 ${others.text}`]);
  });

  it('keeps what only nearly all of it is', () => {
    for (const mine of [
      'Shall we ship the release on Monday, or wait for the fix? No.',
      'Yes. Shall we ship the release on Monday, or wait for the fix?',
      'Shall we ship or should we rather not do it and wait for the fix?',
      'Shall she sip a release and Monday or wade for the fix?',
    ])
      assert.deepStrictEqual(kept(others, said(0, 10, mine)), [`1 ${others.text}`, `0 ${mine}`], mine);
  });

  it('keeps what is said at another time, short answers, and all that others say', () => {
    const later = said(0, 20, others.text);
    assert.deepStrictEqual(kept(others, later), [`1 ${others.text}`, `0 ${others.text}`]);
    assert.deepStrictEqual(kept(said(1, 5, 'Yes, yes.'), said(0, 5, 'Yes, yes.')), ['1 Yes, yes.', '0 Yes, yes.']);
    assert.deepStrictEqual(kept(said(1, 5, 'one two three'), said(2, 5, 'one two three')), [
      '1 one two three',
      '2 one two three',
    ]);
  });

  it('uses each word of the others once', () => {
    assert.deepStrictEqual(kept(said(1, 5, 'no'), said(0, 5, 'no no no')), ['1 no', '0 no no no']);
  });
});

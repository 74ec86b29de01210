import { assert } from 'chai';
import fc from 'fast-check';
import { DEFAULT_NAME, meetingName, titledName } from '../../../../../src/core/notes/meeting/meetingName';
import { START } from './templates';

const nameOf = (pattern: string, more: Partial<typeof START> = {}): string =>
  meetingName(pattern, { ...START, ...more });

describe('meetingName', () => {
  it('is the date, the time and a word by default', () => {
    assert.strictEqual(nameOf(DEFAULT_NAME), '2026-11-28-1645-meeting');
  });

  it('has no blanks, no folders and nothing that a file system refuses', () => {
    assert.strictEqual(nameOf(' my  meeting\u00a0on {branch} '), 'my-meeting-on-feature-live_notes');
    assert.strictEqual(nameOf('../../etc/passwd'), 'etc-passwd');
    assert.strictEqual(nameOf('..\\..\\a:b*c?"<d>|e\u0007'), 'abcde');
    assert.strictEqual(nameOf('C:\\a'), 'C-a');
    assert.strictEqual(nameOf('.hidden.'), 'hidden');
    assert.strictEqual(nameOf('a\u202eb\u200bc'), 'abc');
  });

  it('keeps letters of all scripts, composed', () => {
    assert.strictEqual(nameOf('Bu\u0308ro 会議 {date}'), 'Büro-会議-2026-11-28');
  });

  it('closes up where a placeholder is empty', () => {
    assert.strictEqual(
      meetingName('{date}-{branch}-x', { startedAt: START.startedAt, title: 'Meeting' }),
      '2026-11-28-x',
    );
  });

  it('is never empty and never a device of Windows', () => {
    for (const pattern of ['', '  ', '...', '???', '{recording}'])
      assert.strictEqual(nameOf(pattern), '2026-11-28-1645-meeting');
    assert.strictEqual(nameOf('con'), 'meeting-con');
    assert.strictEqual(nameOf('LPT1.old'), 'meeting-LPT1.old');
    assert.strictEqual(nameOf('console'), 'console');
  });

  it('leaves unknown placeholders', () => {
    assert.strictEqual(nameOf('{date}-{nonsense}'), '2026-11-28-{nonsense}');
  });

  it('is a name that every file system takes, whatever the pattern', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 200 }));
    fc.assert(
      fc.property(texts, texts, (pattern, title) => {
        for (const name of [
          nameOf(pattern),
          nameOf('{title}', { title }),
          titledName('2026-11-28-1645-x', title) ?? 'x',
        ]) {
          assert.match(name, /^[^\s/\\:*?"<>|.-](?:[^\s/\\:*?"<>|\p{Cc}]*[^\s/\\:*?"<>|.-])?$/u);
          assert.isAtMost(new TextEncoder().encode(name).length, 128);
          assert.notMatch(name, /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
          assert.isTrue(name.isWellFormed());
        }
      }),
      { seed: 15, numRuns: 1000 },
    );
  });
});

describe('titledName', () => {
  it('keeps the date and takes the heading', () => {
    assert.strictEqual(
      titledName('2026-11-28-1645-meeting', 'Release plan: Q3/Q4'),
      '2026-11-28-1645-Release-plan-Q3-Q4',
    );
    assert.strictEqual(titledName('2026-11-28-meeting-2', 'Plan'), '2026-11-28-Plan');
    assert.strictEqual(titledName('standup', 'Plan'), 'Plan');
  });

  it('has the date once', () => {
    assert.strictEqual(titledName('2026-11-28-meeting', '2026-11-28 Plan'), '2026-11-28-Plan');
  });

  it('is nothing where there is no other name', () => {
    assert.isUndefined(titledName('2026-11-28-1645-Plan', 'Plan'));
    assert.isUndefined(titledName('2026-11-28-1645-meeting', '???'));
  });
});

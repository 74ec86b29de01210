import { assert } from 'chai';
import fc from 'fast-check';
import { recordedInId3 } from '../../../../src/core/audio/compressed/id3Tag';
import { momentInTag } from '../../../../src/core/audio/compressed/tagDate';
import { creationTimeIn } from '../../../../src/core/audio/compressed/vorbisComment';
import { SEED } from '../random';

const UTC = Date.UTC(2025, 2, 1, 14, 5, 9);
const LOCAL = new Date(2025, 2, 1, 14, 5, 9).getTime();
const MINUTE_LOCAL = new Date(2025, 2, 1, 14, 5).getTime();

const bytesOf = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >> shift) & 255);
const littleEndian = (value: number): number[] => bigEndian(value).toReversed();
const sevenBits = (value: number): number[] => [21, 14, 7, 0].map((shift) => (value >> shift) & 127);
const utf16 = (text: string): number[] => [1, 0xff, 0xfe, ...bytesOf(text).flatMap((byte) => [byte, 0]), 0, 0];
const plain = (text: string): number[] => [0, ...bytesOf(text)];

/** An ID3v2 tag of these frames. */
function tag(version: 2 | 3 | 4, frames: readonly (readonly [id: string, content: readonly number[]])[], flags = 0) {
  const body = frames.flatMap(([id, content]) => {
    if (version === 2) return [...bytesOf(id), ...bigEndian(content.length).slice(1), ...content];
    const size = version === 4 ? sevenBits(content.length) : bigEndian(content.length);
    return [...bytesOf(id), ...size, 0, 0, ...content];
  });
  return Uint8Array.from([...bytesOf('ID3'), version, 0, flags, ...sevenBits(body.length), ...body]);
}

function comments(...lines: readonly string[]): Uint8Array {
  const said = lines.flatMap((line) => [...littleEndian(line.length), ...bytesOf(line)]);
  return Uint8Array.from([...littleEndian(3), ...bytesOf('me!'), ...littleEndian(lines.length), ...said]);
}

describe('momentInTag', () => {
  const known: readonly (readonly [text: string, ms: number])[] = [
    ['2025-03-01T14:05:09Z', UTC],
    ['2025-03-01T14:05:09.000000Z', UTC],
    ['2025-03-01 14:05:09 UTC', UTC],
    ['UTC 2025-03-01 14:05:09', UTC],
    ['2025-03-01T15:05:09+01:00', UTC],
    ['2025-03-01T09:05:09-0500', UTC],
    ['2025-03-01T14:05:09', LOCAL],
    ['2025-03-01 14:05', MINUTE_LOCAL],
    ['2025:03:01 14:05:09', LOCAL],
    ['2025/03/01 14:05:09', LOCAL],
    [' 2025-03-01T14:05:09 ', LOCAL],
  ];
  for (const [text, ms] of known) {
    it(`reads "${text}"`, () => {
      assert.strictEqual(momentInTag(text), ms);
    });
  }

  it('takes a text without a zone for UTC where the format says so', () => {
    assert.strictEqual(momentInTag('2025-03-01T14:05:09', 'utc'), UTC);
    assert.strictEqual(momentInTag('2025-03-01T15:05:09+01:00', 'utc'), UTC);
  });

  it('takes nothing that is no moment: years, days, clocks that were never set', () => {
    for (const text of [
      ...['', '2025', '2025-03', '2025-03-01', '2025-03-01T14', '14:05:09', 'March 1, 2025 14:05'],
      ...['2025-02-30T14:05:09Z', '2025-13-01T14:05:09Z', '2025-03-01T24:05:09Z', '2025-03-01T14:60:09Z'],
      ...['1970-01-01T00:00:00Z', '1904-01-01T00:00:00Z', '2025-03-01T14:05:09+99:00', '12025-03-01T14:05:09Z'],
      '2025-03-01T14:05:09 or later',
    ])
      assert.isUndefined(momentInTag(text), text);
  });
});

describe('recordedInId3', () => {
  it('reads when a recording was made', () => {
    assert.strictEqual(recordedInId3(tag(4, [['TDRC', plain('2025-03-01T14:05:09')]])), UTC);
    assert.strictEqual(recordedInId3(tag(4, [['TDRC', utf16('2025-03-01T14:05:09')]])), UTC);
    assert.strictEqual(recordedInId3(tag(3, [['TDRC', plain('2025-03-01T14:05:09')]])), LOCAL);
    assert.strictEqual(recordedInId3(tag(4, [['TDEN', plain('2025-03-01T14:05:09Z')]])), UTC);
  });

  it('joins year, day and time of the older tags', () => {
    for (const text of [plain, utf16]) {
      const parts = [text('2025'), text('0103'), text('1405')] as const;
      const [year, day, time] = parts;
      assert.strictEqual(recordedInId3(tag(3, [['TIME', time], ['TYER', year], ['TDAT', day]])), MINUTE_LOCAL); // prettier-ignore
      assert.strictEqual(recordedInId3(tag(2, [['TYE', year], ['TDA', day], ['TIM', time]])), MINUTE_LOCAL); // prettier-ignore
      assert.isUndefined(
        recordedInId3(
          tag(3, [
            ['TYER', year],
            ['TDAT', day],
          ]),
        ),
      );
      assert.isUndefined(
        recordedInId3(
          tag(3, [
            ['TYER', year],
            ['TIME', time],
          ]),
        ),
      );
    }
  });

  it('takes the time of the recording before that of its encoding, and neither a release nor the tag’s own time', () => {
    const recorded = ['TDRC', plain('2025-03-01T14:05:09Z')] as const;
    const encoded = ['TDEN', plain('2025-04-01T00:00:00Z')] as const;
    const others = [['TDRL', plain('2025-04-01T00:00:00Z')], ['TDTG', plain('2025-04-01T00:00:00Z')]] as const; // prettier-ignore
    assert.strictEqual(recordedInId3(tag(4, [encoded, ...others, recorded])), UTC);
    assert.isUndefined(recordedInId3(tag(4, others)));
    assert.strictEqual(recordedInId3(tag(4, [['TDRC', plain('2025')], encoded])), Date.UTC(2025, 3, 1));
  });

  it('finds it behind a picture, also one whose size is written as iTunes does', () => {
    const picture = ['APIC', Array.from({ length: 9000 }, (_, i) => (7 * i) & 255)] as const;
    const date = ['TDRC', plain('2025-03-01T14:05:09Z')] as const;
    assert.strictEqual(recordedInId3(tag(4, [picture, date])), UTC);
    const [, content] = picture;
    const frames = [
      ...[...bytesOf('APIC'), ...bigEndian(content.length), 0, 0, ...content],
      ...[...bytesOf('TDRC'), 0, 0, 0, date[1].length, 0, 0, ...date[1]],
    ];
    const byItunes = [...bytesOf('ID3'), 4, 0, 0, ...sevenBits(frames.length), ...frames];
    assert.strictEqual(recordedInId3(Uint8Array.from(byItunes)), UTC);
  });

  it('passes over a head of its own, bytes of protection, and frames that are packed', () => {
    const date = [...bytesOf('TDRC'), 0, 0, 0, 21, 0, 0, ...plain('2025-03-01T14:05:09Z')];
    const head = (version: number, flags: number, body: readonly number[]): Uint8Array =>
      Uint8Array.from([...bytesOf('ID3'), version, 0, flags, ...sevenBits(body.length), ...body]);
    assert.strictEqual(recordedInId3(head(3, 0x40, [0, 0, 0, 6, 0, 0, 0, 0, 0, 0, ...date])), UTC);
    assert.strictEqual(recordedInId3(head(4, 0x40, [0, 0, 0, 6, 1, 0, ...date])), UTC);
    // 0xFF stands as 0xFF 0x00.
    const guarded = [...bytesOf('PRIV'), 0, 0, 0, 2, 0, 0, 0xff, 0x00, 0xff, 0x00];
    assert.strictEqual(recordedInId3(head(3, 0x80, [...guarded, ...date])), UTC);
    assert.isUndefined(recordedInId3(head(3, 0, [...date.slice(0, 9), 0x80, ...date.slice(10)])));
    assert.isUndefined(recordedInId3(head(4, 0, [...date.slice(0, 9), 0x08, ...date.slice(10)])));
    // A length of the unpacked text stands before it.
    const long = [...bytesOf('TDRC'), 0, 0, 0, 25, 0, 1, 0, 0, 0, 21, ...date.slice(10)];
    assert.strictEqual(recordedInId3(head(4, 0, long)), UTC);
  });

  it('ends with any bytes, and takes none of them for a date', () => {
    const whole = tag(4, [['TPE1', plain('Ann')], ['TDRC', plain('2025-03-01T14:05:09Z')]]); // prettier-ignore
    for (let length = 0; length < whole.length; length++) assert.isUndefined(recordedInId3(whole.subarray(0, length)));
    const anyTag = fc.tuple(fc.constantFrom(2, 3, 4, 5), fc.nat(255), fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(anyTag, ([version, flags, body]) => {
        recordedInId3(Uint8Array.from([...bytesOf('ID3'), version, 0, flags, ...sevenBits(body.length), ...body]));
      }),
      { seed: SEED },
    );
  });
});

describe('creationTimeIn', () => {
  it('reads when a recording was made, whatever the letters of the name', () => {
    assert.strictEqual(creationTimeIn(comments('TITLE=Talk', 'creation_time=2025-03-01T14:05:09.000000Z')), UTC);
    assert.strictEqual(creationTimeIn(comments('CREATION_TIME=2025-03-01T14:05:09Z')), UTC);
    assert.strictEqual(creationTimeIn(comments('Encoded_Date=UTC 2025-03-01 14:05:09')), UTC);
    assert.strictEqual(creationTimeIn(comments('DATE=2025-03-01T14:05:09')), LOCAL);
  });

  it('takes the time of the recording before that of its encoding, and no day', () => {
    const lines = ['ENCODED_DATE=2025-04-01T00:00:00Z', 'DATE=2025-03-01', 'DATE=2025-03-01T14:05:09Z'];
    assert.strictEqual(creationTimeIn(comments(...lines)), UTC);
    assert.strictEqual(creationTimeIn(comments(...lines.toReversed())), UTC);
    assert.isUndefined(creationTimeIn(comments('DATE=2025', 'DATE=2025-03-01', 'UPDATE=2025-03-01T14:05:09Z')));
    assert.isUndefined(creationTimeIn(new Uint8Array(0)));
  });
});

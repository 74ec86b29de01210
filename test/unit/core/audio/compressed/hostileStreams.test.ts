import { assert } from 'chai';
import { elementsIn } from '../../../../../src/core/audio/compressed/ebml';
import { readFlacInfo } from '../../../../../src/core/audio/compressed/flacFrames';
import { readMatroskaInfo } from '../../../../../src/core/audio/compressed/matroskaTracks';
import { OggPacketReader, type OggPage } from '../../../../../src/core/audio/compressed/oggPackets';
import { readCaf } from '../../../../../src/core/audio/files/cafFile';
import { oggPage } from './oggPage';

const CONTINUED = 1;
const FIRST = 2;

/** What streams can say that no recording says. It must cost neither memory nor time without end. */
describe('Streams that are made to harm', () => {
  it('reads no more elements than a file can need', () => {
    // Two bytes an element: a million elements.
    const dense = new Uint8Array(2_000_000).map((_, i) => (i % 2 === 0 ? 0x81 : 0x80));
    assert.isAtMost([...elementsIn(dense)].length, 10_000);
  });

  it('takes no date that no clock can tell', () => {
    // A date of nine bytes instead of eight.
    const info = Uint8Array.of(0x44, 0x61, 0x89, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    assert.isUndefined(readMatroskaInfo(info).recordedMs);
  });

  it('knows no sound of a rate that nobody records at', () => {
    for (const [rateHz, isKnown] of [
      [1, false],
      [999, false],
      [8000, true],
      [655_350, true],
      [1_048_575, false],
    ] as const) {
      const info = new Uint8Array(34);
      info.set([rateHz >> 12, (rateHz >> 4) & 255, (rateHz & 15) << 4], 10);
      assert.strictEqual(readFlacInfo(info) !== undefined, isKnown, `${rateHz} Hz`);
    }
  });

  it('knows no file with millions of channels', async () => {
    const channelCount = 400_000_000;
    const file = new Uint8Array(100);
    const view = new DataView(file.buffer);
    const put = (at: number, text: string): void => {
      for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
    };
    put(0, 'caff');
    put(8, 'desc');
    view.setBigInt64(12, 32n);
    view.setFloat64(20, 44_100);
    put(28, 'lpcm');
    view.setUint32(36, 2 * channelCount);
    view.setUint32(44, channelCount);
    view.setUint32(48, 16);
    put(52, 'data');
    view.setBigInt64(56, -1n);
    const sizeBytes = 2_000_000_000;
    const read = (at: number, length: number): Promise<Uint8Array> => Promise.resolve(file.subarray(at, at + length));
    assert.strictEqual((await readCaf({ sizeBytes, read }, 0)).kind, 'broken');
  });

  it('remembers few streams of an Ogg file at a time', () => {
    const reader = new OggPacketReader();
    const take = (page: Uint8Array): OggPage[] => [...reader.push(page, false)];
    // A packet that goes on: its last piece has 255 bytes.
    take(oggPage({ serial: 0, sequence: 0, flags: FIRST, lacing: [255] }));
    for (let serial = 1; serial <= 1000; serial++) take(oggPage({ serial, sequence: 0, flags: FIRST, lacing: [9] }));
    const [rest] = take(oggPage({ serial: 0, sequence: 1, flags: CONTINUED, lacing: [10] }));
    assert.deepStrictEqual(rest?.packets, []);
    // A stream that was not passed by is all there.
    take(oggPage({ serial: 7, sequence: 0, flags: FIRST, lacing: [255] }));
    const [whole] = take(oggPage({ serial: 7, sequence: 1, flags: CONTINUED, lacing: [10] }));
    assert.deepStrictEqual(
      whole?.packets.map(({ length }) => length),
      [265],
    );
  });

  it('finds the pages behind a crowd of false ones, in any split', () => {
    // Each begins within the one before, and the longest page is read of each.
    const crowd = new Uint8Array(150_000).fill(255);
    for (let at = 0; at + 27 <= crowd.length; at += 27) crowd.set([0x4f, 0x67, 0x67, 0x53, 0, 0], at);
    const pages = [0, 1, 2].map((sequence) => oggPage({ serial: 5, sequence, flags: 0, lacing: [200] }));
    // The crowd's last page reaches over what follows it.
    const bytes = Uint8Array.from([...crowd, ...new Uint8Array(70_000), ...pages.flatMap((page) => [...page])]);
    for (const step of [bytes.length, 1000, 65_536]) {
      const reader = new OggPacketReader();
      const found: number[] = [];
      for (let at = 0; at < bytes.length; at += step) {
        for (const page of reader.push(bytes.subarray(at, at + step), false)) found.push(page.packets.length);
      }
      for (const page of reader.push(new Uint8Array(0), true)) found.push(page.packets.length);
      assert.deepStrictEqual(found, [1, 1, 1], `in steps of ${step}`);
    }
  });
});

import { assert } from 'chai';
import fc from 'fast-check';
import { linesOf } from '../../../../src/core/async/linesOf';
import { SEED } from '../random';

async function read(text: string, cuts: readonly number[], maximumLength = 1000): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  async function* blocks(): AsyncGenerator<Uint8Array> {
    for (const [i, from] of places.entries()) yield await Promise.resolve(bytes.subarray(from, places[i + 1]));
  }
  const lines: string[] = [];
  for await (const line of linesOf(blocks(), maximumLength)) lines.push(line);
  return lines;
}

describe('linesOf', () => {
  it('gives every complete line, however the bytes are cut into blocks', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ''))),
        fc.array(fc.nat(), { maxLength: 10 }),
        async (lines, cuts) => {
          // A byte order mark at the start is no part of the text.
          const all = ['first', ...lines];
          assert.deepEqual(await read(`${all.join('\n')}\nbroken off`, cuts), all);
        },
      ),
      { seed: SEED },
    ));

  it('throws as soon as a line is too long, behind the lines before it', async () => {
    let error: unknown;
    await read('123\n12345678', [3, 7], 4).catch((reason: unknown) => (error = reason));
    assert.instanceOf(error, RangeError);
    assert.deepEqual(await read('1234\n1234\n', [], 4), ['1234', '1234']);
  });
});

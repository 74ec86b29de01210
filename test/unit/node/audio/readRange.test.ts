import fc from 'fast-check';
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { readRange } from '../../../../src/node/audio/readRange';
import { assertAborts, problemWith } from '../problems';
import { sharedFolder } from '../temporaryFolder';

/** Larger than several of the reader's blocks. */
const CONTENT = Buffer.from(Uint8Array.from({ length: 1_200_003 }, (_, i) => (i * 31 + (i >> 8)) % 256));

async function all(blocks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  for await (const block of blocks) kept.push(block);
  return Buffer.concat(kept);
}

describe('readRange', () => {
  const folder = sharedFolder();
  const file = (): string => path.join(folder(), 'content.bin');

  before(() => fs.writeFile(file(), CONTENT));

  it('gives exactly the bytes of any range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: CONTENT.length + 1000 }),
        fc.nat({ max: CONTENT.length + 1000 }),
        async (offset, length) => {
          const read = await all(readRange(file(), offset, length, NEVER));
          assert.ok(read.equals(CONTENT.subarray(offset, offset + length)));
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it('gives blocks that stay as they are when more is read', async () => {
    const blocks: Uint8Array[] = [];
    const copies: Buffer[] = [];
    for await (const block of readRange(file(), 0, CONTENT.length, NEVER)) {
      blocks.push(block);
      copies.push(Buffer.from(block));
    }
    assert.ok(blocks.length > 1, 'several blocks');
    assert.deepEqual(
      blocks.map((block) => Buffer.from(block)),
      copies,
    );
  });

  it('aborts before the next block', async () => {
    const stop = new AbortController();
    const blocks = readRange(file(), 0, CONTENT.length, stop.signal);
    await blocks.next();
    stop.abort();
    await assertAborts(blocks.next());
  });

  it('tells which file cannot be read and why', async () => {
    const missing = path.join(folder(), 'gone.wav');
    assert.deepEqual(await problemWith('fileUnreadable', all(readRange(missing, 0, 1, NEVER))), {
      code: 'fileUnreadable',
      file: 'gone.wav',
      reason: 'ENOENT',
    });
    const directory = await problemWith('fileUnreadable', all(readRange(folder(), 0, 1, NEVER)));
    assert.equal(directory.reason, 'EISDIR');
  });
});

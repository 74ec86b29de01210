import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ChunkTranscription } from '../../../../src/core/model';
import { FileChunkJournal } from '../../../../src/node/speech/chunkJournal';
import { temporaryFolder } from '../temporaryFolder';

function piece(startSample: number, text = 'Hello,\n"Zoë" 日本.'): ChunkTranscription {
  return {
    chunk: { startSample, endSample: startSample + 16_000 },
    text,
    language: 'en',
    model: 'whisper',
    segments: [{ startS: 0, endS: 1, text, averageLogProbability: -0.25 }],
    words: [{ startS: 0, endS: 0.5, text: 'Hello' }],
  };
}

describe('FileChunkJournal', () => {
  const folder = temporaryFolder();
  const file = (): string => path.join(folder(), 'journal', 'run.jsonl');

  it('gives back what was appended, in order, to a journal opened anew', async () => {
    const pieces = [piece(0), piece(16_000), piece(40_000, '')];
    const journal = new FileChunkJournal(file());
    for (const one of pieces) await journal.append(one);
    assert.deepEqual(await new FileChunkJournal(file()).load(), pieces);
  });

  it('is empty before the first piece and after its removal', async () => {
    const journal = new FileChunkJournal(file());
    assert.deepEqual(await journal.load(), []);
    await journal.append(piece(0));
    await journal.remove();
    assert.deepEqual(await journal.load(), []);
    await journal.remove();
  });

  it('leaves out a last line that a crash cut anywhere, and keeps what is appended after it', async () => {
    const journal = new FileChunkJournal(file());
    await journal.append(piece(0));
    const one = await fs.readFile(file());
    await journal.append(piece(16_000));
    const two = await fs.readFile(file());
    // Every length is tried at which the second piece is not yet whole; the last byte of a whole one is its bracket.
    const whole = two.lastIndexOf('}') + 1;
    for (let length = one.length; length < whole; length += 7) {
      await fs.writeFile(file(), two.subarray(0, length));
      assert.deepEqual(await journal.load(), [piece(0)], `cut at ${length}`);
      await journal.append(piece(32_000));
      assert.deepEqual(await journal.load(), [piece(0), piece(32_000)], `cut at ${length}, then continued`);
    }
  });

  it('leaves out junk', async () => {
    await fs.mkdir(path.dirname(file()), { recursive: true });
    const { segments, ...withoutSegments } = piece(0);
    assert.equal(segments.length, 1);
    const lines = [
      'null',
      '17',
      '[]',
      '{}',
      '"text"',
      '\0\0\0\0',
      '{"chunk":{}}',
      '}{',
      '',
      JSON.stringify(withoutSegments),
      JSON.stringify({ ...piece(0), chunk: { startSample: '0' } }),
      JSON.stringify(piece(16_000)),
      Buffer.from([0xff, 0xfe, 0x80]).toString('latin1'),
    ];
    await fs.writeFile(file(), lines.join('\n'));
    assert.deepEqual(await new FileChunkJournal(file()).load(), [piece(16_000)]);
  });
});

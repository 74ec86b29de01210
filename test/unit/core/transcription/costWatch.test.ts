import { assert } from 'chai';
import { priceUsd } from '../../../../src/core/endpoints/knownModels';
import { CostWatch } from '../../../../src/core/transcription/costWatch';
import type { TranscriptionEvent } from '../../../../src/core/transcription/fileTranscriber';

const HZ = 16_000;
const groq = (requestS: readonly number[]): number | undefined => priceUsd('groq', 'whisper-large-v3', requestS);

function transcribed(seconds: number): TranscriptionEvent {
  return { kind: 'transcribed', doneS: 0, totalS: 0, chunk: { startSample: HZ, endSample: HZ + seconds * HZ } };
}

describe('CostWatch', () => {
  it('tells once, with the first piece that passes the threshold', () => {
    const watch = new CostWatch(groq, () => 1);
    // 0.111 dollars an hour: nine hours cost 0.999.
    const told = Array.from({ length: 1300 }, () => watch.after(transcribed(30)));
    assert.strictEqual(told.findIndex((usd) => usd !== undefined), 1081); // prettier-ignore
    assert.strictEqual(told.filter((usd) => usd !== undefined).length, 1);
    assert.closeTo(told[1081] ?? 0, 1.001, 0.001);
  });

  it('counts ten seconds for each short piece, and nothing but pieces', () => {
    const watch = new CostWatch(groq, () => 0.001);
    for (const event of [{ kind: 'asking' }, { kind: 'finished', totalS: 9000 }] as const)
      assert.isUndefined(watch.after(event));
    const told = Array.from({ length: 5 }, () => watch.after(transcribed(1)));
    assert.strictEqual(told.findIndex((usd) => usd !== undefined), 3); // prettier-ignore
  });

  it('tells nothing where no price is known', () => {
    const watch = new CostWatch(() => undefined, () => 0); // prettier-ignore
    for (let piece = 0; piece < 100; piece++) assert.isUndefined(watch.after(transcribed(30)));
  });
});

import assert from 'node:assert/strict';
import type { Recognition } from '../../../../../src/engine/api/recogniser';
import type { RuntimeKind } from '../../../../../src/engine/whisper/network/runtime';
import { transcribe } from '../../../../../src/engine/whisper/hearing/transcribe';
import { recognitionJob } from '../../recognitionJob';
import { realWhisper } from '../loadedBase';

const CLIP = 'lj/LJ001-0008.flac';

describe('loadRuntime', () => {
  it('hears the same in WebAssembly as natively', async function () {
    const hear = async (runtime: RuntimeKind): Promise<Recognition> => {
      const { model, samples } = await realWhisper(this, runtime);
      return transcribe(model, recognitionJob(await samples(CLIP), { language: 'en' }), () => undefined);
    };
    const [native, wasm] = [await hear('native'), await hear('wasm')];
    assert.match(native.text, /never been surpassed/);
    assert.deepEqual([wasm.text, wasm.language], [native.text, native.language]);
    for (const [i, { start }] of wasm.words.entries()) {
      assert.ok(Math.abs(start - (native.words[i]?.start ?? NaN)) <= 0.1, `word ${i} at ${start}`);
    }
  });
});

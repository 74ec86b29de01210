import assert from 'node:assert/strict';
import { defined } from '../../../../src/core/async/defined';
import { transcribe } from '../../../../src/engine/whisper/hearing/transcribe';
import { recordingsOf } from '../../../speech';
import { recognitionJob } from '../recognitionJob';
import { realWhisper, type RealWhisper } from './loadedBase';

const PROMPTS = [
  undefined,
  'Kubernetes, TypeScript, Visual Studio Code, ONNX Runtime, pnpm.',
  'We discussed the quarterly report and the new release of the extension.',
];

/** Clips in which nobody speaks, where Whisper alone writes text into every third, and with a prompt into more. */
describe('transcribe, on noise', function () {
  this.timeout(120_000);
  let whisper: RealWhisper;

  before(async function () {
    whisper = await realWhisper(this);
  });

  for (const prompt of PROMPTS) {
    it(`writes nothing, ${prompt === undefined ? 'without prompt' : `after "${prompt}"`}`, async function () {
      // Each kind of noise in two lengths; the benchmark hears all.
      const files = recordingsOf(
        this,
        whisper.speech,
        'noise',
        ({ kind, seconds }) => kind === 'silence' || (kind === 'noise' && (seconds < 3 || seconds === 10)),
      );
      assert.ok(files.length > 10);
      const invented: string[] = [];
      for (const { file } of files) {
        const pcm = await whisper.samples(file);
        const job = recognitionJob(
          pcm,
          defined({
            language: 'en',
            wantsWords: false,
            prompt,
          }),
        );
        const { text } = await transcribe(whisper.model, job, () => undefined);
        if (text !== '') invented.push(`${file}: ${text}`);
      }
      assert.deepEqual(invented, []);
    });
  }
});

import assert from 'node:assert/strict';
import { isEcho } from '../../../../../src/engine/whisper/guards/isEcho';

const SENTENCE = 'We discussed the quarterly report and the new release of the extension.';
const LIST = 'Kubernetes, TypeScript, Visual Studio Code, ONNX Runtime, pnpm.';

describe('isEcho', () => {
  for (const [text, prompt, echo] of [
    [SENTENCE, SENTENCE, true],
    ['we discussed the quarterly report', SENTENCE, true],
    ['the new release of the extension!', SENTENCE, true],
    ['So we discussed the quarterly report and the new release', SENTENCE, true],
    ['Kubernetes, TypeScript, Visual Studio Code', LIST, true],
    ['We discussed something that is not in it at all', SENTENCE, false],
    ['The extension', SENTENCE, false],
    ['We use Kubernetes and TypeScript for the extension.', LIST, false],
    ['', SENTENCE, false],
    ['...', SENTENCE, false],
    ['pnpm', 'pnpm', true],
    ['anything', '', false],
    ['質問です', '質問です', true],
    ['新しい拡張機能について', '会議では新しい拡張機能について話しました。', true],
    ['今日は天気がいい', '会議では新しい拡張機能について話しました。', false],
  ] as const) {
    it(`${echo ? 'hears the prompt' : 'hears speech'} in "${text}"`, () => {
      assert.equal(isEcho(text, prompt), echo);
    });
  }
});

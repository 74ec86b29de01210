import assert from 'node:assert/strict';
import { endsTwice } from '../../../../../src/engine/whisper/guards/endsTwice';

describe('endsTwice', () => {
  for (const text of [
    'Sunday is the best part of the week. Sunday is the best part of the week.',
    'TerraThin sheet from the yellow pad. TerraThin sheet from the yellow pad.',
    'My page or do the list is empty. My page or do the list is empty.',
    'The invention of movable letters may be considered as the invention of the art of printing, as the invention of the art of printing.',
    'Das ist der letzte Satz. das ist der letzte satz',
    '这是一个关于语音识别的很好的例子句子。这是一个关于语音识别的很好的例子句子。',
  ])
    it(`sees a sentence that was written again: ${text.slice(0, 40)}…`, () => {
      assert.equal(endsTwice(text), true);
    });

  for (const text of [
    '',
    'Okay. Okay.',
    'Yes, yes, I know.',
    'Ask not what your country can do for you, ask what you can do for your country.',
    'Sunday is the best part of the week. Monday is the worst part of the week.',
    'Sunday is the best part of the week. Sunday is the best part of the week. And then it ends.',
    'That is that, and this is this.',
  ])
    it(`leaves other text alone: ${text.slice(0, 40)}…`, () => {
      assert.equal(endsTwice(text), false);
    });
});

import { assert } from 'chai';
import { folderNameOf, nameFromFolder, parseModelName } from '../../../../src/core/models/modelName';
import { problemThrownBy } from '../expectations';

describe('parseModelName', () => {
  for (const typed of [
    'openai/whisper-base',
    '  openai/whisper-base\n',
    'https://huggingface.co/openai/whisper-base',
    'https://huggingface.co/openai/whisper-base/tree/main?x=1#y',
    'https://mirror.example:8443/openai/whisper-base/',
    'huggingface.co/openai/whisper-base',
  ]) {
    it(`reads ${JSON.stringify(typed)}`, () => {
      assert.equal(parseModelName(typed), 'openai/whisper-base');
    });
  }

  for (const typed of [
    '',
    'whisper-base',
    'a/b/c',
    '../etc',
    'a/..',
    'a--b/c',
    'a/b--c',
    '/a',
    'a/',
    'a b/c',
    'a/.b',
    'ä/b',
    'https://huggingface.co/',
    'https://huggingface.co/openai',
    'https://huggingface.co/datasets/a/b',
    'a\\b/c',
  ]) {
    it(`refuses ${JSON.stringify(typed)}`, () => {
      assert.deepEqual(
        problemThrownBy(() => parseModelName(typed)),
        { code: 'modelNameInvalid', model: typed },
      );
    });
  }
});

describe('nameFromFolder', () => {
  const commit = '0123456789'.repeat(4);

  it('knows the hub’s customary cache', () => {
    const parts = ['', 'home', 'hub', 'models--openai--whisper-base', 'snapshots', commit];
    assert.deepEqual(nameFromFolder(parts), { name: 'openai/whisper-base', commit });
  });

  it('makes a name of every other folder that is one', () => {
    for (const [folder, name] of [
      ['whisper-base', 'local/whisper-base'],
      ['Mein Modell (neu)', 'local/Mein-Modell-neu'],
      ['a--b..c', 'local/a-b.c'],
      ['模型', 'local/model'],
      ['', 'local/model'],
    ] as const) {
      assert.deepEqual(nameFromFolder(['', folder]), { name });
      assert.equal(parseModelName(name), name);
      assert.equal(folderNameOf(name).split('--').length, 2);
    }
  });
});

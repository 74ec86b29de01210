import { assert } from 'chai';
import { parseModels } from '../../../../src/core/endpoints/parseResponse';

describe('parseModels', () => {
  const lists: readonly (readonly [why: string, body: unknown, expected: readonly string[]])[] = [
    [
      'reads OpenAI’s and Groq’s list, those for speech first',
      {
        object: 'list',
        data: [{ id: 'llama-4' }, { id: 'whisper-large-v3' }, { id: 'gpt-5' }, { id: 'gpt-4o-transcribe' }],
      },
      ['whisper-large-v3', 'gpt-4o-transcribe', 'llama-4', 'gpt-5'],
    ],
    ['reads a list of names', ['small', 'whisper-1'], ['whisper-1', 'small']],
    ['reads a list below another name', { models: [{ name: 'Voxtral-Mini' }, 'base'] }, ['Voxtral-Mini', 'base']],
    ['leaves out what has no name', { data: [null, {}, { id: 7 }, { id: ' ' }, { id: 'asr' }] }, ['asr']],
    ['is empty where nothing is listed', { data: [] }, []],
    ['is empty for what is no list', { error: 'no' }, []],
    ['is empty for a number', 7, []],
  ];
  for (const [why, body, expected] of lists) {
    it(why, () => {
      assert.deepStrictEqual(parseModels(JSON.stringify(body)), expected);
    });
  }

  it('is empty for what is no JSON', () => {
    for (const body of ['', '<html></html>', '404 page not found']) assert.isEmpty(parseModels(body));
  });
});

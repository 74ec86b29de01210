import { assert } from 'chai';
import {
  parseEngineLine,
  parseEngineRequest,
  type EngineLine,
  type EngineRequest,
} from '../../../src/core/engineProtocol';

const REQUESTS: readonly EngineRequest[] = [
  {
    kind: 'serve',
    token: 'secret',
    recogniser: { runtime: 'wasm', modelFolder: '/models/a', modelName: 'openai/a', threadCount: 2 },
  },
  {
    kind: 'serve',
    token: 'secret',
    recogniser: { runtime: 'native', modelFolder: '/models/a', modelName: 'openai/a' },
  },
  { kind: 'prepare', sourceFolder: '/from', targetFolder: '/to' },
  { kind: 'convert', sourceFolder: '/from', targetFolder: '/to' },
];

const LINES: readonly EngineLine[] = [
  { kind: 'started', port: 4711, model: 'openai/a' },
  { kind: 'progress', doneBytes: 1, totalBytes: 2 },
  { kind: 'prepared', model: { installedBytes: 5, parameterCount: 7, languages: ['de', 'en'], canTranslate: false } },
  { kind: 'converted', installedBytes: 6 },
  { kind: 'failed', reason: 'no room' },
  { kind: 'failed', reason: 'not there', missing: ['config.json'] },
  { kind: 'failed', reason: 'another model', notWhisper: 'it has no encoder' },
];

describe("the engine's protocol", () => {
  it('reads every request that it prints', () => {
    for (const request of REQUESTS) assert.deepStrictEqual(parseEngineRequest(JSON.stringify(request)), request);
  });

  it('reads every line that it prints', () => {
    for (const line of LINES) assert.deepStrictEqual(parseEngineLine(JSON.stringify(line)), line);
  });

  it('takes nothing else for a request', () => {
    const serve = {
      kind: 'serve',
      token: 'secret',
      recogniser: { runtime: 'native', modelFolder: '/a', modelName: 'a' },
    };
    for (const value of [
      {},
      null,
      'serve',
      { ...serve, token: 1 },
      { ...serve, recogniser: undefined },
      { ...serve, recogniser: { ...serve.recogniser, runtime: 'cuda' } },
      { ...serve, recogniser: { ...serve.recogniser, modelFolder: undefined } },
      { kind: 'prepare', sourceFolder: '/from' },
      { kind: 'remove', sourceFolder: '/from', targetFolder: '/to' },
    ])
      assert.isUndefined(parseEngineRequest(JSON.stringify(value)), JSON.stringify(value));
    assert.isUndefined(parseEngineRequest('no JSON'));
  });

  it('makes a failure that quotes it of any other line, and keeps it short', () => {
    for (const line of [
      'a library says something',
      '[]',
      JSON.stringify({ kind: 'started', port: '4711' }),
      JSON.stringify({ kind: 'progress', doneBytes: 1 }),
      JSON.stringify({ kind: 'prepared', model: { installedBytes: 5 } }),
      JSON.stringify({ kind: 'failed' }),
    ])
      assert.deepStrictEqual(parseEngineLine(line), { kind: 'failed', reason: line });
    const long = parseEngineLine('x'.repeat(1000));
    assert.strictEqual(long.kind === 'failed' ? long.reason.length : 0, 200);
  });
});

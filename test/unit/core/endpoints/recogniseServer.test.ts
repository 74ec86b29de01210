import { assert } from 'chai';
import { recogniseServer } from '../../../../src/core/endpoints/changeShape';
import { dialect } from '../../../../src/core/endpoints/dialects';
import type { TranscriptionRequest } from '../../../../src/core/model';
import { request } from './requests';

describe('recogniseServer', () => {
  const body = (facts: object): string => JSON.stringify({ text: ' Hi.', language: 'english', ...facts });
  const recognised = { dialect: 'whisperCppOpenAi', format: 'words', prompt: 'half', upload: 'flac' } as const;
  const shape = { dialect: 'openai', format: 'words', prompt: 'half', upload: 'flac' } as const;

  it('knows whisper.cpp’s server by its name, or by the language that it found beside its own', () => {
    for (const server of ['whisper.cpp', 'Whisper.cpp/1.8']) {
      const found = recogniseServer(request(), shape, { server, body: body({}) });
      assert.deepStrictEqual(found, { shape: recognised, isSound: false }, server);
    }
    const found = recogniseServer(request(), shape, { body: body({ detected_language: 'french' }) });
    assert.deepStrictEqual(found, { shape: recognised, isSound: false });
    for (const server of ['uvicorn', 'whisper', 'nginx whisper.cpp', '']) {
      assert.isUndefined(
        recogniseServer(request(), shape, { server, body: body({ detected_language: null }) }),
        server,
      );
    }
  });

  it('looks for it behind OpenAI’s dialects only, and keeps a format that it has', () => {
    for (const id of ['openai', 'openaiUntimed', 'whisperCpp', 'whisperCppOpenAi', 'voxtral'] as const) {
      for (const format of dialect(id).formats) {
        const found = recogniseServer(
          request(),
          { ...shape, dialect: id, format },
          { server: 'whisper.cpp', body: '' },
        );
        const kept = format === 'segments' ? 'words' : format;
        const isLooked = id === 'openai';
        assert.deepStrictEqual(found?.shape, isLooked ? { ...recognised, format: kept } : undefined, `${id} ${format}`);
      }
    }
  });

  it('takes an answer for sound that is in the language asked for, or in the one that was found', () => {
    const isSound = (asked: Partial<TranscriptionRequest>, facts: object): boolean | undefined =>
      recogniseServer(request(asked), shape, { server: 'whisper.cpp', body: body(facts) })?.isSound;
    assert.isTrue(isSound({}, { detected_language: 'english' }));
    assert.isTrue(isSound({}, { language: 'en', detected_language: 'English' }));
    assert.isTrue(isSound({ language: 'en' }, { detected_language: 'french' }));
    assert.isTrue(isSound({ language: 'en' }, {}));
    assert.isFalse(isSound({}, { detected_language: 'french' }));
    assert.isFalse(isSound({ task: 'translate', language: 'fr' }, {}));
  });

  it('takes an answer for broken whose segments begin inside words', () => {
    const isSound = (...texts: readonly string[]): boolean | undefined => {
      const answer = body({ segments: texts.map((text, i) => ({ start: i, end: i + 1, text })) });
      return recogniseServer(request({ language: 'de' }), shape, { server: 'whisper.cpp', body: answer })?.isSound;
    };
    assert.isTrue(isSound(' Gut.', ' Ja.'));
    assert.isTrue(isSound('你好。', '世界'));
    assert.isTrue(isSound('', 'Gut'));
    assert.isFalse(isSound(' Der Stand ih', 'res Projekts.'));
    assert.isFalse(isSound(' Gut', '.'));
  });
});

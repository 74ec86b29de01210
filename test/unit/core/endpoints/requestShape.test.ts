import { assert } from 'chai';
import fc from 'fast-check';
import { dialect, type AnswerFormat, type DialectId } from '../../../../src/core/endpoints/dialects';
import {
  requestFields,
  richestShape,
  shorterPrompt,
  withPlainerUpload,
  withPoorerFormat,
  type RequestShape,
} from '../../../../src/core/endpoints/requestShape';
import { SEED } from '../random';
import { promptOf, request, valuesOf } from './requests';

const RICHEST: RequestShape = { dialect: 'openai', format: 'words', prompt: 'whole', upload: 'flac' };

describe('richestShape', () => {
  it('asks everybody for the most that its dialect knows, with the whole prompt', () => {
    assert.deepStrictEqual(richestShape('groq', 'whisper-large-v3-turbo'), RICHEST);
    assert.deepStrictEqual(richestShape('openai', 'gpt-transcribe'), {
      dialect: 'openaiUntimed',
      format: 'json',
      prompt: 'whole',
      upload: 'flac',
    });
    assert.deepStrictEqual(richestShape('mistral', 'voxtral-mini-latest'), {
      dialect: 'voxtral',
      format: 'segments',
      prompt: 'whole',
      upload: 'flac',
    });
    assert.deepStrictEqual(richestShape('whisperCpp', ''), {
      dialect: 'whisperCpp',
      format: 'words',
      prompt: 'whole',
      upload: 'flac',
    });
  });
});

describe('withPoorerFormat', () => {
  const steps: readonly (readonly [DialectId, readonly AnswerFormat[]])[] = [
    ['openai', ['words', 'segments', 'json', 'text']],
    ['openaiUntimed', ['json']],
    ['whisperCpp', ['words', 'json', 'text']],
    ['voxtral', ['segments', 'json']],
  ];
  for (const [id, expected] of steps) {
    it(`goes down to the poorest and no further: ${id}`, () => {
      const formats: AnswerFormat[] = [];
      let shape: RequestShape | undefined = {
        dialect: id,
        format: expected[0] ?? 'json',
        prompt: 'half',
        upload: 'flac',
      };
      for (; shape; shape = withPoorerFormat(shape)) {
        assert.deepInclude(shape, { dialect: id, prompt: 'half' });
        formats.push(shape.format);
        assert.isAtMost(formats.length, 4);
      }
      assert.deepStrictEqual(formats, expected);
    });
  }
});

describe('withPlainerUpload', () => {
  it('goes from FLAC to WAV and no further', () => {
    assert.deepStrictEqual(withPlainerUpload(RICHEST), { ...RICHEST, upload: 'wav' });
    assert.isUndefined(withPlainerUpload({ ...RICHEST, upload: 'wav' }));
    assert.isUndefined(withPlainerUpload(richestShape('embedded', 'any')));
  });
});

describe('requestFields', () => {
  it('has the dialect’s fields for the shape’s format', () => {
    const shape = { ...RICHEST, format: 'segments' } as const;
    assert.deepStrictEqual(requestFields(request(), 'm', shape), dialect('openai').fields(request(), 'm', 'segments'));
  });

  it('sends as much of the prompt as the shape says', () => {
    const asked = request({ prompt: promptOf('a', 'b', 'c', 'd') });
    const prompts = (['whole', 'half', 'none'] as const).map((prompt) =>
      valuesOf(requestFields(asked, 'm', { ...RICHEST, prompt }), 'prompt'),
    );
    assert.deepStrictEqual(prompts, [['a, b, c, d.'], ['c, d.'], []]);
  });

  it('does so with terms that are sent one by one, too', () => {
    const asked = request({ prompt: promptOf('a', 'b', 'c', 'd') });
    const shape = { dialect: 'openaiUntimed', format: 'json', prompt: 'half', upload: 'flac' } as const;
    assert.deepStrictEqual(valuesOf(requestFields(asked, 'gpt-transcribe', shape), 'keywords[]'), ['c', 'd']);
  });

  it('names an address in the dialect’s own field, last, and none where the server fetches nothing', () => {
    const url = 'https://example.org/talk.mp3';
    const asked = request({ audio: { kind: 'url', url } });
    assert.deepStrictEqual(requestFields(asked, 'm', RICHEST).at(-1), ['url', url]);
    const voxtral = { dialect: 'voxtral', format: 'json', prompt: 'whole', upload: 'flac' } as const;
    assert.deepStrictEqual(requestFields(asked, 'm', voxtral).at(-1), ['file_url', url]);
    for (const id of ['whisperCpp', 'openaiUntimed'] as const) {
      const fields = requestFields(asked, 'm', { dialect: id, format: 'json', prompt: 'whole', upload: 'flac' });
      assert.notInclude(JSON.stringify(fields), url);
    }
  });

  it('names no address beside a file', () => {
    const mediaType = { ending: 'mp3', contentType: 'audio/mpeg' } as const;
    for (const audio of [request().audio, { kind: 'file', path: '/a.mp3', sizeBytes: 9, mediaType } as const]) {
      assert.isEmpty(valuesOf(requestFields(request({ audio }), 'm', RICHEST), 'url'));
    }
  });
});

describe('shorterPrompt', () => {
  const examples: readonly (readonly [why: string, terms: readonly string[], text: string])[] = [
    ['keeps the last half of the terms', ['a', 'b', 'c', 'd'], 'c, d.'],
    ['keeps less than half of an odd number', ['a', 'b', 'c'], 'c.'],
    ['keeps nothing of one term', ['a'], ''],
  ];
  for (const [why, terms, text] of examples) {
    it(why, () => {
      assert.strictEqual(shorterPrompt(promptOf(...terms)).text, text);
    });
  }

  const own: readonly (readonly [why: string, text: string, expected: string])[] = [
    ['keeps the last words of a text of the user’s own', 'We talk about birds and bees.', 'and bees.'],
    ['cuts no word', 'An extraordinarily long one', 'long one'],
    ['keeps nothing of one word', 'Donaudampfschifffahrtsgesellschaft', ''],
    ['keeps nothing of nothing', '', ''],
  ];
  for (const [why, text, expected] of own) {
    it(why, () => {
      assert.deepStrictEqual(shorterPrompt({ text, terms: [] }), { text: expected, terms: [] });
    });
  }

  it('is always shorter, of whole terms, the last ones', () => {
    const terms = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(terms, (all) => {
        const prompt = promptOf(...all);
        const shorter = shorterPrompt(prompt);
        assert.isBelow(shorter.text.length, prompt.text.length);
        assert.isBelow(shorter.terms.length, all.length);
        assert.deepStrictEqual(shorter.terms, all.slice(all.length - shorter.terms.length));
        assert.strictEqual(shorter.text, shorter.terms.length === 0 ? '' : promptOf(...shorter.terms).text);
      }),
      { seed: SEED },
    );
  });

  it('is always shorter, of whole words, the last ones, where the user wrote it', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).map((word) => word.replace(/\s/g, '_')));
    fc.assert(
      fc.property(words, fc.constantFrom(' ', '\n', '  '), (all, blank) => {
        const text = all.join(blank);
        const shorter = shorterPrompt({ text, terms: [] });
        if (text !== '') assert.isBelow(shorter.text.length, text.length);
        const kept = shorter.text === '' ? [] : shorter.text.split(blank);
        assert.deepStrictEqual(kept, all.slice(all.length - kept.length));
      }),
      { seed: SEED },
    );
  });
});

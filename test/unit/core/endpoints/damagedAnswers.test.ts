import { assert } from 'chai';
import fc from 'fast-check';
import { problemOf } from '../../../../src/core/errors';
import type { ParsedResponse } from '../../../../src/core/model';
import type { AnswerFormat } from '../../../../src/core/endpoints/dialects';
import { parseErrorBody } from '../../../../src/core/endpoints/parseErrorBody';
import { parseModels, parseResponse } from '../../../../src/core/endpoints/parseResponse';
import { SEED, seededRandom } from '../random';
import { DIARIZED, GPT_4O, GPT_TRANSCRIBE, GROQ, LOCAL_AI, VLLM, VOXTRAL, WHISPER_CPP } from './answers';
import { mutate } from './mutate';

describe('parseResponse', () => {
  it('survives any text in place of an answer', () => {
    const words = fc.constantFrom(
      'data:',
      'event:',
      '{',
      '}',
      '"text"',
      ':',
      '"x"',
      '<html>',
      '\n',
      '[',
      ']',
      ',',
      'null',
      '1',
    );
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(words).map((parts) => parts.join('')),
    );
    const format = fc.constantFrom<AnswerFormat>('words', 'segments', 'json', 'text');
    fc.assert(
      fc.property(body, format, (text, asked) => {
        try {
          assertSound(parseResponse(text, 'host', asked));
        } catch (error) {
          assert.include(['responseUnreadable', 'proxyAnswered'], problemOf(error)?.code, String(error));
        }
        assert.isString(parseErrorBody(text).message);
        for (const name of parseModels(text)) assert.notStrictEqual(name.trim(), '');
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('survives 10,000 damaged answers: a readable response with sound times, or responseUnreadable', () => {
    const random = seededRandom();
    const answers = [GROQ, WHISPER_CPP, VLLM, LOCAL_AI, VOXTRAL, GPT_TRANSCRIBE, GPT_4O, DIARIZED];
    const formats: readonly AnswerFormat[] = ['words', 'segments', 'json'];
    let readable = 0;
    for (let n = 0; n < 10_000; n++) {
      const body = mutate(JSON.stringify(answers[n % answers.length]), random);
      try {
        assertSound(parseResponse(body, 'host', formats[n % formats.length]));
        readable++;
      } catch (error) {
        const isExpected = problemOf(error)?.code === 'responseUnreadable';
        if (!isExpected) throw new Error(`number ${n}: ${body}`, { cause: error });
      }
    }
    // Else the damage was so great that nothing was tested.
    assert.isAbove(readable, 5000);
    assert.isBelow(readable, 10_000);
  }).timeout(20_000);
});

function assertSound({ text, language, durationS = 0, averageLogProbability = 0, ...rest }: ParsedResponse): void {
  assert.isString(text);
  if (language !== undefined) assert.isString(language);
  assert.isTrue(Number.isFinite(durationS) && durationS >= 0);
  assert.isTrue(Number.isFinite(averageLogProbability));
  for (const { startS, endS, text: part, ...figures } of [...rest.segments, ...rest.words]) {
    assert.isTrue(typeof part === 'string' && part !== '');
    assert.isTrue(Number.isFinite(startS) && Number.isFinite(endS) && startS >= 0 && endS >= startS);
    for (const figure of Object.values(figures)) assert.isTrue(Number.isFinite(figure));
  }
}

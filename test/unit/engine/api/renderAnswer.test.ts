import assert from 'node:assert/strict';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';
import type { TranscriptionJob } from '../../../../src/engine/api/parseTranscription';
import type { Recognition, WireSegment } from '../../../../src/engine/api/recogniser';
import { renderAnswer } from '../../../../src/engine/api/renderAnswer';
import { HELLO } from './fakeRecogniser';
import { recognitionJob } from '../recognitionJob';

function job(format: TranscriptionJob['format']): TranscriptionJob {
  return { recognition: recognitionJob(new Uint8Array(0)), durationS: 1, format, wantsSegments: true };
}

function segment(id: number, start: number, end: number, text: string): WireSegment {
  const figures = { tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
  return { id, seek: 0, start, end, text, ...figures };
}

function cues(format: 'srt' | 'vtt', ...segments: readonly WireSegment[]): string {
  const recognition: Recognition = { ...HELLO, segments };
  return renderAnswer(job(format), recognition, 'req_1').body;
}

describe('renderAnswer', () => {
  it('writes times to the millisecond, beyond an hour as well', () => {
    assert.match(cues('srt', segment(0, 59.9996, 3661.25, 'late')), /^1\n00:01:00,000 --> 01:01:01,250\nlate\n$/);
    assert.match(
      cues('vtt', segment(0, 360_000.001, 360_001, 'later')),
      /\n100:00:00\.001 --> 100:00:01\.000\nlater\n$/,
    );
  });

  it('puts an empty line between cues, and none inside', () => {
    assert.equal(
      cues('srt', segment(0, 0, 1, ' a\n\nb'), segment(1, 1, 2, ' c')),
      '1\n00:00:00,000 --> 00:00:01,000\na\nb\n\n2\n00:00:01,000 --> 00:00:02,000\nc\n',
    );
  });

  it('leaves no markup in a VTT', () => {
    assert.match(cues('vtt', segment(0, 0, 1, 'a --> b & <i>')), /\na --&gt; b &amp; &lt;i&gt;\n$/);
  });

  it('gives a file without cues for nothing', () => {
    assert.deepEqual([cues('srt'), cues('vtt')], ['', 'WEBVTT\n']);
  });

  const unheard = [{ start: 2, end: 4.5 }];

  it('tells in verbose_json where no words were found, as the client reads it', () => {
    const { body } = renderAnswer(job('verbose_json'), { ...HELLO, unheard }, 'req_1');
    assert.deepEqual((JSON.parse(body) as { unheard: unknown }).unheard, unheard);
    assert.deepEqual(parseResponse(body, 'embedded').unheard, [{ startS: 2, endS: 4.5 }]);
  });

  it('leaves the field out where words were found everywhere, and of every other format', () => {
    for (const recognition of [HELLO, { ...HELLO, unheard: [] }]) {
      assert.doesNotMatch(renderAnswer(job('verbose_json'), recognition, 'req_1').body, /unheard/);
    }
    for (const format of ['json', 'text', 'srt', 'vtt'] as const) {
      assert.equal(
        renderAnswer(job(format), { ...HELLO, unheard }, 'req_1').body,
        renderAnswer(job(format), HELLO, 'req_1').body,
      );
    }
  });

  it('names the request in both kinds of json', () => {
    for (const format of ['json', 'verbose_json'] as const) {
      const { body } = renderAnswer(job(format), HELLO, 'req_7');
      assert.deepEqual((JSON.parse(body) as { x_groq: unknown }).x_groq, { id: 'req_7' });
    }
  });

  it('gives a language that has no name its code', () => {
    const { body } = renderAnswer(job('verbose_json'), { ...HELLO, language: 'xx' }, 'req_1');
    assert.equal((JSON.parse(body) as { language: string }).language, 'xx');
  });
});

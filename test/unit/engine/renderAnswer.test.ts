import assert from 'node:assert/strict';
import type { TranscriptionJob } from '../../../src/engine/parseTranscription';
import type { Recognition, WireSegment } from '../../../src/engine/recogniser';
import { renderAnswer } from '../../../src/engine/renderAnswer';
import { HELLO } from './fakeRecogniser';
import { recognitionJob } from './recognitionJob';

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

  it('gives a language that has no name its code', () => {
    const { body } = renderAnswer(job('verbose_json'), { ...HELLO, language: 'xx' }, 'req_1');
    assert.equal((JSON.parse(body) as { language: string }).language, 'xx');
  });
});

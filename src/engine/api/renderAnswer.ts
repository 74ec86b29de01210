import { defined } from '../../core/async/defined';
import { LANGUAGES } from '../../core/endpoints/languages';
import type { SpeechTask } from '../../core/model';
import type { TranscriptionJob } from './parseTranscription';
import type { Recognition, WireSegment } from './recogniser';

/** An answer's body, and its content type. */
export interface RenderedAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** The recognition in the format that the request asks for. @param requestId as in the answer's header */
export function renderAnswer(job: TranscriptionJob, recognition: Recognition, requestId: string): RenderedAnswer {
  const { text, segments } = recognition;
  switch (job.format) {
    case 'text':
      return { contentType: 'text/plain; charset=utf-8', body: `${text}\n` };
    case 'srt':
      return { contentType: 'application/x-subrip; charset=utf-8', body: segments.map(toSrt).join('\n') };
    case 'vtt':
      return { contentType: 'text/vtt; charset=utf-8', body: ['WEBVTT\n', ...segments.map(toVtt)].join('\n') };
    case 'json':
    case 'verbose_json':
      return { contentType: 'application/json', body: JSON.stringify(toJson(job, recognition, requestId)) };
  }
}

function toJson(job: TranscriptionJob, recognition: Recognition, requestId: string): object {
  const { recognition: asked, durationS, format, wantsSegments } = job;
  const x_groq = { id: requestId };
  if (format === 'json') return { text: recognition.text, x_groq };
  const { segments, words, ...others } = recognitionAsJson(recognition, { task: asked.task, durationS });
  return defined({
    ...others,
    segments: wantsSegments ? segments : undefined,
    words: asked.wantsWords ? words : undefined,
    x_groq,
  });
}

/** The JSON of Groq, OpenAI and the reference, `verbose_json`: languages by their names in lower case, words at the top level. */
export function recognitionAsJson(
  { text, language, segments, words, unheard = [] }: Recognition,
  { task, durationS }: { readonly task: SpeechTask; readonly durationS: number },
): Readonly<Record<string, unknown>> {
  return defined({
    task,
    // A translation, too, names the spoken language, as the reference does.
    language: LANGUAGES.get(language) ?? language,
    duration: durationS,
    text,
    segments,
    words,
    unheard: unheard.length > 0 ? unheard : undefined,
  });
}

function toSrt({ start, end, text }: WireSegment, index: number): string {
  return `${index + 1}\n${timecode(start, ',')} --> ${timecode(end, ',')}\n${cueText(text)}\n`;
}

function toVtt({ start, end, text }: WireSegment): string {
  const escaped = cueText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `${timecode(start, '.')} --> ${timecode(end, '.')}\n${escaped}\n`;
}

/** The text of a cue, without empty lines, which would end the cue. */
function cueText(text: string): string {
  return text.trim().replace(/\n\s*\n/g, '\n');
}

/** `00:01:02.345`. */
function timecode(seconds: number, point: '.' | ','): string {
  const totalMs = Math.round(seconds * 1000);
  const part = (unitMs: number, base: number): string => String(Math.floor(totalMs / unitMs) % base).padStart(2, '0');
  const hours = String(Math.floor(totalMs / 3_600_000)).padStart(2, '0');
  return `${hours}:${part(60_000, 60)}:${part(1000, 60)}${point}${String(totalMs % 1000).padStart(3, '0')}`;
}

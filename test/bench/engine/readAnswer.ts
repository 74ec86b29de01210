import type { Answer } from './speechProgram';

/** A program's answer in the shape of the API's `verbose_json`, with a `probability` in each word and, where it has one, our list `unheard`. */
export function readAnswer(json: string, wallMs: number): Answer {
  const answer: unknown = JSON.parse(json);
  return {
    language: text(answer, 'language'),
    text: text(answer, 'text').trim(),
    segments: list(answer, 'segments').map((segment) => ({
      startS: number(segment, 'start'),
      endS: number(segment, 'end'),
      text: text(segment, 'text'),
      temperature: number(segment, 'temperature'),
      averageLogProbability: number(segment, 'avg_logprob'),
      compressionRatio: number(segment, 'compression_ratio'),
      noSpeechProbability: number(segment, 'no_speech_prob'),
    })),
    words: list(answer, 'words').map((word) => ({
      text: text(word, 'word').trim(),
      startS: number(word, 'start'),
      endS: number(word, 'end'),
      probability: number(word, 'probability'),
    })),
    unheard: optionalList(answer, 'unheard').map((stretch) => ({
      startS: number(stretch, 'start'),
      endS: number(stretch, 'end'),
    })),
    wallMs,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  if (typeof found !== 'string') throw new Error(`The answer has no text "${name}": ${JSON.stringify(value)}`);
  return found;
}

function number(value: unknown, name: string): number {
  const found = field(value, name);
  if (typeof found !== 'number') throw new Error(`The answer has no number "${name}": ${JSON.stringify(value)}`);
  return found;
}

/** None where the program says nothing of the kind. */
function optionalList(value: unknown, name: string): readonly unknown[] {
  return field(value, name) === undefined ? [] : list(value, name);
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  if (!Array.isArray(found)) throw new Error(`The answer has no list "${name}": ${JSON.stringify(value)}`);
  return found;
}

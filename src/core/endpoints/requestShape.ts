import type { RequestPrompt, TranscriptionRequest } from '../model';
import { dialect, dialectOf, type AnswerFormat, type DialectId, type FormField, type UploadFormat } from './dialects';
import type { Provider } from './endpoint';

/** The form of a request. A server's refusal may change it between two attempts. */
export interface RequestShape {
  readonly dialect: DialectId;
  readonly format: AnswerFormat;
  readonly prompt: 'whole' | 'half' | 'none';
  /** What a piece of prepared audio is sent as. */
  readonly upload: UploadFormat;
}

/** The richest request that the endpoint is believed to take. */
export function richestShape(provider: Provider, model: string): RequestShape {
  const id = dialectOf(provider, model);
  const { formats, uploads } = dialect(id);
  return { dialect: id, format: formats[0] ?? 'json', prompt: 'whole', upload: uploads[0] ?? 'wav' };
}

/** The next poorer format; undefined where there is none. */
export function withPoorerFormat(shape: RequestShape): RequestShape | undefined {
  const { formats } = dialect(shape.dialect);
  const format = formats[formats.indexOf(shape.format) + 1];
  return format === undefined ? undefined : { ...shape, format };
}

/** The same with audio as the next type that the dialect has; undefined where there is none. */
export function withPlainerUpload(shape: RequestShape): RequestShape | undefined {
  const { uploads } = dialect(shape.dialect);
  const upload = uploads[uploads.indexOf(shape.upload) + 1];
  return upload === undefined ? undefined : { ...shape, upload };
}

/** The request's text fields. A request with an address in place of a file has the address among them. */
export function requestFields(request: TranscriptionRequest, model: string, shape: RequestShape): FormField[] {
  const spoken = dialect(shape.dialect);
  const { prompt, ...rest } = request;
  const said = shapedPrompt(prompt, shape);
  const fields = spoken.fields(said ? { ...rest, prompt: said } : rest, model, shape.format);
  return request.audio.kind === 'url' && spoken.urlField !== undefined
    ? [...fields, [spoken.urlField, request.audio.url]]
    : fields;
}

function shapedPrompt(prompt: RequestPrompt | undefined, shape: RequestShape): RequestPrompt | undefined {
  if (!prompt || shape.prompt === 'none') return undefined;
  return shape.prompt === 'whole' ? prompt : shorterPrompt(prompt);
}

/** The more important half: the last terms of a list, or the last words of the user's own text, each complete. Exported for its property test. */
export function shorterPrompt({ text, terms }: RequestPrompt): RequestPrompt {
  if (terms.length > 0) {
    const kept = terms.slice(Math.ceil(terms.length / 2));
    return { text: kept.length === 0 ? '' : `${kept.join(', ')}.`, terms: kept };
  }
  const half = text.slice(Math.ceil(text.length / 2));
  // The half may begin inside a word.
  const blank = half.search(/\s/);
  return { text: blank < 0 ? '' : half.slice(blank).trim(), terms };
}

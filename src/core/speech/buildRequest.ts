import type { TranscriptionRequest } from '../model';

/** One text field of a multipart form, in the order sent. A name may come twice. */
export type FormField = readonly [name: string, value: string];

/** The form fields that go with the audio. `verbose_json` with both granularities: times are what a note lives from. */
export function buildRequestFields(request: TranscriptionRequest, defaultModel: string): FormField[] {
  const fields: FormField[] = [
    ['model', request.model ?? defaultModel],
    ['response_format', 'verbose_json'],
    ['timestamp_granularities[]', 'segment'],
    ['timestamp_granularities[]', 'word'],
    ['temperature', '0'],
  ];
  if (request.language !== undefined) fields.push(['language', request.language]);
  if (request.prompt !== undefined && request.prompt !== '') fields.push(['prompt', request.prompt]);
  return fields;
}

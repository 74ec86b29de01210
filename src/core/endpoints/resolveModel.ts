import type { SpeechJob } from '../model';
import type { RemoteEndpoint } from './endpoint';

/** The models that the user chose, by what they are for. */
export type ChosenModels = Readonly<Partial<Record<SpeechJob, string>>>;

/**
 * Which model of an endpoint is asked for a job: the one that the user chose for it, else the endpoint's own. A translation gets the translation model,
 * everywhere: most models do not translate.
 */
export function resolveModel({ defaultModels }: RemoteEndpoint, job: SpeechJob, chosen: ChosenModels = {}): string {
  return chosen[job] ?? defaultModels[job];
}

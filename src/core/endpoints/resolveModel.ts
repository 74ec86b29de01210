import type { SpeechJob } from '../model';
import type { RemoteEndpoint } from './endpoint';

/** The models that the user chose, by what they are for. */
export type ChosenModels = Readonly<Partial<Record<SpeechJob, string>>>;

/**
 * The endpoint's model for a job: the one that the user chose for this job, else the endpoint's default for it. Every endpoint has a
 * model of its own for translations, because most models do not translate.
 */
export function resolveModel({ defaultModels }: RemoteEndpoint, job: SpeechJob, chosen: ChosenModels = {}): string {
  return chosen[job] ?? defaultModels[job];
}

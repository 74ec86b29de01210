import type { ModelNeeds } from '../models/chooseInstalled';
import type { Problem } from '../errors';
import type { AnswerFormat } from '../endpoints/dialects';
import type { Endpoint } from '../endpoints/endpoint';

/** The figures that show doubtful places, by their names in `Segment` and `Word`. */
export type QualityFigure = 'averageLogProbability' | 'compressionRatio' | 'noSpeechProbability' | 'probability';

/** What the endpoint answered to one format in a test. */
export interface ProbeResult {
  readonly format: AnswerFormat;
  readonly durationMs: number;
  readonly outcome:
    | {
        readonly kind: 'works';
        /** Whether requests to the endpoint use this format from now on. */
        readonly isChosen: boolean;
        readonly text: string;
        readonly segmentCount: number;
        readonly wordCount: number;
        readonly quality: readonly QualityFigure[];
      }
    | { readonly kind: 'fails'; readonly problem: Problem };
}

/** Finds out what an endpoint can do, without a recording of the user's. */
export interface EndpointProbe {
  /** Opens a connection, or loads the engine, so that the first request need not wait for it. Never fails: the first request tells of a fault. */
  warmUp(endpoint: Endpoint, needs: ModelNeeds, signal: AbortSignal): Promise<void>;
  /** The models that the endpoint names, those for speech first; may be empty. @throws MinutesError where the endpoint cannot be asked */
  listModels(endpoint: Endpoint, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Sends the two-second clip that comes with Minutes once per format, the richest format first. Remembers the richest one that works.
   *
   * @throws MinutesError where no request can be made at all
   */
  test(endpoint: Endpoint, model: string | undefined, signal: AbortSignal): AsyncIterable<ProbeResult>;
  /** How many requests a test takes. */
  testCount(endpoint: Endpoint, model: string | undefined): number;
}

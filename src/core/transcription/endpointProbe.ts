import type { ModelNeeds } from '../models/chooseInstalled';
import type { Problem } from '../errors';
import type { AnswerFormat } from '../endpoints/dialects';
import type { Endpoint } from '../endpoints/endpoint';

/** The figures that tell doubtful places, by their names in `Segment` and `Word`. */
export type QualityFigure = 'averageLogProbability' | 'compressionRatio' | 'noSpeechProbability' | 'probability';

/** What one format brought when it was tried. */
export interface ProbeResult {
  readonly format: AnswerFormat;
  readonly durationMs: number;
  readonly outcome:
    | {
        readonly kind: 'works';
        /** What the endpoint is asked for from now on. */
        readonly isChosen: boolean;
        readonly text: string;
        readonly segmentCount: number;
        readonly wordCount: number;
        readonly quality: readonly QualityFigure[];
      }
    | { readonly kind: 'fails'; readonly problem: Problem };
}

/** Asks an endpoint about itself, without a recording of the user's. */
export interface EndpointProbe {
  /** Opens a connection, or loads the engine, so that the first request need not wait for it. Never fails: the request will tell. */
  warmUp(endpoint: Endpoint, needs: ModelNeeds, signal: AbortSignal): Promise<void>;
  /** The models that it names, those for speech first; empty where it names none. @throws MinutesError where it cannot be asked */
  listModels(endpoint: Endpoint, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Sends the two-second clip that comes with Minutes once per format, the richest first, and remembers the richest that works.
   *
   * @throws MinutesError where no request can be made at all
   */
  test(endpoint: Endpoint, model: string | undefined, signal: AbortSignal): AsyncIterable<ProbeResult>;
  /** How many requests a test takes. */
  testCount(endpoint: Endpoint, model: string | undefined): number;
}

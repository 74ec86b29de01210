import path from 'node:path';
import { defined } from '../../core/async/defined';
import type { ModelNeeds } from '../../core/models/chooseInstalled';
import { problemOf, type ProblemCode } from '../../core/errors';
import type { Answer, TranscriptionRequest } from '../../core/model';
import type { EndpointProbe, ProbeResult, QualityFigure } from '../../core/transcription/endpointProbe';
import { dialect, dialectOf, type AnswerFormat } from '../../core/endpoints/dialects';
import { resolveModel, type Endpoint } from '../../core/endpoints/endpoint';
import { parseModels } from '../../core/endpoints/parseResponse';
import { FileAudioPreparer } from '../audio/audioPreparer';
import { openRecording } from '../audio/openRecording';
import type { SpeechClient } from './speechClient';

/** The clip that goes to an endpoint under test, below the extension's folder: two seconds of a speech in the public domain. */
const CLIP = path.join('media', 'endpoint-test.wav');
const CLIP_LANGUAGE = 'en';

/** Tests endpoints through the same client as every transcription. */
export class HttpEndpointProbe implements EndpointProbe {
  constructor(
    private readonly client: SpeechClient,
    private readonly extensionFolder: string,
  ) {}

  async warmUp(endpoint: Endpoint, needs: ModelNeeds, signal: AbortSignal): Promise<void> {
    try {
      if (endpoint.kind === 'embedded') await this.client.startEngine(needs, signal);
      else await this.client.get(endpoint, '/models', signal);
    } catch {
      // The first real request will tell what is wrong.
    }
  }

  async listModels(endpoint: Endpoint, signal: AbortSignal): Promise<readonly string[]> {
    return endpoint.kind === 'embedded' ? [] : parseModels(await this.client.get(endpoint, '/models', signal));
  }

  testCount(endpoint: Endpoint, model?: string): number {
    return formatsOf(endpoint, model).length;
  }

  async *test(endpoint: Endpoint, model: string | undefined, signal: AbortSignal): AsyncGenerator<ProbeResult> {
    const wishes = { job: 'meeting', chosenModels: defined({ meeting: model }), language: CLIP_LANGUAGE } as const;
    const target = await this.client.target(endpoint, wishes);
    const transcriber = await this.client.transcriber(target);
    const recording = await openRecording(path.join(this.extensionFolder, CLIP));
    const preparer = new FileAudioPreparer('', () => Promise.resolve(undefined));
    for await (const event of preparer.prepare(recording, signal)) {
      if (event.kind !== 'prepared') continue;
      const { audio } = event;
      const request: TranscriptionRequest = {
        audio: { kind: 'chunk', audio, chunk: { startSample: 0, endSample: audio.sampleCount } },
        task: 'transcribe',
        language: CLIP_LANGUAGE,
        model: target.model,
      };
      // The first format that works is chosen for good, unless an earlier one failed in a way that may pass.
      let isBest = true;
      let hasWorked = false;
      for (const format of formatsOf(endpoint, model)) {
        const startedMs = performance.now();
        let outcome: ProbeResult['outcome'];
        try {
          const answer = await transcriber.tryFormat(request, format, isBest, signal);
          outcome = { kind: 'works', isChosen: isBest, ...contentOf(answer) };
          isBest = false;
        } catch (error) {
          signal.throwIfAborted();
          const problem = problemOf(error);
          if (!problem) throw error;
          outcome = { kind: 'fails', problem };
          isBest &&= problem.code === 'requestRefused';
        }
        yield { format, durationMs: performance.now() - startedMs, outcome };
        // A bad key or an unknown address fails for every format, and each request costs money.
        if (outcome.kind === 'works') hasWorked = true;
        else if (!hasWorked && !ABOUT_FORMAT.has(outcome.problem.code)) return;
      }
    }
  }
}

/** Problems that may not occur with another format. */
const ABOUT_FORMAT: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'requestRefused',
  'fileRefused',
  'endpointFailed',
  'responseUnreadable',
]);

function formatsOf(endpoint: Endpoint, model: string | undefined): readonly AnswerFormat[] {
  if (endpoint.kind === 'embedded') return dialect('embedded').formats;
  return dialect(dialectOf(endpoint.provider, resolveModel(endpoint, 'meeting', defined({ meeting: model })))).formats;
}

function contentOf({
  text,
  segments,
  words,
}: Answer): Omit<Extract<ProbeResult['outcome'], { kind: 'works' }>, 'kind' | 'isChosen'> {
  const names = ['averageLogProbability', 'compressionRatio', 'noSpeechProbability'] as const;
  const quality: QualityFigure[] = names.filter((name) => segments.some((segment) => segment[name] !== undefined));
  if (words.some(({ probability }) => probability !== undefined)) quality.push('probability');
  return { text, segmentCount: segments.length, wordCount: words.length, quality };
}

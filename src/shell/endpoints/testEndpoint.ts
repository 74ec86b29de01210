import { l10n, ProgressLocation, window } from 'vscode';
import { isAbort, type Problem } from '../../core/errors';
import type { ProbeResult, QualityFigure } from '../../core/transcription/endpointProbe';
import type { FileTranscriber } from '../../core/transcription/fileTranscriber';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { BILLED_AT_LEAST_S, priceUsd } from '../../core/endpoints/knownModels';
import { toAbortSignal } from '../editor/abortSignal';
import type { Consent } from '../transcription/consent';
import { placeName } from '../words/hostName';
import { describeFailure, describeProblem, showError } from '../words/messages';
import { markdownTable } from '../editor/markdownTable';
import type { ReadOnlyDocuments } from '../editor/readOnlyDocuments';
import { endpointInForce, modelInForce } from '../contributed/settings';

/** What the test of an endpoint needs. */
export interface TestEndpointDependencies {
  readonly loadTranscriber: () => Promise<FileTranscriber>;
  readonly consent: Consent;
  readonly documents: ReadOnlyDocuments;
}

/** The clip's length, in seconds. */
const CLIP_S = 2;

/** **Minutes: Test Connection**: sends a short clip in every format, and shows the endpoint's answers. */
export class TestEndpoint {
  constructor(private readonly dependencies: TestEndpointDependencies) {}

  async run(): Promise<void> {
    try {
      const endpoint = endpointInForce();
      const model = endpoint.kind === 'embedded' ? undefined : modelInForce(endpoint, 'meeting');
      const { probe } = await this.dependencies.loadTranscriber();
      const count = probe.testCount(endpoint, model);
      if (!(await agrees(endpoint, model, count)) || !(await this.dependencies.consent.isGiven(endpoint))) return;
      const place = placeName(endpoint.kind === 'embedded' ? endpoint : endpoint.host);
      const results: ProbeResult[] = [];
      const options = {
        location: ProgressLocation.Notification,
        title: l10n.t('Testing {0}', place),
        cancellable: true,
      };
      await window.withProgress(options, async (progress, token) => {
        for await (const result of probe.test(endpoint, model, toAbortSignal(token))) {
          results.push(result);
          progress.report({ message: FORMAT_NAMES[result.format], increment: 100 / count });
        }
      });
      await this.dependencies.documents.show(l10n.t('Minutes Endpoint Test'), report(place, model, results));
    } catch (error) {
      if (!isAbort(error)) void showError(describeFailure(error));
    }
  }
}

const FORMAT_NAMES: Readonly<Record<ProbeResult['format'], string>> = {
  words: 'verbose_json, words and segments',
  segments: 'verbose_json, segments',
  json: 'json',
  text: 'text',
};

/** Tells the user what the test costs before anything is sent. Whether they agree. */
async function agrees(endpoint: Endpoint, model: string | undefined, count: number): Promise<boolean> {
  if (endpoint.kind === 'embedded') return true;
  const price = priceUsd(
    endpoint.provider,
    model ?? '',
    Array.from({ length: count }, () => CLIP_S),
  );
  const cost = endpoint.isLoopback
    ? l10n.t('It runs on this machine and costs nothing.')
    : price === undefined
      ? l10n.t(
          'What the provider asks for them is not known here; a request is often billed as {0} s at least.',
          BILLED_AT_LEAST_S,
        )
      : l10n.t('They are billed as {0} s of audio: ${1}.', count * BILLED_AT_LEAST_S, price.toFixed(4));
  const test = l10n.t('Test');
  const answer = await window.showInformationMessage(
    l10n.t('Test {0}?', endpoint.host),
    {
      modal: true,
      detail: l10n.t(
        'A clip of {0} s goes there in {1} requests, with the model {2}. {3}',
        CLIP_S,
        count,
        model ?? '',
        cost,
      ),
    },
    test,
  );
  return answer === test;
}

function report(place: string, model: string | undefined, results: readonly ProbeResult[]): string {
  // The table is narrow enough for half a screen; longer texts stand in the list below it.
  const head = [l10n.t('Format'), l10n.t('Works'), l10n.t('Segments'), l10n.t('Words'), l10n.t('Time')];
  const rows = results.map(({ format, durationMs, outcome }) => {
    const found =
      outcome.kind === 'works' ? [l10n.t('yes'), outcome.segmentCount, outcome.wordCount] : [l10n.t('no'), '–', '–'];
    return [FORMAT_NAMES[format], ...found, `${Math.round(durationMs)} ms`].map(String);
  });
  const said = results.map(({ format, outcome }) => {
    const name = FORMAT_NAMES[format];
    if (outcome.kind === 'fails') return `- ${name}: ${reasonOf(outcome.problem)}`;
    const figures = outcome.quality.map(qualityName).join(', ');
    return figures === ''
      ? `- ${name}: "${outcome.text}"`
      : l10n.t('- {0}: "{1}", with {2}', name, outcome.text, figures);
  });
  const parts = [
    `# ${l10n.t('Test of {0}', place)}`,
    ...(model === undefined ? [] : [l10n.t('Model: {0}', model)]),
    verdict(results),
    markdownTable([head, ...rows]),
    l10n.t('What it answered:'),
    said.join('\n'),
  ];
  return parts.join('\n\n') + '\n';
}

function verdict(results: readonly ProbeResult[]): string {
  const best = results.find(({ outcome }) => outcome.kind === 'works');
  if (!best) return l10n.t('Nothing works: the list below says why.');
  if (best === results[0]) return l10n.t('The richest format works.');
  return best.outcome.kind === 'works' && best.outcome.isChosen
    ? l10n.t('From now on Minutes asks for {0}, the richest format that works.', FORMAT_NAMES[best.format])
    : l10n.t('What failed may work another time, so nothing is decided: test again later.');
}

/** The endpoint's own words where it said any. */
function reasonOf(problem: Problem): string {
  return 'reason' in problem && problem.code === 'requestRefused'
    ? l10n.t('refused ({0}): {1}', problem.status, problem.reason)
    : describeProblem(problem).text;
}

function qualityName(figure: QualityFigure): string {
  switch (figure) {
    case 'averageLogProbability':
      return l10n.t('log-probability');
    case 'compressionRatio':
      return l10n.t('compression ratio');
    case 'noSpeechProbability':
      return l10n.t('probability of no speech');
    case 'probability':
      return l10n.t('probability of words');
  }
}

import { l10n, ProgressLocation, window, workspace } from 'vscode';
import { isAbort } from '../../core/errors';
import type { FileTranscriber, ProbeResult } from '../../core/ports';
import type { Endpoint } from '../../core/speech/endpoint';
import { BILLED_AT_LEAST_S, priceUsd } from '../../core/speech/models';
import { toAbortSignal } from '../abortSignal';
import type { Consent } from '../consent';
import { describeFailure, describeProblem, showError } from '../messages';
import { endpointInForce, modelInForce } from '../settings';

export interface TestEndpointDependencies {
  readonly loadTranscriber: () => Promise<FileTranscriber>;
  readonly consent: Consent;
}

/** The clip's length, in seconds. */
const CLIP_S = 2;

/** **Minutes: Test Endpoint**: sends a short clip in every format, and shows what the endpoint makes of it. */
export class TestEndpoint {
  constructor(private readonly dependencies: TestEndpointDependencies) {}

  async run(): Promise<void> {
    try {
      const endpoint = endpointInForce();
      const model = endpoint.kind === 'embedded' ? undefined : modelInForce(endpoint, 'meeting');
      const { probe } = await this.dependencies.loadTranscriber();
      const count = probe.testCount(endpoint, model);
      if (!(await agrees(endpoint, model, count)) || !(await this.dependencies.consent.isGiven(endpoint))) return;
      const place = placeOf(endpoint);
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
      const content = report(place, model, results);
      await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
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

/** What it costs is said before anything is sent. */
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
  const rows = results.map(({ format, durationMs, outcome }) => {
    const time = `${Math.round(durationMs)} ms`;
    const cells =
      outcome.kind === 'works'
        ? [
            l10n.t('yes'),
            outcome.segmentCount,
            outcome.wordCount,
            outcome.quality.join(', ') || '–',
            time,
            outcome.text,
          ]
        : [l10n.t('no'), '–', '–', '–', time, describeProblem(outcome.problem).text];
    return `| ${[FORMAT_NAMES[format], ...cells].map((cell) => String(cell).replace(/[|\r\n]+/g, ' ')).join(' | ')} |`;
  });
  const best = results.find(({ outcome }) => outcome.kind === 'works');
  const verdict = !best
    ? l10n.t('No format works: the last column says why.')
    : best === results[0]
      ? l10n.t('The richest format works: notes have times, and doubt can be shown where the endpoint tells it.')
      : l10n.t('Minutes will ask for {0}, the richest format that works.', FORMAT_NAMES[best.format]);
  const head = [
    l10n.t('Format'),
    l10n.t('Works'),
    l10n.t('Segments'),
    l10n.t('Words'),
    l10n.t('Quality'),
    l10n.t('Time'),
    l10n.t('Text'),
  ];
  return (
    [
      `# ${l10n.t('Test of {0}', place)}`,
      ...(model === undefined ? [] : [l10n.t('Model: {0}', model)]),
      verdict,
      [`| ${head.join(' | ')} |`, `|${head.map(() => ' --- ').join('|')}|`, ...rows].join('\n'),
    ].join('\n\n') + '\n'
  );
}

function placeOf(endpoint: Endpoint): string {
  return endpoint.kind === 'embedded' ? l10n.t('the embedded engine') : endpoint.host;
}

import { l10n, ProgressLocation, window } from 'vscode';
import { problemOf, type Problem, type ProblemCode } from '../../core/errors';
import { formatElapsed, formatMoment } from '../../core/notes/timestamps';
import { describeFailure } from '../words/messages';
import { withRetry, type Message } from '../words/remedies';

const TICK_MS = 1000;

/** What would fail again as it did: its cause lies in the recording or in a setting, or another button of its message leads back. */
const HOPELESS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'alreadyRecording',
  'endpointInsecure',
  'endpointInvalid',
  'fileEmpty',
  'keyMissing',
  'keyRejected',
  'languageUnsupported',
  'modelMissing',
  'modelNotInstalled',
  'noAudioTrack',
  'noSpeech',
  'notAudio',
  'recordingIsPage',
  'recordingTooLarge',
  'translationUnsupported',
  'urlHasPassword',
  'urlInvalid',
  'urlUnsupported',
]);

/**
 * A failure in words, with buttons to try again: at once, or at the time that the endpoint named.
 *
 * @param name the recording's name, so that the message about a failed endpoint tells which of several recordings it concerns
 */
export function describeWithRetry(failure: unknown, name: string, again: () => unknown): Message {
  const described = describeFailure(failure);
  const problem = problemOf(failure);
  // The outcome comes first: a toast may show one line only.
  const isNamed = described.text.includes(name) || !problem || !('host' in problem);
  const text = isNamed ? described.text : `${described.text} (${name})`;
  const message = withRetry({ ...described, text }, { title: l10n.t('Try Again'), run: again }, isHopeless(problem));
  if (problem?.code !== 'paused') return message;
  const { untilMs } = problem;
  const later = {
    title: l10n.t('Continue at {0}', formatMoment(new Date(untilMs), new Date())),
    run: async (): Promise<void> => {
      if (await waitUntil(untilMs, name)) await again();
    },
  };
  return { ...message, actions: [later, ...message.actions] };
}

function isHopeless(problem: Problem | undefined): boolean {
  if (problem?.code === 'tooLarge') return problem.audioKind === 'url';
  return problem !== undefined && HOPELESS.has(problem.code);
}

/** Shows a countdown that can be cancelled. False where it was cancelled. */
async function waitUntil(untilMs: number, name: string): Promise<boolean> {
  const title = l10n.t('{0} goes on at {1}', name, formatMoment(new Date(untilMs), new Date()));
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      new Promise<boolean>((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const tick = (): void => {
          const leftMs = untilMs - Date.now();
          if (leftMs <= 0) {
            resolve(true);
            return;
          }
          progress.report({ message: formatElapsed(leftMs) });
          timer = setTimeout(tick, Math.min(TICK_MS, leftMs));
        };
        token.onCancellationRequested(() => {
          clearTimeout(timer);
          resolve(false);
        });
        tick();
      }),
  );
}

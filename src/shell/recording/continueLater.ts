import { l10n, ProgressLocation, window } from 'vscode';
import { problemOf } from '../../core/errors';
import { formatElapsed, formatMoment } from '../../core/notes/timestamps';
import { describeFailure } from '../words/messages';
import { withRetry, type Message } from '../words/remedies';

const TICK_MS = 1000;

/**
 * A failure in words, with buttons to try again: at once, or at the time that the endpoint named.
 *
 * @param name the recording's name, so that the message about a failed endpoint tells which of several recordings it concerns
 */
export function describeWithRetry(failure: unknown, name: string, again: () => unknown): Message {
  const described = describeFailure(failure);
  const problem = problemOf(failure);
  const text = problem && 'host' in problem ? `${name}: ${described.text}` : described.text;
  const message = withRetry({ ...described, text }, { title: l10n.t('Try Again'), run: again });
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

import { Disposable, l10n, Uri, window } from 'vscode';
import { formatTime } from '../../core/notes/timestamps';
import type { KeptTranscript } from '../../core/transcript/transcriptStore';
import { isThere } from '../notes/noteFiles';
import { fileName } from '../editor/localFiles';
import { describeFailure, showError } from '../words/messages';
import type { RunLogs } from '../transcripts/runLogs';

/** Closing windows need some seconds to end, and count as the owners of their logs until then. */
const LOOK_AGAIN_MS = 15_000;

/** What becomes of a run that was not finished. */
export interface UnfinishedActions {
  /** Goes on with it. */
  readonly goOn: (recording: Uri, found: KeptTranscript) => Promise<void>;
  /** Deletes what belongs to it beside its log. Absent: nothing does. */
  readonly discard?: (recording: Uri) => Promise<void>;
}

/**
 * Offers the transcriptions that an earlier window did not finish, one after the other. Each is offered once a window.
 *
 * @param origin whose: of the user's files, or of recordings that were downloaded
 */
export function offerUnfinishedTranscriptions(
  logs: RunLogs,
  origin: 'file' | 'download',
  actions: UnfinishedActions,
): Disposable {
  const offered = new Set<string>();
  const openedMs = Date.now();
  const lookNow = (): Promise<void> => look(logs, origin, actions, offered, openedMs);
  void lookNow();
  const timer = setTimeout(() => void lookNow(), LOOK_AGAIN_MS);
  return new Disposable(() => {
    clearTimeout(timer);
  });
}

async function look(
  logs: RunLogs,
  origin: 'file' | 'download',
  actions: UnfinishedActions,
  offered: Set<string>,
  openedMs: number,
): Promise<void> {
  try {
    for (const kept of await logs.stored()) {
      const { id, located, isSettled, isBusy } = kept;
      // What Minutes recorded itself is offered with its recording.
      if (isSettled || isBusy || located?.origin !== origin || offered.has(id)) continue;
      // A run that this window began has a button of its own.
      if (kept.begunMs > openedMs) continue;
      offered.add(id);
      await offer(kept, Uri.parse(located.recording), logs, actions);
    }
  } catch (error) {
    void showError(describeFailure(error));
  }
}

async function offer(
  kept: KeptTranscript,
  file: Uri,
  logs: RunLogs,
  { goOn, discard: discardMore }: UnfinishedActions,
): Promise<void> {
  if (!(await isThere(file))) {
    // A file of the user's may come back with its drive; what was downloaded was deleted for good.
    if (kept.located?.origin === 'download') await logs.remove(kept);
    return;
  }
  const [goesOn, discard] = [l10n.t('Continue'), l10n.t('Discard')];
  const { doneS, totalS } = kept;
  const name = fileName(file);
  const text =
    totalS > 0
      ? l10n.t(
          '"{0}" was not finished: its transcription is at {1} of {2}.',
          name,
          formatTime(doneS),
          formatTime(totalS),
        )
      : l10n.t('"{0}" was not finished. Its transcription can go on.', name);
  const answer = await window.showInformationMessage(text, goesOn, discard);
  if (answer === goesOn) await goOn(file, kept);
  if (answer === discard) {
    await logs.remove(kept);
    await discardMore?.(file);
  }
  // Without an answer the next start offers it again.
}

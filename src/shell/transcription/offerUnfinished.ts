import { Disposable, l10n, Uri, window } from 'vscode';
import { formatTime } from '../../core/notes/timestamps';
import type { KeptTranscript } from '../../core/transcript/transcriptStore';
import { isThere } from '../notes/noteFiles';
import { fileName } from '../editor/localFiles';
import { describeFailure, showError } from '../words/messages';
import type { RunLogs } from '../transcripts/runLogs';

/** Closing windows need some seconds to end, and count as the owners of their logs until then. */
const LOOK_AGAIN_MS = 15_000;

/** Goes on with a run that was not finished. */
export type Continue = (file: Uri, found: KeptTranscript) => Promise<void>;

/** Offers the transcriptions of files that an earlier window did not finish, one after the other. Each is offered once a window. */
export function offerUnfinishedTranscriptions(logs: RunLogs, goOn: Continue): Disposable {
  const offered = new Set<string>();
  const openedMs = Date.now();
  void look(logs, goOn, offered, openedMs);
  const timer = setTimeout(() => void look(logs, goOn, offered, openedMs), LOOK_AGAIN_MS);
  return new Disposable(() => {
    clearTimeout(timer);
  });
}

async function look(logs: RunLogs, goOn: Continue, offered: Set<string>, openedMs: number): Promise<void> {
  try {
    for (const kept of await logs.stored()) {
      const { id, located, isSettled, isBusy } = kept;
      // What Minutes recorded itself is offered with its recording.
      if (isSettled || isBusy || located?.origin !== 'file' || offered.has(id)) continue;
      // A run that this window began has a button of its own.
      if (kept.begunMs > openedMs) continue;
      offered.add(id);
      await offer(kept, Uri.parse(located.recording), logs, goOn);
    }
  } catch (error) {
    void showError(describeFailure(error));
  }
}

async function offer(kept: KeptTranscript, file: Uri, logs: RunLogs, goOn: Continue): Promise<void> {
  if (!(await isThere(file))) return;
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
  if (answer === discard) await logs.remove(kept);
  // Without an answer the next start offers it again.
}

import { Disposable, l10n, window } from 'vscode';
import { samplesToSeconds } from '../../core/audio/pcm';
import { formatDate, formatTime } from '../../core/notes/timestamps';
import type { RecordingStore, UnfinishedRecording } from '../../core/capture/recordings';
import { describeFailure, showError } from '../words/messages';
import type { Recoveries } from './recoveries';

/** What the offer of unfinished recordings needs. */
export interface RecoverDependencies {
  readonly loadStore: () => Promise<RecordingStore>;
  readonly recoveries: Recoveries;
}

/**
 * When to look a second time. A window that is closed or reloaded may need some seconds to end, and counts as the owner until then: the
 * editor restarts a crashed extension host, and during a reload the old host ends while the new one begins.
 */
const LOOK_AGAIN_MS = 15_000;

/** Offers recordings that an earlier window did not finish, one after the other. Deletes nothing without asking. */
export function offerUnfinishedRecordings(dependencies: RecoverDependencies): Disposable {
  void look(dependencies);
  const timer = setTimeout(() => void look(dependencies), LOOK_AGAIN_MS);
  return new Disposable(() => {
    clearTimeout(timer);
  });
}

/** Offers what is unfinished now. A recording that was offered before belongs to this window and is not offered twice. */
async function look(dependencies: RecoverDependencies): Promise<void> {
  try {
    const store = await dependencies.loadStore();
    for (const unfinished of await store.unfinished()) await offer(unfinished, store, dependencies);
  } catch (error) {
    void showError(describeFailure(error));
  }
}

async function offer(
  unfinished: UnfinishedRecording,
  store: RecordingStore,
  { recoveries }: RecoverDependencies,
): Promise<void> {
  const { recording, sampleCount, startedMs } = unfinished;
  const [toText, keep, remove] = [l10n.t('Transcribe'), l10n.t('Keep'), l10n.t('Delete')];
  const answer = await window.showWarningMessage(
    l10n.t(
      'A recording was not finished: {0} from {1} ("{2}").',
      formatTime(samplesToSeconds(sampleCount)),
      formatDate(new Date(startedMs)),
      recording.name,
    ),
    toText,
    keep,
    remove,
  );
  try {
    if (answer === toText) await recoveries.recover(unfinished);
    if (answer === keep) await store.settle(recording.path);
    if (answer === remove) await store.remove(recording.path);
  } catch (error) {
    void showError(describeFailure(error));
  }
  // Without an answer the next start offers the recording again.
}

import { Disposable, l10n, Uri, window, workspace } from 'vscode';
import { samplesToSeconds } from '../../core/audio/pcm';
import type { RecordingStore, RecordingTarget, UnfinishedRecording } from '../../core/capture/recordings';
import { formatDate, formatTime } from '../../core/notes/timestamps';
import { describeFailure, showError } from '../words/messages';
import type { Recoveries } from './recoveries';

/** What the recovery of unfinished recordings needs. */
export interface RecoverDependencies {
  readonly loadStore: () => Promise<RecordingStore>;
  readonly recoveries: Recoveries;
}

/**
 * When to look, counted from the start. A window that is closed or reloaded may need some seconds to end, and counts as the owner until
 * then: the editor restarts a crashed extension host, and during a reload the old host ends while the new one begins.
 */
const LOOKS_MS = [0, 700, 1500, 3000, 6000, 15_000] as const;
/** Where the editor restores several windows, a meeting belongs to the one that has its note, which looks before the others. */
const OTHERS_WAIT_MS = 3000;

/**
 * Goes on with a meeting that was cut off a moment ago, and offers all other recordings that an earlier window did not finish, one after
 * the other. Deletes nothing without asking.
 */
export function recoverRecordings(dependencies: RecoverDependencies): Disposable {
  const looks = LOOKS_MS.map((afterMs) => {
    const wants = afterMs < OTHERS_WAIT_MS ? isHere : undefined;
    return setTimeout(() => void recoverNow(dependencies, wants), afterMs);
  });
  return new Disposable(() => {
    for (const timer of looks) clearTimeout(timer);
  });
}

/**
 * Looks once. A recording that was found before belongs to this window and is not found twice.
 *
 * @param wants which recordings; absent: all
 */
export async function recoverNow(
  dependencies: RecoverDependencies,
  wants?: (target: RecordingTarget) => boolean,
): Promise<void> {
  try {
    const store = await dependencies.loadStore();
    const offers: (() => Promise<void>)[] = [];
    for (const unfinished of await store.unfinished(wants)) {
      const recovery = dependencies.recoveries.of(unfinished);
      const resumption = await recovery?.resumptionOf?.(unfinished);
      const goOn = (): Promise<boolean> =>
        resumption && recovery?.goOn ? recovery.goOn(unfinished, resumption) : Promise.resolve(false);
      const choices: Choices = {
        goOn: resumption?.kind === 'mayGoOn' ? goOn : undefined,
        toText: async () => recovery?.recover(unfinished),
      };
      const ask = (): Promise<void> => offer(unfinished, store, choices);
      if (resumption?.kind !== 'goesOn') offers.push(ask);
      // Nobody waits for the end of the meeting.
      else void goOn().then((isDone) => (isDone ? undefined : ask()));
    }
    for (const ask of offers) await ask();
  } catch (error) {
    void showError(describeFailure(error));
  }
}

/** Whether this window has the note: in one of its folders or tabs. Dictations are anybody's. */
function isHere(target: RecordingTarget): boolean {
  if (target.kind !== 'meeting') return true;
  if (workspace.getWorkspaceFolder(Uri.parse(target.note))) return true;
  const inputs: unknown[] = window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return inputs.some(
    (input) => typeof input === 'object' && input !== null && 'uri' in input && String(input.uri) === target.note,
  );
}

/** What the user may choose besides Keep and Delete. */
interface Choices {
  readonly goOn: (() => Promise<boolean>) | undefined;
  readonly toText: () => Promise<void>;
}

async function offer(unfinished: UnfinishedRecording, store: RecordingStore, { goOn, toText }: Choices): Promise<void> {
  const { recording, sampleCount, startedMs } = unfinished;
  const titles = {
    goOn: l10n.t('Continue Recording'),
    toText: l10n.t('Transcribe'),
    keep: l10n.t('Keep'),
    remove: l10n.t('Delete'),
  };
  const answer = await window.showWarningMessage(
    l10n.t(
      'A recording was not finished: {0} from {1} ("{2}").',
      formatTime(samplesToSeconds(sampleCount)),
      formatDate(new Date(startedMs)),
      recording.name,
    ),
    ...(goOn ? [titles.goOn] : []),
    titles.toText,
    titles.keep,
    titles.remove,
  );
  try {
    // Where it cannot go on, its message says why, and the next start offers the recording again.
    if (answer === titles.goOn) await goOn?.();
    if (answer === titles.toText) await toText();
    if (answer === titles.keep) await store.settle(recording.path);
    if (answer === titles.remove) await store.remove(recording.path);
  } catch (error) {
    void showError(describeFailure(error));
  }
  // Without an answer the next start offers the recording again.
}

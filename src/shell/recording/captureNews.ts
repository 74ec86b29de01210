import type { LiveEvent } from '../../core/capture/liveRecording';
import { problemOf, type ProblemCode } from '../../core/errors';
import type { RequestLog } from '../../core/transcription/requestLog';
import { deviceInForce, secondDeviceInForce } from '../contributed/settings';
import { describeBack, describeSecondLost } from '../words/captureWords';
import { describeProblem, showInformation, showWarning } from '../words/messages';

/** Tells the user what happens to the microphone while it records: what they could do something about, and that it is over. */
export class CaptureNews {
  /** When the microphone was lost. */
  private lostMs: number | undefined;

  /** @param capturedMs how much is recorded until now */
  tell(event: LiveEvent, capturedMs: number): void {
    switch (event.kind) {
      case 'entry': {
        const { entry, failure } = event;
        if (entry.track !== 0) {
          if (entry.kind === 'lost' && failure !== undefined)
            void showWarning(describeSecondLost(secondDeviceInForce() ?? ''));
          return;
        }
        if (entry.kind === 'lost' && failure !== undefined) {
          this.lostMs = entry.wallTimeMs;
          void showWarning(describeProblem({ code: 'microphoneLost', atS: capturedMs / 1000 }));
        }
        if (entry.kind === 'captured' && this.lostMs !== undefined) {
          void showInformation(describeBack(entry.wallTimeMs - this.lostMs, capturedMs));
          this.lostMs = undefined;
        }
        return;
      }
      case 'silent':
        // A monitor is silent as long as the computer plays nothing.
        if (event.track !== 0) return;
        void showWarning(describeProblem({ code: 'microphoneSilent' }));
        return;
      case 'stalled':
        void showWarning(describeProblem({ code: 'microphoneStalled' }));
        return;
      case 'moved':
        void showWarning(describeProblem({ code: 'microphoneMoved', device: event.device }));
        return;
      case 'replaced':
        void showWarning(describeProblem({ code: 'microphoneReplaced', device: deviceInForce() ?? '' }));
        return;
      case 'slept':
        void showWarning(describeProblem({ code: 'machineSlept', forMs: event.forMs }));
        return;
      case 'sound':
        return;
    }
  }
}

/** The problems whose reason is a recorder's own message. */
const RECORDER_PROBLEMS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'microphoneMissing',
  'microphoneBusy',
  'deviceMissing',
  'recorderFailed',
  'recorderEnded',
]);

/** Logs what a recorder said. The messages do not have its words, which only somebody who helps can read. */
export function logRecorder(log: RequestLog, failure: unknown): void {
  const problem = problemOf(failure);
  if (problem && RECORDER_PROBLEMS.has(problem.code) && 'reason' in problem)
    log.write({ kind: 'recorder', problem: problem.code, said: problem.reason });
}

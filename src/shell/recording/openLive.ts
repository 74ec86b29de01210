import type { Clock } from '../../core/async/clock';
import type { AudioInputs } from '../../core/capture/audioSource';
import { LiveRecording } from '../../core/capture/liveRecording';
import type { RecordingWriter } from '../../core/capture/recordings';
import type { SessionPurpose } from '../../core/capture/session';
import { deviceInForce } from '../contributed/settings';

/** A recording from the device in the settings. Where that is lost, a meeting goes on with the system's default. */
export function openLive(
  inputs: AudioInputs,
  writer: RecordingWriter,
  clock: Clock,
  run: { readonly purpose: SessionPurpose; readonly isContinued: boolean },
): LiveRecording {
  const device = deviceInForce();
  const fallback = device === undefined ? {} : { fallback: inputs.source() };
  const retries = run.isContinued ? 'always' : run.purpose === 'meeting' ? 'onceOpen' : 'never';
  return new LiveRecording({ tracks: [{ source: inputs.source(device), ...fallback, retries }], writer, clock });
}

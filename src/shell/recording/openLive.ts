import type { Clock } from '../../core/async/clock';
import type { AudioInputs, AudioSource } from '../../core/capture/audioSource';
import { LiveRecording } from '../../core/capture/liveRecording';
import type { RecordingWriter } from '../../core/capture/recordings';
import type { SessionPurpose } from '../../core/capture/session';
import { MinutesError } from '../../core/errors';
import { deviceInForce, secondDeviceInForce } from '../contributed/settings';

/** How many channels a new recording has: a meeting with a second device has two, "Me" and "Others". */
export function channelCountFor(purpose: SessionPurpose): number {
  return purpose === 'meeting' && secondDeviceInForce() !== undefined ? 2 : 1;
}

/**
 * A recording from the devices in the settings. Where the microphone is lost, a meeting goes on with the system's default; the second
 * device is tried again from the start on, and the meeting does not wait for it.
 */
export function openLive(
  inputs: AudioInputs,
  writer: RecordingWriter,
  clock: Clock,
  run: { readonly purpose: SessionPurpose; readonly isContinued: boolean },
): LiveRecording {
  const device = deviceInForce();
  const fallback = device === undefined ? {} : { fallback: inputs.source() };
  const retries = run.isContinued ? 'always' : run.purpose === 'meeting' ? 'onceOpen' : 'never';
  const microphone = { source: inputs.source(device), ...fallback, retries } as const;
  const second = writer.channels.length > 1 ? [{ source: secondSource(inputs), retries: 'always' } as const] : [];
  return new LiveRecording({ tracks: [microphone, ...second], writer, clock });
}

function secondSource(inputs: AudioInputs): AudioSource {
  const device = secondDeviceInForce();
  if (device !== undefined) return inputs.source(device);
  // The recording was begun with two sources, and goes on with silence in place of the second.
  return {
    open: () => Promise.reject(new MinutesError({ code: 'deviceMissing', device: '', reason: 'none is chosen' })),
  };
}

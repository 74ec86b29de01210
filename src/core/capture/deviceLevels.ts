import { isAbort } from '../errors';
import { bytesToInt16 } from '../audio/pcm';
import type { AudioSource } from './audioSource';
import { LevelMeter, type Level } from './levelMeter';

/** What is heard of a device now; `opening` until its first sound. */
export type DeviceLevel = Level | 'opening' | 'failed';

/** How loud several devices are, listened to at once. */
export class DeviceLevels<Key> {
  private readonly heard = new Map<Key, LevelMeter | 'opening' | 'failed'>();

  /** Undefined where nobody listens to the device. */
  of(key: Key): DeviceLevel | undefined {
    const heard = this.heard.get(key);
    return heard instanceof LevelMeter ? heard.level : heard;
  }

  /** Listens to one more device until the signal is aborted, or the device is gone. Resolves then; never throws. */
  async listen(key: Key, source: AudioSource, signal: AbortSignal): Promise<void> {
    this.heard.set(key, 'opening');
    try {
      const capture = await source.open(signal);
      const meter = new LevelMeter();
      this.heard.set(key, meter);
      for await (const event of capture.events) {
        if (event.kind === 'audio') meter.push(bytesToInt16(event.pcm));
        else if (event.kind === 'stalled') meter.reset();
      }
    } catch (error) {
      if (!isAbort(error)) this.heard.set(key, 'failed');
    }
  }
}

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commands } from 'vscode';
import { BYTES_PER_SAMPLE, secondsToSamples } from '../../src/core/audio/pcm';
import { readWavHeader, wavHeader } from '../../src/core/audio/wav';
import { startVirtualMicrophone, whyNoVirtualMicrophone, type VirtualMicrophone } from '../host/virtualMicrophone';
import { jfkWav, skipWithReason } from '../speech';
import { needsUi, ui, until } from './window';

/** What the suites that speak share: a microphone, what is said into it, and what the status bar tells meanwhile. */

/** The status bar's item of ours, whatever it shows. */
export const ITEM = ':is([id="minutes.minutes.minutes.status"], [id="minutes.minutes.status"])';

export interface Clip {
  readonly file: string;
  /** Its samples, as bytes. */
  readonly samples: Buffer;
}

export interface Speaker {
  readonly device: () => VirtualMicrophone;
  /** "And so my fellow Americans", 3 s. */
  readonly clip: () => Clip;
}

/** A virtual microphone for the extension of this host, from before the tests around the call until after them. */
export function useMicrophone(): Speaker {
  let device: VirtualMicrophone | undefined;
  let clip: Clip | undefined;
  let folder: string | undefined;
  const before_: NodeJS.ProcessEnv = {};

  before(async function () {
    needsUi(this);
    const reason = process.platform === 'linux' ? whyNoVirtualMicrophone() : 'the virtual microphone needs Linux';
    if (reason !== undefined) skipWithReason(this, reason);
    folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-clips-'));
    clip = cutClip(path.join(folder, 'americans.wav'), 0, 3);
    device = await startVirtualMicrophone();
    for (const [name, value] of Object.entries(device.env)) {
      before_[name] = process.env[name];
      process.env[name] = value;
    }
  });
  after(async () => {
    for (const [name, value] of Object.entries(before_)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await device?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  return {
    device: () => {
      assert.ok(device);
      return device;
    },
    clip: () => {
      assert.ok(clip);
      return clip;
    },
  };
}

function cutClip(file: string, fromS: number, toS: number): Clip {
  const whole = readFileSync(jfkWav());
  const header = readWavHeader(whole, whole.length);
  assert.equal(header.kind, 'pcm');
  const at = (seconds: number): number => header.layout.dataOffsetBytes + secondsToSamples(seconds) * BYTES_PER_SAMPLE;
  const samples = whole.subarray(at(fromS), at(toS));
  writeFileSync(file, Buffer.concat([wavHeader(samples.length), samples]));
  return { file, samples };
}

/** What our item of the status bar shows. */
export async function status(): Promise<string> {
  return ui('text', { selector: ITEM });
}

/** Whether it shows that a recording becomes text. */
export async function isStatusSpinning(): Promise<boolean> {
  return (await ui('count', { selector: `${ITEM} .codicon-loading` })) > 0;
}

/** As the user does. */
export async function clickStatus(): Promise<void> {
  await ui('click', { selector: `${ITEM} a` });
}

export async function untilStatus(wanted: RegExp): Promise<void> {
  await until(async () => wanted.test(await status()), { what: `the status bar shows ${String(wanted)}` });
}

/** Starts a command that ends with its recording; resolves when sound arrives. */
export async function startRecording(command: 'minutes.dictate' | 'minutes.recordMeeting'): Promise<Promise<void>[]> {
  const done = Promise.resolve(commands.executeCommand(command)).then(() => undefined);
  await Promise.race([untilStatus(/\d:\d\d/), done.then(() => assert.fail(`${command} ended before it recorded`))]);
  // In a list, as the promise itself would be waited for.
  return [done];
}

/** The folder that VS Code gives the extension for its own files. Only the host of these tests tells where that is. */
export function storageFolder(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  assert.ok(runtime);
  return path.join(path.dirname(runtime), 'data', 'User', 'globalStorage', 'minutes.minutes');
}

/** The names of the recordings kept, and of what still waits for somebody. */
export function kept(): { readonly recordings: readonly string[]; readonly unfinished: readonly string[] } {
  const namesIn = (folder: string): string[] => {
    try {
      return readdirSync(path.join(storageFolder(), folder)).sort();
    } catch {
      return []; // made with the first recording
    }
  };
  return { recordings: namesIn('recordings'), unfinished: namesIn('unfinished') };
}

/** Removes what the tests have recorded. */
export function forgetRecordings(): void {
  for (const folder of ['recordings', 'unfinished'])
    rmSync(path.join(storageFolder(), folder), { recursive: true, force: true });
}

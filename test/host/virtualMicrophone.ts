// A microphone without a sound card: a PulseAudio server of our own, without D-Bus, as any user. What is played is what it hears.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './atExit';
import { runCommand } from './runCommand';
import { findProgram } from './systemPrograms';
import { until } from './until';

export interface VirtualMicrophone {
  /** What a recorder's environment must have to hear this microphone and no other. */
  readonly env: Readonly<Record<string, string>>;
  /** Speaks a 16 kHz mono WAV into it, or into another that was plugged in, sample for sample, in real time. Resolves when the last sample has been said. */
  play(file: string, signal?: AbortSignal, into?: string): Promise<void>;
  /** The last device goes away; recordings under way lose theirs. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** Plugs in one more microphone, by this name, on which nobody speaks. Gives what takes it away again. */
  plugAnother(name: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** An idle null sink begins with a block of two seconds, which recorders would get in one piece. */
const FIRST_BLOCK_MS = 2100;

/** Why there can be no virtual microphone here; undefined where there can. */
export function whyNoVirtualMicrophone(): string | undefined {
  const missing = ['pulseaudio', 'pactl', 'parec', 'paplay', 'sox', 'arecord'].filter((name) => !findProgram(name));
  return missing.length === 0 ? undefined : `a virtual microphone needs ${missing.join(', ')} (npm run setup)`;
}

export async function startVirtualMicrophone(): Promise<VirtualMicrophone> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-microphone-'));
  const socket = path.join(folder, 'native');
  // No session, display or server of the machine is touched, nor its settings.
  const base: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    XDG_CONFIG_HOME: folder,
    PULSE_RUNTIME_PATH: folder,
    DISPLAY: undefined,
    DBUS_SESSION_BUS_ADDRESS: undefined,
    PULSE_SERVER: undefined,
  };
  const daemon = spawn(
    'pulseaudio',
    [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--use-pid-file=no',
      '--high-priority=no',
      '--disable-shm',
      '--log-level=error',
      '-L',
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ],
    { env: base, stdio: 'ignore' },
  );
  const env = { PULSE_SERVER: `unix:${socket}`, AUDIODRIVER: 'pulseaudio' };
  const clientEnv = { ...base, ...env };
  const pactl = (...args: readonly string[]): Promise<string> => runCommand('pactl', args, { env: clientEnv });
  let keeper: ChildProcess | undefined;
  const end = (): void => {
    keeper?.kill('SIGKILL');
    daemon.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const forget = atExit(end);

  async function plug(): Promise<void> {
    // Without norewinds the first 5 to 10 ms of every clip are lost. The remapped source is a microphone, not a monitor.
    await pactl(
      'load-module',
      'module-null-sink',
      'sink_name=vsink',
      'rate=16000',
      'channels=1',
      'format=s16le',
      'norewinds=1',
    );
    await pactl(
      'load-module',
      'module-remap-source',
      'source_name=vmic',
      'master=vsink.monitor',
      'source_properties=device.description=Virtual_Microphone',
    );
    await pactl('set-default-sink', 'vsink');
    await pactl('set-default-source', 'vmic');
    // Somebody who always listens in blocks of 20 ms: else the sink works in blocks of two seconds.
    keeper = spawn('parec', ['-d', 'vmic', '--raw', '--latency-msec=20'], { env: clientEnv, stdio: 'ignore' });
    await sleep(FIRST_BLOCK_MS);
  }

  await until(() => existsSync(socket) || daemon.exitCode !== null, { what: 'PulseAudio listens', intervalMs: 20 });
  if (daemon.exitCode !== null) throw new Error(`pulseaudio ended with code ${daemon.exitCode}.`);
  await plug();
  return {
    env,
    play: async (file, signal, into) => {
      const sink = into === undefined ? 'vsink' : `${into}_sink`;
      const player = spawn('paplay', ['-d', sink, '--latency-msec=500', file], {
        env: clientEnv,
        signal,
        stdio: 'ignore',
      });
      const [code] = (await once(player, 'close')) as [number | null];
      if (code !== 0) throw new Error(`paplay ${file} ended with code ${code}.`);
    },
    unplug: async () => {
      keeper?.kill('SIGKILL');
      await pactl('unload-module', 'module-remap-source');
      await pactl('unload-module', 'module-null-sink');
    },
    plug,
    plugAnother: async (name) => {
      const sink = await pactl('load-module', 'module-null-sink', `sink_name=${name}_sink`, 'rate=16000', 'channels=1');
      const source = await pactl(
        'load-module',
        'module-remap-source',
        `source_name=${name}`,
        `master=${name}_sink.monitor`,
        `source_properties=device.description=${name}`,
      );
      return async () => {
        for (const module of [source, sink]) await pactl('unload-module', module.trim());
      };
    },
    stop: async () => {
      forget();
      const closed = daemon.exitCode === null && daemon.signalCode === null ? once(daemon, 'close') : undefined;
      end();
      await closed;
    },
  };
}

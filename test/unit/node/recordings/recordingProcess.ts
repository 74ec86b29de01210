import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { projectRoot } from '../../../speech';

/** Another process that records through the shipped parts: an extension host, as far as recordings go. */
export interface RecordingProcess {
  readonly processId: number;
  /** The recording's path. */
  readonly path: string;
  /** What it was given so far, as it says itself before each append. */
  readonly givenBytes: () => number;
  /** SIGKILL. Resolves when it is gone and all that it said was read. */
  kill(): Promise<void>;
}

export interface RecordingProcessOptions {
  /** The store's folder. */
  readonly store: string;
  readonly folder: string;
  readonly name?: string;
  /** The environment in which the microphone is heard; absent: the process makes its samples up. */
  readonly microphone?: Readonly<Record<string, string>>;
}

/** Starts one; resolves when it has made its recording. */
export async function startRecordingProcess(options: RecordingProcessOptions): Promise<RecordingProcess> {
  const { store, folder, name = 'Dictation', microphone } = options;
  const script = path.join(projectRoot(), 'test', 'unit', 'node', 'recordings', 'recordUntilKilled.cjs');
  const directions = {
    dist: path.join(projectRoot(), 'dist'),
    store,
    folder,
    name,
    microphone: microphone !== undefined,
  };
  const child = spawn(process.execPath, [script, JSON.stringify(directions)], {
    env: { ...process.env, ...microphone },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines = readline.createInterface({ input: child.stdout });
  let givenBytes = 0;
  const [file] = (await once(lines, 'line')) as [string];
  lines.on('line', (line) => (givenBytes = Number(line)));
  assert.ok(path.isAbsolute(file) && child.pid !== undefined, file);
  return {
    processId: child.pid,
    path: file,
    givenBytes: () => givenBytes,
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

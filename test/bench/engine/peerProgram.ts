import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { projectRoot } from '../../speech';
import { peakMemoryBytes } from './processMemory';
import { readAnswer } from './readAnswer';
import type { SpeechProgram } from './speechProgram';

export interface PeerFiles {
  /** A Python that has the package faster-whisper. */
  readonly python: string;
  /** The same Whisper in CTranslate2's format. */
  readonly modelFolder: string;
}

/** Where the environment says that the peer is, or why it takes no part. */
export function findPeer(): PeerFiles | { readonly absent: string } {
  const { PEER_PYTHON: python, PEER_MODEL: modelFolder } = process.env;
  if (python === undefined || modelFolder === undefined) return { absent: 'PEER_PYTHON and PEER_MODEL are not set' };
  const missing = [python, modelFolder].find((file) => !existsSync(file));
  return missing === undefined ? { python, modelFolder } : { absent: `there is no ${missing}` };
}

/** faster-whisper in a process of its own, asked over its standard input. It loads once and keeps the model, as ours does. */
export async function startPeer({ python, modelFolder }: PeerFiles): Promise<SpeechProgram> {
  const script = path.join(projectRoot(), 'test/bench/engine/fasterWhisperPeer.py');
  const child = spawn(python, [script, modelFolder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('faster-whisper ended; what it said stands above.');
    return line.value;
  };
  await nextLine(); // It is ready.
  return {
    name: 'faster-whisper',
    transcribe: async ({ wavFile, language, task, prompt, seed }) => {
      const began = performance.now();
      const request = { file: wavFile, language: language ?? null, task, prompt: prompt ?? null, seed };
      child.stdin.write(JSON.stringify(request) + '\n');
      const line = await nextLine();
      return readAnswer(line, performance.now() - began);
    },
    peakMemoryBytes: () => peakMemoryBytes(child.pid ?? 0),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { parseEngineLine, type PreparedModel, type PrepareRequest } from '../../../src/core/engineProtocol';
import { projectRoot } from '../../speech';
import { peakMemoryBytes } from './processMemory';
import type { PreparationFigures } from './results';

/** By then the program has read its own files and waits for what it is to do. */
const IDLE_AFTER_MS = 1000;
const WATCH_MS = 20;

export interface Preparation {
  readonly figures: PreparationFigures;
  readonly prepared: PreparedModel;
}

type EngineProcess = ChildProcessByStdio<Writable, Readable, null>;

/** Has the engine's program write its own model from a hub's files, and measures that beside the program that does nothing. */
export async function measurePreparation(sourceFolder: string, targetFolder: string): Promise<Preparation> {
  const idle = start();
  await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
  const idleBytes = peakMemoryBytes(idle.pid ?? 0);
  await end(idle);

  mkdirSync(targetFolder);
  const engine = start();
  const began = performance.now();
  let peakBytes = 0;
  // The program ends as soon as it has said that it is done, so its high-water mark is read all along.
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakMemoryBytes(engine.pid ?? 0) || 0);
  }, WATCH_MS);
  try {
    const request: PrepareRequest = { kind: 'prepare', sourceFolder, targetFolder };
    engine.stdin.write(JSON.stringify(request) + '\n');
    for await (const line of readline.createInterface({ input: engine.stdout })) {
      const said = parseEngineLine(line);
      if (said.kind === 'failed') throw new Error(`The model could not be prepared: ${said.reason}`);
      if (said.kind !== 'prepared') continue;
      const wallMs = performance.now() - began;
      // What the model store writes last: without it a model is not installed.
      writeFileSync(path.join(targetFolder, 'model.json'), JSON.stringify(said.model));
      const memoryAboveIdleBytes = peakBytes - idleBytes;
      return { figures: { wallMs, memoryAboveIdleBytes }, prepared: said.model };
    }
    throw new Error('The engine ended without having prepared the model.');
  } finally {
    clearInterval(watch);
    await end(engine);
  }
}

function start(): EngineProcess {
  const program = path.join(projectRoot(), 'dist', 'engine', 'main.js');
  return spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function end(child: EngineProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}

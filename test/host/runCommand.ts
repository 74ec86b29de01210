import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Aborted, it ends the program, and the command fails. */
  readonly signal?: AbortSignal;
}

const KEPT_OUTPUT_CHARACTERS = 4000;

/** Runs a program to its end and gives its standard output; a failure carries the end of all it said. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let said = '';
    const keep = (text: string) => {
      said = (said + text).slice(-KEPT_OUTPUT_CHARACTERS);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      keep(text);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    const line = [command, ...args].join(' ');
    child.on('error', (error) => {
      reject(new Error(`${line}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${line} ended with ${signal ?? `status ${code ?? 'unknown'}`}:\n${said.trim()}`));
    });
  });
}

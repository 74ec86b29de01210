import { window, type Disposable, type LogOutputChannel } from 'vscode';
import type { Host } from '../../core/model';
import type { LogEntry, RequestLog } from '../../core/transcription/requestLog';

/** The channel **Minutes** of the Output view: what was sent where, how long it took, how much quota is left. Not translated: it is for support. */
export class OutputLog implements RequestLog, Disposable {
  private channel: LogOutputChannel | undefined;

  write(entry: LogEntry): void {
    const { level, text } = line(entry);
    this.opened()[level](text);
  }

  show(): void {
    this.opened().show();
  }

  dispose(): void {
    this.channel?.dispose();
  }

  /** The channel, which is made with the first line, so that activation does not have to. */
  private opened(): LogOutputChannel {
    return (this.channel ??= window.createOutputChannel('Minutes', { log: true }));
  }
}

type Level = 'info' | 'warn';

/** An entry as a line. Refusals are warnings, since a final failure is shown to the user as a message anyway. */
function line(entry: LogEntry): { readonly level: Level; readonly text: string } {
  if (entry.kind === 'routed') {
    return {
      level: 'info',
      text: `${hostText(entry.host)}: ${entry.via === 'editor' ? "through the editor's network" : 'directly'}, ${entry.reason}`,
    };
  }
  if (entry.kind === 'recorder') return { level: 'warn', text: `microphone: ${entry.problem}, "${entry.said}"` };
  if (entry.kind === 'setting') return { level: 'warn', text: `${entry.setting}: ${entry.said}` };
  const head = `#${entry.request}.${entry.attempt} ${hostText(entry.host)}:`;
  switch (entry.kind) {
    case 'sent':
      return { level: 'info', text: `${head} sends ${entry.sizeBytes} bytes, ${entry.form}` };
    case 'answered': {
      const facts = [
        `${entry.status} after ${Math.round(entry.durationMs)} ms`,
        entry.requestId,
        left(entry.remaining),
        entry.message,
      ];
      const text = `${head} ${facts.filter((fact) => fact !== undefined).join(', ')}`;
      return { level: entry.message === undefined ? 'info' : 'warn', text };
    }
    case 'broken':
      return { level: 'warn', text: `${head} no answer after ${Math.round(entry.durationMs)} ms, ${entry.reason}` };
    case 'waiting':
      return { level: 'info', text: `${head} waits ${(entry.waitMs / 1000).toFixed(1)} s, ${entry.cause}` };
    case 'changed':
      return { level: 'info', text: `${head} asks again for ${entry.to}` };
  }
}

/** The quota that is left. The time that it is for differs between endpoints. */
function left({ requests, audioS }: { readonly requests?: number; readonly audioS?: number } = {}): string | undefined {
  const facts = [
    requests === undefined ? undefined : `${requests} requests`,
    audioS === undefined ? undefined : `${audioS} s of audio`,
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? undefined : `${facts.join(' and ')} left`;
}

function hostText(host: Host): string {
  return typeof host === 'string' ? host : 'embedded engine';
}

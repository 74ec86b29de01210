/** The part of node-record-lpcm16 1.0.1 that is used; the package comes without types. */
declare module 'node-record-lpcm16' {
  import type { ChildProcessByStdio } from 'node:child_process';
  import type { Readable } from 'node:stream';

  interface LpcmRecording {
    readonly process: ChildProcessByStdio<null, Readable, Readable>;
    stream(): Readable;
  }

  /** Starts the program at once. Options that it does not know reach the recorder file untouched. */
  export function record(options: Readonly<Record<string, unknown>>): LpcmRecording;
}

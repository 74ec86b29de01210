/** What stands against running a model, so that somebody can be told what to do about it. */
export type ModelFault =
  /** Files that every model has and this folder has not. */
  | { readonly kind: 'missing'; readonly files: readonly string[] }
  /** Another kind of network, or a Whisper with parts that this engine does not know. */
  | { readonly kind: 'notWhisper'; readonly reason: string }
  /** Cut off, or written wrongly. */
  | { readonly kind: 'damaged'; readonly file: string; readonly reason: string };

/** A model folder that cannot be prepared. Trying again does not help; other files do. */
export class UnusableModel extends Error {
  constructor(readonly fault: ModelFault) {
    super(describe(fault));
    this.name = 'UnusableModel';
  }
}

function describe(fault: ModelFault): string {
  switch (fault.kind) {
    case 'missing':
      return `the model's folder lacks ${fault.files.join(', ')}`;
    case 'notWhisper':
      return `the model is no Whisper that can be run: ${fault.reason}`;
    case 'damaged':
      return `${fault.file} is damaged: ${fault.reason}`;
  }
}

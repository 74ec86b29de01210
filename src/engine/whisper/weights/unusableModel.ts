/** Why a model cannot be run, so that the user can be told what to do. */
export type ModelFault =
  /** The folder lacks files that every model has. */
  | { readonly kind: 'missing'; readonly files: readonly string[] }
  /** It is another kind of network, or a Whisper with parts that this engine does not support. */
  | { readonly kind: 'notWhisper'; readonly reason: string }
  /** A file is incomplete or malformed. */
  | { readonly kind: 'damaged'; readonly file: string; readonly reason: string };

/** The error for a model folder that cannot be prepared. Another try does not help; other files do. */
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

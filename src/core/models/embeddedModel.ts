import type { WhisperRuntime } from '../engineProtocol';
import type { InstalledModel } from './engineModel';

/** What the embedded engine runs. */
export interface EmbeddedModel {
  readonly model: InstalledModel;
  /** Which ONNX Runtime runs it; absent: the quicker one that there is here. For those who measure. */
  readonly runtime?: WhisperRuntime;
}

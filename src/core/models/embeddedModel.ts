import type { WhisperRuntime } from '../engineProtocol';
import type { InstalledModel } from './engineModel';

/** What the embedded engine runs. */
export interface EmbeddedModel {
  readonly model: InstalledModel;
  /** Which ONNX Runtime runs it; absent: the quickest one that works here. Set for measurements only. */
  readonly runtime?: WhisperRuntime;
}

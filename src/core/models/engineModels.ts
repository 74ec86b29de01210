import type { InstallEvent, InstalledModel, ModelOffer, UnfinishedModel } from './engineModel';

/** The embedded engine's Whisper models on this machine, and those of the hub. */
export interface EngineModels {
  /** In the order of their names, the one that comes with Minutes among them. A folder that is no finished model is none. */
  installed(): Promise<readonly InstalledModel[]>;
  /** What an earlier download left, in the order of their names, without asking the hub: the next `install` goes on from there. */
  unfinished(): Promise<readonly UnfinishedModel[]>;
  /**
   * Asks the hub what an installation would take.
   *
   * @param name "owner/name" as on the hub
   * @throws MinutesError `modelNameInvalid`, `hubInvalid`, `hubUnreachable`, `hubFailed`, `modelUnknown`, `modelIncomplete`,
   * `modelNotWhisper`, `modelsFolderUnusable`, `engineFilesMissing`
   */
  inspect(name: string, signal: AbortSignal): Promise<ModelOffer>;
  /**
   * Downloads, checks, prepares, tests. Broken off at any time, what was fetched is used by the next try.
   *
   * @throws MinutesError those of `inspect`, and `downloadCorrupt`, `downloadBroken`, `modelTooLargeForDisk`, `diskFull`,
   * `modelBusy`, `modelPreparationFailed`
   */
  install(offer: ModelOffer, signal: AbortSignal): AsyncIterable<InstallEvent>;
  /**
   * Prepares a model that lies in a folder, named after that; the folder stays as it is.
   *
   * @throws MinutesError `modelIncomplete`, `modelNotWhisper`, `modelTooLargeForDisk`, `diskFull`, `modelBusy`,
   * `modelPreparationFailed`, `modelsFolderUnusable`
   */
  addFromFolder(folder: string, signal: AbortSignal): AsyncIterable<InstallEvent>;
  /**
   * Measures how quick a model is here, and remembers it.
   *
   * @throws MinutesError `modelNotInstalled`, `modelBusy`, `engineFailed`
   */
  measure(name: string, signal: AbortSignal): Promise<InstalledModel>;
  /**
   * Deletes it with everything that was downloaded of it; of the one that comes with Minutes only a copy in the models folder.
   *
   * @throws MinutesError `modelBusy`, `fileUnreadable` where the disk refuses
   */
  remove(name: string): Promise<void>;
  /** Deletes what a broken download left; a finished model of that name stays. @throws MinutesError those of `remove` */
  removeDownload(name: string): Promise<void>;
}

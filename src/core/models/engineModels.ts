import type { InstallEvent, InstalledModel, ModelOffer, UnfinishedModel } from './engineModel';

/** The embedded engine's Whisper models on this machine, and those of the hub. */
export interface EngineModels {
  /** All models, in the order of their names, with the one that comes with Minutes. A folder without a finished model is left out. */
  installed(): Promise<readonly InstalledModel[]>;
  /** Downloads that were broken off, in the order of their names. Does not ask the hub. The next `install` continues them. */
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
   * Downloads, checks, prepares, tests. May be broken off at any time: the next try uses what was fetched.
   *
   * @throws MinutesError those of `inspect`, and `downloadCorrupt`, `downloadBroken`, `modelTooLargeForDisk`, `diskFull`,
   * `modelBusy`, `modelPreparationFailed`
   */
  install(offer: ModelOffer, signal: AbortSignal): AsyncIterable<InstallEvent>;
  /**
   * Prepares a model that lies in a folder, and names it after the folder. The folder is only read.
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
   * Deletes a model with everything that was downloaded of it. For the model that comes with Minutes it deletes only a copy in the models
   * folder.
   *
   * @throws MinutesError `modelBusy`, `fileUnreadable` where the disk refuses
   */
  remove(name: string): Promise<void>;
  /** Deletes what a broken download left; a finished model of that name stays. @throws MinutesError those of `remove` */
  removeDownload(name: string): Promise<void>;
}

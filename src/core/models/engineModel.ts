/** A Whisper that the embedded engine runs or could run. */
export interface CatalogueModel {
  /** As the public hub calls it: "owner/name". */
  readonly name: string;
  /** Absent for a multilingual model, which understands a hundred languages. */
  readonly language?: 'en';
  readonly parameterCount: number;
  /** Size of the download. Exact where the hub told it; in the catalogue an estimate, good enough for a list. */
  readonly downloadBytes: number;
  /** Size on the disk after the installation. */
  readonly installedBytes: number;
  /** Share of wrong words in percent, measured by a script of this project; absent where it was not measured. */
  readonly errorPercent?: number;
  readonly isRecommended?: boolean;
}

/** How quick an installed model is here. */
export interface MeasuredSpeed {
  /** Seconds of work per second of audio; below 1 it is quicker than speech. */
  readonly realTimeFactor: number;
  /** Milliseconds since 1970. */
  readonly measuredMs: number;
}

/** A model on this machine that is ready to run. It lies in the models folder or in the extension's own folder. */
export interface InstalledModel {
  readonly name: string;
  readonly folder: string;
  readonly installedBytes: number;
  /** The commit of the hub that it was made from; absent where it came from a folder. */
  readonly commit?: string;
  /** As the hub names it, such as "apache-2.0"; absent where it names none. */
  readonly license?: string;
  /** ISO-639-1 codes as far as there are; ["en"] for the English ones. */
  readonly languages: readonly string[];
  readonly canTranslate: boolean;
  readonly parameterCount: number;
  /** Absent where the self-test did not run yet. */
  readonly speed?: MeasuredSpeed;
  /** It comes with Minutes: it lies in the extension's folder, and cannot be removed. */
  readonly isBundled?: boolean;
  /** For a bundled model: the size of a copy of it in the models folder, which is of no use. Absent where there is no copy. */
  readonly copyBytes?: number;
}

/** What an installation will need. It is known before anything large is fetched. */
export interface ModelOffer {
  readonly name: string;
  readonly commit: string;
  readonly license?: string;
  readonly downloadBytes: number;
  /** What is still to be fetched. It is less where an earlier download was broken off. */
  readonly remainingBytes: number;
  /** The free disk space that download and preparation together need. */
  readonly neededBytes: number;
  readonly freeBytes: number;
  readonly installedBytes: number;
  /** The hub's host. */
  readonly host: string;
  /** The model's page there, with its licence. */
  readonly pageUrl: string;
}

/** A download that was broken off; what arrived is kept. */
export interface UnfinishedModel {
  readonly name: string;
  readonly doneBytes: number;
  /** The size that the hub announced; absent where it was not written down. */
  readonly totalBytes?: number;
}

/** What an installation tells, in order. */
export type InstallEvent =
  | { readonly kind: 'downloading'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: 'checking'; readonly file: string }
  | { readonly kind: 'preparing'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: 'measuring' }
  /** The last event. */
  | { readonly kind: 'installed'; readonly model: InstalledModel };

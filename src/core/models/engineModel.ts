/** A Whisper that the embedded engine runs or could run. */
export interface CatalogueModel {
  /** As the public hub calls it: "owner/name". */
  readonly name: string;
  /** Absent where it understands a hundred. */
  readonly language?: 'en';
  readonly parameterCount: number;
  /** What is downloaded, as the hub tells it; what is known in advance is near enough for a list. */
  readonly downloadBytes: number;
  /** What stays on the disk. */
  readonly installedBytes: number;
  /** Share of wrong words as measured by a script of this project, in percent; absent where nobody measured it. */
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

/** A model on this machine, ready to be run: in the models folder, or in the extension's own. */
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
  /** Of a bundled one: what a copy in the models folder takes, which is of no use beside it. Absent where there is none. */
  readonly copyBytes?: number;
}

/** What an installation will take, told before anything large is fetched. */
export interface ModelOffer {
  readonly name: string;
  readonly commit: string;
  readonly license?: string;
  readonly downloadBytes: number;
  /** Still to be fetched: less where an earlier download was broken off. */
  readonly remainingBytes: number;
  /** What must still be free for download and preparation together. */
  readonly neededBytes: number;
  readonly freeBytes: number;
  readonly installedBytes: number;
  /** Of the hub. */
  readonly host: string;
  /** The model's page there, with its licence. */
  readonly pageUrl: string;
}

/** A download that was broken off; what arrived is kept. */
export interface UnfinishedModel {
  readonly name: string;
  readonly doneBytes: number;
  /** What the hub announced; absent where nobody wrote it down. */
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

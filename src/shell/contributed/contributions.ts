/**
 * Every id that package.json and the code share, spelled here only; `test/unit/contributions.test.ts` holds both against each other.
 */

/** The commands, as in package.json. */
export const COMMANDS = {
  /** Palette: asks for a file. */
  transcribeFile: 'minutes.transcribeFile',
  /** Explorer's context menu: takes the files chosen there. */
  transcribeAudio: 'minutes.transcribeAudio',
  /** Palette: asks for a file. */
  translateFile: 'minutes.translateFile',
  /** Explorer's context menu: takes the files chosen there. */
  translateAudio: 'minutes.translateAudio',
  transcribeUrl: 'minutes.transcribeUrl',
  translateUrl: 'minutes.translateUrl',
  setApiKey: 'minutes.setApiKey',
  chooseModel: 'minutes.chooseModel',
  chooseLanguage: 'minutes.chooseLanguage',
  testEndpoint: 'minutes.testEndpoint',
  showLog: 'minutes.showLog',
  /** Starts a dictation, and stops it. */
  dictate: 'minutes.dictate',
  /** Escape while dictating. */
  discardDictation: 'minutes.discardDictation',
  /** Starts a meeting, and stops it. */
  recordMeeting: 'minutes.recordMeeting',
  showRecordings: 'minutes.showRecordings',
  showPrompt: 'minutes.showPrompt',
  /** The embedded engine's models: chooses, downloads, measures, removes. */
  chooseEngineModel: 'minutes.chooseEngineModel',
  /** For machines without a network: asks for a folder. */
  addEngineModel: 'minutes.addEngineModel',
} as const;

/** Keys for when-clauses. */
export const CONTEXT_KEYS = {
  /** A dictation is recorded or transcribed: Escape discards it. */
  dictating: 'minutes.isDictating',
} as const;

/** Settings with the type of their values. */
export interface SettingTypes {
  readonly 'minutes.endpoint': string;
  readonly 'minutes.dictation.model': string;
  readonly 'minutes.meeting.model': string;
  readonly 'minutes.translation.model': string;
  readonly 'minutes.model': string;
  readonly 'minutes.language': string;
  readonly 'minutes.temperature': number;
  readonly 'minutes.chineseScript': string;
  readonly 'minutes.embedded.model': string;
  readonly 'minutes.embedded.modelsFolder': string;
  readonly 'minutes.embedded.hub': string;
  readonly 'minutes.vocabulary.people': boolean;
}

/** The name of a setting. */
export type SettingId = keyof SettingTypes;

/** The settings by short names, as in package.json. */
export const SETTINGS = {
  endpoint: 'minutes.endpoint',
  dictationModel: 'minutes.dictation.model',
  meetingModel: 'minutes.meeting.model',
  translationModel: 'minutes.translation.model',
  /** Of 0.1.0, which had one for all jobs. */
  formerModel: 'minutes.model',
  language: 'minutes.language',
  temperature: 'minutes.temperature',
  /** `auto`, `simplified` or `traditional`. */
  chineseScript: 'minutes.chineseScript',
  /** `auto`, or a Whisper by its name on the hub. */
  embeddedModel: 'minutes.embedded.model',
  modelsFolder: 'minutes.embedded.modelsFolder',
  hub: 'minutes.embedded.hub',
  vocabularyPeople: 'minutes.vocabulary.people',
} as const satisfies Record<string, SettingId>;

/** The defaults, as in package.json. */
export const SETTING_DEFAULTS: SettingTypes = {
  'minutes.endpoint': 'embedded',
  'minutes.dictation.model': 'whisper-large-v3-turbo',
  'minutes.meeting.model': 'whisper-large-v3-turbo',
  'minutes.translation.model': 'whisper-large-v3',
  'minutes.model': '',
  'minutes.language': 'auto',
  'minutes.temperature': 0,
  'minutes.chineseScript': 'auto',
  'minutes.embedded.model': 'auto',
  'minutes.embedded.modelsFolder': '',
  'minutes.embedded.hub': '',
  'minutes.vocabulary.people': true,
};

/**
 * Endings of the audio and video files that the explorer offers to transcribe and the file picker shows. `ts` (a video stream's, too)
 * is left out: here it means TypeScript.
 */
export const MEDIA_ENDINGS: readonly string[] = [
  'wav',
  'wave',
  'mp3',
  'm4a',
  'm4b',
  'aac',
  'flac',
  'ogg',
  'oga',
  'opus',
  'wma',
  'aif',
  'aiff',
  'caf',
  'amr',
  'weba',
  'webm',
  'mp4',
  'm4v',
  'mov',
  'mkv',
  'avi',
  'wmv',
  'mpg',
  'mpeg',
  'mpga',
  '3gp',
];

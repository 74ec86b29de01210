/** The commands of package.json. No other code spells their ids; `test/unit/contributions.test.ts` compares both files. */
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
  /** Asks again for a part of a note that could not be transcribed. */
  retryGap: 'minutes.retryGap',
  /** A list of endpoints; one chosen there is written into the setting. */
  chooseEndpoint: 'minutes.chooseEndpoint',
  setApiKey: 'minutes.setApiKey',
  chooseModel: 'minutes.chooseModel',
  chooseLanguage: 'minutes.chooseLanguage',
  testEndpoint: 'minutes.testEndpoint',
  showLog: 'minutes.showLog',
  /** Starts a dictation, and stops it. */
  dictate: 'minutes.dictate',
  /** Palette, while a dictation is recorded. */
  stopDictation: 'minutes.stopDictation',
  /** Escape while dictating. */
  discardDictation: 'minutes.discardDictation',
  /** Starts a meeting, and stops it. */
  recordMeeting: 'minutes.recordMeeting',
  /** Palette, while a meeting is recorded. */
  stopMeeting: 'minutes.stopMeeting',
  /** Palette, while a meeting is recorded and not paused. */
  pauseMeeting: 'minutes.pauseMeeting',
  /** Palette, while a meeting is paused. */
  resumeMeeting: 'minutes.resumeMeeting',
  /** Palette, while a meeting is recorded; mutes the microphone, and lets it be heard again. */
  muteMicrophone: 'minutes.muteMicrophone',
  /** A list of devices with their levels; one chosen there is written into the setting. */
  chooseMicrophone: 'minutes.chooseMicrophone',
  /** Keeps a moment of the meeting that is recorded. */
  markMoment: 'minutes.markMoment',
  /** The keys of undo and redo while a note that is being filled has the focus: they pass over what Minutes wrote. */
  undoInLiveNote: 'minutes.undoInLiveNote',
  redoInLiveNote: 'minutes.redoInLiveNote',
  showRecordings: 'minutes.showRecordings',
  showPrompt: 'minutes.showPrompt',
  /** The embedded engine's models: chooses, downloads, measures, removes. */
  chooseEngineModel: 'minutes.chooseEngineModel',
  /** For machines without a network: asks for a folder. */
  addEngineModel: 'minutes.addEngineModel',
} as const;

/** A setting: its id in package.json, its default there, and whether each machine has a value of its own. */
export interface Setting {
  readonly id: `minutes.${string}`;
  readonly default: string | number | boolean;
  readonly isPerMachine?: boolean;
}

/** The type of a setting's values: that of its default. */
export type SettingValue<Of extends Setting> = Widened<Of['default']>;

type Widened<Default> = Default extends string ? string : Default extends number ? number : boolean;

/** The settings of package.json. No other code spells their ids; `test/unit/contributions.test.ts` compares both files. */
export const SETTINGS = {
  endpoint: { id: 'minutes.endpoint', default: 'embedded', isPerMachine: true },
  /** A model of a server; empty: the endpoint's usual one. The embedded engine has its own. */
  dictationModel: { id: 'minutes.dictation.model', default: '', isPerMachine: true },
  meetingModel: { id: 'minutes.meeting.model', default: '', isPerMachine: true },
  translationModel: { id: 'minutes.translation.model', default: '', isPerMachine: true },
  language: { id: 'minutes.language', default: 'auto' },
  /** US dollars; a file that costs more is asked about. */
  askAboveUsd: { id: 'minutes.cost.askAbove', default: 1 },
  temperature: { id: 'minutes.temperature', default: 0 },
  /** `auto`, `simplified` or `traditional`. */
  chineseScript: { id: 'minutes.chineseScript', default: 'auto' },
  /** `auto`, or a Whisper by its name on the hub. */
  embeddedModel: { id: 'minutes.embedded.model', default: 'auto', isPerMachine: true },
  modelsFolder: { id: 'minutes.embedded.modelsFolder', default: '', isPerMachine: true },
  hub: { id: 'minutes.embedded.hub', default: '', isPerMachine: true },
  /** As the recorder calls it; empty: the system's default. */
  microphoneDevice: { id: 'minutes.microphone.device', default: '', isPerMachine: true },
  /** What is recorded beside the microphone in a meeting; empty: nothing. */
  secondDevice: { id: 'minutes.meeting.secondDevice', default: '', isPerMachine: true },
  vocabularyPeople: { id: 'minutes.vocabulary.people', default: true },
  /** A Markdown file; empty: the built-in template. */
  notesTemplate: { id: 'minutes.notes.template', default: '' },
  /** Where meetings' notes go; empty: the workspace's folder. */
  notesFolder: { id: 'minutes.notes.folder', default: '' },
  notesFileName: { id: 'minutes.notes.fileName', default: '{date}-{time}-meeting' },
  renameByTitle: { id: 'minutes.notes.renameByTitle', default: false },
  typedTimes: { id: 'minutes.notes.typedTimes', default: true },
  /** `besideNote` or `storage`. */
  recordingsPlace: { id: 'minutes.recordings.place', default: 'besideNote' },
} as const satisfies Readonly<Record<string, Setting>>;

/** A command of the editor, and what it is told. */
interface EditorCommand {
  readonly command: string;
  readonly argument: unknown;
}

/**
 * The command that shows a setting alone. In a window whose folder lies on another machine, the settings of machines are those of that
 * machine, wherever the extension runs: the editor has them in a tab of their own, and the other tabs find nothing.
 */
export function wayToSetting({ id, isPerMachine = false }: Setting, isRemoteWindow: boolean): EditorCommand {
  const query = `@id:${id}`;
  return isPerMachine && isRemoteWindow
    ? { command: 'workbench.action.openRemoteSettings', argument: { query } }
    : { command: 'workbench.action.openSettings', argument: query };
}

/** A setting: its id in package.json, and its default there. */
export interface Setting {
  readonly id: `minutes.${string}`;
  readonly default: string | number | boolean;
}

/** The type of a setting's values: that of its default. */
export type SettingValue<Of extends Setting> = Widened<Of['default']>;

type Widened<Default> = Default extends string ? string : Default extends number ? number : boolean;

/** The settings of package.json. No other code spells their ids; `test/unit/contributions.test.ts` compares both files. */
export const SETTINGS = {
  endpoint: { id: 'minutes.endpoint', default: 'embedded' },
  /** A model of a server; empty: the endpoint's usual one. The embedded engine has its own. */
  dictationModel: { id: 'minutes.dictation.model', default: '' },
  meetingModel: { id: 'minutes.meeting.model', default: '' },
  translationModel: { id: 'minutes.translation.model', default: '' },
  language: { id: 'minutes.language', default: 'auto' },
  /** US dollars; a file that costs more is asked about. */
  askAboveUsd: { id: 'minutes.cost.askAbove', default: 1 },
  temperature: { id: 'minutes.temperature', default: 0 },
  /** `auto`, `simplified` or `traditional`. */
  chineseScript: { id: 'minutes.chineseScript', default: 'auto' },
  /** `auto`, or a Whisper by its name on the hub. */
  embeddedModel: { id: 'minutes.embedded.model', default: 'auto' },
  modelsFolder: { id: 'minutes.embedded.modelsFolder', default: '' },
  hub: { id: 'minutes.embedded.hub', default: '' },
  /** As the recorder calls it; empty: the system's default. */
  microphoneDevice: { id: 'minutes.microphone.device', default: '' },
  /** What is recorded beside the microphone in a meeting; empty: nothing. */
  secondDevice: { id: 'minutes.meeting.secondDevice', default: '' },
  vocabularyPeople: { id: 'minutes.vocabulary.people', default: true },
} as const satisfies Readonly<Record<string, Setting>>;

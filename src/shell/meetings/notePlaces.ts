import { Uri, workspace } from 'vscode';
import { parseSettingPath } from '../../core/notes/meeting/settingPath';
import type { RequestLog } from '../../core/transcription/requestLog';
import { isSetByWorkspace, readSetting } from '../contributed/settings';
import { SETTINGS, type Setting } from '../contributed/settingsTable';

/** The folders of this machine that settings may lead to, and who learns where one leads nowhere. */
export interface NotePlacesDependencies {
  /** The folder for meetings when no folder of this machine is open. */
  readonly recordingsFolder: Uri;
  /** What `~` means. */
  readonly homeFolder: Uri;
  readonly log: RequestLog;
}

/** Where the files of a meeting go. */
export interface NotePlaces {
  readonly note: Uri;
  readonly recording: Uri;
}

/** Where a meeting's note and recording go, and what the note is made from, as the settings say. A problem is logged once a window. */
export class NoteSettings {
  private readonly told = new Set<string>();

  constructor(private readonly dependencies: NotePlacesDependencies) {}

  /** The folders of the next meeting; they are made where they are not there. */
  async places(): Promise<NotePlaces> {
    const { recordingsFolder } = this.dependencies;
    const root = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
    const note = this.resolve(SETTINGS.notesFolder, root) ?? root ?? recordingsFolder;
    await workspace.fs.createDirectory(note);
    const isApart = readSetting(SETTINGS.recordingsPlace, note) === 'storage';
    return { note, recording: isApart ? recordingsFolder : note };
  }

  /** The user's template. Undefined where none is set, or it cannot be read, which is logged. */
  async template(): Promise<string | undefined> {
    const file = this.resolve(SETTINGS.notesTemplate, workspace.workspaceFolders?.[0]?.uri);
    if (!file) return undefined;
    try {
      return new TextDecoder().decode(await workspace.fs.readFile(file));
    } catch (error) {
      this.tell(SETTINGS.notesTemplate, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** Logs what is odd about a setting, once. */
  tell(setting: Setting, said: string): void {
    const key = `${setting.id} ${said}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.dependencies.log.write({ kind: 'setting', setting: setting.id, said });
  }

  /** Undefined where the setting is empty or leads nowhere. */
  private resolve(setting: Setting & { readonly default: string }, root: Uri | undefined): Uri | undefined {
    const path = parseSettingPath(readSetting(setting, root), !isSetByWorkspace(setting, root));
    switch (path.kind) {
      case 'empty':
        return undefined;
      case 'absolute':
        return Uri.file(path.path);
      case 'home':
        return Uri.joinPath(this.dependencies.homeFolder, ...path.parts);
      case 'relative':
        return root && Uri.joinPath(root, ...path.parts);
      case 'refused':
        this.tell(setting, 'leads out of the folder; only your own settings may name other folders');
        return undefined;
    }
  }
}

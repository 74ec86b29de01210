import { commands, l10n, Selection, Uri, ViewColumn, window, workspace } from 'vscode';
import { meetingName } from '../../core/notes/meeting/meetingName';
import { placeholdersIn, unknownPlaceholders } from '../../core/notes/meeting/placeholders';
import {
  builtInTemplate,
  renderMeetingNote,
  type MeetingNote,
  type MeetingWords,
} from '../../core/notes/meeting/renderMeetingNote';
import { LOG_ENDING } from '../../core/transcript/logName';
import { readSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import { freeNameIn } from '../editor/freeName';
import { isThere } from '../notes/noteFiles';
import { gitFacts } from './gitFacts';
import { NoteSettings, type NotePlaces, type NotePlacesDependencies } from './notePlaces';

/** A meeting before it begins: the names of its files, which nobody has, and its note's text. */
export interface PlannedMeeting {
  readonly startedAt: Date;
  /** The files' name without an ending. */
  readonly name: string;
  /** What the name was made of. */
  readonly namePattern: string;
  readonly places: NotePlaces;
  readonly uri: Uri;
  readonly note: MeetingNote;
}

/** Makes the notes of meetings, from the user's template or the built-in one. */
export class MeetingNotes {
  private readonly settings: NoteSettings;

  constructor(dependencies: NotePlacesDependencies) {
    this.settings = new NoteSettings(dependencies);
  }

  /** Decides where a meeting's files go and what its note says. It makes no file. */
  async plan(startedAt: Date): Promise<PlannedMeeting> {
    const places = await this.settings.places();
    const template = (await this.settings.template()) ?? builtInTemplate(words());
    const namePattern = readSetting(SETTINGS.notesFileName, places.note);
    const unknown = unknownPlaceholders(namePattern);
    if (unknown.length > 0) this.settings.tell(SETTINGS.notesFileName, unknownText(unknown));
    const start = { startedAt, title: title(), ...(await this.git(places.note, namePattern + template)) };
    const files = [
      { folder: places.note, ending: 'md' },
      { folder: places.note, ending: LOG_ENDING.slice(1) },
      { folder: places.recording, ending: 'wav' },
    ];
    const name = await freeNameIn(files, meetingName(namePattern, start), '-');
    const note = this.render(template, { ...start, recording: `${name}.wav` });
    return { startedAt, name, namePattern, places, uri: Uri.joinPath(places.note, `${name}.md`), note };
  }

  /** The text that a note had at its beginning, for a meeting of an earlier window. */
  async again(note: Uri, recording: string, startedAt: Date): Promise<MeetingNote> {
    const template = (await this.settings.template()) ?? builtInTemplate(words());
    const git = await this.git(Uri.joinPath(note, '..'), template);
    return this.render(template, { startedAt, title: title(), recording, ...git });
  }

  private render(template: string, start: Parameters<typeof renderMeetingNote>[1]): MeetingNote {
    const note = renderMeetingNote(template, start, words());
    if (note.unknown.length > 0) this.settings.tell(SETTINGS.notesTemplate, unknownText(note.unknown));
    return note;
  }

  /** Git is asked only where its answer is used. */
  private async git(folder: Uri, texts: string): Promise<Awaited<ReturnType<typeof gitFacts>>> {
    const isUsed = placeholdersIn(texts).some((name) => name === 'branch' || name === 'repository');
    return isUsed ? gitFacts(folder) : {};
  }
}

/** Makes a meeting's note where it is not there. True where it was made. */
export async function makeMeetingNote(uri: Uri, note: MeetingNote): Promise<boolean> {
  if (await isThere(uri)) return false;
  await workspace.fs.createDirectory(Uri.joinPath(uri, '..'));
  await workspace.fs.writeFile(uri, new TextEncoder().encode(note.text));
  return true;
}

/** Opens a meeting's note. One that is not there is made, and the caret stands where the user begins to type. */
export async function openMeetingNote(uri: Uri, note: MeetingNote): Promise<void> {
  const isNew = await makeMeetingNote(uri, note);
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false, viewColumn: ViewColumn.Active });
  if (!isNew) return;
  // The editor may remember an earlier file of this name that was deleted.
  if (document.getText() !== note.text) await commands.executeCommand('workbench.action.files.revert');
  const caret = document.positionAt(note.caretOffset);
  editor.selection = new Selection(caret, caret);
}

/** The heading before the user types one. */
function title(): string {
  return l10n.t('Meeting');
}

function words(): MeetingWords {
  return { notes: l10n.t('Notes'), actionItems: l10n.t('Action items'), transcript: l10n.t('Transcript') };
}

function unknownText(names: readonly string[]): string {
  return `has placeholders that Minutes does not know: ${names.map((name) => `{${name}}`).join(', ')}`;
}

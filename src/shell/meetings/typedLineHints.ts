import {
  Disposable,
  EventEmitter,
  InlayHint,
  l10n,
  languages,
  workspace,
  type Event,
  type InlayHintsProvider,
  type Range,
  type TextDocument,
  type Uri,
} from 'vscode';
import { findTypedLines, typedLines, type TypedLine, type TypedPlace } from '../../core/notes/live/typedLines';
import { findBlocks } from '../../core/notes/planNoteUpdate';
import { formatShortTime } from '../../core/notes/timestamps';
import type { PlacedBlock } from '../../core/transcript/logEntries';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { readSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import { logUriOf } from '../transcripts/runLog';
import type { RunLogs } from '../transcripts/runLogs';
import type { LiveMeetings } from './live/liveMeetings';

/** What a note's log knows of typed lines. */
interface KnownLines {
  readonly lines: readonly TypedLine[];
  readonly placed: readonly PlacedBlock[];
}

/** The log beside a note as it was read last. */
interface ReadLog {
  /** Its size and its last change. */
  readonly state: string;
  readonly known: KnownLines | undefined;
}

/** A paragraph of a transcript begins with its time. The log of a document without one is not looked for. */
const PARAGRAPH = /^\[\d+(?::\d\d){1,2}\] /m;
/** So many notes are remembered. */
const MOST_NOTES = 20;

/**
 * Shows when a line of a meeting's note was typed, behind it: there the hint moves neither the line's text nor what is before it. While the
 * meeting runs, the live note knows the lines; later the log beside the note does.
 */
class TypedLineHints implements InlayHintsProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeInlayHints: Event<void> = this.changed.event;
  /** By the note's URI. */
  private readonly read = new Map<string, ReadLog>();

  constructor(
    private readonly live: LiveMeetings,
    private readonly logs: RunLogs,
  ) {}

  async provideInlayHints(document: TextDocument, range: Range): Promise<InlayHint[]> {
    if (!readSetting(SETTINGS.typedTimes, document.uri)) return [];
    const places = this.live.typedPlaces(document) ?? (await this.fromLog(document));
    return places.flatMap(({ endOffset, atS }) => {
      const position = document.positionAt(endOffset);
      return range.contains(position) ? [hintAt(position, formatShortTime(atS))] : [];
    });
  }

  /** Shows them anew. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async fromLog(document: TextDocument): Promise<readonly TypedPlace[]> {
    if (!PARAGRAPH.test(document.getText())) return [];
    const known = await this.knownOf(document.uri);
    if (!known || known.lines.length === 0) return [];
    // The user may have typed while the log was read.
    const text = document.getText();
    return findTypedLines(text, known.lines, findBlocks(text, known.placed).values());
  }

  /** What the log says. It is read again only where it has changed. */
  private async knownOf(note: Uri): Promise<KnownLines | undefined> {
    const state = await workspace.fs.stat(logUriOf(note)).then(
      ({ size, mtime }) => `${size} ${mtime}`,
      () => undefined,
    );
    if (state === undefined) return undefined;
    const key = note.toString();
    const before = this.read.get(key);
    if (before?.state === state) return before.known;
    const known = linesOf(await this.logs.besideNote(note));
    this.read.delete(key);
    this.read.set(key, { state, known });
    for (const oldest of [...this.read.keys()].slice(0, -MOST_NOTES)) this.read.delete(oldest);
    return known;
  }
}

/** Hints for the lines that the user typed beside a meeting. */
export function registerTypedLineHints(live: LiveMeetings, logs: RunLogs): Disposable {
  const hints = new TypedLineHints(live, logs);
  const refresh = (): void => {
    hints.refresh();
  };
  return Disposable.from(
    hints,
    languages.registerInlayHintsProvider({ language: 'markdown' }, hints),
    live.onDidChange(refresh),
    logs.onDidChange(refresh),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTINGS.typedTimes.id)) refresh();
    }),
  );
}

function linesOf(log: TranscriptLog | undefined): KnownLines | undefined {
  return log && { lines: typedLines(log.marks), placed: log.placed };
}

function hintAt(position: InlayHint['position'], time: string): InlayHint {
  const hint = new InlayHint(position, time);
  hint.paddingLeft = true;
  hint.tooltip = l10n.t('Typed at {0} of the recording', time);
  return hint;
}

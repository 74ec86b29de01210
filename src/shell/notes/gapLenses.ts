import {
  CodeLens,
  EventEmitter,
  l10n,
  Range,
  type CodeLensProvider,
  type Disposable,
  type Event,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { Gap } from '../../core/model';
import type { PlacedBlock } from '../../core/transcript/logEntries';
import { COMMANDS } from '../contributed/commands';
import { gapLines } from './gapsOfNote';

/** What a note's log says about its gaps. */
export interface NoteGaps {
  readonly gaps: readonly Gap[];
  readonly placed: readonly PlacedBlock[];
}

/** A quotation with two times, as the line of a gap is in every language. Without one a document's log is not looked for. */
const GAP_LINE = /^> .*\d+:\d\d(?::\d\d)?–\d+:\d\d/m;

/** The button above the line of a gap: it asks again for what is missing there. */
export class GapLenses implements CodeLensProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses: Event<void> = this.changed.event;

  /** @param read gives undefined for a document without a log */
  constructor(private readonly read: (note: Uri) => Promise<NoteGaps | undefined>) {}

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    const text = document.getText();
    if (!GAP_LINE.test(text)) return [];
    const found = await this.read(document.uri);
    if (!found) return [];
    return gapLines(text, found.placed, found.gaps).map(({ gap, line }) => {
      const title = gap.kind === 'failed' ? l10n.t('Retry Gap') : l10n.t('Ask Again');
      return new CodeLens(new Range(line, 0, line, 0), {
        title,
        command: COMMANDS.retryGap,
        arguments: [document.uri, gap.id],
      });
    });
  }

  /** The logs have changed. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}

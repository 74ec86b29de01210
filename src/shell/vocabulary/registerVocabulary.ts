import { commands, type Disposable } from 'vscode';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { COMMANDS } from '../contributed/commands';
import type { ReadOnlyDocuments } from '../editor/readOnlyDocuments';
import type { EmbeddedModels } from '../models/embeddedModels';
import { ShowPrompt } from './showPrompt';

/** What the words of the workspace share with other features. */
export interface VocabularyServices {
  readonly vocabulary: VocabularySource;
  readonly models: EmbeddedModels;
  readonly documents: ReadOnlyDocuments;
}

/** The command that shows which words of the workspace are sent. */
export function registerVocabulary({ vocabulary, models, documents }: VocabularyServices): Disposable {
  const showPrompt = new ShowPrompt(vocabulary, models, documents);
  return commands.registerCommand(COMMANDS.showPrompt, () => showPrompt.run());
}

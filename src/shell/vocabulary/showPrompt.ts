import { l10n, workspace } from 'vscode';
import { NEVER } from '../../core/async/never';
import { problemOf } from '../../core/errors';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { sendsTermsApart } from '../../core/endpoints/dialects';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { buildPrompt, PROMPT_LIMITS, type Prompt } from '../../core/vocabulary/buildPrompt';
import type { Term, TermKind } from '../../core/vocabulary/term';
import type { EmbeddedModels } from '../models/embeddedModels';
import { describeProblem, showError } from '../words/messages';
import { markdownTable } from '../editor/markdownTable';
import type { ReadOnlyDocuments } from '../editor/readOnlyDocuments';
import { endpointInForce, modelInForce } from '../contributed/settings';

/** How many sources a row of the table names; the others are only counted. */
const SOURCES_NAMED = 3;

/** **Minutes: Show Words Sent**: exactly what would go with the next request besides the audio, and where each word comes from. */
export class ShowPrompt {
  constructor(
    private readonly vocabulary: VocabularySource,
    private readonly models: EmbeddedModels,
    private readonly documents: ReadOnlyDocuments,
  ) {}

  async run(): Promise<void> {
    try {
      const endpoint = endpointInForce();
      const reader = endpoint.kind === 'embedded' ? await this.modelName(endpoint) : undefined;
      // `collect` limits its own time, so it need not be cancelled.
      const prompt = buildPrompt(await this.vocabulary.collect(NEVER));
      await this.documents.show(l10n.t('Words Sent'), describe(prompt, endpoint, reader));
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) throw error;
      void showError(describeProblem(problem));
    }
  }

  /** The model that reads the prompt; undefined for other endpoints, and where no model is here yet. @throws MinutesError `modelNotInstalled` */
  private async modelName(endpoint: Endpoint): Promise<string | undefined> {
    try {
      return (await this.models.inForceAt(endpoint, 'meeting'))?.model.name;
    } catch (error) {
      if (problemOf(error)?.code === 'modelMissing') return undefined;
      throw error;
    }
  }
}

/** @param reader the model of the embedded engine */
function describe(prompt: Prompt, endpoint: Endpoint, reader: string | undefined): string {
  const title = l10n.t("The workspace's words");
  const reason = reasonForNothing(prompt);
  if (reason !== undefined) return `# ${title}\n\n${reason}\n`;
  const sizes = [
    l10n.t('Size: {0} of {1} bytes', prompt.sizeBytes, PROMPT_LIMITS.sizeBytes),
    l10n.t('Length: {0} of {1} tokens, estimated on the safe side', prompt.tokens, PROMPT_LIMITS.tokens),
    l10n.t('Words: {0}; left out for want of room: {1}', prompt.used.length, prompt.leftOut),
  ];
  const head = [l10n.t('Word'), l10n.t('Kind'), l10n.t('Found in')];
  return [
    `# ${title}`,
    whereTo(endpoint, reader),
    '```text\n' + prompt.text + '\n```',
    sizes.map((line) => `- ${line}`).join('\n'),
    l10n.t('In the order sent: the last words count most.'),
    markdownTable([head, ...prompt.used.map(toRow)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function reasonForNothing(prompt: Prompt): string | undefined {
  if (!workspace.isTrusted) return l10n.t('Nothing is sent: this workspace is not trusted, so its words are not read.');
  if (!workspace.workspaceFolders?.length)
    return l10n.t('Nothing is sent: no folder is open, so there are no words of a workspace.');
  return prompt.text === ''
    ? l10n.t('Nothing is sent: no words worth naming were found in this workspace.')
    : undefined;
}

function whereTo(endpoint: Endpoint, reader = l10n.t('The embedded engine')): string {
  if (endpoint.kind === 'embedded') {
    return l10n.t(
      '{0} on this machine reads this text with every request, as its prompt. It goes nowhere else:',
      reader,
    );
  }
  return sendsTermsApart(endpoint.provider, modelInForce(endpoint, 'meeting'))
    ? l10n.t('The words of this text go to {0} with every request, each by itself:', endpoint.host)
    : l10n.t('This text goes to {0} with every request, as its prompt:', endpoint.host);
}

function toRow(term: Term): string[] {
  const named = term.from.slice(0, SOURCES_NAMED).join(', ');
  const more = term.from.length - SOURCES_NAMED;
  return [term.text, kindName(term.kind), more > 0 ? l10n.t('{0} and {1} more', named, more) : named];
}

function kindName(kind: TermKind): string {
  switch (kind) {
    case 'dependency':
      return l10n.t('dependency');
    case 'file':
      return l10n.t('file');
    case 'identifier':
      return l10n.t('identifier');
    case 'person':
      return l10n.t('person');
  }
}

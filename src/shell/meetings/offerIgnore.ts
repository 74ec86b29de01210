import { FileType, l10n, Uri, workspace, type Memento } from 'vscode';
import type { IgnoreFile, MadeFile } from '../../core/notes/meeting/ignoredFiles';
import { applyEdits } from '../editor/applyEdits';
import { fileName } from '../editor/localFiles';
import { isThere } from '../notes/noteFiles';
import { showError, showInformation } from '../words/messages';
import { plain } from '../words/remedies';
import type { PlannedMeeting } from './meetingNote';

/** The repositories that the user was asked about, as addresses. */
const ASKED = 'minutes.ignoreOffered';

/**
 * Offers to have git ignore recordings and logs, where a meeting's note lies in a repository that does not ignore them yet. The user is
 * asked once for each repository.
 */
export async function offerIgnore(meeting: PlannedMeeting, memory: Memento): Promise<void> {
  const { places, name, namePattern } = meeting;
  const root = await workingTree(places.note);
  const asked = memory.get<unknown>(ASKED);
  const known: readonly unknown[] = Array.isArray(asked) ? asked : [];
  if (!root || known.includes(root.toString())) return;
  // The package that knows git's patterns is loaded only here.
  const { ignoreEdits, isIgnored, madeFiles } = await import('../../core/notes/meeting/ignoredFiles');
  const folder = pathBelow(root, places.note);
  const isRecordingThere = places.recording.toString() === places.note.toString();
  const files = await ignoreFiles(root, folder);
  const open = madeFiles(folder, name, namePattern, isRecordingThere).filter(({ path }) => !isIgnored(path, files));
  if (open.length === 0) return;
  await memory.update(ASKED, [...known, root.toString()]);
  const patterns = open.map(({ pattern }: MadeFile) => pattern);
  const add = async (): Promise<void> => {
    await addTo(Uri.joinPath(root, '.gitignore'), (text) => ignoreEdits(text, patterns));
  };
  await showInformation({
    text: l10n.t(
      'Git does not ignore recordings and their logs in "{0}": whoever commits everything commits what was said. Add to .gitignore: {1}',
      fileName(root),
      patterns.join(', '),
    ),
    actions: [
      { title: l10n.t('Add to .gitignore'), run: add },
      { title: l10n.t('Not Now'), run: () => undefined },
    ],
  });
}

/** The folder that has `.git`: this one, or one above it. In a worktree `.git` is a file. */
async function workingTree(folder: Uri): Promise<Uri | undefined> {
  for (let at = folder; ; at = Uri.joinPath(at, '..')) {
    if (await isThere(Uri.joinPath(at, '.git'))) return at;
    if (at.path === '/' || Uri.joinPath(at, '..').path === at.path) return undefined;
  }
}

/** A folder relative to a working tree: empty for its root, else it ends in `/`. */
function pathBelow(root: Uri, folder: Uri): string {
  const below = folder.path.slice(root.path.length).replace(/^\/+|\/+$/g, '');
  return below === '' ? '' : `${below}/`;
}

/** The files with git's patterns that count for a folder. Those of the user's own configuration are not read. */
async function ignoreFiles(root: Uri, folder: string): Promise<readonly IgnoreFile[]> {
  const names = folder.split('/').filter((name) => name !== '');
  const folders = ['', ...names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`)];
  const own = folders.map(async (at) => ({ folder: at, text: await textOf(Uri.joinPath(root, at, '.gitignore')) }));
  const exclude = { folder: '', text: await textOf(Uri.joinPath(root, '.git', 'info', 'exclude')) };
  return [exclude, ...(await Promise.all(own))];
}

/** Empty where there is no such file. */
async function textOf(file: Uri): Promise<string> {
  return workspace.fs.readFile(file).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => '',
  );
}

/** Changes the file through its document, so that what the user has not saved of it stays. */
async function addTo(file: Uri, plan: Parameters<typeof applyEdits>[1]): Promise<void> {
  const isFile = await workspace.fs.stat(file).then(
    ({ type }) => (type & FileType.File) !== 0,
    () => false,
  );
  if (!isFile) await workspace.fs.writeFile(file, new Uint8Array());
  const document = await workspace.openTextDocument(file);
  const wasDirty = document.isDirty;
  const isChanged = await applyEdits(document, plan);
  if (isChanged && (wasDirty || (await document.save()))) return;
  void showError(
    plain(l10n.t('.gitignore cannot be changed. Make {0} writable, or add the lines yourself.', file.fsPath)),
  );
}

/** A path as a setting has it. */
export type SettingPath =
  | { readonly kind: 'empty' }
  /** Below the workspace's folder, or below the user's own. */
  | { readonly kind: 'relative' | 'home'; readonly parts: readonly string[] }
  | { readonly kind: 'absolute'; readonly path: string }
  /** It leads out of the folder, or a workspace may not say it. */
  | { readonly kind: 'refused' };

/** `/…`, `\\server\…`, `C:\…`, and `C:…`, which Windows counts from a folder that nobody sees. */
const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:)/;

/**
 * Reads a path of a setting. A workspace can lead into itself only; whoever made it must not choose other files and folders of the user.
 *
 * @param isUsers whether the user said it for all workspaces
 */
export function parseSettingPath(text: string, isUsers: boolean): SettingPath {
  const path = text.trim();
  if (path === '') return { kind: 'empty' };
  const home = /^~(?:[/\\]|$)/.exec(path)?.[0];
  const isElsewhere = home !== undefined || ABSOLUTE.test(path);
  if (isElsewhere && !isUsers) return { kind: 'refused' };
  if (isElsewhere && home === undefined) return { kind: 'absolute', path };
  const parts = path
    .slice(home?.length ?? 0)
    .split(/[/\\]+/)
    .filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => part === '..' || ABSOLUTE.test(part))) return { kind: 'refused' };
  return { kind: home === undefined ? 'relative' : 'home', parts };
}

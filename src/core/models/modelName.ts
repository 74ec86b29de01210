import { MinutesError } from '../errors';

/** The hub's rule for either half of a name. Neither half may hold `--` or `..`. */
const HALF = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;

/**
 * Reads a model's name as it is typed or pasted: `openai/whisper-base`, or the address of the model's page on a hub.
 *
 * @throws MinutesError `modelNameInvalid`
 */
export function parseModelName(typed: string): string {
  const name = fromAddress(typed.trim()) ?? typed.trim();
  const halves = name.split('/');
  if (halves.length !== 2 || !halves.every(isHalf)) throw new MinutesError({ code: 'modelNameInvalid', model: typed });
  return name;
}

/** First parts of the hub's addresses that do not lead to a model. */
const NO_OWNERS = ['datasets', 'spaces', 'docs', 'api', 'models', 'collections', 'papers', 'blog'];

/** The first two parts of an address's path; undefined where it is no address. */
function fromAddress(text: string): string | undefined {
  // A name has one slash and no colon. An address without its protocol has a dot in its host and more than one slash behind it.
  const address = /^https?:\/\//i.test(text)
    ? text
    : /^[\w-]+(\.[\w-]+)+\/[^/]+\/[^/]/.test(text)
      ? `https://${text}`
      : '';
  if (address === '') return undefined;
  try {
    const [owner = '', name = ''] = new URL(address).pathname.split('/').filter((part) => part !== '');
    return NO_OWNERS.includes(owner) ? undefined : `${owner}/${name}`;
  } catch {
    return undefined;
  }
}

function isHalf(text: string): boolean {
  return HALF.test(text) && !text.includes('--') && !text.includes('..');
}

/** The name of a model's folder. No half of a name holds `--`, so no two models share a folder. */
export function folderNameOf(name: string): string {
  return name.replace('/', '--');
}

/**
 * Names a model after its folder. A folder of the hub's usual cache (`models--openai--whisper-base/snapshots/COMMIT`) gives the name on
 * the hub; every other folder gives `local/FOLDER`.
 *
 * @param parts of the folder's absolute path
 */
export function nameFromFolder(parts: readonly string[]): { readonly name: string; readonly commit?: string } {
  const [repository = '', snapshots = '', commit = ''] = parts.slice(-3);
  const [, owner = '', model = ''] = /^models--(.+?)--(.+)$/.exec(repository) ?? [];
  if (snapshots === 'snapshots' && /^[0-9a-f]{40}$/.test(commit) && isHalf(owner) && isHalf(model)) {
    return { name: `${owner}/${model}`, commit };
  }
  const plain = (parts.at(-1) ?? '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, 90)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9_]+$/g, '');
  return { name: `local/${plain === '' ? 'model' : plain}` };
}

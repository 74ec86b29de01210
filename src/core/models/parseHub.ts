/** A file of a repository, with its checksum. */
export interface HubFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly checksum: Checksum;
}

/** Hexadecimal. `git`: SHA-1 of `blob SIZE\0` and the bytes, as git names its objects; `sha256`: of the bytes. */
export interface Checksum {
  readonly kind: 'git' | 'sha256';
  readonly hex: string;
}

/** What the hub says about a repository as a whole. */
export interface HubModel {
  readonly commit: string;
  readonly license?: string;
}

/** Reads the answer of `/api/models/{repo}`. @returns undefined where the text is not such an answer */
export function parseHubModel(text: string): HubModel | undefined {
  const answer = recordOf(parsed(text));
  const commit = answer.get('sha');
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit)) return undefined;
  const told = recordOf(answer.get('cardData')).get('license');
  const names = (Array.isArray(told) ? (told as readonly unknown[]) : [told]).filter(
    (name) => typeof name === 'string',
  );
  const license = names.join(', ').trim().slice(0, 100);
  return license === '' ? { commit } : { commit, license };
}

/**
 * Reads a page of `/api/models/{repo}/tree/{commit}`. Folders, and files without a checksum, are left out.
 *
 * @returns undefined where the text is not such a page
 */
export function parseHubFiles(text: string): readonly HubFile[] | undefined {
  const answer = parsed(text);
  return Array.isArray(answer) ? answer.flatMap(parseFile) : undefined;
}

function parseFile(value: unknown): readonly HubFile[] {
  const entry = recordOf(value);
  const large = recordOf(entry.get('lfs'));
  const path = entry.get('path');
  const sizeBytes = large.get('size') ?? entry.get('size');
  if (entry.get('type') !== 'file' || typeof path !== 'string' || typeof sizeBytes !== 'number') return [];
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return [];
  const checksum = checksumOf('sha256', large.get('oid'), 64) ?? checksumOf('git', entry.get('oid'), 40);
  // The `oid` beside a large file is that of a pointer to the file, not of the file.
  return checksum === undefined || (large.size > 0 && checksum.kind === 'git') ? [] : [{ path, sizeBytes, checksum }];
}

function checksumOf(kind: Checksum['kind'], told: unknown, digits: number): Checksum | undefined {
  const hex = typeof told === 'string' ? told.replace(/^sha256:/, '').toLowerCase() : '';
  return hex.length === digits && /^[0-9a-f]+$/.test(hex) ? { kind, hex } : undefined;
}

/** The address of the next page: `<https://…>; rel="next"` (RFC 8288). */
export function parseNextPage(link: string | undefined): string | undefined {
  return /<([^<>]+)>\s*;[^<]*\brel="?next"?/.exec(link ?? '')?.[1];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

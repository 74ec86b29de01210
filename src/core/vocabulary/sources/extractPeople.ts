import { isOpaque } from '../isOpaque';

/** The names of git's `.mailmap`. Addresses serve as keys and never leave this module. */
export interface Mailmap {
  /** The names people want to be called, each once. */
  readonly names: readonly string[];
  readonly properName: (name: string, address: string) => string;
}

/** Lines of `.mailmap`: `Proper Name <proper@x> Commit Name <commit@x>`. Either name and the second address may be absent. */
const MAILMAP_LINE = /^\s*([^<#]*)<([^>]*)>\s*(?:([^<]*)<([^>]*)>)?/;

/** Lines of a reflog: two hashes, name, address, seconds, zone, and behind a tab what was done. */
const REFLOG_LINE = /^[0-9a-f]{40,64} [0-9a-f]{40,64} ([^<\t]*)<([^>\t]*)> \d+ [+-]\d{4}(?:\t|$)/;

/** Names of accounts that are not a person's. In lower case. */
const NOBODY = new Set(['github', 'gitlab', 'root', 'admin', 'unknown', 'jenkins', 'your name', 'ci', 'no author']);

/** Reads a `.mailmap` file. Lines of another form are left out. */
export function readMailmap(text: string): Mailmap {
  const byCommit = new Map<string, string>();
  const names = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const [, proper = '', properAddress = '', commitName = '', commitAddress] = MAILMAP_LINE.exec(line) ?? [];
    const name = personName(proper);
    if (name === undefined) continue;
    names.add(name);
    byCommit.set(commitKey(commitName, commitAddress ?? properAddress), name);
  }
  const properName = (name: string, address: string): string =>
    byCommit.get(commitKey(name, address)) ?? byCommit.get(commitKey('', address)) ?? name;
  return { names: [...names], properName };
}

/** The names of those who moved this repository's head, the most recent first, each with how often. */
export function readReflog(text: string, mailmap: Mailmap): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split(/\r?\n/).reverse()) {
    const [, name = '', address = ''] = REFLOG_LINE.exec(line) ?? [];
    const person = personName(mailmap.properName(name.trim(), address));
    if (person !== undefined) counts.set(person, (counts.get(person) ?? 0) + 1);
  }
  return counts;
}

/** The name where it is a person's; undefined for addresses, machines and handles. */
function personName(text: string): string | undefined {
  const name = text.trim().replace(/\s+/g, ' ');
  const isName = /^\p{L}[\p{L}\p{M}.'’ -]{2,39}$/u.test(name);
  const isHandle = !/\s/.test(name) && !/\p{Lu}|\p{Lo}/u.test(name);
  const isMachine = /\bbot$/i.test(name) || NOBODY.has(name.toLowerCase());
  return isName && !isHandle && !isMachine && !isOpaque(name) ? name : undefined;
}

function commitKey(name: string, address: string): string {
  return `${name.trim().toLowerCase()}\n${address.trim().toLowerCase()}`;
}

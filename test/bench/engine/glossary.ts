import { createHash } from 'node:crypto';
import type { SpeechFile } from '../../speech';
import { seededRandom } from '../../unit/core/random';

/** A file's own terms stand among so many others of the project. */
const OTHERS = 30;
/** So many stand in the list of a file that has no terms. All lists have room in the 223 tokens that Whisper reads of a prompt. */
const WITHOUT_OWN = 35;

/**
 * A prompt as a project's glossary gives it: a list, `A, B, C.`, of the terms that are said in a recording, at random places among other
 * terms of the folder. The same for the same file, whatever else is measured.
 *
 * @param all the whole folder, whose terms are the project's
 */
export function glossaryOf(file: SpeechFile, all: readonly SpeechFile[]): string {
  const random = seededRandom(createHash('sha256').update(file.file).digest().readUInt32LE(0));
  const own = withoutRepeats(file.terms.map(({ term }) => term));
  const ownKeys = new Set(own.map(keyOf));
  const project = withoutRepeats(all.flatMap(({ terms }) => terms.map(({ term }) => term)));
  const others = shuffle(
    project.filter((term) => !ownKeys.has(keyOf(term))),
    random,
  );
  const terms = [...own, ...others.slice(0, own.length === 0 ? WITHOUT_OWN : OTHERS)];
  return `${shuffle(terms, random).join(', ')}.`;
}

/** Each once, however it is spelled elsewhere. */
function withoutRepeats(terms: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const term of terms) if (!seen.has(keyOf(term))) seen.set(keyOf(term), term);
  return [...seen.values()];
}

function keyOf(term: string): string {
  return term.toLowerCase();
}

/** Every order is as likely (Fisher and Yates). */
function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}

import { isOpaque } from '../isOpaque';
import { ORDINARY_FILES } from '../ordinaryWords';
import { isSecretFile } from '../redactSecrets';
import { isDistinctive } from '../wordForm';

/** The longest stem that anybody would say as one word. */
const LONGEST_STEM = 40;

/**
 * The word that people call a file by: `src/transcribeFile.test.ts` is "transcribeFile". Undefined where the name says nothing (index,
 * readme), is an ordinary word that everybody can spell, begins with a dot, or is the name of a file with keys.
 */
export function fileTerm(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(?<=.)\..*$/, '');
  if (name.startsWith('.') || stem.length > LONGEST_STEM || isSecretFile(path)) return undefined;
  if (!/^\p{L}[\p{L}\p{N}_-]*$/u.test(stem) || ORDINARY_FILES.has(stem.toLowerCase())) return undefined;
  // Whisper does not misspell the words of names in capitals such as RELEASE_NOTES.
  const isShouted = /[_-]/.test(stem) && stem === stem.toUpperCase();
  return !isShouted && isDistinctive(stem) && !isOpaque(stem) ? stem : undefined;
}

import { env } from 'vscode';
import { LANGUAGES } from '../../core/endpoints/languages';

/** A language's name in the editor's own language. Where the editor knows none: Whisper's English name, or the code itself. */
export function languageName(code: string): string {
  const english = LANGUAGES.get(code);
  const fallback = english === undefined ? code : english.charAt(0).toUpperCase() + english.slice(1);
  try {
    // `jw` is Whisper's own code for Javanese.
    const name = new Intl.DisplayNames([env.language], { type: 'language' }).of(code === 'jw' ? 'jv' : code);
    return name === undefined || name === code ? fallback : name;
  } catch {
    return fallback;
  }
}

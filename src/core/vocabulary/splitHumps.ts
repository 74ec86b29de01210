const HUMP = /\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{Lu}+(?!\p{Ll})|\p{Lu}|\p{N}+/gu;

/** The parts of an identifier: `readHTTPHeader2` gives read, HTTP, Header, 2; `user_id` gives user, id. */
export function splitHumps(word: string): readonly string[] {
  return word.match(HUMP) ?? [];
}

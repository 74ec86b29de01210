import { joinTexts } from '../../text/blanks';

/** As many of the last words as fit into a line, "…" before them where some are left out. A sign of a wide script takes two columns. */
export function lastWords(words: readonly string[], columns: number): string {
  const whole = joinTexts(words);
  if (widthOf(whole) <= columns) return whole;
  for (let first = 1; first < words.length; first++) {
    const text = `…${joinTexts(words.slice(first))}`;
    if (widthOf(text) <= columns) return text;
  }
  // A single word that is longer, as a sentence is where no blanks part words.
  const signs = Array.from(whole);
  while (signs.length > 1 && widthOf(signs.join('')) >= columns) signs.shift();
  return `…${signs.join('')}`;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;

function widthOf(text: string): number {
  let width = 0;
  for (const sign of text.normalize('NFC')) width += WIDE.test(sign) ? 2 : 1;
  return width;
}

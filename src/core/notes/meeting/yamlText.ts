/**
 * Texts that YAML readers take as text without quotes: they begin with a letter or a digit, end in no blank or colon, and have no sign
 * that begins something else. Readers of YAML 1.1 count as well (https://yaml.org/type/bool.html, /int.html, /float.html).
 */
const PLAIN = /^[\p{L}\p{N}](?:.*[^\s:])?$/u;
const NEVER_PLAIN = /: |:$| #|[\p{C}\u2028\u2029\ufeff]/u;
const WORDS = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
/** Looks like a number, a time or an exponent to some reader. */
const NUMBER = /^\d[\d_.,:+xoe a-f-]*$/i;
/** Dates stay dates. Nobody takes a time whose hour has a zero in front for a number. */
const DATE_OR_TIME = /^(?:\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?|0\d:\d\d:\d\d)$/;
/** What ends a text within a list such as `[a, b]`. */
const FLOW_SIGNS = /[,[\]{}]/;
/** Signs that YAML allows within quotes in escaped form only, or that are not seen. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A text as a value of YAML in one line: plain where every reader takes that for this text, else in double quotes. A date stays a date. */
export function yamlText(text: string): string {
  const isNumber = NUMBER.test(text) && !DATE_OR_TIME.test(text);
  const isPlain = PLAIN.test(text) && !NEVER_PLAIN.test(text) && !WORDS.test(text) && !isNumber;
  return isPlain ? text : `"${withinQuotes(text)}"`;
}

/** Texts as a list of YAML in one line, such as `[Ada Lovelace, "yes"]`. */
export function yamlList(texts: readonly string[]): string {
  const items = texts.map((text) => (FLOW_SIGNS.test(text) ? `"${withinQuotes(text)}"` : yamlText(text)));
  return `[${items.join(', ')}]`;
}

/** A text as it stands within double quotes. */
export function withinQuotes(text: string): string {
  const escaped = JSON.stringify(text.toWellFormed()).slice(1, -1);
  return escaped.replace(UNPRINTABLE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

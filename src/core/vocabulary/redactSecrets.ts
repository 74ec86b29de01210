import { isOpaque } from './isOpaque';

const SENSITIVE =
  'pass(?:word|wd|phrase|code)|pwd|secret|token|credential|bearer|(?:api|access|private|auth|account|signing|encryption)[-_ ]?key|authori[sz]ation';

/** Everything in a text that may be a secret, its value, or somebody's address. Whole strings are removed, since secrets stand in strings. */
const REMOVED: readonly RegExp[] = [
  /-----BEGIN [^-\n]*-----[^]*?(?:-----END [^-\n]*-----|$)/g,
  // Web addresses, which may hold names, passwords and keys; e-mail addresses: everything around the @.
  /\b[a-z][a-z\d+.-]{1,20}:\/\/\S*/gi,
  /[^\s<>()[\]",;:]{1,64}@[^\s<>()[\]"'`,;]+/g,
  // Strings. One that does not end on its line reaches to the line's end; the apostrophe of a word begins no string.
  /"(?:[^"\\\n]|\\.)*(?:"|$)|(?<![\p{L}\p{N}])'(?:[^'\\\n]|\\.)*(?:'|$)/gmu,
  // The rest of the line after "password = …", "apiKey: …", "<secret>…", "the password is …".
  new RegExp(`\\b[\\w-]{0,40}?(?:${SENSITIVE})[\\w-]{0,40}["'\`\\])]?\\s*(?:[:=>]|\\bis\\b).*`, 'gi'),
  // The next word after "password …", "--api-key …", "DB_SECRET …".
  /\b[\w-]{0,40}?(?:pass(?:word|wd|phrase|code)|pwd|bearer)[\w-]{0,40}\s+\S+/gi,
  new RegExp(`--[\\w-]{0,40}?(?:${SENSITIVE})[\\w-]{0,40}\\s+\\S+`, 'gi'),
  /\b[A-Z_]{0,40}_(?:TOKEN|SECRET|KEY|CREDENTIAL)S?\s+\S+/g,
];

/** A run that may be one long key, with the signs that keys have between letters. */
const LONG_RUN = /[A-Za-z0-9+/_=~.-]{16,}/g;

/** A run without spaces. */
const CLOSE_RUN = /\S{8,}/g;

/** The text without strings, addresses, and anything that may be a key or a password. */
export function redactSecrets(text: string): string {
  let left = text;
  for (const pattern of REMOVED) left = left.replace(pattern, ' ');
  left = left.replace(CLOSE_RUN, (run) => (isPassword(run) ? ' ' : run));
  return left.replace(LONG_RUN, (run) => (isKey(run) ? ' ' : run));
}

/** Whether the run mixes digits, both cases and signs as password generators do. Code without spaces may be removed as well. */
function isPassword(run: string): boolean {
  return [/\d/, /[A-Z]/, /[a-z]/, /[A-Za-z\d][!#$%^&*~?@=+]+[A-Za-z\d]/].every((sign) => sign.test(run));
}

/** Whether a long run is a key. A run of several words, such as a path, is one only where it is noise as a whole. */
function isKey(run: string): boolean {
  return isOpaque(run.replace(/[+/=~.]/g, ''));
}

const KEY_FILE =
  /^\.env|^\.?(netrc|npmrc|pypirc|pgpass|htpasswd)$|^id_[a-z0-9]+$|\.(env|pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|tfvars)$/i;
const SECRETS_FILE =
  /^[^.]*(secret|credential|password|passwd)s?[^.]*(\.(json|ya?ml|toml|txt|ini|properties|conf|cfg|xml|csv|md))?$/i;

/** Whether the file's name is one for files with keys. Such a file is not read at all. */
export function isSecretFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return KEY_FILE.test(name) || SECRETS_FILE.test(name);
}

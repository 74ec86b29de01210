import { isOpaque } from './isOpaque';

const SENSITIVE =
  'pass(?:word|wd|phrase|code)|pwd|secret|token|credential|bearer|(?:api|access|private|auth|account|signing|encryption)[-_ ]?key|authori[sz]ation';

/** Everything in a text that may be a secret or somebody's address, and what it is set to. Strings go whole: that is where secrets are. */
const REMOVED: readonly RegExp[] = [
  /-----BEGIN [^-\n]*-----[^]*?(?:-----END [^-\n]*-----|$)/g,
  // Addresses of the web may carry names, passwords and keys; of people, whatever is around the @.
  /\b[a-z][a-z\d+.-]{1,20}:\/\/\S*/gi,
  /[^\s<>()[\]",;:]{1,64}@[^\s<>()[\]"'`,;]+/g,
  // A string that does not end on its line takes the rest of it; the apostrophe of a word starts none.
  /"(?:[^"\\\n]|\\.)*(?:"|$)|(?<![\p{L}\p{N}])'(?:[^'\\\n]|\\.)*(?:'|$)/gmu,
  // "password = …", "apiKey: …", "<secret>…", "the password is …": the rest of the line.
  new RegExp(`\\b[\\w-]{0,40}?(?:${SENSITIVE})[\\w-]{0,40}["'\`\\])]?\\s*(?:[:=>]|\\bis\\b).*`, 'gi'),
  // "password …", "--api-key …", "DB_SECRET …": the next word.
  /\b[\w-]{0,40}?(?:pass(?:word|wd|phrase|code)|pwd|bearer)[\w-]{0,40}\s+\S+/gi,
  new RegExp(`--[\\w-]{0,40}?(?:${SENSITIVE})[\\w-]{0,40}\\s+\\S+`, 'gi'),
  /\b[A-Z_]{0,40}_(?:TOKEN|SECRET|KEY|CREDENTIAL)S?\s+\S+/g,
];

/** What may be one long key, with the signs that keys have between letters. */
const LONG_RUN = /[A-Za-z0-9+/_=~.-]{16,}/g;

/** What stands without a space between. */
const CLOSE_RUN = /\S{8,}/g;

/** The text without strings, addresses, and whatever may be a key or a password. */
export function redactSecrets(text: string): string {
  let left = text;
  for (const pattern of REMOVED) left = left.replace(pattern, ' ');
  left = left.replace(CLOSE_RUN, (run) => (isPassword(run) ? ' ' : run));
  return left.replace(LONG_RUN, (run) => (isKey(run) ? ' ' : run));
}

/** Digits, both cases and signs between them, as password generators mix them. Code written that tightly is lost with it. */
function isPassword(run: string): boolean {
  return [/\d/, /[A-Z]/, /[a-z]/, /[A-Za-z\d][!#$%^&*~?@=+]+[A-Za-z\d]/].every((sign) => sign.test(run));
}

/** A long run of several words, such as a path, is one key only where it is noise as a whole. */
function isKey(run: string): boolean {
  return isOpaque(run.replace(/[+/=~.]/g, ''));
}

const KEY_FILE =
  /^\.env|^\.?(netrc|npmrc|pypirc|pgpass|htpasswd)$|^id_[a-z0-9]+$|\.(env|pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|tfvars)$/i;
const SECRETS_FILE =
  /^[^.]*(secret|credential|password|passwd)s?[^.]*(\.(json|ya?ml|toml|txt|ini|properties|conf|cfg|xml|csv|md))?$/i;

/** Whether a file is one that keys are kept in, by its name: such a file is not read at all. */
export function isSecretFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return KEY_FILE.test(name) || SECRETS_FILE.test(name);
}

/** Longest name in bytes of UTF-8: file systems take 255, and notes and logs are named after the recording with more behind it. */
const LONGEST_NAME_BYTES = 120;

/** Names of devices on Windows, with any ending, and with blanks before that. */
const DEVICE = /^(con|prn|aux|nul|(?:com|lpt)[\d¹²³]|conin\$|conout\$) *(?=\.|$)/i;

/**
 * What the recording at an address is called: as the server says, else the last part of the address's path, else the host. It never has
 * anything of the query, which may hold a key, and it can be the name of a file on every system.
 *
 * @param disposition the header `content-disposition` of the answer (RFC 6266)
 */
export function recordingName(address: string, disposition = ''): string {
  const { pathname, host } = URL.canParse(address) ? new URL(address) : { pathname: '', host: '' };
  const inPath = pathname.split('/').findLast((part) => part !== '') ?? '';
  const names = [nameIn(disposition), decoded(inPath), host].map(safeName);
  return names.find((name) => name !== '') ?? 'recording';
}

/** The file name that the header tells: `filename*` in its own charset, else `filename` as a quoted or a plain word. */
function nameIn(disposition: string): string {
  const encoded = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const [, quoted, plain] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? [];
  // Many servers write UTF-8 where only Latin letters are allowed; a header is read as Latin-1.
  return fromLatin(quoted?.replace(/\\(.)/g, '$1') ?? decoded(plain ?? ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Text in UTF-8 that was read as Latin-1; text that cannot be that stays as it is. */
function fromLatin(text: string): string {
  const codes = Array.from(text, (sign) => sign.codePointAt(0) ?? 0);
  if (codes.some((code) => code > 0xff)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes));
  } catch {
    return text;
  }
}

/** The last part of a path, without what a file's name cannot have on some system, or what changes how the name is read. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    // Control and format signs, such as those that turn the direction of writing, and halves of pairs.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(DEVICE, '$1-');
  return shortened(clean);
}

/** A long name loses signs before its ending. */
function shortened(name: string): string {
  const ending = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0] ?? '';
  let stem = '';
  let leftBytes = LONGEST_NAME_BYTES - ending.length;
  for (const sign of name.slice(0, name.length - ending.length)) {
    leftBytes -= new TextEncoder().encode(sign).length;
    if (leftBytes < 0) break;
    stem += sign;
  }
  return `${stem.replace(/[. ]+$/, '')}${ending}`;
}

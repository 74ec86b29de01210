/** How many of a file's first bytes tell whether it is a page: it may begin with a comment. */
export const PAGE_BEGINS_BYTES = 1024;

/** Whether an answer's content type is that of a page. */
export function isPageType(contentType = ''): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType);
}

/** Whether a file's first bytes are those of a page in HTML. No format of audio or video begins with an angle bracket. */
export function isWebPage(first: Uint8Array): boolean {
  // A NUL byte is left out, so that UTF-16 reads like ASCII.
  const text = String.fromCharCode(...first.subarray(0, PAGE_BEGINS_BYTES).filter((byte) => byte !== 0));
  const begins = text.replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replace(/^(\s|<!--.*?-->|<\?xml.*?\?>)+/s, '');
  return /^<(!doctype\s+html|html|head|body|script|title|meta)\b/i.test(begins);
}

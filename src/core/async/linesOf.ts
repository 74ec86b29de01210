/**
 * The lines of a text in UTF-8 that comes in blocks of any size. What stands behind the last line end is no line: its writer was broken off.
 *
 * @param maximumLength of a line, in UTF-16 units
 * @throws RangeError as soon as a line is longer
 */
export async function* linesOf(blocks: AsyncIterable<Uint8Array>, maximumLength: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let open = '';
  for await (const block of blocks) {
    const [first = '', ...others] = decoder.decode(block, { stream: true }).split('\n');
    open += first;
    for (const next of others) {
      if (open.length > maximumLength) break;
      yield open;
      open = next;
    }
    if (open.length > maximumLength) throw new RangeError(`a line is longer than ${maximumLength} characters`);
  }
}

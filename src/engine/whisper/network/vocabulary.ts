import { Tokenizer } from '@huggingface/tokenizers';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Text to tokens and back. */
export class Vocabulary {
  private constructor(private readonly tokenizer: Tokenizer) {}

  /** @param folder a prepared model's folder */
  static async load(folder: string): Promise<Vocabulary> {
    const read = async (file: string): Promise<object> =>
      JSON.parse(await fs.readFile(path.join(folder, file), 'utf8')) as object;
    // The second file's content is not needed here, and not every model has the file.
    const [tokenizer, config] = await Promise.all([
      read('tokenizer.json'),
      read('tokenizer_config.json').catch(() => ({})),
    ]);
    return new Vocabulary(new Tokenizer(tokenizer, config));
  }

  /** @returns ids without any special token */
  encode(text: string): readonly number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** An incomplete character becomes U+FFFD. @param ids text tokens only */
  decode(ids: readonly number[]): string {
    // The library throws for an empty list.
    if (ids.length === 0) return '';
    return this.tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  }

  /** A token as the vocabulary spells it: bytes as printable characters, a blank as "Ġ". */
  spelling(id: number): string | undefined {
    return this.tokenizer.id_to_token(id);
  }
}

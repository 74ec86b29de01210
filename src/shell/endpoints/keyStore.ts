import type { Memento, SecretStorage } from 'vscode';

/** The key of the list of base addresses that have a key. The list is kept because a secret storage cannot be listed. */
const STATE_KEY = 'minutes.keyedEndpoints';

/** The keys of endpoints, each under its base address, in the editor's secret storage and nowhere else. */
export class KeyStore {
  constructor(
    private readonly secrets: SecretStorage,
    private readonly state: Memento,
  ) {}

  async get(baseUrl: string): Promise<string | undefined> {
    const key = await this.secrets.get(secretId(baseUrl));
    return key === undefined || key === '' ? undefined : key;
  }

  async set(baseUrl: string, key: string): Promise<void> {
    await this.secrets.store(secretId(baseUrl), key);
    await this.state.update(STATE_KEY, [...new Set([...this.baseUrls, baseUrl])]);
  }

  async remove(baseUrl: string): Promise<void> {
    await this.secrets.delete(secretId(baseUrl));
    await this.state.update(
      STATE_KEY,
      this.baseUrls.filter((other) => other !== baseUrl),
    );
  }

  /** The base addresses that have a key. */
  get baseUrls(): readonly string[] {
    return this.state.get<readonly string[]>(STATE_KEY, []);
  }
}

function secretId(baseUrl: string): string {
  return `minutes.key:${baseUrl}`;
}

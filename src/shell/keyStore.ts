import type { SecretStorage } from 'vscode';

/** The keys of endpoints, each under its base address, in the editor's secret storage and nowhere else. */
export class KeyStore {
  constructor(private readonly secrets: SecretStorage) {}

  async get(baseUrl: string): Promise<string | undefined> {
    const key = await this.secrets.get(secretId(baseUrl));
    return key === undefined || key === '' ? undefined : key;
  }

  async set(baseUrl: string, key: string): Promise<void> {
    await this.secrets.store(secretId(baseUrl), key);
  }

  async remove(baseUrl: string): Promise<void> {
    await this.secrets.delete(secretId(baseUrl));
  }
}

function secretId(baseUrl: string): string {
  return `minutes.key:${baseUrl}`;
}

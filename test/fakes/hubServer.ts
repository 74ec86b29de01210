import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { defined } from '../../src/core/async/defined';

/** What the hub does wrong. May be changed at any time. */
export interface HubFaults {
  /** The connection breaks after so many bytes of a body, for the next `times` bodies of `file`. */
  cut?: { readonly file: string; readonly afterBytes: number; times: number };
  /** One byte of this file is another. */
  wrongByte?: string;
  /** The checksum that is announced for this file is another's. */
  wrongHash?: string;
  /** Files that the list does not name. */
  missing?: readonly string[];
  /** The other host sends the whole file, whatever part was asked for. */
  ignoresRanges?: boolean;
  /** The other host tells another part than was asked for. */
  wrongContentRange?: boolean;
  /** The other host says that there is no such part. */
  refusesRanges?: boolean;
  /** Some bytes more than there are. */
  tooLong?: string;
  /** Answers of these paths (a part of the path is enough) in place of the right ones, for the next `times`. */
  refuse?: { readonly path: string; readonly status: number; readonly headers?: Record<string, string>; times: number };
  /** So many bytes of large files per second. */
  bytesPerS?: number;
  /** Where the other host is said to be. */
  redirectTo?: string;
  /** The list comes in pages of so many files. */
  pageSize?: number;
  /** The commit, in place of one made from the files. */
  commit?: string;
}

export interface HubServerOptions {
  /** Folders by the models' names; every file in them is served. */
  readonly models: Readonly<Record<string, string>>;
  readonly faults?: HubFaults;
  /** By the models' names; "mit" where absent. */
  readonly licenses?: Readonly<Record<string, string>>;
}

export interface HubRequestSeen {
  readonly server: 'hub' | 'other';
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface HubServer {
  /** The hub's address, for the setting. */
  readonly url: string;
  readonly faults: HubFaults;
  readonly requests: readonly HubRequestSeen[];
  /** Bytes of bodies that were sent, as far as this side knows. */
  readonly sentBytes: () => number;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Plays the public hub for models that lie in folders: its API, files, and the other host that has the large ones. */
export async function startHubServer({ models, faults = {}, licenses = {} }: HubServerOptions): Promise<HubServer> {
  const requests: HubRequestSeen[] = [];
  const repositories = new Map(Object.entries(models).map(([name, folder]) => [name, new Repository(folder)]));
  let sentBytes = 0;

  const send = async (response: ServerResponse, name: string, file: string, fromByte: number): Promise<void> => {
    const folder = repositories.get(name)?.folder ?? '';
    const { size } = await fs.stat(path.join(folder, file));
    const isTooLong = faults.tooLong === file;
    response.setHeader('content-length', size - fromByte + (isTooLong ? 7 : 0));
    const cut = faults.cut?.file === file && faults.cut.times > 0 ? faults.cut : undefined;
    if (cut) cut.times--;
    const closed = new Promise((resolve) => response.once('close', resolve));
    let at = fromByte;
    for await (const block of fromByte < size ? createReadStream(path.join(folder, file), { start: fromByte }) : []) {
      if (response.destroyed) return;
      let bytes = block as Buffer;
      const wrongAt = Math.floor(size / 2) - at;
      if (faults.wrongByte === file && wrongAt >= 0 && wrongAt < bytes.length) {
        bytes = Buffer.from(bytes);
        bytes[wrongAt] = (bytes[wrongAt] ?? 0) ^ 1;
      }
      const left = cut ? cut.afterBytes - (at - fromByte) : Infinity;
      if (bytes.length >= left) {
        // What was said arrives before the end does.
        await new Promise<void>((resolve) => {
          response.write(bytes.subarray(0, left), () => {
            resolve();
          });
        });
        sentBytes += left;
        response.destroy();
        return;
      }
      if (!response.write(bytes)) {
        await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
      }
      at += bytes.length;
      sentBytes += bytes.length;
      if (faults.bytesPerS !== undefined) {
        const waitMs = (1000 * bytes.length) / faults.bytesPerS;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
    response.end(isTooLong ? Buffer.alloc(7) : undefined);
  };

  const refused = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { refuse } = faults;
    if (!refuse || refuse.times === 0 || !(request.url ?? '').includes(refuse.path)) return false;
    refuse.times--;
    response.writeHead(refuse.status, refuse.headers).end(JSON.stringify({ error: `it is ${refuse.status}` }));
    return true;
  };

  const serveOther = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push({ server: 'other', url: request.url ?? '', headers: request.headers });
    if (refused(request, response)) return;
    const { searchParams } = new URL(request.url ?? '', 'http://other');
    const [name, file] = [searchParams.get('model') ?? '', searchParams.get('file') ?? ''];
    const { size } = await fs.stat(path.join(repositories.get(name)?.folder ?? '', file));
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
    if (Number.isNaN(start) || faults.ignoresRanges) {
      response.statusCode = 200;
      await send(response, name, file, 0);
    } else if (start >= size || faults.refusesRanges) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    } else {
      response.statusCode = 206;
      const told = faults.wrongContentRange ? Math.max(0, start - 1) : start;
      response.setHeader('content-range', `bytes ${told}-${size - 1}/${size}`);
      await send(response, name, file, told);
    }
  };
  const other = await listen(serveOther);

  const serveHub = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push({ server: 'hub', url: request.url ?? '', headers: request.headers });
    if (refused(request, response)) return;
    const url = new URL(request.url ?? '', hub.origin);
    const [, name = '', what = '', rest = ''] =
      /^\/(?:api\/models\/)?([^/]+\/[^/]+)(?:\/(tree|resolve)\/(.+))?$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const repository = repositories.get(name);
    const commit = faults.commit ?? (await repository?.commit());
    if (!repository || commit === undefined) {
      // As the public one does for who is no member, lest secret names be guessed.
      response.writeHead(401).end(JSON.stringify({ error: 'Invalid username or password.' }));
      return;
    }
    if (what === '') {
      const license = licenses[name] ?? 'mit';
      answerJson(response, { id: name, sha: commit, private: false, gated: false, cardData: { license } });
    } else if (what === 'tree') {
      const files = await repository.list(faults);
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const to = from + (faults.pageSize ?? files.length);
      if (to < files.length) {
        const next = new URL(url);
        next.searchParams.set('cursor', String(to));
        response.setHeader('link', `<${next.href}>; rel="next"`);
      }
      answerJson(response, [
        ...(from === 0 ? [{ type: 'directory', oid: '0'.repeat(40), size: 0, path: 'onnx' }] : []),
        ...files.slice(from, to),
      ]);
    } else {
      const [, asked, file = ''] = /^([^/]+)\/(.+)$/.exec(rest) ?? [];
      const known = await repository.entry(file);
      if (asked !== commit || !known || faults.missing?.includes(file)) {
        response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end('Entry not found');
      } else if (known.isLarge) {
        const query = new URLSearchParams({ model: name, file, signature: 'abc' });
        const location = `${faults.redirectTo ?? other.origin}/blob?${query.toString()}`;
        response.writeHead(302, { location, 'x-linked-size': known.size, 'x-linked-etag': `"${known.sha256}"` }).end();
      } else {
        await send(response, name, file, 0);
      }
    }
  };
  const hub = await listen(serveHub);

  return {
    url: hub.origin,
    faults,
    requests,
    sentBytes: () => sentBytes,
    close: async () => {
      await Promise.all([hub.close(), other.close()]);
    },
  };
}

interface Entry {
  readonly path: string;
  readonly size: number;
  /** Git's SHA-1 of the file, as it is announced for small ones. */
  readonly oid: string;
  readonly sha256: string;
  readonly isLarge: boolean;
}

class Repository {
  private entries: Promise<readonly Entry[]> | undefined;

  constructor(readonly folder: string) {}

  async entry(file: string): Promise<Entry | undefined> {
    return (await this.read()).find((entry) => entry.path === file);
  }

  /** Changes with the files. */
  async commit(): Promise<string> {
    return createHash('sha1')
      .update(JSON.stringify(await this.read()))
      .digest('hex');
  }

  /** As the hub tells it. */
  async list({ missing = [], wrongHash }: HubFaults): Promise<readonly object[]> {
    const entries = (await this.read()).filter((entry) => !missing.includes(entry.path));
    return entries.map(({ path: name, size, oid, sha256, isLarge }) => {
      const told = wrongHash === name ? { oid: reversed(oid), sha256: reversed(sha256) } : { oid, sha256 };
      return defined({
        type: 'file',
        path: name,
        size,
        oid: isLarge ? '1'.repeat(40) : told.oid,
        lfs: isLarge ? { oid: told.sha256, size, pointerSize: 134 } : undefined,
      });
    });
  }

  private read(): Promise<readonly Entry[]> {
    return (this.entries ??= this.readAll());
  }

  private async readAll(): Promise<readonly Entry[]> {
    const names = (await fs.readdir(this.folder)).sort();
    return Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        const { size } = await fs.stat(file);
        const [sha1, sha256] = [createHash('sha1').update(`blob ${size}\0`), createHash('sha256')];
        for await (const block of createReadStream(file)) {
          sha1.update(block as Buffer);
          sha256.update(block as Buffer);
        }
        const isLarge = name.endsWith('.safetensors');
        return { path: name, size, oid: sha1.digest('hex'), sha256: sha256.digest('hex'), isLarge };
      }),
    );
  }
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(value));
}

async function listen(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const server = http.createServer((request, response) => {
    // A client that hangs up is no fault of the server's.
    response.on('error', () => undefined);
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

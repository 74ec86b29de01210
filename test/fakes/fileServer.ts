import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What lies at every address of the server, but for those that lead elsewhere. May be changed at any time. */
export interface ServedFile {
  bytes: Buffer;
  etag?: string;
  lastModified?: string;
  disposition?: string;
  type?: string;
}

/** What the server does wrong. May be changed at any time. */
export interface FileFaults {
  /** The connection breaks after so many bytes of a body, for one body each, in order. */
  cuts?: number[];
  /** Every request gets the whole file. */
  ignoresRanges?: boolean;
  /** A range is sent although the file is another one by now. */
  ignoresConditions?: boolean;
  /** A range begins so many bytes before the one that was asked for. */
  beginsBefore?: number;
  /** The length is not told, and ends are told by chunks. */
  hasNoLength?: boolean;
  /** The length that is told, in place of the right one. */
  toldLength?: number;
  /** The bytes come again and again, without an end. */
  isEndless?: boolean;
  /** So many bytes a second, in small blocks. */
  bytesPerS?: number;
  /** So many bytes in each write, with a pause behind it. */
  dripBytes?: number;
  /** In place of 200, with a body of a few words; for the next `times` requests. */
  refuse?: { readonly status: number; times: number; readonly body?: string };
  /** Where a path leads, with status 302. */
  redirects?: Readonly<Record<string, string>>;
}

/** One request as it arrived. */
export interface FileRequestSeen {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server of one file, with ranges and conditions as RFC 9110 has them, and with faults. */
export class FileServer {
  readonly requests: FileRequestSeen[] = [];
  /** Bytes of bodies that were sent, as far as this side knows. */
  sentBytes = 0;

  private constructor(
    private readonly server: http.Server,
    readonly host: string,
    readonly file: ServedFile,
    readonly faults: FileFaults,
  ) {}

  static async start(file: ServedFile, faults: FileFaults = {}): Promise<FileServer> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const started = new FileServer(server, host, file, faults);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      response.on('error', () => undefined);
      started.serve(request, response).catch(() => response.destroy());
    });
    return started;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** The ranges that were asked for, in order; undefined for the whole file. */
  get ranges(): readonly (string | undefined)[] {
    return this.requests.map(({ headers }) => headers.range);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }

  private async serve({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push({ url, headers });
    const { file, faults } = this;
    const target = faults.redirects?.[url];
    if (target !== undefined) {
      response.writeHead(302, { location: target }).end();
      return;
    }
    if (faults.refuse && faults.refuse.times > 0) {
      faults.refuse.times--;
      response.writeHead(faults.refuse.status, { 'content-type': 'text/html' }).end(faults.refuse.body ?? 'no');
      return;
    }
    this.describe(response);
    const isKnown = headers['if-none-match'] ?? headers['if-modified-since'];
    if (isKnown !== undefined && [file.etag, file.lastModified].includes(isKnown)) {
      response.writeHead(304).end();
      return;
    }
    const start = this.rangeFor(headers);
    if (start === undefined) {
      await this.send(response, 200, 0);
    } else if (start >= file.bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${file.bytes.length}` }).end();
    } else {
      const from = Math.max(0, start - (faults.beginsBefore ?? 0));
      response.setHeader('content-range', `bytes ${from}-${file.bytes.length - 1}/${file.bytes.length}`);
      await this.send(response, 206, from);
    }
  }

  private describe(response: ServerResponse): void {
    const { etag, lastModified, disposition, type = 'audio/wav' } = this.file;
    response.setHeader('content-type', type);
    if (etag !== undefined) response.setHeader('etag', etag);
    if (lastModified !== undefined) response.setHeader('last-modified', lastModified);
    if (disposition !== undefined) response.setHeader('content-disposition', disposition);
  }

  /** Where the answer begins; undefined for the whole file. */
  private rangeFor(headers: IncomingHttpHeaders): number | undefined {
    const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
    if (start === undefined || this.faults.ignoresRanges) return undefined;
    const condition = headers['if-range'];
    const isSame = condition === undefined || [this.file.etag, this.file.lastModified].includes(String(condition));
    return isSame || this.faults.ignoresConditions ? Number(start) : undefined;
  }

  private async send(response: ServerResponse, status: number, from: number): Promise<void> {
    const { file, faults } = this;
    const cut = faults.cuts?.shift() ?? Infinity;
    const rest = file.bytes.subarray(from);
    if (!faults.hasNoLength && !faults.isEndless) {
      response.setHeader('content-length', faults.toldLength ?? rest.length);
    }
    response.writeHead(status);
    const step = faults.dripBytes ?? 64 * 1024;
    let sent = 0;
    do {
      for (let at = 0; at < rest.length && !response.destroyed; at += step) {
        const block = rest.subarray(at, Math.min(at + step, at + cut - sent));
        await new Promise<void>((resolve) => {
          response.write(block, () => {
            resolve();
          });
        });
        sent += block.length;
        this.sentBytes += block.length;
        if (sent >= cut) {
          response.destroy();
          return;
        }
        if (faults.bytesPerS !== undefined) await sleep((1000 * block.length) / faults.bytesPerS);
        if (faults.dripBytes !== undefined) await sleep(1);
      }
    } while (faults.isEndless && !response.destroyed);
    response.end();
  }
}

import http, { type Server } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';

/**
 * A certificate for speech.invalid that nobody signed but itself, and its key, for servers of tests only; made once, valid for a hundred
 * years: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=speech.invalid
 *   -addext subjectAltName=DNS:speech.invalid
 */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvPQwVnf1YZvfm4Jx
lNnSWfsIyWBVR/pPynTlbEstpcChRANCAARGaLGBgFtijufxZHVCOyqw6xELr5Kl
ToPl1vqnvK20lNlpKVXKzXFgdvDu5l8lv/KQgmsxGnd5bT+uo5ZGRtsy
-----END PRIVATE KEY-----
`;
/** What a company would install in the system. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBpDCCAUqgAwIBAgIUQsulVioxCX51UvxOLnPMGQXijwcwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOc3BlZWNoLmludmFsaWQwIBcNMjYxMTIzMTgwMzM0WhgPMjEy
NjEwMzAxODAzMzRaMBkxFzAVBgNVBAMMDnNwZWVjaC5pbnZhbGlkMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAERmixgYBbYo7n8WR1QjsqsOsRC6+SpU6D5db6p7yt
tJTZaSlVys1xYHbw7uZfJb/ykIJrMRp3eW0/rqOWRkbbMqNuMGwwHQYDVR0OBBYE
FOYzKmPyMRPMIF8AzF/BAIqppSEnMB8GA1UdIwQYMBaAFOYzKmPyMRPMIF8AzF/B
AIqppSEnMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOc3BlZWNoLmludmFs
aWQwCgYIKoZIzj0EAwIDSAAwRQIhALtQgD76smOiY4zkvU17lbOcpxiNTzirZ6Ml
Nca4TAc/AiB3ADWvdj+rcDabUjo6S+vKfYnIX17nsur/OPCxtSBUKQ==
-----END CERTIFICATE-----
`;

/** The name that exists nowhere but behind the proxy. */
export const SECURE_HOST = 'speech.invalid';

/** A company's proxy on loopback: whoever asks it for a way to {@link SECURE_HOST} gets one to a server of the test, under TLS. */
export class SecureProxy {
  /** The targets that were asked for, as in `CONNECT speech.invalid:443`. */
  readonly asked: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly proxy: Server,
    private readonly endpoint: tls.Server,
    readonly origin: string,
  ) {}

  /** @param port where the server behind it listens, without TLS */
  static async start(port: number): Promise<SecureProxy> {
    const endpoint = secure(port, { key: KEY, cert: CERTIFICATE });
    const proxy = http.createServer((_, response) => {
      response.writeHead(405).end();
    });
    const securePort = await listen(endpoint);
    const started = new SecureProxy(proxy, endpoint, `http://127.0.0.1:${await listen(proxy)}`);
    for (const server of [proxy, endpoint]) {
      server.on('connection', (socket: Socket) => {
        started.sockets.add(socket);
        socket.once('close', () => started.sockets.delete(socket));
      });
    }
    proxy.on('connect', (request, socket: Socket) => {
      started.asked.push(`CONNECT ${request.url ?? ''}`);
      if (request.url !== `${SECURE_HOST}:443`) {
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
        return;
      }
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      join(socket, net.connect(securePort, '127.0.0.1'));
    });
    return started;
  }

  async close(): Promise<void> {
    const closed = [this.proxy, this.endpoint].map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
        }),
    );
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }
}

/** TLS before a server of the test. */
export function secure(port: number, identity: { readonly key: string; readonly cert: string }): tls.Server {
  return tls.createServer(identity, (socket) => {
    join(socket, net.connect(port, '127.0.0.1'));
  });
}

/** What either says the other hears, until one hangs up. */
function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const [socket, partner] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => undefined);
    socket.once('close', () => partner.destroy());
  }
}

async function listen(server: Server | tls.Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

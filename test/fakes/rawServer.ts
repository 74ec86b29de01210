import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on loopback that does to its connections what no HTTP server would. Closed, it ends them all. */
export class RawServer {
  readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param server whose connections are TCP's or, for TLS, what lies below */
  static async start(onConnection: (socket: Socket) => void, server: Server = net.createServer()): Promise<RawServer> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const started = new RawServer(server, (server.address() as AddressInfo).port);
    server.on('connection', (socket: Socket) => {
      started.sockets.push(socket);
      // A client that hangs up is no fault of the server's.
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    return started;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get secureOrigin(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

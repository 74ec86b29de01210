import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { UiOps } from './uiOps';

export interface Bridge {
  /** Reaches the extension host in the environment variable MINUTES_BRIDGE. */
  readonly address: string;
  /** Before the page is there, every request is refused. */
  readonly serve: (ops: UiOps) => void;
  readonly close: () => void;
}

/** An HTTP port on loopback over which tests inside VS Code ask for what only the outside can do. */
export async function startBridge(): Promise<Bridge> {
  let served: UiOps | undefined;
  // Any page of any browser on this machine could post to the port, but cannot know this.
  const secretPath = `/${randomUUID()}`;
  const server = http.createServer((request, response) => {
    const reply = (answer: { error: string } | { value: unknown }) => {
      // undefined would vanish from the JSON, and the client tells the two forms apart by their keys.
      response.end(JSON.stringify('value' in answer ? { value: answer.value ?? null } : answer));
    };
    if (request.url !== secretPath) {
      reply({ error: 'unknown address' });
      return;
    }
    readBody(request)
      .then((body) => call(served, JSON.parse(body)))
      .then(
        (value) => {
          reply({ value });
        },
        (error: unknown) => {
          reply({ error: error instanceof Error ? firstLines(error.message) : String(error) });
        },
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The bridge has no port.');
  return {
    address: `http://127.0.0.1:${bound.port}${secretPath}`,
    serve: (ops) => {
      served = ops;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Playwright's messages go on with a log of every try: its beginning says what was waited for. */
const firstLines = (message: string) => message.split('\n').slice(0, 4).join(' ').trim();

async function readBody(request: http.IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

async function call(ops: UiOps | undefined, request: unknown): Promise<unknown> {
  if (ops === undefined) throw new Error('there is no page yet');
  if (typeof request !== 'object' || request === null || !('op' in request) || !('args' in request)) {
    throw new Error('expected { op, args }');
  }
  const name = request.op;
  if (typeof name !== 'string' || !Object.hasOwn(ops, name)) throw new Error(`no operation ${String(name)}`);
  // The client's types are made from this same table, so the arguments fit the operation.
  const operation = ops[name as keyof UiOps] as (args: unknown) => Promise<unknown>;
  return operation(request.args);
}

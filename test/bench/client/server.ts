// The server of the client's benchmark, a process of its own: its work and its memory are not the clients'. Tells its port to its parent.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Whoever asks below this path is told to come back after half a minute. */
const LIMITED = '/limited/';

const server = http.createServer((request, response) => {
  let sizeBytes = 0;
  request.on('data', (block: Buffer) => (sizeBytes += block.length));
  request.on('end', () => {
    const isLimited = request.url?.startsWith(LIMITED) === true;
    const answer = isLimited
      ? { error: { message: 'Rate limit reached.', code: 'rate_limit_exceeded' } }
      : // The text tells how much arrived, so that nobody is quick by sending less.
        { task: 'transcribe', language: 'English', duration: 1, text: String(sizeBytes), segments: [], words: [] };
    const body = JSON.stringify(answer);
    response.writeHead(isLimited ? 429 : 200, {
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...(isLimited && { 'retry-after': '30' }),
    });
    response.end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());

// Plays the embedded engine's program: starts as that does, and does with each request what the next line of `acts` beside it says,
// across its lives: "answer", "fail" (status 500), "die" (killed when the request is there), or words to die with.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const readline = require('node:readline');

const folder = path.dirname(process.argv[1]);
const said = path.join(folder, 'said');
const acts = fs.readFileSync(path.join(folder, 'acts'), 'utf8').split('\n');

function answer(request, response) {
  const number = fs.readFileSync(said, { encoding: 'utf8', flag: 'a+' }).length;
  fs.appendFileSync(said, '.');
  const act = acts[number] || 'answer';
  if (act === 'answer') {
    const text = `Request ${number}.`;
    const segments = [{ id: 0, start: 0, end: 1, text }];
    response.end(JSON.stringify({ text, language: 'english', duration: 1, segments, words: [] }));
  } else if (act === 'fail') {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: { message: 'no luck', type: 'server_error', code: 'internal_error' } }));
  } else {
    if (act !== 'die') fs.writeSync(2, `${act}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}

const server = http.createServer((request, response) => {
  request.resume().on('end', () => answer(request, response));
});
readline
  .createInterface({ input: process.stdin })
  .once('line', () => {
    server.listen(0, '127.0.0.1', () =>
      console.log(JSON.stringify({ kind: 'started', port: server.address().port, model: 'scripted' })),
    );
  })
  .on('close', () => process.exit());

// Plays the worker of engine/whisper/workerProtocol.ts. What it does is told by the model folder's name and by each job's prompt.
const { setTimeout: sleep } = require('node:timers/promises');
const { parentPort, workerData } = require('node:worker_threads');

const { modelFolder, runtime } = workerData;
if (modelFolder === 'throws') throw new TypeError('no such model');
if (modelFolder === 'ends') process.exit(3);
if (modelFolder === 'fails') parentPort.postMessage({ kind: 'failed', message: 'config.json has no d_model' });
else parentPort.postMessage({ kind: 'ready', languages: ['en', 'fr'], canTranslate: true });

let running = 0;
let mostAtOnce = 0;

parentPort.on('message', async ({ id, work: { job }, abortFlag }) => {
  mostAtOnce = Math.max(mostAtOnce, ++running);
  const flag = new Int32Array(abortFlag);
  const { pcm, prompt = '', ...others } = job;
  if (prompt === 'die') throw new RangeError('out of memory');
  if (prompt === 'exit') process.exit(4);
  // Until it is aborted, as a worker between two tokens, and a moment longer, as the token under way takes.
  while (prompt === 'hang' && Atomics.load(flag, 0) === 0) await sleep(1);
  if (prompt === 'hang') await sleep(20);
  running--;
  if (prompt === 'hang') parentPort.postMessage({ kind: 'aborted', id });
  else if (prompt === 'fail') parentPort.postMessage({ kind: 'error', id, message: 'no luck' });
  else {
    const sum = pcm.reduce((total, byte) => total + byte, 0);
    const text = JSON.stringify({ runtime, bytes: pcm.length, sum, mostAtOnce, ...others });
    parentPort.postMessage({ kind: 'recognised', id, recognition: { text, language: 'en', segments: [], words: [] } });
  }
});

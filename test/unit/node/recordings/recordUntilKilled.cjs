/* global AbortController */
// A process that records with the parts as they are shipped, until somebody kills it. Its directions come as JSON in argv:
//   { dist, store, folder, name, microphone: bool }
// Without a microphone it appends a block of 20 ms every 20 ms. Before each append it says how many bytes were given so far.
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { dist, store, folder, name, microphone } = JSON.parse(process.argv[2]);
const { FileRecordingStore } = require(path.join(dist, 'recordingStore.js'));
const { LpcmMicrophone } = require(path.join(dist, 'microphone.js'));

const say = (line) => fs.writeSync(1, `${line}\n`);

async function* blocks() {
  if (microphone) {
    const source = new LpcmMicrophone({ extensionFolder: path.dirname(dist) });
    const capture = await source.open(new AbortController().signal);
    for await (const event of capture.events) if (event.kind === 'audio') yield event.pcm;
    return;
  }
  for (let block = 0; ; block++) {
    yield Int16Array.from({ length: 320 }, (_, i) => block * 320 + i);
    await sleep(20);
  }
}

async function main() {
  const writer = await new FileRecordingStore(store, { windowName: () => 'another window' }).create(folder, name, {
    kind: 'dictation',
  });
  let given = 0;
  say(writer.path);
  for await (const block of blocks()) {
    given += block.byteLength;
    say(given);
    await writer.append(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
  }
}

main().catch((error) => {
  say(error.stack);
  process.exit(1);
});

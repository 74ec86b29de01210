// Plays the engine's program as far as preparation goes. How it behaves stands in the source folder's config.json, under "fake".
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { kind, sourceFolder, targetFolder } = JSON.parse(line);
    if (kind !== 'prepare' && kind !== 'convert') throw new Error(`asked for ${kind}`);
    const { fake = {} } = JSON.parse(fs.readFileSync(path.join(sourceFolder, 'config.json'), 'utf8'));
    fs.writeFileSync(path.join(targetFolder, 'encoder.onnx'), 'graph');
    fs.writeFileSync(path.join(targetFolder, 'seen.json'), JSON.stringify(fs.readdirSync(sourceFolder)));
    say({ kind: 'progress', doneBytes: 1, totalBytes: 2 });
    if (fake.dies) throw new RangeError('out of memory');
    if (fake.hangs) return;
    if (fake.says) {
      say(fake.says);
      process.exit(1);
    }
    say({ kind: 'progress', doneBytes: 2, totalBytes: 2 });
    if (kind === 'convert') {
      say({ kind: 'converted', installedBytes: 6 });
      process.exit(0);
    }
    const model = { installedBytes: 5, parameterCount: 7, languages: ['de', 'en'], canTranslate: true };
    say({ kind: 'prepared', model });
    process.exit(0);
  })
  .on('close', () => process.exit());

import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readResults } from '../../../bench/engine/results';

describe('readResults', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'minutes-results-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, results: object): string => {
    const file = path.join(folder, name);
    writeFileSync(file, JSON.stringify(results));
    return file;
  };
  const measurement = { program: 'whisper', pass: 'text', file: 'a.wav', run: 1, text: 'Hi.', segments: [], words: [] };
  const machine = { processor: 'one', eightBit: 'without VNNI', cores: 2, node: 'v20', platform: 'linux-x64' };

  it('takes several together, with each machine once', () => {
    const ours = write('ours.json', {
      machines: [machine],
      programs: { whisper: { loadMs: [1], peakMemoryBytes: 2 } },
      measurements: [{ ...measurement, unheard: [{ startS: 1, endS: 2 }] }],
      speech: { 'a.wav': [[[0, 100]]] },
      remarks: ['same'],
    });
    const theirs = write('theirs.json', {
      machines: [machine, { ...machine, processor: 'two' }],
      programs: { peer: { loadMs: [3], peakMemoryBytes: null } },
      measurements: [{ ...measurement, program: 'peer', unheard: [] }],
      speech: { 'b.wav': [] },
      remarks: ['same', 'other'],
    });
    const all = readResults([ours, theirs]);
    expect(all.machines.map(({ processor }) => processor)).to.deep.equal(['one', 'two']);
    expect(Object.keys(all.programs)).to.deep.equal(['whisper', 'peer']);
    expect(all.measurements.map(({ unheard }) => unheard)).to.deep.equal([[{ startS: 1, endS: 2 }], []]);
    expect(all.speech).to.deep.equal({ 'a.wav': [[[0, 100]]], 'b.wav': [] });
    expect(all.remarks).to.deep.equal(['same', 'other']);
  });

  it('reads what an older benchmark kept', () => {
    const all = readResults([write('old.json', { programs: {}, measurements: [measurement], remarks: [] })]);
    expect(all).to.deep.include({ machines: [], speech: {}, remarks: [] });
    expect(all.measurements[0]?.unheard).to.deep.equal([]);
  });
});

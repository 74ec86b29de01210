import assert from 'node:assert/strict';
import { withOptions } from '../../../src/engine/vosk/prepareModel';

describe('withOptions', () => {
  it('puts its options in place of the file’s own and keeps the others', () => {
    const file = '--use-energy=false\n--dither=1.0\n--beam=10\n';
    assert.equal(
      withOptions(file, { dither: '0', 'max-active': '5000' }),
      '--use-energy=false\n--beam=10\n--dither=0\n--max-active=5000\n',
    );
  });

  it('takes Windows’ line ends, empty lines, comments and a file without a last line break', () => {
    assert.equal(withOptions('# words\r\n\r\n--dither=1\r\n--a=1', { dither: '0' }), '# words\n--a=1\n--dither=0\n');
  });

  it('leaves options alone whose names only begin like its own', () => {
    assert.equal(withOptions('--beam-delta=0.5\n', { beam: '12' }), '--beam-delta=0.5\n--beam=12\n');
  });

  it('makes a file of nothing', () => {
    assert.equal(withOptions('', { dither: '0' }), '--dither=0\n');
  });

  it('gives the same when done twice', () => {
    const once = withOptions('--a=1\n--dither=1\n', { dither: '0' });
    assert.equal(withOptions(once, { dither: '0' }), once);
  });
});

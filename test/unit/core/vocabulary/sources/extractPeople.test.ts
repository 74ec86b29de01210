import { assert } from 'chai';
import { extractTerms } from '../../../../../src/core/vocabulary/sources/extractTerms';
import { term, textsOf } from '../terms';

const logLine = (name: string, address: string): string =>
  `${'0'.repeat(40)} ${'1'.repeat(40)} ${name} <${address}> 1700000000 +0100\tcommit: Mention Somebody Else <x@y.z>`;

const peopleOf = (log: readonly string[], mailmap = ''): readonly string[] =>
  textsOf(
    extractTerms([
      { kind: 'gitLog', name: '.git/logs/HEAD', text: log.join('\n') },
      { kind: 'mailmap', name: '.mailmap', text: mailmap },
    ]),
  );

describe('People', () => {
  it('come from the log, most recent first, with how often', () => {
    const log = [
      logLine('Ada Lovelace', 'ada@x.org'),
      logLine('Łukasz Żółć', 'l@x.org'),
      logLine('Ada Lovelace', 'a@y.org'),
    ];
    assert.deepEqual(extractTerms([{ kind: 'gitLog', name: '.git/logs/HEAD', text: log.join('\r\n') }]), [
      term('Ada Lovelace', { kind: 'person', from: ['.git/logs/HEAD'], count: 2 }),
      term('Łukasz Żółć', { kind: 'person', from: ['.git/logs/HEAD'] }),
    ]);
  });

  it('are called as .mailmap has it', () => {
    const mailmap =
      '# names\nSiobhán Keane <s@x.org> <old@x.org>\nGrace Hopper <g@x.org> ghopper <shared@x.org>\n<a@x.org> <b@x.org>\n';
    const log = [
      logLine('siobhan', 'old@x.org'),
      logLine('ghopper', 'shared@x.org'),
      logLine('Other Person', 'shared@x.org'),
    ];
    assert.deepEqual(peopleOf(log, mailmap), ['Other Person', 'Grace Hopper', 'Siobhán Keane']);
  });

  it('are no machines, handles, addresses or broken lines', () => {
    const nobody = [
      'root',
      'dependabot[bot]',
      'Release Bot',
      'GitHub',
      'jdoe42',
      'torvalds',
      'a@b.c',
      '',
      ' ',
      'kJ8sD2fG9hL3',
    ];
    assert.deepEqual(
      peopleOf([...nobody.map((name) => logLine(name, 'x@y.z')), 'junk', logLine('A B', 'x').slice(0, 60)]),
      [],
    );
  });
});

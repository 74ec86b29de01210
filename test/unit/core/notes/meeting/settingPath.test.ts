import { assert } from 'chai';
import fc from 'fast-check';
import { parseSettingPath } from '../../../../../src/core/notes/meeting/settingPath';

describe('parseSettingPath', () => {
  it('reads paths below the workspace and below the user’s folder', () => {
    assert.deepEqual(parseSettingPath(' ', false), { kind: 'empty' });
    assert.deepEqual(parseSettingPath('notes/./2026\\meetings/', false), {
      kind: 'relative',
      parts: ['notes', '2026', 'meetings'],
    });
    assert.deepEqual(parseSettingPath('~/Notes', true), { kind: 'home', parts: ['Notes'] });
    assert.deepEqual(parseSettingPath('~', true), { kind: 'home', parts: [] });
    assert.deepEqual(parseSettingPath('~notes', true), { kind: 'relative', parts: ['~notes'] });
  });

  it('reads absolute paths of the user alone', () => {
    for (const path of ['/srv/notes', 'C:\\notes', '\\\\server\\notes', 'c:notes']) {
      assert.deepEqual(parseSettingPath(path, true), { kind: 'absolute', path });
      assert.deepEqual(parseSettingPath(path, false), { kind: 'refused' });
    }
    assert.deepEqual(parseSettingPath('~/notes', false), { kind: 'refused' });
  });

  it('refuses ways out of a folder', () => {
    for (const path of ['..', '../a', 'a/../../b', 'a\\..\\b', '~/../b', './C:\\a'])
      assert.deepEqual(parseSettingPath(path, true), { kind: 'refused' });
  });

  it('lets no workspace lead elsewhere, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', '\\', '~', ':', 'C', ' ', 'a') }), (text) => {
        const path = parseSettingPath(text, false);
        assert.oneOf(path.kind, ['empty', 'relative', 'refused']);
        if (path.kind !== 'relative') return;
        assert.isFalse(path.parts.some((part) => part === '..' || /[/\\]/.test(part)));
        assert.notMatch(path.parts[0] ?? '', /^[A-Za-z]:/);
      }),
      { seed: 15, numRuns: 1000 },
    );
  });
});

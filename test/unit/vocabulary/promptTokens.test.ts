import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildPrompt, PROMPT_LIMITS } from '../../../src/core/vocabulary/buildPrompt';
import { countTokens } from '../../../src/core/vocabulary/countTokens';
import { extractDependencies } from '../../../src/core/vocabulary/sources/extractDependencies';
import { extractIdentifiers } from '../../../src/core/vocabulary/sources/extractIdentifiers';
import type { Term } from '../../../src/core/vocabulary/term';
import { projectRoot, speechFolder } from '../../speech';
import { seededRandom } from '../core/random';
import { loadWhisperTokens, type WhisperTokens } from './whisperTokens';

const NAMES = (
  'Ada Lovelace,Grace Hopper,Łukasz Żółć,Jürgen Groß,Siobhán Keane,Nguyễn Thị Lan,Mikkel Østergaard,Priya Raghunathan,Ebenezer Ademesoye,' +
  'François Lefèbvre,Zoë Brontë,José Ñáñez,Иван Петров,山田太郎,김민수,Þórdís Jónsdóttir,Xochitl Quetzalcoatl,Oluwaseun Adébáyọ̀,Bjørn Wałęsa,Žofie Čapková'
).split(',');

/** Lists of each kind, of 1 to 45 terms. */
const LISTS = 1000;

describe("The estimate of tokens against Whisper's own table", function () {
  this.timeout(60_000);
  let tokens: WhisperTokens;

  before(() => {
    tokens = loadWhisperTokens();
  });

  it('the table is read rightly', () => {
    // " AbortSignal" and friends, counted from the other form of the table, data/whisper-multilingual.tiktoken.
    assert.deepEqual(
      ['hello world', ' Kubernetes, PostgreSQL.', ' AbortSignal', '会議', 'Żółć'].map((text) => tokens.count(text)),
      EXPECTED_COUNTS,
    );
  });

  for (const [name, pool] of pools()) {
    it(`is never too low for lists of ${name}, and no prompt of them has more than 223`, () => {
      const random = seededRandom();
      const pick = (): string => pool[Math.floor(random() * pool.length)] ?? '';
      const ratios: number[] = [];
      let most = 0;
      for (let run = 0; run < LISTS; run++) {
        const list = `${Array.from({ length: 1 + Math.floor(random() * 45) }, pick).join(', ')}.`;
        const truth = tokens.count(list);
        const estimate = countTokens(list);
        assert.ok(estimate >= truth, `${estimate} for ${truth}: ${list}`);
        ratios.push(estimate / truth);
        if (run % 10 > 0) continue;
        const { text, used } = buildPrompt(Array.from({ length: 80 }, () => termOf(pick())));
        const length = tokens.count(text);
        assert.ok(length <= PROMPT_LIMITS.tokens, `${length}: ${text}`);
        assert.ok(used.length > 3);
        most = Math.max(most, length);
      }
      const median = ratios.sort((a, b) => a - b)[LISTS / 2] ?? 0;
      console.log(
        `      ${pool.length} terms: estimate ${median.toFixed(2)} × the truth (median), prompts up to ${most} tokens`,
      );
    });
  }
});

const EXPECTED_COUNTS = [3, 6, 5, 2, 4];

function termOf(text: string): Term {
  return { text, kind: 'identifier', from: ['a'], count: 1, isAtHand: false };
}

/** Real words of every kind there is here, and made-up ones that are worse. */
function pools(): [string, readonly string[]][] {
  const read = (folder: string): string[] =>
    readdirSync(path.join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(path.join(projectRoot(), folder, name), 'utf8'));
  const identifiers = (...folders: readonly string[]): string[] => [
    ...new Set(folders.flatMap(read).flatMap((text) => [...extractIdentifiers(text).keys()])),
  ];
  const lock = readFileSync(path.join(projectRoot(), 'package-lock.json'), 'utf8');
  const installed = Object.keys((JSON.parse(lock) as { packages: Record<string, unknown> }).packages);
  const packages = JSON.stringify({
    dependencies: Object.fromEntries(installed.map((name) => [name.replace(/.*node_modules\//, ''), ''])),
  });
  const random = seededRandom();
  const made = (characters: string): string[] => {
    const letters = Array.from(characters);
    const letter = (): string => letters[Math.floor(random() * letters.length)] ?? '';
    return Array.from({ length: 2000 }, () => Array.from({ length: 2 + Math.floor(random() * 12) }, letter).join(''));
  };
  const spoken = speechFolder().manifest;
  const terms = spoken.flatMap((file) => file.terms.map(({ term }) => term));
  const words = spoken.flatMap((file) => file.reference?.split(/[\s,]+/).filter((word) => word !== '') ?? []);
  return [
    ["this project's identifiers", identifiers('src', 'test')],
    ["Node's and VS Code's identifiers", identifiers('node_modules/@types/node', 'node_modules/@types/vscode')],
    ['packages', extractDependencies('package.json', packages)],
    ['names', NAMES],
    ['other scripts', made('äöüßéèçñøåæœабвгдежзийклмнопрстуфхцчшщ会議室東京中国北京韓한글테스트עברית😀🚀ÅŁŻ')],
    ['capitals', made('ABCDEFGHIJKLMNOPQRSTUVWXYZ')],
    ['digits and signs', made('0123456789!$%&()*+-./:;=?@[]^_{|}~')],
    ['spoken terms', terms],
    ['spoken words', words],
  ];
}

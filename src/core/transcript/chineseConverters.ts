import { ConverterFactory, type ConverterFunction, type DictGroup } from 'opencc-js/core';
import { configs as toTraditionalConfigs } from 'opencc-js/preset/cn2t';
import { configs as toSimplifiedConfigs } from 'opencc-js/preset/t2cn';
import type { ChineseScript } from '../model';

/**
 * OpenCC's tables of phrases and signs. They have a megabyte: import this file on first use only, as `chineseScript.ts` does. Where a
 * sign has several counterparts, phrases decide (头发 is 頭髮, 发展 is 發展). Words of one region are not exchanged for another's (软件 is 軟件,
 * not 軟體): what was said stays. Every entry is as long as its counterpart; a test checks this.
 *
 * Traditional means Taiwan's standard (裡, 為), for Cantonese too: an endpoint may call one piece of a recording Chinese and the next
 * Cantonese.
 */
const CHAINS: Readonly<Record<ChineseScript, readonly DictGroup[]>> = {
  simplified: chainOf('tw2s', toSimplifiedConfigs),
  traditional: chainOf('s2tw', toTraditionalConfigs),
};
/** Tables for the signs that Hong Kong writes differently from Taiwan. They are traditional as well. */
const TRADITIONAL_OF_HONG_KONG = chainOf('s2hk', toTraditionalConfigs).slice(1);

const converters = new Map<ChineseScript, ConverterFunction>();

/** Writes Chinese text in a script. Text in this script and text that is not Chinese stay as they are. A script's first text takes 0.2 s more. */
export function convertChinese(text: string, script: ChineseScript): string {
  const converter = converters.get(script) ?? ConverterFactory(...CHAINS[script]);
  converters.set(script, converter);
  return converter(text);
}

/** The signs that only one script has. 后 belongs to neither set: it is simplified for 後, and traditional in 皇后. */
export const SIGNS_OF_ONE_SCRIPT: Readonly<Record<ChineseScript, ReadonlySet<string>>> = findSigns();

function findSigns(): Record<ChineseScript, ReadonlySet<string>> {
  // Only these steps lead from one script to the other; the rest is about variants within the traditional one.
  const fromSimplified = readTables(CHAINS.traditional.slice(0, 1));
  const fromTraditional = readTables(CHAINS.simplified.slice(-1));
  const variants = readTables([...CHAINS.traditional.slice(1), ...TRADITIONAL_OF_HONG_KONG]);
  const isTraditional = (sign: string): boolean => fromSimplified.written.has(sign) || variants.written.has(sign);
  const isSimplified = (sign: string): boolean =>
    fromTraditional.written.has(sign) || fromSimplified.inPhrases.has(sign);
  return {
    simplified: new Set(fromSimplified.changed.filter((sign) => !isTraditional(sign))),
    traditional: new Set(fromTraditional.changed.filter((sign) => !isSimplified(sign))),
  };
}

interface TableSigns {
  /** Signs whose counterpart is another sign. */
  readonly changed: readonly string[];
  /** Signs in the phrases that are read. */
  readonly inPhrases: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
}

function readTables(chain: readonly DictGroup[]): TableSigns {
  const changed: string[] = [];
  const inPhrases = new Set<string>();
  const written = new Set<string>();
  for (const [read, counterpart] of entriesOf(chain)) {
    const isSign = read.length === String.fromCodePoint(read.codePointAt(0) ?? 0).length;
    if (!isSign) for (const sign of read) inPhrases.add(sign);
    else if (read !== counterpart) changed.push(read);
    for (const sign of counterpart) written.add(sign);
  }
  return { changed, inPhrases, written };
}

/** What is read, and what is written in its place. */
type Entry = readonly [read: string, written: string];

/** All entries of the tables that lead to a script. Exported for the test that checks every entry. */
export function entriesTo(script: ChineseScript): Iterable<Entry> {
  return entriesOf(CHAINS[script]);
}

function* entriesOf(chain: readonly DictGroup[]): Generator<Entry> {
  for (const table of chain.flat()) {
    if (typeof table !== 'string') {
      yield* table;
      continue;
    }
    for (const entry of table.split('|')) {
      const blank = entry.indexOf(' ');
      yield [entry.slice(0, blank), entry.slice(blank + 1)];
    }
  }
}

function chainOf(name: string, configs: typeof toTraditionalConfigs): readonly DictGroup[] {
  const config = configs[name];
  if (!config) throw new Error(`OpenCC has no ${name}`);
  return config.conversionChain;
}

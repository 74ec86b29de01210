import { assert } from 'chai';
import { problemOf, type Problem } from '../../../src/core/errors';

/** The problem that the call throws; fails where it throws nothing, or an error that is not ours. */
export function problemThrownBy(call: () => unknown): Problem {
  try {
    call();
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return problem;
  }
  assert.fail('nothing was thrown');
}

/** What the iterable gave before it ended or threw. */
export interface Reading<Value> {
  readonly values: readonly Value[];
  readonly error: unknown;
}

/** Reads to the end or to the error; `onValue` may act between two values. */
export async function readAll<Value>(
  values: AsyncIterable<Value>,
  onValue: (value: Value) => void = () => undefined,
): Promise<Reading<Value>> {
  const read: Value[] = [];
  try {
    for await (const value of values) {
      read.push(value);
      onValue(value);
    }
  } catch (error) {
    return { values: read, error };
  }
  return { values: read, error: undefined };
}

/** Bit-exact equality that names the first difference; chai's own comparison of long arrays is slow and prints them whole. */
export function assertSameNumbers(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.strictEqual(actual.length, expected.length, 'length');
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      assert.fail(`at ${i}: ${String(actual[i])} in place of ${String(expected[i])}`);
    }
  }
}

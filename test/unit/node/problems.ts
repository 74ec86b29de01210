import assert from 'node:assert/strict';
import { isAbort, problemOf, type Problem, type ProblemCode } from '../../../src/core/errors';

/** Waits for a failure of ours and gives its facts. */
export async function problemFrom(work: Promise<unknown>): Promise<Problem> {
  const error = await errorFrom(work);
  const problem = problemOf(error);
  if (!problem) throw error;
  return problem;
}

/** Waits for a failure of ours with this code and gives its facts. */
export async function problemWith<Code extends ProblemCode>(
  code: Code,
  work: Promise<unknown>,
): Promise<Extract<Problem, { code: Code }>> {
  const problem = await problemFrom(work);
  assert.equal(problem.code, code, JSON.stringify(problem));
  return problem as Extract<Problem, { code: Code }>;
}

export async function assertAborts(work: Promise<unknown>): Promise<void> {
  const error = await errorFrom(work);
  assert.ok(isAbort(error), `it threw ${String(error)}`);
}

export async function errorFrom(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Error, 'what is thrown is an Error');
    return error;
  }
  throw new assert.AssertionError({ message: 'it succeeded, but should have failed' });
}

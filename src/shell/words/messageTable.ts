import type { Problem } from '../../core/errors';
import type { Message } from './remedies';

/** The problem of this code. */
export type ProblemOf<Code extends Problem['code']> = Extract<Problem, { readonly code: Code }>;

/** Words for each code of these problems. A missing code is a compiler error. */
export type MessageTable<Some extends Problem> = {
  readonly [Code in Some['code']]: (problem: ProblemOf<Code>) => Message;
};

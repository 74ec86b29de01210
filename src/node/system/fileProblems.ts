import { MinutesError, problemOf, isAbort } from '../../core/errors';

/** The error of Minutes for an error of the system. Errors of Minutes, and aborts, stay as they are. */
export function toMinutesError(error: unknown, where: string): Error {
  if (problemOf(error) || isAbort(error)) return error as Error;
  const code = errnoOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new MinutesError({ code: 'diskFull', path: pathOf(error) ?? where }, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** The system's own name of an error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function pathOf(error: unknown): string | undefined {
  const path: unknown = error instanceof Error && 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? path : undefined;
}

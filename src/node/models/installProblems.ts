import { isAbort, MinutesError, problemOf } from '../../core/errors';
import { errnoOf, toMinutesError } from '../system/fileProblems';

/** Codes where a folder cannot be written to, its drive is absent, or its parent is not a folder. */
const UNUSABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENXIO', 'ENODEV']);

/**
 * Turns an error of the file system into a problem that the user can be told.
 *
 * @param folder the folder of installed models
 */
export function problemFrom(error: unknown, model: string, folder: string): Error {
  const ours = toMinutesError(error, folder);
  const errno = errnoOf(ours);
  if (problemOf(ours) || errno === undefined || isAbort(ours)) return ours;
  if (UNUSABLE.has(errno)) {
    return new MinutesError({ code: 'modelsFolderUnusable', path: folder, reason: errno }, { cause: error });
  }
  return new MinutesError({ code: 'modelPreparationFailed', model, reason: ours.message }, { cause: error });
}

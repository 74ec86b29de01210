import { isAbort, MinutesError, problemOf } from '../../core/errors';
import { errnoOf, toMinutesError } from '../system/fileProblems';

/** A folder that is not ours to write to, that lies on a drive which is absent, or below what is no folder. */
const UNUSABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENXIO', 'ENODEV']);

/**
 * What the file system says becomes a problem that the user is told.
 *
 * @param folder of installed models
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

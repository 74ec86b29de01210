/**
 * Which folders each folder of a room may import beside itself. A folder that is not named here may import no other. Every folder may import
 * the two files of core itself, `errors.ts` and `model.ts`, and `core/async`.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'core/audio/compressed': ['core/audio/files'],
  'core/audio/files': ['core/audio'],
  'core/capture': ['core/audio'],
  'core/endpoints': ['core/text'],
  'core/models': ['core/endpoints'],
  'core/notes': ['core/text', 'core/transcript'],
  'core/notes/meeting': ['core/notes', 'core/transcript'],

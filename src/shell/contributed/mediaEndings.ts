/**
 * Endings of the audio and video files that the explorer offers to transcribe (as in package.json) and that the file picker shows. `ts`,
 * which is also a video stream's ending, is left out: here it means TypeScript.
 */
export const MEDIA_ENDINGS: readonly string[] = [
  'wav',
  'wave',
  'mp3',
  'm4a',
  'm4b',
  'aac',
  'flac',
  'ogg',
  'oga',
  'opus',
  'wma',
  'aif',
  'aiff',
  'caf',
  'amr',
  'weba',
  'webm',
  'mp4',
  'm4v',
  'mov',
  'mkv',
  'avi',
  'wmv',
  'mpg',
  'mpeg',
  'mpga',
  '3gp',
];

/** Whether a file's name is that of a recording. */
export function isMediaName(name: string): boolean {
  return MEDIA_ENDINGS.includes(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '');
}

/**
 * Endings of the audio and video files that the explorer offers to transcribe, as in package.json, and the file picker shows. `ts`
 * (a video stream's, too) is left out: here it means TypeScript.
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

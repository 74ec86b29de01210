import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import { wavHeader } from '../../core/audio/wav';
import type { Chunk, PreparedAudio, RequestAudio } from '../../core/model';
import type { FormField, UploadFormat } from '../../core/endpoints/dialects';
import { readSamples } from '../audio/readSamples';
import type { EncodedAudio } from './encodedAudio';
import { multipartBody, type FilePart, type MultipartBody } from './multipart';

/**
 * The body of a speech request: its fields, and the audio. A file and a WAV are read from disk while they are sent. A FLAC of at most
 * 30 s is made before, since the body's length has to be known.
 *
 * @param upload what a piece of prepared audio becomes; a file goes as it is
 * @throws MinutesError `fileUnreadable`
 */
export async function speechBody(
  fields: readonly FormField[],
  { audio, flac }: EncodedAudio,
  upload: UploadFormat,
  signal: AbortSignal,
): Promise<MultipartBody> {
  if (audio.kind === 'url') return multipartBody(fields);
  if (audio.kind === 'file') {
    const { path, sizeBytes, mediaType } = audio;
    return multipartBody(fields, {
      fileName: `audio.${mediaType.ending}`,
      contentType: mediaType.contentType,
      bytes: new Uint8Array(0),
      range: { path, offsetBytes: 0, lengthBytes: sizeBytes },
    });
  }
  if (upload === 'wav') return multipartBody(fields, await wavPart(audio.audio, audio.chunk, signal));
  // Endpoints judge the type by the name's ending.
  return multipartBody(fields, { fileName: 'audio.flac', contentType: 'audio/flac', bytes: await flac() });
}

async function wavPart(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): Promise<FilePart> {
  const { path, dataOffsetBytes, channel } = audio;
  const lengthBytes = (chunk.endSample - chunk.startSample) * BYTES_PER_SAMPLE;
  const named = { fileName: 'audio.wav', contentType: 'audio/wav' } as const;
  if (!channel) {
    const offsetBytes = dataOffsetBytes + chunk.startSample * BYTES_PER_SAMPLE;
    return { ...named, bytes: wavHeader(lengthBytes), range: { path, offsetBytes, lengthBytes } };
  }
  // The samples of one channel are no range of the file.
  const blocks: Uint8Array[] = [wavHeader(lengthBytes)];
  for await (const block of readSamples(audio, chunk, signal)) blocks.push(block);
  return { ...named, bytes: Buffer.concat(blocks) };
}

/** A guess for compressed audio that cannot be read here: 64 kbit/s, as recorders of speech use. */
const COMPRESSED_BYTES_PER_S = 8000;

/** How much audio a request takes from a quota. For an address it is 0, since its length is not known. */
export function audioSeconds(audio: RequestAudio): number {
  if (audio.kind === 'chunk') return samplesToSeconds(audio.chunk.endSample - audio.chunk.startSample);
  return audio.kind === 'file' ? audio.sizeBytes / COMPRESSED_BYTES_PER_S : 0;
}

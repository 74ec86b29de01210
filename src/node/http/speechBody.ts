import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import { wavHeader } from '../../core/audio/wav';
import type { RequestAudio } from '../../core/model';
import type { FormField } from '../../core/endpoints/dialects';
import { multipartBody, type MultipartBody } from './multipart';

/** The body of a speech request: its fields, and the audio as it is read from disk while it is sent. */
export function speechBody(fields: readonly FormField[], audio: RequestAudio): MultipartBody {
  if (audio.kind === 'url') return multipartBody(fields);
  if (audio.kind === 'file') {
    const { path, sizeBytes, mediaType } = audio;
    const fileName = `audio.${mediaType.ending}`;
    return multipartBody(fields, {
      fileName,
      contentType: mediaType.contentType,
      header: new Uint8Array(0),
      path,
      offsetBytes: 0,
      lengthBytes: sizeBytes,
    });
  }
  const { path, dataOffsetBytes } = audio.audio;
  const { startSample, endSample } = audio.chunk;
  const lengthBytes = (endSample - startSample) * BYTES_PER_SAMPLE;
  return multipartBody(fields, {
    // Endpoints judge the type by the name's ending.
    fileName: 'audio.wav',
    contentType: 'audio/wav',
    header: wavHeader(lengthBytes),
    path,
    offsetBytes: dataOffsetBytes + startSample * BYTES_PER_SAMPLE,
    lengthBytes,
  });
}

/** A guess for compressed audio that cannot be read here: 64 kbit/s, as recorders of speech use. */
const COMPRESSED_BYTES_PER_S = 8000;

/** How much audio a request takes from a quota. For an address it is 0, since its length is not known. */
export function audioSeconds(audio: RequestAudio): number {
  if (audio.kind === 'chunk') return samplesToSeconds(audio.chunk.endSample - audio.chunk.startSample);
  return audio.kind === 'file' ? audio.sizeBytes / COMPRESSED_BYTES_PER_S : 0;
}

/** Writes WAV headers of every kind, byte by byte: the header writer of src/core writes one kind only. */

export interface WavFileOptions {
  readonly formatTag?: number;
  readonly channelCount?: number;
  readonly sampleRateHz?: number;
  readonly bits?: number;
  readonly frameBytes?: number;
  /** As WAVEFORMATEXTENSIBLE: the tag moves into the sub-format's GUID. */
  readonly isExtensible?: boolean;
  /** Chunks between the RIFF header and the format, between format and data. */
  readonly beforeFormat?: Uint8Array;
  readonly beforeData?: Uint8Array;
  /** What the data chunk says of its size; else its true size. */
  readonly saidDataBytes?: number;
  readonly data?: Uint8Array;
}

export function wavFile(options: WavFileOptions): Uint8Array {
  const data = options.data ?? new Uint8Array(0);
  const body = concat(
    ascii('WAVE'),
    options.beforeFormat ?? new Uint8Array(0),
    riffChunk('fmt ', format(options)),
    options.beforeData ?? new Uint8Array(0),
    ascii('data'),
    uint32(options.saidDataBytes ?? data.length),
    data,
  );
  return concat(ascii('RIFF'), uint32(body.length), body);
}

/** A chunk with its padding byte where its length is odd. */
export function riffChunk(id: string, body: Uint8Array): Uint8Array {
  return concat(ascii(id), uint32(body.length), body, new Uint8Array(body.length % 2));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** `00000000-0010-8000-00AA00389B71` behind the format tag: the GUID of a sub-format that has one. */
const SUBFORMAT_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const FORMAT_EXTENSIBLE = 0xfffe;

function format(options: WavFileOptions): Uint8Array {
  const { formatTag = 1, channelCount = 1, sampleRateHz = 16_000, bits = 16, isExtensible = false } = options;
  const frameBytes = options.frameBytes ?? (channelCount * bits) / 8;
  const basic = concat(
    uint16(isExtensible ? FORMAT_EXTENSIBLE : formatTag),
    uint16(channelCount),
    uint32(sampleRateHz),
    uint32(sampleRateHz * frameBytes),
    uint16(frameBytes),
    uint16(bits),
  );
  if (!isExtensible) return basic;
  return concat(basic, uint16(22), uint16(bits), uint32(0), uint16(formatTag), Uint8Array.from(SUBFORMAT_TAIL));
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff);
}

import type { SampleFormat } from '../../../src/core/audio/wav';

export interface WavSpec {
  readonly format: WavFormat;
  readonly rateHz: number;
  readonly channelCount: number;
  /** Samples of one channel. */
  readonly sampleCount: number;
  /** The sample in [-1, 1) at a place in a channel. */
  readonly sample: (at: number, channel: number) => number;
  /** What the header says in place of the data's true size. */
  readonly declaredBytes?: number;
  /** Bytes of a chunk before the format, as broadcast recorders write it. */
  readonly junkBytes?: number;
  /** Bytes behind the data. */
  readonly tail?: Uint8Array;
  /** Writes `WAVE_FORMAT_EXTENSIBLE`, as recorders do for more than two channels. */
  readonly isExtensible?: boolean;
}

/** How a WAV may store its samples. */
export type WavFormat = Exclude<SampleFormat, 'int8'>;

const BITS: Readonly<Record<WavFormat, number>> = {
  uint8: 8,
  int16: 16,
  int24: 24,
  int32: 32,
  float32: 32,
  float64: 64,
};

const clip = (value: number, fullScale: number): number =>
  Math.max(-fullScale, Math.min(fullScale - 1, Math.round(value * fullScale)));

const WRITE: Readonly<Record<WavFormat, (to: Buffer, at: number, value: number) => void>> = {
  uint8: (to, at, value) => to.writeUInt8(clip(value, 128) + 128, at),
  int16: (to, at, value) => to.writeInt16LE(clip(value, 2 ** 15), at),
  int24: (to, at, value) => to.writeIntLE(clip(value, 2 ** 23), at, 3),
  int32: (to, at, value) => to.writeInt32LE(clip(value, 2 ** 31), at),
  float32: (to, at, value) => to.writeFloatLE(value, at),
  float64: (to, at, value) => to.writeDoubleLE(value, at),
};

/** A WAV file, written here from the format's definition and not by the product's code. */
export function wavFile(spec: WavSpec): Buffer {
  const bytes = BITS[spec.format] / 8;
  const data = Buffer.alloc(spec.sampleCount * spec.channelCount * bytes);
  for (let at = 0; at < spec.sampleCount; at++) {
    for (let channel = 0; channel < spec.channelCount; channel++) {
      WRITE[spec.format](data, (at * spec.channelCount + channel) * bytes, spec.sample(at, channel));
    }
  }
  return wavOf(data, spec);
}

/** A WAV file around these sample bytes. */
export function wavOf(data: Uint8Array, spec: Omit<WavSpec, 'sampleCount' | 'sample'>): Buffer {
  const junk = spec.junkBytes === undefined ? Buffer.alloc(0) : chunk('JUNK', Buffer.alloc(spec.junkBytes));
  const dataHeader = Buffer.from('data\0\0\0\0');
  dataHeader.writeUInt32LE(spec.declaredBytes ?? data.length, 4);
  const rest = Buffer.concat([
    Buffer.from('WAVE'),
    junk,
    chunk('fmt ', formatOf(spec)),
    dataHeader,
    data,
    spec.tail ?? Buffer.alloc(0),
  ]);
  const riff = Buffer.from('RIFF\0\0\0\0');
  riff.writeUInt32LE(Math.min(0xffff_ffff, rest.length - data.length + (spec.declaredBytes ?? data.length)), 4);
  return Buffer.concat([riff, rest]);
}

function formatOf({ format, rateHz, channelCount, isExtensible }: Omit<WavSpec, 'sampleCount' | 'sample'>): Buffer {
  const bits = BITS[format];
  const tag = format.startsWith('float') ? 3 : 1;
  const body = Buffer.alloc(isExtensible ? 40 : 16);
  body.writeUInt16LE(isExtensible ? 0xfffe : tag, 0);
  body.writeUInt16LE(channelCount, 2);
  body.writeUInt32LE(rateHz, 4);
  body.writeUInt32LE((rateHz * channelCount * bits) / 8, 8);
  body.writeUInt16LE((channelCount * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  if (isExtensible) {
    body.writeUInt16LE(22, 16);
    body.writeUInt16LE(bits, 18);
    body.writeUInt32LE(2 ** channelCount - 1, 20);
    body.writeUInt16LE(tag, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(body, 26);
  }
  return body;
}

function chunk(name: string, body: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from(name, 'latin1'), size, body, Buffer.alloc(body.length % 2)]);
}

/** A tone at half of full scale. */
export function tone(hz: number, rateHz: number, amplitude = 0.5): (at: number) => number {
  return (at) => amplitude * Math.sin((2 * Math.PI * hz * at) / rateHz);
}

/** 16 kHz mono 16 bit: what is used as it lies. */
export function preparedWav(sampleCount: number, sample: (at: number) => number): Buffer {
  return wavFile({ format: 'int16', rateHz: 16_000, channelCount: 1, sampleCount, sample });
}

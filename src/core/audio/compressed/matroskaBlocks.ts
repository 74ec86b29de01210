import { elementsIn, readInt, readVint } from './ebml';

/** Packets of a track that lie together (RFC 9559 10). */
export interface MatroskaBlock {
  readonly track: number;
  /** In the file's units, counted from the cluster's time. */
  readonly time: number;
  readonly packets: readonly Uint8Array[];
  /** How much of the sound is to be left out at the end. */
  readonly discardS: number;
}

/** Elements within a group of a block. */
const [BLOCK, DISCARD] = [0xa1, 0x75a2];
const NS = 1e-9;
/** The two bits that tell how several packets are parted. */
const LACING = { xiph: 0x02, fixed: 0x04, ebml: 0x06 };

/** Reads a block; undefined where it is none. */
export function readMatroskaBlock(data: Uint8Array, discardS = 0): MatroskaBlock | undefined {
  const track = readVint(data, 0);
  if (!track || data.length < track.length + 3) return undefined;
  const time = readInt(data.subarray(track.length, track.length + 2));
  const lacing = (data[track.length + 2] ?? 0) & 0x06;
  const packets = packetsOf(data.subarray(track.length + 3), lacing);
  return packets && { track: track.value, time, packets, discardS };
}

/** Reads a block that lies in a group with what is told of it. */
export function readMatroskaGroup(data: Uint8Array): MatroskaBlock | undefined {
  const found = new Map([...elementsIn(data)].map((element) => [element.id, element.data]));
  const [block, discard] = [found.get(BLOCK), found.get(DISCARD)];
  return block && readMatroskaBlock(block, discard ? readInt(discard) * NS : 0);
}

function packetsOf(data: Uint8Array, lacing: number): Uint8Array[] | undefined {
  if (lacing === 0) return [data];
  const count = (data[0] ?? 0) + 1;
  const laced = lacing === LACING.fixed ? fixedSizes(data, count) : listedSizes(data, count, lacing === LACING.ebml);
  if (!laced) return undefined;
  let { at } = laced;
  const packets = laced.sizes.map((size) => data.subarray(at, (at += size)));
  packets.push(data.subarray(at));
  return at <= data.length ? packets : undefined;
}

interface Laced {
  /** Of all packets but the last. */
  readonly sizes: readonly number[];
  readonly at: number;
}

function fixedSizes(data: Uint8Array, count: number): Laced | undefined {
  const size = (data.length - 1) / count;
  return Number.isInteger(size) ? { sizes: Array.from({ length: count - 1 }, () => size), at: 1 } : undefined;
}

/** In Xiph's way a size is a sum of bytes up to one that is not 255; in EBML's a number, then differences. */
function listedSizes(data: Uint8Array, count: number, isEbml: boolean): Laced | undefined {
  const sizes: number[] = [];
  let at = 1;
  while (sizes.length < count - 1) {
    if (at >= data.length) return undefined;
    const last = sizes.at(-1);
    if (isEbml) {
      const vint = readVint(data, at);
      if (!vint) return undefined;
      at += vint.length;
      sizes.push(last === undefined ? vint.value : last + vint.value - (2 ** (7 * vint.length - 1) - 1));
    } else {
      let size = 0;
      let byte = 255;
      while (byte === 255) size += byte = data[at++] ?? 0;
      sizes.push(size);
    }
  }
  return sizes.every((size) => size >= 0) ? { sizes, at } : undefined;
}

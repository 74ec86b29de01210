import { concatBytes } from './concatBytes';
import { readEbmlHead, readUint, readVint, type EbmlHead } from './ebml';
import { readMatroskaBlock, readMatroskaGroup, type MatroskaBlock } from './matroskaBlocks';
import { readMatroskaInfo, readMatroskaTracks, type MatroskaInfo, type MatroskaTrack } from './matroskaTracks';

/** Packets of sound, and when they are heard. */
export interface TimedPackets {
  readonly track: number;
  /** Counted from the first block of the file. */
  readonly startS: number;
  readonly packets: readonly Uint8Array[];
  readonly discardS: number;
}

const ID = { segment: 0x18538067, info: 0x1549a966, tracks: 0x1654ae6b, cluster: 0x1f43b675 };
const IN_CLUSTER = { time: 0xe7, block: 0xa3, group: 0xa0 };
/** Elements that are passed over: EBML's head, voids, checksums, cues, tags, chapters, attachments, a list of places, and a cluster's other ones. */
const PASSED = new Set([
  0x1a45dfa3, 0xec, 0xbf, 0x1c53bb6b, 0x1254c367, 0x1043a770, 0x1941a469, 0x114d9b74, 0xa7, 0xab, 0x5854, 0xaf,
]);
/** The longest head: four bytes and eight. */
const HEAD_BYTES = 12;
/** A block's own head. */
const BLOCK_HEAD_BYTES = 11;
/** A longer block of sound is a broken size: a frame of FLAC has 1.6 MB at most. */
const LONGEST_SOUND_BYTES = 2_000_000;
/** A longer element in a cluster is a broken size. */
const LONGEST_BYTES = 64_000_000;

/**
 * Finds the packets of sound in a Matroska or WebM file. Bytes may come in blocks of any size; the packets found are the same. Where
 * something stands that is no element, the next cluster is looked for.
 */
export class MatroskaReader {
  private rest: Uint8Array = new Uint8Array(0);
  private passBytes = 0;
  private known: readonly MatroskaTrack[] | undefined;
  private isBroken = false;
  private isLost = false;
  private clusterTime: number | undefined;
  private firstTime: number | undefined;
  private lastTime = 0;
  private facts: MatroskaInfo = { unitS: 1e-3, durationS: undefined, recordedMs: undefined };

  /** Undefined until they are found. */
  get tracks(): readonly MatroskaTrack[] | undefined {
    return this.known;
  }

  /** What the file says of itself. */
  get info(): MatroskaInfo {
    return this.facts;
  }

  /** Whether there are bytes that belong to no element, or the last is not whole. */
  get isDamaged(): boolean {
    return this.isBroken;
  }

  /** When the last block of any track begins. */
  get endS(): number {
    return (this.lastTime - (this.firstTime ?? 0)) * this.facts.unitS;
  }

  /** @param isEnd whether these are the file's last bytes */
  *push(block: Uint8Array, isEnd: boolean): Generator<TimedPackets> {
    const bytes = concatBytes(this.rest, block);
    let at = 0;
    while (at < bytes.length) {
      if (this.passBytes > 0) {
        const passed = Math.min(this.passBytes, bytes.length - at);
        this.passBytes -= passed;
        at += passed;
        continue;
      }
      if (this.isLost) {
        const found = findCluster(bytes, at);
        at = found ?? Math.max(at, bytes.length - 3);
        if (found === undefined) break;
        this.isLost = false;
      }
      if (!isEnd && bytes.length - at < HEAD_BYTES + BLOCK_HEAD_BYTES) break;
      const head = readEbmlHead(bytes, at);
      const wanted = head && this.wantedBytes(head, bytes.subarray(at + head.headBytes));
      if (!head || wanted === undefined) {
        this.isBroken = true;
        this.isLost = true;
        at++;
        continue;
      }
      if (at + head.headBytes + wanted > bytes.length) break;
      at += head.headBytes;
      const packets = this.take(head, bytes.subarray(at, at + wanted));
      at += wanted;
      if (packets) yield packets;
    }
    this.rest = bytes.slice(at);
    if (isEnd && (this.rest.length > 0 || this.passBytes > 0)) this.isBroken = true;
  }

  /** How much of an element's content has to be there to take it; undefined where it is none. What is not wanted is passed over. */
  private wantedBytes({ id, sizeBytes }: EbmlHead, data: Uint8Array): number | undefined {
    if (id === ID.segment || id === ID.cluster) return 0;
    if (sizeBytes === undefined || sizeBytes > LONGEST_BYTES) return undefined;
    if (id === ID.info || id === ID.tracks || id === IN_CLUSTER.group) return sizeBytes;
    if (id === IN_CLUSTER.time) return sizeBytes <= 8 ? sizeBytes : undefined;
    if (id !== IN_CLUSTER.block) return PASSED.has(id) ? 0 : undefined;
    const number = readVint(data, 0)?.value;
    const track = this.known?.find((one) => one.number === number);
    if (!track) return undefined;
    if (!track.isAudio) return Math.min(sizeBytes, BLOCK_HEAD_BYTES);
    return sizeBytes <= LONGEST_SOUND_BYTES ? sizeBytes : undefined;
  }

  private take({ id, sizeBytes = 0 }: EbmlHead, data: Uint8Array): TimedPackets | undefined {
    if (id === ID.segment) return undefined;
    if (id === ID.cluster) {
      this.clusterTime = undefined;
      return undefined;
    }
    this.passBytes = sizeBytes - data.length;
    if (id === ID.info) this.facts = readMatroskaInfo(data);
    if (id === ID.tracks) this.known ??= readMatroskaTracks(data);
    if (id === IN_CLUSTER.time) this.clusterTime = readUint(data);
    if (id === IN_CLUSTER.block) return this.timed(readMatroskaBlock(data));
    if (id === IN_CLUSTER.group) return this.timed(readMatroskaGroup(data));
    return undefined;
  }

  private timed(block: MatroskaBlock | undefined): TimedPackets | undefined {
    const track = this.known?.find((one) => one.number === block?.track);
    if (!block || !track || this.clusterTime === undefined) {
      this.isBroken = true;
      return undefined;
    }
    const time = this.clusterTime + block.time;
    this.firstTime ??= time;
    this.lastTime = Math.max(this.lastTime, time);
    if (!track.isAudio) return undefined;
    const startS = (time - this.firstTime) * this.facts.unitS - track.delayS;
    return { track: track.number, startS, packets: block.packets, discardS: block.discardS };
  }
}

function findCluster(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(0x1f, from); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] === 0x43 && bytes[at + 2] === 0xb6 && bytes[at + 3] === 0x75) return at;
  }
  return undefined;
}

import { readFileSync } from 'node:fs';
import os from 'node:os';

/** What a run was measured on: 8-bit products are not computed alike everywhere. */
export interface Machine {
  /** The processor as it calls itself; "unknown" where the system does not say. */
  readonly processor: string;
  /** What it has for products of 8-bit numbers, such as "without VNNI". */
  readonly eightBit: string;
  readonly cores: number;
  /** Node's version. */
  readonly node: string;
  /** Such as "linux-x64". */
  readonly platform: string;
}

const UNKNOWN = 'unknown';

/** The machine that this runs on. */
export function thisMachine(): Machine {
  const { processor, eightBit } = readCpuInfo(cpuInfo());
  return {
    processor: processor ?? os.cpus()[0]?.model ?? UNKNOWN,
    eightBit,
    cores: os.availableParallelism(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/**
 * What Linux' `/proc/cpuinfo` tells of the first processor. On x86 `flags` hold avx_vnni or avx512_vnni, on Arm `Features` hold asimddp (dot
 * products) and i8mm (products of matrices); there is no such text elsewhere.
 */
export function readCpuInfo(text: string): { readonly processor: string | undefined; readonly eightBit: string } {
  const field = (name: string): string | undefined => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim();
  return { processor: field('model name'), eightBit: eightBitOf(field('flags'), field('Features')) };
}

/** One line for a report. */
export function describeMachine({ processor, eightBit, cores, node, platform }: Machine): string {
  const instructions = eightBit === UNKNOWN ? '8-bit instructions unknown' : eightBit;
  return `${processor}, ${instructions}, ${cores} cores, ${platform}, Node ${node}`;
}

function eightBitOf(x86: string | undefined, arm: string | undefined): string {
  if (x86 !== undefined) {
    const vnni = x86.split(/\s+/).filter((flag) => flag === 'avx_vnni' || flag === 'avx512_vnni');
    return vnni.length === 0 ? 'without VNNI' : `with VNNI (${vnni.sort().join(', ')})`;
  }
  if (arm !== undefined) {
    const features = new Set(arm.split(/\s+/));
    const has = (feature: string): string => (features.has(feature) ? 'with' : 'without');
    return `${has('asimddp')} dotprod, ${has('i8mm')} i8mm`;
  }
  return UNKNOWN;
}

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}

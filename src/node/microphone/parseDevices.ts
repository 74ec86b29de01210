import type { InputDevice } from '../../core/capture/audioSource';

/** A device of PulseAudio's, with the number that the server has for it. */
export interface PulseSource extends InputDevice {
  readonly index: string;
}

/** What `pactl list sources` says, in English. PipeWire's says the same. */
export function parsePulseSources(text: string): PulseSource[] {
  return text.split(/^(?=Source #\d+$)/m).flatMap((block) => {
    const index = /^Source #(\d+)$/m.exec(block)?.[1];
    const id = /^\s*Name: (\S+)$/m.exec(block)?.[1];
    if (id === undefined || index === undefined) return [];
    const described = /^\s*Description: (.+)$/m.exec(block)?.[1]?.trim();
    const monitorOf = /^\s*Monitor of Sink: (\S+)$/m.exec(block)?.[1];
    const isMonitor = monitorOf !== undefined && monitorOf !== 'n/a';
    return [{ index, id, label: described ?? id, kind: isMonitor ? ('monitor' as const) : ('microphone' as const) }];
  });
}

/** What `pactl list source-outputs` says, in English: which source, by its number, each process records. */
export function parseSourceOutputs(text: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const block of text.split(/^(?=Source Output #\d+$)/m)) {
    const source = /^\s*Source: (\d+)$/m.exec(block)?.[1];
    const processId = /^\s*application\.process\.id = "(\d+)"$/m.exec(block)?.[1];
    if (source !== undefined && processId !== undefined) found.set(Number(processId), source);
  }
  return found;
}

/** What `arecord -L` says: a name, and lines about it that are indented. Only devices of a card are real ones. */
export function parseAlsaDevices(text: string): InputDevice[] {
  return text.split(/^(?=\S)/m).flatMap((block) => {
    const [id = '', ...lines] = block.split('\n').map((line) => line.trim());
    if (!id.startsWith('plughw:')) return [];
    const label = lines.filter((line) => line !== '' && !line.startsWith('Hardware device with')).join(', ');
    return [{ id, label: label === '' ? id : label, kind: 'microphone' as const }];
  });
}

/**
 * What SoX 14.4.2 and sox_ng say at `-V6` where they look for a device: `Found Audio Device "MacBook Pro Micro"` on a Mac, which lists
 * outputs as well, and `Enumerating input device  0: "Microphone (USB Audio)"` on Windows.
 */
export function parseSoxDevices(text: string): InputDevice[] {
  const names = [
    ...text.matchAll(/Found Audio Device "([^"\n]+)"/g),
    ...text.matchAll(/Enumerating input device +\d+: "([^"\n]+)"/g),
  ].map(([, name = '']) => name);
  return [...new Set(names)].map((name) => ({ id: name, label: name, kind: 'microphone' }));
}

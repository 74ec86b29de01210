import assert from 'node:assert/strict';
import {
  parseAlsaDevices,
  parsePulseSources,
  parseSoxDevices,
  parseSourceOutputs,
} from '../../../../src/node/microphone/parseDevices';

/** As PulseAudio 16.1 says it, shortened. */
const SOURCES = `Source #0
\tState: SUSPENDED
\tName: alsa_output.pci-0000_00_1f.3.analog-stereo.monitor
\tDescription: Monitor of Built-in Audio Analog Stereo
\tDriver: module-alsa-card.c
\tMonitor of Sink: alsa_output.pci-0000_00_1f.3.analog-stereo
Source #12
\tState: RUNNING
\tName: alsa_input.usb-Blue_Yeti-00.analog-stereo
\tDescription: Yeti Stereo Microphone
\tMonitor of Sink: n/a
\tProperties:
\t\tdevice.description = "Yeti Stereo Microphone"
`;

describe('the devices that programs list', () => {
  it('are microphones and monitors of PulseAudio', () => {
    assert.deepEqual(parsePulseSources(SOURCES), [
      {
        index: '0',
        id: 'alsa_output.pci-0000_00_1f.3.analog-stereo.monitor',
        label: 'Monitor of Built-in Audio Analog Stereo',
        kind: 'monitor',
      },
      {
        index: '12',
        id: 'alsa_input.usb-Blue_Yeti-00.analog-stereo',
        label: 'Yeti Stereo Microphone',
        kind: 'microphone',
      },
    ]);
    assert.deepEqual(parsePulseSources('Connection failure: Connection refused\n'), []);
  });

  it('are cards of ALSA, and not what ALSA makes of them', () => {
    const text =
      'null\n    Discard all samples\nhw:CARD=PCH,DEV=0\n    HDA Intel PCH\n    Direct hardware device\n' +
      'plughw:CARD=Yeti,DEV=0\n    Yeti Stereo Microphone, USB Audio\n    Hardware device with all software conversions\n';
    assert.deepEqual(parseAlsaDevices(text), [
      { id: 'plughw:CARD=Yeti,DEV=0', label: 'Yeti Stereo Microphone, USB Audio', kind: 'microphone' },
    ]);
  });

  it('are what SoX finds while it looks for one that is not there', () => {
    const mac =
      'sox INFO coreaudio: Found Audio Device "MacBook Pro Micro"\nsox INFO coreaudio: Found Audio Device "USB"\nsox FAIL formats: no\n';
    assert.deepEqual(
      parseSoxDevices(mac).map(({ id }) => id),
      ['MacBook Pro Micro', 'USB'],
    );
    const windows =
      'sox DBUG waveaudio: Enumerating input device -1: "Microsoft Sound Mapper"\nsox DBUG waveaudio: Enumerating input device  0: "Microphone (USB Audio)"\n';
    assert.deepEqual(
      parseSoxDevices(windows).map(({ id }) => id),
      ['Microphone (USB Audio)'],
    );
  });

  it('are told with the process that records each', () => {
    const text =
      'Source Output #3\n\tDriver: protocol-native.c\n\tSource: 12\n\tProperties:\n\t\tapplication.process.id = "4711"\nSource Output #4\n\tSource: 0\n';
    assert.deepEqual([...parseSourceOutputs(text)], [[4711, '12']]);
  });
});

import assert from 'node:assert/strict';
import { startVirtualMicrophone, whyNoVirtualMicrophone, type VirtualMicrophone } from '../../host/virtualMicrophone';
import { skipWithReason } from '../../speech';

/** A virtual microphone for all tests of the suite; where there can be none, they are skipped with the reason. */
export function sharedMicrophone(): () => VirtualMicrophone {
  let device: VirtualMicrophone | undefined;
  before(async function () {
    const reason = process.platform === 'linux' ? whyNoVirtualMicrophone() : 'the virtual microphone needs Linux';
    if (reason !== undefined) skipWithReason(this, reason);
    device = await startVirtualMicrophone();
  });
  after(async () => {
    await device?.stop();
  });
  return () => {
    assert.ok(device);
    return device;
  };
}

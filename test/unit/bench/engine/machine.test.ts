import { expect } from 'chai';
import { describeMachine, readCpuInfo, thisMachine } from '../../../bench/engine/machine';

const x86 = (flags: string): string =>
  `processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu ${flags} sse2\nbugs\t\t: spectre_v1\n\nprocessor\t: 1\nmodel name\t: other\n`;

describe('readCpuInfo', () => {
  it('tells which x86 has VNNI', () => {
    expect(readCpuInfo(x86('avx avx2 fma'))).to.deep.equal({ processor: 'AMD EPYC', eightBit: 'without VNNI' });
    expect(readCpuInfo(x86('avx2 avx_vnni')).eightBit).to.equal('with VNNI (avx_vnni)');
    expect(readCpuInfo(x86('avx_vnni avx512f avx512_vnni')).eightBit).to.equal('with VNNI (avx512_vnni, avx_vnni)');
  });

  it('tells what an Arm processor has', () => {
    const arm = (features: string): string => `processor\t: 0\nFeatures\t: fp ${features}\nCPU part\t: 0xd40\n`;
    expect(readCpuInfo(arm('asimd asimddp i8mm'))).to.deep.equal({
      processor: undefined,
      eightBit: 'with dotprod, with i8mm',
    });
    expect(readCpuInfo(arm('asimd asimdhp')).eightBit).to.equal('without dotprod, without i8mm');
  });

  it('knows nothing where there is no such text', () => {
    expect(readCpuInfo('')).to.deep.equal({ processor: undefined, eightBit: 'unknown' });
  });
});

describe('thisMachine', () => {
  it('has a processor, cores and the version of Node, in one line', () => {
    const machine = thisMachine();
    expect(machine.cores).to.be.greaterThan(0);
    expect(machine.processor).to.not.equal('');
    expect(describeMachine(machine)).to.include(machine.processor).and.to.include(`Node ${process.version}`);
  });
});

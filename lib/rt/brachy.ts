import type { DataSet } from '../dicom/data-set.ts';

/** The brachytherapy part of a plan: PS3.3 C.8.8.15. */
export interface Brachy {
  /** INTERSTITIAL, INTRACAVITARY, ... */
  technique: string;
  /** HDR, MDR, LDR, PDR, MANUAL. */
  treatmentType: string;
  machine: string;
  isotopes: string[];
  setups: BrachySetup[];
}

export interface BrachySetup {
  number: number;
  type: string;
  name: string;
  channels: number;
  /** TotalReferenceAirKerma, uGy at 1 m. */
  totalReferenceAirKermaUgy?: number;
}

/** The application setups of a plan; undefined when it has none. */
export function readBrachy(plan: DataSet): Brachy | undefined {
  const setups = plan.items('ApplicationSetupSequence');
  if (setups.length === 0) return undefined;
  return {
    technique: plan.text('BrachyTreatmentTechnique').toUpperCase(),
    treatmentType: plan.text('BrachyTreatmentType').toUpperCase(),
    machine: plan.items('TreatmentMachineSequence')[0]?.text('TreatmentMachineName') ?? '',
    isotopes: [...new Set(plan.items('SourceSequence').map((source) => source.text('SourceIsotopeName')))],
    setups: setups.map((setup) => ({
      number: setup.number('ApplicationSetupNumber') ?? 0,
      type: setup.text('ApplicationSetupType').toUpperCase(),
      name: setup.text('ApplicationSetupName'),
      channels: setup.items('ChannelSequence').length,
      totalReferenceAirKermaUgy: setup.number('TotalReferenceAirKerma'),
    })),
  };
}

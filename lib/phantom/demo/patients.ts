import type { PhantomPatient } from '../objects/identity.ts';

/** Persons who do not exist. */
export const PATIENTS: PhantomPatient[] = [
  { id: 'RTP-001', name: 'Phantom^Adam', birthDate: '19520311', sex: 'M' },
  { id: 'RTP-002', name: 'Phantom^Bruno', birthDate: '19480705', sex: 'M' },
  { id: 'RTP-003', name: 'Phantom^Clara', birthDate: '19610923', sex: 'F' },
  { id: 'RTP-004', name: 'Phantom^Dora', birthDate: '19701130', sex: 'F' },
  { id: 'RTP-005', name: 'Phantom^Emil', birthDate: '19440217', sex: 'M' },
  { id: 'RTP-006', name: 'Phantom^Jürgen', birthDate: '19550809', sex: 'M' },
  { id: 'RTP-007', name: 'Phantom^Grace', birthDate: '19660604', sex: 'F' },
  { id: 'RTP-008', name: 'Phantom^Hugo', birthDate: '19581225', sex: 'M' },
  { id: 'RTP-009', name: 'Phantom^Iris', birthDate: '19630514', sex: 'F' },
  { id: 'RTP-010', name: 'Phantom^Karl', birthDate: '19500119', sex: 'M' },
];

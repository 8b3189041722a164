import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doseInName } from '#lib/rt/target-dose.ts';

/** Names of targets by TG-263's rules (report of 2018, section 8.2), and as clinics write them. */
const NAMES: [name: string, gy: number | undefined, isOpen?: true][] = [
  ['PTV_7000', 70],
  ['PTVp_5040', 50.4],
  ['PTVp2_5040', 50.4],
  ['PTV_5040-05', 50.4],
  ['PTV_5040^Physician1', 50.4],
  ['PTV_50p4Gy', 50.4],
  ['PTVp50Gy', 50],
  ['PTV 66Gy', 66],
  ['CTV5000cGy', 50],
  ['PTV_50.4', 50.4, true],
  ['PTV70', 70, true],
  ['ITV_45,0 Gy', 45],
  ['PTV_600', 6, true],
  ['PTV_Liver_20Gyx3', 60],
  ['PTV_2000x3', 60],
  ['PTV 3 x 15 Gy', 45],
  ['PTV20', 20, true],
  ['PTV_36', 36, true],
  ['PTV_2000', 20],
  ['PTV_2023', 20.23, true],
  ['GTV_2039', 20.39, true],
  ['PTV_2040', 20.4],
  ['PTV', undefined],
  ['PTV_1', undefined],
  ['PTV12', undefined],
  ['PTV19', undefined],
  ['PTV99', 99, true],
  ['PTV100', undefined],
  ['PTV_499', undefined],
  ['PTV-20', undefined],
  ['PTV-60', 60, true],
  ['PTV^70', undefined],
  ['PTV_50p4', undefined],
  ['PTV 25mm', undefined],
  ['PTV 2.5 cm', undefined],
  ['PTV_105', undefined],
  ['PTV_1234', undefined],
  ['PTV_99999', undefined],
  ['PTV 150Gy', undefined],
];

for (const [name, doseGy, isOpen = false] of NAMES)
  test(`the name ${name} ${doseGy === undefined ? 'says no dose' : `says ${isOpen ? 'perhaps ' : ''}${doseGy} Gy`}`, () => {
    assert.deepEqual(doseInName(name), doseGy === undefined ? undefined : { doseGy, isOpen });
  });

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anatomyOf, CODED_NAMES } from '#lib/structures/names/snomed.ts';
import { TG263_NAMES } from '#lib/structures/names/tg263.ts';
import { standardNameOfLabel } from '#lib/structures/names/totalsegmentator.ts';

/** From the concept map of TG-263 to SNOMED CT of HL7's CodeX RT. */
test('an organ has its code, and a separate side where the code has none', () => {
  assert.deepEqual(anatomyOf('Cochlea_L'), {
    structure: { value: '80169004', meaning: 'Cochlea' },
    side: { value: '7771000', meaning: 'Left' },
  });
  assert.deepEqual(anatomyOf('Lung_R'), {
    structure: { value: '39607008', meaning: 'Lung' },
    side: { value: '24028007', meaning: 'Right' },
  });
  assert.deepEqual(anatomyOf('Ventricle_L'), { structure: { value: '87878005', meaning: 'Left ventricle of heart' } });
  assert.deepEqual(anatomyOf('Bladder'), { structure: { value: '89837001', meaning: 'Urinary bladder' } });
});

/** From totalsegmentator_snomed_mapping.csv of TotalSegmentator 2.18, and CID 7304 of PS3.16. */
test('parts of organs, bones and vessels have their codes, by the name or by the label of a model', () => {
  const left = { value: '7771000', meaning: 'Left' };
  const right = { value: '24028007', meaning: 'Right' };
  const upper = { value: '45653009', meaning: 'Upper lobe of lung' };
  assert.deepEqual(anatomyOf('Lung_LUL'), { structure: upper, side: left });
  assert.deepEqual(anatomyOf('Lung_RUL'), { structure: upper, side: right });
  assert.deepEqual(anatomyOf('Lung_RML'), { structure: { value: '72481006', meaning: 'Middle lobe of right lung' } });
  assert.deepEqual(anatomyOf('Rib05_R'), { structure: { value: '15339008', meaning: 'Fifth rib' }, side: right });
  assert.deepEqual(anatomyOf('VB_T04'), { structure: { value: '73071006', meaning: 'T4 vertebra' } });
  assert.deepEqual(anatomyOf('Femur_Head_L'), { structure: { value: '2812003', meaning: 'Femoral head' }, side: left });
  assert.deepEqual(anatomyOf(null, 'sternum'), { structure: { value: '56873002', meaning: 'Sternum' } });
  assert.deepEqual(anatomyOf('A_Iliac_R', 'iliac_artery_right'), {
    structure: { value: '73634005', meaning: 'Common iliac artery' },
    side: right,
  });
  assert.equal(anatomyOf('A_Iliac_R', 'A_Iliac_R'), undefined);
});

/** Of the task total of TotalSegmentator 2.18, but for cysts, which are no organ. */
const PAIRED = `kidney adrenal_gland lung_upper_lobe lung_lower_lobe subclavian_artery common_carotid_artery brachiocephalic_vein
  iliac_artery iliac_vena humerus scapula clavicula femur hip gluteus_maximus gluteus_medius gluteus_minimus autochthon iliopsoas`;
const SINGLE = `spleen gallbladder liver stomach pancreas lung_middle_lobe_right esophagus trachea thyroid_gland small_bowel duodenum
  colon urinary_bladder prostate sacrum vertebrae_S1 heart aorta pulmonary_vein brachiocephalic_trunk atrial_appendage_left
  superior_vena_cava inferior_vena_cava portal_vein_and_splenic_vein spinal_cord brain skull sternum costal_cartilages`;
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, k) => `${name}${k + 1}`);
const TOTAL_CLASSES = [
  ...PAIRED.split(/\s+/).flatMap((name) => [`${name}_left`, `${name}_right`]),
  ...SINGLE.split(/\s+/),
  ...[...numbered('vertebrae_C', 7), ...numbered('vertebrae_T', 12), ...numbered('vertebrae_L', 5)],
  ...[...numbered('rib_left_', 12), ...numbered('rib_right_', 12)],
];

test('every organ, bone and muscle that TotalSegmentator finds has a code', () => {
  assert.equal(TOTAL_CLASSES.length, 115);
  const uncoded = TOTAL_CLASSES.filter((label) => !anatomyOf(standardNameOfLabel(label) ?? null, label));
  assert.deepEqual(uncoded, []);
});

test('names outside the table have no code', () => {
  for (const name of ['SpinalCord_PRV05', 'Bladder-CTV', 'Lung_LXL', 'Ventricle', null])
    assert.equal(anatomyOf(name), undefined);
});

test('every coded name is a TG-263 name, alone or with a side', () => {
  for (const name of CODED_NAMES) assert.ok(TG263_NAMES.includes(name) || TG263_NAMES.includes(`${name}_L`), name);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anatomyOf, CODED_NAMES } from '#lib/structures/names/snomed.ts';
import { TG263_NAMES } from '#lib/structures/names/tg263.ts';

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

test('names outside the table have no code', () => {
  for (const name of ['SpinalCord_PRV05', 'Bladder-CTV', 'Lung_LUL', 'Ventricle', null])
    assert.equal(anatomyOf(name), undefined);
});

test('every coded name is a TG-263 name, alone or with a side', () => {
  for (const name of CODED_NAMES) assert.ok(TG263_NAMES.includes(name) || TG263_NAMES.includes(`${name}_L`), name);
});

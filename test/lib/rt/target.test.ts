import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTarget, targetConflict, targetKind, targetName } from '#lib/rt/target.ts';

/**
 * Stated answers. Words of targets: ICRU 50, 62 and 83. Prefixes of planning aids: TG-263 (z, _). Risk levels HR, IR, LR:
 * GEC-ESTRO and ICRU 89. Types: PS3.3 C.8.8.8.
 */
const ROIS: [name: string, type: string, kind: string | undefined, why: string][] = [
  ['PTV_7000', 'PTV', 'PTV', 'name and type agree'],
  ['iPTV_60', '', 'PTV', 'internal motion is part of it'],
  ['IGTV', '', 'GTV', 'internal GTV'],
  ['ICTV', '', 'CTV', 'internal CTV'],
  ['ITV', '', 'ITV', 'ICRU 62'],
  ['zPTV opt', '', 'PTV', 'the name alone: an optimisation copy of a target gets its dose'],
  ['zPTV opt', 'CONTROL', undefined, 'the type says that it is an aid of planning'],
  ['_PTV1', 'PTV', 'PTV', 'prefix of TG-263'],
  ['Boost', 'TREATED_VOLUME', 'TREATED_VOLUME', 'the type alone says so'],
  ['95% isodose', 'TREATED_VOLUME', undefined, 'ICRU 50 calls the volume in an isodose a treated volume too'],
  ['Boost', '', undefined, 'neither name nor type says so'],
  ['PTV_7000', 'ORGAN', 'PTV', 'systems that type every ROI as ORGAN'],
  ['CTVn', 'PTV', 'CTV', 'systems that type every target as PTV'],
  ['Volume1', 'GTV', 'GTV', 'the name says nothing'],
  ['HR-CTV', '', 'CTV', 'brachytherapy'],
  ['IRCTV', 'CTV', 'CTV', 'brachytherapy'],
  ['PTV', 'AVOIDANCE', undefined, 'dose is to be avoided in it'],
  ['PTV', 'EXTERNAL', undefined, 'the body outline'],
  ['PTV ring 2cm', '', undefined, 'a shell around a target'],
  ['PTVhighRing', 'CONTROL', undefined, 'a shell around a target'],
  ['PTV1_WALL', 'ORGAN', undefined, 'a shell around a target: RayStation, brain SRS of the public set'],
  ['ptv 4 AND 5', 'ORGAN', 'PTV', 'two targets together, typed as organ: the same set'],
  ['Lungs-GTV', 'ORGAN', undefined, 'an organ without the target'],
  ['Bladder-CTV', '', undefined, 'an organ without the target'],
  ['Rectum', 'ORGAN', undefined, 'an organ'],
  ['', '', undefined, 'nothing said'],
];

for (const [name, interpretedType, kind, why] of ROIS)
  test(`"${name}" of type "${interpretedType}" is ${kind ?? 'no target'}: ${why}`, () => {
    assert.equal(targetKind({ name, interpretedType }), kind);
    assert.equal(isTarget({ name, interpretedType }), kind !== undefined);
  });

test('a target name splits into prefix, word and rest', () => {
  assert.deepEqual(targetName(' zPTV_60'), {
    kind: 'PTV',
    isInternal: false,
    isAid: true,
    riskLevel: '',
    rest: '_60',
  });
  assert.deepEqual(targetName('IGTVp1'), {
    kind: 'GTV',
    isInternal: true,
    isAid: false,
    riskLevel: '',
    rest: 'p1',
  });
  assert.equal(targetName('hr_ctv')?.riskLevel, 'HR');
});

const CONFLICTS: [name: string, type: string, conflict: RegExp | undefined][] = [
  ['PTV_7000', 'ORGAN', /PTV, the type ORGAN: the name decides/],
  ['CTV', 'PTV', /CTV, the type PTV: the name decides/],
  ['PTV', 'CONTROL', /PTV, the type CONTROL: it does not count as a target/],
  ['zPTV opt', 'CONTROL', undefined],
  ['PTV', 'PTV', undefined],
  ['IGTV', 'GTV', undefined],
  ['PTV boost', 'TREATED_VOLUME', undefined],
  ['PTV', '', undefined],
  ['Rectum', 'ORGAN', undefined],
];

for (const [name, interpretedType, expected] of CONFLICTS)
  test(`"${name}" of type "${interpretedType}" ${expected ? 'is a conflict' : 'is no conflict'}`, () => {
    const conflict = targetConflict({ name, interpretedType });
    if (expected) assert.match(conflict ?? '', expected);
    else assert.equal(conflict, undefined);
  });

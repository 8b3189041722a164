import assert from 'node:assert/strict';
import { test } from 'node:test';
import { characterSet, characterSetRepair, personNameGroups } from '#lib/dicom/character-set.ts';

/** Bytes and names of PS3.5 annexes H, I, J and K and PS3.3 C.12.1.1.2; the single-byte sets as pydicom 3.0.2 decodes them. */
const NAMES: { terms: string[]; hex: string; name: string }[] = [
  {
    terms: ['', 'ISO 2022 IR 87'],
    hex: '59616d6164615e5461726f753d1b24423b3345441b28425e1b244242404f3a1b28423d1b24422464245e24401b28425e1b2442243f246d24261b2842',
    name: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
  },
  {
    terms: ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    hex: 'd4cfc0de5ec0dbb33d1b24423b3345441b284a5e1b244242404f3a1b284a3d1b24422464245e24401b284a5e1b2442243f246d24261b284a',
    name: 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  },
  {
    terms: ['', 'ISO 2022 IR 149'],
    hex: '486f6e675e47696c646f6e673d1b242943fbf35e1b242943d1ced4d73d1b242943c8ab5e1b242943b1e6b5bf',
    name: 'Hong^Gildong=洪^吉洞=홍^길동',
  },
  {
    terms: ['ISO_IR 192'],
    hex: '57616e675e5869616f446f6e673de78e8b5ee5b08fe69db13d',
    name: 'Wang^XiaoDong=王^小東=',
  },
  { terms: ['GB18030'], hex: '57616e675e5869616f446f6e673dcdf55ed0a1b6ab3d', name: 'Wang^XiaoDong=王^小东=' },
  { terms: ['GBK'], hex: '57616e675e5869616f446f6e673dcdf55ed0a1b6ab3d', name: 'Wang^XiaoDong=王^小东=' },
  {
    terms: ['', 'ISO 2022 IR 58'],
    hex: '5a68616e675e5869616f446f6e673d1b242941d5c55e1b242941d0a1b6ab3d20',
    name: 'Zhang^XiaoDong=张^小东= ',
  },
  { terms: ['ISO_IR 100'], hex: '4275635e4ae972f46d65', name: 'Buc^Jérôme' },
  { terms: ['ISO_IR 101'], hex: '5761b3657361', name: 'Wałesa' },
  { terms: ['ISO_IR 109'], hex: 'a1a9f5', name: 'Ħİġ' },
  { terms: ['ISO_IR 110'], hex: 'bfe0', name: 'ŋā' },
  { terms: ['ISO_IR 126'], hex: 'c4e9efedf5f3e9eff2', name: 'Διονυσιος' },
  { terms: ['ISO_IR 127'], hex: 'e2c8c7e6ea5ee4e6d2c7d1', name: 'قباني^لنزار' },
  { terms: ['ISO_IR 138'], hex: 'f9f8e5ef5ee3e1e5f8e4', name: 'שרון^דבורה' },
  { terms: ['ISO_IR 144'], hex: 'bbee6ace5ed7e3d3d9', name: 'ЛюjЮ^зугй' },
  { terms: ['ISO_IR 148'], hex: 'c7dd5efde6', name: 'Çİ^ıæ' },
  { terms: ['ISO_IR 166'], hex: 'b9d2c1', name: 'นาม' },
  { terms: ['ISO_IR 203'], hex: 'a4bd', name: '€œ' },
  { terms: ['ISO 2022 IR 100', 'ISO 2022 IR 144'], hex: 'c4e45e1b2d4cbfda', name: 'Ää^Пк' },
  { terms: ['ISO_2022-IR 6', 'ISO 2022_IR 144'], hex: '1b2d4cbfda', name: 'Пк' },
  { terms: ['', 'ISO 2022 IR 159'], hex: '1b242844306a1b2842', name: '佋' },
];

for (const { terms, hex, name } of NAMES) {
  test(`${terms.join('\\') || 'no term'} reads ${name}`, () => {
    assert.equal(characterSet(terms)(Buffer.from(hex, 'hex'), '^='), name);
  });
}

test('undeclared text is read as UTF-8 when valid, otherwise as Latin-1', () => {
  assert.equal(characterSet([])(Buffer.from('Lunge_links_größer')), 'Lunge_links_größer');
  assert.equal(characterSet([])(Buffer.from('größer', 'latin1')), 'größer');
});

const REPAIRS: [written: string, encoding: string, declared: string[], taken: string | undefined][] = [
  ['Hüfte links', 'utf-8', ['ISO_IR 100'], 'utf-8'],
  ['膀胱', 'utf-8', ['ISO_IR 100'], 'utf-8'],
  ['Hüfte', 'latin1', ['ISO_IR 192'], 'windows-1252'],
  ['Côlon sigmoïde', 'latin1', ['ISO_IR 192'], 'windows-1252'],
  ['Печень', 'windows-1251', [], 'windows-1251'],
  ['Мочевой пузырь PTV', 'windows-1251', [], 'windows-1251'],
  ['ПЕЧЕНЬ', 'windows-1251', ['ISO_IR 192'], 'windows-1251'],
  ['Hüfte', 'latin1', [], undefined],
  ['Œsophage déplacé', 'latin1', [], undefined],
  ['Åre', 'latin1', ['ISO_IR 100'], undefined],
  ['Печень', 'iso-8859-5', ['ISO_IR 144'], undefined],
  ['Hüfte', 'utf-8', ['ISO_IR 192'], undefined],
  ['Bladder', 'latin1', ['ISO_IR 192'], undefined],
];

for (const [written, encoding, declared, taken] of REPAIRS) {
  const name = declared[0] ?? 'no set';
  test(`"${written}" in ${encoding} under ${name} is read as ${taken ?? 'declared'}`, () => {
    const bytes = bytesIn(written, encoding);
    assert.equal(characterSetRepair(declared, bytes), taken);
    if (taken) assert.equal(characterSet(declared)(bytes), written);
  });
}

/** Single-byte sets: each byte whose letter is wanted. */
function bytesIn(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-8' || encoding === 'latin1') return Buffer.from(text, encoding);
  const letters = new TextDecoder(encoding).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  return Uint8Array.from(text, (letter) => letters.indexOf(letter));
}

test('undeclared text that is neither UTF-8 nor Cyrillic is read as Latin-1', () => {
  assert.equal(characterSet([])(Buffer.from('größer', 'latin1')), 'größer');
});

test('a second byte equal to a backslash or a caret stays part of its character', () => {
  const bytes = Buffer.from('815c 8b5e 5c 41'.replaceAll(' ', ''), 'hex');
  assert.deepEqual(characterSet(['GB18030'])(bytes).split('\\'), ['乗媈', 'A']);
});

test('a name splits into its three groups without empty trailing components', () => {
  const groups = { alphabetic: 'Yamada^Tarou', ideographic: '山田^太郎', phonetic: '' };
  assert.deepEqual(personNameGroups('Yamada^Tarou^^^=山田^太郎'), groups);
});

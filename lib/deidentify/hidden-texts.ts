import type { DataSet } from '../dicom/data-set.ts';
import type { Keyword } from '../dicom/tags.ts';
import { type IdentityWords, withoutWords } from './clean-text.ts';
import { identityOf } from './identity-words.ts';

/** VRs in which people type. Numbers, dates, UIDs and codes (CS) are read as they are: results follow from them. */
const FREE_TEXT_VRS = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);

/** The data set, whose free texts at any depth have `***` for words of the persons that it names. */
export function withHiddenTexts(dataSet: DataSet, identity: IdentityWords = identityOf(dataSet)): DataSet {
  if (identity.size === 0) return dataSet;
  const hide = (keyword: Keyword, text: string) =>
    FREE_TEXT_VRS.has(dataSet.vr(keyword)) ? withoutWords(text, identity) : text;
  return {
    transferSyntaxUid: dataSet.transferSyntaxUid,
    has: (keyword) => dataSet.has(keyword),
    vr: (keyword) => dataSet.vr(keyword),
    text: (keyword) => hide(keyword, dataSet.text(keyword)),
    texts: (keyword) => dataSet.texts(keyword).map((text) => hide(keyword, text)),
    number: (keyword) => dataSet.number(keyword),
    numbers: (keyword) => dataSet.numbers(keyword),
    items: (keyword) => dataSet.items(keyword).map((item) => withHiddenTexts(item, identity)),
    bytes: (keyword) => dataSet.bytes(keyword),
  };
}

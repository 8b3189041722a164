import { characterSetRepair } from '../dicom/character-set.ts';
import type { DataSet } from '../dicom/data-set.ts';
import { type Finding, finding, findingsOn } from '../findings.ts';
import { type ReadContours, readContours } from './read-contours.ts';
import type { Roi, StructureSet } from './structure-set.ts';
import { readStructureSetHeader } from './structure-set-header.ts';
import { targetConflict } from './target.ts';

/**
 * An RTSTRUCT data set (PS3.3 A.19.3) as regions. Every item of StructureSetROISequence becomes a ROI, with contours or
 * without; contours that no item names become a ROI of their own. What is odd is told in `findings`.
 * @param names what to call the ROIs instead of as the file does, in the order of StructureSetROISequence
 */
export function readStructureSet(dataSet: DataSet, names?: readonly string[]): StructureSet {
  const header = readStructureSetHeader(dataSet);
  const observations = itemsByNumber(dataSet.items('RTROIObservationsSequence'));
  const roiItems = dataSet.items('StructureSetROISequence');
  const joined = joinedItems(roiItems, itemsByNumber(dataSet.items('ROIContourSequence')));
  const contourItems = joined.items;
  const read = roiItems.map((item, n) => {
    const name = names?.[n] ?? item.text('ROIName');
    return readRoi({ item, name }, contourItems, observations);
  });
  read.push(...unnamedRois(contourItems, observations));
  const rois = read.map(({ roi }) => roi);
  const ofRois = read.flatMap(({ roi, findings }) =>
    findingsOn({ roiNumber: roi.number, roiName: roi.name }, findings),
  );
  const ofSet = [...joined.findings, ...repairedNames(dataSet, roiItems), ...repeatedIdentities(rois)];
  return {
    sopInstanceUid: header.sopInstanceUid,
    studyInstanceUid: dataSet.text('StudyInstanceUID'),
    seriesInstanceUid: dataSet.text('SeriesInstanceUID'),
    label: header.label,
    date: dataSet.text('StructureSetDate'),
    approvalStatus: header.approvalStatus,
    frameOfReferenceUids: header.frameOfReferenceUids,
    referencedSeriesUids: header.seriesReferences.map((series) => series.seriesInstanceUid),
    rois,
    findings: findingsOn({ structureSetUid: header.sopInstanceUid }, [...ofSet, ...ofRois]),
  };
}

type Items = Map<number, DataSet[]>;
/** Per ROI number the items of each ROI that has it. */
type ItemLists = Map<number, DataSet[][]>;

const NO_NUMBER = -1;

function itemsByNumber(items: DataSet[]): Items {
  const byNumber: Items = new Map();
  for (const item of items) {
    const number = item.number('ReferencedROINumber') ?? NO_NUMBER;
    byNumber.set(number, [...(byNumber.get(number) ?? []), item]);
  }
  return byNumber;
}

/**
 * Some writers give every contour its own item. If only one ROI has their number, the items are joined. If several
 * share it, each takes one item in the order of the file.
 */
function joinedItems(roiItems: DataSet[], contourItems: Items): { items: ItemLists; findings: Finding[] } {
  const rois = Map.groupBy(roiItems, (item) => item.number('ROINumber') ?? NO_NUMBER);
  const findings: Finding[] = [];
  const items: ItemLists = new Map();
  for (const [number, found] of contourItems) {
    const isOneRoi = number !== NO_NUMBER && rois.get(number)?.length === 1;
    items.set(number, isOneRoi ? [found] : found.map((item) => [item]));
    if (!isOneRoi || found.length < 2) continue;
    const message = `${found.length} items of ROIContourSequence have this number: all their contours are used`;
    findings.push(finding('ROI_CONTOURS_SPLIT', `ROI ${number}`, message));
  }
  return { items, findings };
}

/** Names whose bytes the declared character set does not fit. */
function repairedNames(dataSet: DataSet, roiItems: DataSet[]): Finding[] {
  return roiItems.flatMap((item) => {
    const own = item.texts('SpecificCharacterSet');
    const declared = own.length > 0 ? own : dataSet.texts('SpecificCharacterSet');
    const taken = characterSetRepair(declared, item.bytes('ROIName') ?? new Uint8Array());
    if (taken === undefined) return [];
    const message = `the name does not fit ${declared.join('\\') || 'ASCII (no character set is declared)'}: it is read as ${taken}`;
    return [finding('CHARACTER_SET_REPAIRED', `ROI ${item.number('ROINumber') ?? NO_NUMBER}`, message)];
  });
}

interface ReadRoi {
  roi: Roi;
  findings: Finding[];
}

function readRoi(
  { item, name }: { item: DataSet; name: string },
  contourItems: ItemLists,
  observations: Items,
): ReadRoi {
  const findings: Finding[] = [];
  const number = item.number('ROINumber') ?? NO_NUMBER;
  const where = `ROI ${number}`;
  const contours = contourItems.get(number)?.shift() ?? [];
  const observation = observations.get(number)?.shift();
  if (number === NO_NUMBER) findings.push(finding('ROI_WITHOUT_NUMBER', where, `"${name}" has no ROINumber`));
  if (name === '') findings.push(finding('ROI_WITHOUT_NAME', where, 'the ROI has no name'));
  if (!observation) findings.push(finding('ROI_WITHOUT_OBSERVATION', where, `"${name}" has no observation`));
  const interpretedType = observation?.text('RTROIInterpretedType').toUpperCase() ?? '';
  const conflict = targetConflict({ name, interpretedType });
  if (conflict !== undefined) findings.push(finding('TARGET_TYPE_CONFLICT', where, conflict));
  const read = readRoiContours(contours, where, name);
  const roi = {
    number,
    name,
    interpretedType,
    generationAlgorithm: item.text('ROIGenerationAlgorithm'),
    frameOfReferenceUid: item.text('ReferencedFrameOfReferenceUID'),
    colorRgb: readColor(contours[0]),
    contours: read.contours,
  };
  return { roi, findings: [...findings, ...read.findings] };
}

function readRoiContours(items: DataSet[], where: string, name: string): ReadContours {
  const { contours, findings } = readContours(items, where);
  if (contours.length > 0) return { contours, findings };
  return {
    contours,
    findings: [...findings, finding('ROI_EMPTY', where, `"${name}" has no contour that can be used`)],
  };
}

function readColor(item: DataSet | undefined): [number, number, number] | undefined {
  const [red, green, blue] = item?.numbers('ROIDisplayColor') ?? [];
  return [red, green, blue].every(Number.isInteger) ? [red, green, blue] : undefined;
}

/** Contours left over: their number is in no StructureSetROISequence item, or in fewer than there are contour items. */
function unnamedRois(contourItems: ItemLists, observations: Items): ReadRoi[] {
  return [...contourItems].flatMap(([number, items]) =>
    items.map((own) => {
      const where = `ROI ${number}`;
      const unlisted = finding('CONTOURS_WITHOUT_ROI', where, 'contours refer to an ROI that is not listed');
      const read = readRoiContours(own, where, '');
      const roi = {
        number,
        name: '',
        interpretedType: observations.get(number)?.shift()?.text('RTROIInterpretedType').toUpperCase() ?? '',
        generationAlgorithm: '',
        frameOfReferenceUid: '',
        colorRgb: readColor(own[0]),
        contours: read.contours,
      };
      return { roi, findings: [unlisted, ...read.findings] };
    }),
  );
}

function repeatedIdentities(rois: Roi[]): Finding[] {
  const numbers = repeated(rois.map((roi) => roi.number));
  const names = repeated(rois.map((roi) => sameName(roi.name)).filter(Boolean));
  return [
    ...numbers.map((number) =>
      finding('DUPLICATE_ROI_NUMBER', `ROI ${number}`, `several ROIs have the number ${number}`),
    ),
    ...names.map((name) => {
      const bearers = rois.filter((roi) => sameName(roi.name) === name).map((roi) => roi.number);
      const where = `ROI ${bearers.join(', ')}`;
      return finding('DUPLICATE_ROI_NAME', where, `${bearers.length} ROIs have the same name`);
    }),
  ];
}

/** Names that differ by case or outer spaces alone are mixed up as easily as equal ones. */
function sameName(name: string): string {
  return name.trim().toLowerCase();
}

function repeated<T>(values: T[]): T[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}

import type { DataSet } from '../dicom/data-set.ts';
import { type Finding, finding } from '../findings.ts';
import { readContours } from './read-contours.ts';
import type { Roi, StructureSet } from './structure-set.ts';
import { readStructureSetHeader } from './structure-set-header.ts';
import { targetConflict } from './target.ts';

/**
 * An RTSTRUCT data set (PS3.3 A.19.3) as regions. Every item of StructureSetROISequence becomes a ROI, with contours or
 * without; contours that no item names become a ROI of their own. What is odd is told in `findings`.
 */
export function readStructureSet(dataSet: DataSet): StructureSet {
  const header = readStructureSetHeader(dataSet);
  const findings: Finding[] = [];
  const contourItems = itemsByNumber(dataSet.items('ROIContourSequence'));
  const observations = itemsByNumber(dataSet.items('RTROIObservationsSequence'));
  const rois = dataSet
    .items('StructureSetROISequence')
    .map((item) => readRoi(item, contourItems, observations, findings));
  rois.push(...unnamedRois(contourItems, observations, findings));
  findings.push(...repeatedIdentities(rois));
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
    findings,
  };
}

type Items = Map<number, DataSet[]>;

const NO_NUMBER = -1;

function itemsByNumber(items: DataSet[]): Items {
  const byNumber: Items = new Map();
  for (const item of items) {
    const number = item.number('ReferencedROINumber') ?? NO_NUMBER;
    byNumber.set(number, [...(byNumber.get(number) ?? []), item]);
  }
  return byNumber;
}

/** Items that share a number are matched in the order of the file. */
function readRoi(item: DataSet, contourItems: Items, observations: Items, findings: Finding[]): Roi {
  const number = item.number('ROINumber') ?? NO_NUMBER;
  const where = `ROI ${number}`;
  const contours = contourItems.get(number)?.shift();
  const observation = observations.get(number)?.shift();
  const name = item.text('ROIName');
  if (number === NO_NUMBER) findings.push(finding('ROI_WITHOUT_NUMBER', where, `"${name}" has no ROINumber`));
  if (name === '') findings.push(finding('ROI_WITHOUT_NAME', where, 'the ROI has no name'));
  if (!observation) findings.push(finding('ROI_WITHOUT_OBSERVATION', where, `"${name}" has no observation`));
  const interpretedType = observation?.text('RTROIInterpretedType').toUpperCase() ?? '';
  const conflict = targetConflict({ name, interpretedType });
  if (conflict !== undefined) findings.push(finding('TARGET_TYPE_CONFLICT', where, conflict));
  return {
    number,
    name,
    interpretedType,
    generationAlgorithm: item.text('ROIGenerationAlgorithm'),
    frameOfReferenceUid: item.text('ReferencedFrameOfReferenceUID'),
    colorRgb: readColor(contours),
    contours: readRoiContours(contours, where, name, findings),
  };
}

function readRoiContours(item: DataSet | undefined, where: string, name: string, findings: Finding[]) {
  const contours = item ? readContours(item, where, findings) : [];
  if (contours.length === 0)
    findings.push(finding('ROI_WITHOUT_CONTOURS', where, `"${name}" has no contour that can be used`));
  return contours;
}

function readColor(item: DataSet | undefined): [number, number, number] | undefined {
  const [red, green, blue] = item?.numbers('ROIDisplayColor') ?? [];
  return [red, green, blue].every(Number.isInteger) ? [red, green, blue] : undefined;
}

/** Contours left over: their number is in no StructureSetROISequence item, or in fewer than there are contour items. */
function unnamedRois(contourItems: Items, observations: Items, findings: Finding[]): Roi[] {
  return [...contourItems].flatMap(([number, items]) =>
    items.map((item) => {
      const where = `ROI ${number}`;
      findings.push(finding('CONTOURS_WITHOUT_ROI', where, 'contours refer to a ROI that is not listed'));
      return {
        number,
        name: '',
        interpretedType: observations.get(number)?.shift()?.text('RTROIInterpretedType').toUpperCase() ?? '',
        generationAlgorithm: '',
        frameOfReferenceUid: '',
        colorRgb: readColor(item),
        contours: readRoiContours(item, where, '', findings),
      };
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

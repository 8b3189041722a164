import { readHeader } from '../dicom/header.ts';
import { fileHead } from '../dicom/write.ts';
import type { InstanceUids } from '../received/instance-key.ts';
import type { Message } from './association.ts';
import { type CommandSet, Field, Status } from './command-set.ts';

/** An instance that came by C-STORE: a DICOM file whose data set has the bytes that came. */
export interface StoredInstance {
  uids: InstanceUids;
  /** '' where there is none. */
  patientId: string;
  file: Uint8Array;
}

/** Stores an instance durably; only then does the sender get its answer. */
export type Keep = (instance: StoredInstance) => Promise<void>;

/**
 * Stores the instance of a C-STORE request.
 * @returns the response
 * @param onFault gets the reason why an instance was not stored
 */
export async function answerStore(
  message: Message,
  transferSyntax: string,
  keep: Keep,
  onFault: (error: unknown) => void,
): Promise<CommandSet> {
  const { command } = message;
  const respond = (status: number): CommandSet => ({
    affectedSopClass: command.affectedSopClass,
    field: Field.storeResponse,
    respondedTo: command.messageId,
    status,
    affectedSopInstance: command.affectedSopInstance,
  });
  const instance = await instanceOf(message, transferSyntax).catch(onFault);
  if (!instance) return respond(Status.cannotUnderstand);
  if (instance.uids.sopInstanceUid !== command.affectedSopInstance) return respond(Status.doesNotMatch);
  try {
    await keep(instance);
    return respond(Status.success);
  } catch (error) {
    onFault(error);
    return respond(Status.outOfResources);
  }
}

async function instanceOf({ command, dataSet }: Message, transferSyntax: string): Promise<StoredInstance> {
  const head = fileHead(command.affectedSopClass ?? '', command.affectedSopInstance ?? '', transferSyntax);
  const file = new Uint8Array(head.length + (dataSet?.length ?? 0));
  file.set(head);
  file.set(dataSet ?? [], head.length);
  const source = { bytes: file.length, read: async (start: number, end: number) => file.subarray(start, end) };
  const { dataSet: read } = await readHeader(source);
  const uids = {
    studyInstanceUid: read.text('StudyInstanceUID'),
    seriesInstanceUid: read.text('SeriesInstanceUID'),
    sopInstanceUid: read.text('SOPInstanceUID'),
  };
  return { uids, patientId: read.text('PatientID'), file };
}

import { resolve } from 'node:path';
import type { CustomModel, Network } from '../custom-models/schema.ts';

/** Files of a network: its checkpoint, one for each fold when the name has a place for the fold. */
export function onnxFiles({ folder, nnunet }: CustomModel, network: Network): string[] {
  const folds = network.folds ?? nnunet.folds ?? ['all'];
  const file = network.checkpoint.endsWith('.onnx') ? network.checkpoint : 'model.onnx';
  const names = file.includes('{fold}') ? folds.map((fold) => file.replace('{fold}', fold)) : [file];
  return names.map((name) => resolve(folder, network.source_directory ?? '.', name));
}

/** plans.json of nnU-Net, which tells how the image is prepared. */
export function plansFile({ folder }: CustomModel, network: Network): string {
  return resolve(folder, network.source_directory ?? '.', network.plans ?? 'plans.json');
}

/** The file of the last layer beside that of a network, where `models add` gave it one. */
export function headFile(file: string): string {
  return file.replace(/(\.onnx)?$/, '.head.onnx');
}

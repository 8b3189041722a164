/** The part of dcmjs that writes Part 10 files; the package brings no types. */
declare module 'dcmjs' {
  interface Element {
    vr: string;
    Value: unknown[];
  }
  type Elements = Record<string, Element>;
  class DicomDict {
    constructor(meta: Elements);
    dict: Elements;
    write(options?: { allowInvalidVRLength: boolean }): ArrayBuffer;
  }
  const dcmjs: {
    data: { DicomDict: typeof DicomDict };
    log: { setLevel(level: string): void };
  };
  export default dcmjs;
}

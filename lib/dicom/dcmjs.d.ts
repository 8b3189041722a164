/** The parts of dcmjs that encode elements and know PS3.6; the package has no types. */
declare module 'dcmjs' {
  interface Element {
    vr: string;
    Value: unknown[];
  }
  type Elements = Record<string, Element>;
  class WriteBufferStream {
    constructor(pieceBytes: number, isLittleEndian: boolean);
    getBuffer(): ArrayBuffer;
  }
  const dcmjs: {
    data: {
      DicomMessage: {
        write(
          elements: Elements,
          stream: WriteBufferStream,
          transferSyntaxUid: string,
          options: { allowInvalidVRLength: boolean },
        ): number;
      };
      WriteBufferStream: typeof WriteBufferStream;
      DicomMetaDictionary: { dictionary: Record<string, { vr: string } | undefined> };
    };
    log: { setLevel(level: string): void };
  };
  export default dcmjs;
}

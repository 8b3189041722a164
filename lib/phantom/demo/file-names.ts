/**
 * Where the file of an instance lies: spread over folders of several habits by its UID alone, so that neither folder nor
 * name says whose it is or what is inside, and no course lies together.
 */
export function placeOf(uid: string): string {
  const number = BigInt(uid.slice(uid.lastIndexOf('.') + 1));
  const hex = number.toString(16).slice(0, 12).toUpperCase();
  const styles = [
    `EXPORT/${hex.slice(0, 1)}/${hex}`,
    `inbox/cd 1/DICOM/IM_${hex.slice(2)}`,
    `inbox/cd 2/${hex.slice(0, 1)}/${hex}.IMA`,
    `archive/2023/${hex.toLowerCase()}.dcm`,
    `archive/2023/a/b/c/${hex.toLowerCase()}`,
  ];
  return styles[Number(number % BigInt(styles.length))];
}

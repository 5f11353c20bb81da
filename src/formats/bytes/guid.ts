/** A GUID as Windows prints it: the first three fields are little-endian. */
export function guidAt(bytes: Buffer, at: number): string {
  const hex = (from: number, to: number, swapped: boolean) => {
    const part = Buffer.from(bytes.subarray(at + from, at + to))
    return (swapped ? part.reverse() : part).toString('hex')
  }
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-')
}

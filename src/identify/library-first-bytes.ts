/**
 * The first bytes of all signatures of the file-type library (21.3.4). A test reads the library's text and fails when
 * an edition looks for another one.
 */
const HEX =
  '00 04 06 0b 1a 1f 21 23 24 25 28 2d 2e 30 37 38 3c 41 42 43 44 45 46 47 49 4b 4c 4d 4e 4f 50 52 53 57 60 62 66 67 69 ' +
  '72 73 74 77 78 7b 7e 7f 89 a1 ab c5 c7 ca ce cf d0 d4 ed ef fd fe ff'

export const LIBRARY_FIRST_BYTES: ReadonlySet<number> = new Set(
  HEX.split(' ').map((hex) => Number.parseInt(hex, 16)),
)

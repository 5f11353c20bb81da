/**
 * Tesseract's data of a language: a count of parts, the place of each, then the parts (ccutil/tessdatamanager.cpp). A network is
 * part 17; data of versions before 4 has none.
 */
import { gunzipSync } from 'node:zlib'

/** Data of one language has 1 to 40 MB. */
const MOST_BYTES = 256 << 20
const MOST_PARTS = 64
const NETWORK = 17

/** As Tesseract opens it, unpacked where it was compressed. @throws RangeError where it is not such data, or has no network */
export function unpackedData(bytes: Buffer): Buffer {
  const data = bytes[0] === 0x1f && bytes[1] === 0x8b ? unpacked(bytes) : bytes
  const count = data.length >= 4 ? data.readInt32LE(0) : 0
  if (count < 1 || count > MOST_PARTS || data.length < 4 + 8 * count)
    throw new RangeError('it is not data of Tesseract')
  const places = Array.from({ length: count }, (_, i) => Number(data.readBigInt64LE(4 + 8 * i)))
  if (places.some((place) => place !== -1 && (place < 4 + 8 * count || place > data.length)))
    throw new RangeError('it is cut, or not data of Tesseract')
  if ((places[NETWORK] ?? -1) === -1)
    throw new RangeError('it has no LSTM network: data of version 4 has one')
  return data
}

function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw new RangeError(`it does not unpack (${(error as NodeJS.ErrnoException).code})`, { cause: error })
  }
}

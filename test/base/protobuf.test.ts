/** Messages of protocol buffers: the examples of the specification, and bytes that are none. */
import { describe, expect, it } from 'vitest'
import { proto } from '../../fixtures/device/protobuf.ts'
import { bytesAt, fieldsOf } from '../../src/base/protobuf.ts'
import { mutant } from '../formats/artefacts/records-of.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('fields of a message', () => {
  it('are those of the examples at protobuf.dev', () => {
    expect(fieldsOf(hex('08 96 01'))).toEqual([{ number: 1, kind: 0, value: 150n }])
    expect(fieldsOf(hex('12 07 74 65 73 74 69 6e 67'))).toEqual([
      { number: 2, kind: 2, value: Buffer.from('testing') },
    ])
    expect(bytesAt(hex('1a 03 08 96 01'), [3])).toEqual([hex('08 96 01')])
    expect(fieldsOf(hex('08 fe ff ff ff ff ff ff ff ff 01'))![0]!.value).toBe(2n ** 64n - 2n)
    expect(fieldsOf(hex('0d 01 00 00 00 11 02 00 00 00 00 00 00 00'))).toEqual([
      { number: 1, kind: 5, value: 1n },
      { number: 2, kind: 1, value: 2n },
    ])
  })

  it.each(['08', '08 96', '12 07 74', '0d 01 00', '0b', '00 01', 'ff ff ff ff ff ff ff ff ff ff 01'])(
    'are none where the bytes are no message: %s',
    (bytes) => expect(fieldsOf(hex(bytes))).toBeNull(),
  )

  it('are bounded in any bytes', () => {
    const message = proto([1, proto([2, proto([3, Buffer.from('words')])])], [4, 7n], [1, Buffer.alloc(300)])
    for (let i = 0; i < 200; i++)
      for (const one of bytesAt(mutant(message, i), [1, 2, 3])) expect(one.length).toBeLessThan(400)
  })
})

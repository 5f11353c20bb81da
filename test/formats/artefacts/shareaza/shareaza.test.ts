import { expect, it } from 'vitest'
import { shareazaLibrary } from '../../../../fixtures/device/sharing.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'

it('is recognised whatever the lowest byte of its time is, also that of another catalogue', async () => {
  for (const first of [0x00, 0x0e, 0x0f, 0x64, 0xe0, 0xe1, 0xe2]) {
    const bytes = shareazaLibrary(
      [{ name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 7 }],
      1_600_000_000_000,
    )
    bytes[0] = first
    expect([first, (await identifyContent(bytes)).mediaType]).toEqual([
      first,
      'application/x-shareaza-library',
    ])
  }
})

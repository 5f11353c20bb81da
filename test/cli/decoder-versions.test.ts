import sharp from 'sharp'
import { expect, it } from 'vitest'
import { decoderVersions } from '../../src/cli/services/decoder-versions.ts'

it('the versions that a ledger states of the picture decoders are those of the loaded libraries', async () => {
  const { sharp: version, vips } = sharp.versions
  expect(await decoderVersions()).toEqual({ sharp: version, vips })
})

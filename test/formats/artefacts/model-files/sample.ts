/** What is read of this kind: a sample of each of its files. */
import * as generators from '../../../../fixtures/device/generators.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  { mediaType: 'application/x-safetensors', make: () => generators.ADAPTER, records: 1 },
  { mediaType: 'application/x-gguf', make: () => generators.gguf({ 'general.name': 'hills' }), records: 1 },
]

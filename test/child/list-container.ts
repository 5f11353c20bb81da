/** The members of one container, by the openers of a child in this process. */

import { openTargets } from '../../src/formats/archives/open.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import type { BudgetLimits } from '../../src/wire/open.ts'
import type { OpenPart } from '../../src/wire/open-part.ts'

const LIMITS: BudgetLimits = { entries: 1000, bytes: 100 << 20, ratio: 1000 }

/** @param target evidence-path bytes below the container (latin1) */
export async function listContainer(
  bytes: Buffer,
  mediaType?: string,
  target = '',
  beside: ReadonlyMap<string, Buffer> = new Map(),
) {
  const type = mediaType ?? (await identifyContent(bytes)).mediaType
  const parts: OpenPart[] = []
  await openTargets(
    {
      mediaType: type,
      mode: 'list',
      targets: [target],
      budgets: [LIMITS],
      privileged: null,
      heldBytes: 1 << 30,
    },
    sourceOfBuffer(bytes),
    (part) => parts.push(part),
    beside,
  )
  const members = parts.filter((part) => part.type === 'member')
  return { mediaType: type, members, result: parts.find((part) => part.type === 'opened')!.result }
}

/** `seized parts`: the digest of every file that takes part in a run, read now, as sha256sum would print it. */
import { EXIT } from '../../base/exit-codes.ts'
import { digestParts } from '../../parts/digest-parts.ts'

export async function parts(): Promise<number> {
  const { lines } = await digestParts(null)
  process.stdout.write(lines)
  return EXIT.complete
}

/** Companion files of containers inside one top-level content: the log of a database in an archive lies in that archive. */
import { parseEvidencePath } from '../../base/evidence-path.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { OpenHeader } from '../../wire/open.ts'

/** Companion files of the container at a path: the names that it asks for, and their paths in the same top-level content. */
export type CompanionsAt = (
  path: EvidencePath,
) => readonly { readonly name: string; readonly path: EvidencePath }[]

interface Within {
  readonly path: EvidencePath
  /** Absent: no container inside has companion files. */
  readonly companionsAt?: CompanionsAt
}

/** A target that is listed, and every container on the path to a target. */
export function insideOf(
  { path: outer, companionsAt }: Within,
  wanted: readonly { readonly path: EvidencePath }[],
  mode: OpenHeader['mode'],
): Pick<OpenHeader, 'inside'> {
  const containers = new Map<string, EvidencePath>()
  for (const { path } of wanted)
    for (
      let end = mode === 'list' ? path.bytes.length : path.bytes.lastIndexOf(0);
      end > outer.bytes.length;
    ) {
      const at = parseEvidencePath(path.bytes.subarray(0, end))
      containers.set(at.bytes.toString('latin1', outer.bytes.length), at)
      end = path.bytes.lastIndexOf(0, end - 1)
    }
  const inside = [...containers].flatMap(([of, path]) =>
    (companionsAt?.(path) ?? []).map(({ name, path: { bytes } }) => ({
      of,
      name,
      at: bytes.toString('latin1', outer.bytes.length),
    })),
  )
  return inside.length === 0 ? {} : { inside }
}

/** The `learn` operation: rows and features in, a head and its figures out. It meets no picture. */

import type { TrainingRow } from '../../learn/rows.ts'
import { train } from '../../learn/train.ts'
import { COLOURS, type LearnHeader, type LearnReply } from '../../wire/learn.ts'
import type { OpRun } from './op.ts'

export async function prepareLearnOp(): Promise<OpRun> {
  return async ({ header, bytes }) => {
    const { rowsBytes, width } = header as LearnHeader
    const rows = JSON.parse(bytes.toString('utf8', 0, rowsBytes)) as readonly TrainingRow[]
    const values = new Float32Array(rows.length * width)
    bytes.copy(Buffer.from(values.buffer), 0, rowsBytes)
    try {
      const { onnx, ...said } = train({ rows, values, width, colours: COLOURS })
      return { header: { done: true, ...said } as LearnReply, bytes: onnx }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { header: { done: false, why: error.message } satisfies LearnReply, bytes: Buffer.alloc(0) }
    }
  }
}

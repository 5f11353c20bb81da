/** A real child with one operation more: it loads attempts.c, as code that has taken a child over would run in it. */
import { OPS } from '../../dist/src/confined/decoder/ops.js'
import { serve } from '../../dist/src/confined/decoder/serve.js'

const attempts = {
  name: 'attempts',
  prepare:
    async () =>
    async ({ header }) => {
      for (const [name, value] of Object.entries(header.targets))
        process.env[`ATTEMPTS_${name}`] = String(value)
      try {
        process.dlopen({ exports: {} }, header.library)
      } catch (error) {
        // It is no module of Node: its constructor has run by then.
        if (error.code !== 'ERR_DLOPEN_FAILED' || process.env.ATTEMPTS === undefined) throw error
      }
      const lines = process.env.ATTEMPTS.trim().split('\n')
      return { header: lines.map((line) => line.split('=')), bytes: Buffer.alloc(0) }
    },
}

await serve([...OPS, attempts])

/** Entry of a child process: answers the operations of ops.ts on the inherited pipe. */
import { OPS } from './ops.ts'
import { serve } from './serve.ts'

await serve(OPS)

/** A process that only tries forbidden actions. It is started with the confinement of the processes that list, walk or read an exhibit. */
import { receive, send } from '../../process/blocking-channel.ts'
import { dropRoot } from '../../process/drop-root.ts'
import { PROBE_FRAME, PROBE_LIMITS, type ProbeSetUp } from '../../wire/probe.ts'
import { probe } from './probe.ts'

const frame = receive(PROBE_LIMITS)
if (frame !== null) {
  const { becomeId, probe: asked } = frame.header as ProbeSetUp
  const rootDropped = dropRoot(becomeId)
  send({ type: PROBE_FRAME.ready, job: 0 }, { rootDropped, probed: await probe(asked) })
  // The main process reads the kernel's facts about this process, and then closes the socket.
  receive(PROBE_LIMITS)
}
process.exit(0)

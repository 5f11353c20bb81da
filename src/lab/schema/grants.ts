/**
 * Rights of the three roles: all of them read; acts go only through functions, each of which writes its own line in the
 * audit.
 */
import { ROLES } from './roles.ts'

const WORKER = [
  'present(text, text, text, jsonb, text)',
  'rotate_key(text, text, text, text)',
  'claim(int, int, int)',
  'call_urgent(int, int)',
  'renew(uuid, jsonb)',
  'set_state(uuid, text)',
  'reap()',
  'give_back(uuid, text, text, text)',
  'refuse(uuid, text)',
  'finish(text, text, text, text, text)',
  'add_seen(uuid, bytea[], int[], text[])',
  'tell_aside(text, text)',
  'offer_shard(uuid, text, text)',
  'take_shard(int)',
  'renew_shard(uuid, text, int)',
  'answer_shard(uuid, text, text)',
  'return_shard(uuid, text, boolean)',
  'end_shard(uuid, text)',
]

const SUBMIT = [
  'submit(text, text, jsonb)',
  'order_exhibit(text, text, text, int, text)',
  'drain(text, boolean, timestamptz)',
  'take_back(text, text)',
  'settle(bigint, text)',
  'archive(timestamptz, text)',
  'withdraw_key(text, text)',
  'new_machine(text, text)',
]

const ALL = Object.values(ROLES).join(', ')
const may = (role: string, functions: readonly string[]) =>
  functions.map((one) => `GRANT EXECUTE ON FUNCTION lab.${one} TO ${role};`).join('\n')

/** Rights that version 1 granted are revoked first. */
export const GRANTS = `
REVOKE ALL ON ALL TABLES IN SCHEMA lab FROM ${ALL};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA lab FROM ${ALL};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lab FROM PUBLIC, ${ALL};
GRANT USAGE ON SCHEMA lab TO ${ALL};
GRANT SELECT ON ALL TABLES IN SCHEMA lab TO ${ALL};
GRANT SELECT ON ALL SEQUENCES IN SCHEMA lab TO ${ROLES.reader};
${may(ROLES.worker, WORKER)}
${may(ROLES.submit, SUBMIT)}
`

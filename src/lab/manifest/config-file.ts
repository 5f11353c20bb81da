/** Where a machine of the laboratory has its configuration. */
export const CONFIG_FILE = '/etc/seized/lab.json'

/** The longest name that systemd takes, in bytes; all characters that it takes are one byte long. */
const LONGEST = 255;

/** Name, or template and instance, and one of the types of systemd.unit(5). */
const UNIT_NAME =
  /^[A-Za-z0-9:_.\\-]+(@[A-Za-z0-9:_.\\@-]+)?\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/**
 * Whether this is the name of a unit that can be started: systemd.unit(5). Templates (`a@.service`) cannot. A name
 * may begin with `-`, as `-.mount` does, so commands need a `--` before it.
 */
export function isUnitName(name: string): boolean {
  return name.length <= LONGEST && UNIT_NAME.test(name);
}

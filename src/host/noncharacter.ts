/**
 * Whether a text has a noncharacter of Unicode (23.7), such as U+FFFE, which systemd takes for invalid. What the runtime knows of
 * Unicode takes time to load, so it is asked only if there is more than ASCII.
 */
export function hasNoncharacter(text: string): boolean {
  return /[^\x00-\x7f]/.test(text) && /\p{Noncharacter_Code_Point}/u.test(text);
}

/** Whether a line of text is none that systemd takes: bytes that were no UTF-8 have become U+FFFD when the file was decoded. */
export function isUnreadable(text: string): boolean {
  return /[\0\ufffd]/.test(text) || hasNoncharacter(text);
}

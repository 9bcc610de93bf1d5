/** Codes of findings about programs, libraries and scripts, and whether they start on the host. */
export const ELF_CODES = {
  'foreign-architecture': 'error',
  'missing-loader': 'error',
  'missing-library': 'error',
  'missing-symbol-version': 'error',
  'library-needs-ldconfig': 'warning',
  'missing-script-interpreter': 'error',
  'hides-libc': 'error',
  'hides-newer-library': 'error',
  'depends-on-host-libraries': 'warning',
  'relative-library-path': 'warning',
  'library-path-of-build': 'warning',
  'missing-library-path': 'note',
  'damaged-program': 'warning',
  'unreadable-program': 'warning',
  'programs-not-checked': 'warning',
} as const;

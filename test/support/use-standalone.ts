import { STANDALONE } from './program.js';

// For a whole run of tests: see programCommand().
process.env['SYSEXT_PROGRAM'] ||= STANDALONE;

import { quoted } from '../printable.js';
import { reasonOf } from '../reason.js';
import type { Found } from './result.js';
import type { Words } from './words.js';

type FoundUnit = Extract<Found, { kind: 'unit' | 'no-manager' | 'unit-untold' | 'no-unit-name' }>;

/** What the service manager says of a unit. */
export function describeUnit(found: FoundUnit): Words {
  const unit = quoted(found.unit);
  switch (found.kind) {
    case 'unit':
      return {
        found: `the service manager says of ${unit}: ${found.state}`,
        advice: 'see its log: journalctl -u with systemd, else what the service writes',
      };
    case 'no-manager':
      return {
        found: `of ${unit} it cannot be told: no service manager runs here, neither systemd nor OpenRC`,
        advice: 'ask on a machine that was booted, or assert the command that the service runs',
      };
    case 'unit-untold':
      return { found: `of ${unit} it cannot be told: ${reasonOf(found.cause)}`, advice: 'run this as root' };
    case 'no-unit-name':
      return { found: `${unit} is no name of a unit`, advice: 'name it as systemctl does: foo.service' };
  }
}

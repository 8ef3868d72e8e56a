import type { ScanSettings } from '@netdelta/core/api/scans.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCommand } from '../../format/command.ts';
import { describeIdentity } from '../../format/identity.ts';
import { describeOptions, differingLabels } from '../../format/options.ts';
import { describeSilenceRule } from '../../format/silence-rule.ts';
import classes from './scan-page.module.css';

interface SettingsComparisonProps {
  readonly settings: ScanSettings;
  readonly previous: ScanSettings | null;
}

interface SettingsRow {
  readonly label: string;
  readonly before: ReactNode;
  readonly now: ReactNode;
  readonly differs: boolean;
}

/** How this scan and the one before it were made, side by side; what differs is marked. */
export function SettingsComparison({ settings, previous }: SettingsComparisonProps) {
  const rows = compareSettings(settings, previous);
  return (
    <Panel
      title={previous ? 'The two scans' : 'How this scan was made'}
      {...(previous && { note: 'What differs is marked; it never makes a delta by itself' })}
      flush
    >
      <table className={classes.compare} aria-label="Times, options and commands">
        <thead>
          <tr>
            <td />
            {previous && <th scope="col">The scan before</th>}
            <th scope="col">This scan</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, before, now, differs }) => (
            <tr key={label} data-differs={differs}>
              <th scope="row">{label}</th>
              {previous && <td data-label="Before">{before}</td>}
              <td data-label={previous ? 'This scan' : 'Value'}>{now}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function compareSettings(now: ScanSettings, before: ScanSettings | null): SettingsRow[] {
  const differing = before ? differingLabels(before.options, now.options) : new Set<string>();
  const old = new Map(
    before && describeOptions(before.options).map((row) => [row.label, row.value]),
  );
  const row = (label: string, pick: (settings: ScanSettings) => string): SettingsRow => ({
    label,
    now: pick(now),
    before: before && pick(before),
    differs: before !== null && pick(before) !== pick(now),
  });
  const known = new Map(describeOptions(now.options).map(({ label, value }) => [label, value]));
  return [
    {
      label: 'Ended',
      now: <Moment at={now.finishedAt} absolute never="not yet" />,
      before: before && <EndOf settings={before} />,
      differs: false,
    },
    row('Profile', ({ profileName }) => profileName),
    row('Ran by', describeEngine),
    row('Hosts known', ({ identity }) => describeIdentity(identity)),
    row('Hosts down', ({ downAfter }) => describeSilenceRule(downAfter)),
    row('Services gone', ({ serviceDownAfter }) => describeSilenceRule(serviceDownAfter)),
    ...[...new Set([...known.keys(), ...old.keys()])].map((label) => ({
      label,
      now: known.get(label) ?? 'not set',
      before: old.get(label) ?? 'not set',
      differs: differing.has(label),
    })),
    {
      label: 'Exact command',
      now: <Commands settings={now} />,
      before: before && <Commands settings={before} />,
      differs: false,
    },
  ];
}

function EndOf({ settings: { scanId, finishedAt } }: { settings: ScanSettings }) {
  return (
    <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
      <Moment at={finishedAt} absolute />
    </Link>
  );
}

function describeEngine(settings: ScanSettings): string {
  const { engine, engineVersion, engineChoice, finishedAt } = settings;
  if (!engine) return engineChoice ?? (finishedAt ? 'none' : 'known when it has run');
  const name = [engine, engineVersion].filter(Boolean).join(' ');
  // The choice usually begins with the name of what was chosen.
  if (engineChoice?.startsWith(name)) return engineChoice;
  return engineChoice ? `${name} (${engineChoice})` : name;
}

function Commands({ settings: { commands, engine, finishedAt } }: { settings: ScanSettings }) {
  if (commands.length === 0)
    return <span className="quiet">{describeNone(engine, finishedAt)}</span>;
  return (
    <>
      {commands.map((command) => (
        <Command key={formatCommand(command)} text={formatCommand(command)} />
      ))}
    </>
  );
}

const LONGEST_SHOWN = 400;
const BEGINNING = 120;

/** A command with all its ports may fill a page: then it is folded. */
function Command({ text }: { text: string }) {
  const code = <code className={`${classes.command} mono`}>{text}</code>;
  if (text.length <= LONGEST_SHOWN) return code;
  return (
    <details className={classes.folded}>
      <summary>
        <code className="mono">{text.slice(0, BEGINNING)} …</code>
      </summary>
      {code}
    </details>
  );
}

/** What an engine ran goes with the details of its scan. */
function describeNone(engine: string | null, finishedAt: string | null): string {
  if (!finishedAt) return 'known when it has run';
  return engine ? 'no longer stored' : 'none ran';
}
